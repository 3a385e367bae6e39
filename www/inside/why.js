// Why the network says so: the evidence for a class as a map, exact as four quadrants, finer by moving the input, and measured by
// covering parts; in figures that add up, in words, and on the photo or video itself. Below it the challenge.
import { messages, renderWith } from "../i18n/language.js";
import { answerTo } from "../recognizer/answer.js";
import { NO_SIGN } from "../recognizer/contract.js";
import { SignetError } from "../recognizer/errors.js";
import { make, part } from "../ui/dom.js";
import { newestOnly } from "../ui/newest-only.js";
import { showError } from "../ui/notices.js";
import { challenge } from "./challenge.js";
import { onScales } from "./color.js";
import { cutNotice } from "./cut-notice.js";
import { OCCLUSION_SIDE, occlusionMap } from "./evidence.js";
import { MapDrawing, MapOverlay } from "./map-drawing.js";
import { Reading } from "./reading.js";
import { METHODS } from "./state.js";
import { words } from "./words.js";

/** @import { ShownInput } from "../input/inputs.js" */
/** @import { Answer } from "../library/inspector-types.js" */
/** @import { Context } from "./context.js" */
/** @import { CellMap } from "./evidence.js" */
/** @import { Method } from "./reading.js" */

/** In how many positions the input is read in each direction. */
const SHIFTS = /** @type {const} */ ({ exact: 1, finer: 2, finest: 3 });
/** So far may the parts be from the logit, of which they are all. */
const TOLERANCE = 1e-4;
/** The class's index that stands for there being a sign at all. */
const PRESENCE = -1;

/** @typedef {{ method: Method, target: number, map: CellMap, bias: number, logit: number, input: ShownInput, answered: string }} Shown `answered`: the label, or none */

/** @type {import("./context.js").View} */
export const why = { mount: (container, context) => { new Why(container, context); } };

class Why {
  #context;
  #drawing = new MapDrawing();
  #overlay;
  #choice = make("select", { id: "why-class", data: { testid: "inside-class" } });
  /** @type {Map<Method, HTMLButtonElement>} */
  #methods = new Map();
  #onPicture = make("input", { type: "checkbox", checked: true, data: { testid: "inside-on-picture" } });
  #figure = make("figure", { className: "why-picture", data: { testid: "inside-map" } });
  #reading = new Reading();
  #table = make("table", { className: "why-table" });
  #progress = make("progress", { max: 1, value: 0, className: "idle", says: { "aria-label": () => this.#texts.measuring } });
  #empty = make("p", { className: "note", says: () => this.#texts.empty });
  #body = make("div", { className: "why-body", hidden: true });
  /** @type {Shown | null} */
  #shown = null;
  /** What is to be explained: the newest. @type {{ answer: Answer, input: ShownInput } | null} */
  #asked = null;
  /** Ends what is measured of something that is no longer asked for. */
  #measuring = new AbortController();
  #measure = newestOnly(() => this.#measureOnce());

  get #texts() {
    return words().why;
  }

  /** @param {HTMLElement} container @param {Context} context */
  constructor(container, context) {
    this.#context = context;
    const { signal } = context;
    this.#overlay = new MapOverlay(signal);
    this.#figure.append(this.#drawing.element);
    container.append(cutNotice(context), this.#controls(), this.#empty, this.#body, challenge(context));
    this.#body.append(
      make("div", { className: "why-left" }, this.#figure, this.#progress, make("label", { className: "check" }, this.#onPicture, make("span", { says: () => this.#texts.onPicture }))),
      make("div", { className: "why-right" }, this.#reading.element,
        make("details", { className: "why-details" }, make("summary", { says: () => this.#texts.table }), make("div", { className: "table-scroll", tabIndex: 0, attributes: { role: "group" }, says: { "aria-label": () => this.#texts.table } }, this.#table))));
    renderWith(this.#body, () => this.#render());
    this.#onPicture.addEventListener("change", () => this.#placeOverlay(), { signal });
    part("#threshold").addEventListener("input", () => this.#again(), { signal });
    onScales(() => this.#render(), signal);
    context.onState((changed) => {
      // Another method's map takes another place: that is made at once, and not when the map comes.
      if (changed.has("map")) this.#clear();
      if (changed.has("map") || changed.has("class")) this.#again();
      if (changed.has("cuts")) this.#reserve();
      this.#showControls();
    });
    context.onInput((input) => {
      if (this.#body.hidden) this.#drawing.showPicture(input.pixels);
      if (!input.isLive) this.#overlay.hide(); // it was the last picture's
      this.#empty.hidden = true;
      this.#body.hidden = false;
      this.#reserve();
    });
    context.onAnswer((answer, input) => {
      const isSame = input === this.#asked?.input && answer === this.#asked?.answer;
      // Of a webcam, what is under way is worth its end: with each frame begun anew it would never come.
      if (!input.isLive && !isSame) this.#measuring.abort();
      this.#asked = { answer, input };
      this.#measure();
    });
    this.#showControls();
  }

  #controls() {
    const { labels, hasDetector, state, signal } = this.#context;
    const option = (/** @type {string} */ value, /** @type {() => string} */ words) => make("option", { value, says: words });
    this.#choice.append(option("", () => this.#texts.answered),
      ...labels.map((label, index) => option(String(index), () => messages.format.name(label))),
      ...(hasDetector ? [option(String(PRESENCE), () => this.#texts.presence)] : []));
    this.#choice.addEventListener("change", () => state.set({ class: this.#choice.value === "" ? null : Number(this.#choice.value) }), { signal });
    for (const method of METHODS) {
      this.#methods.set(method, make("button", { type: "button", data: { testid: "inside-method", method }, says: () => this.#texts.methods[method], on: { click: () => state.set({ map: method }) } }));
    }
    return make("div", { className: "why-controls" },
      make("label", { className: "field" }, make("span", { says: () => this.#texts.choose }), this.#choice),
      make("div", { className: "segments", attributes: { role: "group" }, says: { "aria-label": () => this.#texts.method } }, ...this.#methods.values()));
  }

  #showControls() {
    const { state, labels, hasDetector } = this.#context;
    const chosen = state.get("class");
    const isThere = chosen !== null && chosen < labels.length && (chosen !== PRESENCE || hasDetector);
    this.#choice.value = isThere ? String(chosen) : "";
    for (const [method, button] of this.#methods) button.setAttribute("aria-pressed", String(method === state.get("map")));
  }

  // Measuring

  #again() {
    this.#measuring.abort();
    this.#measure();
  }

  async #measureOnce() {
    const asked = this.#asked;
    if (!asked || this.#context.signal.aborted) return;
    this.#measuring = new AbortController();
    const { signal } = this.#measuring;
    try {
      const shown = await this.#explain(asked, this.#context.state.get("map"), signal);
      if (shown && !signal.aborted) this.#show(shown);
    } catch (thrown) {
      showError(thrown);
    } finally {
      this.#progress.classList.add("idle");
    }
  }

  /** @param {{ answer: Answer, input: ShownInput }} asked @param {Method} method @param {AbortSignal} signal @returns {Promise<Shown | null>} */
  async #explain({ answer, input }, method, signal) {
    const { inspector, labels, state } = this.#context;
    const answered = answerTo(answer, this.#context.threshold());
    const target = this.#choice.value !== "" ? Number(this.#choice.value) : answered === NO_SIGN ? PRESENCE : labels.indexOf(answered);
    const cuts = [...state.get("cuts")];
    const common = { method, target, input, answered };
    if (method === "occlusion") {
      const losses = await inspector.occlusion(input.pixels, cuts, target, { signal, onProgress: (done, all) => this.#tellProgress(done, all, input.isLive) });
      return losses && { ...common, map: occlusionMap(losses), bias: NaN, logit: NaN };
    }
    const evidence = await inspector.evidence(input.pixels, cuts, target, SHIFTS[method], { signal, key: "why" });
    if (!evidence) return null;
    const { bias, logit } = evidence;
    const sum = sumOf(evidence) + bias;
    if (!(Math.abs(sum - logit) <= TOLERANCE)) throw new SignetError("self-check", `the map's parts add up to ${sum} and not to the logit ${logit}`);
    return { ...common, map: evidence, bias, logit };
  }

  /** @param {number} done @param {number} all @param {boolean} isLive */
  #tellProgress(done, all, isLive) {
    this.#progress.classList.toggle("idle", isLive);
    this.#progress.value = done / all;
  }

  // Showing

  /** @param {Shown} shown */
  #show(shown) {
    this.#shown = shown;
    this.#drawing.showPicture(shown.input.pixels);
    this.#render();
  }

  #nameOf(/** @type {number} */ target) {
    return target === PRESENCE ? this.#texts.aSign : messages.format.name(this.#context.labels[target] ?? "");
  }

  /** What is said of a map besides its figures. @param {Method} method @param {ShownInput | null} input @param {boolean} isNoSign */
  #facts(method, input, isNoSign) {
    return { method, isMirrored: input?.isMirrored ?? false, isLive: input?.isLive ?? false, isCut: this.#context.cuts.length > 0, isNoSign, mirrors: this.#context.mirrors };
  }

  /** Keeps the place of what is measured next. */
  #reserve() {
    const { input, labels, state } = this.#context;
    this.#reading.reserve(this.#facts(state.get("map"), input, false), [PRESENCE, ...labels.keys()].map((target) => this.#nameOf(target)));
  }

  /** Takes away the map of another method. */
  #clear() {
    this.#shown = null;
    this.#drawing.clear();
    this.#reading.clear();
    this.#overlay.hide();
    for (const name of ["method", "label", "sum", "logit"]) delete this.#figure.dataset[name];
    this.#render();
  }

  #render() {
    this.#reserve();
    const texts = this.#texts;
    if (!this.#shown) {
      const method = this.#context.state.get("map");
      this.#drawing.element.setAttribute("aria-label", texts.measuring);
      this.#fillTable(texts.measuring, method === "occlusion" ? OCCLUSION_SIDE : 2 ** SHIFTS[method], () => "\u00a0");
      return;
    }
    const { method, target, map, bias, logit, input, answered } = this.#shown;
    const { format } = messages;
    const label = this.#nameOf(target);
    this.#drawing.showMap(map, method === "exact" ? format.signed : null);
    const said = this.#reading.show({ map, bias, logit }, this.#facts(method, input, answered === NO_SIGN), label);
    Object.assign(this.#figure.dataset, {
      method, label: target === PRESENCE ? "presence" : this.#context.labels[target] ?? "",
      sum: Number.isFinite(bias) ? String(sumOf(map) + bias) : "", logit: Number.isFinite(logit) ? String(logit) : "",
    });
    this.#drawing.element.setAttribute("aria-label", `${texts.picture(label)} ${said}`);
    this.#fillTable(texts.picture(label), map.side, (index) => format.signed(map.cells[index] ?? 0));
    this.#placeOverlay();
  }

  /** @param {string} caption @param {number} side @param {(index: number) => string} cell */
  #fillTable(caption, side, cell) {
    this.#table.replaceChildren(make("caption", { textContent: caption }), make("tbody", {}, ...Array.from({ length: side }, (_, row) => make("tr", {},
      ...Array.from({ length: side }, (_, column) => make("td", { textContent: cell(row * side + column) }))))));
  }

  #placeOverlay() {
    const shown = this.#shown;
    const isOfPicture = shown && (shown.input.isLive || shown.input === this.#context.input);
    if (isOfPicture && this.#onPicture.checked) this.#overlay.show(shown.map, shown.input);
    else this.#overlay.hide();
  }
}

/** @param {CellMap} map */
const sumOf = ({ cells }) => Array.from(cells).reduce((sum, value) => sum + value, 0);
