// What is compared, and what of each a browser downloads.
import { existsSync, readFileSync } from "node:fs";
import { ROOT } from "../e2e/server.js";

/** @typedef {import("./peers/protocol.js").Device} Device */

/** `int8`: activations have 8 bits, too. @typedef {"float32" | "integer" | "int8"} Arithmetic */

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {"signet" | "ort" | "ort-int8" | "tfjs"} family as `--peers` names it
 * @property {Device} device
 * @property {number} threads
 * @property {string} file of `peers`, without its ending
 * @property {Arithmetic} arithmetic
 * @property {string} setup how it runs, in words
 * @property {readonly string[]} packages npm packages it comes from; none for Signet
 * @property {readonly string[]} module paths of its code, from the root
 */

/** The script and the module of one build. @param {string} name */
const moduleFiles = (name) => [`www/pkg/${name}.js`, `www/pkg/${name}_bg.wasm`];

const ORT = "node_modules/onnxruntime-web/dist";
const TFJS = "node_modules/@tensorflow";

/** What those of a family have in common, on the CPU unless they say otherwise. */
const SIGNET = /** @type {const} */ ({ family: "signet", device: "cpu", threads: 1, arithmetic: "float32", packages: [], module: [] });
const TFJS_PEER = /** @type {const} */ ({ family: "tfjs", device: "cpu", threads: 1, file: "tfjs", arithmetic: "float32" });
const ORT_PEER = /** @type {const} */ ({
  family: "ort", device: "cpu", threads: 1, file: "onnxruntime", arithmetic: "float32", packages: ["onnxruntime-web"],
  module: [`${ORT}/ort.wasm.min.mjs`, `${ORT}/ort-wasm-simd-threaded.mjs`, `${ORT}/ort-wasm-simd-threaded.wasm`],
});
const ORT_INT8_PEER = /** @type {const} */ ({ ...ORT_PEER, family: "ort-int8", file: "onnxruntime-int8", arithmetic: "int8" });

/** @param {string} cpuModule Signet's that the browser runs on the CPU @returns {Contestant[]} */
const contestantsWith = (cpuModule) => [
  {
    ...SIGNET, name: "signet cpu", file: "signet", arithmetic: "integer", module: moduleFiles(cpuModule),
    setup: `${cpuModule}: classify for one input, classifyInputs for more; SIMD, 1 thread, 8-bit weights by 12 to 16-bit activations, detector included`,
  },
  { ...SIGNET, name: "signet float32", file: "signet-float32", setup: "the same in float32", module: moduleFiles(cpuModule) },
  {
    ...TFJS_PEER, name: "tfjs wasm", packages: ["@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-wasm"],
    setup: "SIMD (XNNPACK), 1 thread, float32, batch norm folded, fused.conv2d with bias and ReLU, N H W C",
    module: [`${TFJS}/tfjs-core/dist/tf-core.es2017.min.js`, `${TFJS}/tfjs-backend-wasm/dist/tf-backend-wasm.es2017.min.js`,
      `${TFJS}/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm`],
  },
  { ...ORT_PEER, name: "ort wasm", setup: "SIMD, 1 thread, float32, batch norm folded, graphOptimizationLevel all" },
  { ...ORT_INT8_PEER, name: "ort wasm int8", setup: "as ort wasm, static QDQ, a scale for each channel (quantize.py)" },
  {
    ...SIGNET, name: "signet, 2 threads", threads: 2, file: "signet-threads", arithmetic: "integer", module: moduleFiles("signet_cpu_threads"),
    setup: "signet_cpu_threads with a helper: as signet cpu, 2 threads",
  },
  {
    ...TFJS_PEER, name: "tfjs, 2 threads", threads: 2, packages: ["@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-wasm"],
    setup: "as tfjs wasm, setThreadsCount(2)",
    module: [`${TFJS}/tfjs-core/dist/tf-core.es2017.min.js`, `${TFJS}/tfjs-backend-wasm/dist/tf-backend-wasm.es2017.min.js`,
      `${TFJS}/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm`],
  },
  { ...ORT_PEER, name: "ort, 2 threads", threads: 2, setup: "as ort wasm, numThreads 2" },
  { ...ORT_INT8_PEER, name: "ort int8, 2 threads", threads: 2, setup: "as ort wasm int8, numThreads 2" },
  {
    ...SIGNET, name: "signet webgpu", device: "webgpu", file: "signet", module: moduleFiles("signet_gpu"),
    setup: "8-bit weights in the GPU's memory, float32 sums, detector included",
  },
  {
    ...TFJS_PEER, name: "tfjs webgpu", device: "webgpu", packages: ["@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-webgpu"],
    setup: "float32, batch norm folded, fused.conv2d with bias and ReLU, N H W C",
    module: [`${TFJS}/tfjs-core/dist/tf-core.es2017.min.js`, `${TFJS}/tfjs-backend-webgpu/dist/tf-backend-webgpu.es2017.min.js`],
  },
  {
    ...ORT_PEER, name: "ort webgpu", device: "webgpu",
    setup: "WebGPU execution provider, float32, batch norm folded, graphOptimizationLevel all",
    module: [`${ORT}/ort.webgpu.min.mjs`, `${ORT}/ort-wasm-simd-threaded.asyncify.mjs`, `${ORT}/ort-wasm-simd-threaded.asyncify.wasm`],
  },
];

/** A training step of each; Signet's first. @type {Contestant[]} */
export const TRAININGS = [
  { ...SIGNET, name: "signet", file: "signet-training", setup: "signet_cpu_learn, batch norm folded" },
  { ...SIGNET, name: "burn's own layers", file: "burn-training", setup: "burn on Flex, batch norm behind each convolution" },
];

export const PEERS = ["ort", "ort-int8", "tfjs"];

/**
 * Signet's module first. With threads, Signet with a single one is among them, to compare with.
 * @param {Device} device
 * @param {string[]} peers
 * @param {string} cpuModule
 * @param {number} [threads]
 */
export function contestants(device, peers, cpuModule, threads = 1) {
  const all = contestantsWith(cpuModule).filter((each) => each.device === device && (each.family === "signet" || peers.includes(each.family)));
  const chosen = all.filter((each) => each.threads === threads);
  if (threads > 1) chosen.push(...all.filter(({ name }) => name === "signet cpu"));
  for (const { name, module } of chosen) {
    const missing = module.find((path) => !existsSync(ROOT + path));
    if (missing) throw new Error(`${name}: ${missing} is not there`);
  }
  return chosen;
}

/** The installed version of each npm package. @param {Contestant[]} chosen @returns {Record<string, string>} */
export function versions(chosen) {
  const names = [...new Set(chosen.flatMap(({ packages }) => packages))];
  return Object.fromEntries(names.map((name) =>
    [name, JSON.parse(readFileSync(`${ROOT}node_modules/${name}/package.json`, "utf8")).version]));
}
