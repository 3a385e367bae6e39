// What the library answers.
import { answerTo } from "../recognizer/answer.js";
import { NO_SIGN } from "../recognizer/contract.js";

/** @import { Crop, Prediction } from "../recognizer/protocol.js" */

/**
 * @typedef {object} Answer
 * @property {string} label the class, or `none` where there is no sign
 * @property {string} sign the most probable class, whatever is answered
 * @property {number} probability of that class if there is a sign, 0 to 1
 * @property {Record<string, number>} probabilities of each class by its label; they add up to 1
 * @property {number} [presence] the probability that there is a sign at all; only of a model with a detector
 * @property {Crop} [crop] the part of the picture that was looked at, in its pixels; only of a model with a detector
 * @property {Crop} [secondHand] around a second, smaller hand, which the answer is not for; only where the hand is looked for
 * @property {number} width of the picture, upright, in pixels
 * @property {number} height
 * @property {ImageData} input what the network read: 64x64 pixels
 * @property {number} latencyMs how long the answer took
 */

/**
 * @param {Prediction} prediction
 * @param {readonly string[]} labels in the model's order
 * @param {number} threshold
 * @returns {Answer}
 */
export function answerOf(prediction, labels, threshold) {
  const { label: sign, probability, probabilities, presence, crop, secondHand, width, height, input, latencyMs } = prediction;
  const answer = answerTo(prediction, threshold);
  return {
    label: answer, sign, probability,
    probabilities: Object.fromEntries(labels.map((label, index) => [label, probabilities[index] ?? 0])),
    ...(presence === undefined ? {} : { presence }), ...(crop === undefined ? {} : { crop }),
    ...(secondHand === undefined || answer === NO_SIGN ? {} : { secondHand }),
    width, height, input, latencyMs,
  };
}
