// What a project leaves: a file that another browser opens, and what this browser keeps of it, also where files are
// broken, the disk is full or another tab has it. Names are text, whatever they look like.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { assertAccessible } from "./access.js";
import { testWorld } from "./browser.js";
import { write } from "./files.js";
import { hand, png } from "./pictures.js";
import { Signet } from "./signet.js";
import { DIGITS, TeachTab, handFiles } from "./teach.js";

/** @typedef {import("puppeteer-core").Page} Page */

const TOLERANCE = 1e-4;
const SIX = [4, 0, 0, 0, 0, 4];
const other = write("other.png", png(hand(5, 210, 200)));

const { server, visit, pageTest, teachTest } = await testWorld();

/** Names that are markup, and yet only text. */
const NAMES = ['<img src=x onerror="intruded=1">', "</script><svg/onload=intruded=1>&lt;"];
const [ROCK = "", PAPER = ""] = NAMES;

/** @param {Signet} signet */
async function namesAreText({ page }) {
  const found = await page.evaluate(() => ({
    intruded: "intruded" in globalThis,
    elements: document.querySelectorAll("img[src=x], [onerror], [onload], body svg[onload]").length,
    // Names that stand in attributes stand there, too.
    text: document.body.innerText + [...document.querySelectorAll("input")].map(({ value }) => value).join("\n"),
  }));
  assert.deepEqual([found.intruded, found.elements], [false, 0]);
  for (const name of NAMES) assert.ok(found.text.includes(name), `${name} is shown as it is`);
}

test("a project opened in another browser has its images, labels, settings and model, and names that are markup are text wherever they come from", async () => {
  let [project, model] = ["", ""];
  /** @type {Record<string, number>} */
  let bars = {};
  await visit({}, async (signet) => {
    const tab = await TeachTab.open(signet);
    await tab.keepOnly(["0", "3", "5"]);
    await tab.rename("0", ROCK);
    await tab.rename("5", PAPER);
    await tab.becomes("the names", () => tab.labels(), [ROCK, "3", PAPER]);
    await tab.menu("3", "class-enable");
    await tab.add(ROCK, handFiles(0, 6));
    await tab.add(PAPER, handFiles(5, 6));
    await tab.train({ epochs: 9, "learning-rate": 0.002, "validation-share": 0.3, seed: 5 });
    await tab.usesLabels(NAMES);
    ({ bars } = await tab.classify(other));
    await namesAreText(signet);
    await tab.kept(12, ["project", "taught"]);
    [project, model] = [await tab.saveProject(), await tab.exportModel()];
    await signet.page.reload();
    await TeachTab.open(signet);
    await tab.usesLabels(NAMES);
    await namesAreText(signet);
  });
  await visit({}, async (signet) => {
    const tab = await TeachTab.open(signet);
    await tab.importModel(model);
    await tab.usesLabels(NAMES);
    await tab.classify(other);
    await namesAreText(signet);

    await tab.add("4", [other]);
    await tab.openProject(project);
    await tab.becomes("the cards", () => tab.cards(), [
      { label: ROCK, count: 6, name: ROCK, off: false },
      { label: "3", count: 0, name: "3", off: true },
      { label: PAPER, count: 6, name: PAPER, off: false },
    ]);
    const hooks = ["scope", "epochs", "batch-size", "learning-rate", "validation-share", "seed"];
    await tab.becomes("the settings", () => Promise.all(hooks.map((hook) => tab.value(hook))), ["head", "9", "16", "0.002", "0.3", "5"]);
    await tab.usesLabels(NAMES);
    assert.equal(await tab.modelInUse(), "taught");
    // The model that was imported before has the same labels, but no history.
    await tab.becomes("the history of the project's model", async () => (await tab.history()).length, 9);
    assert.equal(await tab.matrixTotal(), 4, "two of six for each class");
    assert.equal(await tab.visible("out-of-date"), false);
    const shown = await tab.classify(other);
    for (const label of NAMES) {
      const [before, now] = [bars[label] ?? NaN, shown.bars[label] ?? NaN];
      assert.ok(Math.abs(before - now) < TOLERANCE, `${label}: ${before} and ${now}`);
    }
    await namesAreText(signet);
  });
});

teachTest("undo brings back what was there before a project was opened; a page that is left while a change is on its way to the disk asks first", {}, async (tab) => {
  await tab.add("4", [other]);
  const project = await tab.saveProject();
  await tab.add("0", handFiles(0, 4));
  await tab.remove("3");
  await tab.openProject(project);
  await tab.counts("0", 0);
  assert.deepEqual(await tab.labels(), DIGITS);
  assert.match(await tab.text("toast"), /Project opened/);
  await tab.click("undo");
  await tab.counts("0", 4);
  assert.deepEqual(await tab.labels(), ["0", "1", "2", "4", "5"]);
  await tab.kept(5);

  const [atRest, onItsWay] = await tab.page.evaluate((hook) => {
    const asks = () => {
      const leaving = new Event("beforeunload", { cancelable: true });
      dispatchEvent(leaving);
      return leaving.defaultPrevented;
    };
    const before = asks();
    const name = /** @type {HTMLInputElement} */ (document.querySelector(hook));
    name.value = "fist";
    name.dispatchEvent(new Event("change"));
    return [before, asks()];
  }, tab.within("0", "class-name"));
  assert.deepEqual([atRest, onItsWay], [false, true]);
});

teachTest("where nothing is stored, leaving asks for all that no file holds: what changed while one was written, an image that undo brought back, a model without images", {
  before: (page) => page.evaluateOnNewDocument(() => Object.defineProperty(globalThis, "indexedDB", { value: undefined })),
}, async (tab) => {
  const asks = () => tab.page.evaluate(() => !dispatchEvent(new Event("beforeunload", { cancelable: true })));
  const isAsked = (/** @type {boolean} */ expected) => tab.becomes("whether leaving asks", asks, expected);
  tab.page.on("dialog", (dialog) => void dialog.accept());
  await tab.set({ epochs: 2 });
  await isAsked(false);
  await tab.rename("1", "one");
  await isAsked(true);
  await tab.addHands(4);
  const project = await tab.saveProject();
  await isAsked(false);
  await tab.downloaded(() => tab.page.evaluate((save, name) => {
    /** @type {HTMLElement} */ (document.querySelector(save)).click();
    const field = /** @type {HTMLInputElement} */ (document.querySelector(name));
    field.value = "two fingers";
    field.dispatchEvent(new Event("change"));
  }, tab.selector("save-project"), tab.within("2", "class-name")));
  await tab.says(/saved/i);
  await isAsked(true);
  await tab.openProject(project);
  await tab.says(/opened/i);
  await isAsked(false);
  await tab.click("undo");
  await tab.becomes("what was there", async () => (await tab.labels())[2], "two fingers");
  await isAsked(true);
  await tab.train();
  const model = await tab.exportModel();
  await tab.page.reload();
  await TeachTab.open(tab);
  await isAsked(false);
  await tab.importModel(model);
  await tab.says(/imported/);
  await isAsked(true);
});

/** A browser that answers only when the test lets it, after the first visit. @typedef {typeof globalThis & { answer?: () => void }} Slow */

teachTest("until it is known what was kept, nothing can be changed that would be lost to it", {
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
}, async (tab) => {
  await tab.rename("2", "two");
  await tab.add("0", handFiles(0, 3));
  await tab.kept(3);
  await tab.page.evaluate(() => sessionStorage.setItem("waits", ""));

  await tab.page.reload();
  const looks = "Looking for your project…";
  await tab.becomes("the word about it", () => tab.text("samples-count"), looks);
  const box = await (await tab.page.$(tab.selector("add-class")))?.boundingBox();
  assert.ok(box);
  await tab.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  assert.deepEqual(await tab.labels(), DIGITS);
  assert.equal(await tab.page.$eval(tab.selector("import-model-input"), (input) => /** @type {HTMLInputElement} */ (input).disabled), true);
  assert.equal(await tab.text("samples-count"), looks);
  await tab.page.evaluate(() => {
    sessionStorage.removeItem("waits");
    /** @type {Slow} */ (globalThis).answer?.();
  });
  await tab.becomes("what was kept", () => tab.labels(), ["0", "1", "two", "3", "4", "5"]);
  await tab.counts("0", 3);
  await tab.click("add-class");
  assert.equal((await tab.cards()).length, 7);
});

teachTest("of two tabs one keeps the project, and the other takes over when it is told to", { hands: 4 }, async (tab) => {
  await tab.kept(8);
  const page = await tab.page.browserContext().newPage();
  /** @type {unknown[]} */
  const uncaught = [];
  page.on("pageerror", (error) => uncaught.push(error));
  page.on("dialog", (dialog) => void dialog.accept());
  await page.goto(`${server.origin}/?backend=cpu`);
  const second = await TeachTab.open(new Signet(page));
  assert.deepEqual(await second.samples(), SIX);
  await second.appears("store-notice");
  assert.match(await second.text("store-notice"), /another tab/);
  assert.equal(await tab.visible("store-notice"), false);
  await second.add("1", [other]);
  await tab.kept(8);
  await assertAccessible(second, "a project that is open in another tab");

  await second.click("take-over");
  await second.kept(9);
  assert.equal(await second.visible("store-notice"), false);
  await tab.appears("store-notice");
  await tab.add("2", [other]);
  await second.kept(9);

  await page.close({ runBeforeUnload: false });
  assert.deepEqual(uncaught, []);
});

/** A disk that is full when the test says so. @typedef {typeof globalThis & { diskIsFull?: boolean }} Disk */
/** @param {Page} page @param {boolean} diskIsFull */
const fill = (page, diskIsFull) => page.evaluate((diskIsFull) => void Object.assign(globalThis, { diskIsFull }), diskIsFull);

teachTest("on a full disk the page says so, keeps what was stored and works on in memory", {
  before: (page) => page.evaluateOnNewDocument(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (/** @type {unknown} */ value, /** @type {IDBValidKey | undefined} */ key) {
      if (/** @type {Disk} */ (globalThis).diskIsFull) throw new DOMException("injected", "QuotaExceededError");
      return put.call(this, value, key);
    };
  }),
}, async (tab) => {
  let asked = 0;
  tab.page.on("dialog", (dialog) => {
    asked += 1;
    void dialog.dismiss(); // stay
  });
  await tab.add("0", handFiles(0, 4));
  await tab.kept(4);
  await fill(tab.page, true);
  await tab.add("5", handFiles(5, 4));
  await tab.appears("store-notice");
  assert.match(await tab.text("store-notice"), /disk/);
  await assertAccessible(tab, "a full disk");
  await tab.train({ epochs: 3 });
  await tab.classify(other);
  assert.deepEqual(await tab.samples(), SIX);
  await tab.kept(4);
  await tab.page.close({ runBeforeUnload: true });
  await tab.until("a warning before the page is left", async () => asked === 1);

  // Room again: everything is stored.
  await fill(tab.page, false);
  await tab.click("take-over");
  await tab.kept(8, ["project", "taught"]);
  assert.equal(await tab.visible("store-notice"), false);
  await tab.page.reload();
  assert.deepEqual(await (await TeachTab.open(tab)).samples(), SIX);
  assert.equal(asked, 1, "nothing is lost any more, and nobody asked");
});

/** @param {Buffer} bytes @param {number} at */
const flipped = (bytes, at) => Buffer.from(bytes).fill(Number(bytes[at]) ^ 1, at, at + 1);
const half = (/** @type {Buffer} */ bytes) => bytes.subarray(0, bytes.length >> 1);
const LETTER = "Dear Signet, this is a letter.\n";

teachTest("broken project and model files are refused by name, and everything stays", { hands: 4 }, async (tab) => {
  await tab.train({ epochs: 3 });
  const answer = await tab.classify(other);
  const project = readFileSync(await tab.saveProject());
  const model = readFileSync(await tab.exportModel());
  const unchanged = async (/** @type {string} */ name) => {
    assert.deepEqual(await tab.samples(), SIX);
    assert.deepEqual((await tab.classify(other)).bars, answer.bars, name);
  };
  for (const [name, content, code] of /** @type {[string, Buffer | string, RegExp][]} */ ([
    ["letter.signet", LETTER, /^project-format$/],
    ["half.signet", half(project), /^project-truncated$/],
    ["picture.signet", flipped(project, project.length - model.length - 1000), /^project-damaged$/],
    ["weights.signet", flipped(project, project.length - 1000), /^project-damaged$/],
    ["letter.safetensors", LETTER, /^weights-/],
    ["half.safetensors", half(model), /^weights-/],
    ["holed.safetensors", Buffer.from(model).fill(0, model.length >> 1, (model.length >> 1) + 2 ** 20), /^(weights-|self-check)/],
  ])) {
    const isProject = name.endsWith(".signet");
    await (isProject ? tab.openProject(write(name, content)) : tab.importModel(write(name, content)));
    const { text } = await tab.failure(code);
    assert.match(text, isProject ? /.{31}/ : /not changed|Choose/, name);
    await unchanged(name);
  }
  // Both are good as they were saved.
  await tab.openProject(write("whole.signet", project));
  await tab.says(/opened/);
  await unchanged("whole.signet");
  await tab.usesLabels(DIGITS);
});

pageTest("files that can't be read are named, and the good ones among them are added", {}, async (signet) => {
  const notes = write("notes.jpg", "Milk, bread and a lemon.\n");
  const whole = png(hand(3, 300, 300));
  const cut = write("cut.png", whole.subarray(0, whole.length >> 2));
  const [first = "", second = "", ...others] = handFiles(5, 4);
  const tab = await TeachTab.open(signet);
  await tab.give(tab.within("3", "class-upload-input"), [first, second, notes, cut, ...others]);
  const { text } = await signet.failure(/^picture-/);
  for (const words of [/notes\.jpg/, /cut\.png/, /4 images added, 2 not/]) assert.match(text, words);
  await tab.counts("3", 4);
});
