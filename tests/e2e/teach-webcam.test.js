// Teaching with the webcam: held, in a burst, one by one; and the taught model on it, while it trains and after.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { CAMERA_FILE, onlyChromium, screenshot, testWorld, visit } from "./browser.js";
import { temporaryFolder } from "./files.js";
import { hand, y4m } from "./pictures.js";
import { TeachTab } from "./teach.js";

/** @typedef {import("./signet.js").Signet} Signet */

const CPU = { query: "?backend=cpu" };
const write = temporaryFolder();
const film = write("hands.y4m", y4m([0, 5].flatMap((fingers) => Array(10).fill(hand(fingers, 320, 240))), 10));

const { browser, server } = await testWorld({ camera: film });

/**
 * What holds the page's thread for more than 50 ms meanwhile: `busy` by the time that the thread really computed;
 * `seen` as the page's own observer counts, which is by the clock. Where two cores train and classify, and whatever
 * else the machine does, any task of the page may have to wait for one of them: `seen` is told and not judged.
 * @param {import("puppeteer-core").Page} page
 * @param {() => Promise<unknown>} action
 */
async function longTasks(page, action) {
  const observer = await page.evaluateHandle(() => {
    /** @type {number[]} */
    const seen = [];
    new PerformanceObserver((list) => seen.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask" });
    return seen;
  });
  await page.tracing.start({ categories: ["toplevel"] });
  await action();
  const trace = Buffer.from((await page.tracing.stop()) ?? []).toString("utf8");
  const seen = await observer.jsonValue();
  /** @type {{ name: string, ph: string, pid: number, tid: number, tdur?: number, args: { name?: string } }[]} */
  const events = JSON.parse(trace).traceEvents;
  const isMain = new Set(events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(({ pid, tid }) => `${pid}/${tid}`));
  const tasks = events.filter(({ ph, name, pid, tid }) => ph === "X" && /RunTask/.test(name) && isMain.has(`${pid}/${tid}`));
  assert.ok(tasks.length > 100, `${tasks.length} tasks were traced`);
  const busy = tasks.map(({ tdur = 0 }) => tdur / 1000).filter((milliseconds) => milliseconds > 50);
  return { seen, busy, longest: Math.max(...tasks.map(({ tdur = 0 }) => tdur / 1000)) };
}

/** Presses the button of a card that records, until `enough`. @param {TeachTab} tab @param {string} label @param {() => Promise<unknown>} enough */
async function hold(tab, label, enough) {
  const button = await tab.part(label, "record");
  await button.scrollIntoView();
  const box = await button.boundingBox();
  assert.ok(box);
  await tab.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await tab.page.mouse.down();
  await enough();
  await screenshot(tab.page, `teach-recording-${label}`);
  await tab.page.mouse.up();
}

test("while the button is held, four to five images a second are recorded", { skip: onlyChromium(CAMERA_FILE) }, async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await TeachTab.open(signet);
    await tab.press("3", "class-webcam");
    await signet.until("the camera", () => signet.page.$eval(tab.within("3", "recorder"), (element) => (
      /** @type {HTMLElement} */ (element).dataset["state"] === "live" ? true : undefined)));
    let start = 0;
    await hold(tab, "3", async () => {
      start = Date.now();
      await pause(3000);
    });
    const seconds = (Date.now() - start) / 1000;
    let count = -1;
    await signet.until("the last image", async () => {
      const before = count;
      count = await tab.count("3");
      await pause(500);
      return count === before ? true : undefined;
    });
    console.log(`${count} images in ${seconds} s`);
    // On a busy machine fewer, never more.
    assert.ok(count >= (8 / 3) * seconds && count <= (16 / 3) * seconds, `${count} images in ${seconds} s`);
  });
});

test("hold to record, a burst, and webcam answers that go on while it trains, without a long task on the page", { skip: onlyChromium(CAMERA_FILE) }, async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await TeachTab.open(signet);
    const recorded = (/** @type {string} */ label, /** @type {number} */ count) => hold(tab, label, () => (
      signet.until(`${count} images in ${label}`, async () => ((await tab.count(label)) >= count ? true : undefined))));
    await tab.rename("0", "fist");
    await tab.becomes("the name", async () => (await tab.labels())[0], "fist");
    await recorded("fist", 5);
    await recorded("1", 4);
    await tab.press("5", "class-webcam");
    await tab.press("5", "burst");
    await signet.until("the countdown", async () => (
      (await tab.count("5")) === 0 && /^[123]$/.test(await tab.text("countdown")) ? true : undefined));
    await screenshot(signet.page, "teach-countdown");
    await tab.counts("5", 20);
    const rate = await tab.count("fist");
    await tab.press("5", "recorder-close");

    await signet.click("mode-webcam");
    await signet.click("webcam-toggle");
    const sequence = async () => (await signet.shown()).sequence;
    await signet.until("live answers", async () => ((await sequence()) > 2 ? true : undefined));
    assert.equal(await tab.count("fist"), rate, "nothing is recorded after the release");

    for (const settings of /** @type {const} */ ([{ scope: "head", epochs: 300 }, { scope: "stage", epochs: 3 }, { scope: "all", epochs: 1 }])) {
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
    assert.equal(await tab.modelInUse(), "taught");
    const labels = ["1", "5", "fist"]; // in the order of an object's keys: numbers first
    await tab.usesLabels(labels);
    const since = await sequence();
    await signet.until("live answers of the taught model", async () => ((await sequence()) > since + 2 ? true : undefined));
    const { label, bars } = await signet.shown();
    assert.deepEqual([Object.keys(bars), bars[label]], [labels, Math.max(...Object.values(bars))], "by its own names");
    await screenshot(signet.page, "teach-webcam");
    await signet.click("webcam-toggle");
  });
});
