import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { Camera } from "../../www/input/camera.js";

/** What stands in for a browser: a video whose frames come when the test says so, and what reads them. */
class Browser {
  /** @type {(() => void)[]} */
  #callbacks = [];
  closed = 0;
  drawn = 0;
  /** What the frames are like, and what copying one gives. */
  frame = { rotation: 0, flip: false, visibleRect: { x: 0, y: 0, width: 6, height: 4 } };
  planes = (/** @type {number} */ width) => [{ offset: 0, stride: 4 * width }];
  /** @type {unknown[]} */
  asked = [];

  video = /** @type {HTMLVideoElement} */ (/** @type {unknown} */ ({
    videoWidth: 6, videoHeight: 4, srcObject: null, play: async () => {},
    requestVideoFrameCallback: (/** @type {() => void} */ callback) => this.#callbacks.push(callback),
  }));

  constructor() {
    const browser = this;
    class VideoFrame {
      get rotation() { return browser.frame.rotation; }
      get flip() { return browser.frame.flip; }
      get visibleRect() { return browser.frame.visibleRect; }
      /** @param {Uint8Array} bytes @param {{ rect: { width: number } }} options */
      async copyTo(bytes, options) {
        browser.asked.push(options);
        bytes.fill(7);
        return browser.planes(options.rect.width);
      }
      close() { browser.closed += 1; }
    }
    class OffscreenCanvas {
      /** @param {number} width @param {number} height */
      constructor(width, height) { Object.assign(this, { width, height }); }
      getContext() {
        return {
          canvas: this,
          drawImage: () => { browser.drawn += 1; },
          getImageData: (/** @type {number} */ _left, /** @type {number} */ _top, /** @type {number} */ width, /** @type {number} */ height) =>
            ({ data: new Uint8ClampedArray(4 * width * height).fill(9) }),
        };
      }
    }
    const track = { stop() {}, addEventListener() {}, getSettings: () => ({}) };
    const stream = { getTracks: () => [track], getVideoTracks: () => [track] };
    const navigator = { mediaDevices: { getUserMedia: async () => stream } };
    for (const [name, value] of Object.entries({ VideoFrame, OffscreenCanvas, navigator, isSecureContext: true })) {
      Object.defineProperty(globalThis, name, { value, configurable: true });
    }
  }

  /** The camera delivers a frame. */
  show() {
    for (const callback of this.#callbacks.splice(0)) callback();
  }

  async open() {
    const camera = new Camera(this.video, () => {});
    await camera.open();
    return camera;
  }
}

/** @type {Browser} */
let browser;
beforeEach(() => { browser = new Browser(); });

/** Whether a promise is settled once all that is ready has run. @param {Promise<unknown>} promise */
async function isSettled(promise) {
  let settled = false;
  void promise.then(() => { settled = true; });
  await new Promise((done) => setImmediate(done));
  return settled;
}

test("a frame that came while the last one was classified is there at once, and each is given once", async () => {
  const camera = await browser.open();
  const first = camera.nextFrame();
  assert.ok(!await isSettled(first), "none has come yet");
  browser.show();
  assert.ok(await isSettled(first));
  await camera.grab();
  browser.show();
  browser.show();
  assert.ok(await isSettled(camera.nextFrame()), "one has come meanwhile");
  await camera.grab();
  const next = camera.nextFrame();
  assert.ok(!await isSettled(next), "all have been grabbed");
  browser.show();
  assert.ok(await isSettled(next));
});

test("a frame is copied without a canvas, the central square or the whole, and given back", async () => {
  const camera = await browser.open();
  const [square, whole] = [await camera.grab(), await camera.grab(true)];
  assert.deepEqual(browser.asked, [{ x: 1, y: 0, width: 4, height: 4 }, { x: 0, y: 0, width: 6, height: 4 }].map((rect) => ({ rect, format: "RGBA" })));
  assert.deepEqual([square?.bytes.length, square?.bytes[0], whole?.bytes.length], [4 * 4 * 4, 7, 6 * 4 * 4]);
  assert.deepEqual([browser.drawn, browser.closed], [0, 2]);
});

/** @type {[why: string, change: (browser: Browser) => void][]} */
const DRAWN = [
  ["a turned frame", ({ frame }) => { frame.rotation = 180; }],
  ["a mirrored frame", ({ frame }) => { frame.flip = true; }],
  ["a frame of another size than is shown", ({ frame }) => { frame.visibleRect.width = 5; }],
  ["planes in place of RGBA", (browser) => { browser.planes = (width) => [{ offset: 0, stride: width }, { offset: 0, stride: width / 2 }]; }],
  ["a refused copy", (browser) => { browser.planes = () => { throw new TypeError("rect is not sample-aligned"); }; }],
  ["no VideoFrame", () => { Object.defineProperty(globalThis, "VideoFrame", { value: undefined, configurable: true }); }],
  ["a VideoFrame that does not tell its rotation", () => {
    Object.defineProperty(globalThis, "VideoFrame", { value: class { constructor() { throw new Error("asked"); } }, configurable: true });
  }],
];
for (const [why, change] of DRAWN) {
  test(`${why} is drawn instead, and no frame is kept`, async () => {
    const camera = await browser.open();
    change(browser);
    const picture = await camera.grab();
    assert.deepEqual([picture?.bytes[0], browser.drawn], [9, 1]);
    assert.equal(browser.closed, /VideoFrame/.test(why) ? 0 : 1);
  });
}

test("bytes that were taken back hold the next frame of their size, once", async () => {
  const camera = await browser.open();
  const first = await camera.grab();
  camera.recycle(first?.bytes);
  const second = await camera.grab();
  assert.equal(second?.bytes, first?.bytes);
  assert.notEqual((await camera.grab())?.bytes, first?.bytes, "they are with whoever was given them");
  camera.recycle(second?.bytes);
  assert.equal((await camera.grab(true))?.bytes.length, 6 * 4 * 4, "a frame of another size");
});

test("a closed camera gives no picture", async () => {
  const camera = await browser.open();
  camera.close();
  assert.equal(await camera.grab(), null);
});
