// The three tabs. All show the one panel, which holds other columns in each: the inputs and the answer are in all of them.
import { isRightToLeft } from "../i18n/language.js";
import { part } from "./dom.js";

/** @typedef {"classify" | "teach" | "inside"} Tab */

const NAMES = /** @type {const} */ (["classify", "teach", "inside"]);

export class Tabs {
  /** @type {Tab} */
  current = "classify";
  #onChange;
  #buttons = NAMES.map((name) => part(`#tab-${name}`));

  /** @param {(tab: Tab) => void} onChange called after a change, and never for the tab that is open already */
  constructor(onChange) {
    this.#onChange = onChange;
    this.#buttons.forEach((tab, index) => {
      tab.addEventListener("click", () => this.open(NAMES[index] ?? "classify"));
      tab.addEventListener("keydown", (event) => this.#walk(event, index));
    });
    addEventListener("hashchange", () => this.follow());
  }

  /** Opens what the address asks for. */
  follow() {
    // Behind the third tab's name its own state may follow: inside/state.js reads that.
    this.#show(NAMES.find((name) => name === /^#(\w+)/.exec(location.hash)?.[1]) ?? "classify");
  }

  /** @param {Tab} name */
  open(name) {
    // Not an entry of its own in the history: "back" leaves the page, as before.
    history.replaceState(null, "", name === "classify" ? location.pathname + location.search : `#${name}`);
    this.#show(name);
  }

  /** @param {Tab} name */
  #show(name) {
    if (name === this.current) return;
    this.current = name;
    this.#buttons.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(NAMES[index] === name));
      tab.tabIndex = NAMES[index] === name ? 0 : -1;
    });
    part("#panel").setAttribute("aria-labelledby", `tab-${name}`);
    document.body.dataset.tab = name;
    this.#onChange(name);
  }

  /** @param {KeyboardEvent} event @param {number} index */
  #walk(event, index) {
    const step = isRightToLeft() ? -1 : 1;
    const next = { ArrowRight: index + step, ArrowLeft: index - step, Home: 0, End: NAMES.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const at = (next + NAMES.length) % NAMES.length;
    this.#buttons[at]?.focus();
    this.open(NAMES[at] ?? "classify");
  }
}
