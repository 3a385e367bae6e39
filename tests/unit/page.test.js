import assert from "node:assert/strict";
import test from "node:test";

test("every error code has a sentence, and no two share one", async () => {
  const { ERROR_CODES } = await import("../../www/recognizer/errors.js");
  const { en } = await import("../../www/i18n/en.js");
  const sentences = ERROR_CODES.map((code) => en.errors[code]);
  assert.ok(sentences.every((sentence) => sentence.length > 20));
  assert.equal(new Set(sentences).size, ERROR_CODES.length);
});
