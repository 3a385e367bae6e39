// Files for a test run, and what the native command says of them.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after } from "node:test";
import { MODEL_PATH, ROOT, WWW } from "./server.js";

const SIGNS = join(ROOT, "../shared/data/signs");
/** Why a test that needs the photos is skipped; false where they are there. */
export const NO_PHOTOS = existsSync(SIGNS) ? false : "the photos of ../shared/data are not here";

/** Where the browsers put what a page downloads: for a test that opens in one visit what another has saved. */
export const DOWNLOADS = mkdtempSync(join(tmpdir(), "signet-e2e-downloads-"));
process.on("exit", () => rmSync(DOWNLOADS, { recursive: true, force: true }));

/** The path of a folder that is gone after the tests of the file that asked for it. */
export function emptyFolder() {
  const folder = mkdtempSync(join(tmpdir(), "signet-e2e-"));
  // A browser that was killed may go on writing for a moment.
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  return folder;
}

/** A folder to write files into, likewise. */
export function temporaryFolder() {
  const folder = emptyFolder();
  /**
   * Writes a file there.
   * @param {string} name
   * @param {Uint8Array | string} content
   * @returns {string} its path
   */
  return (name, content) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
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

/**
 * What the native command answers, in JSON.
 * @param {string[]} given
 */
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
