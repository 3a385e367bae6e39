// What the measured figures of two networks in training come to. Nothing here knows the page.

/** @import { ComparisonLayer, ComparisonMeasures, ComparisonStep } from "../pkg/signet_cpu_learn.js" */
/** @import { VariantName } from "./state.js" */

/** Losses jump from batch to batch: what is told is the mean of so many. */
export const WINDOW = 10;
/** Steps after which two losses say something about each other. */
const TELLING = 30;
/** A ratio beyond this is called growing or shrinking. */
const CLEAR = 3;
/** Gradients vanish that are so much smaller in the first block than in the last one, */
const VANISHED = 100;
/** or with which no step changes a kernel by more than this share of its size: a training of a thousand steps stands still. */
const STILL = 1e-4;
/** A change of less than half the distance between two float32 numbers is lost: they stay the same. */
const ROUNDED = 2 ** -24;

/**
 * How the gradients of a network lie.
 * @typedef {object} Flow
 * @property {number} first the norm of the 3x3 kernel in the first block
 * @property {number} last that in the last block
 * @property {"grows" | "shrinks" | "even"} course on the way back, from the last block to the first
 * @property {number} times how many times larger the larger one is
 * @property {number} change of the kernel that a step of this size changes most, as a share of the kernel's initial norm
 * @property {boolean} isLost in float32
 * @property {boolean} vanishes
 */

/** @param {ComparisonLayer[]} layers @param {number[]} norms @param {number} rate the learning rate @returns {Flow} */
export function flowOf(layers, norms, rate) {
  const inBlocks = norms.filter((_, index) => layers[index]?.kernel === 3);
  const [first = 0, last = 0] = [inBlocks[0], inBlocks.at(-1)];
  const ratio = first / last;
  const course = ratio > CLEAR ? "grows" : ratio < 1 / CLEAR ? "shrinks" : "even";
  const change = Math.max(...norms.map((norm, index) => (rate * norm) / (layers[index]?.norm ?? 1)));
  return { first, last, course, times: Math.max(ratio, 1 / ratio), change, isLost: change < ROUNDED, vanishes: change < STILL || ratio < 1 / VANISHED };
}

/** The mean of the window that ends at each value. @param {number[]} values */
export const smoothed = (values) => values.map((_, index) => mean(values.slice(Math.max(0, index + 1 - WINDOW), index + 1)));

/** @param {number[]} values */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * What a network has come to: loss and share of right answers over the last steps, or the step in which it was given up.
 * @param {ComparisonStep[]} steps
 * @param {number} network its index
 */
export function standingOf(steps, network) {
  const measured = steps.map(({ networks }) => networks[network] ?? null);
  const end = measured.indexOf(null);
  const last = /** @type {ComparisonMeasures[]} */ (measured.slice(0, end < 0 ? undefined : end).slice(-WINDOW));
  return { loss: mean(last.map(({ loss }) => loss)), accuracy: mean(last.map(({ accuracy }) => accuracy)), givenUpAt: end < 0 ? null : steps[end]?.step ?? null };
}

/**
 * Which of the networks a claim of the literature is about, with the switches and steps of now; null for none.
 * @param {readonly [VariantName, VariantName]} variants
 * @param {number} steps that have been taken
 */
export function casesOf([a, b], steps) {
  const of = (/** @type {VariantName} */ wanted) => ([a, b].includes(wanted) ? [a, b].indexOf(wanted) : null);
  const pairs = /** @type {const} */ ([["skips-norm", "norm"], ["skips", "plain"]]);
  const pair = pairs.find((each) => each.every((name) => name === a || name === b));
  return {
    /** Without either: its gradients vanish (Glorot and Bengio 2010). */
    bare: of("plain"),
    /** Batch norm alone: its gradients don't vanish (He et al. 2015), they grow (Yang et al. 2019). */
    normed: of("norm"),
    /** The index of the one with skips, and of the other, that differ in nothing else (He et al. 2015). */
    pair: pair && steps >= TELLING ? /** @type {const} */ ([[a, b].indexOf(pair[0]), [a, b].indexOf(pair[1])]) : null,
  };
}

/** At most so many of the values, evenly, with the first and the last. @template T @param {T[]} values @param {number} most @returns {T[]} */
export function thinned(values, most) {
  if (values.length <= most) return values;
  const step = (values.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => /** @type {T} */ (values[Math.round(index * step)]));
}

/** The whole powers of ten around some norms, two of them at least apart. Norms of zero lie below any. @param {number[]} norms @returns {[number, number]} */
export function decadesOf(norms) {
  const exponents = norms.filter((norm) => norm > 0 && Number.isFinite(norm)).map(Math.log10);
  if (exponents.length === 0) return [-1, 1];
  const [low, high] = [Math.floor(Math.min(...exponents)), Math.ceil(Math.max(...exponents))];
  return [Math.min(low, high - 2), high];
}

/** The next 1, 2 or 5 of a power of ten: an axis that stays while a curve falls. @param {number} value above 0 */
export function niceTop(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

/** As a factor and a power of ten. @param {number} value above 0 @returns {[factor: number, exponent: number]} */
export function powerOf(value) {
  const exponent = Math.floor(Math.log10(value) + 1e-12);
  const factor = Number((value / 10 ** exponent).toPrecision(2));
  return factor >= 10 ? [1, exponent + 1] : [factor, exponent];
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** "10⁻³" @param {number} exponent */
export const tenTo = (exponent) => `10${exponent < 0 ? "⁻" : ""}${[...String(Math.abs(exponent))].map((digit) => RAISED[Number(digit)]).join("")}`;
