// The engines in one page of one browser, asked in turn.
import { createServer } from "node:http";
import sirv from "sirv";
import { listen } from "../../scripts/serve.js";
import { ROOT } from "../e2e/server.js";
import { BATCH } from "./prepare.js";
import { largestDifference, summarise } from "./statistics.js";

/** @typedef {import("./engines.js").Contestant} Contestant */
/** @typedef {import("./peers/protocol.js").Answer} Answer */
/** @typedef {import("./peers/protocol.js").Order} Order */
/** @typedef {import("./prepare.js").Files} Files */
/** @typedef {import("./statistics.js").Summary} Summary */
/** @typedef {import("puppeteer-core").Browser} Browser */

const PAGE = '<!doctype html><title>benchmark</title><script type="module" src="/tests/bench/peers/page.js"></script>';

/**
 * How far a probability may be from a float32 peer's. float32 sums in another order differ by 1e-5 or less; what
 * rounds on purpose (activations to 12 to 16 bits) stays near 1e-3; a wrong padding, stride or layer differs by 0.1
 * and more. Two limits, so that a float32 kernel that is a little wrong can't hide behind the rounding of another engine.
 * @type {Record<import("./engines.js").Arithmetic, number>}
 */
export const TOLERANCES = { float32: 1e-4, integer: 5e-3 };

/**
 * Serves the whole project to this machine alone: packages, module, weights, peers. Without the headers of
 * cross-origin isolation, so no engine can share memory with threads.
 */
export async function serveProject() {
  const files = sirv(ROOT, { dev: true, etag: true });
  const server = createServer((request, response) => {
    if (request.url === "/") return void response.writeHead(200, { "Content-Type": "text/html" }).end(PAGE);
    files(request, response, () => void response.writeHead(404).end());
  });
  const port = await listen(server, 0, 1);
  return {
    origin: `http://localhost:${port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A fresh page in a context of its own, so that no engine finds compiled code of an earlier page. */
export class Arena {
  #context;
  #page;
  #files;
  /** One is asked at a time. @type {(answer: Answer | null, error: string) => void} */
  #settle = () => {};

  /**
   * @param {import("puppeteer-core").BrowserContext} context
   * @param {import("puppeteer-core").Page} page
   * @param {Files} files
   */
  constructor(context, page, files) {
    this.#context = context;
    this.#page = page;
    this.#files = files;
  }

  /** @param {Browser} browser @param {string} origin @param {Files} files */
  static async open(browser, origin, files) {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    const arena = new Arena(context, page, files);
    await page.exposeFunction("answered", (/** @type {Answer | null} */ answer, /** @type {string} */ error) => arena.#settle(answer, error));
    page.on("error", ({ message }) => arena.#settle(null, `the tab crashed: ${message}`));
    await page.goto(`${origin}/`);
    return arena;
  }

  close() {
    return this.#context.close();
  }

  /** @param {string} name @param {Order} order @returns {Promise<Answer>} */
  async #ask(name, order) {
    /** @type {Promise<Answer>} */
    const answer = new Promise((resolve, reject) => {
      this.#settle = (found, error) => (found ? resolve(found) : reject(new Error(`${name}: ${error}`)));
    });
    await this.#page.evaluate((worker, sent) => {
      const { ask } = /** @type {{ ask(name: string, order: Order): void }} */ (/** @type {unknown} */ (globalThis));
      ask(worker, sent);
    }, name, order);
    return answer;
  }

  /** @param {Contestant} contestant @returns {Promise<number>} milliseconds from nothing to ready */
  async load({ name, file, device }) {
    const { ms } = await this.#ask(name, { kind: "load", file, device, files: this.#files });
    return Number(ms[0]);
  }

  /** @param {Contestant} contestant @param {number} count squares of each run @param {number} runs @param {number} [first] */
  run({ name }, count, runs, first = 0) {
    return this.#ask(name, { kind: "run", first, count, runs });
  }

  /** @returns {Promise<string>} the graphics adapter in words */
  adapter() {
    return this.#page.evaluate(async () => {
      const { gpu } = /** @type {{ gpu?: { requestAdapter(): Promise<{ info: Record<string, string> } | null> } }} */ (
        /** @type {unknown} */ (navigator));
      const info = (await gpu?.requestAdapter())?.info;
      return info ? ["vendor", "architecture", "device", "description"].map((key) => info[key]).filter(Boolean).join(" ") : "none";
    });
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
    let largest = Math.max(largestDifference(probabilities, expected), largestDifference(probabilities.slice(-row), known));
    for (let square = BATCH - singly; square < BATCH; square += 1) {
      const alone = await arena.run(contestant, 1, 1, square);
      largest = Math.max(largest, largestDifference(alone.probabilities, expected.slice(square * row, (square + 1) * row)));
    }
    differences[contestant.name] = largest;
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
  /** @type {Map<string, number[]>} */
  const times = new Map(chosen.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < chosen.length; turn += 1) {
      const contestant = chosen[(turn + round) % chosen.length];
      if (!contestant) continue;
      const { ms } = await arena.run(contestant, count, runs, round * runs);
      times.get(contestant.name)?.push(...ms);
    }
  }
  return Object.fromEntries(Array.from(times, ([name, ms]) => [name, summarise(ms)]));
}

/**
 * The first answer after loading, each time in a fresh page.
 * @param {Browser} browser
 * @param {string} origin
 * @param {Files} files
 * @param {Contestant[]} chosen
 * @param {number} times
 */
export async function firstAnswers(browser, origin, files, chosen, times) {
  /** @type {Record<string, { load: number[], first: number[] }>} */
  const found = Object.fromEntries(chosen.map(({ name }) => [name, { load: [], first: [] }]));
  for (let time = 0; time < times; time += 1) {
    for (const contestant of chosen) {
      const arena = await Arena.open(browser, origin, files);
      try {
        found[contestant.name]?.load.push(await arena.load(contestant));
        found[contestant.name]?.first.push(Number((await arena.run(contestant, 1, 1)).ms[0]));
      } finally {
        await arena.close();
      }
    }
  }
  return Object.fromEntries(Object.entries(found).map(([name, { load, first }]) =>
    [name, { load: summarise(load), first: summarise(first) }]));
}
