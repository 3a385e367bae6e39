// The table of all sixteen blocks, each cut alone, as it fills; and cuts at random. What it says is what was measured.
import { messages, renderWith, say } from "../i18n/language.js";
import { make, passFocus } from "../ui/dom.js";
import { announce, showError } from "../ui/notices.js";
import { cssColor, onScales, scales } from "./color.js";
import { BLOCKS } from "./state.js";

/** @import { Cut } from "../library/inspector-types.js" */
/** @import { CheckPanel } from "./check-panel.js" */
/** @import { Context } from "./context.js" */
/** @import { Measured, Measurements } from "./measure.js" */

const PARTS = /** @type {const} */ (["branch", "skip"]);
/** Identity blocks, whose branches are cut at random: those that open a stage would leave it at another size. */
const MOST_RANDOM = 12;

export class Lesions {
  element;
  #context;
  #measurements;
  #check;
  #table = make("table", { className: "lesions", data: { testid: "inside-lesions" } });
  #findings = make("p", { className: "lesion-findings", data: { testid: "inside-findings" } });
  #tried = make("ul", { className: "tried" });
  #triedTitle;
  /** @type {{ cuts: Cut[], measured: Measured }[]} */
  #random = [];
  /** How far the table is, for who doesn't see it fill. */
  #progress = make("p", { className: "check-line", attributes: { role: "status" }, data: { testid: "inside-lesion-progress" } });
  #count;
  #stop;
  /** @type {AbortController | null} */
  #running = null;
  /** @type {HTMLButtonElement[]} */
  #starts;

  /** @param {Context} context @param {Measurements} measurements @param {CheckPanel} check */
  constructor(context, measurements, check) {
    this.#context = context;
    this.#measurements = measurements;
    this.#check = check;
    const { words } = context;
    this.#count = make("input", { type: "number", min: "1", max: String(MOST_RANDOM), step: "1", value: "4", data: { testid: "inside-random-count" }, attributes: { inputmode: "numeric" } });
    this.#stop = make("button", { type: "button", hidden: true, data: { testid: "inside-lesion-cancel" }, says: () => messages.cancel, on: { click: () => this.#running?.abort() } });
    const start = (/** @type {string} */ hook, /** @type {() => string} */ says, /** @type {() => void} */ click) => make("button", { type: "button", data: { testid: hook }, says, on: { click } });
    this.#starts = [
      start("inside-any-branch", () => words().cut.anyBranch, () => void this.#fill("branch")),
      start("inside-any-skip", () => words().cut.anySkip, () => void this.#fill("skip")),
      start("inside-random", () => words().cut.random, () => void this.#cutAtRandom()),
    ];
    this.#triedTitle = make("h4", { hidden: true, says: () => words().cut.tried });
    this.element = make("section", { className: "lesion-panel", says: { "aria-label": () => words().cut.table } },
      make("div", { className: "lesion-actions" }, ...this.#starts, make("label", { className: "field" }, make("span", { says: () => words().cut.branches }), this.#count), this.#stop, this.#progress),
      make("div", { className: "table-scroll", tabIndex: 0, attributes: { role: "group" }, says: { "aria-label": () => words().cut.table } }, this.#table),
      this.#findings, this.#triedTitle, this.#tried);
    check.onSet = () => {
      this.#running?.abort();
      this.#random = [];
      this.#show();
    };
    renderWith(this.#table, () => this.#show());
    onScales(() => this.#show(), context.signal);
  }

  /** @param {readonly Cut[]} cuts */
  #known(cuts) {
    return this.#measurements.known(this.#check.set, cuts);
  }

  /** Measures each block cut alone, one after the other. @param {"branch" | "skip"} part */
  #fill(part) {
    return this.#run(async (signal) => {
      const all = [[], ...BLOCKS.map((block) => [{ block, part }])];
      for (const [index, cuts] of all.entries()) {
        say(this.#progress, () => this.#context.words().cut.measuring(index + 1, all.length));
        const measured = await this.#measurements.measure(this.#check.set, cuts, { signal });
        if (!measured) return;
        this.#show();
      }
      announce(this.#findings.textContent ?? "");
    });
  }

  async #cutAtRandom() {
    const count = Math.min(Math.max(Math.round(this.#count.valueAsNumber) || 1, 1), MOST_RANDOM);
    this.#count.value = String(count);
    const cuts = await this.#context.inspector.randomCuts(count, crypto.getRandomValues(new Uint32Array(1))[0] ?? 0);
    if (!cuts) return;
    this.#context.state.set({ cuts });
    await this.#run(async (signal) => {
      const measured = await this.#measurements.measure(this.#check.set, cuts, { signal });
      if (measured && measured.count > 0) this.#random = [{ cuts, measured }, ...this.#random].slice(0, 8);
      this.#show();
    });
  }

  /** @param {(signal: AbortSignal) => Promise<void>} work */
  async #run(work) {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#stop.hidden = false;
    try {
      await work(running.signal);
    } catch (thrown) {
      showError(thrown);
    }
    if (this.#running !== running) return;
    say(this.#progress, "");
    passFocus(this.#stop, this.#starts[0]);
    this.#stop.hidden = true;
  }

  #show() {
    const { words } = this.#context;
    const { format } = messages;
    const { rows, cell } = words().cut;
    this.#table.replaceChildren(
      make("thead", {}, make("tr", {}, make("td"), ...BLOCKS.map((block) => make("th", { scope: "col", textContent: block })))),
      make("tbody", {}, ...PARTS.map((part) => make("tr", {}, make("th", { scope: "row", textContent: rows[part] }), ...BLOCKS.map((block) => {
        const measured = this.#known([{ block, part }]);
        const td = make("td", { data: { testid: "inside-lesion", block, part, ...(measured && { accuracy: String(measured.accuracy), margin: String(measured.margin) }) } });
        if (!measured || measured.count === 0) {
          td.textContent = "·";
          return td;
        }
        const margin = format.twoDecimals(measured.margin);
        td.append(make("b", { textContent: format.wholePercent(measured.accuracy) }), make("span", { textContent: margin }));
        td.title = cell(block, rows[part], measured.accuracy, margin);
        td.style.setProperty("--tone", cssColor(1 - measured.accuracy, { from: 0, to: 1.6, scale: scales().one }));
        return td;
      })))));
    say(this.#findings, () => this.#found().join(" "));
    this.#triedTitle.hidden = this.#random.length === 0;
    this.#tried.replaceChildren(...this.#random.map(({ cuts, measured }) => make("li", { data: { testid: "inside-tried", count: String(cuts.length), accuracy: String(measured.accuracy) },
      textContent: words().cut.randomShows(cuts.length, cuts.map(({ block }) => block).sort().join(", "), measured.accuracy, format.twoDecimals(measured.margin)) })));
  }

  /** What has been measured, in sentences. */
  #found() {
    const { cut } = this.#context.words();
    const whole = this.#known([]);
    const sentences = whole && whole.count > 0 ? [cut.wholeShows(whole.accuracy, messages.format.twoDecimals(whole.margin))] : [];
    for (const part of PARTS) {
      const found = BLOCKS.flatMap((block) => {
        const measured = this.#known([{ block, part }]);
        return measured && measured.count > 0 ? [{ block, ...measured }] : [];
      });
      if (found.length < BLOCKS.length) continue;
      const worst = found.reduce((least, each) => (each.accuracy < least.accuracy || (each.accuracy === least.accuracy && each.margin < least.margin) ? each : least));
      const mean = found.reduce((sum, { accuracy }) => sum + accuracy, 0) / found.length;
      sentences.push((part === "branch" ? cut.branchShows : cut.skipShows)(worst.accuracy, worst.block, mean));
    }
    return sentences;
  }
}

