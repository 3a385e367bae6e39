// Cameras that are denied, missing, taken away, silent, empty, huge or behind a closed lid: for who classifies and for
// who teaches.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { CAMERA_FILE, DEVTOOLS, closeLid, launch, onlyChromium, screenshot, testWorld } from "./browser.js";
import { write } from "./files.js";
import { enlarged, hand, png, y4m } from "./pictures.js";
import { TeachTab } from "./teach.js";

/** @typedef {import("./signet.js").Signet} Signet */
/** @typedef {import("puppeteer-core").Page} Page */
/**
 * The camera that the page gets, which is a canvas, and what a test may do to it.
 * @typedef {typeof globalThis & { stream?: MediaStream, isStill?: boolean, isEmpty?: boolean }} Injected
 */

const file = write("one.png", png(hand(1, 200, 260)));
const skip = onlyChromium(CAMERA_FILE);

/** Its browser has no camera at all. */
const { server, pageTest, teachTest, visit } = await testWorld();
/** A browser with a camera that could deliver 4K, and that asks for a permission. */
const filmed = skip ? undefined : await launch({ camera: write("4k.y4m", y4m([enlarged(hand(3, 640, 360), 6)], 5)), asks: true });
after(() => filmed?.close());

/** Lets go of a silent camera sooner. The tests of the time itself leave it. */
const hasty = () => server.edit("/input/camera.js", { "SILENCE_MS = 8000": "SILENCE_MS = 2000" });

/**
 * A camera of a chosen size, which heeds no wish for another, and can fall silent or send empty frames.
 * @param {number} width
 * @param {number} height
 * @param {{ isStill?: boolean }} [options] `isStill`: from the first frame on
 */
const camera = (width, height, { isStill = false } = {}) => ({
  skip,
  before: (/** @type {Page} */ page) => page.evaluateOnNewDocument((width, height, isStill) => {
    const self = /** @type {Injected} */ (globalThis);
    self.isStill = isStill;
    navigator.mediaDevices.getUserMedia = async () => {
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const context = canvas.getContext("2d");
      const stream = canvas.captureStream(0);
      const track = /** @type {CanvasCaptureMediaStreamTrack} */ (stream.getVideoTracks()[0]);
      let frames = 0;
      const timer = setInterval(() => {
        if (track.readyState === "ended") return clearInterval(timer);
        if (self.isStill || !context) return;
        frames += 1;
        context.fillStyle = `hsl(${frames * 30} 60% 50%)`;
        context.fillRect(0, 0, width, height);
        track.requestFrame();
      }, 100);
      self.stream = stream;
      return stream;
    };
    const size = Object.getOwnPropertyDescriptor(HTMLVideoElement.prototype, "videoWidth");
    Object.defineProperty(HTMLVideoElement.prototype, "videoWidth", { get() { return self.isEmpty ? 0 : size?.get?.call(this); } });
  }, width, height, isStill),
});

/** @param {Signet} signet @param {Partial<Injected>} change */
const inject = ({ page }, change) => page.evaluate((change) => void Object.assign(globalThis, change), change);

/** As browsers do it when a camera is unplugged, or the person takes the permission back. @param {Signet} signet */
const takeAway = ({ page }) => page.evaluate(() => {
  for (const track of /** @type {Injected} */ (globalThis).stream?.getTracks() ?? []) {
    track.stop();
    track.dispatchEvent(new Event("ended"));
  }
});

/** @param {Signet} signet */
const released = (signet) => signet.until("the camera's release", () => signet.page.evaluate(() => (
  /** @type {Injected} */ (globalThis).stream?.getTracks().every(({ readyState }) => readyState === "ended"))));

const videoWidth = (/** @type {Signet} */ { page }) => page.$eval("#webcam-video", (video) => /** @type {HTMLVideoElement} */ (video).videoWidth);

/** The sentence of each failure. @type {Map<string, string>} */
const sentences = new Map();

/** Asks for the camera in vain: that has words of its own, and the other ways in go on. @param {Signet} signet @param {RegExp} code */
async function isRefused(signet, code) {
  await signet.click("mode-webcam");
  const toggle = await signet.page.$(signet.selector("webcam-toggle"));
  const isUsable = await toggle?.evaluate((element) => !(/** @type {HTMLButtonElement} */ (element).disabled));
  if (!(await signet.error()) && isUsable) await toggle?.click();
  const error = await signet.failure(code);
  sentences.set(error.code, error.text);
  assert.equal(new Set(sentences.values()).size, sentences.size, "no two failures share their words");
  await screenshot(signet.page, `fault-${error.code}`);
  await signet.uploadWorks(file);
  await signet.drawingWorks();
}

pageTest("a camera that is not there, in earnest and injected, denied or in use has its own words, and Upload and Draw go on", {}, async (signet) => {
  if (!skip) await isRefused(signet, /^camera-none$/);
  for (const [failure, code] of /** @type {const} */ ([
    ["NotAllowedError", /^camera-denied$/], ["NotFoundError", /^camera-none$/], ["NotReadableError", /^camera-busy$/],
  ])) {
    await signet.page.evaluate((name) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("injected", name));
    }, failure);
    await isRefused(signet, code);
  }
});

pageTest("a browser without cameras has its own words, and Upload and Draw go on", {
  before: (page) => page.evaluateOnNewDocument(() => Object.defineProperty(navigator, "mediaDevices", { value: undefined })),
}, (signet) => isRefused(signet, /^camera-unsupported$/));

pageTest("on a page that is not secure the camera has its own words, and Upload and Draw go on", { insecure: true }, async (signet) => {
  assert.equal(await signet.page.evaluate(() => isSecureContext), false);
  await isRefused(signet, /^camera-insecure$/);
});

pageTest("a camera that the browser denies, in earnest, and one whose permission is taken back, are told", { skip, browser: filmed }, async (signet) => {
  const context = signet.page.browserContext();
  await context.overridePermissions(server.origin, []);
  await isRefused(signet, /^camera-denied$/);

  await context.overridePermissions(server.origin, ["camera"]);
  await signet.goLive();
  const width = await videoWidth(signet);
  assert.ok(width > 0 && width <= 1280, `of a camera that could deliver 4K the page asks for less: ${width} pixels wide`);
  await context.overridePermissions(server.origin, []);
  // This browser may let the camera run until it is asked for again; it must not hang on either way.
  const { sequence } = await signet.shown();
  await signet.until("an error or further answers", async () => (await signet.error()) || (await signet.shown()).sequence > sequence + 3);
  if (!(await signet.error())) {
    await signet.click("webcam-toggle");
    await signet.click("webcam-toggle");
  }
  await signet.failure(/^camera-(denied|lost)$/);
  await signet.drawingWorks();
});

teachTest("a camera that is taken away while it is live is told, and starts again; while it records, what was recorded stays", camera(640, 480), async (tab, signet) => {
  await tab.record("3", 3);
  await takeAway(signet);
  await signet.failure(/^camera-lost$/);
  await tab.page.mouse.up();
  const count = await tab.count("3");
  assert.ok(count >= 3);
  await tab.kept(count);
  await tab.record("3", count + 2);
  await tab.page.mouse.up();
  await tab.press("3", "recorder-close");

  await signet.click("tab-classify");
  await signet.goLive();
  await takeAway(signet);
  const { text } = await signet.failure(/^camera-lost$/);
  assert.match(text, /Connect it again/);
  assert.equal(await tab.text("webcam-toggle"), "Start webcam");
  await screenshot(signet.page, "fault-camera-lost");
  await signet.click("webcam-toggle");
  await signet.live();
  assert.equal(await signet.error(), undefined);
});

for (const [name, isStill] of /** @type {const} */ ([["falls silent", false], ["is silent from the start", true]])) {
  pageTest(`a camera that ${name} is told and let go of, by who classifies and by who records`, { ...camera(640, 480, { isStill }), given: hasty }, async (signet) => {
    if (isStill) {
      await signet.click("mode-webcam");
      await signet.click("webcam-toggle");
    } else {
      await signet.goLive();
      await inject(signet, { isStill: true });
    }
    const { text } = await signet.failure(/^camera-silent$/);
    assert.match(text, /no picture/);
    await released(signet);
    await screenshot(signet.page, `fault-camera-silent-${isStill}`);
    await signet.drawingWorks();

    await inject(signet, { isStill });
    const tab = await TeachTab.open(signet);
    if (isStill) await tab.press("2", "class-webcam");
    else await tab.record("2", 2);
    await inject(signet, { isStill: true });
    await signet.failure(/^camera-silent$/);
    if (!isStill) await tab.page.mouse.up();
    await released(signet);
    await inject(signet, { isStill: false });
    await tab.record("2", (await tab.count("2")) + 2);
    await tab.page.mouse.up();
  });
}

pageTest("a capture that is held for long is not taken for a silent camera", { ...camera(640, 480), given: hasty }, async (signet) => {
  await signet.goLive();
  await signet.page.click("#webcam-capture");
  await pause(4000);
  assert.equal(await signet.error(), undefined);
  await signet.page.click("#webcam-capture");
  await signet.live();
});

pageTest("frames of no size are passed over, and the next ones are read; after eight seconds of them the camera is silent", camera(640, 480), async (signet) => {
  await signet.goLive();
  await inject(signet, { isEmpty: true });
  await pause(1000); // what was on its way has come
  const { sequence } = await signet.shown();
  await pause(2000);
  assert.equal((await signet.shown()).sequence, sequence);
  assert.equal(await signet.error(), undefined);
  await inject(signet, { isEmpty: false });
  await signet.live();

  await inject(signet, { isEmpty: true });
  await signet.failure(/^camera-silent$/);
});

teachTest("a camera that delivers 4K is read, live and recorded, and the page stays at hand", camera(3840, 2160), async (tab, signet) => {
  await tab.record("4", 5);
  await tab.page.mouse.up();
  await tab.press("4", "recorder-close");
  await signet.click("tab-classify");
  await signet.goLive();
  assert.equal(await videoWidth(signet), 3840);
  await signet.live(5);
  assert.equal(await signet.error(), undefined);
});

test("a webcam and a recording that a closed lid ended are let go of, say so, and start again", { skip: skip || onlyChromium(DEVTOOLS) }, async () => {
  hasty(); // the time below the lid must not count
  await visit({ browser: filmed }, async (signet) => {
    await signet.page.browserContext().overridePermissions(server.origin, ["camera"]);
    await signet.goLive();
    await closeLid(signet, 4000);
    await signet.until("the word about it", async () => (
      /released while/.test(await signet.page.$eval("#webcam-message", (element) => element.textContent ?? ""))));
    assert.equal(await signet.error(), undefined);
    await signet.click("webcam-toggle");
    await signet.live();
    await signet.click("webcam-toggle");

    const tab = await TeachTab.open(signet);
    await tab.record("3", 3);
    await closeLid(signet, 4000);
    await tab.page.mouse.up();
    const count = await tab.count("3");
    await tab.kept(count);
    await tab.record("3", count + 2);
    await tab.page.mouse.up();
    assert.equal(await signet.error(), undefined);
  });
});
