// The uploaded picture: its central crop is classified at once. Where the hand may be elsewhere, it is localized.
import { isSign } from "../recognizer/answer.js";
import { CLASSIFICATIONS } from "../recognizer/contract.js";
import { messages, say } from "../i18n/language.js";
import { element, part, showShape } from "../ui/dom.js";
import { showToast } from "../ui/notices.js";
import { PLACE } from "../ui/view.js";
import { askAboutFile, cropped, kept, previewOf } from "./image.js";
import { upright } from "./upright.js";

/** @import { Crop, CropRequest, Picture, Prediction } from "../recognizer/protocol.js" */
/** @import { CropBox, CropState } from "./crop-box.js" */
/** @typedef {(picture: Picture, options: { keep: boolean, crop?: CropRequest, recycle?: boolean }) => Promise<Prediction>} Classify */

/** Which crop of which picture was classified. @typedef {{ crop?: Crop, width: number, height: number }} Seen */
/** @typedef {(prediction: Prediction, seen: Seen, options?: { isFinal?: boolean }) => void} Show */

/**
 * @typedef {object} Recognizer
 * @property {Classify} classify
 * @property {() => boolean} hasDetector whether the model in use says if there is a sign, and where
 * @property {() => number} threshold of presence, below which there is no sign
 */

/** A picture of at most this aspect ratio and this size shows the hand alone: it is not searched. */
const NEARLY_SQUARE = 1.1;
const LARGE = 320;
/** A search starts after this pause, so that whoever leafs through pictures waits for none. */
const SEARCH_AFTER_MS = 200;
/** A search that would take longer is not started without being asked for. */
const SEARCH_LIMIT_MS = 8000;

export class Upload {
  #hand;
  #recognizer;
  #show;
  /** @type {Promise<File> | null} */
  #file = null;
  /** Ends when its preview is there, or can't be. @type {Promise<unknown> | null} */
  #preview = null;
  /** Of the picture, as the module counts its pixels. */
  #size = { width: 0, height: 0 };
  #image = element("#upload-image", HTMLImageElement);

  /** @param {CropBox} hand @param {Recognizer} recognizer @param {Show} show */
  constructor(hand, recognizer, show) {
    this.#show = show;
    this.#hand = hand;
    this.#recognizer = recognizer;
    this.#image.addEventListener("load", async () => {
      await this.#image.decode().catch(() => {}); // Firefox notices only then what it can't show
      const { naturalWidth, naturalHeight } = this.#image;
      showShape(part("#upload-frame"), naturalWidth, naturalHeight);
      this.#showFrame(naturalWidth > 0);
    });
    this.#image.addEventListener("error", () => this.#showFrame(false));
    say(part("#upload-message"), () => messages.input.upload[PLACE].title);
    say(part("#upload-submessage"), () => messages.input.upload[PLACE].line);
  }

  /** A module may read a format that the browser can't show. @param {boolean} isShown */
  #showFrame(isShown) {
    part("#upload-frame").hidden = !isShown;
    part("#upload-empty").hidden = isShown;
    say(part("#upload-message"), () => messages.input.unshowable);
    say(part("#upload-submessage"), () => messages.input.upload[PLACE].another);
  }

  get isEmpty() {
    return this.#file === null;
  }

  /** @param {File} file */
  receive(file) {
    const shown = kept(file).then(upright);
    this.#file = shown;
    this.#preview = shown.then(previewOf).then((each) => {
      if (shown !== this.#file) return; // another one has been chosen since
      URL.revokeObjectURL(this.#image.src);
      this.#image.src = URL.createObjectURL(each);
      return new Promise((done) => { for (const type of ["load", "error"]) this.#image.addEventListener(type, done, { once: true }); });
    }, () => {}); // whoever asks about it is told
    this.#image.alt = file.name;
    const name = part("#upload-name");
    name.textContent = name.title = file.name;
  }

  /** Classifies the picture. @param {() => boolean} isCurrent whether the person still wants it */
  async recognize(isCurrent) {
    const middle = await this.#ask({ at: "center" });
    if (!middle || !isCurrent()) return;
    const [short = 0, long = 0] = [middle.width, middle.height].sort((a, b) => a - b);
    const isHandAlone = this.#isSign(middle) && long <= NEARLY_SQUARE * short && long <= LARGE;
    const searches = middle.presence !== undefined && !isHandAlone && middle.latencyMs * CLASSIFICATIONS.anywhere < SEARCH_LIMIT_MS;
    this.#show(middle, middle, { isFinal: !searches });
    this.#place(middle, searches ? "looking" : isHandAlone ? "found" : "middle");
    if (!searches) return;
    await new Promise((done) => setTimeout(done, SEARCH_AFTER_MS));
    if (isCurrent()) await this.search(isCurrent);
  }

  /** Localizes the hand in the whole picture, the middle included. @param {() => boolean} isCurrent */
  async search(isCurrent) {
    this.#hand.mark("looking");
    const found = await this.#ask({ at: "anywhere" }).catch((thrown) => {
      if (isCurrent()) this.#hand.mark("middle");
      throw thrown;
    });
    if (!found || !isCurrent()) return;
    this.#show(found, found);
    this.#place(found, this.#isSign(found) ? "found" : "missing");
  }

  /** Classifies the person's own crop. @param {() => boolean} isCurrent */
  async classifyCrop(isCurrent) {
    const crop = this.#hand.yours;
    if (!crop || !this.#image.naturalWidth) return;
    const prediction = await this.#recognizer.classify(cropped(this.#image, crop, this.#size), { keep: true });
    if (isCurrent()) this.#show(prediction, { crop, ...this.#size });
  }

  /** @param {Prediction} prediction @param {Exclude<CropState, "yours">} state */
  #place({ crop, secondHand, width, height }, state) {
    if (!crop) return;
    this.#size = { width, height };
    this.#hand.show(part("#upload-frame"), crop, this.#size, state, secondHand);
  }

  /** @param {CropRequest} crop */
  async #ask(crop) {
    const file = await this.#file;
    if (!file) return null;
    const tell = (/** @type {number} */ share) => { if (crop.at === "center") showToast(() => messages.input.cut(share)); };
    const ask = (/** @type {Picture} */ picture) => this.#recognizer.classify(picture, { keep: true, crop });
    const answer = await askAboutFile(file, ask, tell);
    await this.#preview;
    const { naturalWidth: width, naturalHeight: height } = this.#image;
    // Firefox shows a GIF as large as its first frame, and others as large as its screen.
    if (file !== (await this.#file) || !width || (width === answer.width && height === answer.height)) return answer;
    return ask(cropped(this.#image, { left: 0, top: 0 }, { width, height }));
  }

  /** @param {Prediction} prediction */
  #isSign(prediction) {
    return isSign(prediction, this.#recognizer.threshold());
  }
}
