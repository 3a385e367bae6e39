// Another version of the page on the host: a page that is open goes on with its own, the next one is all new, and
// nobody ever gets files of two.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { test } from "node:test";
import { screenshot, testWorld } from "./browser.js";
import { deployment, marked, marks } from "./deployment.js";
import { write } from "./files.js";
import { hand, png } from "./pictures.js";
import { MANIFEST, MODEL_PATH, WWW } from "./server.js";
import { Signet } from "./signet.js";
import { TeachTab, hands } from "./teach.js";
import { staticFiles } from "../../scripts/serve.js";

/** @typedef {import("puppeteer-core").Page} Page */

const file = write("three.png", png(hand(3, 240, 240)));
/** What a browser asks for when it looks for another version. */
const LOOKING = /^GET \/(service-worker|pkg\/precache)\.js$/;

const { server, visit, pageTest } = await testWorld();
const second = staticFiles(marked("second"));
const third = staticFiles(marked("third"));

/** Waits for the line about a network. @param {Signet} signet @param {RegExp} text */
function says(signet, text) {
  return signet.until(String(text), async () => {
    const line = await signet.page.$eval(signet.selector("offline-status"), (line) => /** @type {HTMLElement} */ (line).innerText);
    return text.test(line);
  }, 120_000);
}
const available = (/** @type {Signet} */ signet) => says(signet, /^Available offline$/);

/** As a tab does that is looked at again. @param {Page} page */
const comeBack = (page) => page.evaluate(() => void document.dispatchEvent(new Event("visibilitychange")));

/** Comes back until there is another version: one look may fall together with another one that was under way. @param {Signet} signet */
function finds(signet) {
  let looks = 0;
  return signet.until("a newer version", async () => {
    if ((looks += 1) % 40 === 1) await comeBack(signet.page);
    const line = await signet.page.$eval(signet.selector("offline-status"), (line) => /** @type {HTMLElement} */ (line).innerText);
    return /newer version/.test(line);
  }, 120_000);
}

/** @param {Signet} signet */
async function reloaded(signet) {
  await signet.page.reload();
  await signet.ready();
}

/** The versions of which something is stored. @param {Page} page */
const versions = (page) => page.evaluate(async () => {
  const names = await caches.keys();
  return names.filter((name) => /^signet-page \S+ \w+$/.test(name)).map((name) => name.split(" ").at(-1) ?? "");
});

/** @param {Signet} signet @param {number} count */
const keeps = (signet, count) => signet.until(`${count} versions in storage`, async () => (await versions(signet.page)).length === count);

pageTest("an open page goes on with its own files, and the next start is all new", { serviceWorker: true }, async (signet) => {
  await available(signet);
  assert.deepEqual(await marks(signet.page), [""]);

  server.serve = second;
  await finds(signet);
  await screenshot(signet.page, "offline-newer");
  const start = server.requests.length;
  assert.deepEqual(await marks(signet.page), [""]);
  const tab = await TeachTab.open(signet);
  for (const [label, fingers] of /** @type {const} */ ([["0", 0], ["5", 5]])) {
    await tab.upload(label, hands(fingers, 4).map((picture, index) => write(`${label}-${index}.png`, png(picture))));
  }
  await tab.train({ epochs: 2 });
  await tab.kept(8, ["project", "taught"]);
  const asked = server.requests.slice(start).filter((request) => !LOOKING.test(request));
  assert.deepEqual(asked, [], "a training's worker, too, comes from the version that is open");

  await reloaded(signet);
  assert.deepEqual(await marks(signet.page), ["second"]);
  await available(signet);
  await keeps(signet, 1); // the version before it is gone
  const again = await TeachTab.open(signet);
  assert.deepEqual((await again.cards()).map(({ count }) => count), [4, 0, 0, 0, 0, 4], "what was taught is not");
  await again.train({ epochs: 2 });
  assert.equal(server.count(MODEL_PATH, start), 0, "the model is the same, and stays");
});

pageTest("a version that comes while none is looked for serves at the second start, whole at each", { serviceWorker: true }, async (signet) => {
  await available(signet);
  server.serve = second;
  await reloaded(signet);
  assert.deepEqual(await marks(signet.page), [""]);
  await says(signet, /newer version/);
  server.serve = third;
  await comeBack(signet.page);
  await keeps(signet, 3); // the second was never opened
  await signet.until("the third", async () => {
    await reloaded(signet);
    return (await marks(signet.page)).join() === "third";
  });
  await available(signet);
  // Chromium goes past a service worker that is just taking over. Such a visit is all new, too, and tidies nothing.
  if (!(await signet.page.evaluate(() => navigator.serviceWorker.controller))) await reloaded(signet);
  await keeps(signet, 1);
  await signet.click("mode-upload");
  await signet.upload(file);
});

pageTest("with the page open in two tabs each has files of one version, and what neither needs goes", { serviceWorker: true }, async (signet) => {
  await available(signet);
  const page = await signet.page.browserContext().newPage();
  const other = new Signet(page);
  await page.goto(`${server.origin}/?backend=cpu`);
  await other.ready();
  await available(other);
  server.serve = second;
  await finds(other);
  await signet.page.bringToFront();
  await reloaded(signet);
  assert.deepEqual(await marks(signet.page), ["second"], "one begins with the new version");
  await available(signet);
  await page.bringToFront();
  const start = server.requests.length;
  const tab = await TeachTab.open(other);
  await tab.upload("0", hands(0, 4).map((picture, index) => write(`other-0-${index}.png`, png(picture))));
  await tab.upload("5", hands(5, 4).map((picture, index) => write(`other-5-${index}.png`, png(picture))));
  await tab.train({ epochs: 2 });
  assert.deepEqual(await marks(page), [""], "the other goes on with the old one, files that it fetches late included");
  assert.deepEqual(server.requests.slice(start).filter((request) => !LOOKING.test(request)), []);
  await keeps(signet, 2);
  await page.close();
  await signet.page.bringToFront();
  await reloaded(signet);
  await keeps(signet, 1);
});

pageTest("a deployment that is only half there is not taken, and a whole one afterwards is", { serviceWorker: true, expectedErrors: [/404/] }, async (signet) => {
  await available(signet);
  const before = await versions(signet.page);
  // The list is the new one; one file is still the old one, or is on its way.
  /** @type {import("./server.js").Handler[]} */
  const halves = [
    (_, response) => void response.writeHead(200, { "Content-Type": "text/javascript" }).end(readFileSync(`${WWW}/teach/train-worker.js`)),
    (_, response) => void response.writeHead(404).end(),
  ];
  for (const half of halves) {
    server.restore();
    server.serve = second;
    server.replace("/teach/train-worker.js", half);
    const start = server.requests.length;
    await comeBack(signet.page);
    await signet.until("the attempt", async () => server.count("/teach/train-worker.js", start) > 0);
    await signet.until("nothing of it left", async () => (await versions(signet.page)).join() === before.join());
    await reloaded(signet);
    assert.deepEqual(await marks(signet.page), [""]);
    await signet.click("mode-upload");
    await signet.upload(file);
    await available(signet);
  }

  server.restore();
  server.serve = second;
  await finds(signet);
  await reloaded(signet);
  assert.deepEqual(await marks(signet.page), ["second"]);
});

test("a version with another model brings it along: it, too, does without a network from its first start", async () => {
  // The same network under another hash: eight spaces more behind the file's header.
  const bytes = readFileSync(WWW + MODEL_PATH);
  const SPACES = 8;
  const end = 8 + Number(bytes.readBigUInt64LE(0));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(end - 8 + SPACES));
  const retouched = Buffer.concat([length, bytes.subarray(8, end), Buffer.alloc(SPACES, " "), bytes.subarray(end)]);
  const sha256 = createHash("sha256").update(retouched).digest("hex");
  const folder = deployment({
    "models/manifest.json": () => JSON.stringify({ ...JSON.parse(readFileSync(join(WWW, "models/manifest.json"), "utf8")), sha256, bytes: retouched.length }),
    [MODEL_PATH.slice(1)]: () => retouched,
    "main.js": (before) => `${before}\ndocument.documentElement.dataset.deployment = "second";\n`,
  });
  await visit({ serviceWorker: true }, async (signet) => {
    await signet.ready();
    await available(signet);
    server.serve = staticFiles(folder);
    await finds(signet);
    await server.stop();
    try {
      await reloaded(signet);
      assert.equal(await signet.page.evaluate(() => document.documentElement.dataset["deployment"]), "second");
      await signet.click("mode-upload");
      await signet.upload(file);
      const models = await signet.page.evaluate(async () => {
        const kept = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
        return kept.flat().map(({ url }) => url).filter((url) => url.includes(".safetensors")).map((url) => new URL(url).searchParams.get("sha256"));
      });
      assert.deepEqual(models, [sha256], `and ${MANIFEST.sha256} is gone`);
    } finally {
      await server.resume();
    }
  });
});
