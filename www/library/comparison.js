// The client of the worker in which two networks learn side by side.
import { SignetError } from "../recognizer/errors.js";
import { WorkerLink } from "../recognizer/link.js";

/** @import { WorkerLike } from "../recognizer/liveness.js" */
/** @import { ComparisonLayer, ComparisonSettings, ComparisonStep } from "../pkg/signet_cpu_learn.js" */

/** For the module, of six megabytes; and for a step, which takes a second where it is slow. */
const OPEN_LIMIT_MS = 260_000;
const STEP_LIMIT_MS = 60_000;

/**
 * Pictures to learn from: inputs, one after another, and the index of each one's class.
 * @typedef {{ pixels: Uint8Array, labels: Uint32Array, classes: number }} Pictures
 */

export class Comparison {
  #link;
  #opened;

  /** @param {() => WorkerLike} createWorker of comparison-worker.js */
  constructor(createWorker) {
    this.#link = new WorkerLink({ createWorker, replace: false });
    this.#opened = this.#link.request({ kind: "init", backend: "cpu" }, { limitMs: OPEN_LIMIT_MS });
    this.#opened.catch(() => {}); // told to whoever asks
  }

  /** New networks, in the place of those before. @param {ComparisonSettings} settings @param {Pictures} pictures @returns {Promise<ComparisonLayer[]>} */
  async start(settings, { pixels, labels, classes }) {
    await this.#opened;
    return this.#link.request({ kind: "call", method: "start", given: [settings, pixels, labels, classes] }, { limitMs: STEP_LIMIT_MS });
  }

  /** Measures and trains each of them once. @returns {Promise<ComparisonStep>} */
  step() {
    return this.#link.request({ kind: "call", method: "step", given: [] }, { limitMs: STEP_LIMIT_MS });
  }

  /** Ends the worker, whose memory goes back whole. What was asked fails. */
  close() {
    this.#link.close(new SignetError("worker-crashed", "the comparison was closed"));
  }
}
