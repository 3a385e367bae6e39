// A video's frames, answered one after another.
import { Frames } from "../input/frames.js";
import { asSignetError } from "../recognizer/errors.js";
import { Smoothing } from "../recognizer/smoothing.js";
import { answerOf } from "./answer.js";

/** @import { SignetError } from "../recognizer/errors.js" */
/** @import { Crop, CropRequest, PixelPicture, Prediction } from "../recognizer/protocol.js" */
/** @import { Answer } from "./answer.js" */

/**
 * As much of a `Signet` as a video is followed with.
 * @typedef {object} Follower
 * @property {Promise<void>} ready
 * @property {string[]} labels
 * @property {boolean} hasDetector
 * @property {number} threshold
 * @property {(picture: PixelPicture, options: { keep: boolean, crop: CropRequest, recycle: boolean }) => Promise<Prediction>} predict
 */

/**
 * @typedef {object} WatchOptions
 * @property {boolean | Crop} [localize] follows the hand through the picture, which costs little, unless it is false: then
 *   only the central crop is looked at; a crop is looked at alone
 * @property {boolean} [smooth] answers with the last moments together, so that the answer does not flicker; true unless told otherwise
 * @property {number} [threshold] in place of `signet.threshold`
 * @property {AbortSignal} [signal] stops it
 * @property {(error: SignetError) => void} [onError] called when it has stopped because of an error; without, the error is reported as uncaught
 */

/** Until it is stopped. Two frames are never asked about at once. */
export class Watch {
  #signet;
  #options;
  #callback;
  #frames;
  #smoothing = new Smoothing();
  #isStopped = false;
  #isFresh = true;
  /** Resolves when it has stopped, whatever the reason. @type {Promise<void>} */
  finished;

  /**
   * @param {Follower} signet
   * @param {HTMLVideoElement} video
   * @param {(answer: Answer) => void} callback
   * @param {WatchOptions & { video: number }} options `video` tells it from others that the same model follows
   */
  constructor(signet, video, callback, options) {
    this.#signet = signet;
    this.#options = options;
    this.#callback = callback;
    this.#frames = new Frames(video);
    options.signal?.addEventListener("abort", () => this.stop(), { once: true });
    if (options.signal?.aborted) this.#isStopped = true;
    this.finished = this.#run();
  }

  get isRunning() {
    return !this.#isStopped;
  }

  /** No answer comes any more. */
  stop() {
    this.#isStopped = true;
    this.#frames.stop();
  }

  async #run() {
    try {
      await this.#signet.ready;
      this.#frames.start();
      let failures = 0;
      while (!this.#isStopped) {
        await this.#frames.next();
        try {
          if (!this.#isStopped) await this.#answerFrame();
          failures = 0;
        } catch (thrown) {
          // One frame may be lost to a worker that is being replaced; the next one shows whether it was.
          failures += 1;
          if (failures > 1 || !asSignetError(thrown).code.startsWith("worker-")) throw thrown;
        }
      }
    } catch (thrown) {
      if (this.#isStopped) return;
      this.stop();
      const { onError = reportError } = this.#options;
      onError(asSignetError(thrown));
    }
  }

  async #answerFrame() {
    const { hasDetector } = this.#signet;
    const picture = await this.#frames.grab(hasDetector && this.#options.localize !== false);
    if (!picture || this.#isStopped) return;
    const prediction = await this.#signet.predict(picture, { keep: false, crop: this.#crop(hasDetector), recycle: true });
    if (this.#isStopped) return;
    this.#frames.recycle(prediction.pixels);
    this.#tell(prediction);
  }

  /** @param {boolean} hasDetector @returns {CropRequest} */
  #crop(hasDetector) {
    const { localize = true, video } = this.#options;
    if (!hasDetector || localize === false) return { at: "center" };
    if (localize !== true) return { at: "box", box: localize };
    const fresh = this.#isFresh;
    this.#isFresh = false;
    return { at: "track", fresh, video };
  }

  /** @param {Prediction} prediction */
  #tell(prediction) {
    const { smooth = true, threshold = this.#signet.threshold } = this.#options;
    const steady = smooth ? this.#smoothing.add(prediction, threshold, performance.now()) : prediction;
    try {
      this.#callback(answerOf(steady, this.#signet.labels, threshold));
    } catch (thrown) {
      reportError(thrown); // of the caller's own
    }
  }
}
