// The first layer's 64 filters: the only ones that are pictures themselves, 7x7 of red, green and blue.
import { make } from "../ui/dom.js";
import { put } from "./map-canvas.js";

/** @import { Context } from "./context.js" */

const [COUNT, SIDE, COLUMNS, GAP] = [64, 7, 16, 1];
const CELL = SIDE + GAP;

/** @param {Context} context */
export function filterFigure({ inspector, words, state, signal }) {
  const canvas = make("canvas", { className: "mosaic filters", width: 1, height: 1, attributes: { role: "img" }, data: { testid: "inside-filters" }, says: { "aria-label": () => words().path.filtersLabel } });
  canvas.addEventListener("click", ({ clientX, clientY }) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const [column, row] = [Math.floor(((clientX - left) / width) * COLUMNS), Math.floor(((clientY - top) / height) * (COUNT / COLUMNS))];
    state.set({ place: "conv1", channel: row * COLUMNS + column });
  }, { signal });
  void inspector.filters().then((filters) => { if (filters) draw(canvas, filters); });
  return make("figure", { className: "filter-figure" }, canvas, make("figcaption", { className: "note", says: () => words().path.filters }));
}

/** @param {HTMLCanvasElement} canvas @param {Float32Array} filters filter by filter, row by row, RGB */
function draw(canvas, filters) {
  const [width, height] = [COLUMNS * CELL - GAP, (COUNT / COLUMNS) * CELL - GAP];
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let filter = 0; filter < COUNT; filter += 1) {
    const values = filters.subarray(filter * SIDE * SIDE * 3, (filter + 1) * SIDE * SIDE * 3);
    const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-9);
    for (let at = 0; at < SIDE * SIDE; at += 1) {
      const left = (filter % COLUMNS) * CELL + (at % SIDE);
      const top = Math.floor(filter / COLUMNS) * CELL + Math.floor(at / SIDE);
      // Gray is zero: each filter's own largest weight reaches black or white.
      for (let channel = 0; channel < 3; channel += 1) pixels[4 * (top * width + left) + channel] = 127.5 * (1 + (values[3 * at + channel] ?? 0) / most);
      pixels[4 * (top * width + left) + 3] = 255;
    }
  }
  put(canvas, pixels, width, height);
}
