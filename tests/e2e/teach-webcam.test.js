// Teaching with the webcam: held, in a burst, one by one; and the taught model on it, while it trains and after.

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { CAMERA_FILE, onlyChromium, testWorld } from "./browser.js";
import { write } from "./files.js";
import { hand, y4m } from "./pictures.js";
import { TeachTab } from "./teach.js";

/** @typedef {import("./signet.js").Signet} Signet */

const film = write("hands.y4m", y4m([0, 5].flatMap((fingers) => Array(10).fill(hand(fingers, 320, 240))), 10));

const { teachTest } = await testWorld({ camera: film });

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

/** How many images of a class there are, once none comes any more. @param {TeachTab} tab @param {string} label */
async function settledCount(tab, label) {
  let count = -1;
  await tab.until("the last image", async () => {
    const before = count;
    count = await tab.count(label);
    await pause(500);
    return count === before;
  });
  return count;
}

teachTest("four to five images a second are recorded, a burst, and webcam answers that go on while it trains, without a long task on the page", { skip: onlyChromium(CAMERA_FILE) }, async (tab) => {
  await tab.press("2", "class-webcam");
  await tab.until("the camera", () => tab.page.$eval(tab.within("2", "recorder"), (element) => /** @type {HTMLElement} */ (element).dataset["state"] === "live"));
  const start = Date.now();
  await tab.record("2", 0);
  await pause(3000);
  await tab.page.mouse.up();
  const seconds = (Date.now() - start) / 1000;
  const count = await settledCount(tab, "2");
  console.log(`${count} images in ${seconds} s`);
  // On a busy machine fewer, never more.
  assert.ok(count >= (8 / 3) * seconds && count <= (16 / 3) * seconds, `${count} images in ${seconds} s`);
  await tab.remove("2");

  await tab.rename("0", "fist");
  await tab.becomes("the name", async () => (await tab.labels())[0], "fist");
  for (const [label, images] of /** @type {const} */ ([["fist", 5], ["1", 4]])) {
    await tab.record(label, images);
    await tab.page.mouse.up();
  }
  await tab.press("5", "class-webcam");
  await tab.press("5", "burst");
  await tab.until("the countdown", async () => (await tab.count("5")) === 0 && /^[123]$/.test(await tab.text("countdown")));
  await tab.counts("5", 20);
  const recorded = await tab.count("fist");
  await tab.press("5", "recorder-close");

  await tab.goLive();
  const sequence = async () => (await tab.shown()).sequence;
  assert.equal(await tab.count("fist"), recorded, "nothing is recorded after the release");

  for (const settings of /** @type {const} */ ([{ scope: "head", epochs: 300 }, { scope: "stage", epochs: 3 }, { scope: "all", epochs: 1 }])) {
    await tab.set(settings);
    const first = await sequence();
    const tasks = await longTasks(tab.page, async () => {
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
  const { label, bars } = await tab.live();
  assert.deepEqual([Object.keys(bars), bars[label]], [labels, Math.max(...Object.values(bars))], "by its own names");
  await tab.click("webcam-toggle");
});
