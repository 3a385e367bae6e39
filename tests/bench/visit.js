// Signet's page from the navigation to its first prediction.
import { staticFiles } from "../../scripts/serve.js";
import { visit } from "../e2e/browser.js";
import { write } from "../e2e/files.js";
import { hand, png } from "../e2e/pictures.js";
import { MODEL_PATH, TestServer, WWW } from "../e2e/server.js";
import { summarise } from "./statistics.js";

/** @typedef {import("../e2e/signet.js").Signet} Signet */
/** With the module that has threads, and without. */
const QUERIES = { "module with threads": "?backend=cpu", "without": "?backend=cpu&threads=1" };

/** @typedef {{ ready: number, prediction: number, bytes: number }} Visit milliseconds since the navigation; bytes over the network until then */

const LIMIT_MS = 120_000;

/** In the page, before its own scripts: notes when it was ready, and when an answer was there. */
function takeNotes() {
  /** @type {Record<string, number>} */
  const notes = {};
  Object.assign(globalThis, { notes });
  new MutationObserver(() => {
    const data = (/** @type {string} */ name) =>
      /** @type {HTMLElement | null} */ (document.querySelector(`[data-testid="${name}"]`))?.dataset ?? {};
    if (data("status")["state"] === "ready") notes["ready"] ??= performance.now();
    if (Number(data("prediction")["sequence"] ?? 0) > 0) notes["prediction"] ??= performance.now();
  }).observe(document, { subtree: true, childList: true, attributes: true });
}

/** @param {Signet} signet @param {string} file chosen as soon as the page can be told, which is before it is ready */
async function firstPrediction(signet, file) {
  await signet.choose(file);
  return signet.until("the first prediction", () => signet.page.evaluate(() => {
    const { notes: { ready, prediction } } = /** @type {{ notes: { ready?: number, prediction?: number } }} */ (/** @type {unknown} */ (globalThis));
    return ready !== undefined && prediction !== undefined ? { ready, prediction } : undefined;
  }), LIMIT_MS);
}

/** All that the page keeps for the next time is kept. @param {Signet} signet */
const kept = (signet) => signet.until("what the page keeps", () => signet.page.evaluate(async (path) => {
  // Not `ready`, which never ends where there is none.
  const active = (await navigator.serviceWorker.getRegistration())?.active;
  return active?.state === "activated" && await caches.match(new URL(path, location.href), { ignoreSearch: true }) !== undefined;
}, `.${MODEL_PATH}`), LIMIT_MS);

/**
 * Each cold visit has an empty profile; the warm one is the next in the same.
 * @param {import("puppeteer-core").Browser} browser
 * @param {number} times
 */
export async function visits(browser, times) {
  const file = write("hand.png", png(hand(3, 240, 240)));
  const server = await TestServer.start();
  /** Who was answered: their sockets know how much was sent, headers included. @type {Set<import("node:net").Socket>} */
  const sockets = new Set();
  const answer = staticFiles(WWW);
  server.serve = (request, response) => {
    sockets.add(request.socket);
    answer(request, response);
  };
  const sent = () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
  /** @type {Record<string, Visit[]>} */
  const found = {};
  const add = (/** @type {string} */ name, /** @type {Visit} */ one) => (found[name] ??= []).push(one);
  try {
    for (let time = 0; time < times; time += 1) {
      for (const [which, query] of Object.entries(QUERIES)) {
        let before = sent();
        await visit(browser, server, { query, serviceWorker: true, before: (page) => page.evaluateOnNewDocument(takeNotes) }, async (signet) => {
          add(`cold cache, ${which}`, { ...await firstPrediction(signet, file), bytes: sent() - before });
          await kept(signet);
          before = sent();
          await signet.page.reload();
          add(`warm cache, ${which}`, { ...await firstPrediction(signet, file), bytes: sent() - before });
        });
      }
    }
  } finally {
    await server.stop();
  }
  const summary = (/** @type {Visit[]} */ all) => ({
    ready: summarise(all.map(({ ready }) => ready)),
    prediction: summarise(all.map(({ prediction }) => prediction)),
    bytes: summarise(all.map(({ bytes }) => bytes)).median,
  });
  return Object.fromEntries(Object.entries(found).map(([name, all]) => [name, summary(all)]));
}
