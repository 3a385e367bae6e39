// What the network knows: the samples that are nearest to the picture by their features, all samples in two dimensions, and the
// mean of each class's pictures.
import { messages, renderWith } from "../i18n/language.js";
import { make, pictureCanvas } from "../ui/dom.js";
import { newestOnly } from "../ui/newest-only.js";
import { showError } from "../ui/notices.js";
import { cutNotice } from "./cut-notice.js";
import { meanPicture, sampleSet, spaceOf } from "./sample-set.js";
import { Scatter } from "./scatter.js";
import { words } from "./words.js";

/** @import { Context, Sample } from "./context.js" */
/** @import { SampleSet } from "./sample-set.js" */
/** @import { Components, Neighbor, Space } from "./space.js" */

/** So many of the nearest samples are shown. */
const NEAREST = 6;
/** Classes have as many colors; then they begin again. */
const COLORS = 6;

/** @type {import("./context.js").View} */
export const knows = { mount: (container, context) => { void new Knows(container, context).start(); } };

class Knows {
  #context;
  #source = make("p", { className: "note", data: { testid: "inside-source" } });
  #progress = make("progress", { max: 1, value: 0, says: { "aria-label": () => this.#texts.measuring } });
  #nearest = make("ol", { className: "knows-row", data: { testid: "inside-nearest" } });
  #scatter;
  #doubts = make("p", { className: "knows-doubts", data: { testid: "inside-doubts" } });
  #opened = make("div", { className: "knows-opened", data: { testid: "inside-opened" }, attributes: { "aria-live": "polite" } });
  #variance = make("p", { className: "note" });
  #table = make("table", { className: "knows-table" });
  #means = make("ul", { className: "knows-row" });
  #body = make("div", { className: "knows-body", hidden: true });
  /** @type {SampleSet | null} */
  #set = null;
  /** @type {Space | null} */
  #space = null;
  /** @type {Components | null} */
  #components = null;
  /** For samples whose label is doubtful, the one that their neighbors have. @type {Map<number, string>} */
  #doubtful = new Map();
  /** Of the picture of now. @type {Float32Array | null} */
  #features = null;
  #openedIndex = -1;
  /** Ends what is measured of a network with other cuts. */
  #measuring = new AbortController();
  #follow = newestOnly(() => this.#followOnce());

  get #texts() {
    return words().knows;
  }

  /** @param {HTMLElement} container @param {Context} context */
  constructor(container, context) {
    this.#context = context;
    this.#scatter = new Scatter(() => this.#texts.plane, (index) => this.#open(index));
    const section = (/** @type {() => string} */ title, /** @type {() => string} */ line, /** @type {Element[]} */ ...parts) =>
      make("section", { className: "knows-section" }, make("h3", { says: title }), make("p", { className: "note", says: line }), ...parts);
    this.#body.append(
      section(() => this.#texts.nearest, () => this.#texts.nearestLine, this.#nearest),
      section(() => this.#texts.plane, () => this.#texts.planeLine, make("div", { className: "knows-plane" }, make("div", { className: "knows-drawing" }, this.#scatter.element), this.#opened), this.#variance, this.#doubts,
        make("details", {}, make("summary", { says: () => this.#texts.table }), make("div", { className: "table-scroll", tabIndex: 0, attributes: { role: "group" }, says: { "aria-label": () => this.#texts.table } }, this.#table))),
      section(() => this.#texts.means, () => this.#texts.meansLine, this.#means));
    container.append(cutNotice(context), this.#source, this.#progress, this.#body);
    renderWith(this.#body, () => this.#render());
    context.onInput(() => this.#follow());
    context.onState((changed) => { if (changed.has("cuts")) void this.start(); });
  }

  /** Measures the samples, once for each set of cuts. */
  async start() {
    this.#measuring.abort();
    this.#measuring = new AbortController();
    const { signal } = this.#measuring;
    this.#space = null;
    this.#features = null;
    this.#body.hidden = true;
    this.#progress.hidden = false;
    try {
      this.#set = await sampleSet(this.#context);
      if (!this.#set) return;
      const { samples } = this.#set;
      this.#showSource();
      const space = await spaceOf(this.#context, samples, { signal, onProgress: (done, all) => { this.#progress.value = done / all; } });
      if (!space || signal.aborted) return;
      this.#space = space;
      this.#components = space.components();
      this.#doubtful = space.doubtful(samples.map(({ label }) => label));
      this.#progress.hidden = true;
      this.#body.hidden = false;
      this.#drawSamples();
      this.#render();
      this.#follow();
    } catch (thrown) {
      this.#progress.hidden = true;
      showError(thrown);
    }
  }

  async #followOnce() {
    const { input, inspector, cuts } = this.#context;
    const { signal } = this.#measuring;
    if (!input || !this.#space || this.#context.signal.aborted) return;
    try {
      this.#features = (await inspector.features(input.pixels, [...cuts], { key: "knows", signal })) ?? this.#features;
      this.#showNearest();
    } catch (thrown) {
      showError(thrown);
    }
  }

  // Showing

  #showSource() {
    if (!this.#set) return;
    const { samples, isOwn } = this.#set;
    renderWith(this.#source, () => { this.#source.textContent = (isOwn ? this.#texts.own : this.#texts.checkSet)(samples.length); });
    this.#source.dataset["own"] = String(isOwn);
  }

  /** The samples' labels, each once, the model's own first. */
  #labels() {
    return [...new Set([...this.#context.labels, ...(this.#set?.samples ?? []).map(({ label }) => label)])];
  }

  /** @param {string} label */
  #colour(label) {
    return this.#labels().indexOf(label) % COLORS;
  }

  #drawSamples() {
    const { samples } = this.#set ?? { samples: [] };
    this.#scatter.show(samples.map(({ label }, index) => {
      const [x = 0, y = 0] = this.#components?.coordinates[index] ?? [];
      return { x, y, label, colour: this.#colour(label), isDoubtful: this.#doubtful.has(index), name: () => this.#nameOf(index) };
    }));
    const classes = this.#labels().map((label) => ({ label, pictures: samples.filter((each) => each.label === label).map(({ pixels }) => pixels) })).filter(({ pictures }) => pictures.length > 0);
    this.#means.replaceChildren(...classes.map(({ label, pictures }) => make("li", { data: { colour: String(this.#colour(label)) } },
      this.#picture(meanPicture(pictures), () => this.#texts.mean(messages.format.name(label), pictures.length)), make("b", { textContent: label, dir: "auto" }),
      make("span", { says: () => this.#texts.pictures(pictures.length) }))));
  }

  /** @param {Uint8Array} pixels @param {() => string} words */
  #picture(pixels, words) {
    const canvas = pictureCanvas(pixels);
    canvas.removeAttribute("aria-hidden");
    canvas.setAttribute("role", "img");
    renderWith(canvas, () => canvas.setAttribute("aria-label", words()));
    return canvas;
  }

  /** What is said of a sample by itself. @param {number} index */
  #nameOf(index) {
    const label = messages.format.name(this.#set?.samples[index]?.label ?? "");
    const other = this.#doubtful.get(index);
    return other === undefined ? this.#texts.sample(label) : this.#texts.doubtfulSample(label, messages.format.name(other));
  }

  #render() {
    if (!this.#set || !this.#components) return;
    const [first = 0, second = 0] = this.#components.shares;
    this.#variance.textContent = this.#texts.variance(first, second);
    const count = this.#doubtful.size;
    this.#doubts.textContent = count === 0 ? this.#texts.noDoubts : this.#texts.doubts(count);
    this.#doubts.dataset["count"] = String(count);
    this.#scatter.rename();
    this.#fillTable();
    this.#showNearest();
    if (this.#openedIndex >= 0) this.#open(this.#openedIndex);
  }

  #showNearest() {
    if (!this.#features || !this.#space) return;
    this.#scatter.showCurrent(this.#components?.place(this.#features) ?? null);
    this.#nearest.replaceChildren(...this.#space.neighborsOf(this.#features, NEAREST).map((neighbor) => this.#neighbor(neighbor)));
  }

  /** @param {Neighbor} neighbor */
  #neighbor({ index, similarity }) {
    const { label, pixels } = /** @type {Sample} */ (this.#set?.samples[index]);
    return make("li", { data: { label, index: String(index), similarity: String(similarity), colour: String(this.#colour(label)) } },
      this.#picture(pixels, () => this.#nameOf(index)), make("b", { textContent: label, dir: "auto" }),
      make("span", { textContent: messages.format.significant(similarity, 2) }));
  }

  /** @param {number} index */
  #open(index) {
    const sample = this.#set?.samples[index];
    if (!sample || !this.#space) return;
    this.#openedIndex = index;
    const large = this.#picture(sample.pixels, () => this.#nameOf(index));
    large.classList.add("knows-large");
    this.#opened.dataset["index"] = String(index);
    this.#opened.replaceChildren(large, make("p", { textContent: this.#nameOf(index) }),
      make("button", { type: "button", data: { testid: "inside-look", unprinted: "" }, says: () => this.#texts.look, on: { click: () => void this.#context.show(sample) } }),
      make("p", { className: "note", textContent: this.#texts.itsNearest }),
      make("ol", { className: "knows-row small" }, ...this.#space.neighbors(index, 4).map((neighbor) => this.#neighbor(neighbor))));
  }

  #fillTable() {
    const { samples } = this.#set ?? { samples: [] };
    const { columns } = this.#texts;
    const { format } = messages;
    const heads = [columns.number, columns.label, columns.first, columns.second, columns.neighbors];
    this.#table.replaceChildren(make("thead", {}, make("tr", {}, ...heads.map((textContent) => make("th", { textContent, scope: "col" })))), make("tbody", {}, ...samples.map(({ label }, index) => {
      const [x = 0, y = 0] = this.#components?.coordinates[index] ?? [];
      const near = this.#space?.neighbors(index, 3).map((each) => samples[each.index]?.label ?? "").join(", ") ?? "";
      return make("tr", {}, ...[format.number(index + 1), label, format.signed(x), format.signed(y), near].map((textContent) => make("td", { textContent, dir: "auto" })));
    })));
  }
}
