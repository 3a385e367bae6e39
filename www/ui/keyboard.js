// Shortcuts. Single keys are off while a person types, and can be switched off altogether.
import { prefer, preference } from "../offline/preferences.js";

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

export class Shortcuts {
  #enabled = preference(SETTING) !== "off";
  #held = "";

  /** @param {Actions} actions */
  constructor(actions) {
    document.addEventListener("keydown", (event) => this.#press(event, actions));
    document.addEventListener("keyup", ({ key }) => { if (key === this.#held) this.#release(actions); });
    // A key that is let go of in another window is never heard of.
    addEventListener("blur", () => this.#release(actions));
  }

  /** @param {KeyboardEvent} event @param {Actions} actions */
  #press(event, actions) {
    if (event.defaultPrevented || event.altKey) return;
    if (document.querySelector("dialog[open]")) return; // Esc closes it, the rest is not for the page behind
    if (event.ctrlKey || event.metaKey) return this.#pressWithControl(event, actions);
    if (event.repeat) return;
    if (event.key === "Escape") return actions.onStop();
    if (event.key === "F2") return actions.onRename();
    if (!this.#enabled || isTyping(event.target)) return;
    if (event.key === "?") actions.onHelp();
    else if (event.key.toLowerCase() === "c") actions.onCapture();
    else if (event.key.toLowerCase() === "m" && actions.onMove()) event.preventDefault(); // the letter would choose a class
    else if (/^[0-9]$/.test(event.key) && !this.#held && actions.onHold(event.key)) this.#held = event.key;
  }

  /** @param {KeyboardEvent} event @param {Actions} actions */
  #pressWithControl(event, { canSave, onSave, onUndo }) {
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey && !isTyping(event.target) && onUndo()) event.preventDefault();
    if (key !== "s" || !canSave()) return;
    event.preventDefault(); // at a held key's repetitions too: they would open the browser's own dialog
    if (!event.repeat) onSave();
  }

  /** @param {Actions} actions */
  #release(actions) {
    if (!this.#held) return;
    this.#held = "";
    actions.onRelease();
  }

  get enabled() {
    return this.#enabled;
  }

  set enabled(value) {
    this.#enabled = value;
    prefer(SETTING, value ? "on" : "off");
  }
}

/** Letters pick an entry in a select, so that counts as typing too. @param {EventTarget | null} target */
function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  const isField = target.matches("textarea, select, input:not([type=range], [type=radio], [type=checkbox], [type=file])");
  return isField || target.isContentEditable;
}
