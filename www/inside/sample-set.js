// The pictures that the network is compared on: the person's own samples, or without them the check set, by their features.
import { INPUT_BYTES } from "../recognizer/protocol.js";
import { checkSet } from "./check-set.js";
import { Space } from "./space.js";

/** @import { Context, Sample } from "./context.js" */

/** Inputs in one request: few, so that what follows a hand comes in between. */
const AT_ONCE = 4;
const FEATURES = 2048;

/** @typedef {{ samples: Sample[], isOwn: boolean }} SampleSet */

/** @param {Context} context @returns {Promise<SampleSet | null>} null when the view is closed */
export async function sampleSet(context) {
  const own = context.samples();
  if (own.length > 0) return { samples: own, isOwn: true };
  const found = await checkSet(context);
  return found && { isOwn: false, samples: found.labels.map((label, index) => (
    { id: `check-${index}`, label, pixels: found.pixels.slice(index * INPUT_BYTES, (index + 1) * INPUT_BYTES) })) };
}

/**
 * Their features, measured in the background.
 * @param {Context} context
 * @param {Sample[]} samples
 * @param {{ signal: AbortSignal, onProgress: (done: number, all: number) => void }} options
 * @returns {Promise<Space | null>} null when it was ended
 */
export async function spaceOf({ inspector, cuts }, samples, { signal, onProgress }) {
  const space = new Space();
  for (let first = 0; first < samples.length; first += AT_ONCE) {
    const some = samples.slice(first, first + AT_ONCE);
    const pixels = new Uint8Array(some.length * INPUT_BYTES);
    some.forEach((sample, index) => pixels.set(sample.pixels, index * INPUT_BYTES));
    const features = await inspector.features(pixels, [...cuts], { background: true, signal });
    if (!features) return null;
    some.forEach((_, index) => space.add(features.subarray(index * FEATURES, (index + 1) * FEATURES)));
    onProgress(first + some.length, samples.length);
  }
  return space;
}

/** The mean of a class's pictures, pixel by pixel. @param {Uint8Array[]} pictures RGBA */
export function meanPicture(pictures) {
  const sums = new Float64Array(INPUT_BYTES);
  for (const pixels of pictures) pixels.forEach((value, index) => { sums[index] = (sums[index] ?? 0) + value; });
  return Uint8Array.from(sums, (sum) => Math.round(sum / pictures.length));
}
