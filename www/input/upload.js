// The uploaded picture: its central crop is classified at once. Where the hand may be elsewhere, it is localized.
import { CLASSIFICATIONS } from "../recognizer/contract.js";
import { asSignetError } from "../recognizer/errors.js";
import { element, part } from "../ui/dom.js";
import { cropped, decodeInBrowser, pictureOfFile } from "./image.js";

/** @import { CropRequest, Picture, Prediction } from "../recognizer/protocol.js" */
/** @import { View } from "../ui/view.js" */
/** @import { CropBox } from "./crop-box.js" */
/** @typedef {(picture: Picture, options: { keep: boolean, crop?: CropRequest, recycle?: boolean }) => Promise<Prediction>} Classify */

/** A picture of at most this aspect ratio and this size shows the hand alone: it is not searched. */
const NEARLY_SQUARE = 1.1;
const LARGE = 320;
/** A search starts after this pause, so that whoever leafs through pictures waits for none. */
const SEARCH_AFTER_MS = 200;
/** A search that would take longer is not started without being asked for. */
const SEARCH_LIMIT_MS = 8000;

export class Upload {
  #view;
  #classify;
  #hand;
  #isSign;
  /** @type {File | null} */
  #file = null;
  /** Of the picture, as the module counts its pixels. */
  #size = { width: 0, height: 0 };
  #image = element("#upload-image", HTMLImageElement);

  /**
   * @param {object} parts
   * @param {View} parts.view
   * @param {Classify} parts.classify
   * @param {CropBox} parts.hand
   * @param {(prediction: Prediction) => boolean} parts.isSign
   */
  constructor({ view, classify, hand, isSign }) {
    this.#view = view;
    this.#classify = classify;
    this.#hand = hand;
    this.#isSign = isSign;
    this.#image.addEventListener("load", () => {
      view.showShape("upload", this.#image.naturalWidth, this.#image.naturalHeight);
      view.showPicture("picture");
    });
    this.#image.addEventListener("error", () => view.showPicture("unshowable"));
  }

  get isEmpty() {
    return this.#file === null;
  }

  /** @param {File} file */
  receive(file) {
    this.#file = file;
    URL.revokeObjectURL(this.#image.src);
    this.#image.src = URL.createObjectURL(file);
    this.#image.alt = file.name;
    this.#view.showPictureName(file.name);
  }

  /** Classifies the picture. @param {() => boolean} isCurrent whether the person still wants it */
  async recognize(isCurrent) {
    const middle = await this.#ask({ at: "center" });
    if (!middle || !isCurrent()) return;
    const searches = this.#isWorthASearch(middle);
    this.#view.showPrediction(middle, { isFinal: !searches });
    this.#show(middle, searches ? "looking" : this.#needsNoSearch(middle) ? "found" : "middle");
    if (!searches) return;
    await new Promise((done) => setTimeout(done, SEARCH_AFTER_MS));
    if (isCurrent()) await this.search(isCurrent, middle);
  }

  /**
   * Localizes the hand in the whole picture.
   * @param {() => boolean} isCurrent
   * @param {Prediction} [middle] the answer that stays when none is found
   */
  async search(isCurrent, middle) {
    this.#hand.mark("looking");
    const found = await this.#ask({ at: "anywhere" }).catch((thrown) => {
      if (isCurrent()) this.#hand.mark("middle");
      throw thrown;
    });
    if (!found || !isCurrent()) return;
    const isFound = this.#isSign(found);
    const best = !isFound && middle && this.#isSign(middle) ? middle : found;
    this.#view.showPrediction(best);
    this.#show(best, this.#isSign(best) ? "found" : "missing");
  }

  /** Classifies the person's own crop. @param {() => boolean} isCurrent */
  async classifyCrop(isCurrent) {
    const crop = this.#hand.yours;
    if (!crop || !this.#image.naturalWidth) return;
    const prediction = await this.#classify(cropped(this.#image, crop, this.#size.width), { keep: true });
    if (isCurrent()) this.#view.showPrediction(prediction);
  }

  /** @param {Prediction} prediction */
  #isWorthASearch(prediction) {
    if (prediction.presence === undefined || this.#needsNoSearch(prediction)) return false;
    return prediction.latencyMs * CLASSIFICATIONS.anywhere < SEARCH_LIMIT_MS;
  }

  /** @param {Prediction} prediction of the middle */
  #needsNoSearch(prediction) {
    const [short, long] = [prediction.width, prediction.height].sort((a, b) => a - b);
    return this.#isSign(prediction) && Number(long) <= NEARLY_SQUARE * Number(short) && Number(long) <= LARGE;
  }

  /** @param {Prediction} prediction @param {Exclude<import("../ui/view.js").CropState, "yours">} state */
  #show({ crop, width, height }, state) {
    if (!crop) return;
    this.#size = { width, height };
    this.#hand.show(part("#upload-frame"), crop, this.#size, state);
  }

  /** @param {CropRequest} crop @returns {Promise<Prediction | null>} null without a file */
  async #ask(crop) {
    const file = this.#file;
    if (!file) return null;
    return this.#classify(pictureOfFile(file), { keep: true, crop }).catch(async (thrown) => {
      if (asSignetError(thrown).code !== "picture-format") throw thrown;
      return this.#classify(await decodeInBrowser(file), { keep: true, crop });
    });
  }
}
