// The drawing pad: a white canvas, a pen that feels pressure, an eraser, undo and clear.
import { messages } from "../i18n/language.js";
import { make } from "../ui/dom.js";
import { allMoments } from "../ui/pointer.js";
import { readPixels } from "./image.js";

/** @typedef {{ x: number, y: number, width: number }} Point */
/** @typedef {{ kind: "stroke", color: string, erases: boolean, points: Point[] } | { kind: "clear" }} Step */

const PAPER = "#ffffff";
const COLORS = /** @type {const} */ ([["#e8b898", "beige"], ["#b07a52", "tan"], ["#6b4226", "brown"], ["#000000", "ink"]]);

export class DrawPad {
  /** What the next stroke is made with: as wide and as colored as a finger, which the model reads best. */
  pen = { color: "#b07a52", width: 36, erases: false };
  #canvas;
  #context;
  #onChange;
  /** @type {Step[]} */
  #steps = [];
  /** @type {number | null} */
  #pointer = null;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {() => void} onChange called after every change of the drawing, many times in a stroke
   */
  constructor(canvas, onChange) {
    this.#canvas = canvas;
    this.#context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
    this.#onChange = onChange;
    this.#paint();
    canvas.addEventListener("pointerdown", (event) => this.#begin(event));
    canvas.addEventListener("pointermove", (event) => this.#extend(event));
    for (const type of /** @type {const} */ (["pointerup", "pointercancel"])) {
      canvas.addEventListener(type, (event) => {
        if (event.pointerId === this.#pointer) this.#pointer = null;
      });
    }
  }

  get canUndo() {
    return this.#steps.length > 0;
  }

  /** Whether nothing has been drawn since the last clear; erasing an empty page draws nothing. */
  get isEmpty() {
    const cleared = this.#steps.findLastIndex(({ kind }) => kind === "clear");
    return !this.#steps.slice(cleared + 1).some((step) => step.kind === "stroke" && !step.erases);
  }

  /** Ends a stroke that is being drawn: the rest of it would be added to the one before. */
  undo() {
    this.#pointer = null;
    if (!this.#steps.pop()) return;
    this.#paint();
    this.#onChange();
  }

  /** Can be undone like a stroke. */
  clear() {
    if (this.isEmpty) return;
    this.#pointer = null;
    this.#steps.push({ kind: "clear" });
    this.#paint();
    this.#onChange();
  }

  pixels() {
    return readPixels(this.#context, this.#canvas.width, this.#canvas.height);
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    // A second finger or the palm does not draw.
    if (this.#pointer !== null || event.button !== 0 || !event.isPrimary) return;
    event.preventDefault();
    this.#pointer = event.pointerId;
    this.#canvas.setPointerCapture(event.pointerId);
    const { color, erases } = this.pen;
    this.#steps.push({ kind: "stroke", color, erases, points: [] });
    this.#extend(event);
  }

  /** @param {PointerEvent} event */
  #extend(event) {
    const stroke = this.#steps.at(-1);
    if (event.pointerId !== this.#pointer || stroke?.kind !== "stroke") return;
    for (const moment of allMoments(event)) {
      stroke.points.push(this.#pointOf(moment));
      this.#line(stroke, stroke.points.length - 1);
    }
    this.#onChange();
  }

  /** @param {PointerEvent} event @returns {Point} */
  #pointOf({ clientX, clientY, pointerType, pressure }) {
    const box = this.#canvas.getBoundingClientRect();
    // Mice report a constant and fingers whatever they like; only a pen's pressure means something.
    const force = pointerType === "pen" ? 0.4 + 1.2 * pressure : 1;
    return {
      x: ((clientX - box.left) / box.width) * this.#canvas.width,
      y: ((clientY - box.top) / box.height) * this.#canvas.height,
      width: this.pen.width * force * (this.pen.erases ? 2 : 1),
    };
  }

  #paint() {
    this.#context.fillStyle = PAPER;
    this.#context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    const cleared = this.#steps.findLastIndex(({ kind }) => kind === "clear");
    for (const step of this.#steps.slice(cleared + 1)) {
      if (step.kind === "stroke") step.points.forEach((_, index) => this.#line(step, index));
    }
  }

  /**
   * Draws the piece of a stroke that ends at a point; the first point is a dot.
   * @param {Extract<Step, { kind: "stroke" }>} stroke
   * @param {number} index
   */
  #line({ color, erases, points }, index) {
    const end = points[index];
    if (!end) return;
    const start = points[index - 1];
    const context = this.#context;
    if (!start) {
      // Browsers differ in whether a line without length has round ends.
      context.fillStyle = erases ? PAPER : color;
      context.beginPath();
      context.arc(end.x, end.y, end.width / 2, 0, 2 * Math.PI);
      context.fill();
      return;
    }
    context.strokeStyle = erases ? PAPER : color;
    context.lineWidth = end.width;
    context.lineCap = "round";
    context.beginPath();
    context.moveTo(start.x, start.y);
    context.lineTo(end.x, end.y);
    context.stroke();
  }
}

/** The choice of the pen's color. @param {DrawPad} pad @param {string} name of the radio buttons @param {() => void} [onChange] */
export function swatchesFor(pad, name, onChange = () => {}) {
  const choices = COLORS.map(([value, key]) => {
    const words = () => messages.colours[key];
    const choice = make("input", { type: "radio", name, value, checked: value === pad.pen.color, says: { title: words, "aria-label": words },
      on: { change: () => {
        Object.assign(pad.pen, { color: value, erases: false });
        onChange();
      } } });
    choice.style.setProperty("--swatch", value);
    return choice;
  });
  return make("div", { className: "swatches", attributes: { role: "radiogroup" }, says: { "aria-label": () => messages.penColour } }, ...choices);
}
