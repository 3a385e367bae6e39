// The sentences of the tab "Teach it your hand".
import { percent } from "../words.js";

/** @typedef {import("../protocol.js").ErrorCode} ErrorCode */

/** @param {number} count @param {string} noun */
export const counted = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

/** @param {number} count */
export const samplesLine = (count) => `${count.toLocaleString("en")} Image Sample${count === 1 ? "" : "s"}`;

/** @param {number} count @param {number} limit */
export const limitLine = (count, limit) => `${count.toLocaleString("en")} of up to ${limit.toLocaleString("en")} images`;

/** @param {{ training: number, validation: number } | undefined} split */
export const splitLine = (split) => {
  if (!split || split.training + split.validation === 0) return "";
  return split.validation === 0 ? "all to learn from" : `${split.training} to learn, ${split.validation} to check`;
};

/** Why the training can't start. @param {{ code: string, label?: string }} reason */
export const reasonLine = ({ code, label }) =>
  code === "too-few-samples" && label
    ? `“${label}” needs at least 2 images, or none.`
    : "At least 2 classes need 2 images each.";

/** While what was kept in this browser is being read. */
export const LOOKING = "Looking for your project…";

export const IMAGE_DELETED = "Image deleted.";
export const IMAGE_MOVED = "Image moved.";
/** @param {string} [before] what can be taken back next */
export const undoneLine = (before) => before ? `Undone. Before that: ${before}` : "Undone.";

export const NOT_READY = "The model is still loading.";
export const NO_MODEL = "The model isn't there to be taught.";

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 1.5) return "about 1\u00a0s";
  if (seconds < 10) return `about\u00a0${Math.round(seconds)}\u00a0s`;
  if (seconds < 90) return `about\u00a0${Math.ceil(seconds / 5) * 5}\u00a0s`;
  const minutes = seconds / 60;
  return minutes < 90 ? `about\u00a0${Math.round(minutes)}\u00a0min` : `about\u00a0${(minutes / 60).toFixed(1)}\u00a0h`;
}

/** @param {number} seconds */
export const estimateLine = (seconds) => `Takes ${duration(seconds)} on this device.`;

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
  const left = secondsLeft === null ? "" : `, ${duration(secondsLeft)} left`;
  if (epoch === 0) {
    return features?.total ? `Looking at the images, ${features.done} of ${features.total}${left}` : `Getting ready…`;
  }
  return `Epoch ${epoch} of ${epochs}${batches ? `, batch ${batch} of ${batches}` : ""}${left}`;
}

export const TRAINING_LINES = {
  idle: "Not trained yet.",
  restored: "The model taught here before is in use.",
  imported: "An imported model is in use.",
  preparing: "Getting ready…",
  adopting: "Putting the taught model to use…",
  stoppedEarly: "Stopped before the first epoch ended; nothing was changed.",
  failedEarly: "The training failed before it had anything to keep; nothing was changed.",
};

export const REPLACED = "The model taught before was replaced.";

/** @param {number} epochs */
export const doneLine = (epochs) => epochs === 1 ? "Done: the taught model is in use." : `Done: the best of ${epochs} epochs is in use.`;
export const START_KEPT = "On the images to check with, no epoch was as good as the model it started from, so that one stays.";
/** @param {number} epoch @param {number} epochs */
export const stoppedLine = (epoch, epochs) => `Stopped after ${epoch} of ${counted(epochs, "epoch")}. The best so far is in use.`;
/** @param {number} epoch */
export const failedLine = (epoch) => `The training failed. The best of ${counted(epoch, "epoch")} is in use.`;

/** @param {number} quarters 1 to 3 @param {number} accuracy */
export const quarterLine = (quarters, accuracy) =>
  `${["A quarter", "Half", "Three quarters"][quarters - 1]} of the training done, ${percent(accuracy)} right.`;

/** @param {number} count of what could not be read from the browser's storage */
export const refusedRecordsLine = (count) => `${counted(count, "damaged record")} could not be read and ${count === 1 ? "was" : "were"} left out.`;

export const OUT_OF_DATE = "Out of date: samples or settings have changed since this model was taught.";
/** Why a model can't be imported, or the original brought back. */
export const HELD = { loading: LOOKING, training: "Not while a training runs: stop it first." };
export const RESTARTED = "The training crashed. It goes on from where it was saved last.";
export const MOVED = "WebGPU gave up, so the training goes on on the CPU.";

/** @param {number} epochs done @param {number} of all */
export const interruptedLine = (epochs, of) =>
  `A training was interrupted after ${epochs} of ${counted(of, "epoch")}. It can go on from there.`;

/** @type {Partial<Record<"other-tab" | ErrorCode, string>>} */
export const STORE_LINES = {
  "other-tab": "This project is open in another tab, which keeps it. What you change here is lost when this tab is closed.",
  "storage-unavailable": "This browser keeps nothing for this page. Save the project as a file before you close it.",
  "storage-full": "The disk space for this page is used up. What was kept is safe; save the project as a file to keep the rest.",
  "storage-newer": "A newer version of Signet keeps its project here. Nothing is kept until this page is reloaded.",
  "storage-blocked": "A tab with an older version of Signet keeps this one from your project. Close that tab, then reload this page; until then nothing is kept.",
};

/** @param {readonly string[]} labels */
export function modelLine(labels) {
  const named = labels.length > 6 ? `${labels.slice(0, 5).join(", ")} and ${labels.length - 5} more` : labels.join(", ");
  return `Taught model: ${named}`;
}
export const ORIGINAL_LINE = "Original model: 0 to 5";

/** @param {number} added @param {string[]} refused */
export function refusedLine(added, refused) {
  const some = refused.slice(0, 3).join(", ") + (refused.length > 3 ? ` and ${refused.length - 3} more` : "");
  return `${counted(added, "image")} added, ${refused.length} not: ${some}.`;
}

/** @param {number} done @param {number} total */
export const addingLine = (done, total) => `Adding ${done} of ${total}…`;

/** Where importing a file fails, the file is to blame and not the server's. @type {Partial<Record<ErrorCode, string>>} */
export const IMPORT_SENTENCES = {
  "weights-hash": "That model file is damaged: its checksum differs. Use another copy of it. The model in use was not changed.",
  "weights-format": "That file isn't a model that Signet has exported. Choose a .safetensors file that “Export Model” has made.",
  "weights-missing-tensor": "That model file is incomplete: a part of the network is missing. The model in use was not changed.",
  "weights-unknown-tensor": "That model file holds parts that this network doesn't have, so it is another network's. The model in use was not changed.",
  "weights-shape": "That model file doesn't fit this network. The model in use was not changed.",
  "weights-values": "That model file holds values that are not numbers. The model in use was not changed.",
  "self-check": "That model computes other numbers here than where it was exported, so it is damaged. The model in use was not changed.",
};

/** @param {"validation" | "training"} of @param {number} count @param {number | null} taught @param {number | null} original */
export function scoreLine(of, count, taught, original) {
  const where = of === "validation" ? `${counted(count, "image")} kept for checking` : `the ${counted(count, "image")} it learned from; none was kept for checking`;
  const against = original === null ? "The original doesn't know these classes." : `The original: ${percent(original)}.`;
  return taught === null ? "" : `${percent(taught)} right on ${where}. ${against}`;
}

/** What both models read in an image. @param {string} taught @param {string | null} original null where it knows none of the classes */
export const readingLine = (taught, original) =>
  original === null ? `Read as ${taught}.` : `Read as ${taught}, by the original as ${original}.`;

/** @param {string} truth @param {string} answer @param {number} count */
export const cellName = (truth, answer, count) =>
  truth === answer ? `${truth}: ${counted(count, "image")} right` : `${truth} read as ${answer}: ${counted(count, "image")}`;
