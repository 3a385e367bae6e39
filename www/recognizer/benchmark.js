// The contest between the backends: one picture for both, what they answer, and how long they take.
import { SignetError } from "./errors.js";

/** @import { WorkerLink } from "./link.js" */
/** @import { Picture, Prediction } from "./protocol.js" */

/** A load on the module's first run includes compiling shaders, which takes a software adapter a minute. */
export const BENCHMARK_LIMIT_MS = 180_000;
const TIMED_RUNS = 3;
/** Two right backends round differently; two that differ by more are not the same network. */
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
 * @param {number} hopelessMs one run slower than this ends the timing
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
  times.sort((a, b) => a - b);
  return { latencyMs: times[times.length >> 1] ?? Infinity, probabilities };
}

/** Throws `gpu-disagrees`. @param {number[]} expected the CPU's probabilities @param {number[]} found WebGPU's */
export function requireAgreement(expected, found) {
  const difference = Math.max(...expected.map((value, index) => Math.abs(value - (found[index] ?? NaN))));
  if (!(difference <= AGREEMENT)) throw new SignetError("gpu-disagrees", `the probabilities differ by ${difference}`);
}
