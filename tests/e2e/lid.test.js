// A lid that is closed and opened: the page is hidden and frozen meanwhile, and goes on afterwards.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { DEVTOOLS, onlyChromium, testWorld, visit } from "./browser.js";
import { temporaryFolder } from "./files.js";
import { hand, png, y4m } from "./pictures.js";
import { standIn } from "./stand-ins.js";
import { TeachTab, hands } from "./teach.js";

const CPU = { query: "?backend=cpu" };
const write = temporaryFolder();
/** @param {number} fingers */
const files = (fingers) => hands(fingers, 4).map((picture, index) => write(`${fingers}-${index}.png`, png(picture)));
const photo = write("photo.png", png(hand(5, 210, 200)));

const { browser, server } = await testWorld({ camera: write("hand.y4m", y4m([hand(4, 320, 240)], 5)) });

/**
 * Hides the page behind another one, freezes it for a while and brings it back.
 * @param {import("./signet.js").Signet} signet
 * @param {number} ms
 */
async function closeLid({ page }, ms) {
  const cover = await page.browserContext().newPage();
  await cover.bringToFront();
  const devtools = await page.createCDPSession();
  await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
  await pause(ms);
  await devtools.send("Page.setWebLifecycleState", { state: "active" });
  await page.bringToFront();
  await cover.close();
}

test("a training that was under way when the lid was closed goes on to its end", { skip: onlyChromium(DEVTOOLS) }, async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await TeachTab.open(signet);
    await tab.upload("0", files(0));
    await tab.upload("5", files(5));
    standIn(server, "cpu_learn", "slowInTraining");
    await tab.set({ epochs: 6 });
    await tab.start();
    await tab.inEpoch(2);
    await closeLid(signet, 6000);
    await tab.reaches("done");
    assert.equal((await tab.history()).length, 6);
    assert.equal(await signet.error(), undefined);
    await tab.kept(8, ["project", "taught"]);
    await tab.classify(photo);
  });
});

test("a webcam that was live when the lid was closed is let go of, says so, and starts again", { skip: onlyChromium(DEVTOOLS) }, async () => {
  await visit(browser, server, CPU, async (signet) => {
    await signet.ready();
    const live = async () => {
      const { sequence } = await signet.shown();
      await signet.click("webcam-toggle");
      await signet.until("live answers", async () => ((await signet.shown()).sequence > sequence + 1 ? true : undefined));
    };
    await signet.click("mode-webcam");
    await live();
    await closeLid(signet, 10_000);
    await signet.until("the word about it", async () => {
      const text = await signet.page.$eval("#webcam-message", (element) => element.textContent ?? "");
      return /released while/.test(text) ? true : undefined;
    });
    assert.equal(await signet.error(), undefined);
    await live();
  });
});

test("a recording that the lid ended has all its images, and records again", { skip: onlyChromium(DEVTOOLS) }, async () => {
  await visit(browser, server, CPU, async (signet) => {
    const tab = await TeachTab.open(signet);
    const record = async (/** @type {number} */ count) => {
      const button = await tab.part("3", "record");
      await button.scrollIntoView();
      await button.hover();
      await tab.page.mouse.down();
      await signet.until(`${count} images`, async () => ((await tab.count("3")) >= count ? true : undefined));
    };
    await record(3);
    await closeLid(signet, 3000);
    await tab.page.mouse.up();
    const count = await tab.count("3");
    await tab.kept(count);
    await record(count + 2);
    await tab.page.mouse.up();
    assert.equal(await signet.error(), undefined);
  });
});
