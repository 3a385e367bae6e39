// The curves of a training: loss and accuracy, for the images it learns from and those kept for checking.
import { messages, renderWith } from "../i18n/language.js";
import { make } from "../ui/dom.js";

/** @import { EpochRecord, Score } from "../pkg/signet_cpu_learn.js" */
/** @typedef {{ name: () => string, of: (score: Score) => number, top: (values: number[]) => number, format: (value: number) => string }} Plot */

const SVG = "http://www.w3.org/2000/svg";
const SIZE = { width: 320, height: 196 };
/** Where each plot lies in the picture. */
const BOX = { left: 38, right: 312, height: 68, tops: [8, 106] };
/** A chart that changes more often than this only keeps the page busy. */
const PERIOD_MS = 200;

/** @type {Plot[]} */
const PLOTS = [
  { name: () => messages.chart.loss, of: ({ loss }) => loss, format: (value) => messages.format.significant(value, 2),
    top: (values) => niceTop(Math.max(...values.filter(Number.isFinite), 0.1)) },
  { name: () => messages.chart.accuracy, of: ({ accuracy }) => accuracy, format: (value) => messages.format.wholePercent(value), top: () => 1 },
];

export class Chart {
  element;
  #svg = svg("svg", { viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, role: "img", "data-testid": "loss-chart", class: "chart" });
  table = make("table", { className: "history", data: { testid: "history" } });
  /** @type {EpochRecord[]} */
  #history = [];
  #epochs = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #drawnAt = 0;

  constructor() {
    this.element = make("div", { className: "chart-box" }, this.#svg,
      make("p", { className: "legend" },
        make("span", { className: "legend-training", says: () => messages.chart.learning }),
        make("span", { className: "legend-validation", says: () => messages.chart.checking })));
    renderWith(this.#svg, () => this.#draw());
    renderWith(this.table, () => this.#fillTable());
  }

  /** @param {EpochRecord[]} history @param {number} epochs that there will be */
  show(history, epochs) {
    this.#history = history;
    this.#epochs = Math.max(epochs, history.length);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#draw();
      // A row for each epoch: as many rows are the same rows.
      if (this.table.tBodies[0]?.rows.length !== history.length || history.length === 0) this.#fillTable();
    }, Math.max(0, this.#drawnAt + PERIOD_MS - performance.now()));
  }

  #draw() {
    this.#drawnAt = performance.now();
    const last = this.#history.at(-1);
    const { chart, format } = messages;
    this.#svg.setAttribute("aria-label", last
      ? chart.label(this.#history.length, format.significant(last.training.loss, 3), last.training.accuracy) : chart.empty);
    this.#svg.setAttribute("data-points", String(this.#history.length));
    this.#svg.replaceChildren(...PLOTS.flatMap((plot, index) => this.#plot(plot, BOX.tops[index] ?? 0)));
  }

  /** @param {Plot} plot @param {number} top */
  #plot({ name, of, top: topOf, format }, top) {
    const training = this.#history.map((record) => of(record.training));
    const validation = this.#history.flatMap(({ validation: [score] }) => (score ? [of(score)] : []));
    const highest = topOf([...training, ...validation]);
    const bottom = top + BOX.height;
    const x = (/** @type {number} */ index) =>
      BOX.left + ((BOX.right - BOX.left) * (index + 0.5)) / Math.max(this.#epochs, 1);
    const y = (/** @type {number} */ value) => bottom - (BOX.height * Math.min(Math.max(value, 0), highest)) / highest;
    const line = (/** @type {number[]} */ values, /** @type {string} */ className) => {
      const points = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`);
      const end = values.length - 1;
      return values.length === 0 ? [] : [
        svg("polyline", { points: points.join(" "), class: `curve ${className}` }),
        svg("circle", { cx: x(end), cy: y(values[end] ?? 0), r: 3, class: `end ${className}` }),
      ];
    };
    return [
      ...[0, 0.5, 1].map((share) => svg("line", { x1: BOX.left, x2: BOX.right, y1: y(share * highest), y2: y(share * highest), class: share === 0 ? "axis" : "grid" })),
      text(format(highest), { x: BOX.left - 6, y: top + 4, "text-anchor": "end" }),
      text(messages.format.number(0), { x: BOX.left - 6, y: bottom + 3, "text-anchor": "end" }),
      text(name(), { x: BOX.left, y: bottom + 15, class: "plot-name" }),
      ...(this.#epochs > 0 ? [text(messages.chart.epoch(this.#epochs), { x: BOX.right, y: bottom + 15, "text-anchor": "end" })] : []),
      ...line(validation, "validation"), ...line(training, "training"),
    ];
  }

  #fillTable() {
    const row = (/** @type {string[]} */ cells, /** @type {"th" | "td"} */ tag) =>
      make("tr", {}, ...cells.map((textContent) => make(tag, { textContent })));
    const { chart, format } = messages;
    const { columns } = chart;
    const head = row([columns.epoch, columns.loss, columns.right, columns.checkedLoss, columns.checkedRight], "th");
    const rows = this.#history.map(({ epoch, training, validation: [checked], best }) => row([
      `${format.number(epoch)}${best ? " ★" : ""}`, format.significant(training.loss, 3), format.percent(training.accuracy),
      checked ? format.significant(checked.loss, 3) : "–", checked ? format.percent(checked.accuracy) : "–"], "td"));
    this.table.replaceChildren(make("caption", { textContent: chart.star }), make("thead", {}, head), make("tbody", {}, ...rows));
  }
}

/** The next 1, 2 or 5 of a power of ten: an axis that stays while the curve falls. @param {number} value */
function niceTop(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

/** @param {string} tag @param {Record<string, string | number>} attributes */
function svg(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

/** @param {string} content @param {Record<string, string | number>} attributes */
function text(content, attributes) {
  const made = svg("text", attributes);
  made.textContent = content;
  return made;
}
