// Takes the README's pictures: www/screenshot.png, a hand drawn with the page's own pen and its answer,
// www/screenshot-teach.png, a model that was taught with painted hands, and www/screenshot-inside.png, a block's maps.
// Run it with `node tests/e2e/screenshot.js` after a change of the page's looks or of the model.

import assert from "node:assert/strict";
import { launch, visit } from "./browser.js";
import { InsideTab } from "./inside.js";
import { TestServer, WWW } from "./server.js";
import { TeachTab, handFiles } from "./teach.js";

/** @typedef {{ width: number, points: [x: number, y: number][] }} Stroke */

/** An open hand. Widths are the pen's, points are in fractions of the canvas. @type {Stroke[]} */
const HAND = [
  { width: 64, points: [[0.45, 0.99], [0.45, 0.74]] }, // the wrist
  { width: 64, points: [[0.54, 0.99], [0.54, 0.74]] },
  { width: 64, points: [[0.43, 0.74], [0.43, 0.63], [0.56, 0.63], [0.565, 0.76], [0.48, 0.78], [0.46, 0.68], [0.52, 0.7]] }, // the palm
  { width: 50, points: [[0.44, 0.84], [0.34, 0.68], [0.22, 0.54]] }, // the thumb
  { width: 46, points: [[0.41, 0.62], [0.36, 0.4], [0.32, 0.23]] },
  { width: 48, points: [[0.49, 0.6], [0.48, 0.36], [0.475, 0.15]] },
  { width: 46, points: [[0.56, 0.6], [0.595, 0.4], [0.62, 0.2]] },
  { width: 40, points: [[0.575, 0.86], [0.62, 0.66], [0.69, 0.48], [0.75, 0.34]] },
];
const EDGE = 9;

const server = await TestServer.start();
const browser = await launch();
try {
  await visit(browser, server, {}, async (signet) => {
    const { page } = signet;
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
    await signet.ready();
    await signet.click("mode-draw");
    /** @param {string} colour @param {number} wider */
    const draw = async (colour, wider) => {
      await page.locator(`::-p-aria(${colour}[role="radio"])`).click();
      for (const { width, points } of HAND) {
        await page.locator('::-p-aria([role="slider"])').fill(`${width + wider}`);
        await signet.stroke(points);
      }
    };
    await draw("Tan", EDGE); // what remains of it in sight is the hand's edge
    await signet.prediction(() => draw("Beige", 0));
    const { sequence } = await signet.shown();
    await signet.until("the answer to the last stroke", async () => {
      await new Promise((done) => setTimeout(done, 1500));
      const status = await signet.status();
      return status.state === "ready" && /ms/.test(status.text) && (await signet.shown()).sequence >= sequence;
    });
    const { label, probability } = await signet.shown();
    console.log(`read as ${label}, ${(probability * 100).toFixed(1)} %`);
    await page.screenshot({ path: `${WWW}/screenshot.png` });
    assert.equal(label, "5", "the picture must show a right answer");
  });

  await visit(browser, server, { query: "?backend=cpu#teach", viewport: { width: 1280, height: 800 } }, async (signet) => {
    const tab = await TeachTab.open(signet);
    await signet.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
    for (const label of await tab.labels()) await tab.add(label, handFiles(Number(label), 8));
    await tab.train({ epochs: 30 });
    const { label } = await signet.upload(handFiles(3, 3)[2] ?? "");
    assert.equal(label, "3", "the picture must show a right answer");
    // The pointer is nobody's business, and the bars have come to rest.
    await signet.page.mouse.move(0, 0);
    await new Promise((done) => setTimeout(done, 1000));
    await signet.page.screenshot({ path: `${WWW}/screenshot-teach.png` });
  });

  await visit(browser, server, { query: "?backend=cpu#inside?example=3&place=3a", viewport: { width: 1280, height: 800 } }, async (signet) => {
    const tab = await InsideTab.open(signet);
    await signet.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
    await tab.allDrawn();
    await signet.page.mouse.move(0, 0);
    await new Promise((done) => setTimeout(done, 1000));
    await signet.page.screenshot({ path: `${WWW}/screenshot-inside.png` });
  });
} finally {
  await browser.close();
  await server.stop();
}
