// Whether something that is measured again and again stays as it is.

/** @typedef {{ ratio: number, atMost: number, isFlat: boolean }} Drift */

/** Fewer give quarters of nothing. */
export const LEAST = 4;

/** @param {number[]} values */
function median(values) {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = (sorted.length - 1) / 2;
  return (Number(sorted[Math.floor(middle)]) + Number(sorted[Math.ceil(middle)])) / 2;
}

/**
 * The last quarter against the second: the first warms up, and a median is not moved by a few moments in which the
 * machine had other things to do. What can't be told, as with too few values or with one that is no number, is not flat.
 * @param {number[]} values in the order of their measuring
 * @param {number} atMost the ratio up to which it is flat
 * @returns {Drift}
 */
export function drift(values, atMost) {
  const quarter = Math.floor(values.length / 4);
  const ratio = values.length < LEAST || !values.every((value) => value > 0) ? NaN
    : median(values.slice(-quarter)) / median(values.slice(quarter, 2 * quarter));
  return { ratio, atMost, isFlat: ratio <= atMost };
}

/** The value below which that share of them lies. @param {number[]} values @param {number} share */
export function quantile(values, share) {
  return values.toSorted((left, right) => left - right)[Math.floor(share * values.length)] ?? NaN;
}
