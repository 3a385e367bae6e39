// Signet's page from the navigation to its first prediction.
import { mkdirSync, writeFileSync } from "node:fs";
import { staticFiles } from "../../scripts/serve.js";
import { visit } from "../e2e/browser.js";
import { hand, png } from "../e2e/pictures.js";
import { MODEL_PATH, TestServer, WWW } from "../e2e/server.js";
import { FOLDER } from "./prepare.js";
import { summarise } from "./statistics.js";

/** @typedef {import("../e2e/signet.js").Signet} Signet */
/** @typedef {import("./statistics.js").Summary} Summary */
/** @typedef {{ ready: number, prediction: number, bytes: number }} Visit milliseconds since the navigation; bytes over the network until then */

const LIMIT_MS = 120_000;

/** A server that knows how much it has sent, headers included. */
async function countingServer() {
  const server = await TestServer.start();
  const answer = staticFiles(WWW);
  /** @type {Set<import("node:net").Socket>} */
  const sockets = new Set();
  server.serve = (request, response) => {
    sockets.add(request.socket);
    answer(request, response);
  };
  const sent = () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
  return { server, sent };
}

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
    const { notes } = /** @type {{ notes: { ready?: number, prediction?: number } }} */ (/** @type {unknown} */ (globalThis));
    return notes.ready !== undefined && notes.prediction !== undefined ? { ready: notes.ready, prediction: notes.prediction } : undefined;
  }), LIMIT_MS);
}

/** All that the page keeps for the next time is kept. @param {Signet} signet */
function kept(signet) {
  return signet.until("what the page keeps", () => signet.page.evaluate(async (path) => {
    // Not `ready`, which never ends where there is none.
    const active = (await navigator.serviceWorker.getRegistration())?.active;
    const model = await caches.match(new URL(path, location.href), { ignoreSearch: true });
    return active?.state === "activated" && model ? true : undefined;
  }, `.${MODEL_PATH}`), LIMIT_MS);
}

/**
 * Each cold visit has an empty profile; the warm one is the next in the same.
 * @param {import("puppeteer-core").Browser} browser
 * @param {number} times
 */
export async function visits(browser, times) {
  mkdirSync(FOLDER, { recursive: true });
  const file = `${FOLDER}/hand.png`;
  writeFileSync(file, png(hand(3, 240, 240)));
  const { server, sent } = await countingServer();
  /** @type {{ cold: Visit[], warm: Visit[] }} */
  const found = { cold: [], warm: [] };
  try {
    for (let time = 0; time < times; time += 1) {
      let before = sent();
      await visit(browser, server, { query: "?backend=cpu", serviceWorker: true, before: (page) => page.evaluateOnNewDocument(takeNotes) }, async (signet) => {
        found.cold.push({ ...await firstPrediction(signet, file), bytes: sent() - before });
        await kept(signet);
        before = sent();
        await signet.page.reload();
        found.warm.push({ ...await firstPrediction(signet, file), bytes: sent() - before });
      });
    }
  } finally {
    await server.stop();
  }
  return { cold: summary(found.cold), warm: summary(found.warm) };
}

/** @param {Visit[]} all */
function summary(all) {
  return {
    ready: summarise(all.map(({ ready }) => ready)),
    prediction: summarise(all.map(({ prediction }) => prediction)),
    bytes: summarise(all.map(({ bytes }) => bytes)).median,
  };
}
