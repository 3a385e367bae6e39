// What the page tells by the way: an error, a short message with a way back, and what a screen reader says.
import { messages, say } from "../i18n/language.js";
import { asSignetError } from "../recognizer/errors.js";
import { button, part, returnsFocus } from "./dom.js";

/** @import { Words } from "../i18n/language.js" */

/** Announcements within it are read out together. */
const SAME_MOMENT_MS = 100;
const TOAST_MS = 8000;

const error = part("[data-testid=error]");
const leaveErrorBox = returnsFocus(error);
const announcer = part("#announcer");
let announcedAt = -Infinity;
const toast = part("#toast");
const leaveToast = returnsFocus(toast);
/** @type {(() => void) | null} */
let undoToast = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let toastTimer;

const isStartFailed = () => part("[data-testid=status]").dataset.state === "error";

/** @param {unknown} thrown @param {Words} [sentence] where more can be said than the code tells */
export function showError(thrown, sentence) {
  const { code, message } = asSignetError(thrown);
  error.dataset.code = code;
  say(part(".error-text"), sentence ?? (() => messages.errors[code]));
  part(".error-detail").textContent = `${code}: ${message}`;
  part("#error-reload").hidden = !isStartFailed();
  error.hidden = false;
  error.scrollIntoView({ block: "nearest" });
}

export function hideError() {
  leaveErrorBox();
  error.hidden = true;
  delete error.dataset.code;
}

/** What went wrong with one input is nobody's concern at the next one; a failed start is. */
export function leaveError() {
  if (!isStartFailed()) hideError();
}

/** Does what may be refused, and says why. @param {() => void} work @returns {boolean} whether it was done */
export function attempt(work) {
  try {
    work();
  } catch (thrown) {
    showError(thrown);
    return false;
  }
  leaveError();
  return true;
}

/** Said politely by a screen reader; "" takes back what was said. @param {string} sentence */
export function announce(sentence) {
  const now = performance.now();
  // One that takes another's place at once is the only one that is read out.
  const isMore = sentence !== "" && now - announcedAt < SAME_MOMENT_MS;
  if (isMore && announcer.textContent?.split("\n").at(-1) === sentence) return; // it is being read out
  announcedAt = sentence === "" ? -Infinity : now;
  announcer.textContent = isMore ? `${announcer.textContent}\n${sentence}` : sentence;
}

/** A short message at the page's foot. @param {Words} line @param {(() => void) | null} [undo] */
export function showToast(line, undo = null) {
  undoToast = undo;
  button("#toast-undo").hidden = undo === null;
  say(part("#toast-line"), line);
  toast.hidden = false;
  announce(part("#toast-line").textContent ?? ""); // what appears together with its box is not read out by itself
  hideToastLater();
}

function hideToastLater() {
  clearTimeout(toastTimer);
  toastTimer = setTimeout(hideToast, TOAST_MS);
}

function hideToast() {
  clearTimeout(toastTimer);
  leaveToast();
  toast.hidden = true;
  undoToast = null;
}

button("#toast-undo").addEventListener("click", () => {
  const undo = undoToast;
  hideToast();
  undo?.();
});
// Whoever reaches for the button is given the time for it.
for (const type of ["pointerenter", "focusin"]) toast.addEventListener(type, () => clearTimeout(toastTimer));
for (const type of ["pointerleave", "focusout"]) toast.addEventListener(type, hideToastLater);
button("#error-dismiss").addEventListener("click", hideError);
button("#error-reload").addEventListener("click", () => location.reload());
