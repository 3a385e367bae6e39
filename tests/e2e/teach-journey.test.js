// Teaching from the first sample to the model in use: classes, samples, settings, training, trying, by mouse.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DEVTOOLS, onlyChromium, testWorld } from "./browser.js";
import { write } from "./files.js";
import { hand, png } from "./pictures.js";
import { standIn } from "./stand-ins.js";
import { DIGITS, handFiles } from "./teach.js";

const fists = handFiles(0, 8);
const fives = handFiles(5, 8);
const fist = write("fist.png", png(hand(0, 210, 200)));
const five = write("five.png", png(hand(5, 210, 200)));

const { server, teachTest } = await testWorld();

teachTest("classes are added, named, moved, switched off and deleted, up to thirty, and a name is only text", {}, async (tab) => {
  assert.deepEqual(await tab.labels(), DIGITS, "the six digits to begin with");

  const markup = '<img src=x onerror="alert(1)"> & \'co\'';
  await tab.click("add-class");
  await tab.page.keyboard.type(markup); // the new name is selected already
  await tab.page.keyboard.press("Enter");
  await tab.becomes("the name", async () => (await tab.labels()).at(-1), markup);
  assert.equal(await tab.page.$$eval("img[src=x]", (found) => found.length), 0);
  await tab.add(markup, [fist]);

  for (const [given, code] of /** @type {const} */ ([["4", /^label-taken$/], ["x".repeat(41), /^label-long$/], [" ", /^label-empty$/]])) {
    await tab.rename("5", given);
    await tab.failure(code);
    assert.equal((await tab.cards())[5]?.name, "5", `after "${given}" the field holds the old name`);
  }
  await tab.rename("5", "five ✋");
  await tab.becomes("the name", async () => (await tab.labels())[5], "five ✋");

  for (const [label, item, order, off] of /** @type {const} */ ([["0", "class-down", "1,0,2", false], ["2", "class-up", "1,2,0", false],
    ["1", "class-enable", "1,2,0", true], ["1", "class-enable", "1,2,0", false]])) {
    await tab.menu(label, item);
    await tab.becomes("the order, and whether the first class is off", async () => {
      const cards = (await tab.cards()).slice(0, 3);
      return [cards.map((card) => card.label).join(), cards[0]?.off];
    }, [order, off]);
  }

  await tab.menu(markup, "class-delete");
  assert.match(await tab.text("confirm"), /1 image/);
  await tab.click("confirm-no");
  assert.equal(await tab.count(markup), 1);
  await tab.remove(markup);
  await tab.click("undo");
  await tab.becomes("the class to come back", async () => tab.count(markup), 1);

  for (let count = 7; count < 30; count += 1) await tab.click("add-class");
  assert.equal((await tab.cards()).length, 30);
  await tab.click("add-class");
  await tab.failure(/^classes-full$/);
  assert.equal((await tab.cards()).length, 30);
});

teachTest("samples come by upload, folder, drop, paste and drawing; they move, go and come back", { skip: onlyChromium(DEVTOOLS) }, async (tab) => {
  assert.match(await tab.text("samples-count"), /^0 of up to (1,000|400) images$/);
  await tab.add("0", fists);
  assert.equal((await tab.thumbs("0")).length, fists.length);
  assert.equal(await (await tab.part("0", "split")).evaluate((split) => split.textContent), "7 to learn, 1 to check");

  // A folder holds other things than pictures too.
  const folder = join(dirname(fist), "folder");
  mkdirSync(folder);
  for (const [index, file] of fives.entries()) write(`folder/${index}.png`, readFileSync(file));
  write("folder/list.txt", "eight pictures\n");
  // What macOS leaves beside its files, and in its archives.
  write("folder/._0.png", "no picture");
  mkdirSync(join(folder, "__MACOSX"));
  write("folder/__MACOSX/._1.png", "no picture");
  await tab.press("1", "class-menu");
  await tab.give(tab.within("1", "class-folder-input"), [folder]);
  await tab.counts("1", fives.length);
  assert.match(await tab.text("toast"), /^3 files were passed over/);
  await tab.press("1", "class-menu");

  for (const [dropped, count] of /** @type {[string[], number][]} */ ([[fives.slice(0, 3), 3], [[folder], 3 + fives.length]])) {
    const card = await tab.part("2");
    await card.scrollIntoView();
    const { x = NaN, y = NaN, width = NaN } = (await card.boundingBox()) ?? {};
    await tab.drop(dropped, x + width / 2, y + 20);
    await tab.counts("2", count);
    assert.equal(await tab.error(), undefined);
  }

  await tab.press("3", "class-webcam"); // the card that was used last
  await tab.failure(/^camera-none$/); // which moves the page: nothing may be pressed before that
  await tab.paste(five);
  await tab.counts("3", 1);

  await tab.press("4", "class-draw");
  await tab.stroke([[0.5, 0.9], [0.5, 0.2]], tab.within("4", "sample-draw-canvas"));
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
  await cross?.click();
  await tab.counts("0", fists.length - 1);
  const openThird = async () => (await tab.page.$$(tab.within("0", "sample")))[2]?.click();
  await openThird();
  await tab.click("delete-sample");
  await tab.counts("0", fists.length - 2);
  await tab.click("undo");
  await tab.counts("0", fists.length - 1);
  assert.match(await tab.text("toast"), /Before that: Image deleted/);
  await tab.click("undo");
  await tab.becomes("the same order", () => tab.thumbs("0"), before);
  await openThird();
  await tab.moveTo("5");
  await tab.counts("0", fists.length - 1);
  assert.deepEqual(await tab.thumbs("5"), [before[2]]);
  assert.match(await tab.text("toast"), /Image moved/);
  await tab.click("undo");
  await tab.becomes("the image where it was", () => tab.thumbs("0"), before);
  assert.deepEqual(await tab.thumbs("5"), []);
});

teachTest("train, stop, retrain, train more; the matrix, the switch and the way back", {}, async (tab) => {
  assert.match(await tab.reason(), /2 classes/);
  await tab.add("0", fists.slice(0, 1));
  await tab.add("5", fives.slice(0, 2));
  await tab.until("the reason by name", async () => /“0”/.test(await tab.reason()));
  await tab.deleteNewest("0");
  await tab.until("the reason for one class", async () => /2 classes/.test(await tab.reason()));
  await tab.deleteNewest("5");
  await tab.deleteNewest("5");
  await tab.keepOnly(["0", "5"]);
  await tab.rename("0", "fist");
  await tab.rename("5", "open");
  await tab.becomes("the names", () => tab.labels(), ["fist", "open"]);
  await tab.add("fist", fists);
  await tab.add("open", fives);
  await tab.until("no reason", async () => (await tab.reason()) === "");
  assert.match(await tab.text("train-reason"), /^Takes about\s\d+\s(sec|min) on this device\.$/);

  await tab.set({ epochs: 1000 });
  await tab.start();
  await tab.inEpoch(3);
  await tab.click("stop");
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
  assert.ok(await tab.page.$eval(`${tab.selector("loss-chart")} polyline`, (line) => (line.getAttribute("points") ?? "").split(" ").length === 40));

  // Upload and draw answer with the new labels.
  await tab.usesLabels(["fist", "open"]);
  assert.equal((await tab.classify(fist)).label, "fist");
  assert.equal((await tab.classify(five)).label, "open");
  await tab.prediction(() => tab.click("model-switch"));
  await tab.usesLabels(DIGITS);
  assert.equal(await tab.modelInUse(), "original");
  assert.deepEqual(await Promise.all(["no-detector", "threshold"].map((hook) => tab.visible(hook))), [false, true]);
  await tab.prediction(() => tab.click("model-switch"));
  await tab.usesLabels(["fist", "open"]);
  await tab.click("mode-draw");
  const drawn = await tab.prediction(() => tab.stroke([[0.5, 0.9], [0.5, 0.2]]));
  assert.deepEqual(Object.keys(drawn.bars), ["fist", "open"]);
  assert.match(await tab.text("no-detector"), /always names a class/);
  assert.equal(await tab.visible("threshold"), false);

  assert.equal(await tab.visible("out-of-date"), false);
  await tab.add("fist", [fist]);
  await tab.appears("out-of-date");
  assert.equal(await tab.modelInUse(), "taught", "it is not discarded");
  await tab.deleteNewest("fist");
  await tab.becomes("whether it is out of date", () => tab.visible("out-of-date"), false);

  assert.equal(await tab.matrixTotal(), 2, "one of eight for each class, kept for checking");
  const { taught, original } = await tab.score();
  assert.equal(original, null, "the original knows neither class");
  const scores = await tab.classScores();
  assert.deepEqual(scores.map(({ label, count }) => [label, count]), [["fist", 1], ["open", 1]]);
  assert.equal(scores.reduce((sum, score) => sum + score.taught, 0) / 2, taught, "the classes' shares make up the whole");
  await tab.click("cell");
  assert.match(await tab.text("reading"), /^Read as (fist|open)\.$/);
  await tab.click("delete-sample");
  await tab.becomes("one image less", () => tab.matrixTotal(), 1);
  assert.equal((await tab.count("fist")) + (await tab.count("open")), 15);
  await tab.click("undo");
  await tab.becomes("the image again", () => tab.matrixTotal(), 2);
  // An image that was filed wrongly is moved from its cell, and counts where it is then.
  await tab.click("cell");
  await tab.moveTo("open");
  await tab.counts("open", 9);
  await tab.becomes("the classes' images", async () => (await tab.classScores()).map(({ count }) => count), [0, 2]);
  await tab.click("undo");
  await tab.becomes("the classes' images", async () => (await tab.classScores()).map(({ count }) => count), [1, 1]);

  await tab.click("reset-model");
  await tab.usesLabels(DIGITS);
  assert.equal(await tab.modelInUse(), "original only");
  await tab.click("tab-classify");
  await tab.click("mode-upload");
  await tab.upload(fist);
  assert.deepEqual(Object.keys((await tab.shown()).bars), DIGITS);
});

teachTest("each scope brings its defaults for what was left alone, and Reset Defaults brings them back; a number that is being typed stays", {}, async (tab) => {
  const hooks = ["epochs", "batch-size", "learning-rate", "validation-share", "seed"];
  const shows = (/** @type {string[]} */ expected) => tab.becomes("the settings", () => Promise.all(hooks.map((hook) => tab.value(hook))), expected);
  const losesDetector = (/** @type {boolean} */ expected) => tab.becomes("the word about no sign", () => tab.visible("scope-note"), expected);
  await shows(["150", "16", "0.004", "0.15", "0"]);
  await losesDetector(false);
  await tab.set({ scope: "stage" });
  await shows(["10", "8", "0.00005", "0.15", "0"]);
  await losesDetector(false);
  await tab.set({ scope: "all" });
  await shows(["5", "8", "0.00002", "0.15", "0"]);
  await losesDetector(false);
  await tab.set({ epochs: 7, seed: 3 });
  await tab.set({ scope: "head" });
  await shows(["7", "16", "0.004", "0.15", "3"]);
  await losesDetector(false);
  await tab.rename("0", "fist");
  await losesDetector(true);
  assert.match(await tab.text("scope-note"), /always names one/);
  // A folder of images without a sign brings its class along, whichever card it is given to.
  const walls = join(dirname(fist), "none");
  mkdirSync(walls, { recursive: true });
  for (const name of ["a", "b"]) write(`none/${name}.png`, readFileSync(fist));
  await tab.give(tab.within("1", "class-folder-input"), [walls]);
  await tab.counts("none", 2);
  assert.deepEqual((await tab.cards()).map(({ name, count }) => [name, count]).slice(-2), [["5", 0], ["No sign", 2]]);
  await losesDetector(false);
  await tab.rename("none", "wall");
  await losesDetector(true);
  await tab.rename("wall", " no SIGN");
  await losesDetector(false);
  assert.equal((await tab.cards()).at(-1)?.name, "No sign");
  await tab.remove("none");
  await tab.rename("fist", "0");
  await losesDetector(false);
  await tab.click("augmentation");
  await tab.click("reset-defaults");
  await shows(["150", "16", "0.004", "0.15", "0"]);
  assert.ok(await tab.page.$("[data-testid=augmentation]:checked"));
  await tab.set({ "batch-size": 64, "learning-rate": 0.0000001 }); // the ends of what the fields take
  assert.equal(await tab.page.$("[data-testid=batch-size]:invalid, [data-testid=learning-rate]:invalid"), null);

  await tab.add("5", [five]);
  // A number that is half typed when the page is drawn anew, as an image arrives.
  await (await tab.page.$(tab.selector("epochs")))?.click({ count: 3 });
  await tab.page.keyboard.type("1");
  await tab.add("0", [fist]);
  await tab.until("the page drawn anew", async () => /“0”/.test(await tab.reason()));
  await tab.page.keyboard.type("0");
  await tab.page.keyboard.press("Tab");
  await shows(["10", "64", "1e-7", "0.15", "0"]);
  await tab.set({ scope: "stage" });
  await shows(["10", "64", "1e-7", "0.15", "0"]);
});

teachTest("with augmentation the frozen part looks at six forms of each image to learn from, and at one of each to check", { hands: 4 }, async (tab) => {
  for (const [augmented, total] of /** @type {const} */ ([[true, 6 * 6 + 2], [false, 6 + 2]])) {
    if (!augmented) await tab.click("augmentation");
    const said = await tab.watch("training-progress");
    await tab.train({ epochs: 2 });
    const totals = new Set((await said()).flatMap((line) => /Looking at the images, \d+ of (\d+)/.exec(line)?.[1] ?? []));
    assert.deepEqual([...totals], [String(total)], `augmentation: ${augmented}`);
  }
});

teachTest("while it runs no other model can be brought, and a project that is opened takes the page over at once", { hands: 4 }, async (tab) => {
  const held = () => Promise.all(["import-model-input", "reset-model"].map((hook) => tab.page.$eval(tab.selector(hook), (control) => {
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

teachTest("numbers are taken as people of a language type and paste them, or told, and the keys of a word that is being composed belong to it", { skip: onlyChromium(DEVTOOLS) }, async (tab) => {
  const { keyboard } = tab.page;
  const into = async (/** @type {string} */ hook) => {
    const field = await tab.page.$(tab.selector(hook));
    await field?.scrollIntoView();
    await field?.click({ count: 3 });
  };
  for (const [hook, typed, kept] of /** @type {const} */ ([
    ["learning-rate", "0,0015", "0.0015"], ["learning-rate", "٠٫٠٠٢", "0.002"], ["learning-rate", "０．００３", "0.003"], ["epochs", "1.000", "1000"], ["epochs", "12", "12"],
  ])) {
    await into(hook);
    await keyboard.type(typed);
    await keyboard.press("Tab");
    await tab.becomes(typed, () => tab.value(hook), kept);
    assert.equal(await tab.error(), undefined);
  }
  await into("epochs");
  await keyboard.type("1,5");
  await keyboard.press("Tab");
  await tab.failure(/^setting$/);
  assert.equal(await tab.value("epochs"), "12");
  await tab.page.click("#error-dismiss");

  await tab.page.browserContext().overridePermissions(new URL(tab.page.url()).origin, ["clipboard-read", "clipboard-sanitized-write"]);
  await tab.page.bringToFront();
  await tab.page.evaluate(() => navigator.clipboard.writeText("0,004"));
  await into("learning-rate");
  await tab.control("KeyV", ["Paste"]);
  await keyboard.press("Tab");
  await tab.becomes("the pasted number", () => tab.value("learning-rate"), "0.004");
  assert.equal(await tab.error(), undefined);

  // As a browser tells of a key by which a word is chosen or given up, while it is being composed.
  await tab.press("0", "class-name");
  const isLeft = (/** @type {string} */ key, /** @type {boolean} */ isComposing) => tab.page.$eval(tab.within("0", "class-name"), (field, key, isComposing) => {
    field.dispatchEvent(new KeyboardEvent("keydown", { key, isComposing, bubbles: true, cancelable: true }));
    return document.activeElement !== field;
  }, key, isComposing);
  await keyboard.type("日本");
  for (const key of ["Enter", "Escape"]) assert.equal(await isLeft(key, true), false, key);
  assert.equal(await isLeft("Enter", false), true);
  await tab.becomes("the name", async () => (await tab.labels())[0]?.endsWith("日本"), true);
});
