// The network as the course draws it: stem, four stages, sixteen blocks with their skips, features. Both the path and
// the cuts are drawn on it.
import { make } from "../ui/dom.js";
import { drawChannel, mapCanvas } from "./map-canvas.js";

/** @import { Maps, Place } from "../library/inspector-types.js" */
/** @import { Context } from "./context.js" */

const SVG = "http://www.w3.org/2000/svg";
/** The arc of a skip over its block, in a box of 48x18; a convolutional block's shortcut has a convolution of its own. */
const ARC = "M4 18 V10 Q4 4 10 4 H38 Q44 4 44 10 V18";

const FEATURE_ROWS = 32;

/** @typedef {{ place: Place, element: HTMLElement, button: HTMLButtonElement, canvas: HTMLCanvasElement }} Tile */

export class Strip {
  /** @type {Map<string, Tile>} */
  tiles = new Map();
  element;

  /**
   * @param {Context} context
   * @param {object} options
   * @param {(place: Place) => void} options.onOpen
   * @param {(place: Place) => HTMLElement[]} [options.below] what stands below a block
   */
  constructor(context, { onOpen, below = () => [] }) {
    const { words } = context;
    const stages = grouped(context.places);
    this.element = make("ol", { className: "strip", says: { "aria-label": () => words().path.strip } }, ...[...stages.values()].map((places) => {
      const [first] = places;
      const tiles = places.map((place) => this.#tile(context, place, onOpen, below(place)));
      return make("li", { className: "strip-stage", data: { kind: first?.kind ?? "" } },
        make("p", { className: "strip-name" }, make("b", { says: () => (first ? stageName(context, first) : "") }), " ", make("span", { says: () => sizeOf(context, places.at(-1)) })),
        make("div", { className: "strip-blocks" }, ...tiles));
    }));
    this.#rove();
    context.onState((changed) => { if (changed.has("cuts")) this.#showCuts(context); });
    this.#showCuts(context);
  }

  /** @param {Context} context @param {Place} place @param {(place: Place) => void} onOpen @param {HTMLElement[]} below */
  #tile({ words }, place, onOpen, below) {
    const canvas = mapCanvas();
    const isBlock = place.convolutions.some(({ name }) => name !== "conv1");
    const button = make("button", { type: "button", className: "strip-place", data: { testid: "inside-place", place: place.name, printed: "" }, attributes: { "aria-pressed": "false" },
      says: { "aria-label": () => words().path.open(placeName(words(), place)) }, on: { click: () => onOpen(place) } },
      canvas, make("span", { className: "strip-label", textContent: isBlock ? place.name : "", attributes: { "aria-hidden": "true" } }));
    const element = make("div", { className: "strip-block", data: { kind: place.kind, ...(isBlock && { testid: "inside-block", block: place.name }) } },
      ...(isBlock ? [arc(place.kind)] : []), button, ...below);
    this.tiles.set(place.name, { place, element, button, canvas });
    return element;
  }

  /** Each row of buttons is one stop of the Tab key: arrows go along a row, and from row to row within a block. */
  #rove() {
    const rowOf = (/** @type {HTMLElement} */ button) => /** @type {HTMLElement[]} */ ([...this.element.querySelectorAll(`button.${button.className}${button.dataset.part ? `[data-part=${button.dataset.part}]` : ""}`)]);
    const stopAt = (/** @type {HTMLElement} */ button) => { for (const each of rowOf(button)) each.tabIndex = each === button ? 0 : -1; };
    const seen = new Set();
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (this.element.querySelectorAll("button"))) {
      const [first] = rowOf(button);
      if (first && !seen.has(first)) stopAt(first);
      seen.add(first);
    }
    this.element.addEventListener("focusin", ({ target }) => stopAt(/** @type {HTMLElement} */ (target)));
    this.element.addEventListener("keydown", (event) => {
      const from = /** @type {HTMLElement} */ (event.target);
      const column = /** @type {HTMLElement[]} */ ([...(from.closest(".strip-block")?.querySelectorAll("button") ?? [])]);
      const [row, along, down] = [rowOf(from), { ArrowLeft: -1, ArrowRight: 1 }[event.key], { ArrowUp: -1, ArrowDown: 1 }[event.key]];
      const next = along ? row[row.indexOf(from) + along] : down ? column[column.indexOf(from) + down] : undefined;
      if (!next || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      next.focus();
    });
  }

  /** The one that is open. @param {string} name */
  mark(name) {
    for (const [each, { button }] of this.tiles) button.setAttribute("aria-pressed", String(each === name));
  }

  /** @param {Context} context */
  #showCuts({ cuts }) {
    for (const [name, { element }] of this.tiles) {
      if (!element.dataset.block) continue;
      for (const part of /** @type {const} */ (["branch", "skip"])) {
        element.dataset[part] = cuts.some((cut) => cut.block === name && cut.part === part) ? "off" : "on";
      }
    }
  }

  /** @param {string} name @param {Maps} maps @param {number} channel */
  draw(name, maps, channel) {
    const tile = this.tiles.get(name);
    if (!tile) return;
    // The features have no places of their own: all of them are drawn instead, in rows.
    if (maps.height === 1) drawChannel(tile.canvas, { ...maps, channels: 1, height: FEATURE_ROWS, width: maps.channels / FEATURE_ROWS }, 0);
    else drawChannel(tile.canvas, maps, channel);
  }
}

/** @param {import("./words/en.js").Words} words @param {Place} place */
export const placeName = ({ path }, { name, kind }) => (kind === "stem" || kind === "features" ? path.kinds[kind] : path.block(name, path.kinds[kind]));

/** @param {Context} context @param {Place} place */
function stageName({ words }, { kind, stage }) {
  const { path } = words();
  return kind === "stem" || kind === "features" ? path.kinds[kind] : path.stage(stage);
}

/** @param {Context} context @param {Place} [place] */
const sizeOf = ({ words }, place) => (place ? words().path.size(...place.size) : "");

/** @param {Place[]} places */
function grouped(places) {
  /** @type {Map<number, Place[]>} */
  const stages = new Map();
  for (const place of places) stages.set(place.stage, [...(stages.get(place.stage) ?? []), place]);
  return stages;
}

/** @param {Place["kind"]} kind */
function arc(kind) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 48 18", class: "strip-arc", preserveAspectRatio: "none", "aria-hidden": "true" })) svg.setAttribute(name, value);
  const parts = [["path", { d: ARC }], ...(kind === "convolutional" ? [["rect", { x: "19", y: "0", width: "10", height: "8", rx: "2" }]] : [])];
  for (const [tag, attributes] of /** @type {[string, Record<string, string>][]} */ (parts)) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    svg.append(made);
  }
  return svg;
}
