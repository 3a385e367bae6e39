// What the element shows: its parts, and what they say in its language.
import { NO_SIGN } from "../recognizer/contract.js";
import { RIGHT_TO_LEFT, failureOf, wordsOf } from "./words.js";
import { styleSheet } from "./style.js";

/** @import { SignetError } from "../recognizer/errors.js" */
/** @import { Progress } from "../recognizer/weights.js" */
/** @import { Answer } from "../library/answer.js" */

/** @typedef {"loading" | "ready" | "asking" | "live" | "failed"} State */

/**
 * A new element of the shadow tree, with its part's name for the page's styles.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {{ className?: string, part?: string, attributes?: Record<string, string> }} [given]
 * @param {...Node} children
 */
function make(tag, { className = "", part = "", attributes = {} } = {}, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (part) made.setAttribute("part", part);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export class View {
  video = make("video", { part: "video", attributes: { playsinline: "" } });
  picture = make("canvas", { part: "picture", attributes: { role: "img" } });
  toggle = make("button", { part: "button camera-button", attributes: { type: "button" } });
  input = make("input", { attributes: { type: "file", accept: "image/*" } });
  frame = make("div", { className: "frame", part: "frame" });
  #word = make("p", { className: "word", part: "message" });
  #bar = make("progress", { part: "progress", attributes: { max: "1" } });
  // Announced when it changes: of a video, whose answers are smoothed, once for each sign.
  #label = make("output", { className: "label", part: "label", attributes: { role: "status", "aria-live": "polite", "aria-atomic": "true" } });
  #figure = make("span", { className: "figure", part: "probability" });
  #chooseWord = make("span");
  #choose = make("label", { className: "choose", part: "button choose-button" }, this.#chooseWord, this.input);
  #privacy = make("p", { className: "privacy", part: "privacy" });
  #error = make("p", { className: "error", part: "error", attributes: { role: "alert" } });
  #root = make("div", { className: "root", part: "root" });
  #code = "en";
  /** @type {State} */
  #state = "loading";
  /** @type {Answer | null} */
  #answer = null;
  /** @type {SignetError | null} */
  #failure = null;
  #hasPicture = false;
  /** Whether a camera is offered. */
  #hasCamera = false;

  /** @param {ShadowRoot} shadow */
  constructor(shadow) {
    shadow.adoptedStyleSheets = [styleSheet()];
    this.video.muted = true;
    this.frame.append(this.#word, this.picture, this.video, this.#bar);
    this.#root.append(this.frame, make("div", { className: "answer", part: "answer" }, this.#label, this.#figure),
      make("div", { className: "controls", part: "controls" }, this.toggle, this.#choose), this.#privacy, this.#error);
    shadow.append(this.#root);
    this.#say();
  }

  get isFailed() {
    return this.#state === "failed";
  }

  /** @param {string} code */
  set language(code) {
    this.#code = code;
    this.#say();
  }

  /** @param {boolean} offered */
  set camera(offered) {
    this.#hasCamera = offered;
    this.#say();
  }

  /** @param {State} state */
  set state(state) {
    this.#state = state;
    if (state === "live") this.#hasPicture = false;
    if (state !== "failed" && state !== "ready") this.#failure = null;
    this.#say();
  }

  /** @param {SignetError | null} error */
  set error(error) {
    this.#failure = error;
    this.#say();
  }

  /** @param {Answer | null} answer */
  set answer(answer) {
    this.#answer = answer;
    this.#sayAnswer();
  }

  /** @param {Progress} progress */
  showProgress({ loaded, total }) {
    if (total > 0) this.#bar.value = Math.min(1, loaded / total);
    else this.#bar.removeAttribute("value");
  }

  /** Shows a picture that was chosen. @param {ImageBitmap | ImageData} picture */
  showPicture(picture) {
    Object.assign(this.picture, { width: picture.width, height: picture.height });
    const context = this.picture.getContext("2d");
    if ("data" in picture) context?.putImageData(picture, 0, 0);
    else context?.drawImage(picture, 0, 0);
    this.#hasPicture = true;
    this.#say();
  }

  #say() {
    const words = wordsOf(this.#code);
    const state = this.#state;
    this.#root.lang = this.#code;
    this.#root.dir = RIGHT_TO_LEFT.includes(this.#code) ? "rtl" : "ltr";
    const isOpen = state === "live" || state === "asking";
    this.toggle.textContent = isOpen ? words.stop : words.start;
    this.toggle.hidden = !this.#hasCamera;
    this.toggle.disabled = state === "loading" || state === "failed";
    this.#chooseWord.textContent = words.choose;
    this.input.disabled = this.toggle.disabled;
    this.video.hidden = state !== "live";
    this.video.setAttribute("aria-label", words.video);
    this.picture.hidden = state === "live" || !this.#hasPicture;
    this.picture.setAttribute("aria-label", words.picture);
    this.#bar.hidden = state !== "loading";
    this.#bar.setAttribute("aria-label", words.download);
    this.#word.textContent = state === "loading" ? words.loading : state === "asking" ? words.asking : "";
    this.#privacy.textContent = words.privacy;
    this.#error.hidden = this.#failure === null;
    this.#error.textContent = this.#failure ? words.failures[failureOf(this.#failure.code)] : "";
    this.#sayAnswer();
  }

  #sayAnswer() {
    const answer = this.#answer;
    const label = !answer ? "" : answer.label === NO_SIGN ? wordsOf(this.#code).none : answer.label;
    if (this.#label.textContent !== label) this.#label.textContent = label;
    const isSign = answer !== null && answer.label !== NO_SIGN;
    this.#figure.textContent = isSign ? new Intl.NumberFormat(this.#code, { style: "percent" }).format(answer.probability) : "";
  }
}
