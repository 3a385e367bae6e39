import assert from "node:assert/strict";
import test from "node:test";
import { forModule } from "../../www/recognizer/requests.js";

test("pixels become ImageData over the same memory, a file stays a file", (t) => {
  t.after(() => { Reflect.deleteProperty(globalThis, "ImageData"); });
  class ImageDataStandIn {
    /** @param {Uint8ClampedArray} data @param {number} width @param {number} height */
    constructor(data, width, height) {
      Object.assign(this, { data, width, height });
    }
  }
  Object.assign(globalThis, { ImageData: ImageDataStandIn });
  // A piece of a larger buffer, as a recycled one may be.
  const bytes = new Uint8Array(new ArrayBuffer(24), 4, 16).fill(7);
  const { data, width, height } = /** @type {ImageData} */ (forModule({ kind: "pixels", bytes, width: 2, height: 2 }));
  assert.deepEqual([width, height, ...data], [2, 2, ...bytes]);
  assert.deepEqual([data.buffer, data.byteOffset], [bytes.buffer, 4]);
  const file = new Blob(["picture"]);
  assert.equal(forModule({ kind: "file", file }), file);
});
