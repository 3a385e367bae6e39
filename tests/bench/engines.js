// What is compared, and what of each a browser downloads.
import { existsSync, readFileSync } from "node:fs";
import { ROOT } from "../e2e/server.js";

/** @typedef {import("./peers/protocol.js").Device} Device */

/** @typedef {"float32" | "integer"} Arithmetic */

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {"signet" | "ort" | "tfjs"} family as `--peers` names it
 * @property {Device} device
 * @property {string} file of `peers`, without its ending
 * @property {Arithmetic} arithmetic
 * @property {string} setup how it runs, in words
 * @property {string[]} packages npm packages it comes from; none for Signet
 * @property {string[]} module paths of its code, from the root
 */

const ORT = "node_modules/onnxruntime-web/dist";
const TFJS = "node_modules/@tensorflow";

/** @param {string} cpuModule Signet's that the browser runs on the CPU @returns {Contestant[]} */
const contestantsWith = (cpuModule) => [
  {
    name: "signet cpu", family: "signet", device: "cpu", file: "signet", arithmetic: "integer", packages: [],
    setup: `${cpuModule}: classify for one input, classifyInputs for more; SIMD, 1 thread, 8-bit weights by 12 to 16-bit activations, finder included`,
    module: signetModule(cpuModule),
  },
  {
    name: "signet float32", family: "signet", device: "cpu", file: "signet-float32", arithmetic: "float32", packages: [],
    setup: "the same in float32",
    module: signetModule(cpuModule),
  },
  {
    name: "tfjs wasm", family: "tfjs", device: "cpu", file: "tfjs", arithmetic: "float32",
    packages: ["@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-wasm"],
    setup: "SIMD (XNNPACK), 1 thread, float32, batch norm folded, fused.conv2d with bias and ReLU, N H W C",
    module: [`${TFJS}/tfjs-core/dist/tf-core.es2017.min.js`, `${TFJS}/tfjs-backend-wasm/dist/tf-backend-wasm.es2017.min.js`,
      `${TFJS}/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm`],
  },
  {
    name: "ort wasm", family: "ort", device: "cpu", file: "onnxruntime", arithmetic: "float32", packages: ["onnxruntime-web"],
    setup: "SIMD, 1 thread, float32, batch norm folded, graphOptimizationLevel all",
    module: [`${ORT}/ort.wasm.min.mjs`, `${ORT}/ort-wasm-simd-threaded.mjs`, `${ORT}/ort-wasm-simd-threaded.wasm`],
  },
  {
    name: "signet webgpu", family: "signet", device: "webgpu", file: "signet", arithmetic: "float32", packages: [],
    setup: "8-bit weights in the card's memory, float32 sums, finder included",
    module: signetModule("signet_gpu"),
  },
  {
    name: "tfjs webgpu", family: "tfjs", device: "webgpu", file: "tfjs", arithmetic: "float32",
    packages: ["@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-webgpu"],
    setup: "float32, batch norm folded, fused.conv2d with bias and ReLU, N H W C",
    module: [`${TFJS}/tfjs-core/dist/tf-core.es2017.min.js`, `${TFJS}/tfjs-backend-webgpu/dist/tf-backend-webgpu.es2017.min.js`],
  },
  {
    name: "ort webgpu", family: "ort", device: "webgpu", file: "onnxruntime", arithmetic: "float32", packages: ["onnxruntime-web"],
    setup: "WebGPU execution provider, float32, batch norm folded, graphOptimizationLevel all",
    module: [`${ORT}/ort.webgpu.min.mjs`, `${ORT}/ort-wasm-simd-threaded.asyncify.mjs`, `${ORT}/ort-wasm-simd-threaded.asyncify.wasm`],
  },
];

/** The script and the module of one build. @param {string} name */
function signetModule(name) {
  return [`www/pkg/${name}.js`, `www/pkg/${name}_bg.wasm`];
}

export const PEERS = ["ort", "tfjs"];

/**
 * Signet's module first.
 * @param {Device} device
 * @param {string[]} peers
 * @param {string} cpuModule
 */
export function contestants(device, peers, cpuModule) {
  const chosen = contestantsWith(cpuModule).filter((each) => each.device === device && (each.family === "signet" || peers.includes(each.family)));
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
