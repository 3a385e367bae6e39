// What is left of the page after a visit: the model, and the whole page, which then does without a network.

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { DEVTOOLS, askableWorkers, onlyChromium, testWorld } from "./browser.js";
import { write } from "./files.js";
import { available, cached, withoutNetwork } from "./network.js";
import { hand, png } from "./pictures.js";
import { CPU_MODULES, MANIFEST, MODEL_PATH, WWW, answering } from "./server.js";
import { TeachTab } from "./teach.js";
import { staticFiles } from "../../scripts/serve.js";
import { de } from "../../www/i18n/de.js";

/** @typedef {import("puppeteer-core").Page} Page */

const file = write("two.png", png(hand(2, 240, 240)));
const OFFLINE_ERRORS = [/ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|FAILED)/];

const { server, pageTest } = await testWorld();

const visited = { serviceWorker: true };
const isModel = (/** @type {string} */ path) => path.includes(".safetensors");

/** Chromium's own check of an app that can be installed. @param {Page} page */
async function assertInstallable(page) {
  const devtools = await page.createCDPSession();
  const { errors, data } = await devtools.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
  // Windows without a profile on the disk, as the tests' are, can't keep an app.
  assert.deepEqual(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito"), []);
  for (const { src, sizes } of JSON.parse(data ?? "{}").icons) {
    const size = await page.evaluate(async (source) => {
      const image = Object.assign(new Image(), { src: source });
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
    if (sizes !== "any") assert.equal(size, sizes);
  }
}

pageTest("a visit fetches and stores the model once, and of the modules for the CPU those that this browser runs; it can be installed; cleared behind its back, all is fetched anew", visited, async (signet) => {
  const { page } = signet;
  assert.equal(server.count(MODEL_PATH), 1, "the first visit downloads the model");
  await available(signet);
  const stored = await cached(page);
  assert.equal(stored.filter(isModel).length, 1, `it is kept once: ${stored.filter(isModel)}`);
  const isRelaxed = await page.evaluate(async (address) => (await import(address)).hasRelaxedSimd(), `${server.origin}/recognizer/support.js`);
  const hasThreads = isRelaxed && (await page.evaluate(() => navigator.hardwareConcurrency)) > 1;
  assert.deepEqual(CPU_MODULES.map((path) => server.count(path) > 0), [!isRelaxed, isRelaxed, hasThreads]);
  assert.deepEqual(CPU_MODULES.map((path) => stored.some((url) => url.endsWith(path))), [!isRelaxed, isRelaxed, hasThreads]);
  if (!onlyChromium(DEVTOOLS)) await assertInstallable(page);

  await signet.reload();
  assert.equal(server.count(MODEL_PATH), 1, "the second does not");
  assert.match(await page.evaluate(() => document.body.innerText), /storage|kept/i);

  await page.evaluate(async () => {
    for (const name of await caches.keys()) await caches.delete(name);
  });
  await page.reload();
  await signet.until("the page", () => page.$eval(signet.selector("status"), () => true).catch(() => false));
  await signet.ready();
  await available(signet);
  assert.ok((await cached(page)).length > 50);
});

pageTest("a first visit is enough to classify, to teach and to read the help with the network off, in this tab and in another one", { ...visited, expectedErrors: OFFLINE_ERRORS }, async (signet) => {
  const { page } = signet;
  assert.equal(await available(signet), "Available offline");
  await withoutNetwork(page, server, async () => {
    await page.reload();
    await signet.uploadWorks(file);
    await signet.prediction(() => page.locator('[data-testid="example"][data-label="5"]').click());
    await signet.drawingWorks();
    await available(signet);
    const tab = await TeachTab.open(signet);
    await tab.addHands(4);
    await tab.train({ epochs: 3 });
    assert.equal((await tab.progress()).epoch, 3);
    assert.equal(await signet.error(), undefined);
    await tab.kept(8, ["project", "taught"]);

    const later = await signet.another();
    await later.uploadWorks(file);
    await available(later);
    await later.page.close();
    await page.bringToFront();

    await page.select(signet.selector("language"), "de");
    await signet.until("German", () => page.evaluate(() => document.documentElement.lang === "de"));
    await page.goto(`${server.origin}/help.html`);
    await signet.until("German", async () => (await page.title()) === de.helpPage.title);
    assert.ok((await page.$$eval("img", (images) => images.map((image) => image.naturalWidth > 0))).every(Boolean));
    assert.match(await page.$eval("script", (script) => script.src), /\/version-\w+\/help\.js$/, "of the version that is stored");
  });
});

/** A host with nothing at its root, and the page in two folders. */
const FOLDERS = ["/class/signet", "/other"];
const FILES = staticFiles(WWW);
const EMPTY = answering('<!doctype html><link rel="icon" href="data:,">', "text/html");

pageTest("it works in any folder of a host, and two copies of the page leave each other alone", { query: "", ...visited, isReady: false, given: () => {
  server.serve = (request, response) => {
    const { url = "" } = request;
    const folder = FOLDERS.find((prefix) => url.startsWith(`${prefix}/`));
    if (folder) request.url = url.slice(folder.length);
    (folder ? FILES : EMPTY)(request, response);
  };
} }, async (signet) => {
  for (const prefix of FOLDERS) {
    await signet.page.goto(`${server.origin}${prefix}/?backend=cpu`);
    await available(signet);
  }
  await server.stop();
  try {
    for (const prefix of FOLDERS) {
      await signet.page.goto(`${server.origin}${prefix}/?backend=cpu`);
      await signet.uploadWorks(file);
    }
  } finally {
    await server.resume();
  }
});

/** Of the page, its workers and its service worker. @param {Page} page */
async function collectGarbage(page) {
  for (const target of page.browserContext().targets().filter((each) => each.type() === "service_worker" || each === page.target())) {
    const devtools = await target.createCDPSession();
    await devtools.send("HeapProfiler.collectGarbage");
  }
  for (const worker of askableWorkers(page)) await worker.client.send("HeapProfiler.collectGarbage");
}

pageTest("Remove downloaded model leaves no copy of it, and the next visit downloads it again", visited, async (signet) => {
  const { page } = signet;
  await available(signet);
  assert.ok((await cached(page)).some(isModel));
  const usage = () => page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
  const before = await usage();
  await page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
  await page.locator("::-p-text(Remove downloaded model)").click();
  await signet.until("no copy", async () => !(await cached(page)).some(isModel));
  assert.equal(await page.$eval(signet.selector("offline-status"), (line) => line.checkVisibility()), false);
  // The browser gives the room back when it has forgotten who read the file last: about half a minute later, or when it is told to.
  if (!onlyChromium(DEVTOOLS)) await collectGarbage(page);
  await signet.until("the room back", async () => before - (await usage()) > 0.8 * MANIFEST.bytes, 120_000);
  const start = server.requests.length;
  await signet.reload();
  assert.equal(server.count(MODEL_PATH, start), 1);
  await available(signet);
});

pageTest("a stored page that does not start is forgotten, and a reload fetches it anew", { ...visited, expectedErrors: [/./] }, async (signet) => {
  const { page } = signet;
  const isOfVersion = (/** @type {string} */ path) => path.includes("/version-");
  for (const damaged of [["/recognizer/worker.js"], CPU_MODULES]) {
    await available(signet);
    await page.evaluate(async (paths) => {
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const found of (await cache.keys()).filter(({ url }) => paths.some((path) => url.endsWith(path)))) {
          const type = found.url.endsWith(".js") ? "text/javascript" : "application/wasm";
          await cache.put(found, new Response("damaged", { headers: { "content-type": type } }));
        }
      }
    }, damaged);
    await withoutNetwork(page, server, async () => {
      await page.reload();
      await signet.failure(/^(module|worker)-/);
      await pause(500);
      assert.ok((await cached(page)).some(isOfVersion), "without a network nothing is given away");
    });
    await page.reload();
    await signet.failure(/^(module|worker)-/);
    await signet.until("nothing stored", async () => !(await cached(page)).some(isOfVersion));
    await signet.reload();
  }
  await available(signet);
});

pageTest("without a service worker, or with one that can't store everything, the page works and promises nothing", {
  query: "empty.html", ...visited, isReady: false, expectedErrors: [/404|503/], given: () => server.replace("/empty.html", EMPTY),
}, async (signet) => {
  for (const [path, status] of /** @type {const} */ ([["/service-worker.js", 404], ["/pkg/precache.js", 404], ["/icons/seal.svg", 503], ["/ui/keyboard.js", 200]])) {
    server.restore();
    let asked = 0;
    server.replace(path, (request, response) => {
      asked += 1;
      // The page itself gets what it needs; what is stored afterwards is not what the list says.
      if (path === "/ui/keyboard.js" && asked === 1) return server.serve(request, response);
      response.writeHead(status, { "Content-Type": "text/javascript" }).end("// of another version");
    });
    await signet.page.goto(`${server.origin}/?backend=cpu`);
    await signet.ready();
    await signet.until("the attempt", async () => asked > (path === "/ui/keyboard.js" ? 1 : 0));
    await pause(500);
    const registered = () => signet.page.evaluate(async () => {
      const { installing, waiting, active } = (await navigator.serviceWorker.getRegistration()) ?? {};
      return [installing, waiting, active].map(Boolean);
    });
    await signet.becomes("what is registered", registered, [false, false, false]);
    assert.equal(await signet.page.$eval(signet.selector("offline-status"), (line) => line.checkVisibility()), false);
    assert.deepEqual((await cached(signet.page)).filter((path) => !isModel(path)), [], path);
    await signet.uploadWorks(file);
  }
});
