// One wasm module and the queue before it. Everything that computes runs here, never on the page's own thread.
import { SignetError, asSignetError } from "./protocol.js";

/** @typedef {import("./protocol.js").WorkerRequest} WorkerRequest */
/** @typedef {import("./protocol.js").WorkerAnswer} WorkerAnswer */

const MODULES = { cpu: "./pkg/signet_cpu.js", webgpu: "./pkg/signet_gpu.js" };

/** @type {Promise<import("./pkg.d.ts").SignetModule> | undefined} */
let module;
/** @type {Promise<import("./pkg.d.ts").Classifier> | undefined} */
let classifier;
let queue = Promise.resolve();

/** @param {string} path */
async function open(path) {
  try {
    /** @type {import("./pkg.d.ts").SignetModule} */
    const opened = await import(path);
    await opened.default();
    return opened;
  } catch (cause) {
    // import() does not say why it failed, and the next step depends on it.
    const answer = await fetch(new URL(path, import.meta.url), { method: "HEAD" }).catch(() => null);
    const code = !answer ? "module-network" : answer.status === 404 ? "module-missing" : "module-broken";
    throw new SignetError(code, `${path}: ${asSignetError(cause).message}`, cause);
  }
}

/**
 * @param {WorkerRequest} request
 * @returns {Promise<unknown>}
 */
async function perform(request) {
  if (request.kind === "init") {
    module = open(MODULES[request.backend]);
    await module;
    return null;
  }
  if (!module) throw new SignetError("unexpected", "the worker was asked before it was initialised");
  if (request.kind === "load") {
    classifier = (await module).Classifier.load(request.bytes, request.sha256);
    return (await classifier).labels;
  }
  // A request that follows a failed load fails with that load's error.
  const loaded = await (classifier ?? module.then(() => {
    throw new SignetError("unexpected", "the worker was asked before it had weights");
  }));
  if (request.kind === "self-check") return loaded.selfCheck();
  const { picture } = request;
  const start = performance.now();
  const answer = picture.kind === "pixels"
    ? await loaded.classifyPixels(picture.bytes, picture.width, picture.height)
    : await loaded.classifyFile(picture.bytes);
  const latencyMs = performance.now() - start;
  try {
    const { label, probability, width, height } = answer;
    const probabilities = Array.from(answer.probabilities);
    return { label, probability, probabilities, view: new Uint8Array(answer.view), width, height, latencyMs };
  } finally {
    // It lies in the module's memory, which no garbage collector frees in time for a webcam.
    answer.free();
  }
}

/** @param {WorkerAnswer} answer */
const post = (answer) => postMessage(answer);

addEventListener("message", (/** @type {MessageEvent<WorkerRequest>} */ { data }) => {
  queue = queue.then(() => perform(data)).then(
    (value) => post({ id: data.id, ok: true, value }),
    (thrown) => {
      // After a trap the module's memory can't be trusted: the client must start a new worker.
      if (thrown instanceof WebAssembly.RuntimeError) return post({ crash: thrown.message });
      const { code, message } = asSignetError(thrown);
      post({ id: data.id, ok: false, error: { code, message } });
    },
  );
});
// A trap inside a future that the module spawned itself surfaces only here.
addEventListener("unhandledrejection", (event) => post({ crash: asSignetError(event.reason).message }));
