// The same as ../ui/words.js for the tab "Teach it your hand".
import { messages } from "../i18n/language.js";

/** @import { ErrorCode } from "../recognizer/errors.js" */

/** As many names are said of a list, and the others counted. */
const NAMED = 3;
/** A model of up to so many classes names them all. */
const NAMED_CLASSES = 6;

/** @param {{ training: number, validation: number } | undefined} split */
export const splitLine = (split) => {
  if (!split || split.training + split.validation === 0) return "";
  return split.validation === 0 ? messages.card.allLearn : messages.card.split(split.training, split.validation);
};

/** Why the training can't start. @param {{ code: string, label?: string }} reason */
export const reasonLine = ({ code, label }) =>
  code === "too-few-samples" && label ? messages.train.tooFewOf(label) : messages.train.tooFew;

/** @param {(() => string) | undefined} before what can be taken back next */
export const undoneLine = (before) => before ? messages.samples.undoneBefore(before()) : messages.samples.undone;

/**
 * @typedef {object} Advance how far a training is
 * @property {string} state
 * @property {number} epoch
 * @property {number} epochs
 * @property {number} batch
 * @property {number} batches
 * @property {number | null} secondsLeft
 * @property {{ done: number, total: number }} [features]
 */

/** @param {Advance} advance */
export function advanceLine({ epoch, epochs, batch, batches, secondsLeft, features }) {
  const { train } = messages;
  if (epoch === 0 && !features?.total) return train.preparing;
  const line = epoch === 0 ? train.looking(features?.done ?? 0, features?.total ?? 0)
    : batches ? train.batch(epoch, epochs, batch, batches) : train.epoch(epoch, epochs);
  return secondsLeft === null ? line : train.left(line, secondsLeft);
}

/** Why nothing is stored. @param {"other-tab" | ErrorCode} reason */
export const storeLine = (reason) =>
  /** @type {Partial<Record<typeof reason, string>>} */ (messages.samples.store)[reason] ?? "";

/** @param {string[]} labels */
export function modelLine(labels) {
  const { taught, taughtMore } = messages.model;
  return labels.length > NAMED_CLASSES
    ? taughtMore(labels.slice(0, NAMED_CLASSES - 1), labels.length - NAMED_CLASSES + 1) : taught(labels);
}

/** @param {number} added @param {string[]} refused the files' names */
export const refusedLine = (added, refused) =>
  messages.samples.refused(added, refused.length, refused.slice(0, NAMED), Math.max(0, refused.length - NAMED));

/** Of a model file that was refused. @param {ErrorCode} code */
export const importErrorLine = (code) =>
  /** @type {Partial<Record<ErrorCode, string>>} */ (messages.model.importErrors)[code] ?? messages.errors[code];

/** @param {"validation" | "training"} of which images @param {number} count @param {number | null} fineTuned @param {number | null} original */
export function scoreLine(of, count, fineTuned, original) {
  const { check } = messages;
  if (fineTuned === null) return "";
  const line = of === "validation" ? check.onKept(fineTuned, count) : check.onLearned(fineTuned, count);
  return `${line} ${original === null ? check.notComparable : check.original(original)}`;
}

/** What both models read in an image. @param {string} fineTuned @param {string | null} original null where it knows none of the classes */
export const readingLine = (fineTuned, original) =>
  original === null ? messages.check.reading(fineTuned) : messages.check.readings(fineTuned, original);

/** A cell of the confusion matrix. @param {string} truth @param {string} answer @param {number} count */
export const cellName = (truth, answer, count) =>
  truth === answer ? messages.check.right(truth, count) : messages.check.wrong(truth, answer, count);
