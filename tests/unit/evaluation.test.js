import assert from "node:assert/strict";
import test from "node:test";
import { estimateSeconds } from "../../www/library/eta.js";
import { accuracy, classScores, confusionMatrix, readAs } from "../../www/teach/evaluation.js";
import { SCOPES, defaultSettings } from "../../www/library/settings.js";
import { en } from "../../www/i18n/en.js";

const LABELS = ["rock", "paper", "scissors"];
const ANSWERS = [
  ["a", "rock", "rock", "0"], ["b", "rock", "paper", "rock"], ["c", "paper", "paper", "paper"], ["d", "rock", "rock", "rock"],
].map(([id = "", truth = "", fineTuned = "", original = ""]) => ({ id, truth, fineTuned, original }));

test("each class's right answers are counted for both models, and a class without images counts none", () => {
  const scores = classScores(LABELS, ANSWERS);
  assert.deepEqual(scores, [
    { label: "rock", count: 3, fineTuned: 2, original: 2 },
    { label: "paper", count: 1, fineTuned: 1, original: 1 },
    { label: "scissors", count: 0, fineTuned: 0, original: 0 },
  ]);
  assert.deepEqual([accuracy(scores, "fineTuned"), accuracy(scores.slice(2), "fineTuned")], [0.75, null]);
});

test("the matrix holds every image once, where it is and what it is read as", () => {
  assert.deepEqual(confusionMatrix(LABELS, ANSWERS), [[["a", "d"], ["b"], []], [[], ["c"], []], [[], [], []]]);
  const answer = { probabilities: [0.2, 0.5, 0.3], presence: 0.4 };
  assert.deepEqual([null, 0.3, 0.5].map((threshold) => readAs(LABELS, answer, threshold)), ["paper", "paper", "none"]);
});

const COUNTS = { training: 48, validation: 12 };

test("the estimate is what trainings of 60 images were measured to take, give or take a half", () => {
  // docs/benchmarks.md's, on a machine where one classification takes 11 ms.
  const measured = { head: 5.1, stage: 13.2, all: 23.7 };
  for (const scope of SCOPES) {
    const seconds = estimateSeconds(defaultSettings(scope), COUNTS, 11);
    const ratio = seconds / measured[scope];
    assert.ok(ratio > 1 / 1.5 && ratio < 1.5, `${scope}: ${seconds} s, measured ${measured[scope]} s`);
  }
});

test("the estimate grows with the epochs, with the device's slowness and with augmentation, which makes six of each image", () => {
  const seconds = (/** @type {object} */ change, latencyMs = 50) =>
    estimateSeconds({ ...defaultSettings("stage"), epochs: 10, ...change }, COUNTS, latencyMs) - 1;
  const same = (/** @type {number} */ found, /** @type {number} */ expected) => assert.ok(Math.abs(found - expected) < 1e-9, `${found} and ${expected}`);
  same(seconds({ epochs: 30 }) - seconds({}), 20 * (seconds({ epochs: 11 }) - seconds({})));
  same(seconds({}, 100), 2 * seconds({}));
  same(seconds({ epochs: 0, augmentation: true }) / seconds({ epochs: 0 }), (6 * 48 + 12) / 60);
});

test("times are said as roughly as they are known", () => {
  const said = [0.4, 4.4, 41, 100, 7200].map((seconds) => en.format.duration(seconds).replaceAll("\u00a0", " "));
  assert.deepEqual(said, ["1 sec", "4 sec", "45 sec", "2 min", "2 hr"]);
  assert.match(en.train.estimate(4.4), /^Takes about\s4\ssec on this device\.$/);
});
