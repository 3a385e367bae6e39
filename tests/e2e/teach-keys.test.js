// Teaching by keyboard alone, and with a finger on a phone.

import assert from "node:assert/strict";
import { DEVTOOLS, onlyChromium, screenshot, testWorld } from "./browser.js";
import { write } from "./files.js";
import { focus, tabTo, teachByKeys } from "./keys.js";
import { hand, png, y4m } from "./pictures.js";
import { TeachTab, handFiles } from "./teach.js";

const fives = handFiles(5, 6);
const five = write("five.png", png(hand(5, 210, 200)));
const film = write("hand.y4m", y4m(Array(10).fill(hand(2, 320, 240)), 10));

const { pageTest } = await testWorld({ camera: film });
/** In Firefox, Tab leads from the page's end into the browser's own bars. */
const round = { skip: onlyChromium("a Tab that leads from the page's end to its beginning") };

pageTest("by keyboard alone samples are recorded, walked and filed, classes ordered and switched off, a training is stopped, improved, looked into, compared and taken back", { ...round, isReady: false }, async (signet) => {
  const { keyboard } = signet.page;
  const tab = await teachByKeys(signet);
  assert.match(signet.page.url(), /#teach$/);

  // Space, held, records; let go of, it doesn't.
  await tabTo(signet, "record", "0");
  await keyboard.down(" ");
  await signet.until("images of 0", async () => (await tab.count("0")) >= 4);
  await keyboard.up(" ");
  // A digit, held, records into its class, and the camera stays where it is.
  await keyboard.down("1");
  await signet.until("images of 1", async () => (await tab.count("1")) >= 4);
  await keyboard.up("1");
  await keyboard.press("c");
  await signet.until("one image more", async () => (await tab.count("0")) >= 5);
  // Enter, held, records as Space does.
  await tabTo(signet, "record", "0");
  await keyboard.down("Enter");
  await signet.until("more images", async () => (await tab.count("0")) >= 7);
  await keyboard.up("Enter");
  const recorded = await tab.samples();
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
  assert.deepEqual(await tab.samples(), recorded, "nothing is recorded meanwhile");

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

  // A menu leaves the focus where it is.
  const choose = async (/** @type {string} */ label, /** @type {string} */ item) => {
    await tabTo(signet, "class-menu", label);
    await keyboard.press("Enter");
    await tabTo(signet, item, label);
    await keyboard.press("Enter");
    const { hook, label: at } = await focus(signet);
    assert.deepEqual([hook, at], ["class-menu", label], "the focus is where the menu is");
  };
  await choose("0", "class-down");
  await tab.becomes("the order", async () => (await tab.labels()).slice(0, 2), ["1", "0"]);
  await choose("0", "class-up");
  await tab.becomes("the order", async () => (await tab.labels()).slice(0, 2), ["0", "1"]);
  for (const off of [true, false]) {
    await choose("5", "class-enable");
    await tab.becomes("the switch", async () => (await tab.cards())[5]?.off, off);
  }

  const press = async (/** @type {string} */ hook) => {
    await tabTo(signet, hook);
    await keyboard.press("Enter");
  };
  await tabTo(signet, "epochs");
  await keyboard.type("10");
  await press("train");
  await tab.reaches("running", 10_000);
  await tab.reaches("done");
  await press("train-more");
  await tab.reaches("running", 10_000);
  await tab.reaches("done");
  assert.equal((await tab.history()).length, 20);

  const total = await tab.matrixTotal();
  await press("cell");
  await tab.becomes("the image of the cell", async () => (await focus(signet)).hook, "delete-sample");
  assert.match(await tab.text("reading"), /^Read as \d, by the original as \d\.$/);
  await keyboard.press("Escape");
  await tab.becomes("the cell to have the focus again", async () => (await focus(signet)).hook, "cell");
  await keyboard.press("Enter");
  await tabTo(signet, "move-to");
  await keyboard.type("5");
  await keyboard.press("Enter");
  await tab.counts("5", 1);
  assert.equal(await tab.matrixTotal(), total, "it counts where it is now");
  await signet.control("z");
  await tab.counts("5", 0);
  assert.equal(await tab.count("0"), Number(recorded[0]) - 1);

  await tabTo(signet, "model-switch");
  for (const model of ["original", "taught"]) {
    await keyboard.press(" ");
    await tab.becomes("the model in use", () => tab.modelInUse(), model);
  }
  await press("reset-model");
  await tab.becomes("the model in use", () => tab.modelInUse(), "original only");
  await press("undo");
  await tab.becomes("the model in use", () => tab.modelInUse(), "taught");

  // F2 renames the card that has the focus.
  await tabTo(signet, "record", "1");
  await keyboard.press("F2");
  await tab.becomes("the name to have the focus", async () => (await focus(signet)).hook, "class-name");
  await keyboard.type("peace 2");
  await keyboard.press("Enter");
  await tab.becomes("the name", async () => (await tab.labels())[1], "peace 2");
  assert.equal(await tab.count("2"), 0, "a digit in a name is only a digit");

  const saved = await tab.downloaded(async () => {
    await signet.control("s");
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
  await tab.becomes("the help", () => tab.visible("help"), true);
  assert.match(await tab.text("help"), /F2/);
  await screenshot(signet.page, "teach-help");
  await keyboard.press("Escape");
  await tab.becomes("the help to close", () => tab.visible("help"), false);
});

pageTest("single letters are off while somebody types, and where they are switched off", { isReady: false }, async (signet) => {
  const { keyboard } = signet.page;
  const tab = await TeachTab.open(signet);
  await tab.upload("5", fives);
  /** What a letter opens, if it does. */
  const opened = async () => ({
    help: await tab.visible("help"),
    dialog: (await signet.page.$(signet.selector("samples-dialog"))) !== null,
    camera: (await signet.page.$(signet.selector("recorder"))) !== null,
  });
  const nothing = { help: false, dialog: false, camera: false };
  const thumb = async () => (await tab.part("5", "sample")).focus();

  await tab.rename("0", "c m?01");
  await tab.becomes("the name", async () => (await tab.labels())[0], "c m?01");
  await tab.set({ epochs: 10 });
  assert.deepEqual(await opened(), nothing, "while typing");

  await signet.click("help-open");
  await signet.click("single-keys");
  await keyboard.press("Escape");
  await tab.becomes("the help to close", () => tab.visible("help"), false);
  const tryAll = async () => {
    await thumb();
    for (const key of /** @type {const} */ (["?", "c", "m", "5"])) await keyboard.press(key);
    return opened();
  };
  assert.deepEqual(await tryAll(), nothing, "switched off");
  await keyboard.press("Delete");
  await tab.counts("5", fives.length - 1);
  await keyboard.press("F2");
  await tab.becomes("the name to have the focus", async () => (await focus(signet)).hook, "class-name");
  await tab.kept(fives.length - 1);
  await signet.page.reload();
  await TeachTab.open(signet);
  await tab.counts("5", fives.length - 1);
  assert.deepEqual(await tryAll(), nothing, "after a reload");

  await signet.click("help-open");
  await signet.click("single-keys");
  await keyboard.press("Escape");
  await thumb();
  await keyboard.press("m");
  await tab.becomes("the choice of a class", async () => (await focus(signet)).hook, "move-to");
  await keyboard.press("Escape");
  await keyboard.press("?");
  await tab.becomes("the help", () => tab.visible("help"), true);
});

const PHONE = { width: 390, height: 844, hasTouch: true, isMobile: true };

pageTest("the whole way with a finger on a phone, where nothing scrolls sideways", { skip: onlyChromium(DEVTOOLS), viewport: PHONE, isReady: false }, async (signet) => {
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
  await signet.until("images of 0", async () => (await tab.count("0")) >= 6);
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
