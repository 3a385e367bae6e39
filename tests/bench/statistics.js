// Numbers of many runs in a few, and whether what is measured again and again stays as it is.

/** @typedef {{ median: number, min: number, max: number, runs: number }} Summary in milliseconds */
/** @typedef {{ ratio: number, atMost: number, isFlat: boolean }} Drift */

/** Fewer give quarters of nothing. */
export const LEAST = 4;

/** @param {number[]} values */
const sorted = (values) => values.toSorted((left, right) => left - right);

/** @param {number[]} values at least one @returns {Summary} */
export function summarise(values) {
  const all = sorted(values);
  const middle = (all.length - 1) / 2;
  const median = (Number(all[Math.floor(middle)]) + Number(all[Math.ceil(middle)])) / 2;
  return { median, min: Number(all[0]), max: Number(all.at(-1)), runs: all.length };
}

/** The value below which that share of them lies. @param {number[]} values @param {number} share */
export function quantile(values, share) {
  return sorted(values)[Math.floor(share * values.length)] ?? NaN;
}

/**
 * The last quarter against the second: the first warms up, and a median is not moved by a few moments in which the
 * machine had other things to do. What can't be told, as with too few values or with NaN among them, is not flat.
 * @param {number[]} values in the order of their measuring
 * @param {number} atMost the ratio up to which it is flat
 * @returns {Drift}
 */
export function drift(values, atMost) {
  const quarter = Math.floor(values.length / 4);
  const ratio = values.length < LEAST || !values.every((value) => value > 0) ? NaN
    : summarise(values.slice(-quarter)).median / summarise(values.slice(quarter, 2 * quarter)).median;
  return { ratio, atMost, isFlat: ratio <= atMost };
}

/** The largest distance of two rows of numbers of one length. @param {number[]} left @param {number[]} right */
export function largestDifference(left, right) {
  if (left.length !== right.length || left.length === 0) return Infinity;
  const largest = Math.max(...left.map((value, index) => Math.abs(value - Number(right[index]))));
  return Number.isNaN(largest) ? Infinity : largest;
}
