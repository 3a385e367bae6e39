import assert from "node:assert/strict";
import test from "node:test";
import { answerOf } from "../../www/library/answer.js";

/** @import { Prediction } from "../../www/recognizer/protocol.js" */

const CROP = { left: 10, top: 20, side: 100 };
const SECOND = { left: 300, top: 20, side: 60 };
const prediction = /** @type {Prediction} */ (/** @type {unknown} */ ({
  label: "4", probability: 0.9, probabilities: [0.1, 0.9], presence: 0.8, crop: CROP, secondHand: SECOND, width: 640, height: 480, input: {}, latencyMs: 12,
}));

test("an answer tells of a second hand only where it tells of the first", () => {
  const { label, crop, secondHand, probabilities } = answerOf(prediction, ["3", "4"], 0.5);
  assert.deepEqual({ label, crop, secondHand, probabilities }, { label: "4", crop: CROP, secondHand: SECOND, probabilities: { 3: 0.1, 4: 0.9 } });
  const none = answerOf(prediction, ["3", "4"], 0.9);
  assert.deepEqual([none.label, "secondHand" in none], ["none", false]);
});
