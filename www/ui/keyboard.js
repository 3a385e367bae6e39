// Shortcuts. Single keys are off while a person types, and can be switched off altogether.
import { prefer, preference } from "../offline/preferences.js";
import { field } from "./dom.js";

const SETTING = "signet.single-letter-shortcuts";

/**
 * @typedef {object} Actions
 * @property {() => void} onCapture
 * @property {() => void} onStop
 * @property {() => void} onHelp
 * @property {() => void} onRename
 * @property {() => boolean} canSave else the browser's own Ctrl+S goes on
 * @property {() => void} onSave
 * @property {() => boolean} onUndo whether there was something to take back
 * @property {() => boolean} onMove whether an image has the focus, and is moved
 * @property {(digit: string) => boolean} onHold a digit is held down; whether that means anything now
 * @property {() => void} onRelease
 */

/** @param {Actions} actions */
export function listenToKeys({ onCapture, onStop, onHelp, onRename, canSave, onSave, onUndo, onMove, onHold, onRelease }) {
  const singleKeys = field("#help-letters");
  singleKeys.checked = preference(SETTING) !== "off";
  singleKeys.addEventListener("change", () => prefer(SETTING, singleKeys.checked ? "on" : "off"));
  /** The digit that is held down. */
  let held = "";

  const release = () => {
    if (!held) return;
    held = "";
    onRelease();
  };
  document.addEventListener("keyup", ({ key }) => { if (key === held) release(); });
  // A key that is let go of in another window is never heard of.
  addEventListener("blur", release);

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || isComposing(event)) return;
    if (document.querySelector("dialog[open]")) return; // Esc closes it, the rest is not for the page behind
    const key = event.key?.toLowerCase(); // a browser that fills a field in tells of no key
    if (event.ctrlKey || event.metaKey) {
      if (key === "z" && !event.shiftKey && !isTyping(event.target) && onUndo()) event.preventDefault();
      if (key !== "s" || !canSave()) return;
      event.preventDefault(); // at a held key's repetitions too: they would open the browser's own dialog
      if (!event.repeat) onSave();
      return;
    }
    if (event.repeat) return;
    if (key === "escape") return onStop();
    if (key === "f2") return onRename();
    if (!singleKeys.checked || isTyping(event.target)) return;
    if (key === "?") onHelp();
    else if (key === "c") onCapture();
    else if (key === "m" && onMove()) event.preventDefault(); // the letter would choose a class
    else if (/^[0-9]$/.test(key) && !held && onHold(key)) held = key;
  });
}

/** Whether a key belongs to a word that is being composed, as Chinese and Japanese ones are. Safari ends it before the key that does so, which has only this code. @param {KeyboardEvent} event */
export const isComposing = (event) => event.isComposing || event.keyCode === 229;

/** Letters pick an entry in a select, so that counts as typing too. @param {EventTarget | null} target */
export function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  const isField = target.matches("textarea, select, input:not([type=range], [type=radio], [type=checkbox], [type=file])");
  return isField || target.isContentEditable;
}
