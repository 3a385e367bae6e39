// Teaching by keyboard alone, and with a finger on a phone.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { screenshot, testWorld, visit } from "./browser.js";
import { temporaryFolder } from "./files.js";
import { hand, png, y4m } from "./pictures.js";
import { TeachTab, hands } from "./teach.js";

/** @typedef {import("./signet.js").Signet} Signet */

const CPU = { query: "?backend=cpu" };
const write = temporaryFolder();
/** @param {number} fingers @param {number} count */
const files = (fingers, count) => hands(fingers, count).map((picture, index) => write(`${fingers}-${index}.png`, png(picture)));
const fives = files(5, 6);
const five = write("five.png", png(hand(5, 210, 200)));
const film = write("hand.y4m", y4m(Array(10).fill(hand(2, 320, 240)), 10));

const { browser, server } = await testWorld({ camera: film });

/** What has the focus. @param {Signet} signet */
const focus = (signet) => signet.page.evaluate(() => {
  const element = /** @type {HTMLElement} */ (document.activeElement);
  const style = getComputedStyle(element);
  return {
    hook: element.dataset["testid"] ?? "",
    label: /** @type {HTMLElement | null} */ (element.closest("[data-testid=class-card]"))?.dataset["label"] ?? "",
    sample: element.dataset["sample"] ?? "",
    inSight: style.outlineStyle !== "none" || style.boxShadow !== "none",
  };
});

/** Tab after Tab, until the focus is there. @param {Signet} signet @param {string} hook @param {string} [label] of the card */
async function tabTo(signet, hook, label = "") {
  for (let step = 0; step < 150; step += 1) {
    const at = await focus(signet);
    if (at.hook === hook && at.label === label) return;
    await signet.page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not reach ${hook} ${label}`);
}

test("everything goes by keyboard alone", async () => {
  await visit(browser, server, CPU, async (signet) => {
    const { keyboard } = signet.page;
    const tab = new TeachTab(signet);
    await signet.ready();
    await tabTo(signet, "tab-classify");
    await keyboard.press("ArrowRight");
    await tab.becomes("the tab", async () => (await focus(signet)).hook, "tab-teach");
    assert.match(signet.page.url(), /#teach$/);

    // Space, held, records; let go of, it doesn't.
    await tabTo(signet, "record", "0");
    await keyboard.down("Space");
    await signet.until("images of 0", async () => ((await tab.count("0")) >= 4 ? true : undefined));
    await keyboard.up("Space");
    // A digit, held, records into its class, and the camera stays where it is.
    await keyboard.down("1");
    await signet.until("images of 1", async () => ((await tab.count("1")) >= 4 ? true : undefined));
    await keyboard.up("1");
    await keyboard.press("c");
    await signet.until("one image more", async () => ((await tab.count("0")) >= 5 ? true : undefined));
    const recorded = (await tab.cards()).map(({ count }) => count);
    await screenshot(signet.page, "teach-keys");

    // What Tab passes from here to the end.
    /** @type {Set<string>} */
    const reached = new Set();
    for (let step = 0; step < 120; step += 1) {
      await keyboard.press("Tab");
      const { hook, inSight } = await focus(signet);
      if (hook && !reached.has(hook) && !hook.endsWith("-input")) assert.ok(inSight, `no focus ring on ${hook}`);
      reached.add(hook);
    }
    for (const hook of ["tab-teach", "add-class", "save-project", "open-project-input", "class-name", "class-menu", "record",
      "class-webcam", "class-upload-input", "class-draw", "sample", "scope", "train", "epochs", "batch-size", "learning-rate",
      "augmentation", "validation-share", "seed", "reset-defaults", "mode-webcam", "mode-upload", "mode-draw", "upload-input"]) {
      assert.ok(reached.has(hook), `Tab does not reach ${hook}: ${[...reached]}`);
    }
    await keyboard.press("Escape");
    await tab.becomes("the camera to close", async () => (await signet.page.$(signet.selector("recorder"))) === null, true);
    assert.deepEqual((await tab.cards()).map(({ count }) => count), recorded, "nothing is recorded meanwhile");

    // Thumbnails: arrows walk, Delete removes, the toast's button brings back, M moves.
    await tabTo(signet, "sample", "0");
    const [first = "", second = "", third = ""] = await tab.thumbs("0");
    await keyboard.press("Home");
    assert.equal((await focus(signet)).sample, first);
    await keyboard.press("ArrowRight");
    assert.equal((await focus(signet)).sample, second);
    await keyboard.press("Delete");
    await tab.counts("0", Number(recorded[0]) - 1);
    assert.equal((await focus(signet)).sample, third, "the neighbour has the focus");
    await tabTo(signet, "undo");
    await keyboard.press("Enter");
    await tab.becomes("the image to come back", () => tab.thumbs("0").then((ids) => ids[1]), second);
    await tabTo(signet, "sample", "0");
    const { sample } = await focus(signet);
    await keyboard.press("m");
    await tab.becomes("the choice of a class", async () => (await focus(signet)).hook, "move-to");
    await keyboard.type("5");
    await keyboard.press("Enter");
    await tab.counts("5", 1);
    assert.deepEqual(await tab.thumbs("5"), [sample]);
    await tabTo(signet, "sample", "5");
    await keyboard.press("Delete");
    await tab.counts("5", 0);

    // F2 renames the card that has the focus.
    await tabTo(signet, "record", "1");
    await keyboard.press("F2");
    await tab.becomes("the name to have the focus", async () => (await focus(signet)).hook, "class-name");
    await keyboard.type("peace 2");
    await keyboard.press("Enter");
    await tab.becomes("the name", async () => (await tab.labels())[1], "peace 2");
    assert.equal(await tab.count("2"), 0, "a digit in a name is only a digit");

    const saved = await tab.downloaded(async () => {
      await keyboard.down("Control");
      await keyboard.press("s");
      await keyboard.up("Control");
    });
    assert.match(saved, /\.signet$/);

    // A training is started by Enter and stopped by Esc, with the best so far.
    await tabTo(signet, "epochs");
    await keyboard.type("1000");
    await tabTo(signet, "train");
    await keyboard.press("Enter");
    await tab.reaches("running", 10_000);
    await tab.inEpoch(3);
    assert.equal((await focus(signet)).hook, "stop");
    await keyboard.press("Escape");
    await tab.reaches("stopped");
    await tab.usesLabels(["0", "peace 2"]);
    await tabTo(signet, "export-model");

    await keyboard.press("?");
    await signet.until("the help", () => signet.page.evaluate(() => (/F2/.test(
      /** @type {HTMLElement | null} */ (document.querySelector("dialog[open]"))?.innerText ?? "") ? true : undefined)));
    await screenshot(signet.page, "teach-help");
    await keyboard.press("Escape");
    await tab.becomes("the help to close", () => signet.page.evaluate(() => document.querySelector("dialog[open]") === null), true);
  });
});

const PHONE = { width: 390, height: 844, hasTouch: true, isMobile: true };

test("the whole way with a finger on a phone, where nothing scrolls sideways", async () => {
  await visit(browser, server, { ...CPU, viewport: PHONE }, async (signet) => {
    const tab = new TeachTab(signet);
    const within = async (/** @type {string} */ what) => {
      const [wide, screen] = await signet.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert.equal(wide, screen, `${what} scrolls sideways`);
    };
    const tap = async (/** @type {string} */ selector) => {
      const element = await signet.page.$(selector);
      assert.ok(element, selector);
      await element.scrollIntoView();
      await element.tap();
    };
    await signet.ready();
    await tap(signet.selector("tab-teach"));
    await tab.becomes("the cards", async () => (await tab.cards()).length, 6);
    await within("the tab");

    // Held by a finger; what the finger is on stays below it when the camera opens.
    const button = await tab.part("0", "record");
    await button.scrollIntoView();
    const box = await button.boundingBox();
    assert.ok(box);
    await signet.page.touchscreen.touchStart(box.x + box.width / 2, box.y + box.height / 2);
    await signet.until("images of 0", async () => ((await tab.count("0")) >= 6 ? true : undefined));
    await screenshot(signet.page, "teach-phone-recording");
    await signet.page.touchscreen.touchEnd();
    const recorded = await tab.count("0");
    await within("the open camera");
    await tap(tab.within("0", "recorder-close"));
    await tab.upload("5", fives);
    await tap(tab.within("5", "class-draw"));
    await within("the drawing pad");
    await tap(tab.within("5", "class-draw"));
    await tap(tab.within("0", "sample"));
    await within("a dialog");
    await screenshot(signet.page, "teach-phone-sample");
    await tap(signet.selector("delete-sample"));
    await tab.counts("0", recorded - 1);
    await tap(signet.selector("undo"));
    await tab.counts("0", recorded);

    await tap(signet.selector("train"));
    await tab.reaches("running", 10_000);
    await within("the training");
    await tab.reaches("done");
    await tab.score();
    await within("the results");
    await screenshot(signet.page, "teach-phone-trained");
    assert.equal((await tab.classify(five)).label, "5");
    const answer = await signet.page.$(signet.selector("prediction"));
    await answer?.scrollIntoView();
    await screenshot(signet.page, "teach-phone-tried");
    await signet.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    await screenshot(signet.page, "teach-phone-dark");
  });
});
