import assert from "node:assert/strict";
import test from "node:test";
import { LEAST, drift, quantile } from "../bench/drift.js";

/** @param {number} count @param {(index: number) => number} value */
const rows = (count, value) => Array.from({ length: count }, (_, index) => value(index));

test("what stays as it is is flat, with the noise of a machine", () => {
  const { ratio, isFlat } = drift(rows(40, (index) => 400 + (index % 3)), 1.05);
  assert.ok(isFlat && Math.abs(ratio - 1) < 0.01, `${ratio}`);
});

test("the warm-up is not held against it", () => {
  assert.ok(drift(rows(40, (index) => (index < 10 ? 10 * index + 1 : 400)), 1.05).isFlat);
});

test("a leak of four kilobytes a frame is found in 20,000 frames of a page of 400 MB, one of a hundred bytes is not", () => {
  const page = (/** @type {number} */ leak) => rows(40, (index) => 400e6 + 500 * index * leak);
  assert.ok(!drift(page(4000), 1.05).isFlat);
  assert.ok(drift(page(100), 1.05).isFlat);
});

test("a slow creep that begins after the second quarter is found", () => {
  assert.ok(!drift(rows(40, (index) => Math.max(10, index - 10)), 1.15).isFlat);
});

test("a few windows in which the machine did something else do not count", () => {
  assert.ok(drift(rows(40, (index) => (index === 35 || index === 37 ? 4000 : 10)), 1.15).isFlat);
});

test("what gets less is flat", () => {
  assert.ok(drift(rows(40, (index) => 100 - index), 1.05).isFlat);
});

test("what can't be told is not flat: too few rows, nothing measured, no number", () => {
  for (const values of [rows(LEAST - 1, () => 10), rows(8, () => 0), rows(8, (index) => (index === 5 ? NaN : 10)), []]) {
    assert.ok(!drift(values, 1.05).isFlat, `${values}`);
  }
});

test("a quantile is the value below which that share lies", () => {
  const values = rows(100, (index) => 99 - index);
  assert.deepEqual([0, 0.1, 0.5].map((share) => quantile(values, share)), [0, 10, 50]);
});
