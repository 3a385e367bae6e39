// The 2,048 features as bars, and the largest of them as a table.
import { messages, renderWith, say } from "../i18n/language.js";
import { make } from "../ui/dom.js";
import { announce } from "../ui/notices.js";
import { strongest } from "./activations.js";
import { cssColor } from "./color.js";
import { rangeOf } from "./map-canvas.js";

/** @import { Maps } from "../library/inspector-types.js" */
/** @import { Context } from "./context.js" */

/** In so many rows. */
const ROWS = 4;
/** A row's height and a bar's width, in pixels of the canvas. */
const [HIGH, WIDE] = [56, 2];
const LARGEST = 10;

export class Features {
  element;
  #context;
  /** @type {Maps | null} */
  #maps = null;
  #chosen = -1;
  #canvas;
  #words = make("p", { className: "look-words", data: { testid: "inside-words" } });
  #table = make("table", { className: "scores", data: { testid: "inside-features-table" } });

  /** @param {Context} context */
  constructor(context) {
    this.#context = context;
    const { words, signal } = context;
    this.#canvas = make("canvas", { className: "feature-bars", width: 1, height: 1, tabIndex: 0, data: { testid: "inside-features" },
      attributes: { role: "application" }, says: { "aria-roledescription": () => words().path.bars, "aria-label": () => words().path.barsLabel } });
    this.#canvas.addEventListener("pointermove", (event) => this.#pointAt(event), { signal });
    this.#canvas.addEventListener("pointerdown", (event) => this.#pointAt(event), { signal });
    this.#canvas.addEventListener("keydown", (event) => this.#press(event), { signal });
    renderWith(this.#table, () => this.#fill());
    this.element = make("div", { className: "features" }, this.#canvas, this.#words,
      make("details", {}, make("summary", { says: () => words().path.largest }), make("div", { className: "table-scroll" }, this.#table)));
  }

  /** @param {Maps} maps */
  draw(maps) {
    this.#maps = maps;
    if (this.#chosen < 0) this.#chosen = strongest(maps, 1)[0] ?? 0;
    const { values, channels } = maps;
    const columns = Math.ceil(channels / ROWS);
    Object.assign(this.#canvas, { width: columns * WIDE, height: ROWS * HIGH });
    const context = this.#canvas.getContext("2d");
    const range = rangeOf(values, false);
    if (!context) return;
    const { color } = getComputedStyle(this.#canvas);
    values.forEach((value, index) => {
      const height = range.to > 0 ? (value / range.to) * (HIGH - 6) : 0;
      context.fillStyle = index === this.#chosen ? color : cssColor(0.35 * range.to + 0.65 * value, range);
      context.fillRect((index % columns) * WIDE, (Math.floor(index / columns) + 1) * HIGH - height - 1, index === this.#chosen ? 2 * WIDE : WIDE, height + 1);
    });
    this.#show();
    this.#fill();
  }

  #show() {
    const { words } = this.#context;
    const value = this.#maps?.values[this.#chosen] ?? 0;
    say(this.#words, () => words().path.feature(this.#chosen, messages.format.significant(value, 3)));
  }

  #fill() {
    const maps = this.#maps;
    if (!maps) return;
    const { path } = this.#context.words();
    this.#table.replaceChildren(
      make("thead", {}, make("tr", {}, ...[path.columns.feature, path.columns.value].map((textContent) => make("th", { textContent, scope: "col" })))),
      make("tbody", {}, ...strongest(maps, LARGEST).map((index) => make("tr", {}, make("th", { scope: "row", textContent: String(index) }),
        make("td", { textContent: messages.format.significant(maps.values[index] ?? 0, 3) })))));
  }

  /** @param {PointerEvent} event */
  #pointAt({ clientX, clientY }) {
    if (!this.#maps) return;
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const columns = Math.ceil(this.#maps.channels / ROWS);
    const at = (/** @type {number} */ share, /** @type {number} */ count) => Math.min(Math.max(Math.floor(share * count), 0), count - 1);
    this.#choose(at((clientY - top) / height, ROWS) * columns + at((clientX - left) / width, columns));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const columns = Math.ceil((this.#maps?.channels ?? ROWS) / ROWS);
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#choose(this.#chosen + step);
    announce(this.#words.textContent ?? "");
  }

  /** @param {number} index */
  #choose(index) {
    if (!this.#maps || index < 0 || index >= this.#maps.channels || index === this.#chosen) return;
    this.#chosen = index;
    this.draw(this.#maps);
  }
}
