// Teaching from the first sample to the model in use: classes, samples, settings, training, trying, by mouse.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DEVTOOLS, onlyChromium, screenshot, testWorld } from "./browser.js";
import { write } from "./files.js";
import { hand, png } from "./pictures.js";
import { standIn } from "./stand-ins.js";
import { TeachTab, handFiles } from "./teach.js";

const fists = handFiles(0, 8);
const fives = handFiles(5, 8);
const fist = write("fist.png", png(hand(0, 210, 200)));
const five = write("five.png", png(hand(5, 210, 200)));

const { server, pageTest, teachTest } = await testWorld();

/** Two classes of names of their own, with their samples. @param {TeachTab} tab */
async function fistAndOpen(tab) {
  await tab.keepOnly(["0", "5"]);
  await tab.rename("0", "fist");
  await tab.rename("5", "open");
  await tab.becomes("the names", () => tab.labels(), ["fist", "open"]);
  await tab.upload("fist", fists);
  await tab.upload("open", fives);
}

teachTest("classes are added, named, moved, switched off and deleted, up to thirty, and a name is only text", {}, async (tab, signet) => {
  assert.deepEqual(await tab.labels(), ["0", "1", "2", "3", "4", "5"], "the six digits to begin with");

  const markup = '<img src=x onerror="alert(1)"> & \'co\'';
  await signet.click("add-class");
  await signet.page.keyboard.type(markup); // the new name is selected already
  await signet.page.keyboard.press("Enter");
  await tab.becomes("the name", async () => (await tab.labels()).at(-1), markup);
  assert.equal(await signet.page.$$eval("img[src=x]", (found) => found.length), 0);
  await tab.upload(markup, [fist]);

  for (const [given, code] of /** @type {const} */ ([["4", /^label-taken$/], ["none", /^label-taken$/], ["x".repeat(41), /^label-long$/], [" ", /^label-empty$/]])) {
    await tab.rename("5", given);
    await signet.failure(code);
    assert.equal((await tab.cards())[5]?.name, "5", `after "${given}" the field holds the old name`);
  }
  await tab.rename("5", "five ✋");
  await tab.becomes("the name", async () => (await tab.labels())[5], "five ✋");

  await tab.choose("0", "class-down");
  await tab.becomes("the order", async () => (await tab.labels()).slice(0, 3), ["1", "0", "2"]);
  await tab.choose("2", "class-up");
  await tab.becomes("the order", async () => (await tab.labels()).slice(0, 3), ["1", "2", "0"]);
  await tab.choose("1", "class-enable");
  await tab.becomes("the class to be off", async () => (await tab.cards())[0]?.off, true);
  await screenshot(signet.page, "teach-classes");
  await tab.choose("1", "class-enable");
  await tab.becomes("the class to be on", async () => (await tab.cards())[0]?.off, false);

  await tab.choose(markup, "class-delete");
  assert.match(await tab.text("confirm"), /1 image/);
  await screenshot(signet.page, "teach-delete-class");
  await signet.click("confirm-no");
  assert.equal(await tab.count(markup), 1);
  await tab.remove(markup);
  await signet.click("undo");
  await tab.becomes("the class to come back", async () => tab.count(markup), 1);

  for (let count = 7; count < 30; count += 1) await signet.click("add-class");
  assert.equal((await tab.cards()).length, 30);
  await signet.click("add-class");
  await signet.failure(/^classes-full$/);
  assert.equal((await tab.cards()).length, 30);
  await screenshot(signet.page, "teach-thirty-classes");
});

pageTest("samples come by upload, folder, drop, paste and drawing; they move, go and come back", { skip: onlyChromium(DEVTOOLS), isReady: false }, async (signet) => {
  await signet.page.browserContext().overridePermissions(server.origin, ["clipboard-read", "clipboard-sanitized-write"]);
  const tab = await TeachTab.open(signet);
  assert.match(await tab.text("samples-count"), /^0 of up to (1,000|400) images$/);
  await tab.upload("0", fists);
  assert.equal((await tab.thumbs("0")).length, fists.length);
  assert.equal(await (await tab.part("0", "split")).evaluate((split) => split.textContent), "7 to learn, 1 to check");

  // A folder holds other things than pictures too.
  const folder = join(dirname(fist), "folder");
  mkdirSync(folder);
  for (const [index, file] of fives.entries()) write(`folder/${index}.png`, readFileSync(file));
  write("folder/list.txt", "eight pictures\n");
  await tab.press("1", "class-menu");
  await tab.give(tab.within("1", "class-folder-input"), [folder]);
  await tab.counts("1", fives.length);
  await tab.press("1", "class-menu");

  const devtools = await signet.page.createCDPSession();
  const drop = async (/** @type {string} */ label, /** @type {string[]} */ dropped) => {
    const card = await tab.part(label);
    await card.scrollIntoView();
    const box = await card.boundingBox();
    assert.ok(box);
    const data = { items: [], files: dropped, dragOperationsMask: 1 };
    for (const type of /** @type {const} */ (["dragEnter", "dragOver", "drop"])) {
      await devtools.send("Input.dispatchDragEvent", { type, x: box.x + box.width / 2, y: box.y + 20, data });
    }
  };
  await drop("2", fives.slice(0, 3));
  await tab.counts("2", 3);
  await drop("2", [folder]);
  await tab.counts("2", 3 + fives.length);

  await signet.page.bringToFront();
  await signet.page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    await navigator.clipboard.write([new ClipboardItem({ "image/png": new Blob([bytes], { type: "image/png" }) })]);
  }, readFileSync(five).toString("base64"));
  await tab.press("3", "class-webcam"); // the card that was used last
  await signet.failure(/^camera-none$/); // which moves the page: nothing may be pressed before that
  await signet.control("KeyV", ["Paste"]);
  await tab.counts("3", 1);

  await tab.press("4", "class-draw");
  const pad = await tab.part("4", "sample-draw-canvas");
  await pad.scrollIntoView();
  const box = await pad.boundingBox();
  assert.ok(box);
  await signet.page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.9);
  await signet.page.mouse.down();
  await signet.page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.2, { steps: 8 });
  await signet.page.mouse.up();
  await screenshot(signet.page, "teach-draw");
  await tab.press("4", "sample-draw-add");
  await tab.counts("4", 1);
  assert.match(await tab.text("samples-count"), /^29 of/);

  // Deleted, one by the cross that the mouse finds on it, and undone at the same places, the last one first.
  const before = await tab.thumbs("0");
  const [newest] = await tab.page.$$(tab.within("0", "sample"));
  const [cross] = await tab.page.$$(tab.within("0", "thumb-delete"));
  const opacity = () => cross?.evaluate((element) => getComputedStyle(element).opacity);
  assert.equal(await opacity(), "0", "in nobody's way");
  await newest?.hover();
  assert.equal(await opacity(), "1");
  await screenshot(signet.page, "teach-cross");
  await cross?.click();
  await tab.counts("0", fists.length - 1);
  const third = async () => (await tab.page.$$(tab.within("0", "sample")))[2];
  await (await third())?.click();
  await signet.click("delete-sample");
  await tab.counts("0", fists.length - 2);
  await signet.click("undo");
  await tab.counts("0", fists.length - 1);
  assert.match(await tab.text("toast"), /Before that: Image deleted/);
  await signet.click("undo");
  await tab.becomes("the same order", () => tab.thumbs("0"), before);
  await (await third())?.click();
  await screenshot(signet.page, "teach-sample-opened");
  const five_ = await signet.page.$eval(tab.within("5"), (card) => card.getAttribute("data-id") ?? "");
  await signet.page.select(signet.selector("move-to"), five_);
  await tab.counts("0", fists.length - 1);
  assert.deepEqual(await tab.thumbs("5"), [before[2]]);
  await screenshot(signet.page, "teach-ways");
  assert.match(await tab.text("toast"), /Image moved/);
  await signet.click("undo");
  await tab.becomes("the image where it was", () => tab.thumbs("0"), before);
  assert.deepEqual(await tab.thumbs("5"), []);
});

teachTest("train, stop, retrain, train more; the matrix, the switch and the way back", {}, async (tab, signet) => {
  assert.match(await tab.reason(), /2 classes/);
  await tab.upload("0", fists.slice(0, 1));
  await tab.upload("5", fives.slice(0, 2));
  await signet.until("the reason by name", async () => /“0”/.test(await tab.reason()));
  await tab.press("0", "sample");
  await signet.click("delete-sample");
  await tab.counts("0", 0);
  await signet.until("the reason for one class", async () => /2 classes/.test(await tab.reason()));
  await tab.press("5", "sample");
  await signet.click("delete-sample");
  await tab.press("5", "sample");
  await signet.click("delete-sample");
  await fistAndOpen(tab);
  await signet.until("no reason", async () => (await tab.reason()) === "");
  assert.match(await tab.text("train-reason"), /^Takes about\s\d+\s(sec|min) on this device\.$/);

  await tab.set({ epochs: 1000 });
  await tab.start();
  await tab.inEpoch(3);
  await screenshot(signet.page, "teach-training");
  await signet.click("stop");
  assert.match((await tab.reaches("stopped")).text, /best so far is in use/);
  assert.equal(await tab.modelInUse(), "taught");
  const reached = (await tab.history()).length;
  assert.ok(reached >= 2 && reached < 1000, `${reached} epochs`);

  await tab.train({ epochs: 20 });
  assert.equal((await tab.history()).length, 20);
  await tab.start("train-more");
  await tab.reaches("done");
  const history = await tab.history();
  assert.equal(history.length, 40, "the curves go on");
  assert.ok(Number(history[39]?.loss) < Number(history[0]?.loss));
  assert.ok(await signet.page.$eval(`${signet.selector("loss-chart")} polyline`, (line) => (line.getAttribute("points") ?? "").split(" ").length === 40));

  // Upload and draw answer with the new labels.
  await tab.usesLabels(["fist", "open"]);
  assert.equal((await tab.classify(fist)).label, "fist");
  assert.equal((await tab.classify(five)).label, "open");
  await signet.prediction(() => signet.click("model-switch"));
  await tab.usesLabels(["0", "1", "2", "3", "4", "5"]);
  assert.equal(await tab.modelInUse(), "original");
  await signet.prediction(() => signet.click("model-switch"));
  await tab.usesLabels(["fist", "open"]);
  await signet.click("mode-draw");
  const drawn = await signet.prediction(() => signet.stroke([[0.5, 0.9], [0.5, 0.2]]));
  assert.deepEqual(Object.keys(drawn.bars), ["fist", "open"]);
  await screenshot(signet.page, "teach-tried");

  assert.equal(await tab.visible("out-of-date"), false);
  await tab.upload("fist", [fist]);
  await signet.until("out of date", () => tab.visible("out-of-date"));
  assert.equal(await tab.modelInUse(), "taught", "it is not discarded");
  await screenshot(signet.page, "teach-out-of-date");
  await tab.press("fist", "sample");
  await signet.click("delete-sample");
  await signet.until("up to date again", async () => !(await tab.visible("out-of-date")));

  assert.equal(await tab.matrixTotal(), 2, "one of eight for each class, kept for checking");
  const { taught, original } = await tab.score();
  assert.equal(original, null, "the original knows neither class");
  const scores = await tab.classScores();
  assert.deepEqual(scores.map(({ label, count }) => [label, count]), [["fist", 1], ["open", 1]]);
  assert.equal(scores.reduce((sum, score) => sum + score.taught, 0) / 2, taught, "the classes' shares make up the whole");
  const cell = async () => {
    const found = await signet.page.$(`${signet.selector("confusion-matrix")} ${signet.selector("cell")}`);
    await found?.scrollIntoView();
    return found;
  };
  const first = await cell();
  await screenshot(signet.page, "teach-matrix");
  await first?.click();
  assert.match(await tab.text("reading"), /^Read as (fist|open)\.$/);
  await screenshot(signet.page, "teach-cell");
  await signet.click("delete-sample");
  await tab.becomes("one image less", () => tab.matrixTotal(), 1);
  assert.equal((await tab.count("fist")) + (await tab.count("open")), 15);
  await signet.click("undo");
  await tab.becomes("the image again", () => tab.matrixTotal(), 2);
  // An image that was filed wrongly is moved from its cell, and counts where it is then.
  await (await cell())?.click();
  await signet.page.select(signet.selector("move-to"), await signet.page.$eval(tab.within("open"), (card) => card.getAttribute("data-id") ?? ""));
  await tab.counts("open", 9);
  await tab.becomes("the classes' images", async () => (await tab.classScores()).map(({ count }) => count), [0, 2]);
  await signet.click("undo");
  await tab.becomes("the classes' images", async () => (await tab.classScores()).map(({ count }) => count), [1, 1]);

  await signet.click("reset-model");
  await tab.usesLabels(["0", "1", "2", "3", "4", "5"]);
  assert.equal(await tab.modelInUse(), "original only");
  await signet.click("tab-classify");
  await signet.click("mode-upload");
  await signet.upload(fist);
  assert.deepEqual(Object.keys((await signet.shown()).bars), ["0", "1", "2", "3", "4", "5"]);
});

teachTest("each scope brings its defaults for what was left alone, and Reset Defaults brings them back", {}, async (tab, signet) => {
  const hooks = ["epochs", "batch-size", "learning-rate", "validation-share", "seed"];
  const shows = (/** @type {string[]} */ expected) => tab.becomes("the settings", () => Promise.all(hooks.map((hook) => tab.value(hook))), expected);
  await shows(["50", "16", "0.002", "0.15", "0"]);
  await tab.set({ scope: "stage" });
  await shows(["10", "8", "0.00005", "0.15", "0"]);
  await tab.set({ scope: "all" });
  await shows(["5", "8", "0.00002", "0.15", "0"]);
  await tab.set({ epochs: 7, seed: 3 });
  await tab.set({ scope: "head" });
  await shows(["7", "16", "0.002", "0.15", "3"]);
  await signet.click("augmentation");
  await signet.click("reset-defaults");
  await shows(["50", "16", "0.002", "0.15", "0"]);
  assert.equal(await signet.page.$eval(signet.selector("augmentation"), (box) => /** @type {HTMLInputElement} */ (box).checked), false);
  await tab.set({ "batch-size": 64, "learning-rate": 0.0000001 }); // the ends of what the fields take
  const valid = await Promise.all(["batch-size", "learning-rate"].map((hook) => (
    signet.page.$eval(signet.selector(hook), (field) => /** @type {HTMLInputElement} */ (field).validity.valid))));
  assert.deepEqual(valid, [true, true]);
});

teachTest("with augmentation the frozen part looks at four forms of each image to learn from, and at one of each to check", { hands: 4 }, async (tab, signet) => {
  for (const [augmented, total] of /** @type {const} */ ([[false, 6 + 2], [true, 4 * 6 + 2]])) {
    if (augmented) await signet.click("augmentation");
    const said = await signet.watch("training-progress");
    await tab.train({ epochs: 2 });
    const totals = new Set((await said()).flatMap((line) => /Looking at the images, \d+ of (\d+)/.exec(line)?.[1] ?? []));
    assert.deepEqual([...totals], [String(total)], `augmentation: ${augmented}`);
  }
});

teachTest("while it runs no other model can be brought, and a project that is opened takes the page over at once", { hands: 4 }, async (tab, signet) => {
  const held = () => Promise.all(["import-model-input", "reset-model"].map((hook) => signet.page.$eval(signet.selector(hook), (control) => {
    const { disabled, title, labels } = /** @type {HTMLInputElement} */ (control);
    return [disabled, title || (labels?.[0]?.title ?? "")];
  })));
  const isHeld = async () => (await held()).map(([disabled]) => disabled);
  await tab.becomes("nothing to reset", isHeld, [false, true]);
  await tab.train({ epochs: 3 });
  const answer = await tab.classify(five);
  const project = await tab.saveProject();
  await tab.becomes("both to be free", isHeld, [false, false]);

  standIn(server, "cpu_learn", "slowInTraining");
  await tab.set({ epochs: 20 });
  await tab.start();
  await tab.inEpoch(2);
  const why = "Not while a training runs: stop it first.";
  assert.deepEqual(await held(), [[true, why], [true, why]]);
  await screenshot(signet.page, "teach-held");

  await tab.openProject(project);
  await tab.becomes("the project's own curves", async () => (await tab.history()).length, 3);
  assert.equal(await tab.matrixTotal(), 2);
  assert.deepEqual((await tab.classify(five)).bars, answer.bars, "and its model");
  await tab.becomes("no training", async () => (await tab.progress()).state, "idle");
  assert.equal(await tab.visible("stop"), false);
  await tab.becomes("both to be free", isHeld, [false, false]);
  await tab.becomes("nothing to resume", () => tab.visible("interrupted"), false);
  server.restore();
  await tab.train({ epochs: 2 });
});
