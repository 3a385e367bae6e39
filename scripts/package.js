#!/usr/bin/env node
// Lays out the npm package of the library: `node scripts/package.js FOLDER` copies the scripts that it needs and the modules
// that classify beside the declarations that tsc has written there, and writes package.json.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";
import { closureOf } from "./closure.js";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const WWW = join(ROOT, "www");

/** What a page or a program imports. */
export const ENTRIES = ["signet.js", "hand-sign.js", "teachable.js", "node/index.js"];
/** What these start beside themselves. */
const WORKERS = ["node/thread.js", "recognizer/worker.js", "recognizer/helper.js", ...["train", "inspector", "comparison", "converter"].map((name) => `library/${name}-worker.js`)];
/** Those that classify. The others, for `fineTune`, `explain` and a converter, are three times as large together, and in dist/site.zip. */
const MODULES = ["cpu", "cpu_threads", "gpu"];
/**
 * In place of the module with relaxed SIMD and without threads, which takes an eighth less time for layers in float32, as
 * fine-tuned ones are, and would take the package beyond two megabytes.
 */
const RELAXED = 'export * from "./signet_cpu.js";\nexport { default } from "./signet_cpu.js";\n';
/** Modules whose declarations the library's own name. */
const TYPED = ["cpu", "cpu_learn", "cpu_inspect", "cpu_convert"];

/** The library's scripts, by their paths in www. */
export const scripts = () => closureOf(WWW, [...ENTRIES, ...WORKERS]);

/** @param {string} version */
const manifest = (version) => ({
  name: "signet", version, type: "module",
  description: "Reads hand signs in the browser and in Node.js: a library, and the element <hand-sign>.",
  license: "MIT OR Apache-2.0",
  engines: { node: ">=20.15" },
  main: "./signet.js", types: "./signet.d.ts",
  sideEffects: ["./hand-sign.js"],
  exports: {
    ".": { node: { types: "./node/index.d.ts", default: "./node/index.js" }, types: "./signet.d.ts", default: "./signet.js" },
    "./hand-sign": { types: "./hand-sign.d.ts", default: "./hand-sign.js" },
    "./teachable": { types: "./teachable.d.ts", default: "./teachable.js" },
    "./package.json": "./package.json",
  },
});

/** @param {string} folder */
function layOut(folder) {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const copy = (/** @type {string} */ from, /** @type {string} */ to) => {
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    cpSync(from, join(folder, to));
  };
  for (const path of scripts()) copy(join(WWW, path), path);
  for (const name of MODULES) for (const end of [".js", "_bg.wasm"]) copy(join(WWW, `pkg/signet_${name}${end}`), `pkg/signet_${name}${end}`);
  writeFileSync(join(folder, "pkg/signet_cpu_relaxed.js"), RELAXED);
  for (const name of TYPED) copy(join(WWW, `pkg/signet_${name}.d.ts`), `pkg/signet_${name}.d.ts`);
  for (const name of ["LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY.md"]) copy(join(ROOT, name), name);
  // Its links lead into the project, which is not in the package.
  writeFileSync(join(folder, "README.md"), readFileSync(join(ROOT, "docs/library.md"), "utf8").replace(/\[([^\]]+)\]\(\.\.\/[^)]*\)/g, "$1"));
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest(version), null, 2)}\n`);
}

if (argv[1] && resolve(argv[1]) === fileURLToPath(import.meta.url)) {
  if (!argv[2]) {
    console.error("package: node scripts/package.js FOLDER");
    exit(1);
  }
  layOut(resolve(argv[2]));
}
