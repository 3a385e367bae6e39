// From what the model says to what the page answers: below a threshold there is no sign.

/** @import { Prediction } from "./protocol.js" */

/** The label of no sign; no class can have that name. */
export const NONE = "none";

/** Below this the answer is shown with a doubt. */
export const SURE = 0.7;

/** Where the manifest has none. */
export const DEFAULT_THRESHOLD = 0.5;

/**
 * The label, or none where a sign is less probable than the threshold. A model without a detector always names one.
 * @param {Pick<Prediction, "label" | "probability" | "presence">} prediction
 * @param {number} threshold
 * @returns {{ label: string, probability: number }}
 */
export function answerTo({ label, probability, presence }, threshold) {
  if (presence === undefined || presence >= threshold) return { label, probability };
  return { label: NONE, probability: 1 - presence };
}
