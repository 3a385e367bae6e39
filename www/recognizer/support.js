// What this browser can do, found out before anything is downloaded for it.
import { SignetError } from "./errors.js";

/** The smallest module that uses SIMD: one function that returns `v128.const 0`. */
const SIMD_MODULE = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // "\0asm", version 1
  0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, // type: () -> v128
  0x03, 0x02, 0x01, 0x00, // one function of that type
  0x0a, 0x16, 0x01, 0x14, 0x00, 0xfd, 0x0c, ...new Array(16).fill(0), 0x0b, // body: v128.const 0; end
]);

/** The smallest module that uses relaxed SIMD: one function that multiplies its argument by itself and adds it. */
export const RELAXED_SIMD_MODULE = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // "\0asm", version 1
  0x01, 0x06, 0x01, 0x60, 0x01, 0x7b, 0x01, 0x7b, // type: (v128) -> v128
  0x03, 0x02, 0x01, 0x00, // one function of that type
  0x0a, 0x0d, 0x01, 0x0b, 0x00, // its body:
  0x20, 0x00, 0x20, 0x00, 0x20, 0x00, 0xfd, 0x85, 0x02, 0x0b, // local.get 0, three times; f32x4.relaxed_madd; end
]);

/** Whether the module with the faster float32 runs here. */
export const hasRelaxedSimd = () => typeof WebAssembly === "object" && WebAssembly.validate(RELAXED_SIMD_MODULE);

/** Threads beyond this number gain little in layers so small. */
const MOST_THREADS = 4;
/** Threads that an address may demand. */
const MOST_DEMANDED = 16;

/**
 * Numbers of threads that are worth a trial here, the smallest first; none but 1 where workers can't share memory, or where there
 * is a single core. Two cores are both taken; of more, one is left to the page. Only `crossOriginIsolated` tells: elsewhere shared
 * memory can be made, and fails when it is sent to a worker.
 * @param {number} [demanded] no trial: so many, where there can be any
 * @param {{ crossOriginIsolated?: boolean, navigator?: { hardwareConcurrency: number } }} [browser]
 */
export function threadCounts(demanded, { crossOriginIsolated, navigator } = globalThis) {
  if (!crossOriginIsolated || !hasRelaxedSimd()) return [1];
  if (demanded) return [Math.min(demanded, MOST_DEMANDED)];
  const cores = navigator?.hardwareConcurrency ?? 1;
  const most = cores > 2 ? Math.min(cores - 1, MOST_THREADS) : cores;
  return [...new Set([1, Math.min(2, most), most])];
}

/** Why the modules can't run here, and there is no client: `wasm-missing` or `wasm-simd`; null where they can. */
export function webAssemblyError() {
  if (typeof WebAssembly !== "object") return new SignetError("wasm-missing", "WebAssembly is not defined");
  if (!WebAssembly.validate(SIMD_MODULE)) return new SignetError("wasm-simd", "a SIMD module does not validate");
  return null;
}

/**
 * The part of WebGPU that is used here.
 * @typedef {{ features: { has(name: string): boolean } }} Adapter
 * @typedef {{ requestAdapter(options?: { powerPreference: "high-performance" }): Promise<Adapter | null> }} Gpu
 */

/** @param {Gpu} [gpu] */
async function requireAdapter(gpu = /** @type {{ gpu?: Gpu }} */ (navigator).gpu) {
  if (!gpu) throw new SignetError("gpu-missing", "navigator.gpu is not defined");
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" }).catch(() => null);
  if (!adapter) throw new SignetError("gpu-adapter", "requestAdapter() found none");
  return adapter;
}

/** Throws `gpu-missing` or `gpu-adapter` where the GPU module can't run. @param {Gpu} [gpu] */
export async function requireWebGpu(gpu) {
  await requireAdapter(gpu);
}

/**
 * Throws `gpu-feature` besides where the GPU can't learn: without `timestamp-query` the module would panic instead
 * of failing.
 * @param {Gpu} [gpu]
 */
export async function requireLearningGpu(gpu) {
  const adapter = await requireAdapter(gpu);
  if (!adapter.features.has("timestamp-query")) throw new SignetError("gpu-feature", "the adapter lacks timestamp-query");
}
