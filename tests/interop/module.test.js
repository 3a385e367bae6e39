// The module that the page loads writes the same files as the command, and reads them, in little time and memory.
import assert from "node:assert/strict";
import { existsSync, openAsBlob, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { cpuUsage } from "node:process";
import { test } from "node:test";
import { ROOT } from "../e2e/server.js";
import { FOLDER, NO_COMMAND, WEIGHTS, signet } from "./support.js";

/** @typedef {typeof import("../../www/pkg/signet_cpu_convert.js")} Module */

const PACKAGE = join(ROOT, "www/pkg");
const MODULE = join(PACKAGE, "signet_cpu_convert.js");
const SKIP = NO_COMMAND || (existsSync(MODULE) ? false : "the module is not built: scripts/build.sh convert");
const MIB = 2 ** 20;

let loaded = 0;

/**
 * What a fresh module makes of a call: memory that a module has asked for stays with it.
 * @template T
 * @param {string} what
 * @param {(module: Module) => Promise<T>} call
 * @returns {Promise<{ value: T, module: Module, taken: number }>} with the bytes of memory that the module has asked for
 */
async function measured(what, call) {
  /** @type {Module} */
  const module = await import(`${MODULE}?${loaded++}`);
  const { memory } = await module.default({ module_or_path: readFileSync(join(PACKAGE, "signet_cpu_convert_bg.wasm")) });
  const before = memory.buffer.byteLength;
  // Of this process: other programs take wall time.
  const start = cpuUsage();
  const value = await call(module);
  const { user, system } = cpuUsage(start);
  const seconds = (user + system) / 1e6;
  const taken = memory.buffer.byteLength - before;
  console.log(`${what}: ${seconds.toFixed(2)} s of computing, ${(taken / MIB).toFixed(1)} MiB in the module`);
  return { value, module, taken };
}

/** What the module may take beyond the weights that it is given and the file that it gives, which is outside. Keras has a kernel's values in another order. */
const BESIDE = { onnx: 40 * MIB, keras: 56 * MIB };

for (const [kind, format] of /** @type {const} */ ([["int8", "onnx-int8"], ["float32", "onnx"]])) {
  test(`the module's ${kind} file is the command's`, { skip: SKIP }, async () => {
    const weights = await openAsBlob(WEIGHTS);
    const { value, module, taken } = await measured(format, ({ exportOnnx }) => exportOnnx(weights, kind, { threshold: 0.5 }));
    signet("export", "--weights", WEIGHTS, "--format", format, "--out", "module.onnx");
    assert.ok(readFileSync(join(FOLDER, "module.onnx")).equals(value));
    assert.ok(taken <= weights.size + BESIDE.onnx, `${taken} bytes`);
    await assert.rejects(module.exportOnnx(weights, /** @type {any} */ ("int4"), { threshold: 0.5 }), { code: "setting" });
    await assert.rejects(module.exportOnnx(weights.slice(0, 999), kind, { threshold: 0.5 }), { code: "weights-format" });
  });
}

for (const [kind, format, name] of /** @type {const} */ ([["keras", "keras", "module.keras"], ["weights-h5", "keras-weights", "module.weights.h5"]])) {
  test(`the module's ${name} is the command's, and the module reads it in twice its size`, { skip: SKIP }, async () => {
    const weights = await openAsBlob(WEIGHTS);
    const written = await measured(`${format}, written`, ({ exportKeras }) => exportKeras(weights, kind));
    signet("export", "--weights", WEIGHTS, "--format", format, "--out", name);
    const path = join(FOLDER, name);
    assert.ok(readFileSync(path).equals(written.value));
    assert.ok(written.taken <= weights.size + BESIDE.keras, `${written.taken} bytes`);
    const file = await openAsBlob(path);
    const read = await measured(`${format}, read`, ({ importModel }) => importModel(file, name));
    assert.deepEqual(read.value.labels, ["0", "1", "2", "3", "4", "5"]);
    // Beside the file's own bytes and the weights a layer's are in the hands of their reader.
    assert.ok(read.taken <= 2 * statSync(path).size + 40 * MIB, `${read.taken} bytes`);
  });
}
