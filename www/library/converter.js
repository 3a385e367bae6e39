// The client of the worker that reads and writes other programs' files. The worker lives while something is converted: its memory goes back whole.
import { CalledWorker } from "./called-worker.js";

/** @import { WorkerLike } from "../recognizer/liveness.js" */

/** For the module, of a megabyte; and for one file of the largest size. */
const OPEN_LIMIT_MS = 100_000;
const LIMIT_MS = 120_000;

export class Converter extends CalledWorker {
  /** @param {() => WorkerLike} createWorker of converter-worker.js */
  constructor(createWorker) {
    super(createWorker, OPEN_LIMIT_MS);
  }

  /** A function of the module. @param {string} method @param {...unknown} given @returns {Promise<any>} */
  call(method, ...given) {
    return this.request(method, given, LIMIT_MS);
  }
}
