// The geometry of crops. All numbers are whole pixels of the picture.
import { SMALLEST_CROP } from "../recognizer/contract.js";

/** @import { Crop } from "../recognizer/protocol.js" */
/** @typedef {{ width: number, height: number }} Size */
/** @typedef {{ x: number, y: number }} Point */

/** @param {Size} picture */
const shorter = ({ width, height }) => Math.min(width, height);

/**
 * The crop, moved and resized as little as it takes to lie in the picture.
 * @param {Crop} crop of any numbers
 * @param {Size} picture
 */
export function within({ left, top, side }, picture) {
  const largest = shorter(picture);
  const whole = Math.round(Math.min(largest, Math.max(side, Math.min(SMALLEST_CROP, largest))));
  const inside = (/** @type {number} */ start, /** @type {number} */ length) =>
    Math.min(Math.max(0, Math.round(start)), length - whole);
  return { left: inside(left, picture.width), top: inside(top, picture.height), side: whole };
}

/**
 * The crop between a corner, which stays where it is, and the pointer.
 * @param {Point} corner
 * @param {Point} pointer
 * @param {Size} picture
 */
export function spanned(corner, pointer, picture) {
  const [dx, dy] = [pointer.x - corner.x, pointer.y - corner.y];
  // As far as there is picture in that direction: beyond its border the corner would have to move.
  const roomX = dx < 0 ? corner.x : picture.width - corner.x;
  const roomY = dy < 0 ? corner.y : picture.height - corner.y;
  const side = Math.max(SMALLEST_CROP, Math.min(Math.max(Math.abs(dx), Math.abs(dy)), roomX, roomY));
  return within({ left: dx < 0 ? corner.x - side : corner.x, top: dy < 0 ? corner.y - side : corner.y, side }, picture);
}

/** @param {Crop} crop @param {Point} by @param {Size} picture */
export function moved({ left, top, side }, by, picture) {
  return within({ left: left + by.x, top: top + by.y, side }, picture);
}

/**
 * Larger or smaller about its middle.
 * @param {Crop} crop
 * @param {number} factor
 * @param {Size} picture
 */
export function resized({ left, top, side }, factor, picture) {
  const next = within({ left: 0, top: 0, side: side * factor }, picture).side;
  return within({ left: left + (side - next) / 2, top: top + (side - next) / 2, side: next }, picture);
}

/**
 * The same crop in the mirrored picture; mirroring it twice gives the first.
 * @param {Crop} crop
 * @param {Size} picture
 */
export function mirrored({ left, top, side }, { width }) {
  return { left: width - left - side, top, side };
}

/** @param {Crop} crop @param {Point} point */
export function contains({ left, top, side }, { x, y }) {
  return x >= left && x <= left + side && y >= top && y <= top + side;
}

/** @typedef {"nw" | "ne" | "sw" | "se"} Corner */

/** The corner across from one, which stays when that one is dragged. @param {Crop} crop @param {Corner} corner @returns {Point} */
export function across({ left, top, side }, corner) {
  return { x: corner.endsWith("w") ? left + side : left, y: corner.startsWith("n") ? top + side : top };
}
