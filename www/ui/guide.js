// The first-time guide: three steps in a quiet panel above the cards. It points at what it speaks of, covers nothing,
// and takes the focus only from itself or when it was asked for.
import { messages, say } from "../i18n/language.js";
import { prefer, preference } from "../offline/preferences.js";
import { button, part, passFocus } from "./dom.js";

const SETTING = "signet.guide";

/** What each step points at, in the order of the table's. */
const TARGETS = [".input > .segments", ".answer, .hand", "#tab-teach"];
const LAST = TARGETS.length - 1;

export class Guide {
  #panel = part("#guide");
  #next = button("#guide-next");
  #step = 0;

  constructor() {
    this.#next.addEventListener("click", () => (this.#step === LAST ? this.#end() : this.#show(this.#step + 1)));
    button("#guide-back").addEventListener("click", () => {
      this.#show(this.#step - 1);
      if (this.#step === 0) this.#next.focus(); // there is no way back from here, so that button is gone
    });
    button("#guide-skip").addEventListener("click", () => this.#end());
    this.#panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault(); // what else Esc stops goes on
      this.#end();
    });
  }

  start() {
    if (preference(SETTING) !== "seen") this.#show(0);
  }

  /** Once more, for whoever asks for it and so is taken there. */
  again() {
    this.#show(0);
    this.#next.focus();
  }

  /** @returns {boolean} whether it was there to be skipped: it gives way to errors and to the second tab */
  skip() {
    if (!this.#isVisible) return false;
    this.#end();
    return true;
  }

  /** Another visit does without it. One on which the page didn't work at all doesn't count. */
  remember() {
    if (this.#isVisible) prefer(SETTING, "seen");
  }

  /** Whoever opens the second tab does what the last step says. @param {import("./tabs.js").Tab} tab */
  follow(tab) {
    if (tab === "teach" && this.#step === LAST) this.#end();
  }

  get #isVisible() {
    return this.#panel.getClientRects().length > 0;
  }

  /** @param {number} step */
  #show(step) {
    this.#step = step;
    this.#panel.dataset.step = String(step + 1);
    say(part("#guide-position"), () => messages.guide.position(step + 1, TARGETS.length));
    say(part("#guide-title"), () => messages.guide.steps[step]?.title ?? "");
    say(part("#guide-text"), () => messages.guide.steps[step]?.text ?? "");
    say(this.#next, () => (step === LAST ? messages.guide.done : messages.guide.next));
    this.#panel.hidden = false;
    this.#pointAt(TARGETS[step]);
  }

  #end() {
    prefer(SETTING, "seen");
    this.#step = 0;
    passFocus(this.#panel, part("[role=tab][aria-selected=true]"));
    this.#panel.hidden = true;
    this.#pointAt();
  }

  #pointAt(targets = ":not(*)") {
    for (const each of document.querySelectorAll(".pointed-at")) each.classList.remove("pointed-at");
    for (const each of document.querySelectorAll(targets)) each.classList.add("pointed-at");
  }
}
