// The client of the worker that reads and writes other programs' files. The worker lives while something is converted: its memory goes back whole.
import { SignetError } from "../recognizer/errors.js";
import { WorkerLink } from "../recognizer/link.js";

/** @import { WorkerLike } from "../recognizer/liveness.js" */

/** For the module, of a megabyte; and for one file of the largest size. */
const OPEN_LIMIT_MS = 100_000;
const LIMIT_MS = 120_000;

export class Converter {
  #link;
  #opened;

  /** @param {() => WorkerLike} createWorker of converter-worker.js */
  constructor(createWorker) {
    this.#link = new WorkerLink({ createWorker, replace: false });
    this.#opened = this.#link.request({ kind: "init", backend: "cpu" }, { limitMs: OPEN_LIMIT_MS });
    this.#opened.catch(() => {}); // told to whoever asks
  }

  /** A function of the module. @param {string} method @param {...unknown} given @returns {Promise<any>} */
  async call(method, ...given) {
    await this.#opened;
    return this.#link.request({ kind: "call", method, given }, { limitMs: LIMIT_MS });
  }

  /** Ends the worker. What was asked fails. */
  close() {
    this.#link.close(new SignetError("worker-crashed", "the converter was closed"));
  }
}
