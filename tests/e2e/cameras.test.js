// Cameras that are denied, missing, taken away, silent, empty or huge: for who classifies and for who teaches.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, screenshot, visit } from "./browser.js";
import { temporaryFolder } from "./files.js";
import { enlarged, hand, y4m } from "./pictures.js";
import { TestServer } from "./server.js";
import { TeachTab } from "./teach.js";

/** @typedef {import("./signet.js").Signet} Signet */
/** @typedef {import("puppeteer-core").Browser} Browser */
/**
 * The camera that the page gets, which is a canvas, and what a test may do to it.
 * @typedef {typeof globalThis & { stream?: MediaStream, isStill?: boolean, isEmpty?: boolean }} Injected
 */

const CPU = { query: "?backend=cpu" };
const write = temporaryFolder();
const film = write("hand.y4m", y4m([hand(3, 320, 240)], 5));

/** @type {TestServer} */
let server;
/** No camera at all. @type {Browser} */
let bare;
before(async () => {
  server = await TestServer.start();
  bare = await launch();
});
after(async () => {
  await bare?.close();
  await server?.stop();
});

/**
 * A camera of a chosen size, which heeds no wish for another, and can fall silent or send empty frames.
 * @param {number} width
 * @param {number} height
 * @param {{ isStill?: boolean }} [options] `isStill`: from the first frame on
 */
const camera = (width, height, { isStill = false } = {}) => ({
  ...CPU,
  /** @param {import("puppeteer-core").Page} page */
  before: (page) => page.evaluateOnNewDocument((width, height, isStill) => {
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
  const { stream } = /** @type {Injected} */ (globalThis);
  for (const track of stream?.getTracks() ?? []) {
    track.stop();
    track.dispatchEvent(new Event("ended"));
  }
});

/** @param {Signet} signet */
const isReleased = ({ page }) => page.evaluate(() => (
  /** @type {Injected} */ (globalThis).stream?.getTracks().every(({ readyState }) => readyState === "ended") ? true : undefined));

/** @param {Signet} signet @param {number} [more] */
async function answers(signet, more = 3) {
  const { sequence } = await signet.shown();
  await signet.until("live answers", async () => ((await signet.shown()).sequence >= sequence + more ? true : undefined));
}

/** @param {Signet} signet */
async function goLive(signet) {
  await signet.ready();
  await signet.click("mode-webcam");
  await signet.click("webcam-toggle");
  await answers(signet);
}

/** @param {Signet} signet */
async function drawWorks(signet) {
  await signet.click("mode-draw");
  await signet.prediction(() => signet.stroke([[0.3, 0.3], [0.7, 0.7]]));
  assert.equal(await signet.error(), undefined);
}

/** Presses the record button of a class until so many images are there. @param {TeachTab} tab @param {string} label @param {number} count */
async function record(tab, label, count) {
  const button = await tab.part(label, "record");
  await button.scrollIntoView();
  await button.hover();
  await tab.page.mouse.down();
  await tab.signet.until(`${count} images`, async () => ((await tab.count(label)) >= count ? true : undefined));
}

test("where there is no camera, in earnest, the page says so", async () => {
  await visit(bare, server, CPU, async (signet) => {
    await signet.ready();
    await signet.click("mode-webcam");
    await signet.click("webcam-toggle");
    await signet.failure(/^camera-none$/);
    await drawWorks(signet);
  });
});

test("a camera that the browser denies, in earnest, and one whose permission is taken back, are told", async () => {
  const browser = await launch({ camera: film, asks: true });
  try {
    await visit(browser, server, CPU, async (signet) => {
      const context = signet.page.browserContext();
      await signet.ready();
      await context.overridePermissions(server.origin, []);
      await signet.click("mode-webcam");
      await signet.click("webcam-toggle");
      await signet.failure(/^camera-denied$/);
      await drawWorks(signet);

      await context.overridePermissions(server.origin, ["camera"]);
      await goLive(signet);
      await context.overridePermissions(server.origin, []);
      // This browser may let the camera run until it is asked for again; it must not hang on either way.
      await signet.until("an error or further answers", async () => {
        const { sequence } = await signet.shown();
        await new Promise((next) => setTimeout(next, 500));
        const error = await signet.error();
        return error || (await signet.shown()).sequence > sequence ? true : undefined;
      });
      if (!(await signet.error())) {
        await signet.click("webcam-toggle");
        await signet.click("webcam-toggle");
      }
      await signet.failure(/^camera-(denied|lost)$/);
      await drawWorks(signet);
    });
  } finally {
    await browser.close();
  }
});

test("a camera that is taken away while it is live is told, and starts again", async () => {
  await visit(bare, server, camera(640, 480), async (signet) => {
    await goLive(signet);
    await takeAway(signet);
    const { text } = await signet.failure(/^camera-lost$/);
    assert.match(text, /Connect it again/);
    assert.equal(await signet.page.$eval(signet.selector("webcam-toggle"), (button) => button.textContent), "Start webcam");
    await screenshot(signet.page, "fault-camera-lost");
    await signet.click("webcam-toggle");
    await answers(signet);
    assert.equal(await signet.error(), undefined);
  });
});

test("a camera that is taken away while it records leaves what was recorded, and records again", async () => {
  await visit(bare, server, camera(640, 480), async (signet) => {
    const tab = await TeachTab.open(signet);
    await record(tab, "3", 3);
    await takeAway(signet);
    await signet.failure(/^camera-lost$/);
    await tab.page.mouse.up();
    const count = await tab.count("3");
    assert.ok(count >= 3);
    await tab.kept(count);
    await record(tab, "3", count + 2);
    await tab.page.mouse.up();
  });
});

for (const [name, from] of /** @type {const} */ ([["falls silent", "then"], ["is silent from the start", "start"]])) {
  test(`a camera that ${name} is told and let go of, by who classifies and by who records`, async () => {
    await visit(bare, server, camera(640, 480, { isStill: from === "start" }), async (signet) => {
      if (from === "then") await goLive(signet);
      await signet.ready();
      await inject(signet, { isStill: true });
      if (from === "start") {
        await signet.click("mode-webcam");
        await signet.click("webcam-toggle");
      }
      const { text } = await signet.failure(/^camera-silent$/);
      assert.match(text, /no picture/);
      await signet.until("its release", () => isReleased(signet));
      await screenshot(signet.page, `fault-camera-silent-${from}`);
      await drawWorks(signet);

      await inject(signet, { isStill: from === "start" });
      const tab = await TeachTab.open(signet);
      if (from === "then") await record(tab, "2", 2);
      else await tab.press("2", "class-webcam");
      await inject(signet, { isStill: true });
      await signet.failure(/^camera-silent$/);
      if (from === "then") await tab.page.mouse.up();
      await signet.until("its release", () => isReleased(signet));
      await inject(signet, { isStill: false });
      const count = await tab.count("2");
      await record(tab, "2", count + 2);
      await tab.page.mouse.up();
    });
  });
}

test("a capture that is held for long is not taken for a silent camera", async () => {
  await visit(bare, server, camera(640, 480), async (signet) => {
    await goLive(signet);
    await signet.page.click("#webcam-capture");
    await new Promise((next) => setTimeout(next, 10_000));
    assert.equal(await signet.error(), undefined);
    await signet.page.click("#webcam-capture");
    await answers(signet);
  });
});

test("frames of no size are passed over, and the next ones are read", async () => {
  await visit(bare, server, camera(640, 480), async (signet) => {
    await goLive(signet);
    await inject(signet, { isEmpty: true });
    await new Promise((next) => setTimeout(next, 1000)); // what was on its way has come
    const { sequence } = await signet.shown();
    await new Promise((next) => setTimeout(next, 2000));
    assert.equal((await signet.shown()).sequence, sequence);
    assert.equal(await signet.error(), undefined);
    await inject(signet, { isEmpty: false });
    await answers(signet);

    await inject(signet, { isEmpty: true });
    await signet.failure(/^camera-silent$/);
  });
});

test("a camera that delivers 4K is read, live and recorded, and the page stays at hand", async () => {
  await visit(bare, server, camera(3840, 2160), async (signet) => {
    await goLive(signet);
    assert.equal(await signet.page.$eval("#webcam-video", (video) => /** @type {HTMLVideoElement} */ (video).videoWidth), 3840);
    await answers(signet, 5);
    await signet.click("webcam-toggle");
    const tab = await TeachTab.open(signet);
    await record(tab, "4", 5);
    await tab.page.mouse.up();
    assert.equal(await signet.error(), undefined);
  });
});

test("of a camera that could deliver 4K the page asks for less", async () => {
  const browser = await launch({ camera: write("4k.y4m", y4m([enlarged(hand(3, 640, 360), 6)], 5)) });
  try {
    await visit(browser, server, CPU, async (signet) => {
      await goLive(signet);
      const width = await signet.page.$eval("#webcam-video", (video) => /** @type {HTMLVideoElement} */ (video).videoWidth);
      assert.ok(width > 0 && width <= 1280, `${width} pixels wide`);
    });
  } finally {
    await browser.close();
  }
});
