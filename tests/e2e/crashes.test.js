// What a browser that is killed leaves behind, at moments of recording, training and saving: at most the last second
// is lost, and what is there is whole.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DEVTOOLS, launch, onlyChromium, testWorld } from "./browser.js";
import { emptyFolder, write } from "./files.js";
import { hand, png, y4m } from "./pictures.js";
import { standIn } from "./stand-ins.js";
import { TeachTab } from "./teach.js";

/** @typedef {import("puppeteer-core").Page} Page */
/** @typedef {() => Promise<void>} Kill */

const skip = onlyChromium(DEVTOOLS);
const camera = write("hands.y4m", y4m([0, 5].map((fingers) => hand(fingers, 320, 240)), 5));
const other = write("other.png", png(hand(5, 210, 200)));

const { server, teachTest, visit } = await testWorld({ camera });

/**
 * Opens the page in a browser with a profile on the disk, ends that browser with all that it has open, and opens
 * the page again in another browser with the same profile.
 * @param {(tab: TeachTab, kill: Kill) => Promise<void>} before ends the browser itself, with `kill`
 * @param {(tab: TeachTab) => Promise<void>} after
 * @param {{ signal?: NodeJS.Signals, prepare?: (page: Page, kill: Kill) => Promise<void> }} [how]
 */
async function throughAKill(before, after, { signal = "SIGKILL", prepare } = {}) {
  const profile = emptyFolder();
  const first = await launch({ camera, profile });
  const kill = async () => {
    const gone = new Promise((done) => first.once("disconnected", done));
    first.process()?.kill(signal);
    await gone;
  };
  try {
    await visit({ browser: first, profile: true, before: async (page) => prepare?.(page, kill) }, async (signet) => before(await TeachTab.open(signet), kill));
  } finally {
    first.process()?.kill("SIGKILL");
  }
  const second = await launch({ camera, profile });
  try {
    await visit({ browser: second, profile: true }, async (signet) => after(await TeachTab.open(signet)));
  } finally {
    await second.close();
  }
}

/** Records, and says how many images were there a second before the end. @param {TeachTab} tab @param {string} label @param {number} images */
async function record(tab, label, images) {
  const noted = await tab.record(label, images);
  return Math.max(0, ...noted.filter(({ at }) => at <= Date.now() - 1000).map(({ count }) => count));
}

/** What is there is whole: nothing had to be left out, and as many images as there were a second before. @param {TeachTab} tab @param {string} label @param {number} sure */
async function isWhole(tab, label, sure) {
  assert.doesNotMatch(await tab.text("toast"), /damaged/);
  assert.equal(await tab.error(), undefined);
  const kept = await tab.count(label);
  console.log(`${sure} images of ${label} a second before the end; ${kept} kept`);
  assert.ok(kept >= sure, `${kept} of ${sure}`);
  return kept;
}

for (const [signal, images] of /** @type {const} */ ([["SIGKILL", 2], ["SIGKILL", 9], ["SIGTERM", 6]])) {
  test(`a browser that is ended by ${signal} after ${images} images, while it records, has all but the last second`, { skip }, async () => {
    let sure = NaN;
    await throughAKill(async (tab, kill) => {
      await tab.rename("1", "thumb");
      await tab.addHands(4);
      sure = await record(tab, "5", 4 + images);
      await kill();
    }, async (tab) => {
      await isWhole(tab, "5", sure);
      assert.equal(await tab.count("0"), 4);
      assert.deepEqual(await tab.labels(), ["0", "thumb", "2", "3", "4", "5"]);
    }, { signal });
  });
}

teachTest("a tab that crashes, and one that is reloaded, while it records has all but the last second", { skip, expectedErrors: [/the tab crashed/] }, async (tab) => {
  const sure = await record(tab, "4", 6);
  const devtools = await tab.page.createCDPSession();
  void devtools.send("Page.crash").catch(() => {});
  const again = await TeachTab.open(await tab.another());
  const kept = await isWhole(again, "4", sure);
  assert.equal(await again.visible("store-notice"), false, "it is the one that keeps the project");

  again.page.on("dialog", (dialog) => void dialog.accept());
  const surer = await record(again, "5", 6);
  await again.page.reload();
  await TeachTab.open(again);
  await isWhole(again, "5", surer);
  assert.equal(await again.count("4"), kept);
});

/** Ends the browser in the midst of the write of a record. @param {"training" | "taught"} record */
const whileStoring = (record) => async (/** @type {Page} */ page, /** @type {Kill} */ kill) => {
  await page.exposeFunction("killNow", () => void kill());
  await page.evaluateOnNewDocument((record) => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (/** @type {unknown} */ value, /** @type {IDBValidKey | undefined} */ key) {
      if (key === record) /** @type {typeof globalThis & { killNow(): void }} */ (globalThis).killNow();
      return put.call(this, value, key);
    };
  }, record);
};

/** Waits until the browser is killed. @param {TeachTab} tab */
async function killed(tab) {
  await assert.rejects(tab.until("the kill", () => tab.page.title().then(() => undefined)));
  assert.equal(tab.page.isClosed() || !tab.page.browser().connected, true);
}

/** @type {[name: string, isTime: (tab: TeachTab) => Promise<unknown>, isSaved: boolean | undefined, record?: "training" | "taught"][]} */
const KILLS = [
  ["before a training was saved has the samples and the settings", (tab) => tab.inEpoch(1), undefined],
  ["after a training was saved goes on with it", (tab) => tab.kept(8, ["project", "training"]), true],
  ["in the midst of storing a training has all from before it", killed, undefined, "training"],
  ["in the midst of storing the taught model has all from before it", killed, undefined, "taught"],
];

for (const [name, isTime, isSaved, record] of KILLS) {
  test(`a browser that is killed ${name}`, { skip }, async () => {
    await throughAKill(async (tab, kill) => {
      await tab.addHands(4);
      await tab.kept(8);
      standIn(server, "cpu_learn", "slowInTraining");
      await tab.set({ epochs: 6 });
      await tab.start();
      await isTime(tab);
      if (!record) await kill();
    }, async (tab) => {
      // Whatever the kill has left, all samples and settings are there, and the tab teaches.
      server.restore();
      assert.deepEqual(await tab.samples(), [4, 0, 0, 0, 0, 4]);
      assert.equal(await tab.value("epochs"), "6");
      await isWhole(tab, "5", 4);
      const isOffered = await tab.visible("interrupted");
      assert.equal(isOffered, isSaved ?? isOffered);
      await tab.start(isOffered ? "resume" : "train");
      await tab.reaches("done");
      assert.equal((await tab.history()).length, 6);
      await tab.classify(other);
    }, { prepare: record && whileStoring(record) });
  });
}
