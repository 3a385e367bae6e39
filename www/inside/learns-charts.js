// The charts of two networks that learn side by side, and their tables: losses, and the norm of each layer's gradient.
import { messages } from "../i18n/language.js";
import { make } from "../ui/dom.js";
import { decadesOf, niceTop, powerOf, smoothed, tenTo, thinned } from "./learns-findings.js";
import { words } from "./words.js";

/** @import { ComparisonLayer, ComparisonStep } from "../pkg/signet_cpu_learn.js" */

/** What has been measured since the start. @typedef {{ layers: ComparisonLayer[], steps: ComparisonStep[], classes: number }} Measurements */

const SVG = "http://www.w3.org/2000/svg";
/** Narrow on a phone, where letters must not shrink with the chart. */
const WIDTHS = { least: 280, most: 900 };
const LEFT = 44;
const LOSS = { height: 190, top: 10, bottom: 20 };
const NORMS = { height: 118, top: 22, bottom: 18 };
/** Guessing costs the logarithm of the number of classes; what is far above that is drawn at the edge. */
const HIGHEST = 4;
const MOST_POINTS = 300;
const MOST_ROWS = 40;
/** A zoom of what is shown first, so that the axis stays. */
const FIRST_STEPS = 50;
const KEYS = /** @type {const} */ (["a", "b"]);

/** A norm as a text: it may be tiny. @param {number} value */
export function normText(value) {
  const { format } = messages;
  if (value === 0) return format.number(0);
  if (value >= 0.001 && value < 10_000) return format.significant(value, 2);
  const [factor, exponent] = powerOf(value);
  return format.name(`${format.number(factor)} × ${tenTo(exponent)}`);
}

/** @param {string} tag @param {Record<string, string | number>} attributes @param {string} [content] */
export function svg(tag, attributes, content = "") {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.textContent = content;
  return made;
}

/** How wide a drawing is, in its own units, which are the page's pixels. @param {SVGElement} drawing */
const widthOf = (drawing) => Math.min(Math.max(drawing.clientWidth || 600, WIDTHS.least), WIDTHS.most);

/** @param {number} value */
const fixed = (value) => value.toFixed(1);

/** @param {SVGElement} drawing @param {Measurements | null} measured */
export function drawLosses(drawing, measured) {
  const width = widthOf(drawing);
  const { height, top } = LOSS;
  const [right, bottom] = [width - 8, height - LOSS.bottom];
  drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const { learns } = words();
  const steps = measured?.steps ?? [];
  const guess = Math.log(measured?.classes ?? 6);
  const losses = KEYS.map((_, network) => steps.flatMap(({ step, networks }) => {
    const loss = networks[network]?.loss;
    return loss === undefined ? [] : [{ step, loss }];
  }));
  const highest = Math.min(niceTop(Math.max(guess, ...losses.flat().map(({ loss }) => loss))), HIGHEST * guess);
  const last = Math.max(FIRST_STEPS, steps.length);
  const x = (/** @type {number} */ step) => LEFT + ((right - LEFT) * step) / last;
  const y = (/** @type {number} */ loss) => bottom - ((bottom - top) * Math.min(loss, highest)) / highest;
  const line = (/** @type {{ step: number, loss: number }[]} */ points, /** @type {string} */ className) => svg("polyline", {
    class: `curve ${className}`, points: thinned(points, MOST_POINTS).map(({ step, loss }) => `${fixed(x(step))},${fixed(y(loss))}`).join(" "),
  });
  drawing.setAttribute("data-points", String(steps.length));
  drawing.setAttribute("aria-label", measured && steps.length > 0 ? learns.charts.lossLabel(steps.length, lastLoss(measured, 0), lastLoss(measured, 1)) : learns.charts.empty);
  drawing.replaceChildren(
    ...[0, 0.5, 1].map((share) => svg("line", { x1: LEFT, x2: right, y1: y(share * highest), y2: y(share * highest), class: share === 0 ? "axis" : "grid" })),
    ...[0, highest].map((value) => svg("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, messages.format.significant(value, value === 0 ? 1 : 2))),
    svg("line", { x1: LEFT, x2: right, y1: y(guess), y2: y(guess), class: "guess" }),
    svg("text", { x: right, y: bottom + 15, "text-anchor": "end" }, learns.step(last)),
    ...losses.flatMap((points, network) => {
      const means = smoothed(points.map(({ loss }) => loss)).map((loss, index) => ({ step: points[index]?.step ?? 0, loss }));
      return points.length === 0 ? [] : [line(points, `faint ${KEYS[network]}`), line(means, `${KEYS[network]}`)];
    }),
    svg("text", { x: right, y: y(guess) - 4, "text-anchor": "end", class: "over" }, learns.charts.guessing),
  );
}

/** @param {Measurements} measured @param {number} network */
function lastLoss({ steps }, network) {
  const losses = steps.map(({ networks }) => networks[network]?.loss);
  return losses.at(-1) === undefined ? words().learns.givenUp : messages.format.significant(smoothed(/** @type {number[]} */ (losses)).at(-1) ?? 0, 3);
}

/** Norms as they were initialized, and the newest ones; null before the first step. @param {Measurements | null} measured @param {number} network */
export function normsOf(measured, network) {
  const all = (measured?.steps ?? []).map(({ networks }) => networks[network]?.norms).filter((norms) => norms !== undefined);
  return { first: all[0] ?? null, now: all.at(-1) ?? null };
}

/** @param {ComparisonLayer} layer its stage, from 2 to 5; null for the stem and the head */
const stageOf = ({ name }) => /^res(\d)/.exec(name)?.[1] ?? null;

/** One network's bars. @param {SVGElement} drawing @param {Measurements | null} measured @param {number} network @param {[number, number]} decades of both networks, so that their bars compare */
export function drawNorms(drawing, measured, network, decades) {
  const width = widthOf(drawing);
  const { height, top } = NORMS;
  const [right, bottom] = [width - 8, height - NORMS.bottom];
  drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const { learns } = words();
  const key = KEYS[network] ?? "a";
  const layers = measured?.layers ?? [];
  const { first, now } = normsOf(measured, network);
  const [low, high] = decades;
  const y = (/** @type {number} */ norm) => (norm > 0 ? bottom - ((bottom - top) * (Math.log10(norm) - low)) / (high - low) : bottom);
  const pitch = (right - LEFT) / Math.max(layers.length, 1);
  const every = Math.ceil((high - low) / 4);
  const marks = Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, index) => low + index * every);
  drawing.setAttribute("data-bars", String(now?.length ?? 0));
  drawing.setAttribute("aria-label", now ? learns.charts.normLabel(learns[key], normText(now[0] ?? 0), normText(now.at(-1) ?? 0)) : learns.charts.empty);
  drawing.replaceChildren(
    svg("text", { x: LEFT, y: 12, class: "plot-name" }, learns[key]),
    ...marks.flatMap((exponent) => [
      svg("line", { x1: LEFT, x2: right, y1: y(10 ** exponent), y2: y(10 ** exponent), class: exponent === low ? "axis" : "grid" }),
      svg("text", { x: LEFT - 6, y: y(10 ** exponent) + 4, "text-anchor": "end" }, tenTo(exponent)),
    ]),
    ...layers.flatMap((layer, index) => {
      const left = LEFT + index * pitch;
      const bar = { x: fixed(left + pitch * 0.12), width: fixed(pitch * 0.76) };
      const [before, norm] = [first?.[index], now?.[index]];
      const made = [];
      if (norm !== undefined) {
        const drawn = svg("rect", { ...bar, y: fixed(y(norm)), height: fixed(bottom - y(norm)), class: `bar ${key}`, "data-norm": norm });
        drawn.append(svg("title", {}, `${layer.name}: ${normText(norm)}`));
        made.push(drawn);
      }
      if (before !== undefined) made.push(svg("line", { x1: fixed(left), x2: fixed(left + pitch), y1: fixed(y(before)), y2: fixed(y(before)), class: "before" }));
      return made;
    }),
    ...stages(layers, (index) => LEFT + index * pitch, bottom),
  );
}

/** Where each stage begins, and its name below. @param {ComparisonLayer[]} layers @param {(index: number) => number} x @param {number} bottom */
function stages(layers, x, bottom) {
  const names = [...new Set(layers.map(stageOf))].filter((name) => name !== null);
  return names.flatMap((name) => {
    const [from, to] = [layers.findIndex((layer) => stageOf(layer) === name), layers.findLastIndex((layer) => stageOf(layer) === name) + 1];
    return [
      ...[from, to].map((index) => svg("line", { x1: fixed(x(index)), x2: fixed(x(index)), y1: bottom, y2: bottom + 5, class: "axis" })),
      svg("text", { x: fixed((x(from) + x(to)) / 2), y: bottom + 14, "text-anchor": "middle" }, words().learns.stage(Number(name))),
    ];
  });
}

/** The decades that hold all norms of both networks, those of the start as well. @param {Measurements | null} measured */
export const decades = (measured) => decadesOf(KEYS.flatMap((_, network) => {
  const { first, now } = normsOf(measured, network);
  return [...(first ?? []), ...(now ?? [])];
}));

/** @param {string[]} cells @param {"th" | "td"} tag @param {string} [heads] what the first cell is */
const row = (cells, tag, heads = tag) => make("tr", {}, ...cells.map((textContent, index) => make(index === 0 ? /** @type {"th"} */ (heads) : tag, { textContent })));

/** @param {HTMLTableElement} table @param {Measurements | null} measured */
export function fillLosses(table, measured) {
  const { learns } = words();
  const { format } = messages;
  const rows = thinned(measured?.steps ?? [], MOST_ROWS).map(({ step, networks }) => row([format.number(step), ...KEYS.flatMap((_, network) => {
    const it = networks[network];
    return it ? [format.significant(it.loss, 3), format.wholePercent(it.accuracy)] : [learns.givenUp, "–"];
  })], "td", "th"));
  table.replaceChildren(make("caption", { textContent: learns.tables.lossCaption }),
    make("thead", {}, row([learns.tables.step, ...KEYS.flatMap((key) => [learns.tables.loss(learns[key]), learns.tables.right(learns[key])])], "th")), make("tbody", {}, ...rows));
}

/** @param {HTMLTableElement} table @param {Measurements | null} measured */
export function fillNorms(table, measured) {
  const { learns } = words();
  const both = KEYS.map((_, network) => normsOf(measured, network));
  const text = (/** @type {number | undefined} */ norm) => (norm === undefined ? "–" : normText(norm));
  const rows = (measured?.layers ?? []).map(({ name, kernel, input, output }, index) => row([
    name, `${kernel}×${kernel}, ${input}→${output}`, ...both.flatMap(({ first, now }) => [text(first?.[index]), text(now?.[index])])], "td", "th"));
  table.replaceChildren(make("caption", { textContent: learns.tables.normCaption }),
    make("thead", {}, row([learns.tables.layer, learns.tables.kernel, ...KEYS.flatMap((key) => [learns.tables.start(learns[key]), learns.tables.now(learns[key])])], "th")), make("tbody", {}, ...rows));
}

