// The only door to the workers. It starts them and decides which backend serves: the CPU first, WebGPU when it
// has proven right and faster on this machine.
import { WorkerLink } from "./link.js";
import { SignetError, asSignetError } from "./protocol.js";

/** @typedef {import("./protocol.js").Backend} Backend */
/** @typedef {import("./protocol.js").ErrorCode} ErrorCode */
/** @typedef {import("./protocol.js").Picture} Picture */
/** @typedef {import("./protocol.js").Prediction} Prediction */
/** @typedef {import("./link.js").WorkerLike} WorkerLike */
/** @typedef {import("./weights.js").Model} Model */

/**
 * Why the backend is the one that serves: `checking` while WebGPU is being tried, `faster` and `slower` with
 * both times, or the code of what keeps WebGPU from serving; `lost` tells that it had been serving.
 * @typedef {{ backend: Backend, latencyMs: number | null, otherMs?: number, lost?: boolean,
 *   reason: "forced" | "checking" | "faster" | "slower" | ErrorCode }} Choice
 */

/** A load on the module's first run includes compiling shaders, which takes a software adapter a minute. */
const CONTEST_LIMIT_MS = 180_000;
const TIMED_RUNS = 3;
/** Two right backends round differently; two that differ by more are not the same network. */
const AGREEMENT = 0.02;

/** @returns {Picture} a picture that is the same for both backends: a soft diagonal gradient, larger than the input */
function contestPicture() {
  const side = 256;
  const bytes = new Uint8Array(side * side * 4);
  for (let pixel = 0; pixel < side * side; pixel += 1) {
    const x = pixel % side;
    const y = (pixel - x) / side;
    bytes.set([x, y, (x + y) >> 1, 255], pixel * 4);
  }
  return { kind: "pixels", bytes, width: side, height: side };
}

export class SignetClient {
  #options;
  /** @type {WorkerLink | null} */
  #cpu = null;
  /** @type {WorkerLink | null} */
  #gpu = null;
  /** @type {Choice} */
  #choice;
  /** What the CPU's line says when WebGPU is gone. @type {number | null} */
  #cpuMs = null;
  /** Resolves when the first backend can answer. @type {Promise<void>} */
  ready;
  /** Resolves when it is decided which backend serves. @type {Promise<void>} */
  settled;

  /**
   * @param {object} options
   * @param {(backend: Backend) => WorkerLike} options.createWorker
   * @param {(fresh: boolean) => Promise<Model>} options.loadWeights `fresh` after a stored copy was refused
   * @param {() => Promise<void>} options.requireWebGpu throws the reason why WebGPU can't be tried
   * @param {Backend | "auto"} [options.backend]
   * @param {(model: Model) => void} [options.onModel] called with the weights that a module has accepted
   * @param {(choice: Choice) => void} [options.onChoice]
   */
  constructor(options) {
    this.#options = { backend: "auto", onModel: () => {}, onChoice: () => {}, ...options };
    const { backend } = this.#options;
    this.#choice = {
      backend: backend === "webgpu" ? "webgpu" : "cpu",
      latencyMs: null,
      reason: backend === "auto" ? "checking" : "forced",
    };
    const started = backend === "webgpu" ? this.#startForcedGpu() : this.#startCpu();
    this.ready = started.then(() => this.#choose({}));
    this.settled = started.then(({ link, model }) => this.#settle(link, model));
    // Whoever asks for a classification hears of a failed start; these two must not be unhandled besides.
    this.ready.catch(() => {});
    this.settled.catch(() => {});
  }

  /** Ends both workers. */
  close() {
    const closed = new SignetError("worker-crashed", "the client was closed");
    this.#cpu?.close(closed);
    this.#gpu?.close(closed);
  }

  /**
   * @param {Picture} picture its bytes are transferred and gone, unless `keep` is given
   * @param {{ keep?: boolean }} [options] `keep` costs a copy and lets the request survive a crash
   * @returns {Promise<Prediction>}
   */
  async classify(picture, { keep = false } = {}) {
    await this.ready;
    const { backend } = this.#choice;
    const link = /** @type {WorkerLink} */ (backend === "webgpu" ? this.#gpu : this.#cpu);
    if (link !== this.#gpu || !this.#cpu) return link.request({ kind: "classify", picture }, { keep });
    try {
      const limitMs = Math.max(10_000, 50 * (this.#choice.latencyMs ?? 0));
      return await link.request({ kind: "classify", picture }, { keep, limitMs });
    } catch (thrown) {
      const error = asSignetError(thrown);
      if (!["device", "worker-crashed", "worker-timeout"].includes(error.code)) throw error;
      this.#loseGpu(error);
      if (!keep) throw error;
      return this.#cpu.request({ kind: "classify", picture }, { keep });
    }
  }

  /** @param {Partial<Choice>} change */
  #choose(change) {
    this.#choice = { ...this.#choice, ...change };
    this.#options.onChoice(this.#choice);
  }

  async #startCpu() {
    const link = new WorkerLink({ createWorker: () => this.#options.createWorker("cpu") });
    this.#cpu = link;
    return { link, model: await this.#load(link, "cpu") };
  }

  async #startForcedGpu() {
    await this.#options.requireWebGpu();
    const link = new WorkerLink({ createWorker: () => this.#options.createWorker("webgpu") });
    this.#gpu = link;
    return { link, model: await this.#load(link, "webgpu") };
  }

  /**
   * The module and the weights, side by side, and the proof that they compute what they should.
   * @param {WorkerLink} link
   * @param {Backend} backend
   */
  async #load(link, backend) {
    const opening = link.boot({ kind: "init", backend });
    opening.catch(() => {}); // awaited below, after the weights
    let model = await this.#options.loadWeights(false);
    await opening;
    try {
      await link.boot({ kind: "load", bytes: model.bytes, sha256: model.sha256 });
    } catch (thrown) {
      const stale = model.source === "storage" && asSignetError(thrown).code.startsWith("weights-");
      if (!stale) throw thrown;
      model = await this.#options.loadWeights(true);
      await link.boot({ kind: "load", bytes: model.bytes, sha256: model.sha256 });
    }
    this.#options.onModel(model);
    await link.request({ kind: "self-check" }, { keep: true });
    return model;
  }

  /**
   * @param {WorkerLink} link
   * @param {Model} model
   */
  async #settle(link, model) {
    try {
      const first = await this.#time(link, Infinity);
      this.#choose({ latencyMs: first.latencyMs });
      if (this.#options.backend !== "auto") return;
      this.#cpuMs = first.latencyMs;
      await this.#options.requireWebGpu();
      const gpu = await this.#tryGpu(model, first.probabilities);
      if (gpu < first.latencyMs) {
        this.#choose({ backend: "webgpu", latencyMs: gpu, otherMs: first.latencyMs, reason: "faster" });
      } else {
        this.#choose({ otherMs: gpu, reason: "slower" });
        this.#gpu?.close(new SignetError("worker-crashed", "WebGPU is slower here"));
        this.#gpu = null;
      }
    } catch (thrown) {
      this.#loseGpu(asSignetError(thrown));
    }
  }

  /**
   * Starts WebGPU beside the serving CPU and returns its time, or throws why it can't serve.
   * @param {Model} model
   * @param {number[]} expected the CPU's probabilities for the contest's picture
   */
  async #tryGpu(model, expected) {
    const limit = { keep: true, limitMs: CONTEST_LIMIT_MS };
    const gpu = new WorkerLink({
      createWorker: () => this.#options.createWorker("webgpu"),
      replace: false,
      onCrash: (error) => this.#loseGpu(error),
    });
    this.#gpu = gpu;
    await gpu.request({ kind: "init", backend: "webgpu" }, limit);
    await gpu.request({ kind: "load", bytes: model.bytes, sha256: model.sha256 }, limit);
    await gpu.request({ kind: "self-check" }, limit);
    const { latencyMs, probabilities } = await this.#time(gpu, 3 * (this.#cpuMs ?? Infinity));
    const difference = Math.max(...expected.map((value, index) => Math.abs(value - (probabilities[index] ?? NaN))));
    if (!(difference <= AGREEMENT)) {
      throw new SignetError("gpu-disagrees", `the probabilities differ by ${difference}`);
    }
    return latencyMs;
  }

  /**
   * The median time of a few runs after one that doesn't count, and what they answered.
   * @param {WorkerLink} link
   * @param {number} hopelessMs one run slower than this ends the timing
   */
  async #time(link, hopelessMs) {
    const picture = contestPicture();
    const run = () => /** @type {Promise<Prediction>} */ (
      link.request({ kind: "classify", picture }, { keep: true, limitMs: CONTEST_LIMIT_MS }));
    const { probabilities } = await run();
    const times = [];
    for (let runs = 0; runs < TIMED_RUNS; runs += 1) {
      const { latencyMs } = await run();
      times.push(latencyMs);
      if (latencyMs > hopelessMs) break;
    }
    times.sort((a, b) => a - b);
    return { latencyMs: times[times.length >> 1] ?? Infinity, probabilities };
  }

  /** WebGPU is out, before it served or while it does: the CPU goes on. @param {SignetError} error */
  #loseGpu(error) {
    if (!this.#cpu || (!this.#gpu && this.#choice.reason !== "checking")) return;
    this.#gpu?.close(error);
    this.#gpu = null;
    const lost = this.#choice.backend === "webgpu";
    this.#choose({ backend: "cpu", latencyMs: this.#cpuMs, otherMs: undefined, lost, reason: error.code });
  }
}

/**
 * Runs `work` again and again for as long as it is asked to, one run at a time: calls during a run become one
 * more run after it, which then sees the newest state.
 * @param {() => Promise<void>} work handles its own failures
 * @returns {() => void}
 */
export function newestOnly(work) {
  let running = false;
  let asked = false;
  return async () => {
    asked = true;
    if (running) return;
    running = true;
    try {
      while (asked) {
        asked = false;
        await work();
      }
    } finally {
      running = false;
    }
  };
}
