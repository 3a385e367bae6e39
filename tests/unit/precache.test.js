import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { precache } from "../../scripts/precache.js";
import { FILES as INSIDE } from "../../www/inside/files.js";
import { RELAXED_SIMD_MODULE } from "../../www/recognizer/support.js";

/** @param {string} module */
const filesOf = (module) => [`pkg/signet_${module}.js`, `pkg/signet_${module}_bg.wasm`];
const MODULES = ["cpu", "cpu_relaxed", "gpu", "cpu_learn", "gpu_learn", "cpu_inspect"].flatMap(filesOf);

// The page in a folder of its own, with stand-ins for what is large or built, and with what is none of the page's.
const FOLDER = mkdtempSync(join(tmpdir(), "signet-precache-"));
after(() => rmSync(FOLDER, { recursive: true }));
const WWW = fileURLToPath(new URL("../../www/", import.meta.url));
cpSync(WWW, FOLDER, { recursive: true, filter: (path) => !/\.safetensors$|pkg\/|\.(png)$/.test(path) });
mkdirSync(join(FOLDER, "pkg"), { recursive: true });
for (const path of [...MODULES, "screenshot.png", "pkg/.half-written.js"]) writeFileSync(join(FOLDER, path), path);

/** @param {string} path */
const read = (path) => readFileSync(join(FOLDER, path), "utf8");

/**
 * As the service worker reads it.
 * @param {Pick<typeof WebAssembly, "validate">} [engine] the browser's; undefined where it is switched off
 * @returns {{ version: string, page: Record<string, string>, onUse: Record<string, string>, model: string[] }}
 */
function list(engine) {
  const script = precache(FOLDER);
  assert.ok(script);
  const self = { PRECACHE: null, WebAssembly: engine };
  runInNewContext(script, { self });
  return JSON.parse(JSON.stringify(self.PRECACHE));
}

test("every file of the page, and every one that it names, is stored for a visit without a network", () => {
  const lists = [true, false].map((isRelaxed) => list({ validate: () => isRelaxed }));
  const stored = new Set(lists.flatMap(({ page, onUse }) => [...Object.keys(page), ...Object.keys(onUse)]));
  const files = readdirSync(FOLDER, { recursive: true }).map(String).filter((name) => /\.(html|css|js|svg)$/.test(name));
  const needed = [...files, ...MODULES, "models/manifest.json", "./"];
  assert.deepEqual(needed.filter((name) => !stored.has(name)).sort(), ["index.html", "pkg/.half-written.js", "service-worker.js"]);
  for (const [, path = ""] of read("index.html").matchAll(/(?:src|href)="([^"#]+)"/g)) {
    assert.ok(stored.has(path) || path.endsWith(".png"), `index.html names ${path}`);
  }
});

test("what nobody needs is not stored, and what few need only when it was used", () => {
  const { page, onUse, model } = list();
  assert.deepEqual(Object.keys(page).filter((name) => /screenshot|\.d\.ts|\.md|service-worker|half|precache|gpu_learn|inside|inspect|safetensors/.test(name)), []);
  assert.deepEqual(Object.keys(onUse).sort(), [...INSIDE, ...filesOf("gpu_learn")].sort(), "inside/files.js names each file of its tab, which has all of them stored");
  const manifest = JSON.parse(read("models/manifest.json"));
  assert.deepEqual(model, [`models/${manifest.file}`, manifest.sha256]);
});

test("of the two modules that classify on the CPU, the one that this browser runs is stored", () => {
  const cpu = (/** @type {Parameters<typeof list>[0]} */ engine) =>
    Object.keys(list(engine).page).filter((name) => /signet_cpu(_relaxed)?(_bg)?\./.test(name));
  assert.deepEqual(cpu({ validate: (bytes) => isDeepStrictEqual(Uint8Array.from(/** @type {Uint8Array} */ (bytes)), RELAXED_SIMD_MODULE) }), filesOf("cpu_relaxed"));
  assert.deepEqual(cpu({ validate: () => false }), filesOf("cpu"));
  assert.deepEqual(cpu(undefined), filesOf("cpu"), "a browser without WebAssembly stores the page, too");
});

test("any change of any file is another version, and the same files are the same one", () => {
  const { version } = list();
  for (const name of ["index.html", "ui/style.css", "teach/train-worker.js", "pkg/signet_gpu_bg.wasm", "pkg/signet_cpu.js",
    "pkg/signet_cpu_relaxed_bg.wasm", "models/manifest.json", "service-worker.js"]) {
    const before = read(name);
    writeFileSync(join(FOLDER, name), `${before} `);
    assert.notEqual(list().version, version, name);
    writeFileSync(join(FOLDER, name), before);
  }
  assert.equal(list().version, version);
});

test("a page that is not built has no list, and so no service worker", () => {
  renameSync(join(FOLDER, "pkg"), join(FOLDER, "elsewhere"));
  assert.equal(precache(FOLDER), null);
  renameSync(join(FOLDER, "elsewhere"), join(FOLDER, "pkg"));
});
