// One short message at the page's foot, with a way back.
import { say } from "../i18n/language.js";
import { button, part, returnsFocus } from "./dom.js";

const SHOWN_MS = 8000;

export class Toast {
  #box = part("#toast");
  #line = part("#toast-line");
  #undo = button("#toast-undo");
  #announce;
  #returnFocus = returnsFocus(this.#box);
  /** @type {(() => void) | null} */
  #back = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {(sentence: string) => void} announce what appears together with its box is not read out by itself */
  constructor(announce) {
    this.#announce = announce;
    this.#undo.addEventListener("click", () => {
      const back = this.#back;
      this.#hide();
      back?.();
    });
    // Whoever reaches for the button is given the time for it.
    for (const type of ["pointerenter", "focusin"]) this.#box.addEventListener(type, () => clearTimeout(this.#timer));
    for (const type of ["pointerleave", "focusout"]) this.#box.addEventListener(type, () => this.#wait());
  }

  /** @param {import("../i18n/language.js").Words} line @param {(() => void) | null} [undo] */
  show(line, undo = null) {
    this.#back = undo;
    this.#undo.hidden = undo === null;
    say(this.#line, line);
    this.#box.hidden = false;
    this.#announce(this.#line.textContent ?? "");
    this.#wait();
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#hide(), SHOWN_MS);
  }

  #hide() {
    clearTimeout(this.#timer);
    this.#returnFocus();
    this.#box.hidden = true;
    this.#back = null;
  }
}
