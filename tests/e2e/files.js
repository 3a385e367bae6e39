// Files for a test run, and what the native command says of them.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { MANIFEST, MODEL_PATH, ROOT, WWW } from "./server.js";

const SIGNS = join(ROOT, "../shared/data/signs");
/** Why a test that needs the photos is skipped; false where they are there. */
export const NO_PHOTOS = existsSync(SIGNS) ? false : "the photos of ../shared/data are not here";

/** The path of a folder that is gone after the tests of the file that asked for it. */
export function emptyFolder() {
  const folder = mkdtempSync(join(tmpdir(), "signet-e2e-"));
  // A browser that was killed may go on writing for a moment.
  process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  return folder;
}

const FILES = emptyFolder();
/** Where the browsers put what a page downloads: for a test that opens in one visit what another has saved. */
export const DOWNLOADS = emptyFolder();

/** Writes a file that is gone after the tests. @param {string} name @param {Uint8Array | string} content @returns {string} its path */
export function write(name, content) {
  const path = join(FILES, name);
  writeFileSync(path, content);
  return path;
}

/**
 * Photos, of the validation set unless told otherwise, spread evenly over each class's sorted names.
 * @param {number} perClass
 * @param {"train" | "val"} [part]
 * @returns {{ file: string, label: string }[]}
 */
export function photos(perClass, part = "val") {
  const folder = join(SIGNS, part);
  return readdirSync(folder).sort().flatMap((label) => {
    const names = readdirSync(join(folder, label)).sort();
    return Array.from({ length: perClass }, (_, index) => {
      const name = names[Math.floor((index * names.length) / perClass)];
      return { file: join(folder, label, String(name)), label };
    });
  });
}

/** What the native command answers, in JSON. @param {string[]} given */
export function runSignet(...given) {
  const command = join(ROOT, "target/release/signet");
  if (!existsSync(command)) throw new Error(`${command} is not built: cargo build --release`);
  return JSON.parse(execFileSync(command, given).toString("utf8"));
}

/**
 * What `signet predict` says, with the weights that the page ships unless others are given.
 * @param {string[]} files
 * @param {string} [weights]
 * @returns {{ file: string, label: string, probability: number, probabilities: number[] }[]}
 */
export const predictNatively = (files, weights = `${WWW}${MODEL_PATH}`) => runSignet("predict", "--weights", weights, "--json", ...files);

/**
 * The page's answer is the command's: the same label, and each probability within a tolerance.
 * @param {import("./signet.js").Shown} shown
 * @param {ReturnType<typeof predictNatively>[number] | undefined} native
 * @param {{ labels?: string[], tolerance?: number }} [how] `labels`: those of the model, in its order
 * @returns {number} the largest difference
 */
export function assertNative(shown, native, { labels = MANIFEST.labels, tolerance = 1e-4 } = {}) {
  assert.ok(native);
  assert.equal(shown.label, native.label, native.file);
  assert.deepEqual([Object.keys(shown.bars).toSorted(), native.probabilities.length], [labels.toSorted(), labels.length]);
  const largest = Math.max(...labels.map((label, index) => Math.abs(Number(shown.bars[label]) - Number(native.probabilities[index]))));
  assert.ok(largest < tolerance, `${native.file} differs from signet predict by ${largest}`);
  return largest;
}
