// The webcam: opened on a click, released when it is left, and its frames as pixels.
import { messages } from "../i18n/language.js";
import { SignetError, asSignetError } from "../recognizer/errors.js";
import { make } from "../ui/dom.js";
import { pixelSurface, readPixels } from "./image.js";

/** @import { ErrorCode } from "../recognizer/errors.js" */
/** @import { PixelPicture } from "../recognizer/protocol.js" */
/** Of a frame, in its pixels. @typedef {{ x: number, y: number, width: number, height: number }} Part */

/** What getUserMedia's failures mean for a person. @type {Record<string, ErrorCode>} */
const FAILURES = {
  NotAllowedError: "camera-denied",
  SecurityError: "camera-denied",
  NotFoundError: "camera-none",
  OverconstrainedError: "camera-none",
  NotReadableError: "camera-busy",
  AbortError: "camera-busy",
};

/** A frame that does not come in this time is not waited for, so that a stalled camera does not stall the loop. */
const FRAME_LIMIT_MS = 1000;
/** A camera that shows nothing new for so long, though it is open, is covered by a driver, a lid or another program. */
const SILENCE_MS = 8000;
const LOOK_MS = 1000;

export class Camera {
  #video;
  #onLost;
  /** @type {MediaStream | null} */
  #stream = null;
  /** Counts openings, so that one that was left while the person was still being asked is released at once. */
  #turn = 0;
  /** Whether the video shows a frame that has not been grabbed yet. */
  #isNew = false;
  #onFrame = () => {};
  /** A frame's bytes that nobody needs any more. @type {Uint8Array<ArrayBuffer> | undefined} */
  #spare;
  /** @type {import("./image.js").Surface | null} */
  #surface = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #watch;

  /**
   * @param {HTMLVideoElement} video
   * @param {(error: SignetError) => void} onLost called when the camera goes away or falls silent by itself
   */
  constructor(video, onLost) {
    this.#video = video;
    this.#onLost = onLost;
  }

  get isOpen() {
    return this.#stream !== null;
  }

  /**
   * Asks for the camera; resolves to false when it was closed again before it opened.
   * @param {string} [deviceId]
   */
  async open(deviceId) {
    this.close();
    const turn = this.#turn;
    if (!globalThis.isSecureContext) throw new SignetError("camera-insecure", "not a secure context");
    if (!navigator.mediaDevices?.getUserMedia) {
      throw new SignetError("camera-unsupported", "getUserMedia is not defined");
    }
    const size = { width: { ideal: 640 }, height: { ideal: 480 } };
    const which = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: "user" };
    const stream = await navigator.mediaDevices.getUserMedia({ video: { ...which, ...size } }).catch((cause) => {
      throw new SignetError(FAILURES[cause?.name] ?? "camera-unsupported", `${cause?.name}: ${cause?.message}`, cause);
    });
    if (turn !== this.#turn) {
      for (const track of stream.getTracks()) track.stop();
      return false;
    }
    this.#stream = stream;
    // Stopping a track ourselves fires no event: `ended` is always the camera's doing.
    const lose = (/** @type {SignetError} */ error) => {
      if (stream !== this.#stream) return;
      this.close();
      this.#onLost(error);
    };
    stream.getVideoTracks()[0]?.addEventListener("ended", () => lose(new SignetError("camera-lost", "the video track ended")));
    this.#video.srcObject = stream;
    this.#noteFrames(turn);
    this.#watch = this.#watchOver(() => lose(new SignetError("camera-silent", `no new frame in ${SILENCE_MS} ms`)));
    await this.#video.play().catch(() => {}); // closed meanwhile; the caller sees `isOpen`
    return turn === this.#turn;
  }

  close() {
    this.#turn += 1;
    clearInterval(this.#watch);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#spare = undefined;
    this.#video.srcObject = null;
  }

  /** Counts checks rather than time, which goes on while the page is frozen. @param {() => void} onSilent */
  #watchOver(onSilent) {
    const video = this.#video;
    let shown = -1;
    let silent = 0;
    return setInterval(() => {
      const { currentTime, videoWidth } = video;
      // Its time runs on without frames in some browsers, and others count no frames of a camera.
      const frames = video.getVideoPlaybackQuality?.().totalVideoFrames || currentTime;
      const isHeld = video.paused && videoWidth > 0;
      silent = isHeld || (videoWidth > 0 && frames !== shown) ? 0 : silent + 1;
      shown = frames;
      if (silent * LOOK_MS >= SILENCE_MS) onSilent();
    }, LOOK_MS);
  }

  /** All cameras are shown mirrored, except those that face away from the person. */
  get isMirrored() {
    return this.#stream?.getVideoTracks()[0]?.getSettings().facingMode !== "environment";
  }

  /** Lists the cameras, whose names are known only while one is open. @param {HTMLSelectElement} select @returns {Promise<boolean>} whether there are several */
  async listIn(select) {
    const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    const cameras = devices.filter(({ kind }) => kind === "videoinput");
    const current = this.#stream?.getVideoTracks()[0]?.getSettings().deviceId;
    select.replaceChildren(...cameras.map(({ deviceId, label }, index) => {
      const selected = deviceId === current;
      return make("option", { value: deviceId, selected, defaultSelected: selected, says: label || (() => messages.cameraNumber(index + 1)) });
    }));
    return cameras.length > 1;
  }

  /** Notes each frame until the camera is closed. @param {number} turn */
  #noteFrames(turn) {
    // Frame callbacks, not animation frames: those stop for reasons of the display, not the camera's.
    this.#video.requestVideoFrameCallback?.(() => {
      if (turn !== this.#turn) return;
      this.#isNew = true;
      this.#onFrame();
      this.#noteFrames(turn);
    });
  }

  /**
   * Resolves when the video shows a frame that has not been grabbed: at once, where one came while the last was being
   * classified, so that whoever is a little slower than the camera does not get every other frame only.
   * @returns {Promise<void>}
   */
  nextFrame() {
    if (this.#isNew) return Promise.resolve();
    if (typeof this.#video.requestVideoFrameCallback !== "function") return new Promise((done) => void setTimeout(done, 33));
    return new Promise((done) => {
      const limit = setTimeout(done, FRAME_LIMIT_MS);
      this.#onFrame = () => {
        clearTimeout(limit);
        done();
      };
    });
  }

  /**
   * The frame's central crop, or the whole frame, unmirrored and unscaled: the module alone resamples.
   * @param {boolean} [whole]
   * @returns {Promise<PixelPicture | null>}
   */
  async grab(whole = false) {
    // Also of a frame without a size, or whoever asks for the next one would ask for ever.
    this.#isNew = false;
    const { videoWidth, videoHeight } = this.#video;
    const side = Math.min(videoWidth, videoHeight);
    if (!side || !this.#stream) return null;
    const [width, height] = whole ? [videoWidth, videoHeight] : [side, side];
    const part = { x: (videoWidth - width) >> 1, y: (videoHeight - height) >> 1, width, height };
    const size = 4 * width * height;
    const bytes = this.#spare?.length === size ? this.#spare : new Uint8Array(size);
    this.#spare = undefined;
    if (await copy(this.#video, part, bytes)) return { kind: "pixels", bytes, width, height };
    try {
      return this.#drawn(part);
    } catch (thrown) {
      this.close();
      this.#onLost(asSignetError(thrown));
      return null;
    }
  }

  /** The bytes of a picture that has served, for the next one. @param {Uint8Array<ArrayBuffer>} [bytes] */
  recycle(bytes) {
    if (this.isOpen) this.#spare = bytes;
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
