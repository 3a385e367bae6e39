// A worker that answers as it is told, one request after another, in this thread.

/** @typedef {import("../../www/recognizer/protocol.js").WorkerRequest} WorkerRequest */
/** @typedef {import("../../www/recognizer/errors.js").ErrorCode} ErrorCode */

/** @typedef {{ value?: unknown, error?: { code: ErrorCode, message: string }, crash?: string, silent?: true }} Reply */
/** @typedef {(request: WorkerRequest, worker: WorkerStandIn) => Reply | Promise<Reply>} Respond */

export class WorkerStandIn {
  /** @type {WorkerRequest[]} */
  requests = [];
  terminated = false;
  /** @type {((event: MessageEvent) => void) | null} */
  onmessage = null;
  /** @type {((event: ErrorEvent) => void) | null} */
  onerror = null;
  /** @type {((event: MessageEvent) => void) | null} */
  onmessageerror = null;
  #respond;
  #queue = Promise.resolve();

  /** @param {Respond} respond */
  constructor(respond) {
    this.#respond = respond;
  }

  /** @param {any} message @param {Transferable[]} transfer */
  postMessage(message, transfer) {
    const request = structuredClone(message, { transfer: /** @type {ArrayBuffer[]} */ (transfer) });
    this.requests.push(request);
    this.#queue = this.#queue.then(async () => {
      const reply = await this.#respond(request, this);
      if (reply.silent) return;
      if (reply.crash !== undefined) this.answer({ crash: reply.crash });
      else if (reply.error) this.answer({ id: request.id, ok: false, error: reply.error });
      else this.answer({ id: request.id, ok: true, value: reply.value });
    });
  }

  /** @param {import("../../www/recognizer/protocol.js").WorkerAnswer} data */
  answer(data) {
    if (!this.terminated) this.onmessage?.(/** @type {MessageEvent} */ ({ data }));
  }

  /** As a worker whose script fails. @param {string} message */
  fail(message) {
    this.onerror?.(/** @type {ErrorEvent} */ ({ message, preventDefault() {} }));
  }

  terminate() {
    this.terminated = true;
  }
}

/** Starts stand-ins and keeps them for the test to look at. @param {Respond} respond */
export function standIns(respond) {
  /** @type {WorkerStandIn[]} */
  const workers = [];
  const createWorker = () => {
    const worker = new WorkerStandIn(respond);
    workers.push(worker);
    return worker;
  };
  return { workers, createWorker };
}

/** @param {number} [byte] @returns {import("../../www/recognizer/protocol.js").PixelPicture} */
export const picture = (byte = 7) => ({ kind: "pixels", bytes: new Uint8Array(4).fill(byte), width: 1, height: 1 });

/** @param {number} latencyMs @param {number[]} [probabilities] */
export const prediction = (latencyMs, probabilities = [0.9, 0.1]) => ({
  label: "0", probability: probabilities[0], probabilities, input: null, width: 1, height: 1, latencyMs,
});
