// What a browser that is killed leaves behind, at moments of recording, training and saving: at most the last second
// is lost, and what is there is whole.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DEVTOOLS, launch, onlyChromium, testWorld, visit } from "./browser.js";
import { emptyFolder, temporaryFolder } from "./files.js";
import { hand, png, y4m } from "./pictures.js";
import { Signet } from "./signet.js";
import { standIn } from "./stand-ins.js";
import { TeachTab, hands } from "./teach.js";

/** @typedef {import("puppeteer-core").Page} Page */

const CPU = { query: "?backend=cpu", profile: true };
const write = temporaryFolder();
const camera = write("hands.y4m", y4m([0, 5].map((fingers) => hand(fingers, 320, 240)), 5));
/** @param {number} fingers */
const files = (fingers) => hands(fingers, 4).map((picture, index) => write(`${fingers}-${index}.png`, png(picture)));
const fists = files(0);
const fives = files(5);
const other = write("other.png", png(hand(5, 210, 200)));

const { browser: usual, server } = await testWorld({ camera });

/**
 * Opens the page in a browser with a profile on the disk, ends that browser with all that it has open, and opens
 * the page again in another browser with the same profile.
 * @param {(tab: TeachTab, kill: () => Promise<void>) => Promise<void>} before ends the browser itself, with `kill`
 * @param {(tab: TeachTab) => Promise<void>} after
 * @param {{ signal?: NodeJS.Signals, prepare?: (page: Page, kill: () => Promise<void>) => Promise<void> }} [how]
 */
async function throughAKill(before, after, { signal = "SIGKILL", prepare } = {}) {
  const profile = emptyFolder();
  const first = await launch({ camera, profile });
  const gone = new Promise((done) => first.once("disconnected", done));
  const kill = async () => {
    first.process()?.kill(signal);
    await gone;
  };
  try {
    await visit(first, server, { ...CPU, before: async (page) => prepare?.(page, kill) }, async (signet) => (
      before(await TeachTab.open(signet), kill)));
  } finally {
    first.process()?.kill("SIGKILL");
  }
  const second = await launch({ camera, profile });
  try {
    await visit(second, server, CPU, async (signet) => after(await TeachTab.open(signet)));
  } finally {
    await second.close();
  }
}

/**
 * Records with the button held down, and notes when how many images were there.
 * @param {TeachTab} tab
 * @param {string} label
 * @param {number} images
 */
async function record(tab, label, images) {
  const button = await tab.part(label, "record");
  await button.scrollIntoView();
  await button.hover();
  await tab.page.mouse.down();
  /** @type {{ at: number, count: number }[]} */
  const noted = [];
  await tab.signet.until(`${images} images`, async () => {
    const count = await tab.count(label);
    noted.push({ at: Date.now(), count });
    return count >= images ? true : undefined;
  });
  return noted;
}

/** How many were there a second ago, or earlier. @param {{ at: number, count: number }[]} noted */
const aSecondAgo = (noted) => Math.max(0, ...noted.filter(({ at }) => at <= Date.now() - 1000).map(({ count }) => count));

/** What is there is whole: nothing had to be left out, and it can be taught with. @param {TeachTab} tab */
async function isWhole(tab) {
  assert.doesNotMatch(await tab.text("toast"), /damaged/);
  assert.equal(await tab.signet.error(), undefined);
}

/** @param {TeachTab} tab */
const counts = async (tab) => (await tab.cards()).map(({ count }) => count);

for (const images of [2, 9]) {
  test(`a browser that is killed after ${images} images, while it records, has all but the last second`, { skip: onlyChromium(DEVTOOLS) }, async () => {
    let sure = NaN;
    await throughAKill(async (tab, kill) => {
      await tab.rename("1", "thumb");
      await tab.upload("0", fists);
      const noted = await record(tab, "5", images);
      sure = aSecondAgo(noted);
      await kill();
    }, async (tab) => {
      const kept = await tab.count("5");
      console.log(`${images} images recorded, ${sure} of them a second before the kill; ${kept} kept`);
      assert.ok(kept >= sure, `${kept} of ${sure}`);
      assert.equal(await tab.count("0"), fists.length);
      assert.deepEqual(await tab.labels(), ["0", "thumb", "2", "3", "4", "5"]);
      await isWhole(tab);
    });
  });
}

test("a browser that is told to end while it records has all but the last second", { skip: onlyChromium(DEVTOOLS) }, async () => {
  let sure = NaN;
  await throughAKill(async (tab, kill) => {
    const noted = await record(tab, "5", 6);
    sure = aSecondAgo(noted);
    await kill();
  }, async (tab) => {
    assert.ok((await tab.count("5")) >= sure, `${await tab.count("5")} of ${sure}`);
    await isWhole(tab);
  }, { signal: "SIGTERM" });
});

test("a tab that crashes, and one that is reloaded, while it records has all but the last second", { skip: onlyChromium(DEVTOOLS) }, async () => {
  const options = { ...CPU, profile: false, expectedErrors: [/the tab crashed/] };
  await visit(usual, server, options, async (signet) => {
    const tab = await TeachTab.open(signet);
    const noted = await record(tab, "4", 6);
    const sure = aSecondAgo(noted);
    const page = await signet.page.browserContext().newPage();
    const devtools = await signet.page.createCDPSession();
    void devtools.send("Page.crash").catch(() => {});
    await page.goto(`${server.origin}/?backend=cpu`);
    const again = await TeachTab.open(new Signet(page));
    const kept = await again.count("4");
    assert.ok(kept >= sure, `${kept} of ${sure}`);
    await isWhole(again);
    assert.equal(await again.visible("store-notice"), false, "it is the one that keeps the project");

    page.on("dialog", (dialog) => void dialog.accept());
    const more = await record(again, "5", 6);
    const surer = aSecondAgo(more);
    await page.reload();
    const third = await TeachTab.open(new Signet(page));
    assert.ok((await third.count("5")) >= surer, `${await third.count("5")} of ${surer}`);
    assert.equal(await third.count("4"), kept);
    await isWhole(third);
  });
});

/** Ends the browser in the midst of the write of a record. @param {"training" | "taught"} record */
const whileStoring = (record) => async (/** @type {Page} */ page, /** @type {() => Promise<void>} */ kill) => {
  await page.exposeFunction("killNow", () => void kill());
  await page.evaluateOnNewDocument((record) => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (/** @type {unknown} */ value, /** @type {IDBValidKey | undefined} */ key) {
      if (key === record) /** @type {typeof globalThis & { killNow(): void }} */ (globalThis).killNow();
      return put.call(this, value, key);
    };
  }, record);
};

/** @param {TeachTab} tab */
async function beginTraining(tab) {
  await tab.upload("0", fists);
  await tab.upload("5", fives);
  await tab.kept(8);
  standIn(server, "cpu_learn", "slowInTraining");
  await tab.set({ epochs: 6 });
  await tab.start();
}

/** Whatever the kill has left, all samples and settings are there, and the tab teaches. @param {TeachTab} tab */
async function goesOn(tab) {
  server.restore();
  assert.deepEqual(await counts(tab), [4, 0, 0, 0, 0, 4]);
  assert.equal(await tab.value("epochs"), "6");
  await isWhole(tab);
  const wasSaved = await tab.visible("interrupted");
  await tab.start(wasSaved ? "resume" : "train");
  await tab.reaches("done");
  assert.equal((await tab.history()).length, 6);
  await tab.classify(other);
  return wasSaved;
}

test("a browser that is killed before a training was saved has the samples and the settings", { skip: onlyChromium(DEVTOOLS) }, async () => {
  await throughAKill(async (tab, kill) => {
    await beginTraining(tab);
    await tab.inEpoch(1);
    await kill();
  }, async (tab) => {
    await goesOn(tab);
  });
});

test("a browser that is killed after a training was saved goes on with it", { skip: onlyChromium(DEVTOOLS) }, async () => {
  await throughAKill(async (tab, kill) => {
    await beginTraining(tab);
    await tab.kept(8, ["project", "training"]);
    await kill();
  }, async (tab) => {
    assert.equal(await goesOn(tab), true);
  });
});

for (const record of /** @type {const} */ (["training", "taught"])) {
  test(`a browser that is killed in the midst of storing ${record === "taught" ? "the taught model" : "a training"} has all from before it`, { skip: onlyChromium(DEVTOOLS) }, async () => {
    await throughAKill(async (tab) => {
      await beginTraining(tab);
      await assert.rejects(tab.signet.until("the kill", () => tab.page.title().then(() => undefined)));
      assert.equal(tab.page.isClosed() || !tab.page.browser().connected, true);
    }, async (tab) => {
      await goesOn(tab);
    }, { prepare: whileStoring(record) });
  });
}
