// How large the engines' code is, as it is and as a server would compress it.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";
import { ROOT } from "../e2e/server.js";
import { FOLDER } from "./prepare.js";

/** @typedef {{ raw: number, brotli: number }} Size in bytes */

/** The best quality, which is the usual one, takes half a minute for the largest file, so what it came to is kept. */
const KEPT = `${FOLDER}/brotli.json`;

/** Together. @param {readonly string[]} paths from the root @returns {Size} */
export function moduleSize(paths) {
  /** @type {Record<string, number>} */
  const kept = existsSync(KEPT) ? JSON.parse(readFileSync(KEPT, "utf8")) : {};
  const total = { raw: 0, brotli: 0 };
  for (const path of paths) {
    const bytes = readFileSync(ROOT + path);
    const hash = createHash("sha256").update(bytes).digest("hex");
    const brotli = kept[hash] ??= brotliCompressSync(bytes).length;
    total.raw += bytes.length;
    total.brotli += brotli;
  }
  writeFileSync(KEPT, JSON.stringify(kept));
  return total;
}
