// See it learn: two narrow networks of one depth, with skips and without, trained side by side. Losses, and the norm of
// the gradient in each layer, come of the real backward passes in the worker; the sentences are made of them.
import { messages, renderWith, say } from "../i18n/language.js";
import { asSignetError } from "../recognizer/errors.js";
import { make } from "../ui/dom.js";
import { announce, showError } from "../ui/notices.js";
import { decades, drawLosses, drawNorms, fillLosses, fillNorms, svg } from "./learns-charts.js";
import { standingOf } from "./learns-findings.js";
import { areEnough, picturesOf } from "./learns-pictures.js";
import { claims, findings, showClaims, showFindings } from "./learns-report.js";
import { DEPTHS, VARIANTS } from "./state.js";
import { words } from "./words.js";

/** @import { Comparison } from "../library/comparison.js" */
/** @import { Context } from "./context.js" */
/** @import { Measurements } from "./learns-charts.js" */
/** @import { VariantName } from "./state.js" */

/** Both networks learn alike; docs/training.md says how the rate was chosen. */
const RULE = { batchSize: 16, learningRate: 0.02, seed: 1 };
/** A tab that is forgotten ends its work. */
const STEPS_AT_A_TIME = 200;
/** Charts that change more often only keep the page busy. */
const PERIOD_MS = 200;

class Learns {
  #context;
  /** @type {Promise<Comparison> | null} */
  #comparison = null;
  /** @type {Measurements | null} */
  #measured = null;
  /** The run under way; another one, or none, ends it after its step. @type {object | null} */
  #run = null;
  #drawnAt = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  #train = make("button", { type: "button", className: "primary", data: { testid: "learns-train" }, on: { click: () => (this.#run ? this.#pause() : void this.#go(STEPS_AT_A_TIME)) } });
  #line = make("p", { className: "learns-line", data: { testid: "learns-line" } });
  #losses = svg("svg", { class: "chart", role: "img", "data-testid": "learns-losses" });
  #norms = ["a", "b"].map((key) => svg("svg", { class: "chart", role: "img", "data-testid": `learns-norms-${key}` }));
  #lossTable = make("table", { className: "history", data: { testid: "learns-loss-table" } });
  #normTable = make("table", { className: "history", data: { testid: "learns-norm-table" } });
  #found = make("div", { className: "learns-found", data: { testid: "learns-found" } });
  #race = make("div", { className: "learns-charts", data: { testid: "inside-race", step: "0" } });
  #said = make("ol", { className: "learns-claims", data: { testid: "learns-claims" } });

  /** @param {HTMLElement} container @param {Context} context */
  constructor(container, context) {
    this.#context = context;
    container.append(...this.#parts());
    renderWith(this.#line, () => this.#draw()); // all that is made of figures, in the language of the page
    context.onState((changed) => {
      if (/** @type {const} */ (["depth", "a", "b", "on"]).some((name) => changed.has(name))) this.#restart();
    });
    const sizes = new ResizeObserver(() => this.#drawSoon());
    sizes.observe(container);
    context.signal.addEventListener("abort", () => {
      sizes.disconnect();
      this.#run = null;
      clearTimeout(this.#timer);
      this.#endComparison();
    }, { once: true });
  }

  // Controls

  #parts() {
    // Filled while they are open: hundreds of cells made anew with each step are as much garbage as all else here.
    const table = (/** @type {() => string} */ title, /** @type {HTMLTableElement} */ content) => make("details", { data: { unprinted: "" }, on: { toggle: () => this.#fillTables() } },
      make("summary", { says: title }), make("div", { className: "table-scroll", tabIndex: 0, attributes: { role: "region" }, says: { "aria-label": title } }, content));
    this.#race.append(
      make("figure", {}, make("figcaption", { says: () => words().learns.charts.lossTitle }), this.#losses,
        make("p", { className: "legend" }, make("span", { className: "legend-a", says: () => words().learns.a }), make("span", { className: "legend-b", says: () => words().learns.b })),
        make("p", { className: "note", says: () => words().learns.charts.lossNote }), table(() => words().learns.tables.losses, this.#lossTable)),
      make("figure", {}, make("figcaption", { says: () => words().learns.charts.normTitle }), ...this.#norms,
        make("p", { className: "note", says: () => words().learns.charts.normNote }), table(() => words().learns.tables.norms, this.#normTable)),
    );
    return [
      make("h3", { says: () => words().learns.title }),
      make("p", { className: "note", says: () => words().learns.intro }),
      make("div", { className: "learns-controls", data: { unprinted: "" } },
        this.#choice("depth", () => words().learns.depth, DEPTHS.map((depth) => ({ value: depth, says: () => words().learns.layers(Number(depth)) }))),
        this.#switches("a"), this.#switches("b"),
        this.#choice("on", () => words().learns.pictures, [
          { value: "drawn", says: () => words().learns.drawn },
          { value: "samples", says: () => words().learns.own(this.#context.samples().length), disabled: !areEnough(this.#context.samples()) },
        ]),
      ),
      make("div", { className: "learns-buttons" }, this.#train,
        make("button", { type: "button", data: { testid: "learns-step" }, says: () => words().learns.one, on: { click: () => void this.#go(1) } }),
        make("button", { type: "button", data: { testid: "learns-reset" }, says: () => words().learns.reset, on: { click: () => this.#reset() } })),
      this.#line,
      this.#race,
      make("h4", { says: () => words().learns.found.title }), this.#found,
      make("h4", { says: () => words().learns.claims.title }), this.#said,
      make("p", { className: "note", says: () => words().learns.rule(RULE.batchSize, messages.format.number(RULE.learningRate)) }),
    ];
  }

  /**
   * @param {"depth" | "on"} name
   * @param {() => string} title
   * @param {{ value: string, says: () => string, disabled?: boolean }[]} options
   */
  #choice(name, title, options) {
    const { state } = this.#context;
    const select = make("select", { data: { testid: `learns-${name}` }, on: { change: () => state.set({ [name]: select.value }) } },
      ...options.map(({ value, says, disabled = false }) => make("option", { value, disabled, says })));
    this.#follow(() => { select.value = name === "on" ? this.#source : state.get(name); });
    return make("label", { className: "stacked" }, make("span", { says: title }), select);
  }

  /** What a network has. @param {"a" | "b"} name */
  #switches(name) {
    const { state } = this.#context;
    const box = (/** @type {"skips" | "batchNorm"} */ part, /** @type {() => string} */ says) => {
      const input = make("input", { type: "checkbox", data: { testid: `learns-${name}-${part}` }, on: { change: () => {
        const wanted = { ...VARIANTS[state.get(name)], [part]: input.checked };
        const variant = Object.entries(VARIANTS).find(([, { skips, batchNorm }]) => skips === wanted.skips && batchNorm === wanted.batchNorm)?.[0];
        state.set({ [name]: /** @type {VariantName} */ (variant) });
      } } });
      this.#follow(() => { input.checked = VARIANTS[state.get(name)][part]; });
      return make("label", { className: "check" }, input, make("span", { says }));
    };
    return make("fieldset", { className: `learns-network ${name}` }, make("legend", { says: () => words().learns[name] }),
      box("skips", () => words().learns.skips), box("batchNorm", () => words().learns.norm));
  }

  /** Shows a part of the state, now and when a link or the other control changes it. @param {() => void} show */
  #follow(show) {
    show();
    this.#context.onState(show);
  }

  // The training

  /** @returns {[VariantName, VariantName]} */
  get #variants() {
    const { state } = this.#context;
    return [state.get("a"), state.get("b")];
  }

  /** A link may ask for samples where there are too few. */
  get #source() {
    const { samples, state } = this.#context;
    return areEnough(samples()) ? state.get("on") : "drawn";
  }

  /** Takes so many steps, or as many as there are until the next pause. @param {number} steps */
  async #go(steps) {
    const run = {};
    this.#run = run;
    this.#show();
    try {
      const measured = this.#measured ?? await this.#begin(run);
      for (let done = 0; this.#comparison && measured && this.#run === run && done < steps; done += 1) {
        const step = await (await this.#comparison).step();
        if (measured !== this.#measured) return;
        measured.steps.push(step);
        this.#drawSoon();
        if (step.networks.every((each) => each === null)) break;
      }
    } catch (thrown) {
      this.#endComparison();
      if (this.#context.signal.aborted || this.#run !== run) return;
      this.#measured = null;
      showError(asSignetError(thrown));
    }
    if (this.#run === run) this.#pause();
  }

  /** @param {object} run @returns {Promise<Measurements | null>} null where nobody waits for it any more */
  async #begin(run) {
    const { state } = this.#context;
    const pictures = await picturesOf(this.#context, this.#source);
    if (!pictures || this.#run !== run) return null;
    // Two networks take as much memory as the one that isn't looked into here, which has to go before they come.
    this.#context.inspector.rest();
    this.#comparison ??= this.#context.comparison();
    const comparison = await this.#comparison;
    const depth = /** @type {8} */ (Number(state.get("depth")));
    const layers = await comparison.start({ depth, networks: this.#variants.map((name) => VARIANTS[name]), ...RULE }, pictures);
    if (this.#run !== run) return null;
    this.#measured = { layers, steps: [], classes: pictures.classes };
    return this.#measured;
  }

  /** Its worker ends, whose memory goes back whole. */
  #endComparison() {
    void this.#comparison?.then((comparison) => comparison.close(), () => {});
    this.#comparison = null;
  }

  #pause() {
    this.#run = null;
    this.#draw();
    if (this.#measured) announce(this.#lineText());
  }

  #reset() {
    this.#run = null;
    this.#measured = null;
    this.#draw();
  }

  /** With other switches all begins anew: on where it ran, and where it had been measured it is measured again. */
  #restart() {
    const steps = this.#run ? STEPS_AT_A_TIME : this.#measured ? 1 : 0;
    this.#reset();
    if (steps > 0) void this.#go(steps);
  }

  // What is shown

  #drawSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#draw(), Math.max(0, this.#drawnAt + PERIOD_MS - performance.now()));
  }

  #draw() {
    clearTimeout(this.#timer);
    this.#drawnAt = performance.now();
    const measured = this.#measured;
    this.#show();
    drawLosses(this.#losses, measured);
    const range = decades(measured);
    this.#norms.forEach((drawing, network) => drawNorms(drawing, measured, network, range));
    this.#fillTables();
    const setup = { variants: this.#variants, rate: RULE.learningRate };
    showFindings(this.#found, findings(measured, setup));
    showClaims(this.#said, claims(measured, setup));
  }

  #fillTables() {
    for (const [table, fill] of /** @type {const} */ ([[this.#lossTable, fillLosses], [this.#normTable, fillNorms]])) {
      if (table.closest("details")?.open) fill(table, this.#measured);
    }
  }

  #show() {
    say(this.#train, () => (this.#run ? words().learns.pause : words().learns.train));
    this.#line.textContent = this.#lineText();
    this.#race.dataset["step"] = String(this.#measured?.steps.length ?? 0);
  }

  #lineText() {
    const { learns } = words();
    const steps = this.#measured?.steps ?? [];
    if (steps.length === 0) return this.#run ? learns.preparing : learns.idle;
    const losses = [0, 1].map((network) => {
      const { loss, givenUpAt } = standingOf(steps, network);
      return givenUpAt === null ? messages.format.significant(loss, 3) : learns.givenUp;
    });
    return learns.line(steps.length, losses[0] ?? "", losses[1] ?? "");
  }
}

/** @type {import("./context.js").View} */
export const learns = { mount(container, context) { new Learns(container, context); } };
