// The drawing pad in a card: draw, add, draw the next one.
import { messages, translate } from "../i18n/language.js";
import { DrawPad, swatchesFor } from "../input/draw.js";
import { make, passFocus } from "../ui/dom.js";
import { attempt } from "../ui/notices.js";

/** @import { PixelPicture } from "../recognizer/protocol.js" */

/** @param {(classId: string, picture: PixelPicture) => void} onPicture */
export function pad(onPicture) {
  /** The class in whose card the pad is, or "". */
  let home = "";
  /** What had the focus when it was opened. @type {Element | null} */
  let opener = null;

  const canvas = make("canvas", { className: "pad", width: 512, height: 512, data: { testid: "sample-draw-canvas" },
    attributes: { role: "img" }, says: { "aria-label": () => messages.drawingArea } });
  const drawing = new DrawPad(canvas, () => show());
  const add = make("button", { type: "button", className: "strong", says: () => messages.card.addDrawing, data: { testid: "sample-draw-add" },
    on: { click: () => attempt(() => {
      onPicture(home, drawing.pixels());
      drawing.clear();
    }) } });
  const undo = make("button", { type: "button", says: () => messages.undo, on: { click: () => drawing.undo() } });
  const clear = make("button", { type: "button", says: () => messages.clear, data: { testid: "sample-draw-clear" }, on: { click: () => drawing.clear() } });
  const leave = make("button", { type: "button", says: () => messages.close, on: { click: () => close() } });
  const element = make("div", { className: "recorder drawing" },
    make("div", { className: "recorder-stage" }, canvas),
    make("div", { className: "recorder-side" }, add, undo, clear, leave, swatchesFor(drawing, "teach-colour")));
  show();

  function show() {
    add.disabled = clear.disabled = drawing.isEmpty;
    undo.disabled = !drawing.canUndo;
    const controls = [add, undo, clear];
    for (const control of controls) if (control.disabled) passFocus(control, ...controls, leave);
  }

  function close() {
    home = "";
    passFocus(element, opener, element.closest("li"));
    element.remove();
  }

  return {
    close,

    get home() {
      return home;
    },

    /** @param {string} classId @param {HTMLElement} place */
    open(classId, place) {
      home = classId;
      opener = document.activeElement;
      place.replaceChildren(element);
      translate(element); // the language may be another one since it was closed
    },
  };
}
