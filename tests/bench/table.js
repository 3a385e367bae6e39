// What the numbers look like on a terminal.

/** @typedef {import("./speed.js").Section} Section */
/** @typedef {import("./statistics.js").Summary} Summary */

/** @param {number} value milliseconds, with as many digits as the eye wants */
const ms = (value) => value.toFixed(value < 100 ? 1 : 0);

/** "24.1 (23.0..29.7)" @param {Summary} summary @param {number} [per] */
export const range = ({ median, min, max }, per = 1) => `${ms(median / per)} (${ms(min / per)}..${ms(max / per)})`;

/** @param {number} bytes */
export const megabytes = (bytes) => (bytes / 1e6).toFixed(2);

/** Columns as wide as what is in them; the first to the left, the rest to the right. @param {string[][]} rows */
export function columns(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) =>
    (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join("   ").trimEnd()).join("\n");
}

/** One row an engine. Ratios are its time in Signet's. @param {Section} section */
export function sectionTable({ engines }) {
  const [signet] = engines;
  const ratio = (/** @type {Summary} */ mine, /** @type {Summary | undefined} */ base) =>
    (base ? (mine.median / base.median).toFixed(2) : "");
  return columns([
    ["engine", "arithmetic", "1 square, ms", "ratio", "8 squares, ms each", "ratio", "load, ms", "first answer, ms", "module, MB", "brotli"],
    ...engines.map(({ name, arithmetic, batch1, batch8, load, first, module }) => [
      name, arithmetic,
      range(batch1), ratio(batch1, signet?.batch1),
      range(batch8, 8), ratio(batch8, signet?.batch8),
      ms(load.median), range(first), megabytes(module.raw), megabytes(module.brotli),
    ]),
  ]);
}
