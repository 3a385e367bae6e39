// Canvases of activation maps: pixels as many as values, in a scale of color.js.
import { make } from "../ui/dom.js";
import { channelOf } from "./activations.js";
import { paint, scales } from "./color.js";

/** @import { Maps } from "../library/inspector-types.js" */

/** A canvas of values that is only looked at: the words beside it say what it shows. @param {string} [className] */
export const mapCanvas = (className = "map") => make("canvas", { className, width: 1, height: 1, attributes: { "aria-hidden": "true" } });

/** What the ends of the color scale stand for: zero and the largest, or as much on both sides of zero. @param {ArrayLike<number>} values @param {boolean} signed */
export function rangeOf(values, signed) {
  let most = 0;
  for (let index = 0; index < values.length; index += 1) most = Math.max(most, Math.abs(values[index] ?? 0));
  const { one, both } = scales();
  return signed ? { from: -most, to: most, scale: both } : { from: 0, to: most, scale: one };
}

/** @param {HTMLCanvasElement} canvas @param {Maps} maps @param {number} channel @param {boolean} [signed] */
export function drawChannel(canvas, maps, channel, signed = false) {
  const values = channelOf(maps, channel);
  put(canvas, paint(values, rangeOf(values, signed)), maps.width, maps.height);
}

/** How a mosaic of all channels is laid out. @param {Maps} maps @param {number} room width of the whole, in pixels of the screen */
export function mosaicOf({ channels, width }, room) {
  const gap = width > 1 ? 1 : 0;
  const columns = Math.min(channels, Math.max(8, Math.round(room / Math.max(7, 2 * width + gap))));
  return { columns, rows: Math.ceil(channels / columns), gap, cell: width + gap };
}

/** All channels, one beside the other, in one scale. @param {HTMLCanvasElement} canvas @param {Maps} maps @param {ReturnType<typeof mosaicOf>} layout @param {boolean} [signed] */
export function drawMosaic(canvas, maps, { columns, rows, gap, cell }, signed = false) {
  const range = rangeOf(maps.values, signed);
  const width = columns * cell - gap;
  const height = rows * (maps.height + gap) - gap;
  const pixels = new Uint8ClampedArray(4 * width * height); // transparent between the channels
  const painted = paint(maps.values, range);
  for (let channel = 0; channel < maps.channels; channel += 1) {
    const left = (channel % columns) * cell;
    const top = Math.floor(channel / columns) * (maps.height + gap);
    for (let row = 0; row < maps.height; row += 1) {
      const from = 4 * (channel * maps.height + row) * maps.width;
      pixels.set(painted.subarray(from, from + 4 * maps.width), 4 * ((top + row) * width + left));
    }
  }
  put(canvas, pixels, width, height);
}

/** @param {HTMLCanvasElement} canvas @param {Uint8ClampedArray} pixels RGBA @param {number} width @param {number} height */
export function put(canvas, pixels, width, height) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  canvas.getContext("2d")?.putImageData(new ImageData(/** @type {any} */ (pixels), width, height), 0, 0);
}
