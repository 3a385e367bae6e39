// onnxruntime-web on an ONNX graph with batch norm folded; it fuses the rest itself.

/** @typedef {import("./protocol.js").EngineFile} EngineFile */
/** @typedef {import("onnxruntime-common").InferenceSession.SessionOptions} SessionOptions */

const DIST = "/node_modules/onnxruntime-web/dist/";
const CHANNELS = 3;

/** @type {EngineFile["load"]} */
export const load = (device, { onnx }, _, threads) => open(device, onnx, threads);

/** @param {import("./protocol.js").Device} device @param {string} model its address @param {number} threads @returns {Promise<import("./protocol.js").Engine>} */
export async function open(device, model, threads) {
  const path = `${DIST}${device === "webgpu" ? "ort.webgpu.min.mjs" : "ort.wasm.min.mjs"}`;
  /** @type {typeof import("onnxruntime-common")} */
  const { env, InferenceSession, Tensor } = await import(path);
  env.wasm.wasmPaths = new URL(DIST, location.href).href;
  env.wasm.numThreads = threads;
  env.logLevel = "error"; // it warns of every node that it leaves on the CPU on purpose
  /** @type {SessionOptions} */
  const options = { executionProviders: [device === "webgpu" ? "webgpu" : "wasm"], graphOptimizationLevel: "all" };
  const session = await InferenceSession.create(model, options);
  return {
    async run(rgba, count) {
      const side = Math.sqrt(rgba.length / 4 / count);
      const pixels = new Tensor("float32", planes(rgba, count), [count, CHANNELS, side, side]);
      const { probabilities } = await session.run({ pixels });
      if (!probabilities) throw new Error("the graph gave no probabilities");
      return /** @type {Float32Array} */ (probabilities.data);
    },
  };
}

/** RGBA bytes to [count, 3, height, width] in 0 to 1. @param {Uint8Array} rgba @param {number} count */
function planes(rgba, count) {
  const size = rgba.length / 4 / count;
  const values = new Float32Array(count * CHANNELS * size);
  for (let square = 0; square < count; square += 1) {
    for (let channel = 0; channel < CHANNELS; channel += 1) {
      const to = (square * CHANNELS + channel) * size;
      for (let pixel = 0; pixel < size; pixel += 1) values[to + pixel] = Number(rgba[(square * size + pixel) * 4 + channel]) / 255;
    }
  }
  return values;
}
