// From what the model says to what the page answers: below a threshold there is no sign.
import { NO_SIGN } from "./contract.js";

/** @import { Prediction } from "./protocol.js" */

/** Below this the answer is shown with a doubt. */
export const SURE = 0.7;

/** Where the manifest has none. */
export const DEFAULT_THRESHOLD = 0.5;

/**
 * The label, or none where a sign is less probable than the threshold. A model without a detector always names one.
 * @param {Pick<Prediction, "label" | "presence">} prediction
 * @param {number} threshold
 */
export const answerTo = ({ label, presence }, threshold) => (isSign({ presence }, threshold) ? label : NO_SIGN);

/** Whether it is answered with a sign. @param {Pick<Prediction, "presence">} prediction @param {number} threshold */
export const isSign = ({ presence }, threshold) => presence === undefined || presence >= threshold;
