// A map's figures: its quadrants, where most of it lies, and in which order its cells go.

/** @import { Words } from "./words/en.js" */
/** @typedef {"upperLeft" | "upperRight" | "lowerLeft" | "lowerRight"} Quadrant */
/** @typedef {{ side: number, cells: ArrayLike<number> }} CellMap row by row; above 0 speaks for the class, below 0 against it */

/** @type {Quadrant[]} */
export const QUADRANTS = ["upperLeft", "upperRight", "lowerLeft", "lowerRight"];

/** Windows that occlusion covers, in each direction: 16 pixels each 8, of 64. */
const WINDOWS = 7;
const CELLS_OF_WINDOW = 4;
/** Cells of occlusion's map in each direction. */
export const OCCLUSION_SIDE = WINDOWS + 1;

/** What a cell gives its quadrant, summed: of each sign apart. @param {CellMap} map @returns {{ for: number, against: number }[]} in the order of QUADRANTS */
export function quadrantSums({ side, cells }) {
  const sums = QUADRANTS.map(() => ({ for: 0, against: 0 }));
  Array.from(cells).forEach((value, index) => {
    const [row, column] = [Math.floor(index / side), index % side];
    const sum = sums[2 * Number(2 * row >= side) + Number(2 * column >= side)];
    if (sum) sum[value > 0 ? "for" : "against"] += Math.abs(value);
  });
  return sums;
}

/**
 * Where most of a map's evidence lies: of what speaks for the class, or where nothing does, of what speaks against it.
 * @param {CellMap} map
 * @returns {{ sign: "for" | "against" | "none", places: { quadrant: Quadrant, share: number }[] }} the largest share first
 */
export function placesOf(map) {
  const sums = quadrantSums(map);
  const sign = sums.some((sum) => sum.for > 0) ? "for" : "against";
  const total = sums.reduce((sum, each) => sum + each[sign], 0);
  if (total === 0) return { sign: "none", places: [] };
  const places = QUADRANTS.map((quadrant, index) => ({ quadrant, share: (sums[index]?.[sign] ?? 0) / total }));
  return { sign, places: places.sort((one, other) => other.share - one.share) };
}

/** Where most of a map's evidence lies, as a sentence. @param {CellMap} map @param {string} label @param {Words["why"]} texts */
export function wordsOf(map, label, texts) {
  const { sign, places: [first] } = placesOf(map);
  if (sign === "none" || !first) return texts.nothing(label);
  const [place, { share }] = [texts.places[first.quadrant], first];
  if (sign === "against") return texts.onlyAgainst(label, place, share);
  return share > 0.5 ? texts.most(label, place, share) : texts.largest(label, place, share);
}

/**
 * The four cells of 8x8 pixels that a window covers share its loss evenly, so that the map adds up to all losses, as far as they are known.
 * @param {ArrayLike<number>} losses by how much the logit falls where a window is covered; NaN where that isn't known yet
 * @returns {CellMap}
 */
export function occlusionMap(losses) {
  const side = OCCLUSION_SIDE;
  const cells = Array.from({ length: side * side }, (_, index) => {
    const [row, column] = [Math.floor(index / side), index % side];
    const over = [[row - 1, column - 1], [row - 1, column], [row, column - 1], [row, column]]
      .filter(([top = 0, left = 0]) => top >= 0 && left >= 0 && top < WINDOWS && left < WINDOWS)
      .map(([top = 0, left = 0]) => Number(losses[top * WINDOWS + left])).filter(Number.isFinite);
    return over.reduce((sum, loss) => sum + loss, 0) / CELLS_OF_WINDOW;
  });
  return { side, cells };
}

/** The cells' indices, the strongest evidence first. @param {CellMap} map */
export const rankedCells = ({ cells }) => Array.from(cells, (value, index) => ({ value, index }))
  .sort((one, other) => other.value - one.value || one.index - other.index).map(({ index }) => index);

/** The largest magnitude, by which colours are scaled. @param {CellMap} map */
export const extentOf = ({ cells }) => Array.from(cells).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** An order that knows nothing of the picture, the same each time: Fisher and Yates with a fixed generator. @param {number} count */
export function shuffled(count) {
  const order = Array.from({ length: count }, (_, index) => index);
  let state = 7;
  for (let last = count - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (last + 1));
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}
