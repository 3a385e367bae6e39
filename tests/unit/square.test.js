import assert from "node:assert/strict";
import test from "node:test";
import { SMALLEST_CROP } from "../../www/recognizer/contract.js";
import { across, contains, mirrored, moved, resized, spanned, within } from "../../www/input/crop.js";

const FRAME = { width: 640, height: 480 };

/** @param {import("../../www/recognizer/protocol.js").Crop} square */
function assertInside(square) {
  const { left, top, side } = square;
  assert.ok([left, top, side].every(Number.isInteger), `whole pixels: ${JSON.stringify(square)}`);
  assert.ok(left >= 0 && top >= 0 && left + side <= FRAME.width && top + side <= FRAME.height, `inside: ${JSON.stringify(square)}`);
}

test("a square that lies in the picture stays as it is, others come in by the shortest way", () => {
  assert.deepEqual(within({ left: 10, top: 20, side: 100 }, FRAME), { left: 10, top: 20, side: 100 });
  assert.deepEqual(within({ left: -30, top: 470, side: 100 }, FRAME), { left: 0, top: 380, side: 100 });
  assert.deepEqual(within({ left: 500, top: 50, side: 9000 }, FRAME), { left: 160, top: 0, side: 480 });
  assert.equal(within({ left: 0, top: 0, side: 3 }, FRAME).side, SMALLEST_CROP);
  assert.deepEqual(within({ left: 5, top: 5, side: 50 }, { width: 8, height: 6 }), { left: 2, top: 0, side: 6 });
});

test("a drag spans a square from where it began, in all four directions", () => {
  const from = { x: 300, y: 200 };
  assert.deepEqual(spanned(from, { x: 400, y: 250 }, FRAME), { left: 300, top: 200, side: 100 });
  assert.deepEqual(spanned(from, { x: 200, y: 250 }, FRAME), { left: 200, top: 200, side: 100 });
  assert.deepEqual(spanned(from, { x: 350, y: 90 }, FRAME), { left: 300, top: 90, side: 110 });
  assert.deepEqual(spanned(from, { x: 250, y: 150 }, FRAME), { left: 250, top: 150, side: 50 });
});

test("a drag beyond the picture keeps its beginning and ends at the border", () => {
  assert.deepEqual(spanned({ x: 300, y: 200 }, { x: 2000, y: 5000 }, FRAME), { left: 300, top: 200, side: 280 });
  assert.deepEqual(spanned({ x: 100, y: 200 }, { x: -900, y: 210 }, FRAME), { left: 0, top: 200, side: 100 });
  // There is no room there, so that even the smallest square has to move.
  const cornered = spanned({ x: 635, y: 475 }, { x: 700, y: 700 }, FRAME);
  assert.deepEqual(cornered, { left: 640 - SMALLEST_CROP, top: 480 - SMALLEST_CROP, side: SMALLEST_CROP });
});

test("whatever is dragged, moved or resized lies in the picture", () => {
  for (let run = 0; run < 2000; run += 1) {
    const any = (/** @type {number} */ length) => (Math.random() * 3 - 1) * length;
    const start = within({ left: any(640), top: any(480), side: any(480) }, FRAME);
    assertInside(start);
    const corner = { x: Math.random() * 640, y: Math.random() * 480 };
    assertInside(spanned(corner, { x: any(640), y: any(480) }, FRAME));
    assertInside(moved(start, { x: any(640), y: any(480) }, FRAME));
    assertInside(resized(start, Math.random() * 4, FRAME));
  }
});

test("moving keeps the size, resizing keeps the middle", () => {
  assert.deepEqual(moved({ left: 100, top: 100, side: 80 }, { x: -20, y: 30 }, FRAME), { left: 80, top: 130, side: 80 });
  assert.deepEqual(moved({ left: 100, top: 100, side: 80 }, { x: -500, y: 0 }, FRAME), { left: 0, top: 100, side: 80 });
  assert.deepEqual(resized({ left: 100, top: 100, side: 100 }, 1.2, FRAME), { left: 90, top: 90, side: 120 });
  assert.deepEqual(resized({ left: 100, top: 100, side: 100 }, 0.5, FRAME), { left: 125, top: 125, side: 50 });
});

test("a mirror turns left and right around, and twice is not at all", () => {
  const square = { left: 40, top: 60, side: 200 };
  assert.deepEqual(mirrored(square, FRAME), { left: 400, top: 60, side: 200 });
  assert.deepEqual(mirrored(mirrored(square, FRAME), FRAME), square);
  const middle = { left: 80, top: 0, side: 480 };
  assert.deepEqual(mirrored(middle, FRAME), middle);
});

test("the corner across from the dragged one stays, and a point is in a square or beside it", () => {
  const square = { left: 10, top: 20, side: 100 };
  const corners = /** @type {const} */ ({ nw: { x: 110, y: 120 }, se: { x: 10, y: 20 }, ne: { x: 10, y: 120 }, sw: { x: 110, y: 20 } });
  for (const [corner, point] of Object.entries(corners)) assert.deepEqual(across(square, /** @type {keyof typeof corners} */ (corner)), point);
  for (const [x, y, isIn] of /** @type {const} */ ([[10, 120, true], [9, 50, false], [50, 121, false]])) assert.equal(contains(square, { x, y }), isIn);
});
