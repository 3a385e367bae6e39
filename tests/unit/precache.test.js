import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { precache } from "../../scripts/precache.js";
import { FILES as ELEMENT } from "../../www/element/files.js";
import { FILES as INSIDE } from "../../www/inside/files.js";
import { FILES as INTEROP } from "../../www/interop/files.js";
import { RELAXED_SIMD_MODULE } from "../../www/recognizer/support.js";

/** @param {string} module */
const filesOf = (module) => [`pkg/signet_${module}.js`, `pkg/signet_${module}_bg.wasm`];
const MODULES = ["cpu", "cpu_relaxed", "cpu_threads", "gpu", "cpu_learn", "gpu_learn", "cpu_inspect", "gpu_inspect", "cpu_convert"].flatMap(filesOf);

// The page in a folder of its own, with stand-ins for what is large or built, and with what is none of the page's.
const FOLDER = mkdtempSync(join(tmpdir(), "signet-precache-"));
after(() => rmSync(FOLDER, { recursive: true }));
const WWW = fileURLToPath(new URL("../../www/", import.meta.url));
cpSync(WWW, FOLDER, { recursive: true, filter: (path) => !/\.safetensors$|pkg\/|\.(png)$/.test(path) });
mkdirSync(join(FOLDER, "pkg"), { recursive: true });
for (const path of [...MODULES, "pkg/LICENSES.txt", "screenshot.png", "pkg/.half-written.js"]) writeFileSync(join(FOLDER, path), path);

/** @param {string} path */
const read = (path) => readFileSync(join(FOLDER, path), "utf8");

/**
 * As the service worker reads it.
 * @param {Pick<typeof WebAssembly, "validate">} [engine] the browser's; undefined where it is switched off
 * @param {number} [cores]
 * @returns {{ version: string, page: Record<string, string>, onUse: Record<string, string>, model: string[] }}
 */
function list(engine, cores = 2) {
  const script = precache(FOLDER);
  assert.ok(script);
  const self = { PRECACHE: null, WebAssembly: engine, navigator: { hardwareConcurrency: cores } };
  runInNewContext(script, { self });
  return JSON.parse(JSON.stringify(self.PRECACHE));
}

test("every file of the page, and every one that it names, is stored for a visit without a network", () => {
  const lists = [true, false].map((isRelaxed) => list({ validate: () => isRelaxed }));
  const stored = new Set(lists.flatMap(({ page, onUse }) => [...Object.keys(page), ...Object.keys(onUse)]));
  const files = readdirSync(FOLDER, { recursive: true }).map(String).filter((name) => /\.(html|css|js|svg)$/.test(name) && !/^teachable\.js$|^node\/|-types\.js$/.test(name));
  const needed = [...files, ...MODULES, "models/manifest.json", "./"];
  assert.deepEqual(needed.filter((name) => !stored.has(name)).sort(), ["index.html", "pkg/.half-written.js", "service-worker.js"]);
  for (const [, path = ""] of read("index.html").matchAll(/(?:src|href)="([^"#]+)"/g)) {
    assert.ok(stored.has(path) || path.endsWith(".png"), `index.html names ${path}`);
  }
});

test("what nobody needs is not stored, and what few need only when it was used", () => {
  const { page, onUse, model } = list();
  assert.deepEqual(Object.keys(page).filter((name) => /screenshot|\.d\.ts|-types|library\/(inspector|comparison|converter)|\.md|service-worker|half|precache|gpu_learn|inside|element|hand-sign|teachable|node|_inspect|interop|_convert|safetensors/.test(name)), []);
  const element = ["element/files.js", ...ELEMENT.filter((path) => /^(element\/|hand-sign)/.test(path))];
  assert.deepEqual(Object.keys(onUse).sort(), [...INSIDE, ...INTEROP, ...element, ...["cpu", "cpu_relaxed", "cpu_threads", "gpu_learn", "gpu_inspect"].flatMap(filesOf)].sort(), "files.js of a room names each file of it, and has all of them stored");
  const manifest = JSON.parse(read("models/manifest.json"));
  assert.deepEqual(model, [`models/${manifest.file}`, manifest.sha256]);
});

test("of the modules that classify on the CPU, those that this browser runs are stored", () => {
  const cpu = (/** @type {Parameters<typeof list>} */ ...machine) =>
    Object.keys(list(...machine).page).filter((name) => /signet_cpu(_relaxed|_threads)?(_bg)?\./.test(name));
  const relaxed = { validate: (/** @type {BufferSource} */ bytes) => isDeepStrictEqual(Uint8Array.from(/** @type {Uint8Array} */ (bytes)), RELAXED_SIMD_MODULE) };
  assert.deepEqual(cpu(relaxed), [...filesOf("cpu_relaxed"), ...filesOf("cpu_threads")]);
  assert.deepEqual(cpu(relaxed, 1), filesOf("cpu_relaxed"), "a single core has no second thread");
  assert.deepEqual(cpu({ validate: () => false }), filesOf("cpu"));
  assert.deepEqual(cpu(undefined), filesOf("cpu"), "a browser without WebAssembly stores the page, too");
});

test("any change of any file is another version, and the same files are the same one", () => {
  const { version } = list();
  for (const name of ["index.html", "ui/style.css", "library/train-worker.js", "pkg/signet_gpu_bg.wasm", "pkg/signet_cpu.js",
    "pkg/signet_cpu_relaxed_bg.wasm", "pkg/signet_cpu_threads_bg.wasm", "models/manifest.json", "service-worker.js"]) {
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
