// One worker and the requests that are open in it: ids, transfers, time limits, and a replacement after a crash.
import { SignetError, asSignetError } from "./errors.js";
import { listenTo } from "./liveness.js";
import { startTimeout } from "./timeout.js";

/** @import { WorkerLike } from "./liveness.js" */
/** @import { Liveness, RequestBody, WorkerAnswer } from "./protocol.js" */

/**
 * @typedef {object} OpenRequest
 * @property {number} id
 * @property {RequestBody} body
 * @property {boolean} keep whether the bytes are kept back, so that the request can be repeated after a crash
 * @property {number} crashes that it is to blame for
 * @property {number} [limitMs] for each attempt
 * @property {(value: any) => void} resolve
 * @property {(error: SignetError) => void} reject
 * @property {import("./timeout.js").Timeout} [timeout]
 */

/** One worker and the requests that are open in it. A request survives one crash of its own, if its bytes were kept. */
export class WorkerLink {
  #createWorker;
  #replace;
  #onCrash;
  #onReplaced;
  /** @type {WorkerLike | null} */
  #worker = null;
  /** @type {Map<number, OpenRequest>} */
  #open = new Map();
  /** The requests that a replacement repeats first: init and loads. @type {RequestBody[]} */
  #boot = [];
  #nextId = 1;
  /** @type {SignetError | null} */
  #closed = null;

  /**
   * @param {object} options
   * @param {() => WorkerLike} options.createWorker
   * @param {boolean} [options.replace] whether a crashed worker is replaced, or the link closes
   * @param {(error: SignetError) => void} [options.onCrash] called before a replacement repeats anything: it may change what was
   *   given to `boot`
   * @param {() => void} [options.onReplaced] a worker that was oversized is a new one
   */
  constructor({ createWorker, replace = true, onCrash = () => {}, onReplaced = () => {} }) {
    this.#createWorker = createWorker;
    this.#replace = replace;
    this.#onCrash = onCrash;
    this.#onReplaced = onReplaced;
  }

  /**
   * A request that a replacement of this worker repeats before anything else.
   * @param {RequestBody} body
   * @param {{ limitMs?: number }} [options] as for `request`
   */
  async boot(body, { limitMs } = {}) {
    const value = await this.request(body, { keep: true, limitMs });
    this.#boot.push(body);
    return value;
  }

  /** Takes a model out, and out of what replacements load. @param {string} slot */
  async unload(slot) {
    this.#boot = this.#boot.filter((body) => body.kind !== "load" || body.slot !== slot);
    await this.request({ kind: "unload", slot }, { keep: true });
  }

  /**
   * @param {RequestBody} body its bytes are transferred, or a copy of them with `keep`
   * @param {{ keep?: boolean, limitMs?: number }} [options] no answer within the limit counts as a crash
   */
  request(body, { keep = false, limitMs } = {}) {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(this.#closed);
      /** @type {OpenRequest} */
      const request = { id: this.#nextId++, body, keep, crashes: 0, limitMs, resolve, reject };
      this.#send(request);
    });
  }

  /** Ends the worker; open requests fail with `reason`. @param {SignetError} reason */
  close(reason) {
    this.#closed ??= reason;
    this.#worker?.terminate();
    this.#worker = null;
    for (const request of this.#takeOpen()) request.reject(reason);
  }

  #takeOpen() {
    const requests = [...this.#open.values()];
    this.#open.clear();
    for (const { timeout } of requests) clearInterval(timeout);
    return requests;
  }

  /** @param {OpenRequest} request */
  #send(request) {
    this.#open.set(request.id, request);
    const { body, limitMs } = request;
    if (limitMs !== undefined) {
      const late = new SignetError("worker-timeout", `no answer to ${body.kind} within ${limitMs} ms`);
      request.timeout = startTimeout(limitMs, () => this.crash(late));
    }
    try {
      this.#post(this.#worker ?? this.#start(), request.id, body, request.keep);
    } catch (cause) {
      this.#open.delete(request.id);
      clearInterval(request.timeout);
      request.reject(new SignetError("worker-crashed", `no worker: ${asSignetError(cause).message}`, cause));
    }
  }

  #start() {
    const worker = this.#createWorker();
    this.#worker = worker;
    listenTo(worker, {
      isCurrent: () => worker === this.#worker,
      onMessage: (answer) => this.#receive(answer),
      onCrash: (error) => this.crash(error),
    });
    // Nobody waits for these answers: if one is a failure, the requests behind it fail with the same error.
    for (const body of this.#boot) this.#post(worker, this.#nextId++, body, true);
    return worker;
  }

  /**
   * @param {WorkerLike} worker
   * @param {number} id
   * @param {RequestBody} body
   * @param {boolean} keep
   */
  #post(worker, id, body, keep) {
    /** @type {ArrayBuffer[]} */
    const transfer = [];
    const transferred = (/** @type {Uint8Array<ArrayBuffer>} */ bytes) => {
      const sent = keep ? bytes.slice() : bytes;
      transfer.push(sent.buffer);
      return sent;
    };
    let sent = body;
    if ("picture" in body && body.picture.kind === "pixels") sent = { ...body, picture: { ...body.picture, bytes: transferred(body.picture.bytes) } };
    if (body.kind === "score") sent = { ...body, pixels: transferred(body.pixels) };
    // A blob is a reference: it is posted as it is, here and as the file of a picture.
    if (body.kind === "load" && body.source instanceof Uint8Array) sent = { ...body, source: transferred(body.source) };
    worker.postMessage({ ...sent, id }, transfer);
  }

  /** @param {Exclude<WorkerAnswer, Liveness>} answer */
  #receive(answer) {
    if ("crash" in answer) return this.crash(new SignetError("worker-crashed", answer.crash));
    const request = this.#open.get(answer.id);
    if (request) {
      this.#open.delete(answer.id);
      clearInterval(request.timeout);
      if (answer.ok) request.resolve(answer.value);
      else request.reject(asSignetError(answer.error));
    }
    if (answer.oversized && this.#open.size === 0) {
      this.#worker?.terminate();
      this.#start();
      this.#onReplaced();
    }
  }

  /** Ends a worker that has failed, and repeats what it was asked. @param {SignetError} error */
  crash(error) {
    this.#worker?.terminate();
    this.#worker = null;
    this.#onCrash(error);
    if (!this.#replace) {
      this.close(error);
    } else {
      const requests = this.#takeOpen();
      // The worker answers in order: it was at the first one.
      if (requests[0]) requests[0].crashes += 1;
      const repeatable = requests.filter(({ keep, crashes }) => keep && crashes < 2);
      for (const request of requests) if (!repeatable.includes(request)) request.reject(error);
      // Without requests to repeat, the replacement is started by the next request.
      for (const request of repeatable) this.#send(request);
    }
  }
}
