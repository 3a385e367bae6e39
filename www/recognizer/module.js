// Fetches and starts a wasm module in a worker.
import { SignetError, asSignetError } from "./errors.js";
import { sharedMemory } from "./memory.js";
import { hasRelaxedSimd } from "./support.js";
import { startTimeout } from "./timeout.js";

/** @import { Backend } from "./protocol.js" */
/** @typedef {typeof import("../pkg/signet_cpu.js")} SignetModule */
/** @typedef {typeof import("../pkg/signet_cpu_threads.js")} ThreadsModule */
/** It exports all that the others do. @typedef {typeof import("../pkg/signet_cpu_learn.js")} LearningModule */

/** Where helpers can share its memory. */
const THREADS = "pkg/signet_cpu_threads.js";

/** The modules that classify are small and fetched at the start; those that learn when a training starts, those that inspect when the tab "Look inside" is opened, and the one that converts when a file of another program is read or written. */
const MODULES = /** @type {const} */ ({
  classify: { cpu: hasRelaxedSimd() ? "pkg/signet_cpu_relaxed.js" : "pkg/signet_cpu.js", webgpu: "pkg/signet_gpu.js" },
  threads: { cpu: THREADS, webgpu: "pkg/signet_gpu.js" },
  learn: { cpu: "pkg/signet_cpu_learn.js", webgpu: "pkg/signet_gpu_learn.js" },
  convert: { cpu: "pkg/signet_cpu_convert.js", webgpu: "pkg/signet_cpu_convert.js" },
  inspect: { cpu: "pkg/signet_cpu_inspect.js", webgpu: "pkg/signet_gpu_inspect.js" },
});

/** For a download whose progress can't be seen: of one megabyte, and of five and sixteen. */
const LIMITS_MS = {
  "pkg/signet_cpu.js": 90_000, "pkg/signet_cpu_relaxed.js": 90_000, "pkg/signet_gpu.js": 90_000, [THREADS]: 90_000,
  "pkg/signet_cpu_convert.js": 90_000, "pkg/signet_cpu_inspect.js": 90_000, "pkg/signet_gpu_inspect.js": 90_000, "pkg/signet_cpu_learn.js": 240_000, "pkg/signet_gpu_learn.js": 600_000,
};

/** For developers: the npm package of the library has some of the modules only. */
const IS_MISSING = "it is not in the base. The npm package has the modules that classify; those that train and explain are in dist/site.zip";

/**
 * Throws `module-missing`, `module-network` or `module-broken`.
 * @template {keyof typeof MODULES} [Work="classify"]
 * @param {Backend} backend
 * @param {Work} [work]
 */
export async function openModule(backend, work) {
  const path = MODULES[work ?? "classify"][backend];
  try {
    return await inTime(startModule(path), LIMITS_MS[path]);
  } catch (cause) {
    if (cause instanceof SignetError) throw cause;
    // import() does not say why it failed, and the next step depends on it.
    const answer = await fetch(new URL(`../${path}`, import.meta.url), { method: "HEAD" }).catch(() => null);
    // Hosts of single-page sites answer a missing file with their start page and status 200.
    const isMissing = answer?.status === 404 || answer?.headers.get("content-type")?.includes("text/html");
    const code = isMissing ? "module-missing" : !answer || answer.status >= 500 ? "module-network" : "module-broken";
    throw new SignetError(code, `${path}: ${isMissing ? IS_MISSING : asSignetError(cause).message}`, cause);
  }
}

/** @param {string} path @returns {Promise<any>} */
async function startModule(path) {
  const opened = await import(`../${path}`);
  await opened.default(path === THREADS ? { memory: sharedMemory() } : undefined);
  return opened;
}

/**
 * Throws `module-network` where a host has fallen silent.
 * @template T
 * @param {Promise<T>} module
 * @param {number} limitMs
 */
function inTime(module, limitMs) {
  return new Promise((resolve, reject) => {
    const timeout = startTimeout(limitMs, () => reject(new SignetError("module-network", `not there after ${limitMs} ms`)));
    module.then(resolve, reject).finally(() => clearInterval(timeout));
  });
}
