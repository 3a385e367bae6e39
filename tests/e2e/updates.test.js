// Another version of the page on the host: a page that is open goes on with its own, the next one is all new, and
// nobody ever gets files of two.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { testWorld } from "./browser.js";
import { write } from "./files.js";
import { available, cached, deployment, marked, marks } from "./network.js";
import { hand, png } from "./pictures.js";
import { MANIFEST, MODEL_PATH, WWW, answering, failing } from "./server.js";
import { TeachTab } from "./teach.js";
import { staticFiles } from "../../scripts/serve.js";

/** @typedef {import("./signet.js").Signet} Signet */
/** @typedef {import("puppeteer-core").Page} Page */

const file = write("three.png", png(hand(3, 240, 240)));

const { server, pageTest } = await testWorld();
const [second, third] = ["second", "third"].map((mark) => staticFiles(marked(mark)));
const visited = { serviceWorker: true };

/** The newest version is the one that is open. @param {Signet} signet */
const isNewest = (signet) => available(signet, /^Available offline$/);

/** What was asked for since `start`, but for looks after another version. @param {number} start */
const askedSince = (start) => server.requests.slice(start).filter((request) => !/^GET \/(service-worker|pkg\/precache)\.js$/.test(request));

/** Serves another version, or a part of it. @param {import("./server.js").Handler | undefined} version @param {Record<string, import("./server.js").Handler>} [but] */
function deploy(version, but = {}) {
  server.restore();
  if (version) server.serve = version;
  for (const [path, handler] of Object.entries(but)) server.replace(path, handler);
}

/** As a tab does that is looked at again. @param {Page} page */
const comeBack = (page) => page.evaluate(() => void document.dispatchEvent(new Event("visibilitychange")));

/** Comes back until there is another version: one look may fall together with another one that was under way. @param {Signet} signet */
async function finds(signet) {
  const looks = setInterval(() => void comeBack(signet.page).catch(() => {}), 2000);
  await comeBack(signet.page);
  await available(signet, /newer version/).finally(() => clearInterval(looks));
}

/** The versions of which something is stored. @param {Page} page */
const versions = (page) => page.evaluate(async () => {
  const names = await caches.keys();
  return names.filter((name) => /^signet-page \S+ \w+$/.test(name)).map((name) => name.split(" ").at(-1) ?? "");
});

/** @param {Signet} signet @param {number} count */
const keeps = (signet, count) => signet.until(`${count} versions in storage`, async () => (await versions(signet.page)).length === count);

/** Teaches without a request: a training's worker, too, comes from the version that is open. @param {Signet} signet */
async function teaches(signet) {
  const start = server.requests.length;
  const tab = await TeachTab.open(signet);
  await tab.addHands(4);
  await tab.train({ epochs: 2 });
  await tab.kept(8, ["project", "taught"]);
  assert.deepEqual(askedSince(start), []);
}

pageTest("an open page goes on with its own files, and the next start is all new", visited, async (signet) => {
  await isNewest(signet);
  assert.deepEqual(await marks(signet.page), [""]);

  deploy(second);
  await finds(signet);
  const start = server.requests.length;
  assert.deepEqual(await marks(signet.page), [""]);
  await teaches(signet);

  await signet.reload();
  assert.deepEqual(await marks(signet.page), ["second"]);
  await isNewest(signet);
  await keeps(signet, 1); // the version before it is gone
  const again = await TeachTab.open(signet);
  assert.deepEqual(await again.samples(), [4, 0, 0, 0, 0, 4], "what was taught is not");
  await again.train({ epochs: 2 });
  assert.equal(server.count(MODEL_PATH, start), 0, "the model is the same, and stays");
});

pageTest("a version that comes while none is looked for serves at the second start, whole at each", visited, async (signet) => {
  await isNewest(signet);
  deploy(second);
  await signet.reload();
  assert.deepEqual(await marks(signet.page), [""]);
  await available(signet, /newer version/);
  deploy(third);
  await comeBack(signet.page);
  await keeps(signet, 3); // the second was never opened
  await signet.until("the third", async () => {
    await signet.reload();
    return (await marks(signet.page)).join() === "third";
  });
  await isNewest(signet);
  // Chromium goes past a service worker that is just taking over. Such a visit is all new, too, and tidies nothing.
  if (!(await signet.page.evaluate(() => navigator.serviceWorker.controller))) await signet.reload();
  await keeps(signet, 1);
  await signet.uploadWorks(file);
});

pageTest("with the page open in two tabs each has files of one version, and what neither needs goes", visited, async (signet) => {
  await isNewest(signet);
  const other = await signet.another();
  await other.ready();
  await isNewest(other);
  deploy(second);
  await finds(other);
  await signet.page.bringToFront();
  await signet.reload();
  assert.deepEqual(await marks(signet.page), ["second"], "one begins with the new version");
  await isNewest(signet);
  await other.page.bringToFront();
  await teaches(other);
  assert.deepEqual(await marks(other.page), [""], "the other goes on with the old one, files that it fetches late included");
  await keeps(signet, 2);
  await other.page.close();
  await signet.page.bringToFront();
  await signet.reload();
  await keeps(signet, 1);
});

/** As where the disk is full when a version's list is to be stored, which is the last of its files. */
const FULL = `const { put } = Cache.prototype;
  Cache.prototype.put = function (address, response) {
    if (String(address).endsWith("list.json")) throw new DOMException("injected", "QuotaExceededError");
    return put.call(this, address, response);
  };`;

pageTest("a deployment that is only half there, or finds no room for its last file, is not taken, and a whole one afterwards is", { ...visited, expectedErrors: [/404/] }, async (signet) => {
  const late = "/library/train-worker.js";
  await isNewest(signet);
  const before = await versions(signet.page);
  // The list is the new one; one file is still the old one, or is on its way.
  /** @type {Record<string, import("./server.js").Handler>[]} */
  const halves = [{ [late]: answering(readFileSync(WWW + late)) }, { [late]: failing(404) },
    { "/service-worker.js": answering(FULL + readFileSync(`${WWW}/service-worker.js`, "utf8")) }];
  for (const half of halves) {
    deploy(second, half);
    const start = server.requests.length;
    await comeBack(signet.page);
    await signet.until("the attempt", async () => server.count(late, start) > 0);
    await signet.becomes("the versions in storage", () => versions(signet.page), before);
    await signet.reload();
    assert.deepEqual(await marks(signet.page), [""]);
    await signet.uploadWorks(file);
    await isNewest(signet);
  }

  deploy(second);
  await finds(signet);
  await signet.reload();
  assert.deepEqual(await marks(signet.page), ["second"]);
});

/** The same network under another hash: eight spaces more behind the file's header. */
function retouched() {
  const bytes = readFileSync(WWW + MODEL_PATH);
  const SPACES = 8;
  const end = 8 + Number(bytes.readBigUInt64LE(0));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(end - 8 + SPACES));
  return Buffer.concat([length, bytes.subarray(8, end), Buffer.alloc(SPACES, " "), bytes.subarray(end)]);
}

pageTest("a version with another model brings it along: it, too, does without a network from its first start", visited, async (signet) => {
  const model = retouched();
  const sha256 = createHash("sha256").update(model).digest("hex");
  await available(signet);
  deploy(staticFiles(deployment({
    "models/manifest.json": (before) => JSON.stringify({ ...JSON.parse(String(before)), sha256, bytes: model.length }),
    [MODEL_PATH.slice(1)]: () => model,
    "main.js": (before) => `${before}\ndocument.documentElement.dataset.deployment = "second";\n`,
  })));
  await finds(signet);
  await server.stop();
  try {
    await signet.reload();
    assert.equal(await signet.page.evaluate(() => document.documentElement.dataset["deployment"]), "second");
    await signet.uploadWorks(file);
    const models = (await cached(signet.page)).filter((path) => path.includes(".safetensors"));
    assert.deepEqual(models.map((path) => /sha256=(\w+)/.exec(path)?.[1]), [sha256], `and ${MANIFEST.sha256} is gone`);
  } finally {
    await server.resume();
  }
});
