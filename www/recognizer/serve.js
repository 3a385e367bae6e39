// In a worker: the queue of requests before a wasm module, and what its failures become.
import { asSignetError } from "./errors.js";
import { holdLivenessLock } from "./liveness.js";

/** @import { WorkerAnswer, WorkerRequest } from "./protocol.js" */

/** @param {WorkerAnswer} answer @param {ArrayBuffer[]} [transfer] */
const post = (answer, transfer = []) => postMessage(answer, { transfer });

/** The buffers of an answer that are transferred to the page. @param {unknown} value @returns {ArrayBuffer[]} */
function transferOf(value) {
  const { pixels, weights } = /** @type {{ pixels?: unknown, weights?: unknown }} */ (Object(value));
  // No module answers with a view of its own memory.
  return [value, pixels, weights].flatMap((part) => part instanceof Uint8Array ? [/** @type {ArrayBuffer} */ (part.buffer)] : []);
}

/**
 * Answers requests one at a time, in the order of their arrival.
 * @param {(request: any) => Promise<unknown>} perform of the kinds of requests that this worker is asked
 * @param {() => Promise<boolean>} [isOversized] whether only another worker gives the module's memory back
 */
export function serve(perform, isOversized = async () => false) {
  let queue = holdLivenessLock((liveness) => post({ liveness }));
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
  // A trap inside a future that the module spawned itself surfaces only here. Who is told deals with it.
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    post({ crash: asSignetError(event.reason).message });
  });
}
