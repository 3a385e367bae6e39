// What a training's worker may say: a worker that says anything else has lost its senses.
import { fieldsOf } from "./snapshot.js";
import { isEpoch, isHistory, isScore } from "./fine-tuned.js";

const OUTCOMES = ["done", "stopped", "failed"];

/** @param {...unknown} values */
const areCounts = (...values) => values.every((value) => Number.isSafeInteger(value) && Number(value) >= 0);

/** @param {unknown} value */
const isBlobOrNull = (value) => value === null || value instanceof Blob;

/** @param {unknown} value nothing where nothing was saved */
function isSaved(value) {
  const { checkpoint, best } = fieldsOf(value);
  return value === undefined || value === null || (checkpoint instanceof Blob && isBlobOrNull(best));
}

/** @param {unknown} value */
function isEvent(value) {
  const { kind, done, total, epoch, batch, batches, training, validation } = fieldsOf(value);
  switch (kind) {
    case "features": return areCounts(done, total);
    case "start": return Array.isArray(validation) && validation.every(isScore);
    case "batch": return areCounts(epoch, batch, batches) && isScore(training);
    case "validation": return areCounts(epoch, done, total);
    case "epoch": return isEpoch(value);
    default: return false;
  }
}

/** @param {unknown} value @returns {boolean} */
export function isTrainAnswer(value) {
  const answer = fieldsOf(value);
  switch (answer["kind"]) {
    case "started": return isHistory(answer["history"]);
    case "event": return isEvent(answer["event"]) && (answer["secondsLeft"] === null || Number.isFinite(answer["secondsLeft"]));
    case "saved": return answer["checkpoint"] instanceof Blob && isSaved(value);
    case "stopping": return true;
    case "pulse": return typeof answer["pulse"] === "string";
    case "finished": return OUTCOMES.some((known) => known === answer["outcome"]) && isBlobOrNull(answer["weights"])
      && isHistory(answer["history"]) && isSaved(answer["saved"]);
    case "crash": return typeof answer["message"] === "string" && isSaved(answer["saved"]);
    default: return false;
  }
}
