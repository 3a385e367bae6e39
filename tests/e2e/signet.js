// Signet's page as a person meets it: look at it, wait for it, use its ways in.
// It knows the page by its data-testid hooks.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/**
 * @typedef {object} Shown
 * @property {string} label
 * @property {number} probability
 * @property {number} latency in milliseconds
 * @property {number} sequence
 * @property {Record<string, number>} bars probability by label
 */

export class Signet {
  /** @param {import("puppeteer-core").Page} page */
  constructor(page) {
    this.page = page;
  }

  /** The same page in a further tab of the same browser. */
  async another() {
    const page = await this.page.browserContext().newPage();
    await page.goto(this.page.url());
    return new Signet(page);
  }

  /** @param {string} name */
  selector(name) {
    return `[data-testid="${name}"]`;
  }

  /** @param {string} name */
  async click(name) {
    await this.page.locator(this.selector(name)).click();
  }

  /** @param {string} name */
  text(name) {
    return this.page.$eval(this.selector(name), (element) => (element.textContent ?? "").replace(/\s+/g, " ").trim());
  }

  /** @param {string} name */
  visible(name) {
    return this.page.$eval(this.selector(name), (element) => element.checkVisibility());
  }

  /** What a field holds. @param {string} name */
  value(name) {
    return this.page.$eval(this.selector(name), (field) => /** @type {HTMLInputElement} */ (field).value);
  }

  /** Whether a control can't be used. @param {string} name */
  disabled(name) {
    return this.page.$eval(this.selector(name), (control) => /** @type {HTMLButtonElement} */ (control).disabled);
  }

  /**
   * Asks until the answer is true, or anything that counts as true. The page's own timers are not used: its content
   * policy forbids the evaluated strings that puppeteer's waitForFunction is made of.
   *
   * @template T
   * @param {string} what is waited for, to say it when it does not come
   * @param {() => Promise<T>} ask
   * @param {number} [timeout] in milliseconds
   * @returns {Promise<Exclude<T, undefined | null | false | "" | 0>>}
   */
  async until(what, ask, timeout = 30_000) {
    const end = Date.now() + timeout;
    for (;;) {
      const answer = await ask();
      if (answer) return /** @type {any} */ (answer);
      if (Date.now() > end) {
        const { state, backend, text } = await this.status();
        const error = await this.error();
        throw new Error(
          `${what}: not after ${timeout / 1000} s. Status is ${state} on ${backend}: "${text}"; ` +
            (error ? `error ${error.code}: "${error.text}"` : "no error is shown"),
        );
      }
      await pause(50);
    }
  }

  /** Asks until the answer is the expected one. @template T @param {string} what @param {() => Promise<T>} ask @param {T} expected */
  async becomes(what, ask, expected) {
    /** @type {T | undefined} */
    let last;
    await this.until(what, async () => {
      last = await ask();
      return JSON.stringify(last) === JSON.stringify(expected);
    }).catch((error) => {
      error.message = `${what}: ${JSON.stringify(last)} and not ${JSON.stringify(expected)}. ${error.message}`;
      throw error;
    });
  }

  /**
   * Notes what an element says from now on, each change of it.
   * @param {string} name
   * @param {string} [attribute] rather than its text
   * @returns {Promise<() => Promise<string[]>>} asks for what was noted so far
   */
  async watch(name, attribute) {
    const noted = await this.page.evaluateHandle((selector, attribute) => {
      const element = document.querySelector(selector);
      if (!element) throw new Error(`there is no ${selector}`);
      /** @type {string[]} */
      const values = [];
      const note = () => {
        const value = (attribute ? element.getAttribute(attribute) : element.textContent) ?? "";
        if (value !== values.at(-1)) values.push(value);
      };
      new MutationObserver(note).observe(element, { attributes: true, childList: true, characterData: true, subtree: true });
      note();
      return values;
    }, this.selector(name), attribute);
    return () => noted.jsonValue();
  }

  /** @returns {Promise<{ state: string, backend: string, threads: number, text: string }>} */
  status() {
    return this.page.$eval(this.selector("status"), (element) => {
      const { state = "", backend = "", threads } = /** @type {HTMLElement} */ (element).dataset;
      return { state, backend, threads: Number(threads), text: (element.textContent ?? "").replace(/\s+/g, " ").trim() };
    });
  }

  /** The error that a person sees, if any. @returns {Promise<{ code: string, text: string } | undefined>} */
  async error() {
    const error = await this.page.$$eval(this.selector("error"), (elements) => {
      for (const element of /** @type {HTMLElement[]} */ (elements)) {
        const text = element.innerText.replace(/\s+/g, " ").trim();
        if (!element.checkVisibility() || text === "") continue;
        return { code: element.dataset["code"] ?? "", text, role: element.getAttribute("role") };
      }
      return null;
    });
    if (!error) return undefined;
    assert.equal(error.role, "alert", "an error is announced");
    return { code: error.code, text: error.text };
  }

  /** Waits until the page can classify. @param {number} [timeout] */
  ready(timeout = 60_000) {
    return this.until("ready", async () => {
      const status = await this.status();
      if (status.state === "error") throw new Error(`The page failed to start: "${status.text}" ${JSON.stringify(await this.error())}`);
      return status.state === "ready" ? status : undefined;
    }, timeout);
  }

  /** Loads the page again, and waits until it can classify. */
  async reload() {
    await this.page.reload();
    await this.ready();
  }

  /** Waits for a visible error. @param {RegExp} code @param {number} [timeout] */
  failure(code, timeout) {
    return this.until(`an error ${code}`, async () => {
      const error = await this.error();
      return error && code.test(error.code) ? error : undefined;
    }, timeout);
  }

  /** @returns {Promise<Shown>} */
  async shown() {
    return this.page.evaluate(() => {
      const element = /** @type {HTMLElement | null} */ (document.querySelector('[data-testid="prediction"]'));
      /** @type {Record<string, number>} */
      const bars = {};
      for (const bar of document.querySelectorAll('[data-testid="bar"]')) {
        const { label = "", probability } = /** @type {HTMLElement} */ (bar).dataset;
        bars[label] = Number(probability);
      }
      const { label = "", probability, latencyMs, sequence } = element?.dataset ?? {};
      return { label, probability: Number(probability), latency: Number(latencyMs), sequence: Number(sequence ?? 0), bars };
    });
  }

  /**
   * Does something and waits for the prediction that follows from it.
   * @param {() => Promise<unknown>} action
   * @param {number} [timeout]
   * @returns {Promise<Shown>}
   */
  async prediction(action, timeout) {
    const before = (await this.shown()).sequence;
    await action();
    return this.until("a new prediction", async () => {
      const shown = await this.shown();
      // Turning to another picture takes the old answer away, and leaves the count.
      if (shown.sequence <= before || shown.label === "") return undefined;
      const sum = Object.values(shown.bars).reduce((total, probability) => total + probability, 0);
      assert.ok(Math.abs(sum - 1) < 1e-3, `the bars add up to ${sum}`);
      assert.ok(shown.latency > 0, "the latency is shown");
      return shown;
    }, timeout);
  }

  /** Chooses files in a file input. @param {string} selector @param {string[]} files */
  async give(selector, files) {
    const input = await this.page.$(selector);
    assert.ok(input, `there is ${selector}`);
    await /** @type {import("puppeteer-core").ElementHandle<HTMLInputElement>} */ (input).uploadFile(...files);
  }

  /** Through the file input, as a person chooses a file. @param {string} file */
  choose(file) {
    return this.give(this.selector("upload-input"), [file]);
  }

  /** Classifies a file through the file input. @param {string} file @param {number} [timeout] */
  upload(file, timeout) {
    return this.prediction(() => this.choose(file), timeout);
  }

  /** Drops files on a point of the window. @param {string[]} files @param {number} x @param {number} y */
  async drop(files, x, y) {
    const devtools = await this.page.createCDPSession();
    const data = { items: [], files, dragOperationsMask: 1 };
    for (const type of /** @type {const} */ (["dragEnter", "dragOver", "drop"])) await devtools.send("Input.dispatchDragEvent", { type, x, y, data });
  }

  /** Puts a picture on the clipboard, and pastes it. @param {string} file */
  async paste(file) {
    const { origin } = new URL(this.page.url());
    await this.page.browserContext().overridePermissions(origin, ["clipboard-read", "clipboard-sanitized-write"]);
    await this.page.bringToFront();
    await this.page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      await navigator.clipboard.write([new ClipboardItem({ "image/png": new Blob([bytes], { type: "image/png" }) })]);
    }, readFileSync(file).toString("base64"));
    await this.control("KeyV", ["Paste"]);
  }

  /** Ctrl and a key. @param {import("puppeteer-core").KeyInput} key @param {string[]} [commands] that the browser's window would make of it */
  async control(key, commands = []) {
    const { keyboard } = this.page;
    await keyboard.down("Control");
    await keyboard.press(key, { commands });
    await keyboard.up("Control");
  }

  /** Waits for so many answers more, of a webcam that is live. @param {number} [more] */
  async live(more = 3) {
    const { sequence } = await this.shown();
    return this.until(`${more} live answers`, async () => {
      const shown = await this.shown();
      return shown.sequence >= sequence + more && shown;
    });
  }

  /** Starts the webcam and waits for its answers. @param {number} [answers] */
  async goLive(answers) {
    await this.ready();
    await this.click("mode-webcam");
    await this.click("webcam-toggle");
    return this.live(answers);
  }

  /** A drawing is answered, and no error is shown. */
  async drawingWorks() {
    await this.click("mode-draw");
    await this.prediction(() => this.stroke([[0.3, 0.3], [0.7, 0.7]]));
    assert.equal(await this.error(), undefined);
  }

  /** An upload is answered, and no error is shown. @param {string} file */
  async uploadWorks(file) {
    await this.ready();
    await this.click("mode-upload");
    const shown = await this.upload(file);
    assert.equal(await this.error(), undefined);
    return shown;
  }

  /** The 64x64 RGBA picture that the model saw, as the page shows it. @returns {Promise<number[]>} */
  modelView() {
    return this.page.$eval(this.selector("model-view"), (element) => {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 64;
      const context = canvas.getContext("2d");
      if (!context) throw new Error("no 2d context");
      context.imageSmoothingEnabled = false;
      context.drawImage(/** @type {HTMLCanvasElement} */ (element), 0, 0, 64, 64);
      return [...context.getImageData(0, 0, 64, 64).data];
    });
  }

  /** A stroke with the mouse, in fractions of a canvas. @param {[number, number][]} points @param {string} [selector] of the canvas; the first tab's without */
  async stroke(points, selector = this.selector("draw-canvas")) {
    const canvas = await this.page.$(selector);
    await canvas?.scrollIntoView();
    const box = await canvas?.boundingBox();
    assert.ok(box, "the draw canvas is on the page");
    const [first, ...rest] = points.map(([x, y]) => /** @type {const} */ ([box.x + x * box.width, box.y + y * box.height]));
    assert.ok(first);
    await this.page.mouse.move(...first);
    await this.page.mouse.down();
    for (const point of rest) await this.page.mouse.move(...point, { steps: 5 });
    await this.page.mouse.up();
  }
}

/**
 * The mean absolute difference of two pictures' colours, in steps of 1/255.
 * @param {ArrayLike<number>} left RGBA
 * @param {ArrayLike<number>} right RGBA
 */
export function meanDifference(left, right) {
  assert.equal(left.length, right.length);
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) {
    if (index % 4 !== 3) sum += Math.abs(Number(left[index]) - Number(right[index]));
  }
  return sum / (left.length * 0.75);
}
