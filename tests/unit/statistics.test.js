import assert from "node:assert/strict";
import test from "node:test";
import { LEAST, drift, largestDifference, quantile, summarise } from "../bench/statistics.js";

/** @param {number} count @param {(index: number) => number} value */
const rows = (count, value) => Array.from({ length: count }, (_, index) => value(index));

const page = (/** @type {number} */ leak) => rows(40, (index) => 400e6 + 500 * index * leak);
const noise = rows(40, (index) => 400 + (index % 3));

/** @type {[name: string, values: number[], limit: number, isFlat: boolean][]} */
const DRIFTS = [
  ["the noise of a machine", noise, 1.05, true],
  ["a warm-up", rows(40, (index) => (index < 10 ? 10 * index + 1 : 400)), 1.05, true],
  ["a leak of four kilobytes a frame, in 20,000 frames of a page of 400 MB", page(4000), 1.05, false],
  ["a leak of a hundred bytes a frame", page(100), 1.05, true],
  ["a slow creep that begins after the second quarter", rows(40, (index) => Math.max(10, index - 10)), 1.15, false],
  ["a few windows in which the machine did something else", rows(40, (index) => (index === 35 || index === 37 ? 4000 : 10)), 1.15, true],
  ["what gets less", rows(40, (index) => 100 - index), 1.05, true],
];
for (const [name, values, limit, isFlat] of DRIFTS) {
  test(`${name} is ${isFlat ? "" : "not "}flat`, () => assert.equal(drift(values, limit).isFlat, isFlat));
}

test("what can't be told is not flat: too few rows, nothing measured, NaN", () => {
  for (const values of [rows(LEAST - 1, () => 10), rows(8, () => 0), rows(8, (index) => (index === 5 ? NaN : 10)), []]) {
    assert.ok(!drift(values, 1.05).isFlat, `${values}`);
  }
});

test("a quantile is the value below which that share lies, a median the one in the middle, and the ratio of what stays is one", () => {
  const values = rows(100, (index) => 99 - index);
  assert.deepEqual([0, 0.1, 0.5].map((share) => quantile(values, share)), [0, 10, 50]);
  assert.deepEqual(summarise(values), { median: 49.5, min: 0, max: 99, runs: 100 });
  assert.ok(Math.abs(drift(noise, 1.05).ratio - 1) < 0.01);
});

test("rows of numbers differ by their largest distance, and without end where a number is NaN or missing", () => {
  assert.equal(largestDifference([1, 2, 3], [1, 4, 2]), 2);
  for (const other of [[1, NaN, 3], [1, 2], []]) assert.equal(largestDifference([1, 2, 3], other), Infinity);
});
