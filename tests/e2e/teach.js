// The tab "Teach it your hand" as a person meets it, by its data-testid hooks and what stands in its tables.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { DOWNLOADS, write } from "./files.js";
import { hand, png } from "./pictures.js";

/** @typedef {import("./pictures.js").Colour} Colour */
/** @typedef {import("./signet.js").Signet} Signet */
/** @typedef {import("puppeteer-core").ElementHandle<HTMLElement>} Handle */

/**
 * @typedef {{ label: string, count: number, name: string, off: boolean }} CardShown `name` is what its field holds
 * @typedef {{ epoch: string, loss: number, accuracy: number, checkedLoss: number, checkedAccuracy: number }} EpochShown
 * @typedef {{ scope?: "head" | "stage" | "all", epochs?: number, "batch-size"?: number, "learning-rate"?: number,
 *   "validation-share"?: number, seed?: number }} Settings
 * @typedef {{ label: string, count: number, original: number, taught: number }} ClassShown shares, NaN where there is none
 */

const COLOURS = /** @type {[Colour, Colour][]} */ ([
  [[224, 172, 138], [226, 222, 214]],
  [[141, 85, 36], [236, 236, 228]],
  [[198, 134, 66], [205, 216, 226]],
  [[240, 190, 160], [120, 140, 130]],
  [[90, 60, 40], [214, 204, 190]],
]);

/** Hands of as many fingers, no two of the same colours and size. @param {number} fingers @param {number} count */
export function hands(fingers, count) {
  return Array.from({ length: count }, (_, index) => {
    const [skin, background] = COLOURS[index % COLOURS.length] ?? [];
    return hand(fingers, 150 + 10 * index, 150 + 6 * index, { skin, background });
  });
}

/** Such hands as files. @param {number} fingers @param {number} count */
export const handFiles = (fingers, count) => hands(fingers, count).map((picture, index) => write(`${fingers}-${index}.png`, png(picture)));

/** The six labels that the page begins with. */
export const DIGITS = ["0", "1", "2", "3", "4", "5"];

export class TeachTab {
  /** @param {Signet} signet */
  constructor(signet) {
    this.signet = signet;
    this.page = signet.page;
  }

  /** The page, ready, with the tab open. @param {Signet} signet @param {number} [timeout] */
  static async open(signet, timeout) {
    await signet.ready(timeout);
    await signet.click("tab-teach");
    const tab = new TeachTab(signet);
    // Until it is known what was kept, nothing can be changed.
    await signet.until("the project", () => signet.page.$(".samples:not([inert])"));
    return tab;
  }

  // Cards

  /** @returns {Promise<CardShown[]>} */
  cards() {
    return this.page.$$eval(this.signet.selector("class-card"), (cards) => /** @type {HTMLElement[]} */ (cards).map((card) => {
      const { label = "", count, off } = card.dataset;
      const name = card.querySelector("[data-testid=class-name]");
      return { label, count: Number(count), name: name instanceof HTMLInputElement ? name.value : "", off: off !== undefined };
    }));
  }

  async labels() {
    return (await this.cards()).map(({ label }) => label);
  }

  /** @param {string} label @param {string} [hook] of a part of the card */
  within(label, hook) {
    const card = `${this.signet.selector("class-card")}[data-label=${JSON.stringify(label)}]`;
    return hook ? `${card} ${this.signet.selector(hook)}` : card;
  }

  /** @param {string} label @param {string} [hook] @returns {Promise<Handle>} */
  async part(label, hook) {
    const found = await this.page.$(this.within(label, hook));
    assert.ok(found, `the card ${label} has ${hook ?? "an element"}`);
    return /** @type {Handle} */ (found);
  }

  /** @param {string} label @param {string} hook */
  async press(label, hook) {
    await this.page.locator(this.within(label, hook)).click();
  }

  /** Opens the card's menu and chooses from it. @param {string} label @param {string} item */
  async choose(label, item) {
    await this.press(label, "class-menu");
    await this.press(label, item);
  }

  /** @param {string} label */
  async count(label) {
    return (await this.cards()).find((card) => card.label === label)?.count ?? 0;
  }

  /** Waits until a card has so many samples. @param {string} label @param {number} count */
  counts(label, count) {
    return this.becomes(`samples of ${label}`, () => this.count(label), count);
  }

  /** Asks until the answer is the expected one. @template T @param {string} what @param {() => Promise<T>} ask @param {T} expected */
  async becomes(what, ask, expected) {
    /** @type {T | undefined} */
    let last;
    await this.signet.until(what, async () => {
      last = await ask();
      return JSON.stringify(last) === JSON.stringify(expected);
    }).catch((error) => {
      error.message = `${what}: ${JSON.stringify(last)} and not ${JSON.stringify(expected)}. ${error.message}`;
      throw error;
    });
  }

  /** Chooses files in a file input. @param {string} selector @param {string[]} files */
  async give(selector, files) {
    const input = await this.page.$(selector);
    assert.ok(input, `there is ${selector}`);
    await /** @type {import("puppeteer-core").ElementHandle<HTMLInputElement>} */ (input).uploadFile(...files);
  }

  /** Through the card's file input; waits until all are there. @param {string} label @param {string[]} files */
  async upload(label, files) {
    const before = await this.count(label);
    await this.give(this.within(label, "class-upload-input"), files);
    await this.counts(label, before + files.length);
  }

  /** Images of a fist for the class 0, of an open hand for 5. @param {number} each */
  async addHands(each) {
    await this.upload("0", handFiles(0, each));
    await this.upload("5", handFiles(5, each));
  }

  /** How many samples each class has, in the cards' order. */
  async samples() {
    return (await this.cards()).map(({ count }) => count);
  }

  /**
   * Presses the button of a card that records, until so many images are there, and notes when how many were.
   * @param {string} label
   * @param {number} images
   */
  async record(label, images) {
    const button = await this.part(label, "record");
    await button.scrollIntoView();
    await button.hover();
    await this.page.mouse.down();
    /** @type {{ at: number, count: number }[]} */
    const noted = [];
    await this.signet.until(`${images} images of ${label}`, async () => {
      const count = await this.count(label);
      noted.push({ at: Date.now(), count });
      return count >= images;
    });
    return noted;
  }

  /** @param {string} label @returns {Promise<string[]>} the ids of the samples shown, newest first */
  thumbs(label) {
    return this.page.$$eval(this.within(label, "sample"), (thumbs) => thumbs.map((thumb) => thumb.getAttribute("data-sample") ?? ""));
  }

  /** Gives a class another name, by its field. @param {string} from @param {string} to */
  async rename(from, to) {
    const field = await this.part(from, "class-name");
    await field.click({ count: 3 });
    await this.page.keyboard.type(to);
    await this.page.keyboard.press("Enter");
  }

  /** Deletes a class and says yes. @param {string} label */
  async remove(label) {
    await this.choose(label, "class-delete");
    await this.signet.click("confirm-yes");
    await this.becomes(`the class ${label} to go`, async () => (await this.labels()).includes(label), false);
  }

  /** Keeps the named classes only. @param {string[]} labels */
  async keepOnly(labels) {
    for (const label of await this.labels()) if (!labels.includes(label)) await this.remove(label);
  }

  // Training

  /** @param {Settings} settings */
  async set({ scope, ...numbers }) {
    if (scope) await this.page.select(this.signet.selector("scope"), scope);
    for (const [name, value] of Object.entries(numbers)) {
      const field = await this.page.$(this.signet.selector(name));
      await field?.scrollIntoView();
      await field?.click({ count: 3 });
      await this.page.keyboard.type(String(value));
      await this.page.keyboard.press("Tab");
      assert.equal(await this.value(name), String(value));
    }
  }

  /** What a field holds. @param {string} hook */
  value(hook) {
    return this.page.$eval(this.signet.selector(hook), (field) => /** @type {HTMLInputElement} */ (field).value);
  }

  progress() {
    return this.page.$eval(this.signet.selector("training-progress"), (element) => {
      const { state = "", epoch, epochs, loss, accuracy } = /** @type {HTMLElement} */ (element).dataset;
      const text = (element.textContent ?? "").replace(/\s+/g, " ").trim();
      return { state, epoch: Number(epoch), epochs: Number(epochs), loss: Number(loss || NaN), accuracy: Number(accuracy || NaN), text };
    });
  }

  /** Waits for a state of the training. Fails at once when it ends as something else. @param {string} state @param {number} [timeout] */
  reaches(state, timeout = 120_000) {
    return this.signet.until(`a training that is ${state}`, async () => {
      const progress = await this.progress();
      if (progress.state === state) return progress;
      if (progress.state !== "failed" && (state !== "done" || progress.state !== "stopped")) return undefined;
      throw new Error(`The training is ${progress.state}: "${progress.text}", ${JSON.stringify(await this.signet.error())}`);
    }, timeout);
  }

  /** Waits until so many epochs are under way or over. @param {number} epoch @param {number} [timeout] */
  inEpoch(epoch, timeout = 60_000) {
    return this.signet.until(`epoch ${epoch}`, async () => {
      const progress = await this.progress();
      assert.notEqual(progress.state, "failed", progress.text);
      return progress.epoch >= epoch ? progress : undefined;
    }, timeout);
  }

  /** Starts a training with the button and sees that it has started. @param {"train" | "train-more" | "resume"} [button] */
  async start(button = "train") {
    const ready = await this.page.$(this.signet.selector(button));
    await this.becomes(`${button} to be ready`, async () => (await ready?.evaluate((element) => /** @type {HTMLButtonElement} */ (element).disabled)) ?? true, false);
    await this.signet.click(button);
    await this.reaches("running", 5000);
  }

  /** Trains until the taught model is in use. @param {Settings} [settings] @param {number} [timeout] */
  async train(settings = {}, timeout) {
    await this.set(settings);
    await this.start();
    return this.reaches("done", timeout);
  }

  /** The curves' numbers, as the page lists them. @returns {Promise<EpochShown[]>} */
  async history() {
    const rows = await this.page.$$eval(`${this.signet.selector("history")} tbody tr`, (found) => found.map((row) => (
      [...row.children].map((cell) => cell.textContent ?? ""))));
    return rows.map(([epoch = "", ...cells]) => {
      const [loss = NaN, accuracy = NaN, checkedLoss = NaN, checkedAccuracy = NaN] = cells.map(parseFloat);
      return { epoch, loss, accuracy: accuracy / 100, checkedLoss, checkedAccuracy: checkedAccuracy / 100 };
    });
  }

  /** The shares of right answers of both models, once they are counted. @param {number} [timeout] */
  score(timeout) {
    return this.signet.until("the scores of both models", async () => {
      const score = await this.page.$(this.signet.selector("score"));
      if (!score) return undefined;
      const { taught, original } = await score.evaluate((element) => ({ .../** @type {HTMLElement} */ (element).dataset }));
      return { taught: Number(taught), original: original ? Number(original) : null };
    }, timeout);
  }

  /** How many images of each class are read as which, cells without any left out. */
  async matrix() {
    await this.score();
    const cells = await this.page.$$eval(`${this.signet.selector("confusion-matrix")} td`, (found) => (
      found.map((cell) => ({ .../** @type {HTMLElement} */ (cell).dataset }))));
    return cells.filter(({ count }) => count !== "0").map(({ truth, answer, count }) => ({ truth, answer, count: Number(count) }));
  }

  /** How many images the matrix counts. */
  async matrixTotal() {
    return (await this.matrix()).reduce((sum, { count }) => sum + count, 0);
  }

  /** Each class's share of right answers. @returns {Promise<ClassShown[]>} */
  async classScores() {
    await this.score();
    const rows = await this.page.$$eval(`${this.signet.selector("class-scores")} tbody tr`, (found) => found.map((row) => (
      [...row.children].map((cell) => cell.textContent ?? ""))));
    return rows.map(([label = "", count, original = "", taught = ""]) => (
      { label, count: Number(count), original: parseFloat(original) / 100, taught: parseFloat(taught) / 100 }));
  }

  /** What stands beside the button, when it says why it is disabled. */
  async reason() {
    const disabled = await this.page.$eval(this.signet.selector("train"), (button) => /** @type {HTMLButtonElement} */ (button).disabled);
    const reason = await this.text("train-reason");
    return disabled ? reason : "";
  }

  /** @param {string} hook */
  text(hook) {
    return this.page.$eval(this.signet.selector(hook), (element) => (element.textContent ?? "").replace(/\s+/g, " ").trim());
  }

  /** @param {string} hook */
  visible(hook) {
    return this.page.$eval(this.signet.selector(hook), (element) => element.checkVisibility());
  }

  /** Waits until a part of the page can be seen. @param {string} hook */
  appears(hook) {
    return this.signet.until(`${hook} to appear`, () => this.visible(hook));
  }

  /** Waits for a short message. @param {RegExp} words */
  says(words) {
    return this.signet.until(`a word like ${words}`, async () => words.test(await this.text("toast")));
  }

  // Using and keeping

  /** Classifies a file with the model in use. @param {string} file @param {number} [timeout] */
  async classify(file, timeout) {
    await this.signet.click("mode-upload");
    return this.signet.upload(file, timeout);
  }

  /** Does something that downloads a file. @param {() => Promise<unknown>} action @returns {Promise<string>} its path */
  async downloaded(action) {
    await action();
    const file = await this.signet.until("the download", async () => {
      // Until all of it is there, Chromium gives it another name, and Firefox another name and an empty file.
      const name = readdirSync(DOWNLOADS).find((name) => /^signet-.*\.(signet|safetensors)$/.test(name));
      return name && statSync(join(DOWNLOADS, name), { throwIfNoEntry: false })?.size ? name : undefined;
    });
    // Out of the way of the next one, which may have the same name.
    const path = join(mkdtempSync(join(DOWNLOADS, "taken-")), file);
    renameSync(join(DOWNLOADS, file), path);
    return path;
  }

  exportModel() {
    return this.downloaded(() => this.signet.click("export-model"));
  }

  saveProject() {
    return this.downloaded(() => this.signet.click("save-project"));
  }

  /** @param {string} file */
  importModel(file) {
    return this.give(this.signet.selector("import-model-input"), [file]);
  }

  /** @param {string} file */
  openProject(file) {
    return this.give(this.signet.selector("open-project-input"), [file]);
  }

  /** @returns {Promise<"original only" | "taught" | "original">} */
  modelInUse() {
    return this.page.$eval(this.signet.selector("model-switch"), (element) => {
      const { checked, disabled } = /** @type {HTMLInputElement} */ (element);
      return disabled ? "original only" : checked ? "taught" : "original";
    });
  }

  /** Waits until the bars are those of a model with these labels. @param {string[]} labels */
  usesLabels(labels) {
    return this.becomes("the bars' labels", async () => Object.keys((await this.signet.shown()).bars), labels);
  }

  /** Waits until so many samples are on the disk, and these records with them and no others. @param {number} samples @param {string[]} [records] */
  kept(samples, records = ["project"]) {
    return this.becomes("the stored samples", () => this.page.evaluate(async () => {
      const database = await new Promise((/** @type {(opened: IDBDatabase) => void} */ resolve, reject) => {
        const request = indexedDB.open("signet");
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const all = (/** @type {string} */ name) => new Promise((/** @type {(keys: unknown[]) => void} */ resolve, reject) => {
        const request = database.transaction(name).objectStore(name).getAllKeys();
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const [keys, records] = await Promise.all([all("samples"), all("records")]);
      database.close();
      return [keys.length, ...records.filter((name) => name !== "revision")];
    }), [samples, ...records.toSorted()]);
  }
}
