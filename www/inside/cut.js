// The view "Cut it": a switch for each block's branch and skip, and what the network loses by them, measured on the spot.
import { make } from "../ui/dom.js";
import { AnswerChart } from "./answer-chart.js";
import { CheckPanel } from "./check-panel.js";
import { onScales } from "./color.js";
import { cutNotice } from "./cut-notice.js";
import { strongest } from "./activations.js";
import { Lesions } from "./lesions.js";
import { Measurements, keyOf } from "./measure.js";
import { Strip, placeName } from "./strip.js";

/** @import { Place } from "../library/inspector-types.js" */
/** @import { Context, View } from "./context.js" */

/** @type {View} */
export const cut = {
  mount(container, context) {
    const { words } = context;
    const measurements = new Measurements(context);
    const strip = new Strip(context, { onOpen: ({ name }) => context.state.set({ view: "path", place: name, channel: null }), below: (place) => switchesOf(context, place) });
    const check = new CheckPanel(context, measurements);
    container.append(
      make("p", { className: "note", says: () => words().cut.intro }), strip.element, cutNotice(context),
      make("div", { className: "cut-columns" }, new AnswerChart(context).element, check.element),
      new Lesions(context, measurements, check).element,
      make("p", { className: "note", says: () => words().cut.findings }));
    followMaps(context, strip);
  },
};

/** @param {Context} context @param {Place} place */
function switchesOf(context, place) {
  if (place.kind !== "identity" && place.kind !== "convolutional") return [];
  const { state, words } = context;
  return (/** @type {const} */ (["branch", "skip"])).map((part) => {
    const isCut = () => context.cuts.some((each) => each.block === place.name && each.part === part);
    const toggle = () => state.set({ cuts: isCut() ? context.cuts.filter((each) => each.block !== place.name || each.part !== part) : [...context.cuts, { block: place.name, part }] });
    const button = make("button", { type: "button", className: "cut-switch", textContent: part === "branch" ? "F(x)" : "x", data: { testid: `inside-${part}`, block: place.name, part, printed: "" },
      attributes: { role: "switch" }, says: { "aria-label": () => words().cut.labels[part](place.name), title: () => placeName(words(), place) }, on: { click: toggle } });
    const show = () => button.setAttribute("aria-checked", String(!isCut()));
    context.onState((changed) => { if (changed.has("cuts")) show(); });
    show();
    return button;
  });
}

/** The strip's maps, so that one sees the cut spread. @param {Context} context @param {Strip} strip */
function followMaps(context, strip) {
  const names = context.places.map(({ name }) => name);
  /** Each place's channel stays while the picture does: what changes is then the cut's doing. @type {Map<string, number>} */
  const channels = new Map();
  let shown = "";
  const ask = async (input = context.input) => {
    if (!input) return;
    const maps = await context.inspector.maps(input.pixels, [...context.cuts], names, { key: "strip", background: input.isLive });
    if (!maps) return;
    const picture = input.isLive ? "live" : `${input.example} ${keyOf([])} ${input.pixels.slice(8000, 8016)}`;
    if (picture !== shown) channels.clear();
    shown = picture;
    names.forEach((name, index) => {
      const of = maps[index];
      if (!of) return;
      let channel = channels.get(name);
      if (channel === undefined) channels.set(name, channel = strongest(of, 1)[0] ?? 0);
      strip.draw(name, of, channel);
    });
  };
  context.onInput((input) => void ask(input));
  onScales(() => void ask(), context.signal);
  context.onState((changed) => { if (changed.has("cuts")) void ask(); });
}

