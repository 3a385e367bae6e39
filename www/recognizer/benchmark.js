// The benchmark of the backends: both classify the same picture. It compares their probabilities and their latency.
import { SignetError } from "./errors.js";

/** @import { WorkerLink } from "./link.js" */
/** @import { Picture, Prediction } from "./protocol.js" */

/** The first load compiles shaders, which takes a minute on a software adapter. */
export const BENCHMARK_LIMIT_MS = 180_000;
const TIMED_RUNS = 3;
/** The largest difference of a probability: correct backends differ only by rounding. */
const AGREEMENT = 0.02;

/** @returns {Picture} a picture that is the same for both backends: a soft diagonal gradient, larger than the input */
function benchmarkPicture() {
  const side = 256;
  const bytes = new Uint8Array(side * side * 4);
  for (let pixel = 0; pixel < side * side; pixel += 1) {
    const x = pixel % side;
    const y = (pixel - x) / side;
    bytes.set([x, y, (x + y) >> 1, 255], pixel * 4);
  }
  return { kind: "pixels", bytes, width: side, height: side };
}

/**
 * The median time of a few runs after one that doesn't count, and what they answered.
 * @param {WorkerLink} link
 * @param {string} slot
 * @param {number} hopelessMs a run that is slower ends the benchmark
 */
export async function timeBackend(link, slot, hopelessMs) {
  const picture = benchmarkPicture();
  const run = () => /** @type {Promise<Prediction>} */ (
    link.request({ kind: "classify", slot, picture }, { keep: true, limitMs: BENCHMARK_LIMIT_MS }));
  const { probabilities } = await run();
  const times = [];
  for (let runs = 0; runs < TIMED_RUNS; runs += 1) {
    const { latencyMs } = await run();
    times.push(latencyMs);
    if (latencyMs > hopelessMs) break;
  }
  return { latencyMs: medianOf(times), probabilities };
}

/** Rounds of the trial of threads, after one that doesn't count. */
const THREADS_ROUNDS = 5;
/** More threads are worth their while from this share of the time on. */
const WORTHWHILE = 0.9;

/**
 * With how many threads the CPU is fastest, by the medians of a few runs of each in turn; fewer where more hardly pay.
 * @param {WorkerLink} link
 * @param {string} slot
 * @param {number[]} counts the smallest first
 */
export async function timeThreads(link, slot, counts) {
  const picture = benchmarkPicture();
  const times = counts.map((count) => ({ count, ms: /** @type {number[]} */ ([]) }));
  for (let round = 0; round <= THREADS_ROUNDS; round += 1) {
    for (const { count, ms } of times) {
      await link.request({ kind: "threads", count }, { keep: true });
      const { latencyMs } = /** @type {Prediction} */ (
        await link.request({ kind: "classify", slot, picture }, { keep: true, limitMs: BENCHMARK_LIMIT_MS }));
      if (round > 0) ms.push(latencyMs);
    }
  }
  let best = { count: 1, medianMs: Infinity };
  for (const { count, ms } of times) {
    const medianMs = medianOf(ms);
    if (medianMs < WORTHWHILE * best.medianMs) best = { count, medianMs };
  }
  return best.count;
}

/** @param {number[]} values */
const medianOf = (values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Infinity;

/** Throws `gpu-disagrees`. @param {number[]} expected the CPU's probabilities @param {number[]} found WebGPU's */
export function requireAgreement(expected, found) {
  const difference = Math.max(...expected.map((value, index) => Math.abs(value - (found[index] ?? NaN))));
  if (!(difference <= AGREEMENT)) throw new SignetError("gpu-disagrees", `the probabilities differ by ${difference}`);
}
