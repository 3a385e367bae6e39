// The client of the worker that inspects: one request at a time is with the worker, the others wait here, so that a
// newer one can take an older one's place and whatever is no longer wanted is dropped.
import { SignetError } from "../recognizer/errors.js";
import { WorkerLink } from "../recognizer/link.js";
import { INPUT_BYTES } from "../recognizer/protocol.js";

/** @import { WorkerLike } from "../recognizer/liveness.js" */
/** @import { Answer, CheckSet, Cut, Evidence, LoadedInspector, Maps, Method, Scores } from "./inspector-types.js" */

/** @import { Backend } from "../recognizer/protocol.js" */

/** A worker that is silent for longer hangs. */
const LIMIT_MS = 60_000;
/** Inputs and windows in one request of a long measurement: few, so that what follows a hand comes in between. */
const SCORED_AT_ONCE = 4;
const WINDOWS = 49;
const WINDOWS_AT_ONCE = 7;
/** What a request fails with where WebGPU does, and not what was asked. */
const GPU_FAILURES = new Set(["device", "worker-crashed", "worker-timeout"]);

/**
 * @typedef {object} Options
 * @property {string} [key] a waiting request of the same key is dropped: of live ones only the newest is worth an answer
 * @property {boolean} [background] waits for those that are not
 * @property {AbortSignal} [signal] drops it while it waits, or its answer
 */
/** @typedef {{ method: Method, given: unknown[], options: Options, resolve: (value: any) => void, reject: (error: unknown) => void }} Waiting */

export class InspectorQueue {
  #createWorker;
  /** @type {WorkerLink | null} */
  #link = null;
  /** What the worker has loaded, or will load at the next request. @type {Blob | null} */
  #weights = null;
  /** Where the worker computes, or will: on the CPU from the first failure of WebGPU on. @type {Backend} */
  #backend = "cpu";
  /** @type {Waiting[]} */
  #waiting = [];
  #isBusy = false;
  /** Whether one of the background was the last one: they take turns, so that a live webcam starves no measurement. */
  #wasBackground = true;

  /** @param {() => WorkerLike} createWorker of inspector-worker.js */
  constructor(createWorker) {
    this.#createWorker = createWorker;
  }

  /**
   * Loads a model into a worker of its own; the one before it ends.
   * @param {Blob} weights
   * @param {Backend} [backend] where to compute; WebGPU that fails is replaced by the CPU
   * @returns {Promise<LoadedInspector>}
   */
  load(weights, backend = "cpu") {
    this.close();
    this.#weights = weights;
    this.#backend = backend;
    return this.#boot(weights);
  }

  /** What a view asks, until the signal ends it. @param {AbortSignal} signal */
  until(signal) {
    return new Inspector(this, signal);
  }

  /** Where the network is computed. */
  get backend() {
    return this.#backend;
  }

  /** @param {Blob} weights @returns {Promise<LoadedInspector>} */
  async #boot(weights) {
    const link = new WorkerLink({ createWorker: this.#createWorker });
    this.#link = link;
    this.#isBusy = true; // what is asked meanwhile waits for the model
    /** @type {LoadedInspector} */
    let loaded;
    try {
      await link.boot({ kind: "init", backend: this.#backend }, { limitMs: 2 * LIMIT_MS });
      // On WebGPU shaders are compiled first.
      loaded = await link.boot({ kind: "load", slot: "model", source: weights }, { limitMs: 2 * LIMIT_MS });
    } catch (error) {
      if (link !== this.#link || this.#backend === "cpu") throw error;
      return this.#fallBack(weights);
    }
    if (link !== this.#link) return loaded;
    this.#isBusy = false;
    this.#next();
    return loaded;
  }

  /** The CPU computes from now on. @param {Blob} weights */
  #fallBack(weights) {
    this.#endWorker();
    this.#backend = "cpu";
    return this.#boot(weights);
  }

  /** Ends the worker, whose memory goes back whole, until something is asked again: for a view that needs the memory and not the network. */
  rest() {
    const weights = this.#weights;
    this.close();
    this.#weights = weights;
  }

  /** A worker in the place of the one that rested. */
  async #wake() {
    if (this.#link || !this.#weights) return;
    await this.#boot(this.#weights).catch((error) => this.#fail(error));
  }

  /** Nothing that waits can be answered. @param {unknown} error */
  #fail(error) {
    this.#endWorker();
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  /** Ends the worker, whose memory goes back whole. What was asked resolves to null. */
  close() {
    this.#weights = null;
    for (const { resolve } of this.#waiting.splice(0)) resolve(null);
    this.#endWorker();
  }

  #endWorker() {
    const link = this.#link;
    this.#link = null;
    this.#isBusy = false;
    link?.close(new SignetError("worker-crashed", "the inspector was closed"));
  }

  /**
   * @param {Method} method
   * @param {unknown[]} given
   * @param {Options} [options]
   * @returns {Promise<any>} null for a request that was dropped
   */
  ask(method, given, options = {}) {
    const { key, signal } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return resolve(null);
      /** @type {Waiting} */
      const asked = { method, given, options, resolve, reject };
      const older = key === undefined ? -1 : this.#waiting.findIndex((each) => each.options.key === key);
      // The newer one keeps the place in the queue.
      if (older >= 0) this.#waiting.splice(older, 1, asked)[0]?.resolve(null);
      else this.#waiting.push(asked);
      signal?.addEventListener("abort", () => {
        this.#waiting = this.#waiting.filter((each) => each !== asked);
        resolve(null);
      }, { once: true });
      void this.#wake();
      this.#next();
    });
  }

  #next() {
    const link = this.#link;
    if (!link || this.#isBusy || this.#waiting.length === 0) return;
    const wanted = !this.#wasBackground;
    const preferred = this.#waiting.findIndex(({ options: { background = false } }) => background === wanted);
    const [next] = this.#waiting.splice(Math.max(preferred, 0), 1);
    if (!next) return;
    const { method, given, options, resolve, reject } = next;
    this.#isBusy = true;
    this.#wasBackground = options.background ?? false;
    const isOver = () => link !== this.#link;
    link.request({ kind: "call", method, given }, { keep: true, limitMs: LIMIT_MS })
      .then((value) => resolve(isOver() || options.signal?.aborted ? null : value), (error) => {
        if (isOver()) return resolve(null);
        if (this.#backend === "cpu" || !this.#weights || !GPU_FAILURES.has(error.code)) return reject(error);
        this.#waiting.unshift(next); // the CPU answers it
        this.#fallBack(this.#weights).catch((thrown) => this.#fail(thrown));
      })
      .finally(() => {
        if (isOver()) return;
        this.#isBusy = false;
        this.#next();
      });
  }
}

/** What a view asks of the network that is loaded. Each answer is null when the request was dropped, or the view is closed. */
export class Inspector {
  #queue;
  #signal;

  /** @param {InspectorQueue} queue @param {AbortSignal} signal of the view */
  constructor(queue, signal) {
    this.#queue = queue;
    this.#signal = signal;
  }

  /** @param {Method} method @param {unknown[]} given @param {Options} [options] */
  #ask(method, given, { signal, ...options } = {}) {
    return this.#queue.ask(method, given, { ...options, signal: signal ? AbortSignal.any([signal, this.#signal]) : this.#signal });
  }

  /** The network is not asked for now: its memory is given back until it is. */
  rest() {
    this.#queue.rest();
  }

  /** @param {Uint8Array} pixels one input @param {Cut[]} cuts @param {Options} [options] @returns {Promise<Answer | null>} */
  answer(pixels, cuts, options) {
    return this.#ask("answer", [pixels, cuts], options);
  }

  /** All channels at several places, in one pass. @param {Uint8Array} pixels @param {Cut[]} cuts @param {string[]} places of places and of their convolutions @param {Options} [options] @returns {Promise<Maps[] | null>} */
  maps(pixels, cuts, places, options) {
    return this.#ask("maps", [pixels, cuts, places], options);
  }

  /** The first layer's 64 filters of 7x7x3. @param {Options} [options] @returns {Promise<Float32Array | null>} */
  filters(options) {
    return this.#ask("filters", [], options);
  }

  /** 2,048 for each of some inputs. @param {Uint8Array} pixels @param {Cut[]} cuts @param {Options} [options] @returns {Promise<Float32Array | null>} */
  features(pixels, cuts, options) {
    return this.#ask("features", [pixels, cuts], options);
  }

  /** @param {Uint8Array} pixels @param {Cut[]} cuts @param {number} target a class's index, or -1: that there is a sign @param {1 | 2 | 3} shifts @param {Options} [options] @returns {Promise<Evidence | null>} */
  evidence(pixels, cuts, target, shifts, options) {
    return this.#ask("evidence", [pixels, cuts, target, shifts], options);
  }

  /**
   * How the target's logit changes with each of the 49 windows covered, row by row.
   * @param {Uint8Array} pixels
   * @param {Cut[]} cuts
   * @param {number} target
   * @param {Options & { onProgress?: (done: number, all: number) => void }} [options]
   * @returns {Promise<Float32Array | null>}
   */
  async occlusion(pixels, cuts, target, { onProgress = () => {}, ...options } = {}) {
    const changes = new Float32Array(WINDOWS);
    for (let first = 0; first < WINDOWS; first += WINDOWS_AT_ONCE) {
      const some = await this.#ask("occlusion", [pixels, cuts, target, first, Math.min(WINDOWS_AT_ONCE, WINDOWS - first)], options);
      if (!some) return null;
      changes.set(some, first);
      onProgress(Math.min(first + WINDOWS_AT_ONCE, WINDOWS), WINDOWS);
    }
    return changes;
  }

  /**
   * How many inputs are read right, and by what margin, measured in the background.
   * @param {Uint8Array} pixels inputs, one after another
   * @param {Uint32Array} labels each input's class, as its index
   * @param {Cut[]} cuts
   * @param {Options & { onProgress?: (done: number, all: number) => void }} [options]
   * @returns {Promise<Scores | null>}
   */
  async score(pixels, labels, cuts, { onProgress = () => {}, ...options } = {}) {
    const all = labels.length;
    const scores = { right: 0, count: all, margins: new Float32Array(all), labels: new Uint32Array(all) };
    for (let first = 0; first < all; first += SCORED_AT_ONCE) {
      const end = Math.min(first + SCORED_AT_ONCE, all);
      const given = [pixels.slice(first * INPUT_BYTES, end * INPUT_BYTES), labels.slice(first, end), cuts];
      /** @type {Scores | null} */
      const some = await this.#ask("score", given, { background: true, ...options });
      if (!some) return null;
      scores.right += some.right;
      scores.margins.set(some.margins, first);
      scores.labels.set(some.labels, first);
      onProgress(end, all);
    }
    return scores;
  }

  /** The answer with the first cells of an order blurred: cells of 8x8 pixels, row by row. @param {Uint8Array} pixels @param {Cut[]} cuts @param {Uint32Array} order @param {number} cells @param {Options} [options] @returns {Promise<Answer | null>} */
  blurred(pixels, cuts, order, cells, options) {
    return this.#ask("blurred", [pixels, cuts, order, cells], options);
  }

  /** The pixels that `blurred` answers. @param {Uint8Array} pixels @param {Uint32Array} order @param {number} cells @param {Options} [options] @returns {Promise<Uint8Array | null>} */
  blurredInput(pixels, order, cells, options) {
    return this.#ask("blurredInput", [pixels, order, cells], options);
  }

  /** So many identity blocks' branches, drawn by chance. @param {number} count @param {number} seed @param {Options} [options] @returns {Promise<Cut[] | null>} */
  randomCuts(count, seed, options) {
    return this.#ask("randomCuts", [count, seed], options);
  }

  /** The pictures of a check set's file. @param {Uint8Array} bytes @param {Options} [options] @returns {Promise<CheckSet | null>} */
  checkSet(bytes, options) {
    return this.#ask("checkSet", [bytes], options);
  }
}
