// Frames of the camera and files of pictures, on their way to the module.
import assert from "node:assert/strict";
import test, { afterEach } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Camera } from "../../www/input/camera.js";
import { checkCanvas, pictureOfFile } from "../../www/input/image.js";
import { forModule } from "../../www/recognizer/requests.js";

/** @param {Record<string, unknown>} values */
const define = (values) => {
  for (const [name, value] of Object.entries(values)) Object.defineProperty(globalThis, name, { value, configurable: true });
};

/** An open one watches over its frames, and would keep the tests from ending. @type {Camera | undefined} */
let opened;
afterEach(() => opened?.close());

/** What the page draws to see whether it is what is read back. */
const KNOWN = [40, 120, 200, 255];

/** An open camera in a browser whose frames come when the test says so. What was asked of them is counted. */
async function openCamera() {
  /** @type {(() => void)[]} */
  const callbacks = [];
  const browser = {
    closed: 0, drawn: 0, copied: /** @type {unknown[]} */ ([]), lost: /** @type {string[]} */ ([]),
    /** What is read from a canvas, by its index. */
    channel: (/** @type {number} */ index) => Number(KNOWN[index % 4]),
    frame: { rotation: 0, flip: false, visibleRect: { x: 0, y: 0, width: 6, height: 4 } },
    planes: (/** @type {number} */ width) => [{ offset: 0, stride: 4 * width }],
    /** The camera delivers a frame. */
    show: () => callbacks.splice(0).forEach((callback) => callback()),
  };
  class VideoFrame {
    rotation = 0;
    constructor() { Object.assign(this, browser.frame); }
    /** @param {Uint8Array} bytes @param {{ rect: { width: number } }} options */
    async copyTo(bytes, options) {
      browser.copied.push(options);
      bytes.fill(7);
      return browser.planes(options.rect.width);
    }
    close() { browser.closed += 1; }
  }
  Object.assign(VideoFrame.prototype, { rotation: 0 });
  class OffscreenCanvas {
    constructor(/** @type {number} */ width, /** @type {number} */ height) { Object.assign(this, { width, height }); }
    getContext() {
      return {
        canvas: this, drawImage: () => { browser.drawn += 1; }, fillRect() {},
        getImageData: (/** @type {number[]} */ ...[, , width = 0, height = 0]) => ({ data: new Uint8ClampedArray(4 * width * height).map((_, index) => browser.channel(index)) }),
      };
    }
  }
  const track = { stop() {}, addEventListener() {}, getSettings: () => ({}) };
  const stream = { getTracks: () => [track], getVideoTracks: () => [track] };
  define({ VideoFrame, OffscreenCanvas, isSecureContext: true, navigator: { mediaDevices: { getUserMedia: async () => stream } } });
  const camera = new Camera(/** @type {any} */ ({
    videoWidth: 6, videoHeight: 4, srcObject: null, play: async () => {},
    requestVideoFrameCallback: (/** @type {() => void} */ callback) => callbacks.push(callback),
  }), ({ code }) => browser.lost.push(code));
  opened = camera;
  await camera.open();
  return { camera, browser };
}

/** Whether a promise is settled once all that is ready has run. @param {Promise<unknown>} promise */
const isSettled = (promise) => Promise.race([promise.then(() => true), turn(false)]);

test("a frame that came while the last one was classified is there at once, and each is given once", async () => {
  const { camera, browser } = await openCamera();
  for (const frames of [1, 2]) {
    const next = camera.nextFrame();
    assert.ok(!await isSettled(next), "all that came have been grabbed");
    for (let frame = 0; frame < frames; frame += 1) browser.show();
    assert.ok(await isSettled(next));
    assert.ok(await isSettled(camera.nextFrame()), "one has come meanwhile");
    await camera.grab();
  }
});

test("a frame is copied without a canvas, the central square or the whole, and given back", async () => {
  const { camera, browser } = await openCamera();
  const [square, whole] = [await camera.grab(), await camera.grab(true)];
  assert.deepEqual(browser.copied, [{ x: 1, y: 0, width: 4, height: 4 }, { x: 0, y: 0, width: 6, height: 4 }].map((rect) => ({ rect, format: "RGBA" })));
  assert.deepEqual([square?.bytes.length, square?.bytes[0], whole?.bytes.length], [4 * 4 * 4, 7, 6 * 4 * 4]);
  assert.deepEqual([browser.drawn, browser.closed], [0, 2]);
});

/** @type {[why: string, change: (browser: Awaited<ReturnType<typeof openCamera>>["browser"]) => void, closed: number][]} */
const DRAWN = [
  ["a turned frame", ({ frame }) => { frame.rotation = 180; }, 1],
  ["a mirrored frame", ({ frame }) => { frame.flip = true; }, 1],
  ["a frame of another size than is shown", ({ frame }) => { frame.visibleRect.width = 5; }, 1],
  ["planes in place of RGBA", (browser) => { browser.planes = (width) => [{ offset: 0, stride: width }, { offset: 0, stride: width / 2 }]; }, 1],
  ["a refused copy", (browser) => { browser.planes = () => { throw new TypeError("rect is not sample-aligned"); }; }, 1],
  ["no VideoFrame", () => define({ VideoFrame: undefined }), 0],
  ["a VideoFrame that does not tell its rotation", () => define({ VideoFrame: class { constructor() { throw new Error("asked"); } } }), 0],
];
for (const [why, change, closed] of DRAWN) {
  test(`${why} is drawn instead, and no frame is kept`, async () => {
    const { camera, browser } = await openCamera();
    change(browser);
    const picture = await camera.grab();
    assert.deepEqual([picture?.bytes[0], browser.drawn, browser.closed], [40, 1, closed]);
  });
}

test("where a canvas gives random pixels, a camera whose frames must be drawn is let go of and says so; flipped low bits are the same to it", async () => {
  const { camera, browser } = await openCamera();
  define({ VideoFrame: undefined });
  browser.channel = () => 9;
  assert.equal(checkCanvas(), false);
  assert.equal(await camera.grab(), null);
  assert.deepEqual([browser.lost, camera.isOpen], [["canvas-random"], false]);
  browser.channel = (index) => Number(KNOWN[index % 4]) ^ (index & 1);
  await camera.open();
  assert.equal((await camera.grab())?.bytes[0], 40, "it has been allowed since");
});

test("bytes that were taken back hold the next frame of their size, once", async () => {
  const { camera } = await openCamera();
  const first = await camera.grab();
  camera.recycle(first?.bytes);
  const second = await camera.grab();
  assert.equal(second?.bytes, first?.bytes);
  assert.notEqual((await camera.grab())?.bytes, first?.bytes, "they are with whoever was given them");
  camera.recycle(second?.bytes);
  assert.equal((await camera.grab(true))?.bytes.length, 6 * 4 * 4, "a frame of another size");
});

test("a closed camera gives no picture", async () => {
  const { camera } = await openCamera();
  camera.close();
  assert.equal(await camera.grab(), null);
});

test("a file that is larger than any picture is refused before it is read", () => {
  assert.throws(() => pictureOfFile(/** @type {any} */ ({ size: 5e9 })), { name: "SignetError", code: "picture-too-large" });
  const file = new Blob(["abc"]);
  assert.equal(pictureOfFile(file).file, file);
});

test("pixels become ImageData over the same memory, a file stays a file", () => {
  define({ ImageData: class {
    /** @param {...unknown} given */
    constructor(...given) { Object.assign(this, { given }); }
  } });
  // A piece of a larger buffer, as a recycled one may be.
  const bytes = new Uint8Array(new ArrayBuffer(24), 4, 16).fill(7);
  const { given: [data, ...size] } = /** @type {any} */ (forModule({ kind: "pixels", bytes, width: 2, height: 2 }));
  assert.deepEqual([...size, ...data], [2, 2, ...bytes]);
  assert.deepEqual([data.buffer, data.byteOffset], [bytes.buffer, 4]);
  const file = new Blob(["picture"]);
  assert.equal(forModule({ kind: "file", file }), file);
});
