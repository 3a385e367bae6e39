// What the numbers look like on a terminal.
import { cpus } from "node:os";

/** @typedef {import("./statistics.js").Summary} Summary */

export const MACHINE = `${cpus().length} x ${cpus()[0]?.model ?? "unknown CPU"}`;

/** @param {number} value milliseconds, with as many digits as the eye wants */
export const ms = (value) => value.toFixed(value < 100 ? 1 : 0);

/** "24.1 (23.0..29.7)" @param {Summary} [summary] @param {number} [per] */
export const range = (summary, per = 1) => {
  const { median = NaN, min = NaN, max = NaN } = summary ?? {};
  return `${ms(median / per)} (${ms(min / per)}..${ms(max / per)})`;
};

/** @param {number} [bytes] @param {number} [digits] */
export const megabytes = (bytes = NaN, digits = 2) => (bytes / 1e6).toFixed(digits);

/** Columns as wide as what is in them; the first to the left, the rest to the right. @param {string[][]} rows */
export function columns(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) =>
    (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join("   ").trimEnd()).join("\n");
}

/**
 * A table whose rows are printed as they come, in columns as wide as their names.
 * @param {...string} names
 * @returns {(...cells: (string | number)[]) => void}
 */
export function liveTable(...names) {
  const print = (/** @type {(string | number)[]} */ ...cells) =>
    console.log(cells.map((cell, column) => String(cell).padStart(names[column]?.length ?? 0)).join("   "));
  print(...names);
  return print;
}
