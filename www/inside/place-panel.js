// One place of the network, opened: what it is made of, and the maps at each of its parts.
import { say } from "../i18n/language.js";
import { make } from "../ui/dom.js";
import { difference, rectified, strongest } from "./activations.js";
import { Channels } from "./channels.js";
import { Features } from "./features.js";
import { filterFigure } from "./filters.js";
import { drawChannel, mapCanvas, put } from "./map-canvas.js";
import { placeName } from "./strip.js";

/** @import { ShownInput } from "../input/inputs.js" */
/** @import { Convolution, Maps, Place } from "../library/inspector-types.js" */
/** @import { Field } from "./activations.js" */
/** @import { Context } from "./context.js" */

/**
 * A tensor that can be looked at. `name` is what the state calls it; `of` takes its maps from those of the pass.
 * @typedef {{ name: string, signed: boolean, isChange: boolean, of: (maps: Map<string, Maps>) => Maps | null, button: HTMLButtonElement, canvas: HTMLCanvasElement }} Part
 */

export class PlacePanel {
  element;
  #context;
  #fields;
  #onOpen;
  /** @type {Part[]} */
  #parts = [];
  /** What the block adds to, or null at a place that is none. @type {Place | null} */
  #before;
  /** The name of the tensor that is shown. */
  #selected = "";
  #channels;
  #features;
  /** Each part's strongest channel. @type {Map<string, number>} */
  #ranked = new Map();
  #rankedAt = 0;
  /** @type {HTMLCanvasElement | null} */
  #picture = null;
  /** What the chosen convolution costs. */
  #cost = make("p", { className: "place-facts", data: { testid: "inside-cost" } });

  /**
   * @param {Context} context @param {Place} place @param {Place | null} before the place that it takes its input from
   * @param {Map<string, Field>} fields @param {(name: string) => void} onOpen
   */
  constructor(context, place, before, fields, onOpen) {
    this.#context = context;
    this.place = place;
    this.#before = before;
    this.#fields = fields;
    this.#onOpen = onOpen;
    const isFeatures = place.kind === "features";
    this.#channels = isFeatures ? null : new Channels(context);
    this.#features = isFeatures ? new Features(context) : null;
    const words = () => context.words().path;
    this.element = make("section", { className: "place", data: { testid: "inside-open", place: place.name }, says: { "aria-label": () => placeName(context.words(), place) } },
      make("div", { className: "place-head" },
        make("h3", { says: () => placeName(context.words(), place) }),
        make("p", { className: "place-facts", says: () => words().facts(words().size(...place.size), place.parameters, place.multiplyAdds) })),
      make("p", { className: "note", says: () => words().about[place.kind] }),
      ...(isFeatures ? [] : [this.#diagram(), this.#cost]),
      ...(this.#channels ? [this.#channels.element] : []),
      ...(this.#features ? [this.#features.element] : []),
      ...(place.kind === "stem" ? [filterFigure(context)] : []));
  }

  // The diagram

  #diagram() {
    const { place } = this;
    const { words } = this.#context;
    const own = place.convolutions.filter(({ shortcut }) => !shortcut);
    const shortcut = place.convolutions.find((convolution) => convolution.shortcut);
    const last = own.at(-1);
    const input = this.#before
      ? this.#part(this.#before.name, (maps) => maps.get(this.#before?.name ?? "") ?? null, () => words().path.input, () => sizeText(this.#before))
      : this.#pictureTile();
    const isBlock = place.kind === "identity" || place.kind === "convolutional";
    const convolutions = own.map((convolution) => {
      const isChange = isBlock && convolution === last;
      return this.#part(convolution.name, isChange ? (maps) => this.#change(maps) : (maps) => maps.get(convolution.name) ?? null,
        () => words().path[isChange ? "branch" : "convolution"](convolution.kernel), () => channelsText(convolution), { isChange });
    });
    const output = this.#part(place.name, (maps) => maps.get(place.name) ?? null, () => (isBlock ? words().path.output : words().path.pooled), () => sizeText(place));
    const skip = make("div", { className: "block-skip", data: { kind: place.kind } }, shortcut
      ? this.#part(shortcut.name, (maps) => maps.get(shortcut.name) ?? null, () => words().path.shortcut(shortcut.kernel), () => channelsText(shortcut), { signed: true })
      : make("span", { says: () => words().path.unchanged }));
    const sum = make("div", { className: "block-sum" }, make("b", { textContent: "+", attributes: { "aria-hidden": "true" } }), make("span", { says: () => words().path.sum }));
    return make("div", { className: "block-parts", data: { kind: place.kind }, attributes: { role: "group" }, says: { "aria-label": () => words().path.parts } },
      ...(isBlock ? [skip] : []), input, ...convolutions, ...(isBlock ? [sum] : []), output);
  }

  /** @param {string} name @param {Part["of"]} of @param {() => string} title @param {() => string} caption @param {{ signed?: boolean, isChange?: boolean }} [options] */
  #part(name, of, title, caption, { isChange = false, signed = isChange } = {}) {
    const canvas = mapCanvas();
    const isOwn = name !== this.#before?.name;
    const button = make("button", { type: "button", className: "block-part", data: { testid: "inside-part", part: name, printed: "" }, attributes: isOwn ? { "aria-pressed": "false" } : {}, on: { click: () => this.#onOpen(name) } },
      canvas, make("b", { says: title }), make("span", { says: caption }));
    this.#parts.push({ name, signed, isChange, of, button, canvas });
    return button;
  }

  /** What the stem takes in is the picture itself. */
  #pictureTile() {
    const { words } = this.#context;
    this.#picture = mapCanvas("map");
    return make("div", { className: "block-part" }, this.#picture, make("b", { says: () => words().path.picture }), make("span", { says: () => words().path.size(3, 64, 64) }));
  }

  /** What the block has changed: its output less what the skip alone would have left behind the ReLU. @param {Map<string, Maps>} maps */
  #change(maps) {
    const { place } = this;
    const output = maps.get(place.name);
    if (!output) return null;
    const shortcut = place.convolutions.find((convolution) => convolution.shortcut);
    const isCut = this.#context.cuts.some(({ block, part }) => block === place.name && part === "skip");
    const carried = isCut ? null : (maps.get(shortcut?.name ?? this.#before?.name ?? "") ?? null);
    return difference(output, shortcut && carried ? rectified(carried) : carried);
  }

  // What is shown

  /** @param {string} name of this place or of one of its convolutions */
  select(name) {
    this.#selected = this.#parts.some((part) => part.name === name && name !== this.#before?.name) ? name : this.place.name;
    for (const part of this.#parts) if (part.name !== this.#before?.name) part.button.setAttribute("aria-pressed", String(part.name === this.#selected));
    const convolution = this.place.convolutions.find((each) => each.name === this.#selected);
    this.#cost.hidden = !convolution;
    if (convolution) say(this.#cost, () => costText(convolution, this.#context.words().path));
  }

  /** @param {Map<string, Maps>} maps @param {ShownInput} input @param {number} rankedAt when the strongest channels were to be chosen anew */
  draw(maps, input, rankedAt) {
    if (rankedAt !== this.#rankedAt) this.#ranked.clear();
    this.#rankedAt = rankedAt;
    if (this.#picture) put(this.#picture, new Uint8ClampedArray(input.pixels), 64, 64);
    for (const { name, signed, of, canvas } of this.#parts) {
      const shown = of(maps);
      if (!shown) continue;
      let channel = this.#ranked.get(name);
      if (channel === undefined) this.#ranked.set(name, channel = strongest(shown, 1)[0] ?? 0);
      drawChannel(canvas, shown, channel, signed);
    }
    const part = this.#parts.find(({ name }) => name === this.#selected);
    const selected = part ? part.of(maps) : (maps.get(this.place.name) ?? null);
    if (!selected) return;
    this.#features?.draw(selected);
    const field = this.#fields.get(this.#selected);
    if (field) this.#channels?.draw(selected, { signed: part?.signed ?? false, isChange: part?.isChange ?? false, field, rankedAt, pixels: input.pixels, tensor: this.#selected });
  }
}

/** @param {Place | null} place */
const sizeText = (place) => (place ? `${place.size.join("×")}` : "");
/** @param {Convolution} convolution */
const channelsText = ({ input, output, stride }) => `${input} → ${output}${stride > 1 ? ` /${stride}` : ""}`;
/** @param {Convolution} convolution @param {import("./words/en.js").Words["path"]} texts */
const costText = ({ kernel, output, side, parameters, multiplyAdds, shortcut }, texts) =>
  `${(shortcut ? texts.shortcut : texts.convolution)(kernel)}: ${texts.facts(texts.size(output, side, side), parameters, multiplyAdds)}`;
