// What "Look inside" computes on the page itself: neighbors and components of features, and a map's figures.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { QUADRANTS, occlusionMap, placesOf, quadrantSums, rankedCells, shuffled, wordsOf } from "../../www/inside/evidence.js";
import { Space, leadingEigenvectors } from "../../www/inside/space.js";
import { STOPS, readFragment, stateOfStop, writeFragment } from "../../www/inside/state.js";
import { TABLES } from "../../www/inside/words.js";

/** @param {number[][]} samples */
function spaceOf(samples) {
  const space = new Space();
  for (const features of samples) space.add(Float32Array.from(features));
  return space;
}

/** @param {ArrayLike<number>} one @param {ArrayLike<number>} other */
const distance = (one, other) => Math.hypot(...Array.from(one, (value, index) => value - Number(other[index])));

/** Pseudo-random numbers about 0. @param {number} seed */
function noise(seed) {
  let state = seed;
  return () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 31) - 1;
}

test("samples that lie in a plane keep all their distances in two components, many features and another picture included", () => {
  const random = noise(3);
  const axes = [0, 1].map(() => Array.from({ length: 2048 }, random));
  const inSpace = (/** @type {number[]} */ [x = 0, y = 0] = []) => (axes[0] ?? []).map((value, index) => 5 + x * value + y * (axes[1]?.[index] ?? 0));
  const points = Array.from({ length: 120 }, () => [3 * random(), random()]);
  const { coordinates, shares, place } = spaceOf(points.map(inSpace)).components();
  assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9 && (shares[0] ?? 0) > 0.7, `${shares}`);
  const other = [0.3, -0.8];
  for (const [index, at] of [...coordinates, place(Float32Array.from(inSpace(other)))].entries()) {
    const far = distance(at, coordinates[7] ?? []);
    const true_ = distance(inSpace(points[index] ?? other), inSpace(points[7]));
    assert.ok(Math.abs(far - true_) < 1e-3 * (1 + true_), `${index}: ${far} and not ${true_}`);
  }
});

test("eigenvectors are those of the definition: A v = λ v, orthonormal, the largest first, equal ones too", () => {
  fc.assert(fc.property(fc.integer({ min: 2, max: 60 }), fc.integer(), (size, seed) => {
    const random = noise(seed);
    const roots = Array.from({ length: size }, () => Float64Array.from({ length: size }, random));
    const matrix = roots.map((one) => Float64Array.from(roots, (other) => one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0)));
    const found = leadingEigenvectors(matrix, 2);
    found.forEach(({ value, vector }) => matrix.forEach((row, index) => {
      const image = row.reduce((sum, element, column) => sum + element * (vector[column] ?? 0), 0);
      assert.ok(Math.abs(image - value * (vector[index] ?? 0)) < 1e-4 * size, `${image} and not ${value} times`);
    }));
    const [first, second] = found;
    assert.ok(first && second && first.value >= second.value);
    assert.ok(Math.abs(first.vector.reduce((sum, value, index) => sum + value * (second.vector[index] ?? 0), 0)) < 1e-9);
  }), { numRuns: 50 });
  // An equilateral triangle has two equal components, and none is lost.
  const corners = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
  const { coordinates, shares } = spaceOf(corners).components();
  assert.deepEqual(shares.map((share) => share.toFixed(6)), ["0.500000", "0.500000"]);
  for (const [one, other] of /** @type {const} */ ([[0, 1], [1, 2], [0, 2]])) {
    assert.ok(Math.abs(distance(coordinates[one] ?? [], coordinates[other] ?? []) - Math.SQRT2) < 1e-9);
  }
});

test("what has no spread has no components: no sample, one, and equal ones", () => {
  for (const samples of [[], [[1, 2]], [[1, 2], [1, 2], [1, 2]]]) {
    assert.deepEqual(spaceOf(samples).components().coordinates, samples.map(() => []), JSON.stringify(samples));
  }
});

test("neighbors are those of the smallest angle, whatever the length, and a sample is none of its own", () => {
  const space = spaceOf([[1, 0], [10, 1], [0, 3], [-1, 0], [0, 0]]);
  assert.deepEqual(space.neighbors(0, 2).map(({ index }) => index), [1, 2]);
  assert.deepEqual(space.neighborsOf([0, 1], 1), [{ index: 2, similarity: 1 }]);
  assert.equal(space.neighborsOf([5, 0], 9).length, 5);
  assert.equal(space.neighborsOf([5, 0], 9).find(({ index }) => index === 3)?.similarity, -1);
  assert.equal(space.neighborsOf([5, 0], 9).find(({ index }) => index === 4)?.similarity, 0, "no features, no angle");
});

test("a label is doubtful where the nearest have another one, and two samples of a class tell nothing", () => {
  const random = noise(5);
  const near = (/** @type {number[]} */ middle) => middle.map((value) => value + 0.1 * random());
  const groups = [[1, 0, 0], [0, 1, 0], [0, 0, 1]].map((middle, index) => Array.from({ length: index === 2 ? 2 : 6 }, () => near(middle)));
  const labels = ["a", "a", "a", "a", "a", "b", "b", "b", "b", "b", "b", "a", "c", "c"];
  const found = spaceOf(groups.flat()).doubtful(labels);
  assert.deepEqual([...found], [[5, "a"], [11, "b"]]);
  assert.equal(spaceOf(groups.flat()).doubtful(labels.map((_, index) => (index < 6 ? "a" : index < 12 ? "b" : "c"))).size, 0);
});

/** @type {[map: number[], sign: string, first: string | undefined, share: number | undefined][]} */
const MAPS = [
  [[6.1, 2, -3, 1.9], "for", "upperLeft", 0.61],
  [[-1, -2, -6, -1], "against", "lowerLeft", 0.6],
  [[0, 0, 0, 0], "none", undefined, undefined],
  [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0, 0], "for", "lowerRight", 0.75],
];
test("the place of most evidence, of the sign that there is", () => {
  for (const [cells, sign, first, share] of MAPS) {
    const found = placesOf({ side: Math.sqrt(cells.length), cells });
    assert.deepEqual([found.sign, found.places[0]?.quadrant, found.places[0]?.share], [sign, first, share], `${cells}`);
  }
});

test("a map in words names its place and share, in every language", async () => {
  for (const [code, load] of Object.entries(TABLES)) {
    const { why, stops } = await load();
    const said = MAPS.map(([cells]) => wordsOf({ side: Math.sqrt(cells.length), cells }, "Alpha", why));
    said.push(wordsOf({ side: 2, cells: [3, 2, 2, 3] }, "Alpha", why));
    MAPS.forEach(([, , first, share], index) => {
      assert.match(said[index] ?? "", /Alpha/);
      if (first) assert.ok(said[index]?.includes(why.places[/** @type {keyof typeof why.places} */ (first)]) && said[index]?.includes(String(100 * Number(share))), `${code}: ${said[index]}`);
    });
    assert.equal(new Set(said.map((line) => line.replace(/\d.*/, ""))).size, 5, `${code}: most, against, nothing, most elsewhere, less than half: ${said.join(" / ")}`);
    assert.equal(stops.list.length, STOPS.length, code);
  }
});

test("a guided stop is a short address that holds all of it; what a person changes there is added, also back to what is usual", () => {
  STOPS.forEach((shows, index) => {
    const state = stateOfStop(index + 1);
    assert.equal(writeFragment(state), `#inside?stop=${index + 1}`);
    assert.deepEqual(readFragment(`#inside?stop=${index + 1}`), state);
    for (const [name, value] of Object.entries(shows)) assert.deepEqual(state[/** @type {keyof typeof state} */ (name)], value);
    for (const change of /** @type {Partial<typeof state>[]} */ ([{ cuts: [] }, { view: "path" }, { map: "exact" }, { example: "" }, { place: "stem" }, { view: "knows", class: 2 }])) {
      assert.deepEqual(readFragment(writeFragment({ ...state, ...change })), { ...state, ...change }, `${index + 1}: ${JSON.stringify(change)}`);
    }
  });
  assert.equal(readFragment("#inside?stop=6").stop, 0);
});

test("quadrants hold all of a map, each sign apart", () => {
  fc.assert(fc.property(fc.constantFrom(2, 4, 8), fc.integer(), (side, seed) => {
    const cells = Array.from({ length: side * side }, noise(seed));
    const sums = quadrantSums({ side, cells });
    assert.equal(sums.length, QUADRANTS.length);
    const total = sums.reduce((sum, each) => sum + each.for - each.against, 0);
    assert.ok(Math.abs(total - cells.reduce((sum, cell) => sum + cell, 0)) < 1e-9);
  }));
});

test("the four cells of a window share its loss: a corner has a quarter of one window, an edge of two, the rest of four, and all add up", () => {
  const losses = Array.from({ length: 49 }, (_, index) => index);
  const { side, cells } = occlusionMap(losses);
  assert.equal(side, 8);
  assert.deepEqual([cells[0], cells[1], cells[9], cells[63]], [0, 0.25, 4, 12]);
  assert.equal(Array.from(cells).reduce((sum, cell) => sum + cell, 0), losses.reduce((sum, loss) => sum + loss, 0));
  const partly = occlusionMap(losses.map((loss, index) => (index < 7 ? loss : NaN)));
  assert.deepEqual([partly.cells[9], partly.cells[63]], [0.25, 0], "what isn't known yet counts for nothing");
  assert.deepEqual(rankedCells({ side: 2, cells: [1, 3, -2, 3] }), [1, 3, 0, 2]);
});

test("an order that has asked nobody has each cell once, and is the same each time", () => {
  assert.deepEqual(shuffled(64).toSorted((one, other) => one - other), Array.from({ length: 64 }, (_, index) => index));
  assert.deepEqual(shuffled(64), shuffled(64));
  assert.notDeepEqual(shuffled(64).slice(0, 4), [0, 1, 2, 3]);
});
