// The check set: how much of it is read right with the cuts of now, measured anew in the background, with progress and cancel.
import { messages, say } from "../i18n/language.js";
import { DIGITS } from "../recognizer/contract.js";
import { make, passFocus } from "../ui/dom.js";
import { announce, showError } from "../ui/notices.js";
import { SETS } from "./state.js";

/** @import { Context } from "./context.js" */
/** @import { Measured, Measurements } from "./measure.js" */

/** Whoever flips several switches measures once. */
const SETTLED_MS = 250;

export class CheckPanel {
  element;
  #context;
  #measurements;
  #select;
  #line = make("p", { className: "check-line" });
  #bar = make("progress", { max: 1, value: 0 });
  #cancel;
  #figures = { accuracy: make("dd", { textContent: "–" }), margin: make("dd", { textContent: "–" }) };
  #whole = make("p", { className: "note" });
  /** @type {AbortController | null} */
  #running = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** Called when another set is chosen. */
  onSet = () => {};

  /** @param {Context} context @param {Measurements} measurements */
  constructor(context, measurements) {
    this.#context = context;
    this.#measurements = measurements;
    const { words, signal } = context;
    const offered = SETS.filter((name) => name !== "samples" || context.samples().length > 0);
    this.#select = make("select", { data: { testid: "inside-set" }, on: { change: () => context.state.set({ set: SETS.find((name) => name === this.#select.value) }) } },
      ...offered.map((name) => make("option", { value: name, says: () => words().cut.sets[name] })));
    this.#select.value = this.set;
    this.#cancel = make("button", { type: "button", data: { testid: "inside-cancel" }, hidden: true, says: () => messages.cancel, on: { click: () => this.cancel() } });
    say(this.#bar, () => words().cut.measured, "aria-label");
    this.element = make("section", { className: "check-panel", data: { testid: "inside-check", state: "idle" }, says: { "aria-label": () => words().cut.check } },
      make("div", { className: "check-head" }, make("h3", { says: () => words().cut.check }),
        make("label", { className: "field" }, make("span", { className: "unseen", says: () => words().cut.check }), this.#select)),
      make("dl", { className: "check-figures" },
        make("div", {}, make("dt", { says: () => words().cut.accuracy }), this.#figures.accuracy),
        make("div", {}, make("dt", { says: () => words().cut.margin }), this.#figures.margin)),
      make("div", { className: "check-progress" }, this.#line, this.#cancel), this.#bar, this.#whole);
    context.onState((changed) => {
      if (changed.has("set")) {
        this.#select.value = this.set;
        this.onSet();
      }
      if (!changed.has("cuts") && !changed.has("set")) return;
      this.#running?.abort();
      this.#show("running");
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#measure(), SETTLED_MS);
    });
    signal.addEventListener("abort", () => clearTimeout(this.#timer), { once: true });
    this.#measure();
  }

  get set() {
    const { state, samples, labels } = this.#context;
    if (samples().length === 0) return state.get("set") === "samples" ? "composed" : state.get("set"); // a link from somebody who has some
    return DIGITS.some((digit) => labels.includes(digit)) ? state.get("set") : "samples"; // the others show digits alone
  }

  cancel() {
    this.#running?.abort();
    clearTimeout(this.#timer);
    this.#show("idle");
    this.#forget();
    say(this.#line, () => this.#context.words().cut.cancelled);
  }

  async #measure() {
    const { cuts, signal, words } = this.#context;
    if (signal.aborted) return;
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    const { set } = this;
    this.#show("running");
    try {
      const measured = await this.#measurements.measure(set, cuts, { signal: running.signal, onProgress: (done, all) => {
        if (running.signal.aborted) return;
        this.#bar.value = done / all;
        say(this.#line, () => words().cut.measuring(done, all));
      } });
      if (!measured || running !== this.#running) return;
      this.#show("idle");
      this.#tell(measured);
      if (cuts.length > 0) {
        const whole = await this.#measurements.measure(set, [], { signal: running.signal });
        if (whole && running === this.#running) say(this.#whole, () => words().cut.wholeShows(whole.accuracy, messages.format.twoDecimals(whole.margin)));
      } else {
        say(this.#whole, "");
      }
    } catch (thrown) {
      if (running !== this.#running) return;
      this.#show("idle");
      this.#forget();
      showError(thrown);
    }
  }

  /** Figures of other cuts are no longer true. */
  #forget() {
    for (const name of ["accuracy", "margin", "pictures"]) delete this.element.dataset[name];
    for (const figure of Object.values(this.#figures)) say(figure, "–");
    say(this.#whole, "");
  }

  /** @param {Measured} measured */
  #tell({ right, count, accuracy, margin }) {
    const { words } = this.#context;
    const { format } = messages;
    const isEmpty = count === 0;
    Object.assign(this.element.dataset, { accuracy, margin, pictures: count });
    say(this.#figures.accuracy, () => (isEmpty ? "–" : format.percent(accuracy)));
    say(this.#figures.margin, () => (isEmpty ? "–" : format.twoDecimals(margin)));
    say(this.#line, () => (isEmpty ? words().cut.empty : words().cut.checked(right, count, format.twoDecimals(margin))));
    announce(this.#line.textContent ?? "");
  }

  /** @param {"idle" | "running"} state */
  #show(state) {
    this.element.dataset.state = state;
    this.#bar.value = 0;
    this.#bar.style.visibility = state === "running" ? "visible" : "hidden";
    if (state === "idle") passFocus(this.#cancel, this.#select);
    this.#cancel.hidden = state === "idle";
  }
}
