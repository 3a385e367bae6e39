// What was measured of two networks that learn side by side, in sentences; and what the literature says, with what is so here.
import { messages } from "../i18n/language.js";
import { make } from "../ui/dom.js";
import { normText, normsOf } from "./learns-charts.js";
import { WINDOW, casesOf, flowOf, standingOf } from "./learns-findings.js";
import { words } from "./words.js";

/** @import { Measurements } from "./learns-charts.js" */
/** @import { Flow } from "./learns-findings.js" */
/** @import { VariantName } from "./state.js" */

/** Both networks' switches, and the learning rate. @typedef {{ variants: [VariantName, VariantName], rate: number }} Setup */

const KEYS = /** @type {const} */ (["a", "b"]);
/** In the order of their years, each with its place. */
const SOURCES = /** @type {const} */ ({
  glorot: "Glorot, Bengio 2010, AISTATS",
  he: "He, Zhang, Ren, Sun 2015, arXiv:1512.03385, 4.1",
  degradation: "He, Zhang, Ren, Sun 2015, arXiv:1512.03385, 1",
  balduzzi: "Balduzzi, Frean, Leary, Lewis, Ma, McWilliams 2017, arXiv:1702.08591",
  santurkar: "Santurkar, Tsipras, Ilyas, Madry 2018, arXiv:1805.11604",
  yang: "Yang, Pennington, Rao, Sohl-Dickstein, Schoenholz 2019, arXiv:1902.08129",
});

/** @param {number} value */
const timesText = (value) => messages.format.number(Number(value.toPrecision(2)));
/** A share that may be tiny. @param {number} value */
const shareText = (value) => (value < 0.001 ? normText(value) : messages.format[value < 0.1 ? "percent" : "wholePercent"](value));

/** @param {Flow} flow */
function courseOf({ course, times, first, last }) {
  const { found } = words().learns;
  return { grows: found.grows, shrinks: found.shrinks, even: found.even }[course](normText(first), normText(last), timesText(times));
}

/** How each network's gradients lie as it was initialized, null where nothing is measured. @param {Measurements} measured @param {number} rate */
const flowsOf = (measured, rate) => KEYS.map((_, network) => {
  const { first } = normsOf(measured, network);
  return first && flowOf(measured.layers, first, rate);
});

/** A list for each network. @param {Measurements | null} measured @param {Setup} setup @returns {{ name: string, sentences: string[] }[]} */
export function findings(measured, { variants, rate }) {
  if (!measured || measured.steps.length === 0) return [];
  const { learns } = words();
  const { found } = learns;
  return flowsOf(measured, rate).map((flow, network) => {
    const { loss, accuracy, givenUpAt } = standingOf(measured.steps, network);
    const sentences = [];
    if (flow) {
      sentences.push(courseOf(flow), (flow.isLost ? found.lost : found.change)(shareText(flow.change)));
      const { now } = normsOf(measured, network);
      if (measured.steps.length > 1 && now) {
        const { first, last } = flowOf(measured.layers, now, rate);
        sentences.push(found.now(measured.steps.length, normText(first), normText(last)));
        sentences.push(found.standing(Math.min(WINDOW, measured.steps.length), messages.format.significant(loss, 3), accuracy));
      }
    }
    if (givenUpAt !== null) sentences.push(found.givenUp(givenUpAt));
    return { name: `${learns[KEYS[network] ?? "a"]}: ${learns.variants[variants[network] ?? "plain"]}`, sentences };
  });
}

/** What is said, with where, and what is so here. @param {Measurements | null} measured @param {Setup} setup */
export function claims(measured, { variants, rate }) {
  const { learns } = words();
  const { here } = learns;
  const cases = casesOf(variants, measured?.steps.length ?? 0);
  const flows = measured && measured.steps.length > 0 ? flowsOf(measured, rate) : [null, null];
  const name = (/** @type {number} */ network) => learns[KEYS[network] ?? "a"];
  /** @param {number | null} network @param {VariantName} wanted @param {(flow: Flow, name: string) => string} say */
  const of = (network, wanted, say) => {
    if (network === null) return here.set(learns.variants[wanted]);
    const flow = flows[network];
    return flow ? say(flow, name(network)) : here.notYet;
  };
  const vanishes = (/** @type {Flow} */ { vanishes: it, first, last }, /** @type {string} */ of) => (it ? here.vanishes : here.stays)(of, normText(first), normText(last));
  const loss = (/** @type {number} */ network) => {
    const { loss: value, givenUpAt } = standingOf(measured?.steps ?? [], network);
    return givenUpAt === null ? messages.format.significant(value, 3) : learns.givenUp;
  };
  const { pair } = cases;
  const answers = {
    glorot: of(cases.bare, "plain", vanishes),
    he: of(cases.normed, "norm", vanishes),
    degradation: pair && measured ? here.losses(measured.steps.length, loss(pair[0]), loss(pair[1])) : here.pair,
    balduzzi: here.unmeasured,
    santurkar: here.unmeasured,
    yang: of(cases.normed, "norm", (flow, of) => (flow.course === "grows" ? here.grows(of, timesText(flow.times)) : here.doesNotGrow(of, normText(flow.first), normText(flow.last)))),
  };
  return /** @type {(keyof typeof SOURCES)[]} */ (Object.keys(SOURCES)).map((key) => ({ key, source: SOURCES[key], claim: learns.claims[key], here: answers[key] }));
}

/** @param {HTMLElement} box @param {ReturnType<typeof findings>} found */
export function showFindings(box, found) {
  box.replaceChildren(...found.flatMap(({ name, sentences }) => [
    make("h5", { textContent: name }), make("ul", {}, ...sentences.map((textContent) => make("li", { textContent }))),
  ]));
}

/** @param {HTMLElement} box @param {ReturnType<typeof claims>} said */
export function showClaims(box, said) {
  box.replaceChildren(...said.map(({ key, source, claim, here }) => make("li", { data: { claim: key } },
    make("p", {}, claim, " ", make("cite", { textContent: source, dir: "ltr" })), make("p", { className: "here", textContent: here }))));
}
