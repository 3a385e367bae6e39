// The tab "Look inside" as a person meets it, by its data-testid hooks.

import assert from "node:assert/strict";
import { Signet } from "./signet.js";

/** A visit of a link. @param {string} fragment @param {object} [options] */
export const at = (fragment, options = {}) => ({ query: `?backend=cpu#inside${fragment}`, ...options });
export const EXAMPLES = "?set=examples&example=2";
export const PHONE = { width: 390, height: 844, hasTouch: true, isMobile: true };

/** @typedef {{ accuracy: number, margin: number, pictures: number, state: string }} CheckShown */

export class InsideTab extends Signet {
  /** The page, ready, with the tab open and a view mounted; or where an address has opened it. @param {Signet} signet */
  static async open(signet) {
    await signet.ready();
    if (!(await signet.page.$("body[data-tab=inside]"))) await signet.click("tab-inside");
    const tab = new InsideTab(signet.page);
    await tab.mounted();
    return tab;
  }

  /** Waits until a view shows something. @param {string} [view] */
  mounted(view) {
    return this.until(`the view ${view ?? ""}`, () => this.page.$(`.inside-stage${view ? `[data-view=${view}]` : ""} > .inside-view > *`));
  }

  /** Turns to another view. @param {string} view */
  async to(view) {
    await this.click(`inside-to-${view}`);
    await this.mounted(view);
  }

  /** Opens another link in the same tab. @param {string} fragment */
  async follow(fragment) {
    await this.page.evaluate((hash) => { location.hash = hash; }, fragment);
  }

  /** @param {string} name @returns {Promise<Record<string, string>>} */
  dataset(name) {
    return this.page.$eval(this.selector(name), (element) => /** @type {any} */ ({ .../** @type {HTMLElement} */ (element).dataset }));
  }

  /** Waits until an element's data have these values. @param {string} name @param {Record<string, string>} expected */
  shows(name, expected) {
    return this.becomes(name, async () => {
      const dataset = await this.dataset(name).catch(() => /** @type {Record<string, string>} */ ({}));
      return Object.fromEntries(Object.keys(expected).map((key) => [key, dataset[key]]));
    }, expected);
  }

  /** A switch of a block. @param {"branch" | "skip"} part @param {string} block */
  switchOf(part, block) {
    return `${this.selector(`inside-${part}`)}[data-block="${block}"]`;
  }

  /** Flips one, and waits for the answer with that. @param {"branch" | "skip"} part @param {string} block @param {number} cuts that there are then */
  async flip(part, block, cuts) {
    await this.page.locator(this.switchOf(part, block)).click();
    await this.shows("inside-answer", { cuts: String(cuts) });
  }

  /** What the blocks' hooks say. */
  blocks() {
    return this.page.$$eval(this.selector("inside-block"), (blocks) => /** @type {HTMLElement[]} */ (blocks).map(({ dataset: { block, kind, branch, skip } }) => ({ block, kind, branch, skip })));
  }

  /** Each class's probability and logit, as the view has them, by label. @returns {Promise<Record<string, { probability: number, logit: number }>>} */
  async answer() {
    await this.until("an answer", async () => (await this.dataset("inside-answer"))["label"]);
    return Object.fromEntries(await this.page.$$eval(this.selector("inside-logit"), (rows) => /** @type {HTMLElement[]} */ (rows).map(({ dataset }) => (
      [dataset["label"] ?? "", { probability: Number(dataset["probability"]), logit: Number(dataset["logit"]) }]))));
  }

  /** Waits until the check set is measured. @returns {Promise<CheckShown>} */
  async checked() {
    await this.until("the check set", async () => {
      const { state, accuracy } = await this.dataset("inside-check");
      return state === "idle" && accuracy !== undefined;
    }, 120_000);
    const { accuracy, margin, pictures, state = "" } = await this.dataset("inside-check");
    return { accuracy: Number(accuracy), margin: Number(margin), pictures: Number(pictures), state };
  }

  /** Places and whether each has a map that is not of one color. */
  drawn() {
    return this.page.$$eval(this.selector("inside-place"), (buttons) => buttons.map((button) => {
      const canvas = /** @type {HTMLCanvasElement} */ (button.querySelector("canvas"));
      const { data } = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).getImageData(0, 0, canvas.width, canvas.height);
      return { place: /** @type {HTMLElement} */ (button).dataset["place"], isDrawn: new Set(new Uint32Array(data.buffer)).size > 1 };
    }));
  }

  /** Waits until each place's map is drawn. */
  async allDrawn() {
    await this.until("the maps", async () => (await this.drawn()).every(({ isDrawn }) => isDrawn));
    assert.equal((await this.drawn()).length, 18);
  }
}
