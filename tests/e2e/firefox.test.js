// The journeys in stock Firefox, of which Chromium's tests cover the details: reading, teaching, keeping, a page
// without a network, by mouse and by keyboard.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { test } from "node:test";
import { testWorld } from "./browser.js";
import { assertNative, predictNatively, write } from "./files.js";
import { InsideTab, at } from "./inside.js";
import { focus, tabTo, teachByKeys } from "./keyboard.js";
import { available, withoutNetwork } from "./network.js";
import { hand, png } from "./pictures.js";
import { MANIFEST } from "./server.js";
import { renamedModel, throughDoors } from "./share.js";
import { TeachTab, handFiles } from "./teach.js";

/** @typedef {import("./signet.js").Signet} Signet */

const file = write("four.png", png(hand(4, 320, 320)));
const fist = write("fist.png", png(hand(0, 210, 200)));
const five = write("five.png", png(hand(5, 210, 200)));
const [fists, fives] = [handFiles(0, 6), handFiles(5, 6)];

const { server, visit, pageTest, teachTest } = await testWorld({ browser: "firefox", camera: "Firefox's own" });

/** An example. @param {Signet} signet @param {string} label */
const example = (signet, label) =>
  signet.prediction(() => signet.page.locator(`[data-testid="example"][data-label="${label}"]`).click());

pageTest("Firefox reads a photo as the command does, an example and a drawing", { isReady: false }, async (signet) => {
  assert.equal((await signet.ready()).backend, "cpu");
  await signet.click("mode-upload");
  const shown = await signet.upload(file);
  assertNative(shown, predictNatively([file])[0]);
  assert.equal((await example(signet, "5")).label, "5");
  await signet.click("mode-draw");
  await signet.prediction(() => signet.stroke([[0.5, 0.9], [0.5, 0.2], [0.6, 0.5], [0.7, 0.2]]));
});

pageTest("in Firefox two threads answer as the command does", {
  skip: cpus().length < 2 && "this machine has one core", query: "?backend=cpu&threads=2",
}, async (signet) => {
  await signet.until("two threads", async () => (await signet.status()).threads === 2);
  assertNative(await signet.uploadWorks(file), predictNatively([file])[0]);
  assert.match((await signet.status()).text, /^CPU, 2 threads, [\d.]+ ms/);
});

// Firefox lets no test drag a file in from outside, and without a screen its clipboard holds no pictures: the events
// are made in the page, around Firefox's own data transfers.
pageTest("Firefox takes a picture that is dropped or pasted, and says what to do when the clipboard holds none", {}, async (signet) => {
  await signet.click("mode-upload");
  const { bars } = await signet.upload(file);
  for (const type of ["drop", "paste"]) {
    const given = await signet.prediction(() => signet.page.evaluate((type, base64) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], "hand.png", { type: "image/png" }));
      const event = new Event(type, { bubbles: true, cancelable: true });
      document.body.dispatchEvent(Object.assign(event, type === "drop" ? { dataTransfer: transfer } : { clipboardData: transfer }));
    }, type, readFileSync(file).toString("base64")));
    assert.deepEqual(given.bars, bars, type);
  }
  await signet.control("v");
  await signet.failure(/^paste-empty$/);
});

pageTest("Firefox's webcam is read live and given back", {}, async (signet) => {
  await signet.goLive(5);
  const stream = await signet.page.evaluateHandle(() => /** @type {MediaStream} */ (document.querySelector("video")?.srcObject));
  const state = () => stream.evaluate((stream) => stream.getVideoTracks()[0]?.readyState);
  assert.equal(await state(), "live");
  await signet.click("mode-draw");
  assert.equal(await state(), "ended", "another way in gives it back");
  await signet.goLive(2);
  assert.equal(await signet.error(), undefined);
});

test("in Firefox a head is taught, used, exported and taken back; the project is there after a reload, and as a file", async () => {
  const names = ["rock", "paper"];
  let project = "";
  await visit({}, async (signet) => {
    const tab = await TeachTab.open(signet);
    await tab.keepOnly(["0", "5"]);
    await tab.rename("0", "rock");
    await tab.rename("5", "paper");
    await tab.becomes("the names", () => tab.labels(), names);
    await tab.add("rock", fists);
    await tab.add("paper", fives);
    await tab.train({ epochs: 20 });
    await tab.usesLabels(names);
    assert.equal((await tab.classify(fist)).label, "rock");
    assert.equal((await tab.classify(five)).label, "paper");
    await tab.score();
    const model = await tab.exportModel();
    project = await tab.saveProject();

    await tab.kept(12, ["project", "taught"]);
    await signet.page.reload();
    await TeachTab.open(signet);
    await tab.usesLabels(names);
    assert.deepEqual([await tab.labels(), await tab.samples()], [names, [6, 6]]);
    assert.equal((await tab.classify(five)).label, "paper");
    await signet.click("reset-model");
    await tab.usesLabels(MANIFEST.labels);
    assert.equal((await tab.classify(five)).label, predictNatively([five])[0]?.label);
    await tab.importModel(model);
    await tab.usesLabels(names);
  });
  await visit({}, async (signet) => {
    const tab = await TeachTab.open(signet);
    await tab.openProject(project);
    await tab.becomes("the cards", async () => [await tab.labels(), await tab.samples()], [names, [6, 6]]);
    await tab.usesLabels(names);
    assert.equal((await tab.classify(fist)).label, "rock");
  });
});

pageTest("after one visit Firefox reads and teaches without a network", { serviceWorker: true }, async (signet) => {
  await available(signet);
  const state = await signet.page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state);
  assert.equal(state, "activated", "what is asked of one that is activating may be lost");
  await withoutNetwork(signet.page, server, async () => {
    await signet.page.reload();
    await signet.ready();
    assert.equal((await example(signet, "3")).label, "3");
    const tab = await TeachTab.open(signet);
    await tab.addHands(3);
    await tab.train({ epochs: 3 });
    assert.equal((await tab.progress()).epoch, 3);
    await available(signet);
  });
});

pageTest("in Firefox a cut changes the answer, and the parts of the map add up to the logit", at("?view=cut&example=3"), async (signet) => {
  const tab = await InsideTab.open(signet);
  const before = await tab.answer();
  await tab.flip("skip", "4b", 1);
  assert.notDeepEqual(await tab.answer(), before);
  await tab.to("why");
  const { sum, logit } = await tab.until("the map", async () => {
    const shown = await tab.dataset("inside-map");
    return shown["sum"] && shown;
  });
  assert.ok(Math.abs(Number(sum) - Number(logit)) <= 1e-4, `${sum} and ${logit}`);
});

test("without WebGPU Firefox says why the CPU serves, and with ?backend=webgpu what to do", async (t) => {
  await visit({ query: "" }, async (signet) => {
    if (await signet.page.evaluate(() => "gpu" in navigator)) return t.skip("this Firefox has WebGPU");
    await signet.ready();
    const { backend, text } = await signet.until("the reason", async () => {
      const status = await signet.status();
      return /no WebGPU/.test(status.text) && status;
    });
    assert.equal(backend, "cpu");
    assert.match(text, /^CPU, (\d threads, )?[\d.,]+ ms This browser has no WebGPU$/);
    assert.equal(await signet.error(), undefined);
    await signet.page.goto(`${server.origin}/?backend=webgpu`);
    assert.match((await signet.failure(/^gpu-missing$/)).text, /has no WebGPU.*\?backend=auto/);
    assert.equal((await signet.status()).state, "error");
  });
});

pageTest("in Firefox hands are recorded and taught by keyboard alone", { isReady: false }, async (signet) => {
  const { keyboard } = signet.page;
  const tab = await teachByKeys(signet);
  for (const [label, key] of /** @type {const} */ ([["0", " "], ["1", "Enter"]])) {
    await tabTo(signet, "record", label);
    assert.ok((await focus(signet)).inSight, "the focus is in sight");
    await keyboard.down(key);
    await signet.until(`images of ${label}`, async () => (await tab.count(label)) >= 2);
    await keyboard.up(key);
    // Firefox tells in a window of its own that the camera is open, and without a desktop that one gets the focus.
    await signet.page.bringToFront();
  }
  await keyboard.press("Escape");
  await tab.becomes("the camera to close", async () => (await signet.page.$(signet.selector("recorder"))) === null, true);
  await signet.page.bringToFront();
  await tabTo(signet, "class-menu", "2", "Enter");
  await tabTo(signet, "class-up", "2", "Enter");
  await tab.becomes("the order", async () => (await tab.labels()).slice(0, 3), ["0", "2", "1"]);
  assert.equal((await focus(signet)).hook, "class-menu", "the focus is where the menu is");
  const count = await tab.count("1");
  await tabTo(signet, "sample", "1", "Delete");
  await tab.counts("1", count - 1);
  await signet.control("z");
  await tab.counts("1", count);
  await tabTo(signet, "train", "", "Enter");
  await tab.reaches("done");
  await tab.usesLabels(["0", "1"]);
  await tabTo(signet, "mode-draw", "", "Enter");
  await tab.appears("draw-canvas");
});

teachTest("in Firefox nothing scrolls sideways at 1280, 390 and 360 pixels, in any way in and in the second tab", {}, async (tab) => {
  await tab.add("5", fives);
  await tab.upload(file);
  for (const [width, height] of /** @type {const} */ ([[1280, 800], [390, 844], [360, 740]])) {
    await tab.page.setViewport({ width, height });
    for (const where of ["tab-teach", "tab-classify", "mode-webcam", "mode-draw", "mode-upload"]) {
      await tab.click(where);
      const [wide, window] = await tab.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert.equal(wide, window, `${where} scrolls sideways`);
    }
  }
});

teachTest("in Firefox models and samples go in and out, and nothing of it scrolls sideways at 1280 and 390 pixels", { hands: 1 }, async (tab) => {
  await tab.importModel(renamedModel(["a", "b", "c", "d", "e", "f"]));
  await tab.until("the import", async () => (await tab.modelInUse()) === "taught");
  for await (const state of throughDoors(tab)) {
    for (const [width, height] of /** @type {const} */ ([[390, 844], [1280, 800]])) {
      await tab.page.setViewport({ width, height });
      const [wide, window] = await tab.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert.equal(wide, window, `${state} scrolls sideways`);
    }
  }
  assert.deepEqual([await tab.modelInUse(), (await tab.samples()).reduce((sum, count) => sum + count), await tab.error()], ["taught", 7, undefined]);
});
