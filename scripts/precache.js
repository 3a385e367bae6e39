#!/usr/bin/env node
// Lists the files of the page by their hashes, for its service worker: `node scripts/precache.js [FOLDER]` writes
// FOLDER/pkg/precache.js. scripts/build.sh runs it, and scripts/serve.js makes the list anew for each who asks.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";
import { RELAXED_SIMD_MODULE } from "../www/recognizer/support.js";

export const PRECACHE = "pkg/precache.js";
const SERVICE_WORKER = "service-worker.js";
const MANIFEST = "models/manifest.json";
/** @param {string} name */
const moduleFiles = (name) => [`pkg/signet_${name}.js`, `pkg/signet_${name}_bg.wasm`];
/** What the page can't start without: one of the two, which www/recognizer/module.js chooses by what the browser can do. */
const [RELAXED, PLAIN] = [moduleFiles("cpu_relaxed"), moduleFiles("cpu")];
/** The one with threads, beside the relaxed one, which serves until the page is cross-origin isolated, and where threads fail. */
const THREADS = moduleFiles("cpu_threads");
const NEEDED = [...RELAXED, ...PLAIN, MANIFEST];
/** The choice, in the list's own words. */
const IS_RELAXED = `self.WebAssembly?.validate(new Uint8Array([${RELAXED_SIMD_MODULE}]))`;
const HAS_CORES = "self.navigator?.hardwareConcurrency > 1";
/** What teaches, and what tries the GPU. They may be on their way, or left out. */
const LATER = [...moduleFiles("cpu_learn"), ...moduleFiles("gpu")];
/** Sixteen megabytes that many machines have no use for, stored by visits on which the GPU serves; and what the rooms below need besides their own files. */
const ON_USE = [...RELAXED, ...PLAIN, ...THREADS, ...moduleFiles("gpu_learn"), ...moduleFiles("cpu_inspect"), ...moduleFiles("gpu_inspect"), ...moduleFiles("cpu_convert"), "pkg/LICENSES.txt"];
/** Rooms, and what of the library is for them, which are fetched when they are first used: stored by visits that use them. The element is, with either module, for who exports a page of their own. */
const ON_USE_ROOMS = ["inside/", "library/inspector", "library/comparison", "interop/", "library/converter", "element/", "hand-sign.js"];
/** Folders whose files are named here, and those of the package alone. */
const APART = ["pkg", "models", "node"];
/** The README's pictures lie in the folder, too, and types for `tsc` alone; and what begins with a dot is being written. */
const NOT_OF_THE_PAGE = /^\.|^screenshot|\.d\.ts$|-types\.js$|^teachable\.js$/;
const OF_THE_PAGE = /\.(html|css|js|json|svg|png|jpg|ico|webmanifest|woff2)$/;

/** @type {Map<string, { stamp: string, sha256: string }>} */
const hashes = new Map();

/** A file's hash, computed again when the file has changed. @param {string} path */
function hashOf(path) {
  const { mtimeMs, size } = statSync(path);
  const stamp = `${mtimeMs} ${size}`;
  const known = hashes.get(path);
  if (known?.stamp === stamp) return known.sha256;
  const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
  hashes.set(path, { stamp, sha256 });
  return sha256;
}

/** @param {string} folder @param {string} [under] @returns {string[]} paths relative to the folder */
function pageFiles(folder, under = "") {
  return readdirSync(join(folder, under)).sort().flatMap((name) => {
    const path = under + name;
    if (NOT_OF_THE_PAGE.test(name)) return [];
    if (statSync(join(folder, path)).isDirectory()) return APART.includes(path) ? [] : pageFiles(folder, `${path}/`);
    return OF_THE_PAGE.test(name) && path !== SERVICE_WORKER ? [path] : [];
  });
}

/**
 * The list as the script that the service worker reads.
 * @param {string} folder
 * @returns {string | null} null where the modules aren't built or there is no model: then nothing is stored
 */
export function precache(folder) {
  if (!NEEDED.every((path) => existsSync(join(folder, path)))) return null;
  /** @param {string[]} paths */
  const hashed = (paths) => Object.fromEntries(paths.map((path) => [path === "index.html" ? "./" : path, hashOf(join(folder, path))]));
  const built = (/** @type {string} */ path) => existsSync(join(folder, path));
  const [rooms, always] = [true, false].map((isOnUse) => pageFiles(folder).filter((path) => ON_USE_ROOMS.some((room) => path.startsWith(room)) === isOnUse));
  const page = hashed([...(always ?? []), ...LATER.filter(built), MANIFEST]);
  const [relaxed, plain, threads] = [hashed(RELAXED), hashed(PLAIN), hashed(THREADS.filter(built))];
  const onUse = hashed([...(rooms ?? []), ...ON_USE.filter(built)]);
  const { file, sha256 } = JSON.parse(readFileSync(join(folder, MANIFEST), "utf8"));
  const model = [`models/${file}`, sha256];
  const everything = JSON.stringify([page, relaxed, plain, threads, onUse, model, hashOf(join(folder, SERVICE_WORKER))]);
  const version = createHash("sha256").update(everything).digest("hex").slice(0, 16);
  return `// Made by scripts/precache.js: this version's files and their SHA-256.\nself.PRECACHE = ${
    JSON.stringify({ version, page, onUse, model }, null, 1)};\nObject.assign(self.PRECACHE.page, ${IS_RELAXED} ? ${
    JSON.stringify(relaxed, null, 1)} : ${JSON.stringify(plain, null, 1)}, ${IS_RELAXED} && ${HAS_CORES} ? ${
    JSON.stringify(threads, null, 1)} : {});\n`;
}

if (argv[1] && resolve(argv[1]) === fileURLToPath(import.meta.url)) {
  const folder = resolve(argv[2] ?? "www");
  const list = precache(folder);
  if (list === null) {
    console.error(`precache: ${folder} lacks one of ${NEEDED.join(", ")}`);
    exit(1);
  }
  writeFileSync(join(folder, PRECACHE), list);
}
