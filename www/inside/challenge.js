// The challenge: blur as few cells of the picture as it takes until the answer is another one. Beside it how many it takes in the
// order of the occlusion map, which has asked the model, and in an order that has asked nobody.
import { renderWith } from "../i18n/language.js";
import { answerTo } from "../recognizer/answer.js";
import { INPUT_SIDE, NO_SIGN } from "../recognizer/contract.js";
import { make, passFocus } from "../ui/dom.js";
import { newestOnly } from "../ui/newest-only.js";
import { announce, showError } from "../ui/notices.js";
import { allMoments } from "../ui/pointer.js";
import { answerWord } from "../ui/view.js";
import { OCCLUSION_SIDE, occlusionMap, rankedCells, shuffled } from "./evidence.js";
import { words } from "./words.js";

/** @import { Answer } from "../library/inspector-types.js" */
/** @import { Context } from "./context.js" */

/** Cells in each direction, of 8x8 pixels. */
const SIDE = OCCLUSION_SIDE;
const CELLS = SIDE * SIDE;
const PRESENCE = -1;

/** In how many cells each order needs; null where all of them change nothing, undefined where that isn't known yet. @typedef {Record<"map" | "random", number | null | undefined>} Needed */

/** @param {Context} context */
export const challenge = (context) => new Challenge(context).element;

class Challenge {
  #context;
  #canvas = make("canvas", { width: INPUT_SIDE, height: INPUT_SIDE, attributes: { "aria-hidden": "true" } });
  #grid;
  /** @type {HTMLElement[]} */
  #cells = [];
  #line = make("p", { className: "challenge-line", data: { testid: "challenge-line" } });
  #orders = make("p", { className: "note", data: { testid: "challenge-orders" } });
  #clear = make("button", { type: "button", disabled: true, data: { testid: "challenge-clear" }, says: () => this.#texts.clear, on: { click: () => this.#reset() } });
  #take = make("button", { type: "button", data: { testid: "challenge-take" }, says: () => this.#texts.take, on: { click: () => this.#begin() } });
  #compare = make("button", { type: "button", data: { testid: "challenge-compare" }, says: () => this.#texts.compare, on: { click: () => void this.#compareOrders() } });
  #board = make("div", { className: "challenge-board", hidden: true });
  element;
  /** The picture that is played with, a still one. @type {Uint8Array | null} */
  #pixels = null;
  /** To the picture as it is, and to the blurred one. @type {Answer | null} */
  #first = null;
  /** @type {Answer | null} */
  #now = null;
  /** Those that are blurred, in the order of their choice. @type {Set<number>} */
  #blurred = new Set();
  /** The cell that the keys are at. */
  #at = 0;
  /** What a drag does to the cells that it passes, and where it was last: null while there is none. @type {{ blurs: boolean, x: number, y: number } | null} */
  #painting = null;
  /** Ends what is measured of a picture that is no longer played with. */
  #game = new AbortController();
  /** @type {Needed} */
  #needed = { map: undefined, random: undefined };
  #ask = newestOnly(() => this.#askOnce());

  get #texts() {
    return words().why.challenge;
  }

  /** @param {Context} context */
  constructor(context) {
    this.#context = context;
    const on = { keydown: (/** @type {KeyboardEvent} */ event) => this.#press(event), pointerdown: (/** @type {PointerEvent} */ event) => this.#begins(event), pointermove: (/** @type {PointerEvent} */ event) => this.#passes(event) };
    this.#grid = make("div", { className: "challenge-grid", tabIndex: 0, data: { testid: "challenge-grid" }, attributes: { role: "grid", "aria-multiselectable": "true" },
      says: { "aria-label": () => this.#texts.grid }, on: { ...on, pointerup: () => { this.#painting = null; }, pointercancel: () => { this.#painting = null; } } });
    for (let row = 0; row < SIDE; row += 1) {
      const cells = Array.from({ length: SIDE }, (_, column) => make("div", { id: `cell-${row}-${column}`, className: "challenge-cell", attributes: { role: "gridcell" }, data: { cell: String(row * SIDE + column) } }));
      this.#cells.push(...cells);
      this.#grid.append(make("div", { className: "challenge-row", attributes: { role: "row" } }, ...cells));
    }
    this.#board.append(make("div", { className: "challenge-picture" }, this.#canvas, this.#grid),
      make("div", { className: "challenge-side" }, this.#line, make("div", { className: "challenge-buttons", data: { unprinted: "" } }, this.#clear, this.#compare), this.#orders));
    this.element = make("section", { className: "challenge", data: { testid: "challenge" }, attributes: { "aria-labelledby": "challenge-title" } },
      make("div", { className: "section-head" }, make("h3", { id: "challenge-title", says: () => this.#texts.title }), this.#take),
      make("p", { className: "note", says: () => this.#texts.lead }), this.#board);
    renderWith(this.#board, () => this.#render());
    context.onInput((input) => {
      this.#take.hidden = !input.isLive;
      // Of a webcam only the frame that is asked for: a game needs a picture that stays.
      if (!input.isLive && !this.#isPlaying(input.pixels)) this.#begin();
    });
    context.onState((changed) => { if (changed.has("cuts") && this.#pixels) this.#begin(this.#pixels); });
  }

  /** @param {Uint8Array} pixels */
  #isPlaying(pixels) {
    return this.#pixels !== null && this.#pixels.every((value, index) => value === pixels[index]);
  }

  /** Anew with a picture: of the network as it is now, whose first answer is what has to change. */
  #begin(pixels = this.#context.input?.pixels) {
    if (!pixels) return;
    this.#pixels = pixels.slice();
    this.#first = null;
    this.#board.hidden = false;
    this.#reset();
  }

  #reset() {
    this.#game.abort();
    this.#game = new AbortController();
    this.#blurred.clear();
    this.#now = null;
    this.#needed = { map: undefined, random: undefined };
    passFocus(this.#clear, this.#grid);
    this.#render();
    this.#ask();
  }

  /** The answer to what is blurred now, and how it looks. */
  async #askOnce() {
    const pixels = this.#pixels;
    if (!pixels || this.#context.signal.aborted) return;
    const order = Uint32Array.from(this.#blurred);
    const { signal } = this.#game;
    try {
      const { inspector, cuts } = this.#context;
      const [answer, picture] = await Promise.all([inspector.blurred(pixels, [...cuts], order, order.length, { signal }), inspector.blurredInput(pixels, order, order.length, { signal })]);
      if (!answer || !picture || pixels !== this.#pixels) return;
      const before = this.#labelOf(this.#now);
      this.#now = answer;
      if (order.length === 0) this.#first = answer;
      this.#canvas.getContext("2d")?.putImageData(new ImageData(new Uint8ClampedArray(picture), INPUT_SIDE, INPUT_SIDE), 0, 0);
      this.#render();
      if (before !== "" && before !== this.#labelOf(answer)) announce(this.#line.textContent ?? "");
    } catch (thrown) {
      showError(thrown);
    }
  }

  /** What the page would answer. @param {Answer | null} answer */
  #labelOf(answer) {
    return answer ? answerTo(answer, this.#context.threshold()) : "";
  }

  // The two orders

  async #compareOrders() {
    const [pixels, first] = [this.#pixels, this.#first];
    if (!pixels || !first) return;
    const { inspector, labels } = this.#context;
    const cuts = [...this.#context.cuts];
    const { signal } = this.#game;
    const label = this.#labelOf(first);
    this.#compare.disabled = true;
    this.#orders.textContent = this.#texts.comparing;
    try {
      const losses = await inspector.occlusion(pixels, cuts, label === NO_SIGN ? PRESENCE : labels.indexOf(label), { signal, background: true });
      if (!losses) return;
      const orders = { map: rankedCells(occlusionMap(losses)), random: shuffled(CELLS) };
      for (const name of /** @type {const} */ (["map", "random"])) {
        const order = Uint32Array.from(orders[name]);
        let count = 1;
        for (; count <= CELLS; count += 1) {
          const answer = await inspector.blurred(pixels, cuts, order, count, { signal, background: true });
          if (!answer) return;
          if (this.#labelOf(answer) !== label) break;
        }
        this.#needed[name] = count <= CELLS ? count : null;
        this.#render();
      }
      announce(this.#orders.textContent ?? "");
    } catch (thrown) {
      showError(thrown);
    } finally {
      this.#compare.disabled = false;
      passFocus(this.#compare, this.#compare);
    }
  }

  // Mouse, finger and keys

  /** @param {number} cell @param {boolean} blurs */
  #put(cell, blurs) {
    if (this.#blurred.has(cell) === blurs) return;
    if (blurs) this.#blurred.add(cell);
    else this.#blurred.delete(cell);
    this.#render();
    this.#ask();
  }

  /** In cells. @param {PointerEvent} event */
  #pointOf({ clientX, clientY }) {
    const { left, top, width, height } = this.#grid.getBoundingClientRect();
    const within = (/** @type {number} */ value) => Math.min(Math.max(value, 0), SIDE - 0.001);
    return { x: within((SIDE * (clientX - left)) / width), y: within((SIDE * (clientY - top)) / height) };
  }

  /** @param {PointerEvent} event */
  #begins(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    event.preventDefault();
    this.#grid.focus({ preventScroll: true });
    this.#grid.setPointerCapture(event.pointerId);
    const { x, y } = this.#pointOf(event);
    this.#at = cellAt(x, y);
    this.#painting = { blurs: !this.#blurred.has(this.#at), x, y };
    this.#put(this.#at, this.#painting.blurs);
  }

  /** Cells between two moments too: a fast drag, or a busy page, leaves no holes and cuts no corner. @param {PointerEvent} event */
  #passes(event) {
    for (const moment of allMoments(event)) {
      if (!this.#painting) return;
      const { blurs, x, y } = this.#painting;
      const to = this.#pointOf(moment);
      const steps = Math.ceil(4 * Math.hypot(to.x - x, to.y - y));
      for (let step = 1; step <= steps; step += 1) this.#put(this.#at = cellAt(x + ((to.x - x) * step) / steps, y + ((to.y - y) * step) / steps), blurs);
      this.#painting = { blurs, ...to };
    }
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [row, column] = [Math.floor(this.#at / SIDE), this.#at % SIDE];
    /** @type {Record<string, [number, number]>} */
    const moves = { ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], Home: [row, 0], End: [row, SIDE - 1] };
    const to = moves[event.key];
    if (event.key === " " || event.key === "Enter") this.#put(this.#at, !this.#blurred.has(this.#at));
    else if (to) this.#at = Math.min(Math.max(to[0], 0), SIDE - 1) * SIDE + Math.min(Math.max(to[1], 0), SIDE - 1);
    else return;
    event.preventDefault();
    this.#render();
  }

  // The page

  #render() {
    const texts = this.#texts;
    this.#cells.forEach((cell, index) => {
      const isBlurred = this.#blurred.has(index);
      cell.setAttribute("aria-selected", String(isBlurred));
      cell.setAttribute("aria-label", (isBlurred ? texts.blurredCell : texts.clearCell)(Math.floor(index / SIDE) + 1, (index % SIDE) + 1));
      cell.classList.toggle("at", index === this.#at);
    });
    const at = this.#cells[this.#at];
    if (at) this.#grid.setAttribute("aria-activedescendant", at.id);
    const [count, label, first] = [this.#blurred.size, this.#labelOf(this.#now), this.#labelOf(this.#first)];
    const isFlipped = first !== "" && label !== first;
    this.#clear.disabled = count === 0;
    Object.assign(this.element.dataset, { blurred: String(count), label, first, flipped: String(isFlipped) });
    this.#line.textContent = label === "" ? "" : isFlipped ? texts.flipped(count, answerWord(label)) : count === 0 ? texts.start(answerWord(label)) : texts.still(count, answerWord(label));
    const { map, random } = this.#needed;
    const said = (/** @type {number | null | undefined} */ needed, /** @type {(count: number) => string} */ words, /** @type {string} */ never) => (needed === undefined ? [] : [needed === null ? never : words(needed)]);
    if (map !== undefined || random !== undefined || count === 0) this.#orders.textContent = [...said(map, texts.map, texts.mapNever), ...said(random, texts.random, texts.randomNever)].join(" ");
    Object.assign(this.#orders.dataset, { map: String(map ?? ""), random: String(random ?? "") });
  }
}

/** @param {number} x @param {number} y both in cells */
const cellAt = (x, y) => Math.floor(y) * SIDE + Math.floor(x);
