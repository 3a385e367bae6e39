import assert from "node:assert/strict";
import test from "node:test";
import { DEFAULT_THRESHOLD, NONE, answerTo } from "../../www/recognizer/answer.js";
import { Threshold } from "../../www/ui/threshold.js";

/** @param {number} [presence] */
const three = (presence) => ({ label: "3", probability: 0.9, ...(presence === undefined ? {} : { presence }) });

test("a sign that is less probable than the threshold is none, with the probability of that", () => {
  assert.deepEqual(answerTo(three(0.2), 0.5), { label: NONE, probability: 0.8 });
  assert.deepEqual(answerTo(three(0.8), 0.5), { label: "3", probability: 0.9 });
  assert.deepEqual(answerTo(three(0.5), 0.5), { label: "3", probability: 0.9 }, "just as probable is enough");
  assert.equal(answerTo(three(0.8), 0.81).label, NONE);
});

test("at 0 everything is a sign, and at 1 only what is certain", () => {
  assert.equal(answerTo(three(0), 0).label, "3");
  assert.equal(answerTo(three(0.9999), 1).label, NONE);
  assert.equal(answerTo(three(1), 1).label, "3");
});

test("a model without a finder never answers none", () => {
  assert.deepEqual(answerTo(three(), 1), { label: "3", probability: 0.9 });
});

/** @param {Record<string, string>} [kept] */
function memory(kept = {}) {
  /** @type {Map<string, string>} */
  const map = new Map(Object.entries(kept));
  return {
    map,
    storage: () => ({
      getItem: (/** @type {string} */ key) => map.get(key) ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ value) => void map.set(key, value),
      removeItem: (/** @type {string} */ key) => void map.delete(key),
    }),
  };
}

test("the threshold is the model's own until the person chooses one, which is remembered until it is reset", () => {
  const { storage, map } = memory();
  const first = new Threshold(storage);
  assert.deepEqual([first.value, first.isDefault], [DEFAULT_THRESHOLD, true]);
  first.setDefault(0.4);
  assert.deepEqual([first.value, first.isDefault], [0.4, true]);
  first.choose(0.85);
  const second = new Threshold(storage);
  assert.deepEqual([second.value, second.isDefault], [0.85, false]);
  second.setDefault(0.4);
  assert.equal(second.value, 0.85, "a manifest does not overrule the person");
  second.reset();
  assert.deepEqual([second.value, second.isDefault, map.size], [0.4, true, 0]);
});

test("0 and 1 can be chosen and come back", () => {
  for (const value of [0, 1]) {
    const { storage } = memory();
    new Threshold(storage).choose(value);
    assert.deepEqual([new Threshold(storage).value, new Threshold(storage).isDefault], [value, false]);
  }
});

test("what can't be a threshold is not one, wherever it comes from", () => {
  for (const kept of ["", "high", "NaN", "-1", "7", "null", "Infinity"]) {
    const threshold = new Threshold(memory({ "signet.sign-threshold": kept }).storage);
    assert.deepEqual([threshold.value, threshold.isDefault], [DEFAULT_THRESHOLD, true], `"${kept}" in storage`);
  }
  const threshold = new Threshold(memory().storage);
  for (const value of [NaN, -0.1, 1.1, Infinity]) threshold.choose(value);
  assert.equal(threshold.isDefault, true);
  for (const value of [NaN, 50, "0.3", null]) threshold.setDefault(/** @type {any} */ (value));
  assert.equal(threshold.value, DEFAULT_THRESHOLD);
});

test("without storage, or with a full one, the choice lasts as long as the page", () => {
  const blocked = () => { throw new Error("SecurityError"); };
  const threshold = new Threshold(blocked);
  threshold.choose(0.7);
  assert.equal(threshold.value, 0.7);
  threshold.reset();
  assert.equal(threshold.value, DEFAULT_THRESHOLD);
});
