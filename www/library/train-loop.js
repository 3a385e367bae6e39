// One training from its start to its outcome, a step at a time; what it says goes to `post`.
import { SignetError, asSignetError } from "../recognizer/errors.js";
import { Eta } from "./eta.js";

/** @import { EpochRecord, TrainEvent, Trainer } from "../pkg/signet_cpu_learn.js" */
/** @import { LearningModule } from "../recognizer/module.js" */
/** @import { SavedTraining, TrainAnswer, TrainStart } from "./training.js" */

/** Nobody reads more than ten lines a second. */
const EVENT_EVERY_MS = 100;
/** Once an epoch is saved, the next ones are when that costs no more than this share of the time, */
const SAVE_SHARE = 0.1;
/** nor fills the disk: a save is as large as a model, and of the whole network half as large again. */
const SAVE_PAUSE_MS = 5000;
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
  /** A checkpoint that lies here for the loss of a graphics device, with the best weights of then. @type {Blob | null} */
  #copy = null;
  #copiedAt;
  #savedAt;
  /** What the last save or copy has cost. @type {number | null} */
  #saveMs = null;
  #postedAt = -Infinity;

  /** @param {TrainStart} start @param {Thread} thread */
  constructor(start, thread) {
    this.#start = start;
    this.#thread = thread;
    this.#best = start.resume?.best ?? null;
    this.#bestIsOld = start.resume?.best === null;
    this.#savedAt = this.#copiedAt = thread.now();
  }

  /** @param {Promise<LearningModule>} module */
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
      if (thrown instanceof WebAssembly.RuntimeError) return this.crash(thrown);
      const { code, message } = asSignetError(thrown);
      const saved = this.#takeCopy();
      const weights = await this.#result().catch(() => this.#best);
      post({ kind: "finished", outcome: "failed", weights, history: this.#history(), error: { code, message }, saved });
    }
  }

  /** After a trap the module can't be trusted, except for what it returned before. @param {unknown} thrown */
  crash(thrown) {
    this.#thread.post({ kind: "crash", message: asSignetError(thrown).message, saved: this.#takeCopy() });
  }

  /** @param {LearningModule} module */
  async #open({ Trainer }) {
    const { weights, set, settings, resume } = this.#start;
    const pictures = {
      labels: set.labels,
      training: set.training.pixels,
      trainingLabels: set.training.labels,
      validation: set.validation.pixels,
      validationLabels: set.validation.labels,
    };
    if (!resume) return Trainer.start(weights, pictures, settings);
    try {
      return await Trainer.resume(resume.checkpoint, weights, pictures);
    } catch (cause) {
      if (!UNFIT.test(asSignetError(cause).code)) throw cause;
      throw new SignetError("training-interrupted", asSignetError(cause).message, cause);
    }
  }

  /** @param {Trainer} trainer */
  async #train(trainer) {
    const { set, settings } = this.#start;
    const { now, pause, isStopped } = this.#thread;
    const eta = new Eta({ ...settings, pictures: set.training.ids.length, checked: set.validation.ids.length,
      epochsDone: this.#history().length });
    while (!isStopped()) {
      const before = now();
      const event = await trainer.step();
      if (event.kind === "done") return "done";
      eta.add(event, now() - before);
      if (event.kind === "start" || (event.kind === "epoch" && event.best)) this.#bestIsOld = true;
      this.#tell(event, eta.secondsLeft);
      await this.#saveInTime(trainer, event);
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

  /** @param {Trainer} trainer @param {TrainEvent} event what it has just done */
  async #saveInTime(trainer, event) {
    const { backend, settings } = this.#start;
    const now = this.#thread.now();
    const isBetweenEpochs = event.kind === "epoch" && event.epoch < settings.epochs;
    const worthwhileMs = (this.#saveMs ?? 0) / SAVE_SHARE;
    const pauseMs = this.#saveMs === null ? 0 : Math.max(worthwhileMs, SAVE_PAUSE_MS);
    const dueMs = isBetweenEpochs ? pauseMs : event.kind === "batch" ? LONG_EPOCH_MS : Infinity;
    if (now - this.#savedAt >= dueMs) {
      await this.#copyNow(trainer);
      const saved = this.#takeCopy();
      if (saved) this.#thread.post({ kind: "saved", ...saved });
      this.#savedAt = this.#thread.now();
    } else if (isBetweenEpochs && backend === "webgpu" && now - this.#copiedAt >= Math.min(worthwhileMs, GPU_RISK_MS)) {
      await this.#copyNow(trainer);
    }
  }

  /** @param {Trainer} trainer */
  async #copyNow(trainer) {
    const before = this.#thread.now();
    this.#copy = null;
    await this.#readBest();
    this.#copy = await trainer.checkpoint();
    this.#copiedAt = this.#thread.now();
    this.#saveMs = this.#copiedAt - before;
  }

  /** What another worker can go on from; it is handed over once. @returns {SavedTraining | null} */
  #takeCopy() {
    const copy = this.#copy;
    this.#copy = null;
    return copy && { checkpoint: copy, best: this.#best };
  }

  /** The best weights, once an epoch has ended. */
  async #result() {
    if (this.#history().length === 0) return null;
    await this.#readBest();
    return this.#best;
  }

  async #readBest() {
    const best = this.#bestIsOld ? await this.#trainer?.bestWeights() : undefined;
    this.#best = best ?? this.#best;
    this.#bestIsOld = false;
  }

  /** @returns {EpochRecord[]} */
  #history() {
    return this.#trainer?.history() ?? [];
  }
}
