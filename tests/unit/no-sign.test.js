import assert from "node:assert/strict";
import test from "node:test";
import { DEFAULT_THRESHOLD, answerTo } from "../../www/recognizer/answer.js";
import { NO_SIGN } from "../../www/recognizer/contract.js";
import { Threshold } from "../../www/ui/threshold.js";

/** Of a three: how probable a sign is, the threshold, the answer. @type {[presence: number | undefined, threshold: number, label: string][]} */
const ANSWERS = [
  [0.2, 0.5, NO_SIGN], [0.8, 0.5, "3"], [0.8, 0.81, NO_SIGN],
  [0.5, 0.5, "3"], // just as probable is enough
  [0, 0, "3"], [0.9999, 1, NO_SIGN], [1, 1, "3"],
  [undefined, 1, "3"], // a model without a detector never answers none
];

test("a sign that is less probable than the threshold is none", () => {
  for (const [presence, threshold, label] of ANSWERS) {
    assert.equal(answerTo({ label: "3", presence }, threshold), label, `${presence} at ${threshold}`);
  }
});

/** A browser's storage. @param {string} [kept] */
function memory(kept) {
  /** @type {Map<string, string>} */
  const map = new Map(kept === undefined ? [] : [["signet.sign-threshold", kept]]);
  const storage = () => ({
    getItem: (/** @type {string} */ key) => map.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void map.set(key, value),
    removeItem: (/** @type {string} */ key) => void map.delete(key),
  });
  return { map, storage };
}

/** @param {Threshold} threshold @param {number} value @param {boolean} isDefault @param {string} [what] */
const assertIs = (threshold, value, isDefault, what) => assert.deepEqual([threshold.value, threshold.isDefault], [value, isDefault], what);

test("the threshold is the model's own until the person chooses one, which is remembered until it is reset", () => {
  const { storage, map } = memory();
  const first = new Threshold(storage);
  assertIs(first, DEFAULT_THRESHOLD, true);
  first.setDefault(0.4);
  assertIs(first, 0.4, true);
  first.choose(0.85);
  const second = new Threshold(storage);
  second.setDefault(0.4);
  assertIs(second, 0.85, false, "a manifest does not overrule the person");
  second.reset();
  assertIs(second, 0.4, true);
  assert.equal(map.size, 0);
  for (const value of [0, 1]) {
    second.choose(value);
    assertIs(new Threshold(storage), value, false);
  }
});

test("a shared model's own threshold holds while it answers, is changed for it alone, and is remembered nowhere", () => {
  const { storage, map } = memory("0.7");
  const threshold = new Threshold(storage);
  const shared = { given: 0.35, chosen: null };
  threshold.follow(shared);
  assertIs(threshold, 0.35, true);
  threshold.choose(0.9);
  assertIs(threshold, 0.9, false);
  assert.equal(threshold.own, 0.7);
  threshold.follow(null);
  assertIs(threshold, 0.7, false, "the person's own model answers");
  threshold.follow(shared);
  assertIs(threshold, 0.9, false, "the shared one again");
  threshold.reset();
  assertIs(threshold, 0.35, true);
  threshold.follow(null);
  assertIs(threshold, 0.7, false);
  assert.deepEqual([...map], [["signet.sign-threshold", "0.7"]]);
});

test("what can't be a threshold is not one, wherever it comes from", () => {
  for (const kept of ["", "high", "NaN", "-1", "7", "null", "Infinity"]) {
    assertIs(new Threshold(memory(kept).storage), DEFAULT_THRESHOLD, true, `"${kept}" in storage`);
  }
  const threshold = new Threshold(memory().storage);
  for (const value of [NaN, -0.1, 1.1, Infinity]) threshold.choose(value);
  for (const value of [NaN, 50, "0.3", null]) threshold.setDefault(/** @type {any} */ (value));
  assertIs(threshold, DEFAULT_THRESHOLD, true);
});

test("without storage, or with a full one, the choice lasts as long as the page", () => {
  const blocked = () => { throw new Error("SecurityError"); };
  const threshold = new Threshold(blocked);
  threshold.choose(0.7);
  assert.equal(threshold.value, 0.7);
  threshold.reset();
  assert.equal(threshold.value, DEFAULT_THRESHOLD);
});
