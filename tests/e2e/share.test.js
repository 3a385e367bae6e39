// What is shared: a link to a taught head, opened beside somebody's own work, and a page of one's own that needs no network.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import readQr from "jsqr";
import { onlyChromium, testWorld } from "./browser.js";
import { DOWNLOADS, write } from "./files.js";
import { event, host } from "./library.js";
import { hand, png } from "./pictures.js";
import { renamedModel, served, unzipped } from "./share.js";
import { MANIFEST, MODEL_PATH, WWW } from "./server.js";
import { DIGITS, TeachTab } from "./teach.js";

const { browser, server, visit, teachTest, pageTest } = await testWorld();

/** Names that are markup, of another direction, and long. */
const LABELS = ["<img src=x onerror=alert(1)>", "اثنان", "three", "four", "five", "x".repeat(40)];
const THREE = write("three.png", png(hand(3, 200, 180, {})));

/** What the QR code says, read from its picture on the screen by a reader that isn't ours. @param {TeachTab} tab */
async function readCode(tab) {
  const code = await tab.until("the QR code", () => tab.page.$(tab.selector("share-qr")));
  const { width, light } = await tab.page.evaluate(async (png) => {
    const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (character) => character.charCodeAt(0))]));
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(picture.width, picture.height).getContext("2d"));
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, picture.width, picture.height);
    let light = "";
    for (let at = 0; at < data.length; at += 4) light += Number((data[at] ?? 0) > 127);
    return { width: picture.width, light };
  }, await code.screenshot({ encoding: "base64" }));
  const pixels = Uint8ClampedArray.from({ length: 4 * light.length }, (_, at) => (at % 4 === 3 || light[at >> 2] === "1" ? 255 : 0));
  return readQr(pixels, width, light.length / width)?.data ?? "";
}

/** The bytes of a link's digits: seven in seventeen of them, and the last ones in as many as they need. @param {string} digits */
const bytesOfDigits = (digits) => Buffer.concat((digits.match(/.{1,17}/g) ?? []).map((group) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(group));
  return bytes.subarray(8 - Math.floor((group.length * Math.log2(10)) / 8));
}));

/** The link to a taught model. @param {TeachTab} tab @param {string} [source] */
async function linkOf(tab, source) {
  await tab.click("share-link");
  await tab.until("the dialog", () => tab.page.$(tab.selector("share-dialog")));
  const made = async () => /** @type {Promise<string>} */ (tab.value("share-address"));
  await tab.until("the link", made);
  if (source) {
    const before = await made();
    const field = await tab.page.$(tab.selector("share-source"));
    await field?.type(source);
    await tab.page.keyboard.press("Tab");
    await tab.until("the link with a name", async () => { const now = await made(); return now && now !== before; });
  }
  const link = await made();
  await tab.page.keyboard.press("Escape");
  return link;
}

/** In percent: that of whoever shares a model, which travels with it. */
const SHARED_THRESHOLD = 71;
/** @param {TeachTab} tab @param {number} percent */
const setThreshold = (tab, percent) => tab.page.locator(tab.selector("threshold")).fill(String(percent));
/** The slider, and whether it is where it is of itself. @param {TeachTab} tab @returns {Promise<[number, boolean]>} */
const thresholdShown = async (tab) => [Number(await tab.value("threshold")), await tab.disabled("threshold-reset")];

/** A link that a visit makes of a model. @param {string} model @param {string} [source] */
async function linkTo(model, source) {
  let link = "";
  await visit({}, async (signet) => {
    const tab = await TeachTab.open(signet);
    await tab.importModel(model);
    await tab.until("the import", async () => (await tab.modelInUse()) === "taught");
    await setThreshold(tab, SHARED_THRESHOLD);
    link = await linkOf(tab, source);
  });
  return link;
}

/** @type {string} */
let link;
const theLink = async () => (link ??= await linkTo(renamedModel(LABELS), "<b>Class 7</b>"));
const queryOf = (/** @type {string} */ address) => `?backend=cpu${new URL(address).hash}`;
const fragment = (/** @type {TeachTab} */ tab) => tab.page.evaluate(() => location.hash);

/** What the question before opening says. @param {TeachTab} tab */
async function question(tab) {
  await tab.until("the question", () => tab.page.$(tab.selector("shared-question")));
  const labels = await tab.page.$$eval(`${tab.selector("shared-labels")} li`, (items) => items.map((item) => item.textContent));
  return { labels, text: await tab.text("shared-question") };
}

teachTest("a link holds a taught head, some 10 kB, and says whose it is; a whole model goes into none", { hands: 1 }, async (tab) => {
  assert.equal(await tab.disabled("share-link"), true, "nothing is taught yet");
  await tab.importModel(renamedModel(LABELS));
  await tab.until("the import", async () => (await tab.modelInUse()) === "taught");
  const made = await linkOf(tab);
  assert.match(made, new RegExp(`^${server.origin}/#model=[\\w-]{13000,14500}$`));
  await tab.click("share-link");
  await tab.until("why there is no code", () => tab.page.$(tab.selector("share-no-code")));
  assert.match(await tab.text("share-no-code"), /room for a model of 2 classes, and this one has 6/);
});

teachTest("a head of two classes that was trained here fits into a QR code, and answers as it did where its link is opened", { hands: 6 }, async (tab) => {
  await tab.keepOnly(["0", "5"]);
  await tab.rename("0", "closed");
  await tab.rename("5", "open");
  await tab.train({ scope: "head", epochs: 10 });
  await tab.usesLabels(["closed", "open"]);
  const before = await tab.classify(THREE);
  await tab.click("share-link");
  await tab.until("the QR code", () => tab.page.$(tab.selector("share-qr")));
  const side = await tab.page.$eval(tab.selector("share-qr"), (code) => Number(/** @type {HTMLElement} */ (code).dataset["side"]));
  const made = await tab.value("share-address");
  console.log(`${made.length} characters, a QR code of ${side} modules`);
  assert.ok(made.length < 3000 && side <= 177, `${made.length} characters, ${side} modules`);
  const read = await readCode(tab);
  const [, digits = ""] = new RegExp(`^${server.origin}/#model=(\\d+)$`).exec(read) ?? [];
  assert.deepEqual(bytesOfDigits(digits), Buffer.from(made.split("#model=")[1] ?? "", "base64url"), "the code is the link");
  await tab.page.keyboard.press("Escape");
  await visit({}, async (signet) => {
    const other = await TeachTab.open(signet);
    await other.page.evaluate((hash) => { location.hash = hash; }, new URL(read).hash);
    assert.deepEqual((await question(other)).labels, ["closed", "open"]);
    await other.click("shared-open");
    await other.usesLabels(["closed", "open"]);
    const after = await other.classify(THREE);
    console.log(`${before.label}: ${before.probability} where it was taught, ${after.probability} where it was opened`);
    assert.equal(after.label, before.label);
    assert.ok(Math.abs(after.probability - before.probability) < 0.01);
  });
});

teachTest("a link is opened beside one's own work, which stays; closed, nothing of it is left", { hands: 2 }, async (tab) => {
  const cards = await tab.cards();
  const address = await theLink();
  await tab.page.evaluate((hash) => { location.hash = hash; }, new URL(address).hash);
  const asked = await question(tab);
  assert.deepEqual(asked.labels, LABELS);
  assert.match(asked.text, /says that it is from <b>Class 7<\/b>\. Nothing proves it/);
  assert.equal(await fragment(tab), "", "the address is the page's own again");
  await tab.click("shared-open");
  await tab.usesLabels(LABELS);
  assert.match(await tab.text("shared-line"), /^Shared model: <img src=x onerror=alert\(1\)>, .*it says: from <b>Class 7/);
  assert.equal(await tab.page.$("main img[src=x], main b"), null, "labels are text");
  assert.equal((await tab.classify(THREE)).label, LABELS[3]);
  // One's own model at a switch, and the shared one again.
  await tab.click("shared-switch");
  await tab.usesLabels(DIGITS);
  await tab.becomes("the original's answer", async () => (await tab.shown()).label, "3");
  await tab.click("shared-switch");
  await tab.usesLabels(LABELS);
  await tab.click("tab-teach");
  assert.deepEqual(await tab.cards(), cards, "the samples");
  assert.equal(await tab.modelInUse(), "original only", "no model of one's own has come of it");
  await tab.click("shared-close");
  await tab.usesLabels(DIGITS);
  assert.equal(await tab.visible("shared-model"), false);
  await tab.page.reload();
  await tab.ready();
  await tab.usesLabels(DIGITS);
  assert.equal(await tab.page.$(tab.selector("shared-question")), null);
});

teachTest("a shared model answers with the threshold that it came with; one's own stays what it was", {}, async (tab) => {
  await setThreshold(tab, 20);
  await tab.page.evaluate((hash) => { location.hash = hash; }, new URL(await theLink()).hash);
  await question(tab);
  await tab.click("shared-open");
  await tab.usesLabels(LABELS);
  assert.deepEqual(await thresholdShown(tab), [SHARED_THRESHOLD, true]);
  await setThreshold(tab, 100);
  assert.equal((await tab.classify(THREE)).label, "none");
  await tab.click("shared-switch");
  await tab.usesLabels(DIGITS);
  assert.deepEqual(await thresholdShown(tab), [20, false]);
  await tab.becomes("the answer by one's own threshold", async () => (await tab.shown()).label, "3");
  await tab.click("shared-switch");
  await tab.usesLabels(LABELS);
  assert.deepEqual(await thresholdShown(tab), [100, false]);
  await tab.click("threshold-reset");
  assert.deepEqual(await thresholdShown(tab), [SHARED_THRESHOLD, true]);
  await tab.click("shared-close");
  await tab.usesLabels(DIGITS);
  assert.deepEqual(await thresholdShown(tab), [20, false]);
  await tab.page.reload();
  await tab.ready();
  assert.deepEqual(await thresholdShown(tab), [20, false], "what is remembered is one's own");
});

teachTest("one's own taught model is there while a shared one answers, and after it", {}, async (tab) => {
  const own = ["a", "b", "c", "d", "e", "f"];
  await tab.importModel(renamedModel(own));
  await tab.usesLabels(own);
  await tab.page.evaluate((hash) => { location.hash = hash; }, new URL(await theLink()).hash);
  await question(tab);
  await tab.click("shared-open");
  await tab.usesLabels(LABELS);
  await tab.click("model-switch");
  await tab.usesLabels(own);
  await tab.click("shared-close");
  await tab.usesLabels(own);
  assert.equal(await tab.modelInUse(), "taught");
});

pageTest("a link in a fresh profile asks first; who says no has the page as it is, and tabs keep their addresses", { given: theLink, isReady: false }, async (signet) => {
  const tab = new TeachTab(signet.page);
  await tab.page.goto("about:blank"); // so that the page starts anew
  await tab.page.goto(`${server.origin}/${queryOf(await theLink())}`);
  await question(tab);
  await tab.click("shared-no");
  await tab.usesLabels(DIGITS);
  for (const name of /** @type {const} */ (["teach", "inside"])) {
    await tab.click(`tab-${name}`);
    assert.match(await fragment(tab), new RegExp(`^#${name}`));
  }
});

for (const [what, change, code] of /** @type {[string, (hash: string) => string, string][]} */ ([
  ["damaged", (hash) => `${hash.slice(0, 5000)}${hash[5000] === "A" ? "B" : "A"}${hash.slice(5001)}`, "link-damaged"],
  ["cut", (hash) => hash.slice(0, 9000), "link-damaged"],
  ["empty", () => "#model=", "link-format"],
  ["made up", () => "#model=%3Cscript%3Ealert(1)%3C/script%3E", "link-format"],
])) {
  teachTest(`a link that is ${what} is refused with a sentence, and nothing changes`, {}, async (tab) => {
    const { hash } = new URL(await theLink());
    await tab.page.evaluate((next) => { location.hash = next; }, change(hash));
    const error = await tab.until("the refusal", () => tab.error());
    assert.equal(error.code, code);
    assert.ok(error.text.length > 40);
    assert.equal(await fragment(tab), "");
    await tab.usesLabels(DIGITS);
  });
}

/** A file that a click on “Export Model” writes. @param {TeachTab} tab @param {string} format @param {RegExp} name */
async function exported(tab, format, name) {
  await tab.page.select(tab.selector("export-format"), format);
  await tab.becomes("the button", () => tab.disabled("export-model"), false);
  await tab.click("export-model");
  const file = await tab.until("the file", async () => readdirSync(DOWNLOADS).find((each) => name.test(each)), 60_000);
  return join(DOWNLOADS, file);
}

teachTest("the menu says who reads what, and exports the original as well", {}, async (tab) => {
  const notes = [];
  for (const format of ["onnx", "onnx-int8", "keras", "page", "safetensors"]) {
    await tab.page.select(tab.selector("export-format"), format);
    notes.push(await tab.until("the note", async () => ((await tab.visible("export-note")) ? tab.text("export-note") : ""))); 
  }
  await tab.becomes("the last note", async () => /safetensors/.test(await tab.text("export-note")), true);
  assert.equal(await tab.page.$eval(tab.selector("export-which"), (select) => /** @type {HTMLElement} */ (select).hidden), true, "there is one model");
  const file = await exported(tab, "safetensors", /^signet-resnet50\.safetensors$/);
  assert.ok(readFileSync(file).equals(readFileSync(WWW + MODEL_PATH)), "the shipped file, to the last byte");
});

teachTest("each format is a file of its kind and about the size that the menu says, and writing it can be ended", {}, async (tab) => {
  await tab.page.select(tab.selector("export-format"), "keras");
  await tab.click("export-model");
  await tab.until("the dialog", () => tab.page.$(tab.selector("export-dialog")));
  await tab.click("export-cancel");
  await tab.becomes("the dialog to go", async () => (await tab.page.$(tab.selector("export-dialog"))) === null, true);
  const start = { onnx: "08", "onnx-int8": "08", keras: "504b0304", "keras-weights": "894844460d0a1a0a" };
  const ending = { onnx: "\\.onnx", "onnx-int8": "\\.int8\\.onnx", keras: "\\.keras", "keras-weights": "\\.weights\\.h5" };
  for (const format of /** @type {(keyof typeof start)[]} */ (Object.keys(start))) {
    const began = Date.now();
    const file = readFileSync(await exported(tab, format, new RegExp(`^signet-resnet50${ending[format]}$`)));
    const [, megabytes] = /^(\d+)\sMB/.exec(await tab.text("export-note")) ?? [];
    console.log(`${format}: ${file.length} bytes in ${Date.now() - began} ms`);
    assert.ok(file.toString("hex").startsWith(start[format]), file.subarray(0, 8).toString("hex"));
    assert.ok(Math.abs(file.length / 1e6 - Number(megabytes)) < 1.5, `${format}: ${file.length} bytes, and the menu says ${megabytes} MB`);
  }
});

teachTest("a page of one's own, unzipped and served by anything, classifies a photo without a network; opened as a file it says what to do", { skip: onlyChromium("files of a page in a tab of the test's own") }, async (tab) => {
  await tab.importModel(renamedModel(LABELS));
  await tab.usesLabels(LABELS);
  const folder = unzipped(await exported(tab, "page", /^signet-taught-page\.zip$/));
  const html = readFileSync(join(folder, "index.html"), "utf8");
  assert.ok(html.split("\n").length <= 22, html);
  assert.doesNotMatch(html, /<img/);
  assert.equal(readFileSync(join(folder, "labels.txt"), "utf8"), LABELS.map((label) => `${label}\n`).join(""));
  assert.ok(existsSync(join(folder, "pkg/signet_cpu_bg.wasm")));
  assert.match(readFileSync(join(folder, "pkg/LICENSES.txt"), "utf8"), /MIT License/);
  await served(folder, (origin) => host(browser, `${origin}/`, { policy: "its own", expected: [/favicon/] }, async (opened) => {
    assert.deepEqual((await event(opened, "ready")).labels, LABELS);
    const answer = await opened.evaluate(async (bytes) => {
      const element = /** @type {any} */ (document.querySelector("hand-sign"));
      const { label, probability } = await element.classify(new Blob([Uint8Array.from(bytes)]));
      return { label, probability };
    }, [...readFileSync(THREE)]);
    assert.equal(answer.label, LABELS[3]);
    assert.doesNotMatch(await opened.evaluate(() => document.body.innerText), /http\.server/, "what to do is for who opens it as a file");
  }));
  // By double click no script runs, so the page itself says so.
  const page = await browser.newPage();
  await page.goto(pathToFileURL(join(folder, "index.html")).href);
  const said = await page.evaluate(() => document.body.innerText);
  assert.match(said, /python3 -m http\.server 8000/);
  assert.match(said, /http:\/\/localhost:8000\//);
  await page.close();
});

teachTest("a page can be exported without a network, once the menu was used", { skip: onlyChromium("a service worker that a test can watch"), serviceWorker: true }, async (tab) => {
  await tab.page.select(tab.selector("export-format"), "page");
  await tab.until("the note", () => tab.visible("export-note"));
  await tab.until("the page to be stored", async () => /offline/i.test(await tab.text("offline-status")), 60_000);
  await tab.until("its files to be stored", () => tab.page.evaluate(async () => {
    const wanted = ["hand-sign.js", "element/view.js", "interop/export-page.js", "pkg/signet_cpu_bg.wasm", "pkg/signet_cpu_relaxed_bg.wasm", "pkg/signet_cpu_threads_bg.wasm", "pkg/signet_cpu_convert_bg.wasm"];
    const caught = await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)));
    return wanted.every((path) => caught.flat().some((url) => url.endsWith(`/${path}`)));
  }), 60_000);
  await server.stop();
  try {
    const folder = unzipped(await exported(tab, "page", /^signet-resnet50-page\.zip$/));
    assert.equal(readFileSync(join(folder, "labels.txt"), "utf8").trim().split("\n").length, MANIFEST.labels.length);
  } finally {
    await server.resume();
  }
});
