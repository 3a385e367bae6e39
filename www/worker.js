// The wasm module that classifies, its models, and the queue before it.
import { bytesOf, openModule, release } from "./module.js";
import { SignetError, asSignetError } from "./protocol.js";

/** @typedef {import("./pkg.d.ts").Classifier} Classifier */
/** @typedef {import("./pkg.d.ts").SignetModule} SignetModule */
/** @typedef {import("./protocol.js").Picture} Picture */
/** @typedef {import("./protocol.js").WorkerRequest} WorkerRequest */
/** @typedef {import("./protocol.js").WorkerAnswer} WorkerAnswer */

/** @type {Promise<SignetModule> | undefined} */
let module;
/** Failed loads too: a request that follows one fails with that load's error. @type {Map<string, Promise<Classifier>>} */
const models = new Map();
let queue = Promise.resolve();

/**
 * @param {WorkerRequest} request
 * @returns {Promise<unknown>}
 */
async function perform(request) {
  if (request.kind === "init") {
    module = openModule(request.backend);
    await module;
    return null;
  }
  if (!module) throw new SignetError("unexpected", "the worker was asked before it was initialised");
  const opened = await module;
  if (request.kind === "square") return square(opened, request.picture);
  if (request.kind === "load" || request.kind === "unload") {
    // Gone before the next one comes, so that the two never need memory at once.
    (await models.get(request.slot)?.catch(() => null))?.free();
    models.delete(request.slot);
    if (request.kind === "unload") return null;
    const loading = bytesOf(request.source).then((bytes) =>
      opened.Classifier.load(bytes, request.sha256).finally(() => release(bytes)));
    models.set(request.slot, loading);
    return (await loading).labels;
  }
  const model = await models.get(request.slot);
  if (!model) throw new SignetError("unexpected", `there is no model ${request.slot}`);
  if (request.kind === "self-check") return model.selfCheck();
  return request.kind === "score" ? score(model, request.pixels) : classify(model, request.picture);
}

/** @param {Classifier} model @param {Picture} picture */
async function classify(model, picture) {
  const start = performance.now();
  const answer = picture.kind === "pixels"
    ? await model.classifyPixels(picture.bytes, picture.width, picture.height)
    : await model.classifyFile(picture.bytes);
  const latencyMs = performance.now() - start;
  return taken(answer, ({ label, probability, probabilities, view, width, height }) => (
    { label, probability, probabilities: Array.from(probabilities), view: new Uint8Array(view), width, height, latencyMs }));
}

/** @param {SignetModule} opened @param {Picture} picture */
function square(opened, picture) {
  const answer = picture.kind === "pixels"
    ? opened.squareOfPixels(picture.bytes, picture.width, picture.height)
    : opened.squareOfFile(picture.bytes);
  return taken(answer, ({ view, width, height }) => ({ view: new Uint8Array(view), width, height }));
}

/** @param {Classifier} model @param {Uint8Array} pixels @returns {Promise<number[][]>} */
async function score(model, pixels) {
  const probabilities = Array.from(await model.classifySquares(pixels));
  const { length } = model.labels;
  return Array.from({ length: probabilities.length / length }, (_, row) => probabilities.slice(row * length, (row + 1) * length));
}

/**
 * Reads an answer and gives it back: it lies in the module's memory, which no garbage collector frees in time for
 * a webcam.
 * @template {{ free(): void }} T
 * @template R
 * @param {T} answer
 * @param {(answer: T) => R} read
 */
function taken(answer, read) {
  try {
    return read(answer);
  } finally {
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
