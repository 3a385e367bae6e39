// What every engine is given: the same eight squares, and the same weights in the form that each likes best.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hand } from "../e2e/pictures.js";
import { MODEL_PATH, ROOT, WWW } from "../e2e/server.js";
import { layersOf, readModel } from "./model.js";
import { onnxFile } from "./onnx.js";

/** @typedef {import("./model.js").Layer} Layer */
/** @typedef {import("./model.js").Model} Model */

export const BATCH = 8;
export const SIDE = 64;
/** Ignored by git; the addresses below are those of the benchmark's server. */
export const FOLDER = `${ROOT}target/bench`;
const BASE = "/target/bench";

/**
 * Addresses of what an engine may load.
 * @typedef {object} Files
 * @property {string} weights the shipped file
 * @property {string} onnx
 * @property {string} tfjs a JSON of type `TfjsModel`
 * @property {string} squares `BATCH` x 64 x 64 x RGBA
 */

/** Where a layer's values lie in `bin`, counted in floats. @typedef {{ shape: number[], kernel: number, bias: number }} Place */
/** @typedef {Place & { stride: number, padding: number }} TfjsLayer */

/**
 * @typedef {object} TfjsModel
 * @property {string} bin
 * @property {TfjsLayer} stem
 * @property {{ main: TfjsLayer[], shortcut: TfjsLayer | null }[]} blocks
 * @property {Place} dense
 */

/** @returns {{ files: Files, model: Model }} */
export function prepare() {
  mkdirSync(FOLDER, { recursive: true });
  const model = readModel(readFileSync(`${WWW}${MODEL_PATH}`));
  writeFileSync(`${FOLDER}/squares.rgba`, Buffer.concat(squares(model)));
  writeFileSync(`${FOLDER}/model.onnx`, Buffer.concat(onnxFile(model)));
  writeTfjs(model);
  return {
    files: { weights: `/www${MODEL_PATH}`, onnx: `${BASE}/model.onnx`, tfjs: `${BASE}/model.tfjs.json`, squares: `${BASE}/squares.rgba` },
    model,
  };
}

/** Hands, and last the picture whose answer the weights file tells. @param {Model} model */
function squares({ reference }) {
  const painted = Array.from({ length: BATCH - 1 }, (_, index) =>
    hand(index % 6, SIDE, SIDE, { background: [120 + 18 * index, 210 - 25 * index, 190] }).rgba);
  const known = new Uint8Array(SIDE * SIDE * 4).fill(255);
  for (let pixel = 0; pixel < SIDE * SIDE; pixel += 1) known.set(reference.rgb.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
  return [...painted, known];
}

/** The weights as TensorFlow.js holds them: kernels as height, width, input, output. @param {Model} model */
function writeTfjs(model) {
  /** @type {Float32Array[]} */
  const parts = [];
  let length = 0;
  const put = (/** @type {Float32Array} */ values) => {
    parts.push(values);
    length += values.length;
    return length - values.length;
  };
  const places = new Map(layersOf(model).map((layer) => {
    const [output, input, height, width] = layer.shape;
    return [layer, { shape: [height, width, input, output], stride: layer.stride, padding: layer.padding,
      kernel: put(outputLast(layer.kernel, output, input)), bias: put(layer.bias) }];
  }));
  const place = (/** @type {Layer} */ layer) => {
    const found = places.get(layer);
    if (!found) throw new Error(`${layer.name} was not written`);
    return found;
  };
  const { kernel, bias, shape: [output, input] } = model.dense;
  /** @type {TfjsModel} */
  const description = {
    bin: `${BASE}/model.tfjs.bin`,
    stem: place(model.stem),
    blocks: model.blocks.map(({ main, shortcut }) => ({ main: main.map(place), shortcut: shortcut ? place(shortcut) : null })),
    dense: { shape: [input, output], kernel: put(outputLast(kernel, output, input)), bias: put(bias) },
  };
  writeFileSync(`${FOLDER}/model.tfjs.bin`, Buffer.concat(parts.map((part) => new Uint8Array(part.buffer))));
  writeFileSync(`${FOLDER}/model.tfjs.json`, JSON.stringify(description));
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
