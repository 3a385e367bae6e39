// A worker that traps, is ended or runs out of memory, while it classifies, trains or writes down a training: the page
// says so, starts another one, and has the samples, the settings and the last good weights.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CAMERA_FILE, onlyChromium, screenshot, testWorld, visit } from "./browser.js";
import { temporaryFolder } from "./files.js";
import { hand, png, y4m } from "./pictures.js";
import { standIn } from "./stand-ins.js";
import { TeachTab, hands } from "./teach.js";

/** @typedef {import("./signet.js").Signet} Signet */

const CPU = { query: "?backend=cpu" };
const write = temporaryFolder();
/** @param {number} fingers */
const files = (fingers) => hands(fingers, 4).map((picture, index) => write(`${fingers}-${index}.png`, png(picture)));
const fists = files(0);
const fives = files(5);
const photo = write("photo.png", png(hand(5, 400, 300)));

const { browser, server } = await testWorld({ camera: write("hand.y4m", y4m([hand(4, 320, 240)], 5)) });

/** Two small classes and a model taught with them. @param {Signet} signet */
async function taught(signet) {
  const tab = await TeachTab.open(signet);
  await tab.upload("0", fists);
  await tab.upload("5", fives);
  await tab.train({ epochs: 4, "learning-rate": 0.002 });
  await tab.kept(8, ["project", "taught"]);
  return tab;
}

/** @param {TeachTab} tab */
async function allIsThere(tab) {
  assert.deepEqual((await tab.cards()).map(({ count }) => count), [4, 0, 0, 0, 0, 4]);
  assert.deepEqual([await tab.value("epochs"), await tab.value("learning-rate")], ["4", "0.002"]);
  assert.equal(await tab.modelInUse(), "taught");
}

/** @param {TeachTab} tab @param {RegExp} words */
const says = (tab, words) => tab.signet.until(`a word like ${words}`, async () => (words.test(await tab.text("toast")) ? true : undefined));

/**
 * Ends a worker as the browser does it.
 * @param {Signet} signet
 * @param {RegExp} script
 */
async function end({ page }, script) {
  const worker = page.workers().findLast((each) => script.test(each.url()));
  assert.ok(worker, `one of ${page.workers().map((each) => each.url())}`);
  await worker.close();
}

for (const [name, module] of /** @type {const} */ ([
  ["traps", "trappingAtFiles"], ["is ended", "dyingAtFiles"], ["runs out of memory", "starvingAtFiles"],
])) {
  test(`a recogniser that ${name} at a photo is started again, with the taught model, and answers`, async () => {
    standIn(server, "cpu", module, 1);
    await visit(browser, server, CPU, async (signet) => {
      const tab = await taught(signet);
      const { bars } = await tab.classify(photo);
      await says(tab, /started again/);
      await screenshot(signet.page, "fault-restarted");
      assert.deepEqual((await tab.classify(photo)).bars, bars);
      await allIsThere(tab);
      assert.equal(await signet.error(), undefined);
      await signet.ready(); // after it has looked more closely
    });
  });
}

test("a recogniser that is ended at every photo has its sentence, and goes on with everything else", async () => {
  standIn(server, "cpu", "dyingAtFiles");
  await visit(browser, server, CPU, async (signet) => {
    const tab = await taught(signet);
    await signet.click("mode-upload");
    await signet.choose(photo);
    const { text } = await signet.failure(/^worker-crashed$/);
    assert.match(text, /another/);
    await allIsThere(tab);
    await signet.click("mode-draw");
    await signet.prediction(() => signet.stroke([[0.3, 0.3], [0.7, 0.7]]));
    assert.equal(await signet.error(), undefined);
  });
});

test("a recogniser that is ended before a live webcam is started again, and the webcam goes on", { skip: onlyChromium(CAMERA_FILE) }, async () => {
  await visit(browser, server, CPU, async (signet) => {
    await signet.ready();
    await signet.click("mode-webcam");
    await signet.click("webcam-toggle");
    const more = async () => {
      const { sequence } = await signet.shown();
      await signet.until("live answers", async () => ((await signet.shown()).sequence > sequence + 2 ? true : undefined));
    };
    await more();
    await end(signet, /worker\.js$/);
    await more();
    assert.equal(await signet.error(), undefined);
  });
});

test("while there is no recogniser the project is saved as a file, whole", async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await taught(signet);
    const { bars } = await tab.classify(photo);
    await end(signet, /\/worker\.js$/);
    const project = await tab.saveProject();
    await tab.remove("5");
    await tab.openProject(project);
    await tab.counts("5", 4);
    await allIsThere(tab);
    assert.deepEqual((await tab.classify(photo)).bars, bars);
  });
});

for (const [name, module] of /** @type {const} */ ([
  ["is ended", "dyingInTraining"], ["traps while it is saved", "trappingInSave"], ["is ended while it is saved", "dyingInSave"],
])) {
  test(`a training that ${name} is taken up again; when that fails, too, all is as it was`, async () => {
    await visit(browser, server, CPU, async (signet) => {
      const tab = await taught(signet);
      standIn(server, "cpu_learn", module, 1);
      await tab.start();
      await says(tab, /crashed.*goes on/);
      await tab.reaches("done");
      assert.equal((await tab.history()).length, 4, "no epoch is counted twice");
      await tab.kept(8, ["project", "taught"]);
      const { bars } = await tab.classify(photo);

      standIn(server, "cpu_learn", module);
      await tab.start();
      const { text } = await signet.failure(/^worker-crashed$/);
      assert.ok(text.length > 20, text);
      await tab.becomes("the end", async () => (await tab.progress()).state, "failed");
      await allIsThere(tab);
      if (module !== "dyingInTraining") assert.deepEqual((await tab.classify(photo)).bars, bars, "the model before it answers");
      server.restore();
      await tab.kept(8, ["project", "taught"]);
      await signet.page.reload();
      const again = await TeachTab.open(signet);
      await again.becomes("the model that was taught before", () => again.modelInUse(), "taught");
      await allIsThere(again);
    });
  });
}

test("a training without memory says so, and all is as it was", async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await taught(signet);
    const { bars } = await tab.classify(photo);
    standIn(server, "cpu_learn", "starving");
    await tab.start();
    await signet.failure(/^worker-crashed$/);
    await tab.becomes("the end", async () => (await tab.progress()).state, "failed");
    await allIsThere(tab);
    assert.deepEqual((await tab.classify(photo)).bars, bars);
  });
});

test("a training whose worker is ended in earnest, twice, keeps what it had saved", async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await taught(signet);
    standIn(server, "cpu_learn", "slowInTraining");
    await tab.set({ epochs: 30 });
    await tab.start();
    await tab.kept(8, ["project", "taught", "training"]);
    await end(signet, /train-worker\.js$/);
    await says(tab, /crashed.*goes on/);
    await tab.inEpoch(2);
    await end(signet, /train-worker\.js$/);
    await signet.failure(/^worker-crashed$/);
    await tab.becomes("the end", async () => (await tab.progress()).state, "failed");
    assert.ok((await tab.history()).length >= 1);
    assert.equal(await tab.modelInUse(), "taught");
    await tab.classify(photo);
  });
});
