// The engines in one page of one browser, asked in turn.
import { staticFiles } from "../../scripts/serve.js";
import { ROOT, TestServer, answering } from "../e2e/server.js";
import { BATCH } from "./prepare.js";
import { largestDifference, summarise } from "./statistics.js";

/** @typedef {import("./engines.js").Contestant} Contestant */
/** @typedef {import("./peers/protocol.js").Answer} Answer */
/** @typedef {import("./peers/protocol.js").Order} Order */
/** @typedef {import("./statistics.js").Summary} Summary */
/**
 * @typedef {object} Arena
 * @property {import("puppeteer-core").Page} page
 * @property {(contestant: Contestant) => Promise<number>} load milliseconds from nothing to ready
 * @property {(contestant: Contestant, count: number, runs: number, first?: number) => Promise<Answer>} run `count` squares of each run
 */
/** @typedef {{ browser: import("puppeteer-core").Browser, origin: string, files: import("./prepare.js").Files }} Place */

/**
 * How far a probability may be from a float32 peer's. float32 sums in another order differ by 1e-5 or less; what
 * rounds on purpose stays near 1e-3 with activations of 12 to 16 bits, near 1e-2 with 8; a wrong padding, stride or layer
 * differs by 0.1 and more. Limits for each, so that a float32 kernel that is a little wrong can't hide behind the
 * rounding of another engine.
 * @type {Record<import("./engines.js").Arithmetic, number>}
 */
export const TOLERANCES = { float32: 1e-4, integer: 5e-3, int8: 5e-2 };

const ISOLATION = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

/**
 * Serves the whole project to this machine alone: packages, module, weights, peers. Engines can share memory with threads only
 * where the page is cross-origin isolated.
 * @param {{ isIsolated: boolean }} how
 */
export async function serveProject({ isIsolated }) {
  const server = await TestServer.start();
  const headers = isIsolated ? ISOLATION : {};
  server.policy = null;
  server.serve = staticFiles(ROOT, headers);
  server.replace("/", (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    answering("<!doctype html><title>benchmark</title>", "text/html")(request, response);
  });
  return server;
}

/**
 * A fresh page in a context of its own, until `body` ends: no engine finds compiled code of an earlier page. Each has a
 * worker.
 * @template T
 * @param {Place} place
 * @param {(arena: Arena) => Promise<T>} body
 */
export async function inArena({ browser, origin, files }, body) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  /** One is asked at a time. @type {(answer: Answer | null, error: string) => void} */
  let settle = () => {};
  /** @param {string} name @param {Order} order @returns {Promise<Answer>} */
  const ask = (name, order) => new Promise((resolve, reject) => {
    settle = (answer, error) => (answer ? resolve(answer) : reject(new Error(`${name}: ${error}`)));
    page.evaluate((engine, asked) => {
      const { workers = {}, answered } = /** @type {{ workers?: Record<string, Worker>, answered: typeof settle }} */ (/** @type {unknown} */ (globalThis));
      const worker = workers[engine] ??= new Worker("/tests/bench/peers/worker.js", { type: "module", name: engine });
      Object.assign(globalThis, { workers });
      worker.onmessage = ({ data }) => answered(data.answer ?? null, data.error ?? "");
      worker.onerror = ({ message }) => answered(null, message);
      worker.postMessage(asked);
    }, name, order).catch(reject);
  });
  try {
    // Puppeteer waits three minutes for a call's end, and a run on a software adapter can take longer: the answer calls back.
    await page.exposeFunction("answered", (/** @type {Answer | null} */ answer, /** @type {string} */ error) => settle(answer, error));
    page.on("error", ({ message }) => settle(null, `the tab crashed: ${message}`));
    browser.once("disconnected", () => settle(null, "the browser is gone"));
    await page.goto(`${origin}/`);
    return await body({
      page,
      load: async ({ name, file, device, threads }) => Number((await ask(name, { kind: "load", file, device, threads, files })).ms[0]),
      run: ({ name }, count, runs, first = 0) => ask(name, { kind: "run", first, count, runs }),
    });
  } finally {
    await context.close().catch(() => {}); // of a browser that is gone, which has failed `body` already
  }
}

/**
 * One after another and together, each square must get the answer that a peer gives: none of Signet's own is the
 * measure, nor is an engine that rounds, whose error all others would then be said to have.
 * @param {Arena} arena
 * @param {Contestant[]} chosen
 * @param {{ singly: number, known: number[] }} how `singly`: squares also asked by themselves; `known`: the last one's answer
 */
export async function compare(arena, chosen, { singly, known }) {
  const exact = chosen.filter(({ arithmetic }) => arithmetic === "float32");
  const measure = exact.find(({ family }) => family !== "signet") ?? exact[0] ?? chosen[0];
  if (!measure) throw new Error("there is nothing to compare");
  const { probabilities: expected } = await arena.run(measure, BATCH, 1);
  const row = expected.length / BATCH;
  /** @type {Record<string, number>} */
  const differences = {};
  for (const contestant of chosen) {
    const { probabilities } = await arena.run(contestant, BATCH, 1);
    const found = [largestDifference(probabilities, expected), largestDifference(probabilities.slice(-row), known)];
    for (let square = BATCH - singly; square < BATCH; square += 1) {
      const alone = await arena.run(contestant, 1, 1, square);
      found.push(largestDifference(alone.probabilities, expected.slice(square * row, (square + 1) * row)));
    }
    differences[contestant.name] = Math.max(...found);
  }
  const agree = chosen.every(({ name, arithmetic }) => Number(differences[name]) <= TOLERANCES[arithmetic]);
  return { differences, agree, measure: measure.name };
}

/** @typedef {{ count: number, warmUp: number, rounds: number, runs: number }} Plan `count` squares of each of `runs` runs of a round */

/**
 * A few runs of each in turn, so that a slow moment of the machine meets all; who starts changes with the round.
 * @param {Arena} arena
 * @param {Contestant[]} chosen
 * @param {Plan} plan
 * @returns {Promise<Record<string, Summary>>}
 */
export async function interleave(arena, chosen, { count, warmUp, rounds, runs }) {
  for (const contestant of chosen) await arena.run(contestant, count, warmUp);
  /** @type {Record<string, number[]>} */
  const times = Object.fromEntries(chosen.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const first = round % chosen.length;
    for (const contestant of [...chosen.slice(first), ...chosen.slice(0, first)]) {
      const { ms } = await arena.run(contestant, count, runs, round * runs);
      times[contestant.name]?.push(...ms);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, summarise(ms)]));
}

/**
 * The first answer after loading, each time in a fresh page.
 * @param {Place} place
 * @param {Contestant[]} chosen
 * @param {number} times
 */
export async function firstAnswers(place, chosen, times) {
  const found = chosen.map((contestant) => ({ contestant, load: /** @type {number[]} */ ([]), first: /** @type {number[]} */ ([]) }));
  for (let time = 0; time < times; time += 1) {
    for (const { contestant, load, first } of found) {
      await inArena(place, async (arena) => {
        load.push(await arena.load(contestant));
        first.push(...(await arena.run(contestant, 1, 1)).ms);
      });
    }
  }
  return found.map(({ load, first }) => ({ load: summarise(load), first: summarise(first) }));
}
