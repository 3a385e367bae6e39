// The whole journey by keyboard: by the accessibility tree, as a screen reader has it, where every control is found by
// its role and name, reached by Tab, used by a key, and what happens is announced; by the shortcuts; and with a finger.

import assert from "node:assert/strict";
import { DEVTOOLS, onlyChromium, testWorld } from "./browser.js";
import { write } from "./files.js";
import { ScreenReader, focus, focusOn, tabTo, teachByKeys } from "./keyboard.js";
import { hand, png, y4m } from "./pictures.js";
import { TeachTab, handFiles } from "./teach.js";

const [fist = "", five = ""] = [0, 5].map((fingers) => write(`hand-${fingers}.png`, png(hand(fingers, 240, 240))));
const fives = handFiles(5, 6);
const noModel = write("no-model.safetensors", "this is no model");
const film = write("hand.y4m", y4m([hand(2, 320, 240)], 10));
const WORDS = ["Zero", "One", "Two", "Three", "Four", "Five"];
const skip = onlyChromium(DEVTOOLS);
/** In Firefox, Tab leads from the page's end into the browser's own bars. */
const round = { skip: onlyChromium("a Tab that leads from the page's end to its beginning"), isReady: false };

const { server, pageTest, teachTest } = await testWorld({ camera: film });

pageTest("by roles, names and announcements alone, a picture is chosen, its answer read, and the threshold moved", { skip, standIns: { cpu: "finding" }, isReady: false }, async (signet) => {
  const reader = await ScreenReader.attach(signet);
  await reader.hears("Signet is ready.");
  assert.match(await reader.read("main", ""), /Drop a photo of a hand here/);
  await reader.assertDistinct();

  const said = async () => (await reader.heard()).filter((line) => [...WORDS, "No sign"].includes(line));
  const { label } = await signet.prediction(() => reader.choose("Choose a photo", [fist]));
  const word = String(WORDS[Number(label)]);
  assert.deepEqual(await said(), [word]);
  assert.match(await reader.read("region", "Answer"), new RegExp(`${word}.* [\\d.]+% .*[\\d.]+\\sms`));
  await signet.prediction(() => reader.choose("Choose a photo", [fist]));
  assert.deepEqual(await said(), [word], "an answer that stays is not announced again");

  await reader.press("slider", /^Answer “no sign” below/, "End");
  await reader.hears("No sign");
  assert.match(await reader.read("region", "Answer"), /No sign/);
  await reader.press("button", "Reset");
  await reader.isAt("slider", /^Answer “no sign” below/);
  assert.deepEqual(await said(), [word, "No sign", word]);

  await reader.press("application", /^The square that the model sees/, "ArrowRight");
  await reader.hears("The square is yours.");
  await signet.prediction(() => reader.press("button", "Example: a drawn hand that shows two"));
  await reader.press("button", "Draw");
  await reader.find("image", /^Drawing area/);
  await reader.assertDistinct();
  await reader.press("button", "Webcam");
  await reader.assertDistinct();

  await reader.press("button", "Help and keyboard shortcuts");
  assert.match(await reader.read("dialog", "Signet, briefly"), /Undo/);
  await reader.press("button", "Close");
  await reader.isAt("button", "Help and keyboard shortcuts");

  await reader.press("button", /^Remove downloaded model/);
  assert.match((await reader.focus()).name || await reader.read("main", ""), /^Removed\./);
});

pageTest("by roles, names and announcements alone, classes are named and filled, and nothing leaves the focus nowhere", { skip, isReady: false }, async (signet) => {
  const { keyboard } = signet.page;
  const reader = await ScreenReader.attach(signet);
  await reader.hears("Signet is ready.");
  const tab = new TeachTab(signet.page);
  await reader.press("tab", "Classify", "ArrowRight");
  await reader.isAt("tab", "Teach it your hand");
  await tab.becomes("the classes", async () => (await tab.cards()).length, 6);
  await signet.until("the project", async () => /of up to/.test(await tab.text("samples-count")));

  await reader.press("button", "Add a class");
  await reader.isAt("textbox", /^Name of class/);
  await keyboard.type("fist");
  await reader.key("Enter");
  await reader.find("textbox", "Name of class fist");
  await reader.choose("Upload to fist", handFiles(0, 4));
  await tab.counts("fist", 4);
  await reader.choose("Upload to 5", handFiles(5, 2));
  await tab.counts("5", 2);
  await reader.assertDistinct();

  // An image's name is its own, and follows its class's name.
  await reader.write("textbox", "Name of class fist", "rock");
  await reader.key("Enter");
  await reader.find("group", "Images of rock");
  await reader.find("button", "Uploaded image 1 of rock");
  await reader.find("button", "Delete image 4 of rock");
  await reader.reach("button", "Uploaded image 4 of rock");
  await reader.key("Delete");
  await reader.isAt("button", "Uploaded image 3 of rock");
  await reader.hears("Image deleted.");
  await reader.press("button", "Undo");
  await tab.counts("rock", 4);

  // The last image of a class leaves the focus in its card.
  await reader.reach("button", "Uploaded image 2 of 5");
  await reader.key("Delete");
  await reader.key("Delete");
  await tab.counts("5", 0);
  assert.equal((await reader.focus()).role, "listitem");
  await keyboard.press("Tab");
  assert.match((await reader.focus()).name, /of class 5$/);
  await reader.press("button", "Undo");
  await tab.counts("5", 1);

  await reader.press("button", "Uploaded image 1 of 5");
  await reader.find("dialog", "5");
  await reader.press("button", "Delete");
  await tab.counts("5", 0);
  await reader.press("button", "Undo");
  await tab.counts("5", 1);
  await reader.press("button", "Uploaded image 1 of 5");
  await reader.press("button", "Close");
  await reader.isAt("button", "Uploaded image 1 of 5");

  await reader.press("button", "Draw for 2");
  await reader.press("button", "Close");
  await reader.isAt("button", "Draw for 2");

  await reader.press("DisclosureTriangle", "More about 2");
  await reader.press("button", "Delete");
  await reader.find("dialog", "Delete the class “2”?");
  await reader.press("button", "Delete");
  await reader.isAt("button", "Add a class");
  await reader.hears("Class “2” deleted.");

  await reader.choose("Import Model", [noModel]);
  await signet.failure(/^weights-/);
  assert.match(await reader.read("alert", ""), /isn't a model that Signet has exported/);
  await reader.press("DisclosureTriangle", "Details");
  await reader.press("button", "Dismiss");
  assert.equal(await signet.error(), undefined);
});

pageTest("by roles, names and announcements alone, a training is followed, looked into, switched, exported and brought back", { skip, standIns: { cpu_learn: "slowInTraining" }, isReady: false }, async (signet) => {
  const reader = await ScreenReader.attach(signet);
  const tab = await TeachTab.open(signet);
  await reader.choose("Upload to 0", handFiles(0, 6));
  await tab.counts("0", 6);
  await reader.choose("Upload to 5", handFiles(5, 6));
  await tab.counts("5", 6);
  await reader.write("spinbutton", "Epochs", "8");
  await reader.write("spinbutton", "Checking share", "0.5");
  await reader.press("button", "Train Model");
  await reader.isAt("button", "Stop");
  await reader.find("progressbar", "Training");
  await reader.hears(/^A quarter of the training done, [\d.]+% right\.$/);
  await reader.hears(/^Half of the training done/);
  await reader.hears(/^Three quarters of the training done/);
  await reader.hears("Done: the best of 8 epochs is in use.");
  await reader.isAt("button", "Retrain Model");
  const quarters = (await reader.heard()).filter((line) => line.includes("of the training done"));
  assert.equal(quarters.length, 3, quarters.join("\n"));
  server.restore();

  await tab.score();
  await reader.assertDistinct();
  assert.match(await reader.read("region", "What the taught model gets right"), /[\d.]+% right on 6 images kept for checking/);
  await reader.find("image", /^After epoch 8: loss [\d.]+, [\d.]+% right$/);
  await reader.press("DisclosureTriangle", "Under the hood");
  await reader.reach("group", "Each epoch's numbers");
  assert.match(await reader.read("group", "Each epoch's numbers"), /Epoch Loss Right Checked loss Checked right/);

  // The images of a cell, one after the other, until the cell is no more.
  const cell = (await tab.matrix()).find(({ count }) => count > 1);
  assert.ok(cell, "a cell with more than one image");
  const name = new RegExp(cell.truth === cell.answer ? `^${cell.truth}: \\d images right$` : `^${cell.truth} read as ${cell.answer}: \\d images$`);
  await reader.press("button", name);
  await reader.find("dialog", name);
  await reader.assertDistinct();
  await reader.find("combobox", "Move image 2 to another class");
  for (let image = 1; image <= cell.count; image += 1) await reader.press("button", `Delete image ${image}`);
  await reader.isAt("region", "What the taught model gets right");
  await reader.hears("Image deleted.");

  await reader.press("switch", "Use the taught model", "Space");
  await tab.becomes("the model in use", () => tab.modelInUse(), "original");
  await reader.press("switch", "Use the taught model", "Space");
  await tab.becomes("the model in use", () => tab.modelInUse(), "taught");
  const { label } = await signet.prediction(() => reader.choose("Choose a photo", [five]));
  await reader.hears(WORDS[Number(label)] ?? "No sign");

  const exported = await tab.downloaded(() => reader.press("button", "Export Model"));
  await reader.press("button", "Reset to original");
  await reader.hears("Back to the original.");
  await reader.choose("Import Model", [exported]);
  await reader.hears("Model imported.");
  const saved = await tab.downloaded(() => reader.press("button", "Save project"));
  await reader.hears("Project saved as a file.");
  await reader.choose("Open project", [saved]);
  await reader.hears("Project opened.");
});

pageTest("by keyboard alone samples are recorded, walked and filed, classes ordered and switched off, a training is stopped, improved, looked into and taken back", round, async (signet) => {
  const { keyboard } = signet.page;
  const tab = await teachByKeys(signet);
  assert.match(signet.page.url(), /#teach$/);

  /** Holds a key until a class has so many images. */
  const hold = async (/** @type {import("puppeteer-core").KeyInput} */ key, /** @type {string} */ label, /** @type {number} */ count) => {
    await keyboard.down(key);
    await tab.until(`images of ${label}`, async () => (await tab.count(label)) >= count);
    await keyboard.up(key);
  };
  await tabTo(tab, "record", "0");
  await hold(" ", "0", 4);
  await hold("1", "1", 4); // a digit records into its class, and the camera stays where it is
  await hold("c", "0", 5);
  await tabTo(tab, "record", "0");
  await hold("Enter", "0", 7);
  const recorded = await tab.samples();

  // What Tab passes from here to the end.
  /** @type {Set<string>} */
  const reached = new Set();
  for (let step = 0; step < 120; step += 1) {
    await keyboard.press("Tab");
    const { hook, inSight } = await focus(tab);
    if (hook && !reached.has(hook) && !hook.endsWith("-input")) assert.ok(inSight, `no focus ring on ${hook}`);
    reached.add(hook);
  }
  for (const hook of ["tab-teach", "add-class", "save-project", "open-project-input", "class-name", "class-menu", "record",
    "class-webcam", "class-upload-input", "class-draw", "sample", "scope", "train", "epochs", "batch-size", "learning-rate",
    "augmentation", "validation-share", "seed", "reset-defaults", "mode-webcam", "mode-upload", "mode-draw", "upload-input"]) {
    assert.ok(reached.has(hook), `Tab does not reach ${hook}: ${[...reached]}`);
  }
  await keyboard.press("Escape");
  await tab.becomes("whether a camera is open", async () => (await tab.page.$(tab.selector("recorder"))) !== null, false);
  assert.deepEqual(await tab.samples(), recorded, "nothing is recorded meanwhile");

  // Thumbnails: arrows walk, Delete removes, the toast's button brings back, M moves.
  const [first = "", second = "", third = ""] = await tab.thumbs("0");
  await tabTo(tab, "sample", "0", "Home");
  assert.equal((await focus(tab)).sample, first);
  await keyboard.press("ArrowRight");
  assert.equal((await focus(tab)).sample, second);
  await keyboard.press("Delete");
  await tab.counts("0", Number(recorded[0]) - 1);
  assert.equal((await focus(tab)).sample, third, "the neighbour has the focus");
  await tabTo(tab, "undo", "", "Enter");
  await tab.becomes("the image to come back", async () => (await tab.thumbs("0"))[1], second);
  await tabTo(tab, "sample", "0");
  const { sample } = await focus(tab);
  await keyboard.press("m");
  await focusOn(tab, "move-to");
  await keyboard.type("5");
  await keyboard.press("Enter");
  await tab.becomes("the image to be moved", () => tab.thumbs("5"), [sample]);
  await tabTo(tab, "sample", "5", "Delete");
  await tab.counts("5", 0);

  // A menu leaves the focus where it is.
  for (const [label, item, state] of /** @type {const} */ ([["0", "class-down", "1,0,2,3,4,5"], ["0", "class-up", "0,1,2,3,4,5"],
    ["5", "class-enable", "0,1,2,3,4,5 off"], ["5", "class-enable", "0,1,2,3,4,5"]])) {
    await tabTo(tab, "class-menu", label, "Enter");
    await tabTo(tab, item, label, "Enter");
    const { hook, label: at } = await focus(tab);
    assert.deepEqual([hook, at], ["class-menu", label], "the focus is where the menu is");
    await tab.becomes("the classes", async () => (await tab.cards()).map((card) => card.label + (card.off ? " off" : "")).join(), state);
  }

  const press = (/** @type {string} */ hook) => tabTo(tab, hook, "", "Enter");
  await tabTo(tab, "epochs");
  await keyboard.type("10");
  for (const button of ["train", "train-more"]) {
    await press(button);
    await tab.reaches("running", 10_000);
    await tab.reaches("done");
  }
  assert.equal((await tab.history()).length, 20);

  const total = await tab.matrixTotal();
  await press("cell");
  await focusOn(tab, "delete-sample");
  assert.match(await tab.text("reading"), /^Read as \d, by the original as \d\.$/);
  await keyboard.press("Escape");
  await focusOn(tab, "cell");
  await keyboard.press("Enter");
  await tabTo(tab, "move-to");
  await keyboard.type("5");
  await keyboard.press("Enter");
  await tab.counts("5", 1);
  assert.equal(await tab.matrixTotal(), total, "it counts where it is now");
  await tab.control("z");
  await tab.counts("5", 0);
  assert.equal(await tab.count("0"), Number(recorded[0]) - 1);

  for (const [button, model] of [["reset-model", "original only"], ["undo", "taught"]]) {
    await press(String(button));
    await tab.becomes("the model in use", () => tab.modelInUse(), model);
  }

  // F2 renames the card that has the focus.
  await tabTo(tab, "record", "1", "F2");
  await focusOn(tab, "class-name");
  await keyboard.type("peace 2");
  await keyboard.press("Enter");
  await tab.becomes("the name", async () => (await tab.labels())[1], "peace 2");
  assert.equal(await tab.count("2"), 0, "a digit in a name is only a digit");
  assert.match(await tab.downloaded(() => tab.control("s")), /\.signet$/);

  // A training is started by Enter and stopped by Esc, with the best so far.
  await tabTo(tab, "epochs");
  await keyboard.type("1000");
  await press("train");
  await tab.reaches("running", 10_000);
  await tab.inEpoch(3);
  assert.equal((await focus(tab)).hook, "stop");
  await keyboard.press("Escape");
  await tab.reaches("stopped");
  await tab.usesLabels(["0", "peace 2"]);
  await tabTo(tab, "export-model");

  await keyboard.press("?");
  await tab.appears("help");
  assert.match(await tab.text("help"), /F2/);
  await keyboard.press("Escape");
  await tab.becomes("whether the help is open", () => tab.visible("help"), false);
});

teachTest("single letters are off while somebody types, and where they are switched off", {}, async (tab) => {
  const { keyboard } = tab.page;
  await tab.add("5", fives);
  /** Which of the hooks that a letter opens are there. */
  const opened = () => tab.page.evaluate((hooks) => hooks.filter((hook) => document.querySelector(`[data-testid="${hook}"]`)?.checkVisibility()),
    ["help", "samples-dialog", "recorder"]);
  const letters = async (/** @type {import("puppeteer-core").KeyInput[]} */ ...keys) => {
    await (await tab.part("5", "sample")).focus();
    for (const key of keys) await keyboard.press(key);
    return opened();
  };
  const turnSwitch = async () => {
    await tab.click("help-open");
    await tab.click("single-keys");
    await keyboard.press("Escape");
    await tab.becomes("whether the help is open", () => tab.visible("help"), false);
  };

  await tab.rename("0", "c m?01");
  await tab.becomes("the name", async () => (await tab.labels())[0], "c m?01");
  await tab.set({ epochs: 10 });
  assert.deepEqual(await opened(), [], "while typing");
  await turnSwitch();
  assert.deepEqual(await letters("?", "c", "m", "5"), [], "switched off");
  await keyboard.press("Delete");
  await tab.counts("5", fives.length - 1);
  await keyboard.press("F2");
  await focusOn(tab, "class-name");
  await tab.kept(fives.length - 1);
  await tab.page.reload();
  await TeachTab.open(tab);
  await tab.counts("5", fives.length - 1);
  assert.deepEqual(await letters("?", "c", "m", "5"), [], "after a reload");

  await turnSwitch();
  await letters("m");
  await focusOn(tab, "move-to");
  await keyboard.press("Escape");
  await keyboard.press("?");
  await tab.appears("help");
});

// That nothing scrolls sideways on the way is held in `access.test.js`, which goes through the same states.
pageTest("the whole way with a finger on a phone", { skip, viewport: { width: 390, height: 844, hasTouch: true, isMobile: true } }, async (signet) => {
  const tab = new TeachTab(signet.page);
  const tap = async (/** @type {string} */ selector) => {
    const element = await tab.page.$(selector);
    assert.ok(element, selector);
    await element.scrollIntoView();
    await element.tap();
  };
  await tap(tab.selector("tab-teach"));
  await tab.becomes("the cards", async () => (await tab.cards()).length, 6);

  // Held by a finger; what the finger is on stays below it when the camera opens.
  const button = await tab.part("0", "record");
  await button.scrollIntoView();
  const { x = NaN, y = NaN, width = NaN, height = NaN } = (await button.boundingBox()) ?? {};
  await tab.page.touchscreen.touchStart(x + width / 2, y + height / 2);
  await tab.until("images of 0", async () => (await tab.count("0")) >= 6);
  await tab.page.touchscreen.touchEnd();
  const recorded = await tab.count("0");
  await tap(tab.within("0", "recorder-close"));
  await tab.add("5", fives);
  await tap(tab.within("5", "class-draw"));
  await tap(tab.within("5", "class-draw"));
  await tap(tab.within("0", "sample"));
  await tap(tab.selector("delete-sample"));
  await tab.counts("0", recorded - 1);
  await tap(tab.selector("undo"));
  await tab.counts("0", recorded);

  await tap(tab.selector("train"));
  await tab.reaches("running", 10_000);
  await tab.reaches("done");
  await tab.score();
  assert.equal((await tab.classify(five)).label, "5");
});
