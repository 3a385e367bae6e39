// What a training leaves: the fine-tuned model, and what an interrupted one needs to go on.
import { SCOPES, checkSettings } from "../library/settings.js";
import { expect, fieldsOf, isText } from "./snapshot.js";

/** @import { Scope, Settings } from "../library/settings.js" */
/** @import { DatasetPlan } from "../library/split.js" */
/** @import { EpochRecord } from "../pkg/signet_cpu_learn.js" */

/**
 * @typedef {object} FineTunedModel
 * @property {Blob} weights a weights file with its labels and self-check
 * @property {string[]} labels
 * @property {string} fingerprint of the project that it was trained on
 * @property {EpochRecord[]} history
 * @property {Scope} scope
 * @property {boolean} imported whether it came from a file
 */

/**
 * A training that has been saved on its way.
 * @typedef {object} Interrupted
 * @property {Blob} checkpoint
 * @property {string} fingerprint
 * @property {EpochRecord[]} history
 * @property {EpochRecord[]} before the epochs of the trainings that it goes on from
 * @property {Settings} settings
 * @property {DatasetPlan} set
 */

/** @param {unknown} value @returns {value is string[]} */
const areLabels = (value) => Array.isArray(value) && value.length > 0 && value.length <= 1000
  && value.every((label) => isText(label, 1000));

/** @param {unknown} value @returns {value is import("../pkg/signet_cpu_learn.js").Score} */
function isScore(value) {
  const { loss, accuracy } = fieldsOf(value);
  return Number.isFinite(loss) && Number.isFinite(accuracy);
}

/** @param {unknown} value @returns {value is EpochRecord} */
function isEpoch(value) {
  const { epoch, training, validation, best } = fieldsOf(value);
  return Number.isSafeInteger(epoch) && isScore(training) && typeof best === "boolean"
    && Array.isArray(validation) && validation.every(isScore);
}

/** @param {unknown} value @returns {value is EpochRecord[]} */
const isHistory = (value) => Array.isArray(value) && value.length <= 100_000 && value.every(isEpoch);

/** @param {unknown} value @param {number} labels how many there are, which is the index of images without a sign */
function isPlannedPart(value, labels) {
  const { ids, labels: indexes } = fieldsOf(value);
  return Array.isArray(ids) && ids.every((id) => isText(id, 64)) && indexes instanceof Uint32Array
    && indexes.length === ids.length && indexes.every((index) => index <= labels);
}

/** Throws `project-format`. @param {unknown} value @returns {FineTunedModel} */
export function readFineTuned(value) {
  const { weights, labels, fingerprint, history, scope, imported } = fieldsOf(value);
  expect(weights instanceof Blob && weights.size > 0, "the fine-tuned model has no weights");
  expect(areLabels(labels), "the fine-tuned model has no labels");
  expect(typeof fingerprint === "string" && fingerprint.length <= 64, "the fine-tuned model has no fingerprint");
  expect(isHistory(history), "the fine-tuned model's history is no list of epochs");
  expect(SCOPES.some((known) => known === scope), "the fine-tuned model has no scope");
  expect(typeof imported === "boolean", "the fine-tuned model does not say where it is from");
  return { weights, labels, fingerprint, history, scope: /** @type {Scope} */ (scope), imported };
}

/** Throws `project-format` or `setting`. @param {unknown} value @returns {Interrupted} */
export function readInterrupted(value) {
  // Pages before this one did not keep what went before.
  const { checkpoint, fingerprint, history, before = [], settings, set } = fieldsOf(value);
  const { labels, training, validation } = fieldsOf(set);
  expect(checkpoint instanceof Blob && checkpoint.size > 0, "the interrupted training has no checkpoint");
  expect(isText(fingerprint, 64), "the interrupted training has no fingerprint");
  expect(isHistory(history) && isHistory(before), "the interrupted training's history is no list of epochs");
  expect(areLabels(labels) && isPlannedPart(training, labels.length) && isPlannedPart(validation, labels.length),
    "the interrupted training does not say what it trains on");
  return { checkpoint, fingerprint, history, before, settings: checkSettings(settings),
    set: /** @type {DatasetPlan} */ (set) };
}
