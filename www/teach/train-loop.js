// One training from its start to its outcome, a step at a time; what it says goes to `post`.
import { bytesOf, release } from "../module.js";
import { SignetError, asSignetError } from "../protocol.js";
import { Pace } from "./pace.js";

/** @typedef {import("../pkg.d.ts").SignetModule} SignetModule */
/** @typedef {import("../pkg.d.ts").TrainEvent} TrainEvent */
/** @typedef {import("../pkg.d.ts").Trainer} Trainer */
/** @typedef {import("../protocol.js").EpochRecord} EpochRecord */
/** @typedef {import("../protocol.js").TrainAnswer} TrainAnswer */
/** @typedef {import("../protocol.js").TrainStart} TrainStart */

/** Nobody reads more than ten lines a second. */
const EVENT_EVERY_MS = 100;
/** After the first epoch the next one is saved, unless saving would cost more than this share of the time. */
const SAVE_SHARE = 0.1;
/** A graphics device can go at any time: with it goes an epoch at most, or this much of quicker ones. */
const GPU_RISK_MS = 1000;
/** An epoch that takes longer is saved in its middle, too. */
const LONG_EPOCH_MS = 60_000;
/** How the module refuses what a saved training consists of. */
const UNFIT = /^(setting|file-unreadable|weights-)/;

/**
 * The thread around the loop.
 * @typedef {object} Thread
 * @property {(answer: TrainAnswer) => void} post
 * @property {() => boolean} isStopped
 * @property {() => Promise<void>} pause lets messages in
 * @property {() => number} now in milliseconds
 */

export class TrainLoop {
  #start;
  #thread;
  /** @type {Trainer | null} */
  #trainer = null;
  /** The weights of the best epoch, or of the start, as they were last read from the trainer. @type {Blob | null} */
  #best;
  #bestIsOld = false;
  #savedAt;
  /** What the last save has cost; 0 before the first. */
  #saveMs = 0;
  #postedAt = -Infinity;

  /**
   * @param {TrainStart} start
   * @param {Thread} thread
   */
  constructor(start, thread) {
    this.#start = start;
    this.#thread = thread;
    this.#best = start.resume?.best ?? null;
    this.#savedAt = thread.now();
  }

  /**
   * Throws only a trap, after which nothing of the module can be trusted.
   * @param {Promise<SignetModule>} module
   */
  async run(module) {
    const { post } = this.#thread;
    try {
      const trainer = await this.#open(await module);
      this.#trainer = trainer;
      post({ kind: "started", history: this.#history() });
      const outcome = await this.#train(trainer);
      if (outcome === "stopped") post({ kind: "stopping" });
      post({ kind: "finished", outcome, weights: await this.#result(), history: this.#history() });
    } catch (thrown) {
      if (thrown instanceof WebAssembly.RuntimeError) throw thrown;
      const { code, message } = asSignetError(thrown);
      const weights = await this.#result().catch(() => this.#best);
      post({ kind: "finished", outcome: "failed", weights, history: this.#history(), error: { code, message } });
    }
  }

  /** @param {SignetModule} module */
  async #open({ Trainer }) {
    const { weights, set, settings, resume } = this.#start;
    const pictures = {
      labels: set.labels,
      training: set.training.pixels,
      trainingLabels: set.training.labels,
      validation: set.validation.pixels,
      validationLabels: set.validation.labels,
    };
    if (!resume) {
      const bytes = await bytesOf(weights);
      return Trainer.start(bytes, pictures, settings).finally(() => release(bytes));
    }
    try {
      const best = resume.best ? await bytesOf(resume.best) : undefined;
      const checkpoint = await bytesOf(resume.checkpoint);
      const trainer = await Trainer.resume(checkpoint, best, pictures);
      for (const bytes of best ? [checkpoint, best] : [checkpoint]) release(bytes);
      return trainer;
    } catch (cause) {
      if (!UNFIT.test(asSignetError(cause).code)) throw cause;
      throw new SignetError("training-interrupted", asSignetError(cause).message, cause);
    }
  }

  /** @param {Trainer} trainer */
  async #train(trainer) {
    const { set, settings } = this.#start;
    const { now, pause, isStopped } = this.#thread;
    const pace = new Pace({ ...settings, pictures: set.training.ids.length, checked: set.validation.ids.length,
      epochsDone: this.#history().length });
    while (!isStopped()) {
      const before = now();
      /** @type {TrainEvent} */
      const event = JSON.parse(await trainer.step());
      if (event.kind === "done") return "done";
      pace.add(event, now() - before);
      if (event.kind === "start" || (event.kind === "epoch" && event.best)) this.#bestIsOld = true;
      this.#tell(event, pace.secondsLeft);
      if (this.#isTimeToSave(event)) await this.#save(trainer);
      await pause();
    }
    return "stopped";
  }

  /** @param {TrainEvent} event @param {number | null} secondsLeft */
  #tell(event, secondsLeft) {
    const { now, post } = this.#thread;
    const matters = event.kind === "epoch" || (event.kind === "features" && event.done === event.total);
    if (!matters && now() - this.#postedAt < EVENT_EVERY_MS) return;
    this.#postedAt = now();
    post({ kind: "event", event, secondsLeft });
  }

  /** @param {TrainEvent} event */
  #isTimeToSave(event) {
    const { backend, settings } = this.#start;
    const waited = this.#thread.now() - this.#savedAt;
    if (event.kind === "batch") return waited >= LONG_EPOCH_MS;
    if (event.kind !== "epoch" || event.epoch === settings.epochs) return false;
    return waited >= Math.min(this.#saveMs / SAVE_SHARE, backend === "webgpu" ? GPU_RISK_MS : Infinity);
  }

  /** @param {Trainer} trainer */
  async #save(trainer) {
    const before = this.#thread.now();
    const best = await this.#readBest();
    const checkpoint = fileOf(await trainer.checkpoint());
    this.#thread.post({ kind: "saved", checkpoint, best });
    this.#savedAt = this.#thread.now();
    this.#saveMs = this.#savedAt - before;
  }

  /** Weights that have learned something, or were better than all that had. */
  async #result() {
    return this.#history().length > 0 ? this.#readBest() : null;
  }

  async #readBest() {
    const best = this.#bestIsOld ? await this.#trainer?.bestWeights() : undefined;
    if (best) this.#best = fileOf(best);
    this.#bestIsOld = false;
    return this.#best;
  }

  /** @returns {EpochRecord[]} */
  #history() {
    return this.#trainer ? JSON.parse(this.#trainer.history()) : [];
  }
}

/** Bytes that the module gave, as a file; they are gone then. @param {Uint8Array} bytes */
function fileOf(bytes) {
  const file = new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)]);
  release(bytes);
  return file;
}
