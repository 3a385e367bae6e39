// Which message says what is the case; what it says is in the tables of languages/.
import { messages } from "../i18n/language.js";

/** @import { Choice } from "../recognizer/backends.js" */
/** @import { ErrorCode } from "../recognizer/errors.js" */
/** @typedef {Partial<Record<ErrorCode, string>>} Reasons */

/** Of the download. @param {import("../recognizer/weights.js").Progress} progress */
export const progressLine = ({ loaded, total, waiting }) =>
  (waiting ? messages.status.waiting : messages.status.progress)(loaded, total);

/** "CPU, 52 ms". @param {Choice} choice */
export function backendLine({ backend, latencyMs }) {
  const { names, withTime } = messages.backend;
  return latencyMs === null ? names[backend] : withTime(names[backend], latencyMs);
}

/** Why this backend serves. @param {Choice} choice */
export function reasonLine({ backend, otherMs = 0, lost, reason }) {
  const { checking, forced, faster, slower, untried } = messages.backend;
  if (reason === "checking") return checking;
  if (reason === "forced") return forced(`?backend=${backend}`);
  if (reason === "faster") return faster(otherMs);
  if (reason === "slower") return slower(otherMs);
  /** @type {{ gpuLost: Reasons, withoutGpu: Reasons }} */
  const { gpuLost, withoutGpu } = messages.backend;
  return (lost && gpuLost[reason]) || (withoutGpu[reason] ?? untried);
}

/** A label as a word: "Three" for "3"; other labels are words already. @param {string} label */
export const wordOf = (label) => (/^[0-5]$/.test(label) && messages.answer.digits[Number(label)]) || label;

/** @param {string} label */
export const exampleLine = (label) => messages.input.example(wordOf(label));

/** Of the shipped model. @param {{ bytes: number, source: "download" | "storage" | "removed", stored: boolean }} model */
export function storageLine({ bytes, source, stored }) {
  const { downloaded, kept, found, removed } = messages.storage;
  if (source === "storage") return found(bytes);
  if (source === "removed") return removed(bytes);
  return stored ? kept(bytes) : downloaded(bytes);
}

/**
 * What a seal has room for: "3", and the initials of longer labels, as on a signet ring.
 * @param {string} label
 */
export function monogramOf(label) {
  if ([...label].length <= 2) return label;
  const initials = label.split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? "");
  return initials.join("").toUpperCase();
}
