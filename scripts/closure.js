// What a script of the page needs besides itself: the files that it imports, and those which they import.
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** Imports that run, not those of types, which stand in comments. */
const IMPORT = /^(?:import|export)\b[^"';]*?(?:from )?"(\.[^"]+)";|\bimport\("(\.[^"]+)"\)/gm;
const COMMENTS = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/**
 * @param {string} www the page's folder
 * @param {string[]} entries paths in it
 * @param {{ dynamic?: boolean }} [options] whether what is imported later, by `import()`, counts, too
 * @returns {string[]} the entries and all that they import, sorted; modules in pkg/ left out
 */
export function closureOf(www, entries, { dynamic = true } = {}) {
  /** @type {Set<string>} */
  const found = new Set();
  const wanted = [...entries];
  for (let path = wanted.pop(); path; path = wanted.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    const text = readFileSync(join(www, path), "utf8").replace(COMMENTS, "");
    for (const [, fixed, later] of text.matchAll(IMPORT)) {
      const address = fixed ?? (dynamic ? later : undefined);
      const imported = address && normalize(join(dirname(path), address));
      if (imported && !imported.startsWith("pkg/")) wanted.push(imported);
    }
  }
  return [...found].sort();
}
