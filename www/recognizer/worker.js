// The wasm module that classifies, and its models.
import { release } from "./bytes.js";
import { SignetError } from "./errors.js";
import { openModule } from "./module.js";
import { forModule } from "./requests.js";
import { serve } from "./serve.js";

/** @import { Classifier } from "../pkg/signet_cpu.js" */
/** @import { SignetModule, ThreadsModule } from "./module.js" */
/** @import { LoadedModel, WorkerRequest } from "./protocol.js" */

/** @type {Promise<SignetModule> | undefined} */
let module;
/** The same where its memory can be shared, or what kept it from being that one. @type {Promise<ThreadsModule> | undefined} */
let shared;
/** Failed loads too: a request that follows one fails with that load's error. @type {Map<string, Promise<Classifier>>} */
const models = new Map();
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

/** Of the helpers. A module without has nothing to set. @param {Extract<WorkerRequest, { kind: "share" | "threads" | "dismiss" }>} request */
async function direct(request) {
  const opened = await shared;
  if (request.kind === "dismiss") return opened?.dismissHelpers();
  if (request.kind === "threads") return opened?.setThreads(request.count);
  if (!opened) throw new SignetError("unexpected", "this module has no threads");
  opened.setThreads(1); // until the page says how many
  return opened.toShare();
}

/** @param {Exclude<WorkerRequest, { kind: "call" }>} request @returns {Promise<unknown>} */
async function perform(request) {
  if (request.kind === "init") {
    const { backend, threads } = request;
    shared = threads ? openModule(backend, "threads") : undefined;
    module = shared?.catch(() => openModule(backend)) ?? openModule(backend);
    await module;
    return null;
  }
  if (request.kind === "share" || request.kind === "threads" || request.kind === "dismiss") return direct(request);
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

serve(perform, isOversized);
