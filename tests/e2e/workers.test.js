// A worker that traps, is ended or runs out of memory, while it classifies, trains or writes down a training, and a page
// that is hidden, frozen or reloaded meanwhile: the page says so, goes on, and has the samples, the settings and the last
// good weights.

import assert from "node:assert/strict";
import { rmSync, statSync } from "node:fs";
import { CAMERA_FILE, DEVTOOLS, closeLid, onlyChromium, testWorld } from "./browser.js";
import { write } from "./files.js";
import { blackPng, hand, png, y4m } from "./pictures.js";
import { standIn } from "./stand-ins.js";
import { TeachTab } from "./teach.js";

/** @typedef {import("./signet.js").Signet} Signet */

const photo = write("photo.png", png(hand(5, 400, 300)));
const SETTINGS = { epochs: 4, "learning-rate": 0.002 };

const { server, pageTest, teachTest } = await testWorld({ camera: write("hand.y4m", y4m([hand(4, 320, 240)], 5)) });

/** Waits until the taught model is on the disk, and no training. @param {TeachTab} tab */
const taughtIsKept = (tab) => tab.kept(8, ["project", "taught"]);

/** @param {TeachTab} tab */
async function train(tab) {
  await tab.train(SETTINGS);
  await taughtIsKept(tab);
}

/** The samples and the settings are there. @param {TeachTab} tab @param {number} [epochs] */
async function projectIsThere(tab, epochs = SETTINGS.epochs) {
  assert.deepEqual(await tab.samples(), [4, 0, 0, 0, 0, 4]);
  assert.deepEqual([await tab.value("epochs"), await tab.value("learning-rate")], [String(epochs), "0.002"]);
}

/** So is the model that was taught. @param {TeachTab} tab */
async function allIsThere(tab) {
  await projectIsThere(tab);
  assert.equal(await tab.modelInUse(), "taught");
}

/** The same page, loaded again, with the model that was taught. @param {TeachTab} tab */
async function reloaded(tab) {
  await tab.page.reload();
  await TeachTab.open(tab);
  await tab.becomes("the model in use", () => tab.modelInUse(), "taught");
}

/** Ends a worker as the browser does it. @param {Signet} signet @param {RegExp} script */
async function end({ page }, script) {
  const worker = page.workers().findLast((each) => script.test(each.url()));
  assert.ok(worker, `one of ${page.workers().map((each) => each.url())}`);
  await worker.close();
}

/** A training that comes to no end of its own. @param {TeachTab} tab */
async function crashes(tab) {
  const { text } = await tab.failure(/^worker-crashed$/);
  assert.ok(text.length > 20, text);
  await tab.becomes("the end", async () => (await tab.progress()).state, "failed");
}

teachTest("a recogniser that traps, is ended or runs out of memory at a photo is started again, with the taught model, and answers; ended at every photo it has its sentence", { hands: 4 }, async (tab) => {
  await train(tab);
  for (const module of /** @type {const} */ (["trappingAtFiles", "dyingAtFiles", "starvingAtFiles"])) {
    standIn(server, "cpu", module, 1);
    await reloaded(tab);
    await allIsThere(tab);
    const { bars } = await tab.classify(photo);
    await tab.says(/started again/);
    assert.deepEqual((await tab.classify(photo)).bars, bars, module);
    await allIsThere(tab);
    assert.equal(await tab.error(), undefined);
    await tab.ready(); // after it has looked more closely
  }
  standIn(server, "cpu", "dyingAtFiles");
  await reloaded(tab);
  await tab.click("mode-upload");
  await tab.choose(photo);
  const { text } = await tab.failure(/^worker-crashed$/);
  assert.match(text, /another/);
  await allIsThere(tab);
  await tab.drawingWorks();
});

pageTest("a picture of eighty megapixels leaves no worker behind that keeps its memory, and nothing is said of it", {}, async (signet) => {
  const worker = () => signet.page.workers().find((each) => /\/worker\.js$/.test(each.url()));
  const first = worker();
  await signet.click("mode-upload");
  const { bars } = await signet.upload(photo);
  assert.equal(worker(), first);
  await signet.upload(write("large.png", blackPng(10_000, 8000)), 120_000);
  await signet.until("another worker", async () => worker() !== first);
  assert.deepEqual((await signet.upload(photo)).bars, bars);
  assert.equal(await signet.visible("toast"), false);
  assert.equal(await signet.error(), undefined);
});

pageTest("a recogniser that is ended before a live webcam is started again, and the webcam goes on", { skip: onlyChromium(CAMERA_FILE) }, async (signet) => {
  await signet.goLive();
  await end(signet, /worker\.js$/);
  await signet.live();
  assert.equal(await signet.error(), undefined);
});

teachTest("while there is no recogniser the project is saved as a file, whole; the next one has an imported model whose file is gone", { hands: 4 }, async (tab) => {
  await train(tab);
  const { bars } = await tab.classify(photo);
  const model = await tab.exportModel();
  await tab.importModel(model);
  await tab.says(/imported/);
  rmSync(model);
  await end(tab, /\/worker\.js$/);
  assert.deepEqual((await tab.classify(photo)).bars, bars);
  await end(tab, /\/worker\.js$/);
  const project = await tab.saveProject();
  await tab.remove("5");
  await tab.openProject(project);
  await tab.counts("5", 4);
  await allIsThere(tab);
  assert.deepEqual((await tab.classify(photo)).bars, bars);
});

/** `always` comes after `once`: a training that fails again. */
const TRAININGS = /** @type {const} */ ([
  { name: "traps", once: "trappingInTraining", always: "trappingAtOnce", isSaved: false },
  { name: "is ended", once: "dyingInTraining", always: "dyingInTraining", isSaved: true },
  { name: "traps while it is saved", once: "trappingInSave", always: "trappingInSave", isSaved: false },
  { name: "is ended while it is saved", once: "dyingInSave", always: "dyingInSave", isSaved: false },
  { name: "has no memory", once: null, always: "starving", isSaved: false },
]);

teachTest("a training that traps, is ended or has no memory, once or while it is saved, is taken up again; when that fails, too, all is as it was", { hands: 4 }, async (tab) => {
  await train(tab);
  for (const { name, once, always, isSaved } of TRAININGS) {
    if (once) {
      standIn(server, "cpu_learn", once, 1);
      await tab.start();
      await tab.says(/crashed.*goes on/);
      await tab.reaches("done");
      assert.equal((await tab.history()).length, 4, `${name}: no epoch is counted twice`);
      await taughtIsKept(tab);
    }
    const { bars } = await tab.classify(photo);

    standIn(server, "cpu_learn", always);
    await tab.start();
    await crashes(tab);
    await allIsThere(tab);
    if (!isSaved) assert.deepEqual((await tab.classify(photo)).bars, bars, `${name}: the model before it answers`);
    server.restore();
    await taughtIsKept(tab);
    await reloaded(tab);
    await allIsThere(tab);
  }
});

teachTest("a training that traps for good after it was saved leaves the best of the save, and one that goes well takes the error away", { hands: 4, standIns: { cpu_learn: "trappingAfterSave" } }, async (tab) => {
  await tab.set({ epochs: 20 });
  await tab.start();
  await tab.failure(/^worker-crashed$/);
  const { text } = await tab.reaches("failed");
  assert.equal((await tab.history()).length, 1);
  assert.match(text, /best of 1 epoch is/);
  assert.match(await tab.page.evaluate(() => document.body.innerText), /Taught model/);
  assert.deepEqual(await tab.samples(), [4, 0, 0, 0, 0, 4]);
  await tab.classify(photo);
  server.restore();
  await tab.train({ epochs: 3 });
  assert.equal(await tab.error(), undefined);
});

teachTest("a model that can't be put to use, refused or the end of each worker, is kept and offered as a file: after its training and after a reload", { hands: 4 }, async (tab) => {
  await train(tab);
  for (const [module, code] of /** @type {const} */ ([["refusingTaught", /^self-check$/], ["dyingAtTaught", /^worker-crashed$/]])) {
    standIn(server, "cpu", module);
    await tab.page.reload();
    await TeachTab.open(tab);
    assert.match((await tab.failure(code)).text, /“Export Model”/);
    assert.equal(await tab.modelInUse(), "original only");
    const old = statSync(await tab.exportModel()).size;

    await tab.start();
    assert.match((await tab.reaches("done")).text, /can't be put to use/);
    assert.match((await tab.failure(code)).text, /“Export Model”/);
    assert.equal(await tab.modelInUse(), "original only");
    await tab.classify(photo);
    await taughtIsKept(tab);
    const model = await tab.exportModel();
    assert.equal(statSync(model).size, old);

    server.restore();
    await reloaded(tab);
    await tab.becomes("the curves", async () => (await tab.history()).length, SETTINGS.epochs);
    const { bars } = await tab.classify(photo);
    await tab.click("reset-model");
    await tab.importModel(model);
    await tab.becomes("the model in use", () => tab.modelInUse(), "taught");
    assert.deepEqual((await tab.classify(photo)).bars, bars, "the file is the model that was kept");
    await tab.start();
    await tab.reaches("done");
    await taughtIsKept(tab);
  }
});

teachTest("a training whose worker is ended in earnest, twice, keeps what it had saved", { hands: 4, standIns: { cpu_learn: "slowInTraining" } }, async (tab) => {
  await tab.set({ epochs: 30 });
  await tab.start();
  await tab.kept(8, ["project", "training"]);
  await end(tab, /train-worker\.js$/);
  await tab.says(/crashed.*goes on/);
  await tab.inEpoch(2);
  await end(tab, /train-worker\.js$/);
  await crashes(tab);
  assert.ok((await tab.history()).length >= 1);
  assert.equal(await tab.modelInUse(), "taught");
  await tab.classify(photo);
});

teachTest("a loss that is NaN ends the training with a sentence and the best weights before it; one that makes nothing better leaves its start", { hands: 4 }, async (tab) => {
  const before = await tab.classify(photo);
  // The last stage lives through such steps, and knows nothing afterwards.
  const worse = await tab.train({ scope: "stage", epochs: 2, "learning-rate": 1 });
  assert.match(worse.text, /start/i);
  const { bars } = await tab.classify(photo);
  for (const [label, value] of Object.entries(before.bars)) assert.ok(Math.abs(Number(bars[label]) - value) < 1e-4, JSON.stringify(bars));

  standIn(server, "cpu_learn", "runningOff", 1);
  await tab.set({ scope: "head", epochs: 10, "learning-rate": 0.002 });
  await tab.start();
  const error = await tab.failure(/^not-finite$/);
  assert.match(error.text, /learning rate/i);
  assert.match((await tab.reaches("failed")).text, /best of 3 epochs/);
  assert.equal((await tab.history()).length, 3);
  assert.deepEqual(await tab.samples(), [4, 0, 0, 0, 0, 4]);
  const kept = await tab.classify(photo);

  // The same without a stand-in: the whole network does not live through steps of this size.
  await tab.set({ scope: "all", "learning-rate": 1 });
  await tab.start();
  await tab.failure(/^not-finite$/, 120_000);
  await tab.reaches("failed");
  assert.deepEqual((await tab.classify(photo)).bars, kept.bars, "the model before it answers");
});

teachTest("a training goes on in a hidden tab and below a closed lid, with the time that is left", { skip: onlyChromium(DEVTOOLS), hands: 4, standIns: { cpu_learn: "slowInTraining" } }, async (tab) => {
  await tab.until("the estimate", async () => /^Takes about\s\d+\s(sec|min)/.test(await tab.text("train-reason")));
  await tab.set({ epochs: 10 });
  const said = await tab.watch("training-progress");
  await tab.start();
  await tab.inEpoch(2);

  const cover = await tab.page.browserContext().newPage();
  await cover.bringToFront();
  await tab.until("the tab to be hidden", () => tab.page.evaluate(() => document.hidden));
  const { epoch } = await tab.progress();
  await tab.inEpoch(epoch + 3);
  assert.equal(await tab.page.evaluate(() => document.hidden), true);
  await cover.close();

  await closeLid(tab, 2500);
  await tab.reaches("done");
  assert.equal((await tab.history()).length, 10);
  assert.equal(await tab.error(), undefined);
  assert.ok((await said()).some((line) => /Epoch \d+ of 10, batch \d+ of \d+, about\s\d+\s(sec|min) left/.test(line)), (await said()).join("\n"));
  await taughtIsKept(tab);
  await tab.classify(photo);
});

/** The page, reloaded in a training, offers to go on with it. @param {TeachTab} tab @param {number} epochs */
async function interrupted(tab, epochs) {
  await tab.page.reload();
  await TeachTab.open(tab);
  await tab.appears("interrupted");
  const [, after] = new RegExp(`interrupted after (\\d+) of ${epochs} epochs`).exec(await tab.text("interrupted")) ?? [];
  assert.ok(after, await tab.text("interrupted"));
  return Number(after);
}

teachTest("a reload in the middle of a training brings everything back, and Resume finishes it, curves included", { hands: 4, standIns: { cpu_learn: "slowInTraining" } }, async (tab) => {
  // Leaving a training asks whether that is meant.
  let asked = 0;
  tab.page.on("dialog", (dialog) => {
    asked += 1;
    void dialog.accept();
  });
  await tab.set({ epochs: 8, "learning-rate": 0.002 });
  await tab.start();
  await tab.kept(8, ["project", "training"]);
  const { epoch } = await tab.progress();
  assert.ok(epoch < 8, `still training, in epoch ${epoch}`);
  server.restore();
  await interrupted(tab, 8);
  assert.equal(asked, 1, "a warning before the training is left");
  await projectIsThere(tab, 8);
  await tab.start("resume");
  await tab.reaches("done");
  const earlier = await tab.history();
  assert.equal(earlier.length, 8, "the epochs before the reload count");
  assert.equal(await tab.visible("interrupted"), false);
  await tab.classify(photo);

  // The same on the way of Train more: the curves go on from those of the training before it.
  await taughtIsKept(tab);
  standIn(server, "cpu_learn", "slowInTraining");
  await tab.start("train-more");
  await tab.kept(8, ["project", "taught", "training"]);
  server.restore();
  const after = await interrupted(tab, 16);
  assert.ok(after > 8, `interrupted after ${after} epochs`);
  await tab.start("resume");
  await tab.reaches("done");
  const curves = await tab.history();
  assert.deepEqual(curves.map((each) => parseInt(each.epoch)), Array.from({ length: 16 }, (_, index) => index + 1));
  assert.deepEqual(curves.slice(0, 8), earlier);
  assert.equal(asked, 2);

  // What it left is there after the next reload, and there is nothing to resume.
  await taughtIsKept(tab);
  await reloaded(tab);
  assert.equal(await tab.visible("interrupted"), false);
  assert.equal(asked, 2, "nothing is lost, and nobody asked");
});
