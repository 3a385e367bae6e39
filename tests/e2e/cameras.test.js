// Cameras that are denied, missing, taken away, silent, empty, huge or behind a closed lid: for who classifies and for
// who teaches.

import assert from "node:assert/strict";
import { after } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { CAMERA_FILE, DEVTOOLS, closeLid, launch, onlyChromium, testWorld } from "./browser.js";
import { write } from "./files.js";
import { hand, png, y4m } from "./pictures.js";
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
const { server, pageTest, teachTest } = await testWorld();
/** A browser with a camera that could deliver 4K, and that asks for a permission. */
const filmed = skip ? undefined : await launch({ camera: write("4k.y4m", y4m([{ width: 3840, height: 2160, rgba: new Uint8Array(4 * 3840 * 2160) }], 5)), asks: true });
after(() => filmed?.close());

/** Lets go of a silent camera sooner. The tests of the time itself leave it. */
const hasty = () => server.edit("/input/camera.js", { "SILENCE_MS = 8000": "SILENCE_MS = 1500" });
/** Longer than that. */
const LONG_MS = 3000;

/** A camera of a chosen size, which heeds no wish for another, and can fall silent, if need be from the first frame on, or send empty frames. @param {number} width @param {number} height */
const camera = (width, height, isStill = false) => ({
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
  if (!(await signet.error()) && !(await signet.disabled("webcam-toggle"))) await signet.click("webcam-toggle");
  const error = await signet.failure(code);
  sentences.set(error.code, error.text);
  assert.equal(new Set(sentences.values()).size, sentences.size, "no two failures share their words");
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

for (const [name, insecure, code] of /** @type {const} */ ([["a browser without cameras", false, /^camera-unsupported$/], ["a page that is not secure", true, /^camera-insecure$/]])) {
  pageTest(`${name} has its own words, and Upload and Draw go on`, {
    insecure, before: (page) => page.evaluateOnNewDocument(() => {
      if (isSecureContext) Object.defineProperty(navigator, "mediaDevices", { value: undefined });
    }),
  }, async (signet) => {
    assert.equal(await signet.page.evaluate(() => isSecureContext), !insecure);
    await isRefused(signet, code);
  });
}

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

/** Records so many images of a class, and lets go. @param {TeachTab} tab @param {string} label @param {number} images */
async function record(tab, label, images) {
  await tab.record(label, images);
  await tab.page.mouse.up();
}

teachTest("a camera that is taken away while it is live is told, and starts again; while it records, what was recorded stays", camera(640, 480), async (tab) => {
  await tab.record("3", 3);
  await takeAway(tab);
  await tab.failure(/^camera-lost$/);
  await tab.page.mouse.up();
  const count = await tab.count("3");
  assert.ok(count >= 3);
  await tab.kept(count);
  await record(tab, "3", count + 2);
  await tab.press("3", "recorder-close");

  await tab.click("tab-classify");
  await tab.goLive();
  await takeAway(tab);
  const { text } = await tab.failure(/^camera-lost$/);
  assert.match(text, /Connect it again/);
  assert.equal(await tab.text("webcam-toggle"), "Start webcam");
  await tab.click("webcam-toggle");
  await tab.live();
  assert.equal(await tab.error(), undefined);
});

for (const [name, isStill] of /** @type {const} */ ([["falls silent", false], ["is silent from the start", true]])) {
  pageTest(`a camera that ${name} is told and let go of, by who classifies and by who records`, { ...camera(640, 480, isStill), given: hasty }, async (signet) => {
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
    await record(tab, "2", (await tab.count("2")) + 2);
  });
}

pageTest("a capture that is held for long is not taken for a silent camera", { ...camera(640, 480), given: hasty }, async (signet) => {
  await signet.goLive();
  await signet.page.click("#webcam-capture");
  await pause(LONG_MS);
  assert.equal(await signet.error(), undefined);
  await signet.page.click("#webcam-capture");
  await signet.live();
});

pageTest("frames of no size are passed over, and the next ones are read; after eight seconds of them the camera is silent", camera(640, 480), async (signet) => {
  await signet.goLive();
  await inject(signet, { isEmpty: true });
  await pause(1000); // what was on its way has come
  const { sequence } = await signet.shown();
  await pause(1000);
  assert.equal((await signet.shown()).sequence, sequence);
  assert.equal(await signet.error(), undefined);
  await inject(signet, { isEmpty: false });
  await signet.live();

  await inject(signet, { isEmpty: true });
  await signet.failure(/^camera-silent$/);
});

teachTest("a camera that delivers 4K is read, live and recorded, and the page stays at hand", camera(3840, 2160), async (tab) => {
  await record(tab, "4", 5);
  await tab.press("4", "recorder-close");
  await tab.click("tab-classify");
  await tab.goLive();
  assert.equal(await videoWidth(tab), 3840);
  await tab.live(5);
  assert.equal(await tab.error(), undefined);
});

// The time below the lid must not count.
pageTest("a webcam and a recording that a closed lid ended are let go of, say so, and start again", { skip: skip || onlyChromium(DEVTOOLS), browser: filmed, given: hasty }, async (signet) => {
  await signet.page.browserContext().overridePermissions(server.origin, ["camera"]);
  await signet.goLive();
  await closeLid(signet, LONG_MS);
  await signet.until("the word about it", () => signet.page.$eval("#webcam-message", (element) => element.textContent?.includes("released while")));
  assert.equal(await signet.error(), undefined);
  await signet.click("webcam-toggle");
  await signet.live();
  await signet.click("webcam-toggle");

  const tab = await TeachTab.open(signet);
  await tab.record("3", 3);
  await closeLid(signet, LONG_MS);
  await tab.page.mouse.up();
  const count = await tab.count("3");
  await tab.kept(count);
  await record(tab, "3", count + 2);
  assert.equal(await signet.error(), undefined);
});
