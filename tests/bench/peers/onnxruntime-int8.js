// onnxruntime-web on the graph that its own tools have quantized: `quantize.py`.
import { open } from "./onnxruntime.js";

/** @type {import("./protocol.js").EngineFile["load"]} */
export const load = (device, { onnxInt8 }, _, threads) => open(device, onnxInt8, threads);
