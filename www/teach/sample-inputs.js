// What a sample keeps of a picture: the crop where the original model finds the hand, as the taught model will find it. Where that one will
// look at the middle of pictures, because it has no detector, so do its samples.
import { INPUT_SIDE, NO_SIGN } from "../recognizer/contract.js";
import { webAssemblyError } from "../recognizer/support.js";

/** @import { Signet } from "../signet.js" */
/** @import { Crop, CropRequest, Picture } from "../recognizer/protocol.js" */
/** @import { Source } from "./snapshot.js" */

/** `crop`: the part of a picture of this size, in its pixels. @typedef {{ pixels: Uint8Array<ArrayBuffer>, crop: Crop, width: number, height: number }} SampleInput */
/**
 * What the picture is for.
 * @typedef {object} Purpose
 * @property {string} label of its class
 * @property {Source} source
 * @property {boolean} [fresh] whether it is the first of its video
 * @property {Crop} [box] the person's own crop
 * @property {boolean} [searches] whether the hand is looked for, where the classes are not yet those that the picture is for
 */
/** @typedef {(picture: Picture, purpose: Purpose) => Promise<SampleInput>} MakeInput */

/**
 * Each look's crop is half of the way to where the look before it has found the hand: a small hand is framed as the taught model will frame it
 * after four of them (docs/benchmarks.md has what that brings).
 */
const LOOKS = 4;
/** Where even the quickest first look, of three classifications at most, takes longer than this, a search would take several seconds: it is left out. */
const SLOWEST_LOOK_MS = 450;

export class SampleInputs {
  #signet;
  #threshold;
  #searches;
  /** What the quickest first look took. A single one may have waited for something else. */
  #quickestLookMs = Infinity;
  /** The module follows one video at a time: searches wait for each other. @type {Promise<unknown>} */
  #queue = Promise.resolve();

  /**
   * @param {Signet | null} signet
   * @param {() => number} threshold the presence from which there is a sign
   * @param {() => boolean} searches whether the model that these samples teach will search for the hand
   */
  constructor(signet, threshold, searches) {
    this.#signet = signet;
    this.#threshold = threshold;
    this.#searches = searches;
  }

  /** @type {MakeInput} */
  async of(picture, purpose) {
    if (!this.#signet) throw webAssemblyError();
    await this.#signet.ready;
    if (purpose.box) return this.#at(picture, { at: "box", box: purpose.box });
    const searches = purpose.source !== "draw" && (purpose.searches ?? this.#searches()) && this.#signet.held("original")?.hasDetector;
    if (!searches) return this.center(picture);
    const searching = this.#queue.then(() => this.#found(picture, purpose));
    this.#queue = searching.catch(() => {});
    return (await searching) ?? this.center(picture);
  }

  /** The middle of the picture. @param {Picture} picture @returns {Promise<SampleInput>} */
  async center(picture) {
    if (!this.#signet) throw webAssemblyError();
    await this.#signet.ready;
    const { input, width, height } = await this.#signet.input(picture, { keep: true });
    const side = Math.min(width, height);
    return { pixels: bytesOf(input), crop: { left: (width - side) >> 1, top: (height - side) >> 1, side }, width, height };
  }

  /**
   * The crop of the hand, or null where none is found. Of a picture without a sign it is the crop that most looks like one: what is
   * mistaken most easily teaches most.
   * @param {Picture} picture
   * @param {Purpose} purpose
   */
  async #found(picture, { label, source, fresh = true }) {
    const isFound = (/** @type {{ presence: number }} */ { presence }) => presence >= this.#threshold();
    if (source === "webcam") {
      const frame = await this.#at(picture, { at: "track", fresh });
      return isFound(frame) || label === NO_SIGN ? frame : null;
    }
    // Where a few crops are enough they spare the search, and each look is nearer to the hand's own crop.
    const first = await this.#at(picture, { at: "track", fresh: true });
    this.#quickestLookMs = Math.min(this.#quickestLookMs, first.latencyMs);
    // One of the network's own size was kept of a picture before.
    if (first.width === INPUT_SIDE && first.height === INPUT_SIDE) return null;
    if (isFound(first)) {
      let found = first;
      for (let look = 1; look < LOOKS; look += 1) {
        const next = await this.#at(picture, { at: "track", fresh: false });
        if (!isFound(next)) break;
        found = next;
      }
      return found;
    }
    if (this.#quickestLookMs > SLOWEST_LOOK_MS) return null;
    const searched = await this.#at(picture, { at: "anywhere" });
    return isFound(searched) || label === NO_SIGN ? searched : null;
  }

  /** @param {Picture} picture @param {CropRequest} crop */
  async #at(picture, crop) {
    const answer = await /** @type {Signet} */ (this.#signet).predict(picture, { keep: true, model: "original", crop });
    const { input, width, height, latencyMs, presence = 0 } = answer;
    const side = Math.min(width, height);
    return { pixels: bytesOf(input), crop: answer.crop ?? { left: 0, top: 0, side }, width, height, presence, latencyMs };
  }
}

/** @param {ImageData} input */
const bytesOf = ({ data }) => new Uint8Array(/** @type {ArrayBuffer} */ (data.buffer), data.byteOffset, data.length);
