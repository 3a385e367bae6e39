// The tab "Look inside": the picture comes in, its views take turns. What a view shows is in its own file.
import { messages, say } from "../i18n/language.js";
import { storeAlso } from "../offline/offline.js";
import { asSignetError } from "../recognizer/errors.js";
import { loadStyle, make, part } from "../ui/dom.js";
import { showError } from "../ui/notices.js";
import { Context, Shared } from "./context.js";
import { answerLine } from "./answer-chart.js";
import { cut } from "./cut.js";
import { cutLine } from "./cut-notice.js";
import { saveView } from "./export.js";
import { FILES } from "./files.js";
import { knows } from "./knows.js";
import { learns } from "./learns.js";
import { keyOf } from "./measure.js";
import { path } from "./path.js";
import { State, VIEWS } from "./state.js";
import { stopBox, stops } from "./stops.js";
import { why } from "./why.js";
import { loadWords, words } from "./words.js";

/** @import { Inputs, ShownInput } from "../input/inputs.js" */
/** @import { LoadedInspector } from "../library/inspector-types.js" */
/** @import { InspectorQueue } from "../library/inspector.js" */
/** @import { Sample, View } from "./context.js" */
/** @import { Signet } from "../signet.js" */
/** @import { View as ViewName } from "./state.js" */

/** Those that there are, in the order of VIEWS. @type {Partial<Record<ViewName, View>>} */
const MOUNTS = { path, cut, why, knows, learns, stops };
/** The tab's styles, which come with it. */
const STYLES = ["inside", "why", "learns"];
/** The module that inspects on WebGPU, stored only by visits on which it serves. */
const ON_WEBGPU = ["pkg/signet_gpu_inspect.js", "pkg/signet_gpu_inspect_bg.wasm"];
/** Views whose saved picture says what the network answers. @type {Set<ViewName>} */
const OF_A_PICTURE = new Set(["path", "cut", "why"]);
/** What is shown where there is nothing else to look at. */
const FIRST_EXAMPLE = "3";

/**
 * What the tab needs of the rest of the page.
 * @typedef {object} Page
 * @property {Signet} signet
 * @property {() => { which: import("../recognizer/client.js").WhichModel, weights: Blob }} model the one in use
 * @property {() => Sample[]} samples
 * @property {(label: string) => Promise<Uint8Array>} example the input of an example hand
 * @property {Inputs} inputs
 * @property {() => number} threshold the presence below which the answer is no sign
 */

export class Inside {
  #page;
  #state = new State();
  #queue;
  #shared;
  #box = part("#inside");
  /** @type {Map<ViewName, HTMLButtonElement>} */
  #buttons = new Map();
  #stage = make("div", { className: "inside-stage", data: { testid: "inside-view" } });
  #waiting = part("#inside-waiting");
  #isOpen = false;
  /** Counts openings and changes of the model: what an older one has loaded is nobody's. */
  #era = 0;
  /** @type {{ loaded: LoadedInspector, model: ReturnType<Page["model"]> } | null} */
  #network = null;
  /** Ends the view that is open. @type {AbortController | null} */
  #view = null;
  #listening = new AbortController();

  /** @param {Page} page @param {InspectorQueue} queue */
  constructor(page, queue) {
    this.#page = page;
    this.#queue = queue;
    this.#shared = new Shared({ queue, comparison: () => page.signet.comparison(), state: this.#state, samples: page.samples, example: page.example, threshold: page.threshold, receive: (file) => page.inputs.receive(file) });
    this.#state.onChange((changed) => this.#follow(changed), this.#listening.signal);
    addEventListener("hashchange", () => { if (this.#isOpen && location.hash.startsWith("#inside")) this.#state.follow(); });
    page.inputs.onShown = (shown) => this.#receive(shown);
  }

  /** Loads what the tab needs besides its scripts. @param {Page} page */
  static async start(page) {
    const [queue] = await Promise.all([page.signet.inspector(), loadWords(), ...STYLES.map((name) => loadStyle(new URL(`${name}.css`, import.meta.url)))]);
    void storeAlso([...FILES]); // so that the tab works without a network from now on
    return new Inside(page, queue).#build();
  }

  #build() {
    const names = VIEWS.filter((name) => name in MOUNTS);
    for (const name of names) {
      this.#buttons.set(name, make("button", { type: "button", data: { testid: `inside-to-${name}` }, says: () => words().shell.views[name], on: { click: () => this.#state.set({ view: name }) } }));
    }
    const nav = make("div", { className: "segments inside-views", attributes: { role: "group" }, says: { "aria-label": () => words().shell.label } }, ...this.#buttons.values());
    this.#box.querySelector(".section-head")?.append(nav);
    const save = (/** @type {"png" | "svg"} */ format) => make("button", { type: "button", className: "quiet", data: { testid: `inside-save-${format}` },
      says: () => words().shell.save[format], on: { click: () => void this.#save(format) } });
    this.#box.append(stopBox(this.#state, this.#listening.signal), this.#stage, make("div", { className: "inside-foot" }, save("png"), save("svg")));
    return this;
  }

  /** The view as a picture, with what it is of. @param {"png" | "svg"} format */
  async #save(format) {
    const { answer } = this.#shared;
    const view = /** @type {ViewName} */ (this.#stage.dataset.view);
    const title = words().shell.views[view];
    const cuts = this.#state.get("cuts");
    const lines = answer && OF_A_PICTURE.has(view) ? [answerLine(answer, this.#page.threshold()), ...(cuts.length > 0 ? [cutLine(cuts)] : [])] : [];
    this.#state.write(); // so that the address in the picture is that of now
    await saveView(this.#stage, { title, lines, source: `${messages.title} · ${location.href}` }, `signet-${this.#stage.dataset.view}`, format).catch(showError);
  }

  /** The tab is opened. */
  open() {
    this.#isOpen = true;
    this.#state.follow();
    this.#showExample();
    void this.#load();
  }

  /** The tab is left: nothing of it costs anything then. */
  close() {
    this.#isOpen = false;
    this.#era += 1;
    this.#state.leave();
    this.#unmount();
    this.#network = null;
    this.#queue.close();
  }

  /** Another model answers from now on. */
  followModel() {
    if (this.#isOpen) void this.#load();
  }

  async #load() {
    const era = ++this.#era;
    this.#unmount();
    this.#network = null;
    this.#waiting.hidden = false;
    say(this.#waiting, () => messages.insideWaiting);
    try {
      await this.#page.signet.ready;
      if (era !== this.#era) return;
      const model = this.#page.model();
      const loaded = await this.#queue.load(model.weights, this.#page.signet.backend);
      if (era !== this.#era) return;
      if (this.#queue.backend === "webgpu") void storeAlso(ON_WEBGPU);
      this.#network = { model, loaded };
      this.#waiting.hidden = true;
      this.#receive(this.#page.inputs.current);
      this.#mount();
    } catch (thrown) {
      if (era !== this.#era) return;
      say(this.#waiting, () => words().shell.failed);
      showError(asSignetError(thrown));
    }
  }

  // The picture

  /** What a link asks for; and where there is no picture at all, one to begin with. */
  #showExample() {
    const { inputs } = this.#page;
    const example = this.#state.get("example") || (inputs.isUnused ? FIRST_EXAMPLE : "");
    if (example && inputs.current?.example !== example) void inputs.showExample(example);
  }

  /** @param {ShownInput | null} input */
  #receive(input) {
    this.#shared.input = input;
    if (!this.#isOpen) return;
    if (input) this.#state.set({ example: input.example });
    if (!input || !this.#network) return;
    for (const listener of [...this.#shared.inputListeners]) listener(input);
    void this.#answer();
  }

  async #answer() {
    const { input, answerListeners, state } = this.#shared;
    if (!input || answerListeners.size === 0 || !this.#view) return;
    const cuts = state.get("cuts");
    const answer = await this.#queue.ask("answer", [input.pixels, cuts], { key: "shell", signal: this.#view.signal });
    // One with other cuts is on its way then.
    if (!answer || keyOf(cuts) !== keyOf(state.get("cuts"))) return;
    this.#shared.answer = answer;
    for (const listener of [...answerListeners]) listener(answer, input);
  }

  // The views

  /** @param {Set<keyof import("./state.js").Values>} changed */
  #follow(changed) {
    if (!this.#isOpen) return;
    if (changed.has("example")) this.#showExample();
    if (!this.#network) return;
    if (changed.has("view")) this.#mount();
    else if (changed.has("cuts")) void this.#answer();
  }

  #mount() {
    this.#unmount();
    const asked = this.#state.get("view");
    const name = asked in MOUNTS ? asked : "path";
    for (const [each, button] of this.#buttons) button.setAttribute("aria-pressed", String(each === name));
    if (!this.#network) return;
    const { loaded, model } = this.#network;
    this.#view = new AbortController();
    this.#stage.dataset.view = name;
    const container = make("div", { className: "inside-view" });
    this.#stage.append(container);
    MOUNTS[name]?.mount(container, new Context(this.#shared, loaded, model, this.#view.signal));
    void this.#answer();
  }

  #unmount() {
    this.#view?.abort();
    this.#view = null;
    this.#shared.answer = null;
    this.#stage.replaceChildren();
  }
}
