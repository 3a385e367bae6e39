// The page's side of a training: starts its worker, follows it, and replaces it when it breaks.
import { SignetError, asSignetError } from "../recognizer/errors.js";
import { listenTo } from "../recognizer/liveness.js";
import { startTimeout } from "../recognizer/timeout.js";

/** @import { ErrorCode } from "../recognizer/errors.js" */
/** @import { WorkerLike } from "../recognizer/liveness.js" */
/** @import { EpochRecord, TrainEvent } from "../pkg/signet_cpu_learn.js" */
/** @import { Backend } from "../recognizer/protocol.js" */
/** @typedef {{ checkpoint: Blob, best: Blob | null }} SavedTraining  `best`: the weights of the best epoch so far, where they were read */

/**
 * What a training's worker is asked: to start, once, and to stop.
 * @typedef {object} TrainStart
 * @property {"start"} kind
 * @property {Backend} backend
 * @property {Uint8Array<ArrayBuffer> | Blob} weights to start from, and what a save lacks is in them
 * @property {import("./split.js").Dataset} set
 * @property {import("./settings.js").Settings} settings
 * @property {SavedTraining | null} resume goes on there
 *
 * @typedef {TrainStart | { kind: "stop" }} TrainRequest
 */

/**
 * What a training's worker tells. `stopping`: the step under way has ended. `crash`: the module is dead. After a
 * failure `saved` is later than the last that was told by itself.
 * @typedef {{ kind: "finished", outcome: "done" | "stopped" | "failed", weights: Blob | null,
 *   history: EpochRecord[], error?: { code: ErrorCode, message: string }, saved?: SavedTraining | null }} TrainFinished
 * @typedef {{ kind: "started", history: EpochRecord[] }
 *   | { kind: "event", event: TrainEvent, secondsLeft: number | null }
 *   | ({ kind: "saved" } & SavedTraining)
 *   | { kind: "stopping" }
 *   | TrainFinished
 *   | { kind: "crash", message: string, saved?: SavedTraining | null }} TrainAnswer
 */

/**
 * How far a training is. `loss` and `accuracy` are of the epoch under way.
 * @typedef {object} TrainingProgress
 * @property {"preparing" | "running" | "stopping" | "done" | "stopped" | "failed"} state
 * @property {Backend} backend
 * @property {{ done: number, total: number }} [features] pictures whose features the frozen part has computed
 * @property {number} epoch counted from 1, 0 before the first
 * @property {number} epochs
 * @property {number} batch counted from 1, 0 before the first
 * @property {number} batches in an epoch
 * @property {number | null} loss
 * @property {number | null} accuracy
 * @property {number | null} secondsLeft
 * @property {EpochRecord[]} history
 */

/**
 * `weights` are the best of the history, or null where no epoch has ended. `error`: why it failed.
 * @typedef {{ outcome: TrainFinished["outcome"], weights: Blob | null, history: EpochRecord[], error: SignetError | null }} Outcome
 */

/** Losing what is under way is worth less than a page that doesn't stop. */
const STOP_LIMIT_MS = 20_000;
/** What the person has to change, and no other backend can. */
const HOPELESS = /^(setting|not-finite|training-interrupted|weights-)/;

/**
 * One training, from start to outcome. Dispatches "progress"; "saved", whose detail is a SavedTraining; "moved",
 * whose detail is the SignetError for which the CPU goes on in place of WebGPU; "restarted", when another worker goes
 * on for one that crashed.
 */
export class TrainingRun extends EventTarget {
  #createWorker;
  /** @type {Omit<TrainStart, "backend" | "resume">} */
  #start;
  #stopLimitMs;
  /** @type {WorkerLike | null} */
  #worker = null;
  /** Where a replacement of the worker goes on. @type {SavedTraining | null} */
  #saved;
  /** The epochs that were over then. @type {EpochRecord[]} */
  #savedHistory = [];
  /** The best that any worker has handed over so far, and the epochs that it is the best of. @type {Pick<Outcome, "weights" | "history">} */
  #kept = { weights: null, history: [] };
  #retried = false;
  /** @type {import("../recognizer/timeout.js").Timeout | undefined} */
  #stopTimeout;
  /** @type {(outcome: Outcome) => void} */
  #resolve = () => {};
  /** Replaced at every change, never changed in place. @type {Readonly<TrainingProgress>} */
  #progress;
  /** Never rejects. @type {Promise<Outcome>} */
  finished = new Promise((resolve) => { this.#resolve = resolve; });

  /**
   * @param {Omit<TrainStart, "kind" | "resume"> & { createWorker: (backend: Backend) => WorkerLike, resume?: SavedTraining | null,
   *   stopLimitMs?: number }} options `createWorker`: of train-worker.js
   */
  constructor({ createWorker, backend, weights, set, settings, resume = null, stopLimitMs = STOP_LIMIT_MS }) {
    super();
    this.#createWorker = createWorker;
    this.#start = { kind: "start", weights, set, settings };
    this.#stopLimitMs = stopLimitMs;
    this.#saved = resume;
    this.#progress = {
      state: "preparing", backend, epoch: 0, epochs: settings.epochs, batch: 0, batches: 0, loss: null, accuracy: null,
      secondsLeft: null, history: [],
    };
  }

  /** Begins, once whoever follows it listens. */
  start() {
    this.#open(this.#progress.backend);
  }

  get progress() {
    return this.#progress;
  }

  /** Ends it after the step under way, with the best weights so far. */
  stop() {
    if (this.#progress.state !== "preparing" && this.#progress.state !== "running") return;
    this.#change({ state: "stopping" });
    this.#limitStop();
    this.#post({ kind: "stop" });
  }

  /** Ends it at once: nobody wants what it would leave. */
  discard() {
    this.#giveUp("stopped");
  }

  /** @param {Backend} backend */
  #open(backend) {
    if (this.#progress.state !== "preparing") return this.#giveUp("stopped");
    try {
      const worker = this.#createWorker(backend);
      this.#worker = worker;
      listenTo(worker, {
        isCurrent: () => worker === this.#worker,
        onMessage: (answer) => this.#receive(answer),
        onCrash: (error) => this.#break(error),
      });
      this.#post({ ...this.#start, backend, resume: this.#saved });
    } catch (cause) {
      this.#break(new SignetError("worker-crashed", `no worker: ${asSignetError(cause).message}`, cause));
    }
  }

  /** @param {TrainRequest} request */
  #post(request) {
    this.#worker?.postMessage(request, []);
  }

  #close() {
    clearInterval(this.#stopTimeout);
    this.#worker?.terminate();
    this.#worker = null;
  }

  /** @param {TrainAnswer} answer */
  #receive(answer) {
    switch (answer.kind) {
      case "started":
        if (this.#saved) this.#noteSaved(this.#saved, answer.history);
        return this.#change({ history: answer.history });
      case "event":
        return this.#follow(answer.event, answer.secondsLeft);
      case "saved":
        this.#noteSaved({ checkpoint: answer.checkpoint, best: answer.best }, this.#progress.history);
        this.dispatchEvent(new CustomEvent("saved", { detail: this.#saved }));
        return;
      case "stopping":
        return this.#limitStop();
      case "crash":
        this.#saved = answer.saved ?? this.#saved;
        return this.#break(new SignetError("worker-crashed", answer.message));
      case "finished":
        return this.#finish(answer);
    }
  }

  /** @param {SavedTraining} saved @param {EpochRecord[]} history the epochs that are in it */
  #noteSaved(saved, history) {
    this.#saved = saved;
    this.#savedHistory = history;
    this.#keep(saved.best, history);
  }

  /** @param {TrainEvent} event @param {number | null} secondsLeft */
  #follow(event, secondsLeft) {
    /** @type {Partial<TrainingProgress>} */
    const change = { secondsLeft };
    if (this.#progress.state === "preparing") change.state = "running";
    if (event.kind === "features") change.features = { done: event.done, total: event.total };
    if (event.kind === "batch") {
      const { epoch, batch, batches, training } = event;
      Object.assign(change, { epoch, batch, batches, ...training });
    }
    if (event.kind === "epoch") {
      const { kind: _, ...record } = event;
      const batches = Math.ceil(this.#start.set.training.ids.length / this.#start.settings.batchSize);
      const history = [...this.#progress.history, record];
      Object.assign(change, { epoch: record.epoch, batch: batches, batches, ...record.training, history });
    }
    this.#change(change);
  }

  /** @param {TrainFinished} answer */
  #finish({ outcome, weights, history, error: told, saved }) {
    const error = told ? asSignetError(told) : null;
    const { backend, state } = this.#progress;
    if (!error || backend !== "webgpu" || state === "stopping" || HOPELESS.test(error.code)) {
      return this.#end({ outcome, weights, history, error });
    }
    this.#keep(weights, history);
    this.#saved = saved ?? this.#saved;
    this.#break(error);
  }

  /** The worker is no use any more: another one goes on from the last save, once on each backend. @param {SignetError} error */
  #break(error) {
    this.#close();
    if (this.#progress.state === "stopping") return this.#giveUp("stopped");
    const isGpu = this.#progress.backend === "webgpu";
    if (!isGpu && this.#retried) return this.#giveUp("failed", error);
    this.#retried = !isGpu;
    this.#change({
      state: "preparing", backend: "cpu", features: undefined, epoch: 0, batch: 0, secondsLeft: null, history: this.#savedHistory,
    });
    this.dispatchEvent(isGpu ? new CustomEvent("moved", { detail: error }) : new Event("restarted"));
    this.#open("cpu");
  }

  /** Waits for the worker to obey, which it can't in the midst of a step. */
  #limitStop() {
    clearInterval(this.#stopTimeout);
    this.#stopTimeout = startTimeout(this.#stopLimitMs, () => this.#giveUp("stopped"));
  }

  /** @param {Blob | null} weights @param {EpochRecord[]} history */
  #keep(weights, history) {
    // Before an epoch has ended the best is what it started from.
    if (weights && history.length > 0 && history.length >= this.#kept.history.length) this.#kept = { weights, history };
  }

  /** The worker says no more. @param {"stopped" | "failed"} outcome @param {SignetError | null} [error] */
  #giveUp(outcome, error = null) {
    this.#end({ outcome, weights: null, history: [], error });
  }

  /** @param {Outcome} told */
  #end(told) {
    this.#close();
    // A worker may end before it has come as far as the one that it replaced.
    const isBehind = told.outcome !== "done" && told.history.length < this.#kept.history.length;
    const outcome = isBehind ? { ...told, ...this.#kept } : told;
    this.#change({ state: outcome.outcome, history: outcome.history, secondsLeft: null });
    this.#resolve(outcome);
  }

  /** @param {Partial<TrainingProgress>} change */
  #change(change) {
    this.#progress = { ...this.#progress, ...change };
    this.dispatchEvent(new Event("progress"));
  }
}
