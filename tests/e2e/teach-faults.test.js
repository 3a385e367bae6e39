// What goes wrong while teaching has its own words, and loses nothing: not the samples, not the last good model.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { SOFTWARE_ADAPTER, launch, onlyChromium, screenshot, testWorld, visit } from "./browser.js";
import { temporaryFolder } from "./files.js";
import { hand, png } from "./pictures.js";
import { Signet } from "./signet.js";
import { standIn } from "./stand-ins.js";
import { TeachTab, hands } from "./teach.js";

const CPU = { query: "?backend=cpu" };
const write = temporaryFolder();
/** @param {number} fingers @param {number} count */
const files = (fingers, count) => hands(fingers, count).map((picture, index) => write(`${fingers}-${index}.png`, png(picture)));
const fists = files(0, 4);
const fives = files(5, 4);
const other = write("other.png", png(hand(5, 210, 200)));
const DIGITS = ["0", "1", "2", "3", "4", "5"];

const { browser, server } = await testWorld();

/** The tab with two small classes. @param {Signet} signet @param {number} [timeout] */
async function withSamples(signet, timeout) {
  const tab = await TeachTab.open(signet, timeout);
  await tab.upload("0", fists);
  await tab.upload("5", fives);
  return tab;
}

/** @param {TeachTab} tab */
async function samplesAreThere(tab) {
  assert.deepEqual((await tab.cards()).map(({ count }) => count), [4, 0, 0, 0, 0, 4]);
}

test("a training that traps is taken up again; when it traps twice, the samples and the model before it stay", async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await withSamples(signet);
    standIn(server, "cpu_learn", "trappingInTraining", 1);
    await tab.train({ epochs: 5 });
    assert.equal((await tab.progress()).epoch, 5);
    assert.equal((await tab.history()).length, 5, "no epoch is counted twice");
    const before = await tab.classify(other);

    standIn(server, "cpu_learn", "trappingAtOnce");
    await tab.start();
    const error = await signet.failure(/^worker-crashed$/);
    assert.ok(error.text.length > 20, error.text);
    assert.match((await tab.reaches("failed")).text, /failed/);
    await samplesAreThere(tab);
    assert.deepEqual((await tab.classify(other)).bars, before.bars, "the model before it answers");
    await screenshot(signet.page, "teach-fault-trapped");

    server.restore();
    await tab.train();
    assert.equal(await signet.error(), undefined, "a training that goes well takes the error away");
  });
});

test("a training that traps for good after it was saved leaves the best of the save", async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await withSamples(signet);
    standIn(server, "cpu_learn", "trappingAfterSave");
    await tab.set({ epochs: 20 });
    await tab.start();
    await signet.failure(/^worker-crashed$/);
    const { text } = await tab.reaches("failed");
    assert.equal((await tab.history()).length, 1);
    assert.match(text, /best of 1 epoch is/);
    assert.match(await signet.page.evaluate(() => document.body.innerText), /Taught model/);
    await samplesAreThere(tab);
    await tab.classify(other);
  });
});

test("a loss that is no number ends the training with a sentence and the best weights before it", async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await withSamples(signet);
    standIn(server, "cpu_learn", "runningOff", 1);
    await tab.set({ epochs: 10 });
    await tab.start();
    const error = await signet.failure(/^not-finite$/);
    assert.match(error.text, /learning rate/i);
    assert.match((await tab.reaches("failed")).text, /best of 3 epochs/);
    assert.equal((await tab.history()).length, 3);
    await samplesAreThere(tab);
    const kept = await tab.classify(other);
    await screenshot(signet.page, "teach-fault-not-finite");

    // The same without a stand-in: the whole network does not live through steps of this size.
    await tab.set({ scope: "all", "learning-rate": 1 });
    await tab.start();
    await signet.failure(/^not-finite$/, 120_000);
    await tab.reaches("failed");
    assert.deepEqual((await tab.classify(other)).bars, kept.bars, "the model before it answers");
  });
});

test("a training that makes nothing better leaves what it started from, and says so", async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await withSamples(signet);
    const before = await tab.classify(other);
    // The last stage lives through such steps, and knows nothing afterwards.
    const { text } = await tab.train({ scope: "stage", epochs: 2, "learning-rate": 1 });
    assert.match(text, /start/i);
    const { bars } = await tab.classify(other);
    for (const label of DIGITS) assert.ok(Math.abs(Number(bars[label]) - Number(before.bars[label])) < 1e-4, JSON.stringify(bars));
  });
});

test("a reload in the middle of a training brings everything back, and Resume finishes it, curves included", async () => {
  await visit(browser, server, CPU, async (signet) => {
    // Leaving a training asks whether that is meant.
    let asked = 0;
    signet.page.on("dialog", (dialog) => {
      asked += 1;
      void dialog.accept();
    });
    const tab = await withSamples(signet);
    standIn(server, "cpu_learn", "slowInTraining");
    await tab.set({ epochs: 8, "learning-rate": 0.002 });
    await tab.start();
    await tab.kept(8, ["project", "training"]);
    const { epoch } = await tab.progress();
    assert.ok(epoch < 8, `still training, in epoch ${epoch}`);
    server.restore();
    await signet.page.reload();
    assert.equal(asked, 1, "a warning before the training is left");

    const again = await TeachTab.open(signet);
    await samplesAreThere(again);
    assert.equal(await again.value("epochs"), "8");
    assert.equal(await again.value("learning-rate"), "0.002");
    await signet.until("the offer to resume", async () => ((await again.visible("interrupted")) ? true : undefined));
    assert.match(await again.text("interrupted"), /interrupted after \d+ of 8 epochs/);
    await screenshot(signet.page, "teach-interrupted");
    await again.start("resume");
    await again.reaches("done");
    assert.equal((await again.history()).length, 8, "the epochs before the reload count");
    assert.equal(await again.visible("interrupted"), false);
    await again.classify(other);

    // The same on the way of Train more: the curves go on from those of the training before it.
    await again.kept(8, ["project", "taught"]);
    const earlier = await again.history();
    standIn(server, "cpu_learn", "slowInTraining");
    await again.start("train-more");
    await again.kept(8, ["project", "taught", "training"]);
    server.restore();
    await signet.page.reload();
    const third = await TeachTab.open(signet);
    await signet.until("the offer to resume", async () => ((await third.visible("interrupted")) ? true : undefined));
    const [, after] = /interrupted after (\d+) of 16 epochs/.exec(await third.text("interrupted")) ?? [];
    assert.ok(Number(after) > 8, `interrupted after ${after} epochs`);
    await third.start("resume");
    await third.reaches("done");
    const curves = await third.history();
    assert.deepEqual(curves.map(({ epoch }) => parseInt(epoch)), Array.from({ length: 16 }, (_, index) => index + 1));
    assert.deepEqual(curves.slice(0, 8), earlier);
    assert.equal(asked, 2);

    // What it left is there after the next reload, and there is nothing to resume.
    await third.kept(8, ["project", "taught"]);
    await signet.page.reload();
    const fourth = await TeachTab.open(signet);
    await signet.until("the taught model", async () => ((await fourth.modelInUse()) === "taught" ? true : undefined));
    assert.equal(await fourth.visible("interrupted"), false);
    assert.equal(asked, 2, "nothing is lost, and nobody asked");
  });
});

test("a training whose graphics device is lost goes on on the CPU from the last epoch, and says so", { skip: onlyChromium(SOFTWARE_ADAPTER) }, async () => {
  const softwareGpu = await launch({ softwareGpu: true });
  try {
    standIn(server, "gpu", "quick");
    standIn(server, "gpu_learn", "losingInTraining");
    await visit(softwareGpu, server, { query: "?backend=webgpu" }, async (signet) => {
      const tab = await withSamples(signet);
      assert.equal((await signet.status()).backend, "webgpu");
      await tab.set({ epochs: 6 });
      const epochs = await signet.watch("training-progress", "data-epoch");
      await tab.start();
      await signet.until("a word about it", async () => (/CPU/.test(await tab.text("toast")) ? true : undefined));
      await screenshot(signet.page, "teach-fault-device");
      await tab.reaches("done");
      assert.equal((await tab.history()).length, 6);
      const shown = await epochs();
      assert.deepEqual(shown.slice(shown.lastIndexOf("0")).slice(0, 2), ["0", "3"], `two epochs were over: ${shown}`);
      assert.equal(await signet.error(), undefined, "that is no error");
      await tab.classify(other);
    });
  } finally {
    await softwareGpu.close();
  }
});

test("of two tabs one keeps the project, and the other takes over when it is told to", async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await withSamples(signet);
    await tab.kept(8);
    const page = await signet.page.browserContext().newPage();
    /** @type {unknown[]} */
    const uncaught = [];
    page.on("pageerror", (error) => uncaught.push(error));
    page.on("dialog", (dialog) => void dialog.accept());
    await page.goto(`${server.origin}/?backend=cpu`);
    const second = await TeachTab.open(new Signet(page));
    await samplesAreThere(second);
    await second.signet.until("the word about the other tab", async () => ((await second.visible("store-notice")) ? true : undefined));
    assert.match(await second.text("store-notice"), /another tab/);
    assert.equal(await tab.visible("store-notice"), false);
    await second.upload("1", [other]);
    await tab.kept(8);
    await screenshot(page, "teach-two-tabs");

    await second.signet.click("take-over");
    await second.kept(9);
    assert.equal(await second.visible("store-notice"), false);
    await signet.until("the word in the first tab", async () => ((await tab.visible("store-notice")) ? true : undefined));
    await tab.upload("2", [other]);
    await second.kept(9);

    await page.close({ runBeforeUnload: false });
    assert.deepEqual(uncaught, []);
  });
});

test("on a full disk the page says so, keeps what was stored and works on in memory", async () => {
  const full = {
    ...CPU,
    /** @param {import("puppeteer-core").Page} page */
    before: (page) => page.evaluateOnNewDocument(() => {
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (/** @type {unknown} */ value, /** @type {IDBValidKey | undefined} */ key) {
        if (/** @type {{ diskIsFull?: boolean }} */ (globalThis).diskIsFull) throw new DOMException("injected", "QuotaExceededError");
        return put.call(this, value, key);
      };
    }),
  };
  await visit(browser, server, full, async (signet) => {
    let asked = 0;
    signet.page.on("dialog", (dialog) => {
      asked += 1;
      void dialog.dismiss(); // stay
    });
    const tab = await TeachTab.open(signet);
    await tab.upload("0", fists);
    await tab.kept(4);
    await signet.page.evaluate(() => { /** @type {{ diskIsFull?: boolean }} */ (globalThis).diskIsFull = true; });
    await tab.upload("5", fives);
    await signet.until("the word about the disk", async () => ((await tab.visible("store-notice")) ? true : undefined));
    assert.match(await tab.text("store-notice"), /disk/);
    await tab.train({ epochs: 3 });
    await tab.classify(other);
    await samplesAreThere(tab);
    await screenshot(signet.page, "teach-fault-disk");
    await tab.kept(4);
    await signet.page.close({ runBeforeUnload: true });
    await signet.until("a warning before the page is left", async () => (asked === 1 ? true : undefined));

    // Room again: everything is stored.
    await signet.page.evaluate(() => { /** @type {{ diskIsFull?: boolean }} */ (globalThis).diskIsFull = false; });
    await signet.click("take-over");
    await tab.kept(8, ["project", "taught"]);
    assert.equal(await tab.visible("store-notice"), false);
    await signet.page.reload();
    await samplesAreThere(await TeachTab.open(signet));
    assert.equal(asked, 1, "nothing is lost any more, and nobody asked");
  });
});

test("a page that is left while a change is on its way to the disk asks first", async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await withSamples(signet);
    await tab.kept(8);
    const [atRest, onItsWay] = await signet.page.evaluate((hook) => {
      const asks = () => {
        const leaving = new Event("beforeunload", { cancelable: true });
        dispatchEvent(leaving);
        return leaving.defaultPrevented;
      };
      const before = asks();
      const name = /** @type {HTMLInputElement} */ (document.querySelector(hook));
      name.value = "fist";
      name.dispatchEvent(new Event("change"));
      return [before, asks()];
    }, tab.within("0", "class-name"));
    assert.deepEqual([atRest, onItsWay], [false, true]);
  });
});

test("broken project and model files are refused by name, and everything stays", async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await withSamples(signet);
    await tab.train({ epochs: 3 });
    const answer = await tab.classify(other);
    const project = readFileSync(await tab.saveProject());
    const model = readFileSync(await tab.exportModel());
    const unchanged = async (/** @type {string} */ name) => {
      await samplesAreThere(tab);
      assert.deepEqual((await tab.classify(other)).bars, answer.bars, name);
    };
    const flipped = (/** @type {Buffer} */ bytes, /** @type {number} */ at) => {
      const copy = Buffer.from(bytes);
      copy[at] = Number(copy[at]) ^ 1;
      return copy;
    };
    for (const [name, content, code] of /** @type {[string, Buffer | string, RegExp][]} */ ([
      ["letter.signet", "Dear Signet, this is a letter.\n", /^project-format$/],
      ["half.signet", project.subarray(0, project.length >> 1), /^project-truncated$/],
      ["picture.signet", flipped(project, project.length - model.length - 1000), /^project-damaged$/],
      ["weights.signet", flipped(project, project.length - 1000), /^project-damaged$/],
    ])) {
      await tab.openProject(write(name, content));
      const error = await signet.failure(code);
      assert.ok(error.text.length > 30, `${name}: ${error.text}`);
      await unchanged(name);
    }
    await screenshot(signet.page, "teach-fault-project");
    for (const [name, content, code] of /** @type {[string, Buffer | string, RegExp][]} */ ([
      ["letter.safetensors", "Dear Signet, this is a letter.\n", /^weights-/],
      ["half.safetensors", model.subarray(0, model.length >> 1), /^weights-/],
      ["holed.safetensors", Buffer.from(model).fill(0, model.length >> 1, (model.length >> 1) + 2 ** 20), /^(weights-|self-check)/],
    ])) {
      await tab.importModel(write(name, content));
      const error = await signet.failure(code);
      assert.match(error.text, /not changed|Choose/, name);
      await unchanged(name);
    }
    // Both are good as they were saved.
    await tab.openProject(write("whole.signet", project));
    await signet.until("the word about it", async () => (/opened/.test(await tab.text("toast")) ? true : undefined));
    await unchanged("whole.signet");
    await tab.usesLabels(DIGITS);
  });
});

test("files that can't be read are named, and the good ones among them are added", async () => {
  const notes = write("notes.jpg", "Milk, bread and a lemon.\n");
  const whole = png(hand(3, 300, 300));
  const half = write("half.png", whole.subarray(0, whole.length >> 1));
  await visit(browser, server, CPU, async (signet) => {
    const tab = await TeachTab.open(signet);
    await tab.give(tab.within("3", "class-upload-input"), [...fives.slice(0, 2), notes, half, ...fives.slice(2)]);
    const { text } = await signet.failure(/^picture-/);
    assert.match(text, /notes\.jpg/);
    assert.match(text, /half\.png/);
    assert.match(text, /4 images added, 2 not/);
    await tab.counts("3", 4);
    await screenshot(signet.page, "teach-fault-files");
  });
});
