// The webcam: opened on a click, released when it is left, and its frames as pixels.
import { SignetError, asSignetError } from "../recognizer/errors.js";
import { Frames } from "./frames.js";

/** @import { ErrorCode } from "../recognizer/errors.js" */
/** @import { PixelPicture } from "../recognizer/protocol.js" */

/** What getUserMedia's failures mean for a person. @type {Record<string, ErrorCode>} */
const FAILURES = {
  NotAllowedError: "camera-denied",
  SecurityError: "camera-denied",
  NotFoundError: "camera-none",
  OverconstrainedError: "camera-none",
  NotReadableError: "camera-busy",
  AbortError: "camera-busy",
};

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
  #frames;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #watch;

  /**
   * @param {HTMLVideoElement} video
   * @param {(error: SignetError) => void} onLost called when the camera goes away or falls silent by itself
   */
  constructor(video, onLost) {
    this.#video = video;
    this.#onLost = onLost;
    this.#frames = new Frames(video);
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
    this.#frames.start();
    this.#watch = this.#watchOver(() => lose(new SignetError("camera-silent", `no new frame in ${SILENCE_MS} ms`)));
    await this.#video.play().catch(() => {}); // closed meanwhile; the caller sees `isOpen`
    return turn === this.#turn;
  }

  close() {
    this.#turn += 1;
    clearInterval(this.#watch);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#frames.stop();
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

  /** The id of the camera that is open. */
  get deviceId() {
    return this.#stream?.getVideoTracks()[0]?.getSettings().deviceId;
  }

  /** As of [`Frames`](./frames.js). */
  nextFrame() {
    return this.#frames.next();
  }

  /**
   * The frame's central crop, or the whole frame.
   * @param {boolean} [whole]
   * @returns {Promise<PixelPicture | null>}
   */
  async grab(whole = false) {
    if (!this.#stream) return null;
    try {
      return await this.#frames.grab(whole);
    } catch (thrown) {
      this.close();
      this.#onLost(asSignetError(thrown));
      return null;
    }
  }

  /** The bytes of a picture that has served, for the next one. @param {Uint8Array<ArrayBuffer>} [bytes] */
  recycle(bytes) {
    if (this.isOpen) this.#frames.recycle(bytes);
  }
}
