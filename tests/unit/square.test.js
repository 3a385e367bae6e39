import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { SMALLEST_CROP } from "../../www/recognizer/contract.js";
import { across, contains, mirrored, moved, resized, spanned, within } from "../../www/input/crop.js";

/** @typedef {import("../../www/recognizer/protocol.js").Crop} Crop */

const FRAME = { width: 640, height: 480 };

/** @param {number} left @param {number} top @param {number} side */
const crop = (left, top, side) => ({ left, top, side });
/** @param {number} x @param {number} y */
const point = (x, y) => ({ x, y });

test("a square that lies in the picture stays as it is, others come in by the shortest way", () => {
  assert.deepEqual(within(crop(10, 20, 100), FRAME), crop(10, 20, 100));
  assert.deepEqual(within(crop(-30, 470, 100), FRAME), crop(0, 380, 100));
  assert.deepEqual(within(crop(500, 50, 9000), FRAME), crop(160, 0, 480));
  assert.equal(within(crop(0, 0, 3), FRAME).side, SMALLEST_CROP);
  assert.deepEqual(within(crop(5, 5, 50), { width: 8, height: 6 }), crop(2, 0, 6));
});

/** @type {[from: [number, number], to: [number, number], spanned: Crop][]} */
const DRAGS = [
  // In all four directions from where it began.
  [[300, 200], [400, 250], crop(300, 200, 100)],
  [[300, 200], [200, 250], crop(200, 200, 100)],
  [[300, 200], [350, 90], crop(300, 90, 110)],
  [[300, 200], [250, 150], crop(250, 150, 50)],
  // Beyond the picture it ends at the border.
  [[300, 200], [2000, 5000], crop(300, 200, 280)],
  [[100, 200], [-900, 210], crop(0, 200, 100)],
  // There is no room there, so that even the smallest square has to move.
  [[635, 475], [700, 700], crop(640 - SMALLEST_CROP, 480 - SMALLEST_CROP, SMALLEST_CROP)],
];
test("a drag spans a square that keeps its beginning, within the picture", () => {
  for (const [from, to, expected] of DRAGS) assert.deepEqual(spanned(point(...from), point(...to), FRAME), expected, `to ${to}`);
});

test("whatever is dragged, moved or resized lies in the picture", () => {
  const any = (/** @type {number} */ length) => fc.double({ min: -length, max: 2 * length, noNaN: true });
  const inside = (/** @type {number} */ length) => fc.double({ min: 0, max: length, noNaN: true });
  const points = fc.record({ x: any(640), y: any(480) });
  const crops = fc.record({ left: any(640), top: any(480), side: any(480) });
  fc.assert(fc.property(crops, fc.record({ x: inside(640), y: inside(480) }), points, inside(4), (given, corner, to, factor) => {
    const start = within(given, FRAME);
    for (const each of [start, spanned(corner, to, FRAME), moved(start, to, FRAME), resized(start, factor, FRAME)]) {
      const { left, top, side } = each;
      assert.ok([left, top, side].every(Number.isInteger), `whole pixels: ${JSON.stringify(each)}`);
      assert.ok(left >= 0 && top >= 0 && left + side <= FRAME.width && top + side <= FRAME.height, `inside: ${JSON.stringify(each)}`);
    }
  }), { numRuns: 2000 });
});

test("moving keeps the size, resizing keeps the middle", () => {
  assert.deepEqual(moved(crop(100, 100, 80), point(-20, 30), FRAME), crop(80, 130, 80));
  assert.deepEqual(moved(crop(100, 100, 80), point(-500, 0), FRAME), crop(0, 100, 80));
  assert.deepEqual(resized(crop(100, 100, 100), 1.2, FRAME), crop(90, 90, 120));
  assert.deepEqual(resized(crop(100, 100, 100), 0.5, FRAME), crop(125, 125, 50));
});

test("a mirror turns left and right around, and twice is not at all", () => {
  assert.deepEqual(mirrored(crop(40, 60, 200), FRAME), crop(400, 60, 200));
  assert.deepEqual(mirrored(crop(400, 60, 200), FRAME), crop(40, 60, 200));
  assert.deepEqual(mirrored(crop(80, 0, 480), FRAME), crop(80, 0, 480));
});

test("the corner across from the dragged one stays, and a point is in a square or beside it", () => {
  const corners = /** @type {const} */ ([["nw", 110, 120], ["se", 10, 20], ["ne", 10, 120], ["sw", 110, 20]]);
  for (const [corner, x, y] of corners) assert.deepEqual(across(crop(10, 20, 100), corner), point(x, y));
  for (const [x, y, isIn] of /** @type {const} */ ([[10, 120, true], [9, 50, false], [50, 121, false]])) {
    assert.equal(contains(crop(10, 20, 100), point(x, y)), isIn);
  }
});
