// The drawing pad in a card: draw, add, draw the next one.
import { messages, translate } from "../i18n/language.js";
import { DrawPad } from "../input/draw.js";
import { make, passFocus } from "../ui/dom.js";

/** @import { PixelPicture } from "../recognizer/protocol.js" */

const COLORS = /** @type {const} */ ([["#e8b898", "beige"], ["#b07a52", "tan"], ["#6b4226", "brown"], ["#000000", "ink"]]);

export class Pad {
  element;
  #home = "";
  /** What had the focus when it was opened. @type {Element | null} */
  #opener = null;
  #pad;
  #add;
  #clear = make("button", { type: "button", says: () => messages.clear, data: { testid: "sample-draw-clear" }, on: { click: () => this.#pad.clear() } });
  #undo = make("button", { type: "button", says: () => messages.undo, on: { click: () => this.#pad.undo() } });
  #close = make("button", { type: "button", says: () => messages.close, on: { click: () => this.close() } });

  /** @param {(classId: string, picture: PixelPicture) => void} onPicture */
  constructor(onPicture) {
    const canvas = make("canvas", { className: "pad", width: 512, height: 512, data: { testid: "sample-draw-canvas" },
      attributes: { role: "img" }, says: { "aria-label": () => messages.drawingArea } });
    this.#pad = new DrawPad(canvas, () => this.#show());
    this.#add = make("button", { type: "button", className: "strong", says: () => messages.card.addDrawing, data: { testid: "sample-draw-add" },
      on: { click: () => {
        onPicture(this.#home, this.#pad.pixels());
        this.#pad.clear();
      } } });
    this.element = make("div", { className: "recorder drawing" },
      make("div", { className: "recorder-stage" }, canvas),
      make("div", { className: "recorder-side" }, this.#add, this.#undo, this.#clear, this.#close, this.#swatches()));
    this.#show();
  }

  /** The class in whose card the pad is, or "". */
  get home() {
    return this.#home;
  }

  /** @param {string} classId @param {HTMLElement} place */
  open(classId, place) {
    this.#home = classId;
    this.#opener = document.activeElement;
    place.replaceChildren(this.element);
    translate(this.element); // the language may be another one since it was closed
  }

  close() {
    this.#home = "";
    passFocus(this.element, this.#opener, this.element.closest("li"));
    this.element.remove();
  }

  #show() {
    this.#add.disabled = this.#pad.isEmpty;
    this.#clear.disabled = this.#pad.isEmpty;
    this.#undo.disabled = !this.#pad.canUndo;
    const controls = [this.#add, this.#undo, this.#clear];
    for (const control of controls) if (control.disabled) passFocus(control, ...controls, this.#close);
  }

  #swatches() {
    const group = make("div", { className: "swatches", attributes: { role: "radiogroup" }, says: { "aria-label": () => messages.penColour } },
      ...COLORS.map(([value, name]) => make("input", {
        type: "radio", name: "teach-colour", value, checked: value === this.#pad.pen.color,
        says: { title: () => messages.colours[name], "aria-label": () => messages.colours[name] } })));
    group.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement) this.#pad.pen.color = target.value;
    });
    return group;
  }
}
