// A project as a file, and the moment before what was kept in the browser is back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { screenshot, testWorld, visit } from "./browser.js";
import { temporaryFolder } from "./files.js";
import { hand, png } from "./pictures.js";
import { TeachTab, hands } from "./teach.js";

const CPU = { query: "?backend=cpu" };
const TOLERANCE = 1e-4;
const write = temporaryFolder();
/** @param {number} fingers */
const files = (fingers) => hands(fingers, 6).map((picture, index) => write(`${fingers}-${index}.png`, png(picture)));
const fists = files(0);
const fives = files(5);
const other = write("other.png", png(hand(5, 210, 200)));
const DIGITS = ["0", "1", "2", "3", "4", "5"];

const { browser, server } = await testWorld();

test("a project opened in another browser has its images, labels, settings and model", async () => {
  let project = "";
  /** @type {Record<string, number>} */
  let bars = {};
  await visit(browser, server, CPU, async (signet) => {
    const tab = await TeachTab.open(signet);
    await tab.keepOnly(["0", "3", "5"]);
    await tab.rename("0", "rock");
    await tab.rename("5", "paper");
    await tab.becomes("the names", () => tab.labels(), ["rock", "3", "paper"]);
    await tab.choose("3", "class-enable");
    await tab.upload("rock", fists);
    await tab.upload("paper", fives);
    await tab.train({ epochs: 9, "learning-rate": 0.002, "validation-share": 0.3, seed: 5 });
    await tab.usesLabels(["rock", "paper"]);
    ({ bars } = await tab.classify(other));
    project = await tab.saveProject();
  });
  await visit(browser, server, CPU, async (signet) => {
    const tab = await TeachTab.open(signet);
    await tab.upload("4", [other]);
    await tab.openProject(project);
    await tab.becomes("the cards", () => tab.cards(), [
      { label: "rock", count: 6, name: "rock", off: false },
      { label: "3", count: 0, name: "3", off: true },
      { label: "paper", count: 6, name: "paper", off: false },
    ]);
    const hooks = ["scope", "epochs", "batch-size", "learning-rate", "validation-share", "seed"];
    await tab.becomes("the settings", () => Promise.all(hooks.map((hook) => tab.value(hook))), ["head", "9", "16", "0.002", "0.3", "5"]);
    await tab.usesLabels(["rock", "paper"]);
    assert.equal(await tab.modelInUse(), "taught");
    assert.equal((await tab.history()).length, 9);
    assert.equal(await tab.matrixTotal(), 4, "two of six for each class");
    assert.equal(await tab.visible("out-of-date"), false);
    const shown = await tab.classify(other);
    for (const label of ["rock", "paper"]) {
      const [before, now] = [bars[label] ?? NaN, shown.bars[label] ?? NaN];
      assert.ok(Math.abs(before - now) < TOLERANCE, `${label}: ${before} and ${now}`);
    }
    await screenshot(signet.page, "teach-opened");
  });
});

test("undo brings back what was there before a project was opened", async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await TeachTab.open(signet);
    await tab.upload("4", [other]);
    const project = await tab.saveProject();
    await tab.upload("0", fists);
    await tab.remove("3");
    await tab.openProject(project);
    await tab.counts("0", 0);
    assert.deepEqual(await tab.labels(), DIGITS);
    assert.match(await tab.text("toast"), /Project opened/);
    await signet.click("undo");
    await tab.counts("0", fists.length);
    assert.deepEqual(await tab.labels(), ["0", "1", "2", "4", "5"]);
    await tab.kept(fists.length + 1);
  });
});

test("until it is known what was kept, nothing can be changed that would be lost to it", async () => {
  /** A browser that answers only when the test lets it, after the first visit. @typedef {typeof globalThis & { answer?: () => void }} Slow */
  const slow = {
    ...CPU,
    /** @param {import("puppeteer-core").Page} page */
    before: (page) => page.evaluateOnNewDocument(() => {
      const success = Object.getOwnPropertyDescriptor(IDBRequest.prototype, "onsuccess");
      Object.defineProperty(IDBOpenDBRequest.prototype, "onsuccess", {
        set(handler) {
          success?.set?.call(this, async (/** @type {Event} */ event) => {
            const waits = sessionStorage.getItem("waits") !== null;
            if (waits) await new Promise((answer) => { /** @type {Slow} */ (globalThis).answer = () => answer(null); });
            handler.call(this, event);
          });
        },
      });
    }),
  };
  await visit(browser, server, slow, async (signet) => {
    const tab = await TeachTab.open(signet);
    await tab.rename("2", "two");
    await tab.upload("0", fists.slice(0, 3));
    await tab.kept(3);
    await signet.page.evaluate(() => sessionStorage.setItem("waits", ""));

    await signet.page.reload();
    const again = new TeachTab(signet);
    const looks = "Looking for your project…";
    await again.becomes("the word about it", () => again.text("samples-count"), looks);
    const box = await (await signet.page.$(signet.selector("add-class")))?.boundingBox();
    assert.ok(box);
    await signet.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    assert.deepEqual(await again.labels(), DIGITS);
    assert.equal(await signet.page.$eval(signet.selector("import-model-input"), (input) => /** @type {HTMLInputElement} */ (input).disabled), true);
    assert.equal(await again.text("samples-count"), looks);
    await signet.page.evaluate(() => {
      sessionStorage.removeItem("waits");
      /** @type {Slow} */ (globalThis).answer?.();
    });
    await again.becomes("what was kept", () => again.labels(), ["0", "1", "two", "3", "4", "5"]);
    await again.counts("0", 3);
    await signet.click("add-class");
    assert.equal((await again.cards()).length, 7);
  });
});
