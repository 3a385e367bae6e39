import assert from "node:assert/strict";
import test from "node:test";
import { answerTo } from "../../www/recognizer/answer.js";
import { Smoothing } from "../../www/recognizer/smoothing.js";

const THRESHOLD = 0.5;
/** A frame: its label (an index of three), how probable that is, and presence. @typedef {[label: number, probability?: number, presence?: number]} Frame */

/** The labels that are answered to frames at a rate, and when. @param {Frame[]} frames @param {number} fps */
function answers(frames, fps, smoothing = new Smoothing()) {
  return frames.map(([top, probability = 0.97, presence = 0.98], index) => {
    const probabilities = [0, 1, 2].map((at) => (at === top ? probability : (1 - probability) / 2));
    const smooth = smoothing.add({ label: String(top), probability, probabilities, presence }, THRESHOLD, (1000 * index) / fps);
    assert.ok(Math.abs(smooth.probabilities.reduce((sum, value) => sum + value, 0) - 1) < 1e-9);
    return answerTo(smooth, THRESHOLD);
  });
}

/** @param {Frame} frame @param {number} [count] @returns {Frame[]} */
const times = (frame, count = 20) => Array(count).fill(frame);
const changes = (/** @type {string[]} */ labels) => labels.filter((label, index) => index > 0 && label !== labels[index - 1]).length;

test("one odd frame is not answered, nor are frames that are unsure in turn", () => {
  for (const [frames, what] of /** @type {[Frame[], string][]} */ ([
    [[...times([1]), [2], ...times([1])], "another sign in one frame"],
    [[...times([1]), [1, 0.97, 0.1], ...times([1])], "none in one frame"],
    [[...times([1]), ...times([2, 0.5, 0.02], 1), ...times([1])], "nonsense"],
    [times([1, 0.5]).flatMap((frame) => [frame, /** @type {Frame} */ ([2, 0.49])]), "two signs in turn"],
    [times([1, 0.97, 0.53]).flatMap((frame) => [frame, /** @type {Frame} */ ([1, 0.97, 0.46])]), "presence about the threshold"],
  ])) assert.equal(changes(answers(frames, 30)), 0, what);
});

test("another sign, a sign where there was none, and none where there was one are answered within 150 ms, at any rate", () => {
  for (const fps of [5, 10, 15, 30, 60]) {
    for (const [before, after, expected] of /** @type {[Frame, Frame, string][]} */ ([
      [[1], [2], "2"], [[1, 0.99, 0.999], [2, 0.8, 0.9], "2"], [[1, 0.6, 0.03], [2], "2"], [[1], [2, 0.6, 0.03], "none"],
    ])) {
      const labels = answers([...times(before), ...times(after)], fps).slice(20);
      assert.ok((1000 * labels.indexOf(expected)) / fps <= 150 && changes(labels) <= 1, `${fps} frames a second: ${labels}`);
    }
  }
});

test("the first frame of a video is answered as it is", () => {
  const smoothing = new Smoothing();
  answers(times([1]), 30, smoothing);
  smoothing.reset();
  assert.deepEqual(answers([[2, 0.5, 0.5]], 30, smoothing), ["2"]);
});
