// Several threads on the CPU: where they are, that they change no answer, and that one goes on where they fail.

import assert from "node:assert/strict";
import { cpus } from "node:os";
import { test } from "node:test";
import { testWorld } from "./browser.js";
import { write } from "./files.js";
import { available, withoutNetwork } from "./network.js";
import { hand, png } from "./pictures.js";
import { CPU_SCRIPTS, UNISOLATED, WWW, answering, failing } from "./server.js";
import { TeachTab } from "./teach.js";
import { staticFiles } from "../../scripts/serve.js";

/** @typedef {import("./signet.js").Signet} Signet */

const skip = cpus().length < 2 && "this machine has one core";
const files = [write("four.png", png(hand(4, 220, 220))), write("large.png", png(hand(2, 900, 700)))];
/** So many are taken whether they pay or not: what else this machine does would decide. */
const TWO = "?backend=cpu&threads=2";
const ONE = "?backend=cpu&threads=1";
const THREADS = "/pkg/signet_cpu_threads_bg.wasm";
const FAILED = /Several threads failed here, so one computes\. Chosen by \?backend=cpu/;

const { server, visit, pageTest } = await testWorld();

/** @param {Signet} signet */
const isIsolated = ({ page }) => page.evaluate(() => crossOriginIsolated);
/** @param {Signet} signet @param {number} count */
const computesWith = (signet, count) => signet.until(`${count} threads`, async () => (await signet.status()).threads === count);

/** Answers to both files, to the last digit: the one in the center, and one that is searched. @param {Signet} signet */
async function answers(signet) {
  await signet.click("mode-upload");
  const all = [];
  for (const file of files) all.push((await signet.upload(file)).bars);
  return all;
}

test("two threads give the very answers of one, of the module without any, and the page says how many there are", { skip }, async () => {
  /** @type {Record<string, unknown>} */
  const found = {};
  for (const [query, count, text] of /** @type {const} */ ([[ONE, 1, /^CPU, [\d.]+ ms/], [TWO, 2, /^CPU, 2 threads, [\d.]+ ms/]])) {
    const start = server.requests.length;
    await visit({ query }, async (signet) => {
      await signet.ready();
      assert.equal(await isIsolated(signet), true);
      await computesWith(signet, count);
      await signet.until("the time", async () => text.test((await signet.status()).text));
      found[query] = await answers(signet);
      assert.equal((await signet.status()).threads, count);
    });
    assert.equal(server.count(THREADS, start), count - 1);
  }
  assert.deepEqual(found[TWO], found[ONE]);
});

pageTest("a trial finds how many threads pay, behind the first answer", { skip, query: "" }, async (signet) => {
  await signet.uploadWorks(String(files[0]));
  await signet.until("the end of the trials", async () => !/Trying/.test((await signet.status()).text));
  const { threads, text } = await signet.status();
  console.log(text);
  assert.ok(threads >= 1 && threads <= 4 && !/failed/.test(text), text);
});

pageTest("on a host without headers a page is isolated from its second start on, by its service worker, and is never reloaded for that", {
  skip, serviceWorker: true, query: TWO, given: () => { server.serve = staticFiles(WWW, UNISOLATED); },
}, async (signet) => {
  const { page } = signet;
  let navigations = 0;
  page.on("framenavigated", () => { navigations += 1; });
  assert.deepEqual([await isIsolated(signet), (await signet.status()).threads], [false, 1]);
  await available(signet);
  const first = await answers(signet);
  assert.equal(navigations, 0);
  await signet.reload();
  assert.equal(await isIsolated(signet), true);
  await computesWith(signet, 2);
  assert.deepEqual(await answers(signet), first);
  assert.equal(navigations, 1);

  // Workers of such a page, and other pages of the same folder, are isolated as well, with a network or without.
  await withoutNetwork(page, server, async () => {
    await signet.reload();
    await computesWith(signet, 2);
    const tab = await TeachTab.open(signet);
    await tab.addHands(3);
    await tab.train({ epochs: 1 });
    await tab.kept(6, ["project", "taught"]);
    await page.goto(`${server.origin}/help.html`);
    assert.equal(await isIsolated(signet), true);
    assert.ok((await page.$$eval("img", (images) => images.map((image) => image.naturalWidth > 0))).every(Boolean));
  });
});

/** @type {[name: string, given: () => void, expectedErrors?: RegExp[]][]} */
const FAILURES = [
  ["the module with threads is another file", () => server.replace(String(CPU_SCRIPTS[2]), answering("export default 3;"))],
  ["the browser gives no shared memory", () => server.edit("/recognizer/memory.js", { "new WebAssembly.Memory(": 'new (class { constructor() { throw new RangeError("no memory"); } })(' })],
  ["the script of a helper is not there", () => server.replace("/recognizer/helper.js", failing(404)), [/404/]],
  ["a helper does not start", () => server.replace("/recognizer/helper.js", answering('throw new Error("no helper");'))],
  ["a helper ends behind its start", () => server.edit("/recognizer/helper.js", { "opened.help();": "" })],
  ["a helper traps", () => server.edit("/recognizer/helper.js", { "opened.help();": 'throw new WebAssembly.RuntimeError("unreachable");' })],
];
for (const [name, given, expectedErrors] of FAILURES) {
  pageTest(`where ${name}, one thread answers, and the page says so`, { skip, query: TWO, given, expectedErrors }, async (signet) => {
    await signet.until("the word about it", async () => FAILED.test((await signet.status()).text));
    const { threads, text } = await signet.status();
    assert.equal(threads, 1);
    assert.match(text, /^CPU, [\d.]+ ms/);
    await signet.uploadWorks(String(files[0]));
    assert.equal(await signet.error(), undefined);
  });
}

pageTest("a host without the module with threads is no failure", { skip, query: TWO, expectedErrors: [/404/], given: () => server.replace(String(CPU_SCRIPTS[2]), failing(404)) }, async (signet) => {
  await signet.uploadWorks(String(files[0]));
  await signet.until("the time", async () => /^CPU, [\d.]+ ms\s?Chosen by/.test((await signet.status()).text));
  assert.equal((await signet.status()).threads, 1);
});

pageTest("a worker that dies with its helper is followed by one without, and nothing is lost", { skip, query: TWO, standIns: { cpu: ["trappingAtFiles", 1] } }, async (signet) => {
  await computesWith(signet, 2);
  await signet.uploadWorks(String(files[0]));
  await signet.until("the word about it", async () => FAILED.test((await signet.status()).text));
  assert.equal((await signet.status()).threads, 1);
});
