import assert from "node:assert/strict";
import test from "node:test";
import { pictureOfFile } from "../../www/input/image.js";

test("a file that is larger than any picture is refused before it is read", () => {
  const large = /** @type {any} */ ({ size: 5e9 });
  assert.throws(() => pictureOfFile(large), { name: "SignetError", code: "picture-too-large" });
  const file = new Blob(["abc"]);
  assert.equal(pictureOfFile(file).file, file);
});
