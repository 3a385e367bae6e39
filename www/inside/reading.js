// What is to be read beside a map: a sentence, the sum that the map is, what it means, and its scale. Until the map is there its
// place is kept: nothing below it moves when it comes, and whoever has begun to drag there hits what was aimed at.
import { messages } from "../i18n/language.js";
import { make } from "../ui/dom.js";
import { QUADRANTS, extentOf, quadrantSums, wordsOf } from "./evidence.js";
import { hatching, signColor } from "./map-drawing.js";
import { svg } from "./svg.js";
import { words } from "./words.js";

/** @import { CellMap } from "./evidence.js" */
/** @import { METHODS } from "./state.js" */
/** @typedef {typeof METHODS[number]} Method */
/** What a map is of, and what there is to say about the picture and the network. @typedef {{ method: Method, isMirrored: boolean, isLive: boolean, isCut: boolean, isNoSign: boolean, mirrors: boolean }} Facts */
/** @typedef {{ map: CellMap, bias: number, logit: number }} Measured */
/** @typedef {{ words: string, terms: [value: number, name: string][], total: [value: number, name: string] | null, notes: string, ends: [string, string] }} Read */

/** A figure as wide as any in a sum. */
const WIDEST = -88.88;

export class Reading {
  #words = make("p", { className: "why-words", data: { testid: "inside-words" } });
  #sum = make("div", { className: "why-sum", data: { testid: "inside-sum" } });
  #notes = make("p", { className: "note" });
  #legend = make("p", { className: "why-legend" });
  #shown = make("div", { className: "why-reading" }, this.#words, this.#sum, this.#notes, this.#legend);
  /** As much as there may be to read, unseen. */
  #room = make("div", { className: "why-reading why-room" });
  #kept = "";
  element = make("div", { className: "why-readings" }, this.#shown, this.#room);

  /** Keeps the place of a map that is on its way. @param {Facts} facts @param {string[]} labels that it may be of, as they are said */
  reserve(facts, labels) {
    const read = longestRead(facts, longest(labels));
    const kept = JSON.stringify(read);
    if (kept === this.#kept) return; // as with each frame of a webcam
    this.#kept = kept;
    this.#room.replaceChildren(make("p", { className: "why-words", textContent: read.words }), make("div", { className: "why-sum" }, ...terms(read)),
      make("p", { className: "note", textContent: read.notes }), make("p", { className: "why-legend" }, ...legend(read.ends)));
  }

  clear() {
    for (const part of this.#shown.children) part.replaceChildren();
  }

  /** @param {Measured} measured @param {Facts} facts @param {string} label as it is said @returns {string} the sentence */
  show(measured, facts, label) {
    const read = readOf(measured, facts, label);
    this.#words.textContent = read.words;
    this.#sum.replaceChildren(...terms(read));
    this.#notes.textContent = read.notes;
    this.#legend.replaceChildren(...legend(read.ends));
    return read.words;
  }
}

/** @param {Measured} measured @param {Facts} facts @param {string} label @returns {Read} */
function readOf({ map, bias, logit }, facts, label) {
  const { method } = facts;
  const texts = words().why;
  const sums = quadrantSums(map);
  const total = (/** @type {"for" | "against"} */ sign) => sums.reduce((sum, each) => sum + each[sign], 0);
  /** @type {(value: number) => [number, string][]} */
  const withBias = (value) => [[value, texts.bias]];
  return {
    words: wordsOf(map, label, texts),
    terms: method === "occlusion" ? [] : method === "exact" ? [...QUADRANTS.map((quadrant, index) => /** @type {[number, string]} */ ([map.cells[index] ?? 0, texts.places[quadrant]])), ...withBias(bias)]
      : [[total("for"), texts.allFor], [-total("against"), texts.allAgainst], ...withBias(bias)],
    total: method === "occlusion" ? null : [logit, method === "exact" ? texts.logit : texts.meanLogit],
    notes: notesOf(facts),
    ends: ends(label, extentOf(map)),
  };
}

/** No map of these facts has more to read. @param {Facts} facts @param {string} label the longest @returns {Read} */
function longestRead(facts, label) {
  const texts = words().why;
  const place = longest(Object.values(texts.places));
  const read = readOf({ map: { side: 2, cells: [0, 0, 0, 0] }, bias: WIDEST, logit: WIDEST }, facts, label);
  return {
    words: longest([texts.most(label, place, 1), texts.largest(label, place, 1), texts.onlyAgainst(label, place, 1), texts.nothing(label)]),
    terms: read.terms.map(([, name]) => [WIDEST, name]),
    total: read.total,
    notes: notesOf({ ...facts, isNoSign: true }),
    ends: ends(label, -WIDEST),
  };
}

/** @param {Facts} facts */
function notesOf({ method, isMirrored, isLive, isCut, isNoSign, mirrors }) {
  const texts = words().why;
  return [
    texts.notes[method],
    ...(method === "finer" || method === "finest" ? [mirrors ? texts.inMirror : texts.notInMirror] : []),
    ...(isNoSign ? [texts.noSign] : []),
    ...(isMirrored ? [texts.mirrored] : []),
    ...(isLive && method === "occlusion" ? [texts.slower] : []),
    ...(isCut ? [texts.cut] : []),
  ].join(" ");
}

/** @param {string[]} said */
const longest = (said) => said.reduce((most, each) => (each.length > most.length ? each : most), "");

/** What the scale's ends say. @param {string} label @param {number} extent @returns {[string, string]} */
function ends(label, extent) {
  const texts = words().why;
  const { signed } = messages.format;
  return [`${texts.against(label)} (${signed(-extent)})`, `${texts.for(label)} (${signed(extent)})`];
}

/** The sum that the map is: each part with what it is. @param {Read} read */
function terms({ terms: parts, total }) {
  if (!total) return [];
  const term = (/** @type {[value: number, name: string]} */ [value, name], className = "why-term") =>
    make("span", { className }, make("b", { textContent: messages.format.signed(value) }), make("span", { textContent: name }));
  return [...parts.map((part) => term(part)), make("span", { className: "why-equals", textContent: "=" }), term(total, "why-term why-total")];
}

/** @param {[string, string]} ends */
function legend([least, most]) {
  const steps = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1];
  const bar = svg("svg", { viewBox: `0 0 ${16 * steps.length} 16`, class: "why-bar", "aria-hidden": "true" }, ...steps.flatMap((step, index) => [
    svg("rect", { x: 16 * index, y: 0, width: 16, height: 16, fill: signColor(step > 0), "fill-opacity": Math.abs(step) }),
    ...(step < 0 ? [svg("path", { d: hatching(16 * index, 0, 16), stroke: signColor(false), "stroke-width": 1 })] : [])]));
  const end = (/** @type {string} */ said) => make("span", { textContent: said, dir: "auto" });
  return [end(least), bar, end(most)];
}
