// The view "The path": what the picture becomes on its way through the network, place by place.
import { make } from "../ui/dom.js";
import { receptiveFields, strongest } from "./activations.js";
import { onScales } from "./color.js";
import { cutNotice } from "./cut-notice.js";
import { PlacePanel } from "./place-panel.js";
import { Strip } from "./strip.js";

/** @import { Maps, Place } from "../library/inspector-types.js" */
/** @import { Context, View } from "./context.js" */
/** @import { ShownInput } from "../input/inputs.js" */

/** While a webcam is live the strongest channels are chosen again after so long; between that, each stays where it is. */
const RANKED_MS = 1500;

/** @type {View} */
export const path = {
  mount(container, context) {
    new Path(container, context);
  },
};

class Path {
  #context;
  #strip;
  #fields;
  #stage = make("div", { className: "place-stage" });
  /** @type {PlacePanel | null} */
  #panel = null;
  /** At each place, and at the convolutions of the one that is open. @type {Map<string, Maps>} */
  #maps = new Map();
  /** Each place's strongest channel. @type {Map<string, number>} */
  #ranked = new Map();
  #rankedAt = -Infinity;

  /** @param {HTMLElement} container @param {Context} context */
  constructor(container, context) {
    this.#context = context;
    this.#fields = receptiveFields(context.places);
    this.#strip = new Strip(context, { onOpen: ({ name }) => this.#open(name) });
    container.append(
      make("p", { className: "note", says: () => context.words().path.intro }),
      this.#strip.element, cutNotice(context),
      make("p", { className: "note strip-legend", says: () => context.words().path.legend }), this.#stage);
    context.onState((changed) => {
      if (changed.has("place")) this.#follow();
      if (changed.has("channel")) this.#draw();
      if (changed.has("cuts")) this.#ask();
    });
    onScales(() => this.#draw(), context.signal);
    this.#follow();
    context.onInput((input) => this.#ask(input));
  }

  /** @param {string} name of a place or of a convolution */
  #open(name) {
    this.#context.state.set({ place: name, channel: null });
  }

  /** The place that the state names, or the first one. */
  #place() {
    const { places, state } = this.#context;
    const name = state.get("place");
    return places.find((place) => place.name === name || place.convolutions.some((convolution) => convolution.name === name)) ?? /** @type {Place} */ (places[0]);
  }

  #follow() {
    const place = this.#place();
    this.#strip.mark(place.name);
    if (this.#panel?.place !== place) {
      const before = this.#context.places[this.#context.places.indexOf(place) - 1] ?? null;
      this.#panel = new PlacePanel(this.#context, place, before, this.#fields, (name) => this.#open(name));
      this.#stage.replaceChildren(this.#panel.element);
    }
    this.#panel.select(this.#context.state.get("place"));
    this.#draw();
    this.#ask();
  }

  async #ask(input = this.#context.input) {
    if (!input) return;
    const { inspector, places, cuts } = this.#context;
    const names = [...places.map(({ name }) => name), ...this.#place().convolutions.map(({ name }) => name)];
    const maps = await inspector.maps(input.pixels, [...cuts], names, { key: "path" });
    if (!maps) return;
    this.#maps = new Map(names.map((name, index) => [name, /** @type {Maps} */ (maps[index])]));
    if (!input.isLive || performance.now() - this.#rankedAt > RANKED_MS) this.#rank();
    this.#draw(input);
  }

  #rank() {
    this.#rankedAt = performance.now();
    this.#ranked.clear();
  }

  /** The input whose maps are shown. @type {ShownInput | null} */
  #shown = null;

  #draw(input = this.#shown) {
    if (!input || this.#maps.size === 0) return;
    this.#shown = input;
    for (const [name, maps] of this.#maps) {
      if (!this.#strip.tiles.has(name)) continue;
      let channel = this.#ranked.get(name);
      if (channel === undefined) this.#ranked.set(name, channel = strongest(maps, 1)[0] ?? 0);
      this.#strip.draw(name, maps, channel);
    }
    this.#panel?.draw(this.#maps, input, this.#rankedAt);
  }
}
