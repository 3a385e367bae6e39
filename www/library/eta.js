// How long a training takes: before it starts, and while it runs.

/** @import { TrainEvent } from "../pkg/signet_cpu_learn.js" */
/** @import { Settings } from "./settings.js" */

/**
 * What learning from one picture costs, in classifications of one by one thread, as measured on a CPU: a head's own cost vanishes
 * beside the pictures' features, which are computed once; the last stage holds most of the parameters, so that
 * changing them costs more than its arithmetic.
 */
const COSTS = {
  head: { once: 1, eachEpoch: 0.004, checking: 0.002 },
  stage: { once: 0.86, eachEpoch: 2, checking: 0.2 },
  all: { once: 0, eachEpoch: 8, checking: 1 },
};
/** Augmentations of each picture whose features are computed, as in core. */
const VARIANTS = 6;
/** Starting the module in a worker of its own, and loading the weights. */
const START_S = 1;

/**
 * @param {Settings} settings
 * @param {{ training: number, validation: number }} counts of pictures
 * @param {number} latencyMs of one classification
 * @returns {number} seconds
 */
export function estimateSeconds({ scope, epochs, augmentation }, { training, validation }, latencyMs) {
  const { once, eachEpoch, checking } = COSTS[scope];
  const forms = augmentation ? VARIANTS : 1;
  const passes = once * (training * forms + validation) + epochs * (eachEpoch * training + checking * validation);
  return START_S + (passes * latencyMs) / 1000;
}

/** What one piece of work costs; the first measurement is a warm-up and doesn't count. */
class UnitCost {
  #measured = 0;
  #sum = { ms: 0, count: 0 };

  /** @param {number} ms @param {number} count of pieces done */
  add(ms, count) {
    this.#measured += 1;
    if (this.#measured > 1) this.#sum = { ms: this.#sum.ms + ms, count: this.#sum.count + count };
  }

  /** Milliseconds for each, or null before there are two measurements. */
  get ms() {
    return this.#sum.count > 0 ? this.#sum.ms / this.#sum.count : null;
  }
}

/** From what the parts of a running training have cost so far. */
export class Eta {
  #epochs;
  #batchesInEpoch;
  #checkedInEpoch;
  /** Pictures whose features are computed before the first epoch. */
  #features = { cost: new UnitCost(), done: 0, total: 0 };
  #batches = { cost: new UnitCost(), done: 0 };
  /** Checking the start or an epoch, which may take several steps. */
  #checks = { ms: 0, done: 0 };
  #headOnly;

  /**
   * @param {Pick<Settings, "scope" | "epochs" | "batchSize"> & { pictures: number, checked: number, epochsDone: number }} training
   *   `pictures` are learned from, `checked` ones are checked with after each epoch, `epochsDone` were over before this run
   */
  constructor({ scope, epochs, batchSize, pictures, checked, epochsDone }) {
    this.#headOnly = scope === "head";
    this.#batchesInEpoch = Math.ceil(pictures / batchSize);
    this.#checkedInEpoch = checked / batchSize;
    this.#epochs = epochs;
    this.#batches.done = epochsDone * this.#batchesInEpoch;
  }

  /** @param {TrainEvent} event what a step did @param {number} ms that it took */
  add(event, ms) {
    if (event.kind === "features") {
      this.#features.cost.add(ms, event.done - this.#features.done);
      this.#features.done = event.done;
      this.#features.total = event.total;
    } else if (event.kind === "batch") {
      this.#batches.cost.add(ms, 1);
      this.#batches.done = (event.epoch - 1) * this.#batchesInEpoch + event.batch;
    } else if (event.kind !== "done") {
      this.#checks.ms += ms;
      if (event.kind === "epoch" || event.kind === "start") this.#checks.done += 1;
    }
  }

  /** Null before that is known. */
  get secondsLeft() {
    const features = this.#features.total - this.#features.done;
    const batches = this.#epochs * this.#batchesInEpoch - this.#batches.done;
    const featureMs = features === 0 ? 0 : this.#features.cost.ms;
    // Training the head takes a negligible time beside the pictures' features.
    const batchMs = this.#batches.cost.ms ?? (this.#headOnly && features > 0 ? 0 : null);
    if (featureMs === null || (batchMs === null && batches > 0)) return null;
    // Until it is measured: checking costs at most what learning does.
    const { ms, done } = this.#checks;
    const checkMs = done > 0 ? ms / done : this.#checkedInEpoch * (batchMs ?? 0);
    const checks = Math.ceil(batches / this.#batchesInEpoch);
    return (features * featureMs + batches * (batchMs ?? 0) + checks * checkMs) / 1000;
  }
}
