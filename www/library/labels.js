// The names of classes: what may be one.
import { SignetError } from "../recognizer/errors.js";
import { LONGEST_LABEL } from "../recognizer/contract.js";

/**
 * The label as it is kept. Throws `label-empty`, `label-long` or `label-taken`.
 * @param {string} label
 * @param {Iterable<string>} taken the labels of the other classes
 */
export function cleanLabel(label, taken) {
  // Control characters and halves of characters would not come back the same from a file.
  const clean = label.normalize("NFC").replace(/[\p{Cc}\p{Cs}]/gu, " ").trim();
  if (/^[\p{Cf}\p{Z}]*$/u.test(clean)) throw new SignetError("label-empty", "the label has no visible character");
  const length = [...clean].length;
  if (length > LONGEST_LABEL) throw new SignetError("label-long", `${length} of at most ${LONGEST_LABEL} characters`);
  if ([...taken].includes(clean)) throw new SignetError("label-taken", `"${clean}" is taken`);
  return clean;
}

/** @param {readonly string[]} left @param {readonly string[]} right */
export const sameLabels = (left, right) => left.length === right.length && left.every((label, index) => label === right[index]);
