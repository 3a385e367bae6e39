// What every engine is given: the same eight squares, and the same weights in the form that each likes best.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hand } from "../e2e/pictures.js";
import { MODEL_PATH, ROOT, WWW } from "../e2e/server.js";
import { readModel } from "./model.js";
import { python } from "./python.js";

/** @typedef {import("./model.js").Model} Model */

export const BATCH = 8;
const SIDE = 64;
/** Ignored by git; the addresses below are those of the benchmark's server. */
export const FOLDER = `${ROOT}target/bench`;
const BASE = "/target/bench";

/**
 * Addresses of what an engine may load.
 * @typedef {object} Files
 * @property {string} weights the shipped file
 * @property {string} onnx
 * @property {string} onnxInt8 the same, quantized by onnxruntime's own tools; empty where Python has none of them
 * @property {string} tfjs a JSON of type `TfjsModel`
 * @property {string} squares `BATCH` x 64 x 64 x RGBA
 */

/** An operation whose values lie in `bin`, from there on, counted in floats. Kernels are [height, width, input, output]. */
/** @typedef {Omit<import("./model.js").Operation, "kernel" | "bias"> & { kernel: number, bias: number }} TfjsOperation */
/** @typedef {{ bin: string, operations: TfjsOperation[] }} TfjsModel */

/** @returns {{ files: Files, model: Model }} */
export function prepare() {
  mkdirSync(FOLDER, { recursive: true });
  const model = readModel(readFileSync(`${WWW}${MODEL_PATH}`));
  writeFileSync(`${FOLDER}/squares.rgba`, Buffer.concat(squares(model)));
  execFileSync(`${ROOT}target/release/signet`, ["export", "--weights", `${WWW}${MODEL_PATH}`, "--format", "onnx", "--out", `${FOLDER}/model.onnx`]);
  writeTfjs(model);
  return {
    files: { weights: `/www${MODEL_PATH}`, onnx: `${BASE}/model.onnx`, onnxInt8: quantized(), tfjs: `${BASE}/model.tfjs.json`, squares: `${BASE}/squares.rgba` },
    model,
  };
}

/** The address of the quantized model, which is made now; empty where it can't be. */
function quantized() {
  const run = python("onnx, onnxruntime", "quantize.py", `${FOLDER}/model.onnx`, `${FOLDER}/squares.rgba`, `${FOLDER}/model.int8.onnx`);
  if ("printed" in run) return `${BASE}/model.int8.onnx`;
  console.log(`No int8 peer: ${run.skipped}`);
  return "";
}

/** Hands, and last the picture whose answer the weights file tells. @param {Model} model */
function squares({ reference: { rgb } }) {
  const painted = Array.from({ length: BATCH - 1 }, (_, index) =>
    hand(index % 6, SIDE, SIDE, { background: [120 + 18 * index, 210 - 25 * index, 190] }).rgba);
  const known = Uint8Array.from({ length: SIDE * SIDE * 4 }, (_, at) => (at % 4 === 3 ? 255 : Number(rgb[3 * (at >> 2) + (at % 4)])));
  return [...painted, known];
}

/** The weights as TensorFlow.js holds them. @param {Model} model */
function writeTfjs({ operations }) {
  /** @type {Float32Array[]} */
  const parts = [];
  let length = 0;
  const put = (/** @type {Float32Array} */ values) => {
    parts.push(values);
    length += values.length;
    return length - values.length;
  };
  const placed = operations.map(({ shape, kernel, bias, ...rest }) => {
    const [output = 0, input = 0, ...sides] = shape;
    return { ...rest, shape: shape.length > 0 ? [...sides, input, output] : [], kernel: put(outputLast(kernel, output, input)), bias: put(bias) };
  });
  writeFileSync(`${FOLDER}/model.tfjs.bin`, Buffer.concat(parts.map((part) => new Uint8Array(part.buffer))));
  writeFileSync(`${FOLDER}/model.tfjs.json`, JSON.stringify({ bin: `${BASE}/model.tfjs.bin`, operations: placed }));
}

/** [output, input, pixels] to [pixels, input, output]. @param {Float32Array} values @param {number} output @param {number} input */
function outputLast(values, output, input) {
  const pixels = values.length / output / input;
  const turned = new Float32Array(values.length);
  for (let o = 0; o < output; o += 1) {
    for (let i = 0; i < input; i += 1) {
      for (let p = 0; p < pixels; p += 1) turned[(p * input + i) * output + o] = Number(values[(o * input + i) * pixels + p]);
    }
  }
  return turned;
}
