// A training as the person follows it: its settings, the time that it takes, what is said on its way; in a hidden tab,
// and while something else is wanted of the page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { screenshot, testWorld, visit } from "./browser.js";
import { temporaryFolder } from "./files.js";
import { hand, png } from "./pictures.js";
import { standIn } from "./stand-ins.js";
import { TeachTab, hands } from "./teach.js";

/** @typedef {import("./signet.js").Signet} Signet */

const CPU = { query: "?backend=cpu" };
const write = temporaryFolder();
/** @param {number} fingers */
const files = (fingers) => hands(fingers, 4).map((picture, index) => write(`${fingers}-${index}.png`, png(picture)));
const fists = files(0);
const fives = files(5);
const other = write("other.png", png(hand(5, 210, 200)));

const { browser, server } = await testWorld();

/** The tab with two small classes. @param {Signet} signet */
async function withSamples(signet) {
  const tab = await TeachTab.open(signet);
  await tab.upload("0", fists);
  await tab.upload("5", fives);
  return tab;
}

test("each scope brings its defaults for what was left alone, and Reset Defaults brings them back", async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await TeachTab.open(signet);
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
});

test("with augmentation the frozen part looks at four forms of each image to learn from, and at one of each to check", async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await withSamples(signet);
    for (const [augmented, total] of /** @type {const} */ ([[false, 6 + 2], [true, 4 * 6 + 2]])) {
      if (augmented) await signet.click("augmentation");
      const said = await signet.watch("training-progress");
      await tab.train({ epochs: 2 });
      const totals = new Set((await said()).flatMap((line) => /Looking at the images, \d+ of (\d+)/.exec(line)?.[1] ?? []));
      assert.deepEqual([...totals], [String(total)], `augmentation: ${augmented}`);
    }
  });
});

test("it goes on in a hidden tab; the time left and each quarter are told", async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await withSamples(signet);
    await signet.until("the estimate", async () => (/^Takes about\s\d+\s(sec|min)/.test(await tab.text("train-reason")) ? true : undefined));
    standIn(server, "cpu_learn", "slowInTraining");
    await tab.set({ epochs: 12 });
    const said = await signet.watch("training-progress");
    const announced = await signet.watch("announcer");
    await tab.start();
    await tab.inEpoch(2);

    const before = await signet.page.browserContext().newPage();
    await before.bringToFront();
    await signet.until("the tab to be hidden", () => signet.page.evaluate(() => (document.hidden ? true : undefined)));
    const { epoch } = await tab.progress();
    await tab.inEpoch(epoch + 3);
    assert.equal(await signet.page.evaluate(() => document.hidden), true);
    await before.close();
    await signet.page.bringToFront();

    await tab.reaches("done");
    assert.equal((await tab.history()).length, 12);
    assert.ok((await said()).some((line) => /Epoch \d+ of 12, batch \d+ of \d+, about\s\d+\s(sec|min) left/.test(line)), (await said()).join("\n"));
    const quarters = (await announced()).flatMap((line) => /^(A quarter|Half|Three quarters) of the training done, [\d.]+% right\.$/.exec(line)?.[1] ?? []);
    assert.deepEqual(quarters, ["A quarter", "Half", "Three quarters"]);
    assert.match((await announced()).join("\n"), /^Done: the best of 12 epochs is in use\.$/m);
  });
});

test("while it runs no other model can be brought, and a project that is opened takes the page over at once", async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await withSamples(signet);
    const held = () => Promise.all(["import-model-input", "reset-model"].map((hook) => signet.page.$eval(signet.selector(hook), (control) => {
      const { disabled, title, labels } = /** @type {HTMLInputElement} */ (control);
      return [disabled, title || (labels?.[0]?.title ?? "")];
    })));
    await tab.becomes("nothing to reset", async () => (await held()).map(([disabled]) => disabled), [false, true]);
    await tab.train({ epochs: 3 });
    const answer = await tab.classify(other);
    const project = await tab.saveProject();
    await tab.becomes("both to be free", async () => (await held()).map(([disabled]) => disabled), [false, false]);

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
    assert.deepEqual((await tab.classify(other)).bars, answer.bars, "and its model");
    await tab.becomes("no training", async () => (await tab.progress()).state, "idle");
    assert.equal(await tab.visible("stop"), false);
    await tab.becomes("both to be free", async () => (await held()).map(([disabled]) => disabled), [false, false]);
    await tab.becomes("nothing to resume", () => tab.visible("interrupted"), false);
    server.restore();
    await tab.train({ epochs: 2 });
  });
});
