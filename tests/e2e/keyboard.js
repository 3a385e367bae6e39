// The page by keyboard: the way to a control by Tab, and what a screen reader has of it, which knows no selector but
// the accessibility tree and what is announced.

import assert from "node:assert/strict";
import { TeachTab } from "./teach.js";

/** @typedef {import("./signet.js").Signet} Signet */
/** @typedef {import("puppeteer-core").SerializedAXNode} Node */
/** @typedef {{ role: string, name: string, isLost: boolean }} Focus `isLost`: nothing has it */

const CONTROLS = new Set(["button", "checkbox", "combobox", "DisclosureTriangle", "link", "radio", "slider", "spinbutton", "switch", "tab", "textbox"]);

/** What has the focus. @param {Signet} signet */
export const focus = (signet) => signet.page.evaluate(() => {
  const element = /** @type {HTMLElement} */ (document.activeElement);
  const style = getComputedStyle(element);
  return {
    tag: element.tagName,
    hook: element.dataset["testid"] ?? "",
    label: /** @type {HTMLElement | null} */ (element.closest("[data-testid=class-card]"))?.dataset["label"] ?? "",
    sample: element.dataset["sample"] ?? "",
    inSight: style.outlineStyle !== "none" || style.boxShadow !== "none",
  };
});

/** Tab after Tab, until the focus is there; presses a key then. @param {Signet} signet @param {string} hook @param {string} [label] of the card @param {import("puppeteer-core").KeyInput} [key] */
export async function tabTo(signet, hook, label = "", key) {
  for (let step = 0; step < 150; step += 1) {
    const at = await focus(signet);
    if (at.hook === hook && at.label === label) return key && signet.page.keyboard.press(key);
    await signet.page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not reach ${hook} ${label}`);
}

/** Waits until the focus is there by itself. @param {Signet} signet @param {string} hook */
export const focusOn = (signet, hook) => signet.becomes("what has the focus", async () => (await focus(signet)).hook, hook);

/** From the start of the page to its second tab. @param {Signet} signet @returns {Promise<TeachTab>} */
export async function teachByKeys(signet) {
  await signet.ready();
  await tabTo(signet, "tab-classify", "", "ArrowRight");
  await focusOn(signet, "tab-teach");
  return new TeachTab(signet.page);
}

export class ScreenReader {
  #page;
  #devtools;
  #heard;

  /** @param {Signet} signet @param {import("puppeteer-core").CDPSession} devtools @param {() => Promise<string[]>} heard */
  constructor(signet, devtools, heard) {
    this.#page = signet.page;
    this.#devtools = devtools;
    this.#heard = heard;
    this.signet = signet;
  }

  /** @param {Signet} signet */
  static async attach(signet) {
    return new ScreenReader(signet, await signet.page.createCDPSession(), await signet.watch("announcer"));
  }

  // What there is

  /** Every node, in reading order. */
  async nodes(interestingOnly = false) {
    return flat(/** @type {Node} */ (await this.#page.accessibility.snapshot({ interestingOnly })));
  }

  /** The one node of a role and a name. Two of them could not be told apart. @param {string} role @param {string | RegExp} name */
  async find(role, name) {
    const nodes = await this.nodes();
    const found = nodes.filter((node) => node.role === role && isNamed(node.name ?? "", name));
    const others = nodes.filter((node) => node.role === role).map((node) => node.name);
    assert.equal(found.length, 1, `${found.length} times ${role} “${name}”; there are ${JSON.stringify(others)}`);
    return /** @type {Node} */ (found[0]);
  }

  /** What is read out of a part of the page. @param {string} role @param {string | RegExp} name */
  async read(role, name) {
    const texts = flat(await this.find(role, name)).filter((node) => node.role === "StaticText");
    return texts.map((node) => node.name).join(" ");
  }

  /** No two controls of a kind have the same name, and no control or picture has none. */
  async assertDistinct() {
    assert.deepEqual((await this.nodes(true)).filter(({ role, name }) => /^(image|img)$/.test(role) && !name?.trim()), [], "pictures without a name");
    const names = (await this.nodes()).filter(({ role }) => CONTROLS.has(role)).map(({ role, name }) => `${role} ${name}`);
    assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), [], "controls that can't be told apart");
    assert.deepEqual(names.filter((name) => name.split(" ").length < 2 || name.endsWith(" undefined")), [], "controls without a name");
  }

  /** What was announced so far. */
  async heard() {
    // What comes at the same moment is added to what stands there, which is not said again.
    return (await this.#heard()).flatMap((said, index, all) => {
      const before = `${all[index - 1]}\n`;
      return (said.startsWith(before) ? said.slice(before.length) : said).split("\n");
    }).filter((line) => line !== "");
  }

  /** Waits until something was announced since `start`, an earlier length of `heard`. @param {string | RegExp} line @param {number} [start] */
  hears(line, start = 0) {
    return this.signet.until(`to hear “${line}”`, async () => (
      (await this.heard()).slice(start).find((said) => isNamed(said, line))), 60_000);
  }

  // What a person does

  /** @returns {Promise<Focus>} */
  async focus() {
    const { result } = await this.#devtools.send("Runtime.evaluate", { expression: "document.activeElement" });
    const { objectId = "", description = "" } = result;
    const { nodes: [node] } = await this.#devtools.send("Accessibility.getPartialAXTree", { objectId, fetchRelatives: false });
    return { role: node?.role?.value ?? "", name: node?.name?.value ?? "", isLost: /^body\b/.test(description) };
  }

  #isFocusInSight() {
    return this.#page.evaluate(() => {
      const active = document.activeElement ?? document.body;
      // The label of a file input is what is seen of it.
      const shown = active instanceof HTMLInputElement && active.type === "file" ? active.labels?.[0] ?? active : active;
      const { outlineStyle, outlineWidth } = getComputedStyle(shown);
      return outlineStyle !== "none" && outlineWidth !== "0px";
    });
  }

  /** Tab after Tab, until the focus is there. @param {string} role @param {string | RegExp} name */
  async reach(role, name) {
    await this.find(role, name);
    for (let step = 0; step < 200; step += 1) {
      const at = await this.focus();
      if (at.role === role && isNamed(at.name, name)) {
        assert.ok(await this.#isFocusInSight(), `the focus on ${role} “${name}” can't be seen`);
        return;
      }
      await this.#page.keyboard.press("Tab");
    }
    assert.fail(`Tab does not reach ${role} “${name}”`);
  }

  /** @param {import("puppeteer-core").KeyInput} key */
  async key(key) {
    await this.#page.keyboard.press(key);
    await this.assertFocused(`after ${key}`);
  }

  /** Goes there and presses a key. The focus may go elsewhere by that, but never nowhere. @param {string} role @param {string | RegExp} name @param {import("puppeteer-core").KeyInput} [key] */
  async press(role, name, key = "Enter") {
    await this.reach(role, name);
    await this.#page.keyboard.press(key);
    await this.assertFocused(`after ${key} on ${role} “${name}”`);
  }

  /** @param {string} when */
  async assertFocused(when) {
    // A browser notices at the next frame that what had the focus is hidden or disabled.
    await this.#page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    assert.equal((await this.focus()).isLost, false, `the focus is lost ${when}`);
  }

  /** Waits until the focus is there by itself. @param {string} role @param {string | RegExp} name */
  isAt(role, name) {
    return this.signet.until(`the focus on ${role} “${name}”`, async () => {
      const at = await this.focus();
      return at.role === role && isNamed(at.name, name) ? at : undefined;
    });
  }

  /** @param {string} role @param {string | RegExp} name @param {string} text in place of what is there */
  async write(role, name, text) {
    await this.reach(role, name);
    await this.signet.control("a");
    await this.#page.keyboard.type(text);
  }

  /** Opens the browser's dialog by a key, and chooses files in it. @param {string | RegExp} name of the button @param {string[]} files */
  async choose(name, files) {
    await this.reach("button", name);
    const press = async () => {
      await this.#page.evaluate(() => {}); // an answer: the page has heard before it that its dialog is this test's
      await this.#page.keyboard.press("Enter");
    };
    const [chooser] = await Promise.all([this.#page.waitForFileChooser(), press()]);
    await chooser.accept(files);
    await this.assertFocused(`after files were chosen for “${name}”`);
  }
}

/** @param {Node} node @returns {Node[]} */
const flat = (node) => [node, ...(node.children ?? []).flatMap(flat)];

/** @param {string} name @param {string | RegExp} expected */
const isNamed = (name, expected) => (typeof expected === "string" ? name === expected : expected.test(name));
