// The box around the crop that is classified, drawn over a picture or the video. It shows where the hand was found,
// until the person draws, moves or resizes it. From then on it is the person's, until they release it.
import { messages } from "../i18n/language.js";
import { make } from "../ui/dom.js";
import { across, contains, mirrored, moved, resized, spanned, within } from "./crop.js";

/** @import { Crop } from "../recognizer/protocol.js" */
/** @import { Corner, Point, Size } from "./crop.js" */
/**
 * What the crop is: around a hand that was found, while one is searched for, where none was found, the middle of the
 * picture, or the person's own.
 * @typedef {"found" | "looking" | "missing" | "middle" | "yours"} CropState
 */
/** @typedef {{ pointer: number, from: Point, isDrag: boolean, to: (point: Point) => Crop }} Drag */

/** A pointer that moves less than this, in pixels of the screen, clicks and drags nothing. */
const SLOP = 5;
/** What an arrow key moves, as a share of the picture's shorter side; four times as much with Shift. */
const STEP = 0.025;
const GROWTH = 1.1;
/** A drag inside a found box that is smaller than this share of the shorter side moves it; in a larger one it draws anew. */
const MOVABLE = 0.75;
const CORNERS = /** @type {const} */ (["nw", "ne", "sw", "se"]);

export class CropBox {
  #events;
  #box;
  /** Around a second hand, which is not answered. It can't be taken. */
  #second = make("div", { className: "second-hand", hidden: true, data: { testid: "second-hand" } });
  /** As the model gives it, or none. @type {Crop | undefined} */
  #secondHand;
  /** @type {HTMLElement | null} */
  #frame = null;
  /** Of the picture that is shown. @type {Size} */
  #size = { width: 1, height: 1 };
  /** As it is on the screen: of a mirrored video, in the mirror. @type {Crop} */
  #shown = { left: 0, top: 0, side: 1 };
  /** @type {CropState | null} */
  #state = null;
  /** @type {Drag | null} */
  #drag = null;

  /**
   * @param {object} events
   * @param {() => void} events.onChosen the person has drawn, moved or resized it
   * @param {() => void} events.onReleased
   * @param {(state: CropState | null, before: CropState | null) => void} [events.onState] null: there is no crop to be shown
   */
  constructor(events) {
    this.#events = events;
    this.#box = make("div", {
      className: "hand",
      tabIndex: 0,
      hidden: true,
      data: { testid: "hand-square" },
      // Else a screen reader keeps the arrow keys for itself.
      attributes: { role: "application" },
      says: { "aria-roledescription": () => messages.square.role, "aria-label": () => messages.square.label },
      on: { keydown: (event) => this.#press(event) },
    }, ...CORNERS.map((corner) => make("span", { className: "hand-corner", data: { corner } })));
  }

  /** @param {HTMLElement} frame filled by a picture or a video */
  listenTo(frame) {
    if (!this.#box.parentNode) frame.append(this.#box);
    frame.addEventListener("pointerdown", (event) => this.#begin(event));
    frame.addEventListener("pointermove", (event) => this.#extend(event));
    for (const type of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
      frame.addEventListener(type, ({ pointerId }) => { if (pointerId === this.#drag?.pointer) this.#end(); });
    }
    // The browser would drag the picture itself out of the page.
    frame.addEventListener("dragstart", (event) => event.preventDefault());
  }

  /** The crop that the person has chosen, in pixels of the picture. @returns {Crop | null} */
  get yours() {
    return this.#state === "yours" ? this.#flipped(this.#shown) : null;
  }

  /**
   * Shows the crop that was classified. A box that is the person's stays as it is.
   * @param {HTMLElement} frame where the picture is shown
   * @param {Crop} crop
   * @param {Size} size of the picture
   * @param {Exclude<CropState, "yours">} state
   * @param {Crop} [secondHand] a second hand, which is shown beside a found one
   */
  show(frame, crop, { width, height }, state, secondHand) {
    if (frame !== this.#frame) {
      this.#frame?.classList.remove("finding");
      this.#frame = frame;
      frame.classList.add("finding");
      frame.append(this.#second, this.#box);
    }
    const isResized = width !== this.#size.width || height !== this.#size.height;
    this.#size = { width, height };
    if (this.#state === "yours") {
      if (isResized) this.#place(within(this.#shown, this.#size)); // a phone was turned
      return;
    }
    this.#secondHand = secondHand;
    this.#place(this.#flipped(crop));
    this.#turn(state);
    this.#showSecond();
  }

  /** Another state of the same box, as when a search begins. @param {Exclude<CropState, "yours">} state */
  mark(state) {
    if (this.#state && this.#state !== "yours") this.#turn(state);
  }

  /** Hides the box, which is no longer the person's. */
  hide() {
    this.#end();
    this.#frame?.classList.remove("finding");
    this.#frame = null;
    this.#turn(null);
  }

  /** The box becomes the person's as it is, or is searched for again. */
  toggle() {
    if (this.#state === "yours" || this.#state === "middle") this.#release();
    else if (this.#state) this.#take(this.#shown);
  }

  // The mirror

  /** Between the picture and the screen, either way. @param {Crop} crop */
  #flipped(crop) {
    return this.#frame?.classList.contains("mirrored") ? mirrored(crop, this.#size) : crop;
  }

  /** Where on the shown picture, in its pixels. @param {PointerEvent} event @returns {Point} */
  #pointOf({ clientX, clientY }) {
    const box = /** @type {HTMLElement} */ (this.#frame).getBoundingClientRect();
    return {
      x: ((clientX - box.left) / box.width) * this.#size.width,
      y: ((clientY - box.top) / box.height) * this.#size.height,
    };
  }

  // Pointer and keys

  /** @param {PointerEvent} event */
  #begin(event) {
    if (!this.#state || this.#drag || event.button !== 0 || !event.isPrimary || event.currentTarget !== this.#frame) return;
    event.preventDefault();
    this.#box.focus({ preventScroll: true }); // so that the keys go on where the pointer stops
    this.#frame?.setPointerCapture(event.pointerId);
    const from = this.#pointOf(event);
    const [start, size] = [this.#shown, this.#size];
    const { corner } = event.target instanceof HTMLElement ? event.target.dataset : {};
    /** @type {Drag["to"]} */
    let to = (point) => spanned(from, point, size);
    if (corner) {
      const fixed = across(start, /** @type {Corner} */ (corner));
      to = (point) => spanned(fixed, point, size);
    } else if (this.#isMovable && contains(start, from)) {
      to = ({ x, y }) => moved(start, { x: x - from.x, y: y - from.y }, size);
    }
    this.#drag = { pointer: event.pointerId, from: { x: event.clientX, y: event.clientY }, isDrag: false, to };
  }

  /** @param {PointerEvent} event */
  #extend(event) {
    const drag = this.#drag;
    if (event.pointerId !== drag?.pointer || !this.#frame) return;
    drag.isDrag ||= Math.hypot(event.clientX - drag.from.x, event.clientY - drag.from.y) >= SLOP;
    if (!drag.isDrag) return;
    this.#box.classList.add("dragged");
    this.#take(drag.to(this.#pointOf(event)));
  }

  /** One that fills the picture can't be moved, and one that the model has for want of a better is drawn anew. */
  get #isMovable() {
    const { width, height } = this.#size;
    const { side } = this.#shown;
    if (this.#state === "yours") return side < Math.max(width, height);
    return this.#state === "found" && side < MOVABLE * Math.min(width, height);
  }

  #end() {
    this.#drag = null;
    this.#box.classList.remove("dragged");
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    if (!this.#state || ctrlKey || metaKey || altKey) return; // Ctrl and + zoom
    const step = Math.max(1, Math.min(this.#size.width, this.#size.height) * STEP * (shiftKey ? 4 : 1));
    const direction = { ArrowLeft: { x: -step, y: 0 }, ArrowRight: { x: step, y: 0 }, ArrowUp: { x: 0, y: -step }, ArrowDown: { x: 0, y: step } }[key];
    const factor = { "+": GROWTH, "=": GROWTH, "-": 1 / GROWTH, _: 1 / GROWTH }[key]; // = and _: the same keys without and with Shift
    const next = direction ? moved(this.#shown, direction, this.#size) : factor ? resized(this.#shown, factor, this.#size) : null;
    const gives = key === "Escape" && this.#state === "yours"; // another Esc stops the webcam, as everywhere
    if (!next && !gives) return;
    event.preventDefault();
    if (next) this.#take(next);
    else this.#release();
  }

  /** @param {Crop} crop as it is on the screen */
  #take(crop) {
    this.#place(crop);
    this.#turn("yours");
    this.#events.onChosen();
  }

  #release() {
    this.#end();
    this.#turn("looking");
    this.#events.onReleased();
  }

  // The page

  /** @param {HTMLElement} box @param {Crop} crop as it is on the screen */
  #lay(box, { left, top, side }) {
    const share = (/** @type {number} */ part, /** @type {number} */ whole) => `${(100 * part) / whole}%`;
    Object.assign(box.style, { left: share(left, this.#size.width), top: share(top, this.#size.height), width: share(side, this.#size.width) });
  }

  #showSecond() {
    const second = this.#state === "found" ? this.#secondHand : undefined;
    this.#second.hidden = second === undefined;
    if (second) this.#lay(this.#second, this.#flipped(second));
  }

  /** @param {Crop} crop as it is on the screen */
  #place(crop) {
    this.#shown = crop;
    this.#lay(this.#box, crop);
    const { left, top, side } = this.#flipped(crop);
    Object.assign(this.#box.dataset, { left, top, side });
    this.#box.classList.toggle("movable", this.#isMovable);
    this.#box.classList.toggle("whole", side === this.#size.width && side === this.#size.height);
  }

  /** @param {CropState | null} state */
  #turn(state) {
    if (state === this.#state) return;
    const before = this.#state;
    this.#state = state;
    this.#box.classList.toggle("movable", this.#isMovable);
    this.#box.hidden = state === null;
    this.#box.dataset.state = state ?? "";
    this.#showSecond();
    this.#events.onState?.(state, before);
  }
}
