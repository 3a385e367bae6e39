// Which backend serves: the CPU first, WebGPU when it has proven right and faster on this machine. The workers of
// both start here, with the original model.
import { BENCHMARK_LIMIT_MS, requireAgreement, timeBackend } from "./benchmark.js";
import { SignetError, asSignetError } from "./errors.js";
import { WorkerLink } from "./link.js";
import { Threads } from "./threads.js";

/** @import { ErrorCode } from "./errors.js" */
/** @import { WorkerLike } from "./liveness.js" */
/** @import { Backend, LoadedModel, RequestBody } from "./protocol.js" */
/** @import { Model } from "./weights.js" */

/**
 * Why the backend is the one that serves: `checking` while WebGPU is being tried, `faster` and `slower` with
 * both times, or the code of what keeps WebGPU from serving; `lost` tells that it had been serving. `threads` compute on the
 * CPU; `threadsError` has kept more than one from it.
 * @typedef {{ backend: Backend, latencyMs: number | null, threads: number, threadsError?: ErrorCode, otherMs?: number, lost?: boolean,
 *   reason: "forced" | "checking" | "faster" | "slower" | ErrorCode }} Choice
 */

/**
 * @typedef {object} BackendOptions
 * @property {(backend: Backend) => WorkerLike} createWorker
 * @property {() => WorkerLike} [createHelper] of the CPU's worker
 * @property {number[]} [threads] numbers of threads to try on the CPU, the smallest first; a single one is demanded. One unless told otherwise
 * @property {(fresh: boolean) => Promise<Model>} loadWeights `fresh` after a stored copy was refused
 * @property {() => Promise<void>} requireWebGpu throws the reason why WebGPU can't be tried
 * @property {Backend | "auto"} [backend]
 * @property {(model: Model) => void} [onModel] called with the weights that a module has accepted
 * @property {(choice: Choice) => void} [onChoice]
 * @property {() => void} [onRestart] called when the CPU's worker has crashed and another one takes its place
 */

/** A module that is silent for longer hangs. The CPU, or a WebGPU that was demanded, has nobody to hand over to, and may have a queue before it. */
export const CPU_LIMIT_MS = 60_000;
const GPU_LIMIT_MS = 10_000;
/** A GPU that had no memory, or was taken away, is tried again after this pause, and then after twice as long each time. */
export const RETRY_MS = 60_000;
const MOST_RETRIES = 3;

/** The slot of the shipped model. */
export const ORIGINAL = "original";

export class Backends {
  #options;
  /** @type {WorkerLink | null} */
  #cpu = null;
  /** Tried, or serving. @type {WorkerLink | null} */
  #gpu = null;
  /** @type {Choice} */
  #choice;
  /** @type {Threads | null} */
  #threads = null;
  /** What the CPU's line says when WebGPU is gone. @type {number | null} */
  #cpuMs = null;
  /** The same with a single thread. @type {number | null} */
  #aloneMs = null;
  #retries = 0;
  #retryAt = Infinity;
  /** The original model as a module has accepted it. @type {Model | null} */
  #model = null;
  /** @type {Blob | null} */
  #originalFile = null;
  /** @type {SignetError | null} */
  #closed = null;
  /** Its labels, and whether it finds hands. @type {LoadedModel} */
  loaded = { labels: [], hasDetector: false };
  /** Resolves when the first backend can answer. @type {Promise<void>} */
  ready;
  /** Resolves when it is decided which backend serves. @type {Promise<void>} */
  settled;

  /** @param {BackendOptions} options */
  constructor(options) {
    const createHelper = () => { throw new SignetError("worker-crashed", "nothing starts helpers"); };
    this.#options = { backend: "auto", threads: [1], createHelper, onModel: () => {}, onChoice: () => {}, onRestart: () => {}, ...options };
    const { backend } = this.#options;
    this.#choice = {
      backend: backend === "webgpu" ? "webgpu" : "cpu",
      latencyMs: null,
      threads: 1,
      reason: backend === "auto" ? "checking" : "forced",
    };
    const started = this.#start(this.#choice.backend);
    this.ready = started.then(() => this.#choose({}));
    this.settled = started.then(({ link, model }) => this.#settle(link, model));
    // Whoever asks for a classification hears of a failed start; these two must not be unhandled besides.
    this.ready.catch(() => {});
    this.settled.catch(() => {});
  }

  /**
   * Gives WebGPU, which has won, what else it needs to serve, and then lets it. What it throws keeps WebGPU from serving.
   * @param {WorkerLink} _gpu
   * @param {() => void} serve
   */
  async takeOver(_gpu, serve) {
    serve();
  }

  /** The original model as a module has accepted it. Throws before `ready`. */
  original() {
    if (!this.#model) throw new SignetError("unexpected", "the model is not loaded");
    return this.#model;
  }

  /** Its file, made once: bytes would be copied each time, on the page's own thread. Throws before `ready`. */
  originalFile() {
    this.#originalFile ??= new Blob([this.original().bytes]);
    return this.#originalFile;
  }

  /** Ends the workers. What was asked fails. */
  close() {
    this.#closed ??= new SignetError("worker-crashed", "the client was closed");
    this.#cpu?.close(this.#closed);
    this.#gpu?.close(this.#closed);
    this.#threads?.end();
  }

  get backend() {
    return this.#choice.backend;
  }

  /** The workers of the backends that can be asked, the one that never gives up first. */
  get links() {
    const gpu = this.backend === "webgpu" ? this.#gpu : null;
    return [this.#cpu, gpu].filter((link) => link !== null);
  }

  /**
   * Asks the backend that serves, and the CPU when WebGPU fails on the way. A WebGPU that was demanded starts anew.
   * @param {() => RequestBody} body
   * @param {{ keep: boolean, pictures?: number }} options
   */
  async ask(body, { keep, pictures = 1 }) {
    this.#retryGpu();
    const serving = this.links.at(-1);
    if (!serving) throw new SignetError("unexpected", "no backend is ready");
    const request = (/** @type {WorkerLink} */ link) => {
      const leastMs = link === this.#gpu && this.#cpu ? GPU_LIMIT_MS : CPU_LIMIT_MS;
      return link.request(body(), { keep, limitMs: Math.max(leastMs, 50 * pictures * (this.#choice.latencyMs ?? 0)) });
    };
    try {
      return await request(serving);
    } catch (thrown) {
      const error = asSignetError(thrown);
      if (serving === this.#cpu || !["device", "worker-crashed", "worker-timeout"].includes(error.code)) throw error;
      if (this.#cpu) this.loseGpu(error);
      else if (error.code === "device") serving.crash(error); // what has failed once fails for good, in this worker
      else throw error;
      if (!keep) throw error;
      return request(this.#cpu ?? serving);
    }
  }

  /** Whoever needs the GPU's memory may be done with it. */
  #retryGpu() {
    if (performance.now() < this.#retryAt || !this.#cpu || !this.#model) return;
    this.#retryAt = Infinity;
    void this.#settle(this.#cpu, this.#model);
  }

  /** WebGPU is out, before it served or while it does: the CPU goes on. @param {SignetError} error */
  loseGpu(error) {
    if (!this.#cpu || (!this.#gpu && this.#choice.reason !== "checking")) return;
    this.#gpu?.close(error);
    this.#gpu = null;
    const lost = this.#choice.backend === "webgpu";
    if (error.code === "device" && this.#retries < MOST_RETRIES) {
      this.#retryAt = performance.now() + RETRY_MS * 2 ** this.#retries;
      this.#retries += 1;
    }
    this.#choose({ backend: "cpu", latencyMs: this.#cpuMs, otherMs: undefined, lost, reason: error.code });
  }

  /** @param {Partial<Choice>} change */
  #choose(change) {
    this.#choice = { ...this.#choice, ...change };
    this.#options.onChoice(this.#choice);
  }

  /** A single thread of the CPU goes on. @param {ErrorCode} code */
  #loseThreads(code) {
    this.#cpuMs = this.#aloneMs;
    const serves = this.#choice.backend === "cpu";
    this.#choice = { ...this.#choice, threads: 1, threadsError: code, ...serves && { latencyMs: this.#aloneMs } };
    if (this.#model) this.#choose({});
  }

  /** @param {Backend} backend */
  async #start(backend) {
    if (backend === "webgpu") await this.#options.requireWebGpu();
    if (this.#closed) throw this.#closed;
    /** @type {{ kind: "init", backend: Backend, threads?: boolean }} */
    const init = { kind: "init", backend };
    if (backend === "cpu" && Math.max(...this.#options.threads) > 1) init.threads = true;
    const link = new WorkerLink({
      createWorker: () => this.#options.createWorker(backend),
      onCrash: ({ code }) => {
        // Threads may be why: whatever it was, the replacement is on the safe side.
        if (init.threads) {
          this.#threads?.end();
          this.#loseThreads(code);
          init.threads = false;
        }
        if (backend === "cpu" && this.#model) this.#options.onRestart();
      },
      onReplaced: () => void this.#threads?.restart(),
    });
    if (backend === "cpu") this.#cpu = link;
    else this.#gpu = link;
    if (init.threads) {
      this.#threads = new Threads({ link, createHelper: this.#options.createHelper, onFailure: ({ code }) => this.#loseThreads(code) });
    }
    // The module and the weights, side by side.
    const opening = link.boot(init);
    opening.catch(() => {}); // awaited below, after the weights
    let model = await this.#options.loadWeights(false);
    await opening;
    try {
      this.loaded = await this.load(link, ORIGINAL, model.bytes);
    } catch (thrown) {
      if (model.source !== "storage" || !/^(weights-|self-check)/.test(asSignetError(thrown).code)) throw thrown;
      model = await this.#options.loadWeights(true);
      this.loaded = await this.load(link, ORIGINAL, model.bytes);
    }
    this.#model = model;
    this.#options.onModel(model);
    return { link, model };
  }

  /**
   * Loads a model and runs its self-check. Unloads it when either fails.
   * @param {WorkerLink} link
   * @param {string} slot
   * @param {Uint8Array<ArrayBuffer> | Blob} source
   * @returns {Promise<LoadedModel>}
   */
  async load(link, slot, source) {
    try {
      const loaded = await link.boot({ kind: "load", slot, source }, { limitMs: BENCHMARK_LIMIT_MS });
      await link.request({ kind: "self-check", slot }, { keep: true, limitMs: BENCHMARK_LIMIT_MS });
      return loaded;
    } catch (thrown) {
      link.unload(slot).catch(() => {}); // of a link that is closed
      throw thrown;
    }
  }

  /** @param {WorkerLink} link @param {Model} model */
  async #settle(link, model) {
    try {
      let first = await timeBackend(link, ORIGINAL, Infinity);
      this.#aloneMs ??= first.latencyMs;
      this.#choose({ latencyMs: first.latencyMs });
      await this.#threads?.start(ORIGINAL, this.#options.threads);
      const threads = this.#threads?.count ?? 1;
      if (threads !== this.#choice.threads) {
        first = await timeBackend(link, ORIGINAL, Infinity);
        if (this.#threads?.count === threads) this.#choose({ latencyMs: first.latencyMs, threads });
      }
      if (this.#options.backend !== "auto") return;
      this.#cpuMs = first.latencyMs;
      await this.#options.requireWebGpu();
      const { gpu, latencyMs } = await this.#tryGpu(model, first.probabilities);
      if (latencyMs < first.latencyMs) {
        await this.takeOver(gpu, () => {
          if (gpu !== this.#gpu) return; // lost while it waited
          this.#choose({ backend: "webgpu", latencyMs, otherMs: first.latencyMs, lost: false, reason: "faster" });
        });
      } else {
        this.#choose({ otherMs: latencyMs, lost: false, reason: "slower" });
        gpu.close(new SignetError("worker-crashed", "WebGPU is slower here"));
        this.#gpu = null;
      }
    } catch (thrown) {
      this.loseGpu(asSignetError(thrown));
    }
  }

  /**
   * Starts WebGPU beside the serving CPU and times it, or throws why it can't serve.
   * @param {Model} model
   * @param {number[]} expected the CPU's probabilities for the benchmark's picture
   */
  async #tryGpu(model, expected) {
    if (this.#closed) throw this.#closed;
    const gpu = new WorkerLink({
      createWorker: () => this.#options.createWorker("webgpu"),
      replace: false,
      onCrash: (error) => this.loseGpu(error),
    });
    this.#gpu = gpu;
    await gpu.boot({ kind: "init", backend: "webgpu" }, { limitMs: BENCHMARK_LIMIT_MS });
    await this.load(gpu, ORIGINAL, model.bytes);
    const { latencyMs, probabilities } = await timeBackend(gpu, ORIGINAL, 3 * (this.#cpuMs ?? Infinity));
    requireAgreement(expected, probabilities);
    return { gpu, latencyMs };
  }
}
