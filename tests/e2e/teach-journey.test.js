// Teaching from the first sample to the model in use: classes, samples, training, trying, by mouse.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { screenshot, testWorld, visit } from "./browser.js";
import { temporaryFolder } from "./files.js";
import { hand, png, y4m } from "./pictures.js";
import { TeachTab, hands } from "./teach.js";

/** @typedef {import("./signet.js").Signet} Signet */

const CPU = { query: "?backend=cpu" };
const write = temporaryFolder();
/** @param {number} fingers @param {number} count */
const files = (fingers, count) => hands(fingers, count).map((picture, index) => write(`${fingers}-${index}.png`, png(picture)));
const fists = files(0, 8);
const fives = files(5, 8);
const fist = write("fist.png", png(hand(0, 210, 200)));
const five = write("five.png", png(hand(5, 210, 200)));
const film = write("hands.y4m", y4m([0, 5].flatMap((fingers) => Array(10).fill(hand(fingers, 320, 240))), 10));

const { browser, server } = await testWorld({ camera: film });

/** Two classes of names of their own, with their samples. @param {TeachTab} tab */
async function fistAndOpen(tab) {
  await tab.keepOnly(["0", "5"]);
  await tab.rename("0", "fist");
  await tab.rename("5", "open");
  await tab.becomes("the names", () => tab.labels(), ["fist", "open"]);
  await tab.upload("fist", fists);
  await tab.upload("open", fives);
}

/** @param {TeachTab} tab */
const modelInUse = (tab) => tab.page.$eval(tab.signet.selector("model-switch"), (element) => {
  const { checked, disabled } = /** @type {HTMLInputElement} */ (element);
  return disabled ? "original only" : checked ? "taught" : "original";
});

/**
 * What holds the page's thread for more than 50 ms meanwhile: `seen` as the page's own observer counts, which is by
 * the clock and counts the waiting for a core as well; `busy` by the time that the thread really computed.
 * @param {import("puppeteer-core").Page} page
 * @param {() => Promise<unknown>} action
 */
async function longTasks(page, action) {
  await page.evaluate(() => {
    const self = /** @type {typeof globalThis & { longTasks: number[] }} */ (globalThis);
    self.longTasks = [];
    new PerformanceObserver((list) => self.longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask" });
  });
  await page.tracing.start({ categories: ["toplevel"] });
  await action();
  const trace = Buffer.from((await page.tracing.stop()) ?? []).toString("utf8");
  const seen = await page.evaluate(() => /** @type {typeof globalThis & { longTasks: number[] }} */ (globalThis).longTasks);
  /** @type {{ name: string, ph: string, pid: number, tid: number, tdur?: number, args: { name?: string } }[]} */
  const events = JSON.parse(trace).traceEvents;
  const isMain = new Set(events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(({ pid, tid }) => `${pid}/${tid}`));
  const tasks = events.filter(({ ph, name, pid, tid }) => ph === "X" && /RunTask/.test(name) && isMain.has(`${pid}/${tid}`));
  assert.ok(tasks.length > 100, `${tasks.length} tasks were traced`);
  const busy = tasks.map(({ tdur = 0 }) => tdur / 1000).filter((milliseconds) => milliseconds > 50);
  return { seen, busy, longest: Math.max(...tasks.map(({ tdur = 0 }) => tdur / 1000)) };
}

test("classes are added, named, moved, switched off and deleted, up to thirty, and a name is only text", async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await TeachTab.open(signet);
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
});

test("samples come by upload, folder, drop, paste and drawing; they move, go and come back", async () => {
  await visit(browser, server, CPU, async (signet) => {
    await signet.page.browserContext().overridePermissions(server.origin, ["clipboard-read", "clipboard-sanitized-write"]);
    const tab = await TeachTab.open(signet);
    assert.match(await tab.text("samples-count"), /^0 of up to (1,000|400) images$/);
    await tab.upload("0", fists);
    assert.equal((await tab.thumbs("0")).length, fists.length);

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
    await tab.press("3", "class-webcam");
    await signet.page.keyboard.down("Control");
    await signet.page.keyboard.press("KeyV", { commands: ["Paste"] });
    await signet.page.keyboard.up("Control");
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

    // Deleted and undone at the same place; moved.
    const before = await tab.thumbs("0");
    const third = async () => (await tab.page.$$(tab.within("0", "sample")))[2];
    await (await third())?.click();
    await signet.click("delete-sample");
    await tab.counts("0", fists.length - 1);
    await signet.click("undo");
    await tab.becomes("the same order", () => tab.thumbs("0"), before);
    await (await third())?.click();
    await screenshot(signet.page, "teach-sample-opened");
    const five_ = await signet.page.$eval(tab.within("5"), (card) => card.getAttribute("data-id") ?? "");
    await signet.page.select(signet.selector("move-to"), five_);
    await tab.counts("0", fists.length - 1);
    assert.deepEqual(await tab.thumbs("5"), [before[2]]);
    await screenshot(signet.page, "teach-ways");
  });
});

test("train, stop, retrain, train more; the matrix, the switch and the way back", async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await TeachTab.open(signet);
    assert.match(await tab.reason(), /2 classes/);
    await tab.upload("0", fists.slice(0, 1));
    await tab.upload("5", fives.slice(0, 2));
    await signet.until("the reason by name", async () => (/“0”/.test(await tab.reason()) ? true : undefined));
    await tab.press("0", "sample");
    await signet.click("delete-sample");
    await tab.counts("0", 0);
    await signet.until("the reason for one class", async () => (/2 classes/.test(await tab.reason()) ? true : undefined));
    await tab.press("5", "sample");
    await signet.click("delete-sample");
    await tab.press("5", "sample");
    await signet.click("delete-sample");
    await fistAndOpen(tab);
    await signet.until("no reason", async () => ((await tab.reason()) === "" ? true : undefined));

    await tab.set({ epochs: 1000 });
    await tab.start();
    await tab.inEpoch(3);
    await screenshot(signet.page, "teach-training");
    await signet.click("stop");
    assert.match((await tab.reaches("stopped")).text, /best so far is in use/);
    assert.equal(await modelInUse(tab), "taught");
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
    assert.equal(await modelInUse(tab), "original");
    await signet.prediction(() => signet.click("model-switch"));
    await tab.usesLabels(["fist", "open"]);
    await signet.click("mode-draw");
    const drawn = await signet.prediction(() => signet.stroke([[0.5, 0.9], [0.5, 0.2]]));
    assert.deepEqual(Object.keys(drawn.bars), ["fist", "open"]);
    await screenshot(signet.page, "teach-tried");

    assert.equal(await tab.visible("out-of-date"), false);
    await tab.upload("fist", [fist]);
    await signet.until("out of date", async () => ((await tab.visible("out-of-date")) ? true : undefined));
    assert.equal(await modelInUse(tab), "taught", "it is not discarded");
    await screenshot(signet.page, "teach-out-of-date");
    await tab.press("fist", "sample");
    await signet.click("delete-sample");
    await signet.until("up to date again", async () => ((await tab.visible("out-of-date")) ? undefined : true));

    const cells = await tab.matrix();
    const total = cells.reduce((sum, { count }) => sum + count, 0);
    assert.equal(total, 2, "one of eight for each class, kept for checking");
    const cell = await signet.page.$(`${signet.selector("confusion-matrix")} ${signet.selector("cell")}`);
    await cell?.scrollIntoView();
    await screenshot(signet.page, "teach-matrix");
    await cell?.click();
    await screenshot(signet.page, "teach-cell");
    await signet.click("delete-sample");
    await tab.becomes("one image less", async () => (await tab.matrix()).reduce((sum, { count }) => sum + count, 0), 1);
    assert.equal((await tab.count("fist")) + (await tab.count("open")), 15);
    await signet.click("undo");
    await tab.becomes("the image again", async () => (await tab.matrix()).reduce((sum, { count }) => sum + count, 0), 2);

    await signet.click("reset-model");
    await tab.usesLabels(["0", "1", "2", "3", "4", "5"]);
    assert.equal(await modelInUse(tab), "original only");
    await signet.click("tab-classify");
    await signet.click("mode-upload");
    await signet.upload(fist);
    assert.deepEqual(Object.keys((await signet.shown()).bars), ["0", "1", "2", "3", "4", "5"]);
  });
});

test("hold to record, a burst, and webcam answers that go on while it trains, without a long task on the page", async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await TeachTab.open(signet);
    const hold = async (/** @type {string} */ label, /** @type {number} */ count) => {
      const button = await tab.part(label, "record");
      await button.scrollIntoView();
      const box = await button.boundingBox();
      assert.ok(box);
      await signet.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await signet.page.mouse.down();
      await signet.until(`${count} images in ${label}`, async () => ((await tab.count(label)) >= count ? true : undefined));
      await screenshot(signet.page, `teach-recording-${label}`);
      await signet.page.mouse.up();
    };
    await hold("0", 5);
    await hold("1", 4);
    await tab.press("5", "class-webcam");
    await tab.press("5", "burst");
    await signet.until("the countdown", async () => ((await tab.count("5")) === 0 && /^[123]$/.test(
      await signet.page.$eval(tab.within("5", "recorder"), (element) => element.querySelector(".countdown")?.textContent ?? "")) ? true : undefined));
    await screenshot(signet.page, "teach-countdown");
    await tab.counts("5", 20);
    const rate = await tab.count("0");
    await tab.press("5", "recorder-close");

    await signet.click("mode-webcam");
    await signet.click("webcam-toggle");
    const sequence = async () => (await signet.shown()).sequence;
    await signet.until("live answers", async () => ((await sequence()) > 2 ? true : undefined));
    assert.equal(await tab.count("0"), rate, "nothing is recorded after the release");

    for (const settings of /** @type {const} */ ([{ scope: "head", epochs: 300 }, { scope: "stage", epochs: 3 }])) {
      await tab.set(settings);
      const first = await sequence();
      const tasks = await longTasks(signet.page, async () => {
        await tab.start();
        await tab.reaches("done");
      });
      const answers = (await sequence()) - first;
      console.log(`${settings.scope}: ${answers} answers while it trained; tasks over 50 ms: ${JSON.stringify(tasks)}`);
      assert.ok(answers >= 3, `${answers} answers while it trained`);
      assert.deepEqual(tasks.busy, [], "tasks on the page's thread while it trained, in ms");
    }
    await signet.until("a live answer of the taught model", async () => ((await sequence()) > 5 && (await modelInUse(tab)) === "taught" ? true : undefined));
    await screenshot(signet.page, "teach-webcam");
    await signet.click("webcam-toggle");
  });
});
