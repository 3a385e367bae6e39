// A video's frames as pixels, whatever it plays.
import { pixelSurface, readPixels } from "./image.js";

/** @import { PixelPicture } from "../recognizer/protocol.js" */
/** Of a frame, in its pixels. @typedef {{ x: number, y: number, width: number, height: number }} Part */

/** A frame that does not come in this time is not waited for, so that a stalled camera does not stall the loop. */
const FRAME_LIMIT_MS = 1000;
/** Between two looks where a browser does not tell of a video's frames. */
const PERIOD_MS = 33;

export class Frames {
  #video;
  /** Counts starts, so that nothing is noted any more for one that was stopped. */
  #turn = 0;
  /** Whether the video shows a frame that has not been grabbed yet. */
  #isNew = false;
  #onFrame = () => {};
  /** A frame's bytes that nobody needs any more. @type {Uint8Array<ArrayBuffer> | undefined} */
  #spare;
  /** @type {import("./image.js").Surface | null} */
  #surface = null;

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    this.#video = video;
  }

  /** From now on it is noted which frames are new. */
  start() {
    this.#turn += 1;
    this.#note(this.#turn);
  }

  stop() {
    this.#turn += 1;
    this.#spare = undefined;
  }

  /** @param {number} turn */
  #note(turn) {
    // Frame callbacks, not animation frames: those stop for reasons of the display, not the camera's.
    this.#video.requestVideoFrameCallback?.(() => {
      if (turn !== this.#turn) return;
      this.#isNew = true;
      this.#onFrame();
      this.#note(turn);
    });
  }

  /**
   * Resolves when the video shows a frame that has not been grabbed: at once, where one came while the last was being
   * classified, so that whoever is a little slower than the camera does not get every other frame only.
   * @returns {Promise<void>}
   */
  next() {
    if (this.#isNew) return Promise.resolve();
    if (typeof this.#video.requestVideoFrameCallback !== "function") return new Promise((done) => void setTimeout(done, PERIOD_MS));
    return new Promise((done) => {
      const limit = setTimeout(done, FRAME_LIMIT_MS);
      this.#onFrame = () => {
        clearTimeout(limit);
        done();
      };
    });
  }

  /**
   * The frame's central crop, or the whole frame, unmirrored and unscaled: the module alone resamples. Throws where the
   * browser gives no true pixels.
   * @param {boolean} [whole]
   * @returns {Promise<PixelPicture | null>} null while there is no frame
   */
  async grab(whole = false) {
    // Also of a frame without a size, or whoever asks for the next one would ask for ever.
    this.#isNew = false;
    const { videoWidth, videoHeight } = this.#video;
    const side = Math.min(videoWidth, videoHeight);
    if (!side) return null;
    const [width, height] = whole ? [videoWidth, videoHeight] : [side, side];
    const part = { x: (videoWidth - width) >> 1, y: (videoHeight - height) >> 1, width, height };
    const size = 4 * width * height;
    const bytes = this.#spare?.length === size ? this.#spare : new Uint8Array(size);
    this.#spare = undefined;
    return await copy(this.#video, part, bytes) ? { kind: "pixels", bytes, width, height } : this.#drawn(part);
  }

  /** The bytes of a picture that has served, for the next one. @param {Uint8Array<ArrayBuffer>} [bytes] */
  recycle(bytes) {
    this.#spare = bytes;
  }

  /** @param {Part} part @returns {PixelPicture} */
  #drawn({ x, y, width, height }) {
    const canvas = this.#surface?.canvas;
    if (!this.#surface || canvas?.width !== width || canvas.height !== height) this.#surface = pixelSurface(width, height);
    this.#surface.drawImage(this.#video, x, y, width, height, 0, 0, width, height);
    return readPixels(this.#surface, width, height);
  }
}

/**
 * Writes RGBA of a part of the frame that a video shows, in half the time that it takes to draw and read it; and Chromium
 * keeps a copy of each frame that is drawn into a canvas, up to half a gigabyte of them.
 * @param {HTMLVideoElement} video
 * @param {Part} part
 * @param {Uint8Array<ArrayBuffer>} bytes of its size
 * @returns {Promise<boolean>} false where the browser has no way to, or does not tell which side is up
 */
async function copy(video, { x, y, width, height }, bytes) {
  if (typeof VideoFrame !== "function" || !("rotation" in VideoFrame.prototype)) return false;
  /** @type {VideoFrame & { rotation?: number, flip?: boolean } | null} */
  let frame = null;
  try {
    frame = new VideoFrame(video);
    const { visibleRect, rotation, flip } = frame;
    const isAsShown = !rotation && !flip && visibleRect?.width === video.videoWidth && visibleRect.height === video.videoHeight;
    if (!isAsShown) return false;
    const rect = { x: visibleRect.x + x, y: visibleRect.y + y, width, height };
    const [plane, ...others] = await frame.copyTo(bytes, { rect, format: "RGBA" });
    // A browser that does not know the format copies the frame's own planes.
    return plane?.stride === 4 * width && others.length === 0;
  } catch {
    return false; // no frame yet, or a part that begins between two samples of its color
  } finally {
    frame?.close();
  }
}
