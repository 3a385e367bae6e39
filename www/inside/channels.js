// A tensor's channels: the strongest, or all of them; one of them enlarged, whose values tell where they come from in
// the picture.
import { messages, say } from "../i18n/language.js";
import { INPUT_SIDE } from "../recognizer/contract.js";
import { make } from "../ui/dom.js";
import { announce } from "../ui/notices.js";
import { channelOf, extent, footprint, meansOf, strongest, zeroShare } from "./activations.js";
import { drawChannel, drawMosaic, mapCanvas, mosaicOf, put, rangeOf } from "./map-canvas.js";

/** @import { Maps } from "../library/inspector-types.js" */
/** @import { Field } from "./activations.js" */
/** @import { Context } from "./context.js" */

/** So many are shown at first. */
const FEW = 12;

/** `isChange`: what a block changes, rather than what it has computed. @typedef {{ signed: boolean, isChange: boolean, field: Field, rankedAt: number, pixels: Uint8Array, tensor: string }} Look */

export class Channels {
  element;
  #context;
  /** @type {Maps | null} */
  #maps = null;
  /** @type {Look | null} */
  #look = null;
  /** @type {number[]} */
  #few = [];
  #rankedFor = "";
  /** The value that is pointed at. @type {{ row: number, column: number } | null} */
  #cell = null;

  #picture = mapCanvas("look-canvas");
  #fieldMark = make("div", { className: "look-field", hidden: true });
  #ownMark = make("div", { className: "look-own", hidden: true });
  #large;
  #cellMark = make("div", { className: "look-cell", hidden: true });
  #caption = make("figcaption", { data: { testid: "inside-channel-name" } });
  /** @type {{ button: HTMLButtonElement, canvas: HTMLCanvasElement, name: HTMLElement }[]} */
  #tiles = [];
  #number;
  #toggle;
  #all = make("canvas", { className: "mosaic", width: 1, height: 1, hidden: true, attributes: { role: "img" }, data: { testid: "inside-mosaic" } });
  #words = make("p", { className: "look-words", data: { testid: "inside-words" } });
  #least = make("span");
  #most = make("span");
  #ramp = mapCanvas("ramp");
  /** Says what the two signs are where the block's change is shown. */
  #signed;

  /** @param {Context} context */
  constructor(context) {
    this.#context = context;
    const { words, signal } = context;
    this.#large = make("canvas", { className: "look-canvas", width: 1, height: 1, tabIndex: 0, data: { testid: "inside-channel" }, attributes: { role: "application" },
      says: { "aria-roledescription": () => words().path.grid } });
    this.#number = make("input", { type: "number", min: "0", step: "1", data: { testid: "inside-channel-number" }, attributes: { inputmode: "numeric" },
      on: { change: () => this.#choose(this.#number.valueAsNumber) } });
    this.#signed = make("p", { className: "note", hidden: true, says: () => words().path.signed });
    this.#toggle = make("button", { type: "button", data: { testid: "inside-all" }, attributes: { "aria-expanded": "false" }, on: { click: () => this.#toggleAll() } });
    const list = make("ol", { className: "channel-list", says: { "aria-label": () => words().path.strongest } }, ...Array.from({ length: FEW }, () => {
      const canvas = mapCanvas();
      const name = make("span");
      const button = make("button", { type: "button", className: "channel", data: { printed: "" }, attributes: { "aria-pressed": "false" }, on: { click: () => this.#choose(Number(button.dataset.channel)) } }, canvas, name);
      this.#tiles.push({ button, canvas, name });
      return make("li", {}, button);
    }));
    this.element = make("div", { className: "look" },
      make("div", { className: "look-pair" },
        make("figure", {}, make("div", { className: "look-box" }, this.#picture, this.#fieldMark, this.#ownMark), make("figcaption", { says: () => words().path.seen })),
        make("figure", {}, make("div", { className: "look-box" }, this.#large, this.#cellMark), this.#caption)),
      make("div", { className: "channels", data: { testid: "inside-channels" } },
        make("h4", { says: () => words().path.strongest }), list,
        make("div", { className: "channels-foot" },
          make("div", { className: "ramp-row" }, this.#least, this.#ramp, this.#most),
          make("label", { className: "field" }, make("span", { says: () => words().path.channel }), this.#number), this.#toggle),
        this.#signed, this.#all),
      this.#words);
    this.element.style.visibility = "hidden"; // its buttons have no names before there are maps
    this.#listen(signal);
    context.onState((changed) => { if (changed.has("channel")) this.#cell = null; });
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    const large = this.#large;
    large.addEventListener("pointermove", (event) => this.#pointAt(event), { signal });
    large.addEventListener("pointerdown", (event) => this.#pointAt(event), { signal });
    large.addEventListener("pointerleave", ({ pointerType }) => { if (pointerType === "mouse" && document.activeElement !== large) this.#point(null); }, { signal });
    large.addEventListener("blur", () => this.#point(null), { signal });
    large.addEventListener("keydown", (event) => this.#press(event), { signal });
    this.#all.addEventListener("click", (event) => {
      const { columns, rows } = this.#layout();
      const { left, top, width, height } = this.#all.getBoundingClientRect();
      const channel = Math.floor(((event.clientY - top) / height) * rows) * columns + Math.floor(((event.clientX - left) / width) * columns);
      this.#choose(channel);
    }, { signal });
  }

  // What is chosen

  get #channel() {
    const { state } = this.#context;
    const most = (this.#maps?.channels ?? 1) - 1;
    return Math.min(state.get("channel") ?? this.#few[0] ?? 0, most);
  }

  /** @param {number} channel */
  #choose(channel) {
    const count = this.#maps?.channels ?? 0;
    if (Number.isInteger(channel) && channel >= 0 && channel < count) this.#context.state.set({ channel });
    else this.#number.value = String(this.#channel);
  }

  #toggleAll() {
    this.#all.hidden = !this.#all.hidden;
    this.#toggle.setAttribute("aria-expanded", String(!this.#all.hidden));
    this.#show();
  }

  // Where a value comes from

  /** @param {PointerEvent} event */
  #pointAt({ clientX, clientY }) {
    if (!this.#maps) return;
    const { left, top, width, height } = this.#large.getBoundingClientRect();
    const at = (/** @type {number} */ share, /** @type {number} */ count) => Math.min(Math.max(Math.floor(share * count), 0), count - 1);
    this.#point({ row: at((clientY - top) / height, this.#maps.height), column: at((clientX - left) / width, this.#maps.width) });
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step || !this.#maps || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { row, column } = this.#cell ?? { row: -1, column: -1 };
    const [down = 0, right = 0] = this.#cell ? step : [1, 1];
    this.#point({ row: Math.min(Math.max(row + down, 0), this.#maps.height - 1), column: Math.min(Math.max(column + right, 0), this.#maps.width - 1) });
    announce(this.#words.textContent ?? "");
  }

  /** @param {{ row: number, column: number } | null} cell */
  #point(cell) {
    this.#cell = cell;
    this.#showCell();
  }

  #showCell() {
    const [cell, maps, look] = [this.#cell, this.#maps, this.#look];
    for (const mark of [this.#fieldMark, this.#ownMark, this.#cellMark]) mark.hidden = !cell;
    if (!maps || !look) return;
    const channel = this.#channel;
    if (!cell) {
      const best = this.#few[0] ?? 0;
      const [mean, zeros] = [meansOf(maps)[best] ?? 0, zeroShare(maps)];
      return say(this.#words, () => this.#context.words().path.summary(best, messages.format.significant(mean, 2), zeros));
    }
    const { row, column } = cell;
    const value = channelOf(maps, channel)[row * maps.width + column] ?? 0;
    const rows = extent(look.field, row, INPUT_SIDE);
    const columns = extent(look.field, column, INPUT_SIDE);
    const place = (/** @type {HTMLElement} */ mark, /** @type {{ from: number, to: number }} */ down, /** @type {{ from: number, to: number }} */ across, /** @type {[number, number]} */ [wide, high]) =>
      Object.assign(mark.style, { left: `${(100 * across.from) / wide}%`, top: `${(100 * down.from) / high}%`, width: `${(100 * (across.to - across.from)) / wide}%`, height: `${(100 * (down.to - down.from)) / high}%` });
    place(this.#fieldMark, rows, columns, [INPUT_SIDE, INPUT_SIDE]);
    place(this.#ownMark, footprint(look.field, row, INPUT_SIDE), footprint(look.field, column, INPUT_SIDE), [INPUT_SIDE, INPUT_SIDE]);
    place(this.#cellMark, { from: row, to: row + 1 }, { from: column, to: column + 1 }, [maps.width, maps.height]);
    Object.assign(this.#words.dataset, { row, column, rows: `${rows.from}-${rows.to}`, columns: `${columns.from}-${columns.to}` });
    say(this.#words, () => this.#context.words().path.value(row + 1, column + 1, messages.format.significant(value, 3), columns.to - columns.from, rows.to - rows.from));
  }

  // The canvases

  /** @param {Maps} maps @param {Look} look */
  draw(maps, look) {
    this.#maps = maps;
    this.#look = look;
    const rankedFor = `${look.tensor} ${look.rankedAt}`;
    if (rankedFor !== this.#rankedFor) {
      this.#few = strongest(maps, FEW);
      if (!this.#rankedFor.startsWith(`${look.tensor} `)) this.#cell = null;
      this.#rankedFor = rankedFor;
    }
    this.#show();
  }

  #layout() {
    return mosaicOf(/** @type {Maps} */ (this.#maps), this.#all.parentElement?.clientWidth ?? 300);
  }

  #show() {
    const [maps, look] = [this.#maps, this.#look];
    if (!maps || !look) return;
    this.element.style.visibility = "";
    const { words } = this.#context;
    const channel = this.#channel;
    put(this.#picture, new Uint8ClampedArray(look.pixels), INPUT_SIDE, INPUT_SIDE);
    drawChannel(this.#large, maps, channel, look.signed);
    say(this.#large, () => words().path.gridOf(channel), "aria-label");
    say(this.#caption, () => words().path.channelOf(channel, maps.channels));
    this.#tiles.forEach(({ button, canvas, name }, index) => {
      const shown = this.#few[index];
      button.parentElement?.toggleAttribute("hidden", shown === undefined);
      if (shown === undefined) return;
      drawChannel(canvas, maps, shown, look.signed);
      button.dataset.channel = name.textContent = String(shown);
      say(button, () => words().path.channelOf(shown, maps.channels), "aria-label");
      button.setAttribute("aria-pressed", String(shown === channel));
    });
    this.#signed.hidden = !look.isChange;
    this.#number.max = String(maps.channels - 1);
    if (document.activeElement !== this.#number) this.#number.value = String(channel);
    say(this.#toggle, () => (this.#all.hidden ? words().path.all(maps.channels) : words().path.few));
    if (!this.#all.hidden) {
      drawMosaic(this.#all, maps, this.#layout(), look.signed);
      say(this.#all, () => words().path.mosaic(maps.channels), "aria-label");
    }
    const range = rangeOf(channelOf(maps, channel), look.signed);
    put(this.#ramp, rampOf(range), 64, 1);
    say(this.#least, () => messages.format.significant(range.from, 2));
    say(this.#most, () => messages.format.significant(range.to, 2));
    this.#showCell();
  }
}

/** @param {ReturnType<typeof rangeOf>} range */
function rampOf({ scale }) {
  const pixels = new Uint8ClampedArray(4 * 64);
  for (let step = 0; step < 64; step += 1) pixels.set(scale.subarray(16 * step, 16 * step + 4), 4 * step);
  return pixels;
}

