// The wasm module that classifies, its models, and the queue before it.
import { release } from "./bytes.js";
import { SignetError, asSignetError } from "./errors.js";
import { holdLivenessLock } from "./liveness.js";
import { openModule } from "./module.js";
import { forModule } from "./requests.js";

/** @import { Classifier } from "../pkg/signet_cpu.js" */
/** @import { SignetModule } from "./module.js" */
/** @import { LoadedModel, WorkerAnswer, WorkerRequest } from "./protocol.js" */

/** @type {Promise<SignetModule> | undefined} */
let module;
/** Failed loads too: a request that follows one fails with that load's error. @type {Map<string, Promise<Classifier>>} */
const models = new Map();
let queue = Promise.resolve();
/** A module keeps what memory it has asked for. A photo of many megapixels may leave it with so many bytes too much. */
const MOST_SPARE = 256 * 2 ** 20;
/** Bytes that the models need. */
let needed = 0;

/** The module's memory in bytes. @param {SignetModule} opened */
const memoryOf = async (opened) => (await opened.default()).memory.buffer.byteLength;

async function isOversized() {
  const opened = await module?.catch(() => null);
  return opened ? (await memoryOf(opened)) - needed > MOST_SPARE : false;
}

/** @param {WorkerRequest} request @returns {Promise<unknown>} */
async function perform(request) {
  if (request.kind === "init") {
    module = openModule(request.backend);
    await module;
    return null;
  }
  if (!module) throw new SignetError("unexpected", "the worker was asked before it was initialised");
  const opened = await module;
  if (request.kind === "input") return opened.inputOf(forModule(request.picture));
  if (request.kind === "load" || request.kind === "unload") {
    // Gone before the next one comes, so that the two never need memory at once.
    (await models.get(request.slot)?.catch(() => null))?.free();
    models.delete(request.slot);
    if (request.kind === "unload") return null;
    const { source } = request;
    const loading = opened.Classifier.load(source).finally(() => { if (source instanceof Uint8Array) release(source); });
    models.set(request.slot, loading);
    const { labels, hasDetector } = await loading;
    needed = await memoryOf(opened);
    return /** @type {LoadedModel} */ ({ labels, hasDetector });
  }
  const model = await models.get(request.slot);
  if (!model) throw new SignetError("unexpected", `there is no model ${request.slot}`);
  if (request.kind === "self-check") return model.selfCheck();
  if (request.kind === "score") return model.classifyInputs(request.pixels);
  const { picture, crop, recycle = false } = request;
  const prediction = await model.classify(forModule(picture), crop);
  return recycle && picture.kind === "pixels" ? { ...prediction, pixels: picture.bytes } : prediction;
}

/** @param {WorkerAnswer} answer @param {ArrayBuffer[]} [transfer] */
const post = (answer, transfer = []) => postMessage(answer, { transfer });

/** The buffers of an answer that are transferred to the page. @param {unknown} value @returns {ArrayBuffer[]} */
function transferOf(value) {
  const { pixels } = /** @type {Partial<import("./protocol.js").Prediction>} */ (Object(value));
  return pixels ? [pixels.buffer] : [];
}

holdLivenessLock((liveness) => post({ liveness }));
addEventListener("message", (/** @type {MessageEvent<WorkerRequest>} */ { data }) => {
  queue = queue.then(() => perform(data)).then(
    async (value) => post({ id: data.id, ok: true, value, oversized: await isOversized() }, transferOf(value)),
    async (thrown) => {
      // After a trap the module's memory can't be trusted: the client must start a new worker.
      if (thrown instanceof WebAssembly.RuntimeError) return post({ crash: thrown.message });
      const { code, message } = asSignetError(thrown);
      post({ id: data.id, ok: false, error: { code, message }, oversized: await isOversized() });
    },
  );
});
// A trap inside a future that the module spawned itself surfaces only here.
addEventListener("unhandledrejection", (event) => post({ crash: asSignetError(event.reason).message }));
