// How large the engines' code is, as it is and as a server would compress it.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { ROOT } from "../e2e/server.js";
import { FOLDER } from "./prepare.js";

/** @typedef {{ raw: number, brotli: number }} Size in bytes */

const compress = promisify(brotliCompress);
/** The best quality takes half a minute for the largest file, so what it came to is kept. */
const KEPT = `${FOLDER}/brotli.json`;

/**
 * Together.
 * @param {string[]} paths from the root
 * @returns {Promise<Size>}
 */
export async function moduleSize(paths) {
  /** @type {Record<string, number>} */
  const kept = existsSync(KEPT) ? JSON.parse(readFileSync(KEPT, "utf8")) : {};
  const total = { raw: 0, brotli: 0 };
  for (const path of paths) {
    const bytes = readFileSync(ROOT + path);
    const hash = createHash("sha256").update(bytes).digest("hex");
    kept[hash] ??= (await compress(bytes, { params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    } })).length;
    total.raw += bytes.length;
    total.brotli += kept[hash];
  }
  writeFileSync(KEPT, JSON.stringify(kept));
  return total;
}
