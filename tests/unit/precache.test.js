import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { isDeepStrictEqual } from "node:util";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { precache } from "../../scripts/precache.js";
import { RELAXED_SIMD_MODULE } from "../../www/recognizer/support.js";

const WWW = fileURLToPath(new URL("../../www/", import.meta.url));

const MODULES = ["cpu", "cpu_relaxed", "gpu", "cpu_learn", "gpu_learn"];
/** @param {string} module */
const filesOf = (module) => [`pkg/signet_${module}.js`, `pkg/signet_${module}_bg.wasm`];

/** A test of the page in a folder of its own, with stand-ins for what is large or built. @param {string} name @param {(folder: string) => void} body */
const pageTest = (name, body) => test(name, () => {
  const folder = mkdtempSync(join(tmpdir(), "signet-precache-"));
  try {
    cpSync(WWW, folder, { recursive: true, filter: (path) => !/\.safetensors$|pkg\/|\.(png)$/.test(path) });
    mkdirSync(join(folder, "pkg"), { recursive: true });
    for (const path of MODULES.flatMap(filesOf)) writeFileSync(join(folder, path), path);
    body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/**
 * As the service worker reads it.
 * @param {string} folder
 * @param {Pick<typeof WebAssembly, "validate">} [engine] the browser's; undefined where it is switched off
 * @returns {{ version: string, page: Record<string, string>, onUse: Record<string, string>, model: string[] }}
 */
function listOf(folder, engine) {
  const script = precache(folder);
  assert.ok(script);
  const self = { PRECACHE: null, WebAssembly: engine };
  runInNewContext(script, { self });
  return JSON.parse(JSON.stringify(self.PRECACHE));
}

pageTest("every file that the page's own files name is stored for a visit without a network", (folder) => {
  const lists = [true, false].map((isRelaxed) => listOf(folder, { validate: () => isRelaxed }));
  const stored = new Set(lists.flatMap(({ page, onUse }) => [...Object.keys(page), ...Object.keys(onUse)]));
  assert.ok(stored.has("./") && stored.has("models/manifest.json") && stored.has("pkg/signet_cpu_bg.wasm") && stored.has("pkg/signet_cpu_learn.js"));
  const files = readdirSync(folder, { recursive: true }).map(String).filter((name) => /\.(html|css|js|svg)$/.test(name));
  const missing = files.filter((name) => !stored.has(name) && !["index.html", "service-worker.js"].includes(name));
  assert.deepEqual(missing, []);
  for (const name of files.filter((name) => name.endsWith(".js"))) {
    for (const [, path = ""] of readFileSync(join(folder, name), "utf8").matchAll(/^(?:import|export) .*from "(\.[^"]+)"/gm)) {
      const { pathname } = new URL(path, `http://host/${name}`);
      assert.ok(stored.has(pathname.slice(1)), `${name} imports ${path}`);
    }
  }
  for (const [, path = ""] of readFileSync(join(folder, "index.html"), "utf8").matchAll(/(?:src|href)="([^"#]+)"/g)) {
    assert.ok(stored.has(path) || path.endsWith(".png"), `index.html names ${path}`);
  }
});

pageTest("what nobody needs is not stored, and what few need only when it was used", (folder) => {
  writeFileSync(join(folder, "screenshot.png"), "");
  writeFileSync(join(folder, "pkg/.half-written.js"), "");
  const { page, onUse, model } = listOf(folder);
  assert.deepEqual(Object.keys(page).filter((name) => /screenshot|\.d\.ts|\.md|service-worker|half|precache|gpu_learn|safetensors/.test(name)), []);
  assert.deepEqual(Object.keys(onUse), filesOf("gpu_learn"));
  const manifest = JSON.parse(readFileSync(join(folder, "models/manifest.json"), "utf8"));
  assert.deepEqual(model, [`models/${manifest.file}`, manifest.sha256]);
});

pageTest("of the two modules that classify on the CPU, the one that this browser runs is stored", (folder) => {
  const cpu = (/** @type {Parameters<typeof listOf>[1]} */ engine = undefined) => Object.keys(listOf(folder, engine).page).filter((name) => /signet_cpu(_relaxed)?(_bg)?\./.test(name));
  assert.deepEqual(cpu({ validate: (bytes) => isDeepStrictEqual(Uint8Array.from(/** @type {Uint8Array} */ (bytes)), RELAXED_SIMD_MODULE) }), filesOf("cpu_relaxed"));
  assert.deepEqual(cpu({ validate: () => false }), filesOf("cpu"));
  assert.deepEqual(cpu(), filesOf("cpu"), "a browser without WebAssembly stores the page, too");
});

pageTest("any change of any file is another version, and the same files are the same one", (folder) => {
  const { version } = listOf(folder);
  for (const name of ["index.html", "ui/style.css", "teach/train-worker.js", "pkg/signet_gpu_bg.wasm", "pkg/signet_cpu.js",
    "pkg/signet_cpu_relaxed_bg.wasm", "models/manifest.json", "service-worker.js"]) {
    const before = readFileSync(join(folder, name), "utf8");
    writeFileSync(join(folder, name), `${before} `);
    assert.notEqual(listOf(folder).version, version, name);
    writeFileSync(join(folder, name), before);
  }
  assert.equal(listOf(folder).version, version);
});

pageTest("a page that is not built has no list, and so no service worker", (folder) => {
  rmSync(join(folder, "pkg"), { recursive: true });
  assert.equal(precache(folder), null);
});
