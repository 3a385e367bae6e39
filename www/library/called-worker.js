// A worker whose module is opened at once, and then called function by function. One that crashes is not replaced: what it held is gone.
import { SignetError } from "../recognizer/errors.js";
import { WorkerLink } from "../recognizer/link.js";

/** @import { WorkerLike } from "../recognizer/liveness.js" */

export class CalledWorker {
  #link;
  #opened;

  /** @param {() => WorkerLike} createWorker @param {number} openLimitMs for its module */
  constructor(createWorker, openLimitMs) {
    this.#link = new WorkerLink({ createWorker, replace: false });
    this.#opened = this.#link.request({ kind: "init", backend: "cpu" }, { limitMs: openLimitMs });
    this.#opened.catch(() => {}); // told to whoever asks
  }

  /** @param {string} method @param {unknown[]} given @param {number} limitMs @returns {Promise<any>} */
  async request(method, given, limitMs) {
    await this.#opened;
    return this.#link.request({ kind: "call", method, given }, { limitMs });
  }

  /** Ends the worker, whose memory goes back whole. What was asked fails. */
  close() {
    this.#link.close(new SignetError("worker-crashed", "the worker was closed"));
  }
}
