// The client of the worker in which two networks learn side by side.
import { CalledWorker } from "./called-worker.js";

/** @import { WorkerLike } from "../recognizer/liveness.js" */
/** @import { ComparisonLayer, ComparisonSettings, ComparisonStep } from "../pkg/signet_cpu_learn.js" */

/** For the module, of six megabytes; and for a step, which takes a second where it is slow. */
const OPEN_LIMIT_MS = 260_000;
const STEP_LIMIT_MS = 60_000;

/**
 * Pictures to learn from: inputs, one after another, and the index of each one's class.
 * @typedef {{ pixels: Uint8Array, labels: Uint32Array, classes: number }} Pictures
 */

export class Comparison extends CalledWorker {
  /** @param {() => WorkerLike} createWorker of comparison-worker.js */
  constructor(createWorker) {
    super(createWorker, OPEN_LIMIT_MS);
  }

  /** New networks, in the place of those before. @param {ComparisonSettings} settings @param {Pictures} pictures @returns {Promise<ComparisonLayer[]>} */
  start(settings, { pixels, labels, classes }) {
    return this.request("start", [settings, pixels, labels, classes], STEP_LIMIT_MS);
  }

  /** Measures and trains each of them once. @returns {Promise<ComparisonStep>} */
  step() {
    return this.request("step", [], STEP_LIMIT_MS);
  }
}
