// The tab "Teach it your hand" as a person meets it, by its data-testid hooks and what stands in its tables.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { DOWNLOADS, write } from "./files.js";
import { hand, png } from "./pictures.js";
import { Signet } from "./signet.js";

/** @typedef {import("./pictures.js").Colour} Colour */
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

export class TeachTab extends Signet {
  /** The page, ready, with the tab open. @param {Signet} signet @param {number} [timeout] */
  static async open(signet, timeout) {
    await signet.ready(timeout);
    await signet.click("tab-teach");
    const tab = new TeachTab(signet.page);
    // Until it is known what was kept, nothing can be changed.
    await signet.until("the project", () => signet.page.$(".samples:not([inert])"));
    return tab;
  }

  // Cards

  /** @returns {Promise<CardShown[]>} */
  cards() {
    return this.page.$$eval(this.selector("class-card"), (cards) => /** @type {HTMLElement[]} */ (cards).map((card) => {
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
    const card = `${this.selector("class-card")}[data-label=${JSON.stringify(label)}]`;
    return hook ? `${card} ${this.selector(hook)}` : card;
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
  async menu(label, item) {
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

  /** Through the card's file input; waits until all are there. @param {string} label @param {string[]} files */
  async add(label, files) {
    const before = await this.count(label);
    await this.give(this.within(label, "class-upload-input"), files);
    await this.counts(label, before + files.length);
  }

  /** Images of a fist for the class 0, of an open hand for 5. @param {number} each */
  async addHands(each) {
    await this.add("0", handFiles(0, each));
    await this.add("5", handFiles(5, each));
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
    await this.until(`${images} images of ${label}`, async () => {
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

  /** Opens the newest image of a class and deletes it. @param {string} label */
  async deleteNewest(label) {
    const count = await this.count(label);
    await this.press(label, "sample");
    await this.click("delete-sample");
    await this.counts(label, count - 1);
  }

  /** Moves the image that is open to another class. @param {string} label */
  async moveTo(label) {
    const id = await this.page.$eval(this.within(label), (card) => card.getAttribute("data-id") ?? "");
    await this.page.select(this.selector("move-to"), id);
  }

  /** Deletes a class and says yes. @param {string} label */
  async remove(label) {
    await this.menu(label, "class-delete");
    await this.click("confirm-yes");
    await this.becomes(`the class ${label} to go`, async () => (await this.labels()).includes(label), false);
  }

  /** Keeps the named classes only. @param {string[]} labels */
  async keepOnly(labels) {
    for (const label of await this.labels()) if (!labels.includes(label)) await this.remove(label);
  }

  // Training

  /** @param {Settings} settings */
  async set({ scope, ...numbers }) {
    if (scope) await this.page.select(this.selector("scope"), scope);
    for (const [name, value] of Object.entries(numbers)) {
      const field = await this.page.$(this.selector(name));
      await field?.scrollIntoView();
      await field?.click({ count: 3 });
      await this.page.keyboard.type(String(value));
      await this.page.keyboard.press("Tab");
      assert.equal(await this.value(name), String(value));
    }
  }

  progress() {
    return this.page.$eval(this.selector("training-progress"), (element) => {
      const { state = "", epoch, epochs, loss, accuracy } = /** @type {HTMLElement} */ (element).dataset;
      const text = (element.textContent ?? "").replace(/\s+/g, " ").trim();
      return { state, epoch: Number(epoch), epochs: Number(epochs), loss: Number(loss || NaN), accuracy: Number(accuracy || NaN), text };
    });
  }

  /** Waits for a state of the training. Fails at once when it ends as something else. @param {string} state @param {number} [timeout] */
  reaches(state, timeout = 120_000) {
    return this.until(`a training that is ${state}`, async () => {
      const progress = await this.progress();
      if (progress.state === state) return progress;
      if (progress.state !== "failed" && (state !== "done" || progress.state !== "stopped")) return undefined;
      throw new Error(`The training is ${progress.state}: "${progress.text}", ${JSON.stringify(await this.error())}`);
    }, timeout);
  }

  /** Waits until so many epochs are under way or over. @param {number} epoch @param {number} [timeout] */
  inEpoch(epoch, timeout = 60_000) {
    return this.until(`epoch ${epoch}`, async () => {
      const progress = await this.progress();
      assert.notEqual(progress.state, "failed", progress.text);
      return progress.epoch >= epoch ? progress : undefined;
    }, timeout);
  }

  /** Starts a training with the button and sees that it has started. @param {"train" | "train-more" | "resume"} [button] */
  async start(button = "train") {
    await this.becomes(`${button} to be held back`, () => this.disabled(button).catch(() => true), false);
    await this.click(button);
    await this.reaches("running", 5000);
  }

  /** Trains until the taught model is in use. @param {Settings} [settings] @param {number} [timeout] */
  async train(settings = {}, timeout) {
    await this.set(settings);
    await this.start();
    return this.reaches("done", timeout);
  }

  /** The cells of a table, row by row. @param {string} hook */
  rows(hook) {
    return this.page.$$eval(`${this.selector(hook)} tbody tr`, (found) => found.map((row) => [...row.children].map((cell) => cell.textContent ?? "")));
  }

  /** The curves' numbers, as the page lists them. @returns {Promise<EpochShown[]>} */
  async history() {
    return (await this.rows("history")).map(([epoch = "", ...cells]) => {
      const [loss = NaN, accuracy = NaN, checkedLoss = NaN, checkedAccuracy = NaN] = cells.map(parseFloat);
      return { epoch, loss, accuracy: accuracy / 100, checkedLoss, checkedAccuracy: checkedAccuracy / 100 };
    });
  }

  /** The shares of right answers of both models, once they are counted. @param {number} [timeout] */
  score(timeout) {
    return this.until("the scores of both models", async () => {
      const score = await this.page.$(this.selector("score"));
      if (!score) return undefined;
      const { taught, original } = await score.evaluate((element) => ({ .../** @type {HTMLElement} */ (element).dataset }));
      return { taught: Number(taught), original: original ? Number(original) : null };
    }, timeout);
  }

  /** How many images of each class are read as which, cells without any left out. */
  async matrix() {
    await this.score();
    const cells = await this.page.$$eval(`${this.selector("confusion-matrix")} td`, (found) => (
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
    return (await this.rows("class-scores")).map(([label = "", count, original = "", taught = ""]) => (
      { label, count: Number(count), original: parseFloat(original) / 100, taught: parseFloat(taught) / 100 }));
  }

  /** What stands beside the button, when it says why it is disabled. */
  async reason() {
    const reason = await this.text("train-reason");
    return (await this.disabled("train")) ? reason : "";
  }

  /** Waits until a part of the page can be seen. @param {string} hook */
  appears(hook) {
    return this.until(`${hook} to appear`, () => this.visible(hook));
  }

  /** Waits for a short message. @param {RegExp} words */
  says(words) {
    return this.until(`a word like ${words}`, async () => words.test(await this.text("toast")));
  }

  // Using and keeping

  /** Classifies a file with the model in use. @param {string} file @param {number} [timeout] */
  async classify(file, timeout) {
    await this.click("mode-upload");
    return this.upload(file, timeout);
  }

  /** Does something that downloads a file. @param {() => Promise<unknown>} action @returns {Promise<string>} its path */
  async downloaded(action) {
    await action();
    const file = await this.until("the download", async () => {
      // Until all of it is there, Chromium gives it another name, and Firefox another name and an empty file.
      const name = readdirSync(DOWNLOADS).find((name) => /^signet-.*\.(signet|safetensors|zip)$/.test(name));
      return name && statSync(join(DOWNLOADS, name), { throwIfNoEntry: false })?.size ? name : undefined;
    });
    // Out of the way of the next one, which may have the same name.
    const path = join(mkdtempSync(join(DOWNLOADS, "taken-")), file);
    renameSync(join(DOWNLOADS, file), path);
    return path;
  }

  exportModel = () => this.downloaded(() => this.click("export-model"));

  saveProject = () => this.downloaded(() => this.click("save-project"));

  /** @param {string} file */
  importModel = (file) => this.give(this.selector("import-model-input"), [file]);

  /** @param {string} file */
  openProject = (file) => this.give(this.selector("open-project-input"), [file]);

  /** @returns {Promise<"original only" | "taught" | "original">} */
  modelInUse() {
    return this.page.$eval(this.selector("model-switch"), (element) => {
      const { checked, disabled } = /** @type {HTMLInputElement} */ (element);
      return disabled ? "original only" : checked ? "taught" : "original";
    });
  }

  /** Waits until the bars are those of a model with these labels. @param {string[]} labels */
  usesLabels(labels) {
    return this.becomes("the bars' labels", async () => Object.keys((await this.shown()).bars), labels);
  }

  /** Waits until so many samples are on the disk, and these records with them and no others. @param {number} samples @param {string[]} [records] */
  kept(samples, records = ["project"]) {
    return this.becomes("the stored samples", () => this.page.evaluate(async () => {
      /** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
      const done = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const database = await done(indexedDB.open("signet"));
      const [keys, records] = await Promise.all(["samples", "records"].map((name) => done(database.transaction(name).objectStore(name).getAllKeys())));
      database.close();
      return [keys?.length, ...records?.filter((name) => name !== "revision") ?? []];
    }), [samples, ...records.toSorted()]);
  }
}
