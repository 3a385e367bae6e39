// What a script of the page needs besides itself: the files that it imports, and those which they import.
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** Imports that run, not those of types, which stand in comments. */
const IMPORT = /^(?:import|export)\b[^"';]*?(?:from )?"(\.[^"]+)";|\bimport\("(\.[^"]+)"\)/gm;
const COMMENTS = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/**
 * What a script itself imports.
 * @param {string} www the page's folder
 * @param {string} path in it
 * @param {{ dynamic?: boolean }} [options] whether what is imported later, by `import()`, counts, too
 * @returns {string[]} paths; modules in pkg/ left out
 */
export function importsOf(www, path, { dynamic = true } = {}) {
  const text = readFileSync(join(www, path), "utf8").replace(COMMENTS, "");
  return [...text.matchAll(IMPORT)].flatMap(([, fixed, later]) => {
    const address = fixed ?? (dynamic ? later : undefined);
    return address ? [normalize(join(dirname(path), address))] : [];
  }).filter((imported) => !imported.startsWith("pkg/"));
}

/**
 * @param {string} www the page's folder
 * @param {string[]} entries paths in it
 * @param {{ dynamic?: boolean }} [options] as of `importsOf`
 * @returns {string[]} the entries and all that they import, sorted
 */
export function closureOf(www, entries, options) {
  /** @type {Set<string>} */
  const found = new Set();
  const wanted = [...entries];
  for (let path = wanted.pop(); path; path = wanted.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    wanted.push(...importsOf(www, path, options));
  }
  return [...found].sort();
}
