// ONNX files in the hands of other programs: each answers as Signet does.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { NO_PHOTOS } from "../e2e/files.js";
import { MANIFEST, ROOT } from "../e2e/server.js";
import { FOLDER, NO_COMMAND, NO_TRACT, WEIGHTS, assertSame, noPython, ownAnswers, photos, pictures, python, signet, taught, tract } from "./support.js";

/** @typedef {import("./support.js").Answer} Answer */

/** Kernels that were trained lie in an int8 file as float16. */
const TAUGHT = join(FOLDER, "taught.safetensors");
/** @type {{ kind: string, format: string, weights: string, precision?: string, name: string, largest: number, labels: number, tolerance: number, rounding: string[] }[]} `precision`: at which the file comes back as the very weights */
const KINDS = [
  { kind: "onnx", format: "onnx", weights: WEIGHTS, precision: "f32", name: "signet.onnx", largest: 94.5e6, labels: 1, tolerance: 1e-4, rounding: [] },
  { kind: "onnx-int8", format: "onnx-int8", weights: WEIGHTS, precision: "int8", name: "signet.int8.onnx", largest: 24.0e6, labels: 0.997, tolerance: 2e-3, rounding: ["DequantizeLinear"] },
  { kind: "onnx-int8 with a trained stage", format: "onnx-int8", weights: TAUGHT, name: "signet.taught.onnx", largest: 39.5e6, labels: 0.997, tolerance: 2e-3, rounding: ["Cast", "DequantizeLinear"] },
];
const NO_ONNXRUNTIME = NO_COMMAND || noPython("numpy,onnxruntime");

/** @type {{ inputs: string, answers: Answer[] }} */
let own;

before(() => {
  if (NO_COMMAND) return;
  mkdirSync(FOLDER, { recursive: true });
  own = ownAnswers([...pictures(), ...photos()]);
  taught(WEIGHTS, TAUGHT);
  for (const { format, weights, name } of KINDS) signet("export", "--weights", weights, "--format", format, "--out", name);
});

test("339 photos of hand signs are among the pictures", { skip: photos().length > 0 ? false : NO_PHOTOS }, () => {
  assert.equal(photos().length, 339);
});

for (const { kind, weights, precision, name, largest, labels, tolerance, rounding } of KINDS) {
  const path = join(FOLDER, name);

  test(`${kind}: the file is no larger than promised`, { skip: NO_COMMAND }, () => {
    const { size } = statSync(path);
    console.log(`${name}: ${size} bytes`);
    assert.ok(size <= largest, `${size} bytes`);
  });

  test(`${kind}: onnx.checker finds nothing, and Netron shows the course's layers`, { skip: NO_COMMAND || noPython("onnx") }, () => {
    const { ir, opset, nodes, operations } = JSON.parse(python("checker.py", path));
    assert.deepEqual([ir, opset], [8, [["", 17]]]);
    const expected = ["conv1", "pool1", "res2a_branch2a", "res2a_branch1", "res5c_branch2c", "res5c", "fc6"];
    assert.deepEqual(expected.filter((each) => !nodes.includes(each)), []);
    assert.deepEqual(operations.filter((/** @type {string} */ each) => /Quant|Dequant|Cast/.test(each)), rounding);
  });

  test(`${kind}: onnxruntime answers as Signet does, and knows labels and preprocessing`, { skip: NO_ONNXRUNTIME }, () => {
    const { outputs, kept, features, metadata, inputs } = JSON.parse(python("onnxruntime_reader.py", path, own.inputs));
    assertSame(`onnxruntime, ${kind}`, outputs, own.answers, { labels, tolerance });
    assertSame(`onnxruntime, ${kind}, session.disable_quant_qdq`, kept, own.answers, { labels, tolerance });
    assert.deepEqual(features, [2, 2048]);
    assert.deepEqual(inputs, [["pixels", ["batch", 3, 64, 64]]]);
    assert.deepEqual(JSON.parse(metadata.labels), MANIFEST.labels);
    assert.equal(Number(metadata.threshold), 0.5);
    assert.equal(JSON.parse(metadata.reference_logits).length, MANIFEST.labels.length);
    for (const key of ["preprocessing", "signet_version", "license"]) assert.ok(metadata[key].length > 2, key);
  });

  test(`${kind}: onnxruntime-web answers as Signet does`, { skip: NO_COMMAND }, async () => {
    const { InferenceSession, Tensor, env } = await import("onnxruntime-web");
    env.wasm.numThreads = 1;
    const session = await InferenceSession.create(readFileSync(path));
    const rgb = readFileSync(own.inputs);
    const picture = 64 * 64 * 3;
    /** @type {import("./support.js").Outputs} */
    const outputs = {};
    for (let start = 0; start < rgb.length; start += picture) {
      const pixels = Float32Array.from({ length: picture }, (_, at) => Number(rgb[start + (at % 4096) * 3 + Math.floor(at / 4096)]) / 255);
      const found = await session.run({ pixels: new Tensor("float32", pixels, [1, 3, 64, 64]) });
      for (const [output, tensor] of Object.entries(found)) (outputs[output] ??= []).push([.../** @type {Float32Array} */ (tensor.data)]);
    }
    await session.release();
    assertSame(`onnxruntime-web, ${kind}`, outputs, own.answers, { labels, tolerance });
  });

  test(`${kind}: tract answers as Signet does`, { skip: NO_COMMAND || NO_TRACT }, () => {
    const { outputs } = JSON.parse(tract(path, own.inputs));
    assertSame(`tract, ${kind}`, outputs, own.answers, { labels, tolerance });
  });

  if (precision) test(`${kind}: the file comes back as the very weights`, { skip: NO_COMMAND }, () => {
    signet("import", path, "--out", "back.safetensors");
    signet("export", "--weights", weights, "--precision", precision, "--out", "direct.safetensors");
    signet("export", "--weights", "back.safetensors", "--precision", precision, "--out", "again.safetensors");
    const [again, direct] = ["again", "direct"].map((each) => readFileSync(join(FOLDER, `${each}.safetensors`)));
    assert.ok(again && direct && again.equals(direct));
  });
}

test("docs/python.md answers as signet predict does", { skip: NO_COMMAND || noPython("numpy,onnxruntime,PIL") }, () => {
  const files = [...pictures().filter((file) => !file.endsWith("transparent.png")), ...photos()];
  const answers = JSON.parse(signet("predict", "--weights", WEIGHTS, "--json", ...files));
  const found = JSON.parse(python("snippet.py", join(ROOT, "docs/python.md"), ...files));
  const others = files.filter((_, index) => found[index][0] !== answers[index].label);
  const differences = files.map((_, index) => Math.abs(found[index][1] - answers[index].probability));
  console.log(`docs/python.md: ${files.length - others.length} of ${files.length} answers, probabilities within ${Math.max(...differences).toExponential(1)}`);
  assert.deepEqual(others, []);
  assert.ok(Math.max(...differences) <= 0.03, "pixels that are rounded otherwise");
});
