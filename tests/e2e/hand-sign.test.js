// The element in pages of others: under a strict policy, from any folder, without a bundler.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { listen, staticFiles } from "../../scripts/serve.js";
import { FILES } from "../../www/element/files.js";
import { WORDS } from "../../www/element/words.js";
import { assertAccessible } from "./access.js";
import { CAMERA_FILE, launch, onlyChromium, testWorld } from "./browser.js";
import { emptyFolder, write } from "./files.js";
import { STRICT, UNCOUNTED, assertFlat, event, host, hosted, inElement } from "./library.js";
import { hand, png, y4m } from "./pictures.js";
import { MANIFEST, MODEL_PATH, WWW, answering } from "./server.js";

/** @typedef {import("puppeteer-core").Page} Page */

const skip = onlyChromium(CAMERA_FILE);
const frame = hand(4, 640, 480);
const four = write("four.png", png(hand(4, 220, 220)));
const world = await testWorld({ camera: write("hand.y4m", y4m([frame, frame], 30)) });
const { browser, server } = world;

const ELEMENT = '<script type="module" src="hand-sign.js"></script>\n<hand-sign camera></hand-sign>';

/** A test of a page of others. @param {string} name @param {string} html @param {import("./library.js").HostOptions} options @param {(page: Page, requests: string[]) => Promise<void>} body */
const hostTest = (name, html, options, body) => test(name, { skip }, () => hosted(world, html, { policy: STRICT, ...options }, body));

/** Chooses a file as a person does. @param {Page} opened @param {string} file */
const choose = async (opened, file) => (await inElement(opened, "input")).uploadFile(file);

test("from an empty folder and any static server three lines answer a photo, and the camera", { skip }, async () => {
  const folder = emptyFolder();
  for (const path of FILES) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(WWW, path), join(folder, path));
  }
  cpSync(`${WWW}${MODEL_PATH}`, join(folder, "model.safetensors"));
  writeFileSync(join(folder, "favicon.ico"), "");
  writeFileSync(join(folder, "index.html"), '<!doctype html>\n<script type="module" src="hand-sign.js"></script>\n<hand-sign camera model="model.safetensors"></hand-sign>\n');
  const any = createServer(staticFiles(folder, {}));
  const port = await listen(any, 0);
  try {
    await host(browser, `http://localhost:${port}/`, {}, async (opened) => {
      assert.deepEqual((await event(opened, "ready")).labels, MANIFEST.labels);
      const told = event(opened, "hand-sign");
      await choose(opened, four);
      assert.equal((await told).label, "4");
      await (await inElement(opened, "button")).click();
      assert.equal((await event(opened, "hand-sign")).label, "4");
    });
  } finally {
    any.closeAllConnections();
    any.close();
  }
});

hostTest("under a strict policy with Trusted Types the element answers photos and frames, and lets go of the camera", ELEMENT, {}, async (opened, requests) => {
  await event(opened, "ready");
  assert.equal(await opened.$eval("hand-sign", (element) => element.shadowRoot?.querySelector("video")?.srcObject), null, "no camera before a click");
  const told = event(opened, "hand-sign");
  await choose(opened, four);
  const { label, presence, isNew, probabilities } = await told;
  assert.deepEqual([label, isNew, presence > 0.9, Object.keys(probabilities)], ["4", true, true, MANIFEST.labels]);
  await (await inElement(opened, "button")).click();
  const { crop, width, height } = await event(opened, "hand-sign");
  assert.deepEqual([width, height, crop.side > 200], [640, 480, true]);
  await (await inElement(opened, "button")).click();
  assert.deepEqual(await opened.$eval("hand-sign", (element) => {
    const { answer, shadowRoot } = /** @type {any} */ (element);
    return [answer, shadowRoot.querySelector("video").srcObject, shadowRoot.querySelector("output").textContent];
  }), [null, null, ""]);
  assert.deepEqual(requests.filter((path) => /learn|inspect|gpu|i18n|ui\//.test(path)), [], "nothing is fetched that it does not need");
});

test("stock Firefox answers photos under the same policy", { skip }, async () => {
  const firefox = await launch({ browser: "firefox" });
  try {
    await hosted({ browser: firefox, server }, ELEMENT, { policy: STRICT, expected: [/favicon\.ico/] }, async (opened) => {
      await event(opened, "ready");
      const told = event(opened, "hand-sign");
      await choose(opened, four);
      assert.equal((await told).label, "4");
    });
  } finally {
    await firefox.close();
  }
});

/** A browser shows some pictures, SVG among them, only as an image. */
const WITH_BLOBS = { policy: `${STRICT}; img-src blob:` };
hostTest("a damaged picture, and one that is none, are told in words, and the next one is answered", ELEMENT, WITH_BLOBS, async (opened) => {
  await event(opened, "ready");
  const failed = event(opened, "error");
  await choose(opened, write("none.png", "no picture"));
  assert.equal(await failed, "picture-format");
  assert.match(await opened.$eval("hand-sign", (element) => element.shadowRoot?.querySelector("[role=alert]")?.textContent ?? ""), /isn't a picture/);
  const told = event(opened, "hand-sign");
  await choose(opened, four);
  assert.equal((await told).label, "4");
  assert.equal(await opened.$eval("hand-sign", (element) => /** @type {any} */ (element.shadowRoot?.querySelector("[role=alert]")).hidden), true);
});

/** @type {[what: string, attributes: string, code: string, expected: RegExp[]][]} */
const BROKEN = [
  ["a model that is missing", 'model="nothing.safetensors"', "model-missing", [/404/]],
  ["a model that is a text", 'model="manifest.webmanifest"', "weights-format", []],
  ["a base without files", 'base="/nowhere/" model="models/manifest.json"', "worker-crashed", [/404/]],
];
for (const [what, attributes, code, expected] of BROKEN) {
  hostTest(`${what} is told with its code`, `<script type="module" src="hand-sign.js"></script><hand-sign ${attributes}></hand-sign>`, { expected }, async (opened) => {
    await opened.waitForFunction(() => /** @type {any} */ (globalThis).failures.length > 0);
    const [thrown] = await opened.evaluate(() => /** @type {any} */ (globalThis).failures);
    assert.deepEqual(thrown, ["SignetError", code]);
    assert.ok(await opened.$eval("hand-sign", (element) => element.shadowRoot?.querySelector("[role=alert]")?.textContent));
  });
}

hostTest("a camera that is denied is told in words, and photos go on", ELEMENT, {
  before: (opened) => opened.evaluateOnNewDocument(() => {
    navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("no", "NotAllowedError"); };
  }),
}, async (opened) => {
  await event(opened, "ready");
  const failed = event(opened, "error");
  await (await inElement(opened, "button")).click();
  assert.equal(await failed, "camera-denied");
  assert.equal(await opened.$eval("hand-sign", (element) => element.shadowRoot?.querySelector("[role=alert]")?.textContent), WORDS["en"]?.failures.blocked);
  const told = event(opened, "hand-sign");
  await choose(opened, four);
  assert.equal((await told).label, "4");
});

hostTest("a person who is still being asked can stop, and a model may be a file, given before there was an element", '<hand-sign camera></hand-sign><script type="module" src="host.js"></script>', {
  before: async (opened) => {
    server.replace("/host.js", answering(`
      document.querySelector("hand-sign").model = await (await fetch("${MODEL_PATH}")).blob();
      await import("./hand-sign.js");`));
    await opened.evaluateOnNewDocument(() => { navigator.mediaDevices.getUserMedia = () => new Promise(() => {}); });
  },
}, async (opened, requests) => {
  await opened.waitForFunction(() => /** @type {any} */ (document.querySelector("hand-sign")).signet);
  assert.equal(requests.filter((path) => path.startsWith("/models/")).length, 1);
  const button = await inElement(opened, "button");
  const text = () => opened.$eval("hand-sign", (element) => element.shadowRoot?.querySelector("button")?.textContent);
  for (const shown of [WORDS["en"]?.stop, WORDS["en"]?.start]) {
    await button.click();
    assert.equal(await text(), shown);
  }
});

hostTest("elements share a worker and a copy of the model; another model is another worker; with the last one they end", `
<script type="module" src="hand-sign.js"></script>
<hand-sign id="a" camera></hand-sign><hand-sign id="b" camera></hand-sign><hand-sign id="c" model="models/${MANIFEST.file}"></hand-sign>`, {}, async (opened, requests) => {
  await opened.waitForFunction(() => [...document.querySelectorAll("hand-sign")].every((each) => /** @type {any} */ (each).signet));
  const [a, b, c] = await opened.evaluate(() => [...document.querySelectorAll("hand-sign")].map((each, _, all) => all.findIndex((other) => /** @type {any} */ (other).signet === /** @type {any} */ (each).signet)));
  assert.deepEqual([a, b, c], [0, 0, 2]);
  assert.equal(opened.workers().length, 2);
  assert.equal(requests.filter((path) => path === MODEL_PATH).length, 2, "one copy for each model");
  // Two videos take turns on one model, and each is followed on its own.
  const labels = await opened.evaluate(async () => {
    const [one, other] = /** @type {any[]} */ ([...document.querySelectorAll("hand-sign")]);
    const three = (/** @type {any} */ element) => new Promise((resolve) => {
      const seen = /** @type {any[]} */ ([]);
      element.addEventListener("hand-sign", (/** @type {any} */ { detail }) => { if (seen.push(detail.label) === 3) resolve([...seen]); });
    });
    const both = Promise.all([three(one), three(other)]);
    await Promise.all([one.start(), other.start()]);
    return both;
  });
  assert.deepEqual(labels, [["4", "4", "4"], ["4", "4", "4"]]);
  // Moved in the page it keeps its model.
  assert.ok(await opened.evaluate(async () => {
    const [one] = /** @type {any[]} */ ([...document.querySelectorAll("hand-sign")]);
    const before = one.signet;
    document.body.append(one);
    await new Promise((done) => one.addEventListener("ready", done, { once: true }));
    return one.signet === before;
  }));
  await opened.evaluate(() => {
    const one = /** @type {Element} */ (document.querySelector("hand-sign"));
    for (let round = 0; round < 50; round += 1) {
      one.remove();
      document.body.append(one);
    }
  });
  assert.equal(opened.workers().length, 2, "nothing is loaded anew for one that comes back at once");
  await opened.evaluate(() => document.querySelectorAll("hand-sign").forEach((each) => each.remove()));
  for (let waited = 0; opened.workers().length > 0; waited += 50) {
    assert.ok(waited < 5000, "the workers end");
    await new Promise((done) => setTimeout(done, 50));
  }
});

test("50 rounds of opening and closing the element, each with a worker of its own, leave the memory flat", { skip: skip || UNCOUNTED }, async () => {
  server.replace("/host.js", answering(`
    import "./hand-sign.js";
    const model = await (await fetch("${MODEL_PATH}")).arrayBuffer();
    const photo = await (await fetch("four.png")).blob();
    globalThis.rounds = async (count) => {
      for (let round = 0; round < count; round += 1) {
        const element = document.createElement("hand-sign");
        element.model = new Blob([model]); // one that no other element has
        const ready = new Promise((done, fail) => {
          element.addEventListener("ready", done);
          element.addEventListener("error", ({ error }) => fail(error));
        });
        document.body.append(element);
        await ready;
        const { label } = await element.classify(photo);
        element.remove();
        if (label !== "4") throw new Error(label);
      }
    };`));
  server.replace("/four.png", answering(readFileSync(four), "image/png"));
  await hosted(world, '<script type="module" src="host.js"></script>', { policy: STRICT }, (opened) => assertFlat(browser, opened));
});

hostTest("isolated from other origins, where every file says so, it answers as well", ELEMENT, {
  headers: { "Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Opener-Policy": "same-origin" },
}, async (opened, requests) => {
  await event(opened, "ready");
  assert.equal(await opened.evaluate(() => crossOriginIsolated), true);
  if (cpus().length > 1) assert.ok(requests.some((path) => path.endsWith("signet_cpu_threads.js")), "several threads may compute");
  const told = event(opened, "hand-sign");
  await choose(opened, four);
  assert.equal((await told).label, "4");
});

hostTest("defined twice, by a second copy of the file or by another library, it goes on with the first", ELEMENT, {}, async (opened) => {
  await event(opened, "ready");
  assert.ok(await opened.evaluate(async () => {
    const first = customElements.get("hand-sign");
    await import(/** @type {any} */ ("./hand-sign.js?again"));
    return first === customElements.get("hand-sign");
  }));
});

hostTest("the element says what it says in six languages, on their own side", `<main><h1>A page</h1>${ELEMENT}</main>`, {}, async (opened) => {
  await event(opened, "ready");
  for (const [code, { start, choose: word }] of Object.entries(WORDS)) {
    const shown = await opened.$eval("hand-sign", (element, lang) => {
      element.setAttribute("lang", `${lang}-XX`);
      const [root, button, label] = ["[part=root]", "button", "label"].map((selector) => /** @type {HTMLElement} */ (element.shadowRoot?.querySelector(selector)));
      return [root?.dir, button?.textContent, label?.textContent];
    }, code);
    assert.deepEqual(shown, [code === "ar" ? "rtl" : "ltr", start, word]);
  }
  await choose(opened, four);
  await event(opened, "hand-sign");
  await assertAccessible({ page: opened }, "the element");
  await opened.$eval("hand-sign", (element) => element.setAttribute("lang", "xx"));
  assert.equal(await opened.$eval("hand-sign", (element) => element.shadowRoot?.querySelector("button")?.textContent), WORDS["en"]?.start);
});

test("from another folder of its host it asks for nothing outside of that folder", { skip }, async () => {
  await hosted(world, '<script type="module" src="/hand-sign.js"></script>\n<hand-sign base="/lib" model="/models/manifest.json"></hand-sign>', {
    policy: STRICT,
    before: async () => {
      const files = staticFiles(WWW, {});
      for (const path of FILES) server.replace(`/lib/${path}`, (request, response) => {
        request.url = `/${path}`;
        files(request, response);
      });
    },
  }, async (opened, requests) => {
    await event(opened, "ready");
    const workers = requests.filter((path) => /worker\.js|pkg\//.test(path));
    assert.ok(workers.length >= 3 && workers.every((path) => path.startsWith("/lib/")), workers.join(" "));
  });
});
