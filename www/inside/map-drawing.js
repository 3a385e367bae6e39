// A map of evidence as a drawing, on the picture that it is of: each sign has a color of its own, and what speaks against is
// hatched, too, for whom colors don't tell apart. It lies on the input in the view, or on the photo or video where the crop was.
import { mirrored } from "../input/crop.js";
import { INPUT_SIDE } from "../recognizer/contract.js";
import { cssColor, scales } from "./color.js";
import { extentOf } from "./evidence.js";
import { svg } from "./svg.js";

/** @import { ShownInput } from "../input/inputs.js" */
/** @import { CellMap } from "./evidence.js" */

/** How much of the picture a map's strongest cell hides. */
const OPACITY = 0.72;
/** Colors are taken from here of the way to the scale's ends, which are nearly black or white. */
const STRENGTH = 0.7;
/** Distance of two lines of a hatching, in pixels of the input. */
const HATCH = 4;

/** The color of a sign. @param {boolean} isFor */
export const signColor = (isFor) => cssColor(isFor ? STRENGTH : -STRENGTH, { from: -1, to: 1, scale: scales().both });

/** Lines through a square, from its lower left to its upper right. @param {number} left @param {number} top @param {number} side */
export function hatching(left, top, side) {
  const lines = [];
  for (let at = HATCH / 2; at < 2 * side; at += HATCH) {
    const [x, y] = [Math.max(0, at - side), Math.min(at, side)];
    lines.push(`M${left + x} ${top + y}L${left + y} ${top + x}`);
  }
  return lines.join("");
}

export class MapDrawing {
  element = svg("svg", { viewBox: `0 0 ${INPUT_SIDE} ${INPUT_SIDE}`, role: "img", class: "why-map" });
  #picture = svg("image", { width: INPUT_SIDE, height: INPUT_SIDE, "image-rendering": "pixelated" });
  #cells = svg("g");

  constructor() {
    this.element.append(this.#picture, this.#cells);
  }

  /** The picture in grey below the map. @param {Uint8Array} pixels */
  showPicture(pixels) {
    this.#picture.setAttribute("href", greyPicture(pixels));
  }

  clear() {
    this.#cells.replaceChildren();
  }

  /** @param {CellMap} map @param {((value: number) => string) | null} [figure] what stands in a cell */
  showMap(map, figure = null) {
    const side = INPUT_SIDE / map.side;
    const extent = extentOf(map) || 1;
    this.#cells.replaceChildren(...Array.from(map.cells).flatMap((value, index) => {
      const [left, top] = [side * (index % map.side), side * Math.floor(index / map.side)];
      const [fill, share] = [signColor(value > 0), Math.abs(value) / extent];
      return [
        svg("rect", { x: left, y: top, width: side, height: side, fill, "fill-opacity": (OPACITY * share).toFixed(3) }),
        ...(value < 0 ? [svg("path", { d: hatching(left, top, side), stroke: fill, "stroke-width": 0.6, "stroke-opacity": Math.sqrt(share).toFixed(3) })] : []),
        ...(figure ? [svg("text", { x: left + side / 2, y: top + side / 2, "text-anchor": "middle", "dominant-baseline": "central", class: "why-figure", "font-size": side / 6 }, figure(value))] : []),
      ];
    }));
  }
}

/** Only the map is in color. @param {Uint8Array} pixels RGBA */
function greyPicture(pixels) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = INPUT_SIDE;
  const grey = new Uint8ClampedArray(pixels);
  for (let at = 0; at < grey.length; at += 4) grey.fill(0.2126 * (pixels[at] ?? 0) + 0.7152 * (pixels[at + 1] ?? 0) + 0.0722 * (pixels[at + 2] ?? 0), at, at + 3);
  canvas.getContext("2d")?.putImageData(new ImageData(grey, INPUT_SIDE, INPUT_SIDE), 0, 0);
  return canvas.toDataURL();
}

/** The map on the photo, the video or the drawing. It goes with the view. */
export class MapOverlay {
  #drawing = new MapDrawing();

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.#drawing.element.classList.add("why-overlay");
    this.#drawing.element.setAttribute("aria-hidden", "true"); // the view's own map has the words
    this.#drawing.element.setAttribute("data-testid", "inside-overlay");
    signal.addEventListener("abort", () => this.hide());
  }

  /** @param {CellMap} map @param {ShownInput} input that the map is of */
  show(map, { frame, crop, width, height, isMirrored }) {
    const { element } = this.#drawing;
    const isCanvas = frame instanceof HTMLCanvasElement; // which can hold no overlay itself
    const place = isCanvas ? frame.parentElement : frame;
    if (!place) return;
    const { left, top, side } = isMirrored ? mirrored(crop, { width, height }) : crop;
    const share = (/** @type {number} */ part, /** @type {number} */ whole) => `${(100 * part) / whole}%`;
    const [around, box] = [place.getBoundingClientRect(), frame.getBoundingClientRect()];
    Object.assign(element.style, isCanvas
      ? { left: `${box.left - around.left}px`, top: `${box.top - around.top}px`, width: `${box.width}px` }
      : { left: share(left, width), top: share(top, height), width: share(side, width) });
    element.classList.toggle("mirrored", isMirrored);
    this.#drawing.showMap(map);
    if (element.parentElement !== place) place.prepend(element);
  }

  hide() {
    this.#drawing.element.remove();
  }
}
