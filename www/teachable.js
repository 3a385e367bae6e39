// An adapter in the shape of @teachablemachine/image: all of this file, imported as `tmImage`, has its `load`, `predict` and
// `Webcam`. A model that says if there is a sign has the class `none` besides.
import { Camera } from "./input/camera.js";
import { pixelSurface } from "./input/image.js";
import { NO_SIGN } from "./recognizer/contract.js";
import { Signet } from "./signet.js";

/** @import { SignetOptions } from "./signet.js" */
/** @import { Source } from "./library/source.js" */

/** @typedef {{ className: string, probability: number }} ClassProbability */
/** @typedef {SignetOptions & { localize?: boolean }} TeachableOptions `localize` looks for the hand in the whole picture; the central crop, as there, unless told otherwise */

/**
 * @param {SignetOptions["model"]} [model] as of `Signet.load`
 * @param {TeachableOptions | string | object} [options] an address or an object of metadata is passed over: a weights file has its labels itself
 */
export async function load(model, options = {}) {
  const { localize = false, ...given } = /** @type {TeachableOptions} */ (typeof options === "string" || "labels" in options ? {} : options);
  return new TeachableModel(await Signet.load({ ...given, model }), localize);
}

/** @param {Blob} model a weights file @param {TeachableOptions} [options] */
export const loadFromFiles = (model, options) => load(model, options);

export class TeachableModel {
  #signet;
  #localize;

  /** @param {Signet} signet @param {boolean} localize */
  constructor(signet, localize) {
    this.#signet = signet;
    this.#localize = localize;
  }

  getTotalClasses() {
    return this.getClassLabels().length;
  }

  getClassLabels() {
    return [...this.#signet.labels, ...this.#signet.hasDetector ? [NO_SIGN] : []];
  }

  getMetadata() {
    return { labels: this.getClassLabels(), packageName: "signet", imageSize: 64 };
  }

  /**
   * Of each class, in the order of the labels; together they are 1.
   * @param {Source} image
   * @param {boolean} [flipped] whether it is looked at in a mirror
   * @returns {Promise<ClassProbability[]>}
   */
  async predict(image, flipped = false) {
    const source = flipped ? await mirrored(image) : image;
    const { probabilities, presence = 1 } = await this.#signet.classify(source, { localize: this.#localize });
    return this.getClassLabels().map((className) => ({
      className, probability: className === NO_SIGN ? 1 - presence : presence * (probabilities[className] ?? 0) }));
  }

  /** The most probable classes, the most probable first. @param {Source} image @param {number} [maxPredictions] @param {boolean} [flipped] */
  async predictTopK(image, maxPredictions = 10, flipped = false) {
    const classes = await this.predict(image, flipped);
    return classes.sort((one, other) => other.probability - one.probability).slice(0, maxPredictions);
  }

  /** Ends its worker. */
  dispose() {
    this.#signet.close();
  }
}

/** @param {Source} image */
async function mirrored(image) {
  const bitmap = await createImageBitmap(image);
  const { width, height } = bitmap;
  const context = pixelSurface(width, height);
  context.setTransform(-1, 0, 0, 1, width, 0);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return /** @type {OffscreenCanvas | HTMLCanvasElement} */ (context.canvas);
}

/** A webcam whose central square is drawn into a canvas at each `update`. */
export class Webcam {
  #camera;
  webcam = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
  canvas = document.createElement("canvas");

  /** @param {number} [width] @param {number} [height] @param {boolean} [flip] whether it is drawn as in a mirror */
  constructor(width = 400, height = 400, flip = false) {
    Object.assign(this.canvas, { width, height });
    this.flip = flip;
    this.#camera = new Camera(this.webcam, () => this.stop());
  }

  get width() {
    return this.canvas.width;
  }

  get height() {
    return this.canvas.height;
  }

  /** Asks for the camera. @param {{ deviceId?: string }} [options] */
  async setup({ deviceId } = {}) {
    await this.#camera.open(deviceId);
  }

  async play() {
    await this.webcam.play();
  }

  pause() {
    this.webcam.pause();
  }

  stop() {
    this.#camera.close();
  }

  /** Draws the frame of now. */
  update() {
    const { videoWidth, videoHeight } = this.webcam;
    const { width, height } = this.canvas;
    const context = this.canvas.getContext("2d");
    if (!context || !videoWidth) return;
    const scale = Math.min(videoWidth / width, videoHeight / height);
    const [columns, rows] = [width * scale, height * scale];
    context.setTransform(this.flip ? -1 : 1, 0, 0, 1, this.flip ? width : 0, 0);
    context.drawImage(this.webcam, (videoWidth - columns) / 2, (videoHeight - rows) / 2, columns, rows, 0, 0, width, height);
  }
}
