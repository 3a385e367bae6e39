// What two networks learn from: drawn hands that come with the page, or the person's samples.
import { INPUT_BYTES } from "../recognizer/protocol.js";
import { checkSet } from "./check-set.js";

/** @import { Pictures } from "../library/comparison.js" */
/** @import { Context } from "./context.js" */

const FEWEST = 8;

/** Whether the person's samples are enough to learn from. @param {{ label: string }[]} samples */
export const areEnough = (samples) => samples.length >= FEWEST && new Set(samples.map(({ label }) => label)).size > 1;

/** @param {Context} context @param {"drawn" | "samples"} source @returns {Promise<Pictures | null>} null when the view is closed */
export async function picturesOf(context, source) {
  const samples = context.samples();
  if (source === "samples") return setOf(samples.map(({ pixels }) => pixels), samples.map(({ label }) => label));
  const drawn = await checkSet(context);
  if (!drawn) return null;
  return { pixels: drawn.pixels, ...indexed(drawn.labels) };
}

/** @param {Uint8Array[]} inputs @param {string[]} labels @returns {Pictures} */
export function setOf(inputs, labels) {
  const pixels = new Uint8Array(inputs.length * INPUT_BYTES);
  inputs.forEach((input, index) => pixels.set(input, index * INPUT_BYTES));
  return { pixels, ...indexed(labels) };
}

/** @param {string[]} labels */
function indexed(labels) {
  const classes = [...new Set(labels)].sort();
  return { labels: Uint32Array.from(labels, (label) => classes.indexOf(label)), classes: classes.length };
}
