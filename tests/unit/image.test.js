import assert from "node:assert/strict";
import test from "node:test";
import { readPicture } from "../../www/input/image.js";

test("a file that is larger than any picture is refused before it is read", async () => {
  const read = () => assert.fail("it is read");
  const file = /** @type {any} */ ({ size: 5e9, arrayBuffer: read });
  await assert.rejects(readPicture(file), { name: "SignetError", code: "picture-too-large" });
  assert.equal((await readPicture(new Blob(["abc"]))).bytes.length, 3);
});
