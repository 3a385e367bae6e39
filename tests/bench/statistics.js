// Numbers of many runs in a few.

/** @typedef {{ median: number, min: number, max: number, runs: number }} Summary in milliseconds */

/** @param {number[]} values at least one @returns {Summary} */
export function summarise(values) {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = (sorted.length - 1) / 2;
  const median = (Number(sorted[Math.floor(middle)]) + Number(sorted[Math.ceil(middle)])) / 2;
  return { median, min: Number(sorted[0]), max: Number(sorted.at(-1)), runs: sorted.length };
}

/** The largest distance of two rows of numbers of one length. @param {ArrayLike<number>} left @param {ArrayLike<number>} right */
export function largestDifference(left, right) {
  if (left.length !== right.length || left.length === 0) return Infinity;
  let largest = 0;
  for (let index = 0; index < left.length; index += 1) {
    const difference = Math.abs(Number(left[index]) - Number(right[index]));
    // A NaN is no small difference.
    largest = difference <= largest ? largest : Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}
