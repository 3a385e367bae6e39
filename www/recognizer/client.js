// The only door to the workers that classify: the original model, a taught one beside it, and what is asked of them.
import { Backends, CPU_LIMIT_MS, ORIGINAL } from "./backends.js";
import { CONTEST_LIMIT_MS } from "./benchmark.js";
import { SignetError, asSignetError } from "./errors.js";
import { INPUT_BYTES } from "./protocol.js";

/** @typedef {import("./backends.js").BackendOptions} BackendOptions */
/** @typedef {import("./backends.js").Choice} Choice */
/** @typedef {import("./link.js").WorkerLink} WorkerLink */
/** @typedef {import("./protocol.js").LoadedModel} LoadedModel */
/** @typedef {import("./protocol.js").Look} Look */
/** @typedef {import("./protocol.js").Picture} Picture */
/** @typedef {import("./protocol.js").Prediction} Prediction */
/** @typedef {import("./protocol.js").SquareView} SquareView */

/** @typedef {"original" | "taught"} WhichModel */
/**
 * A taught model has a slot of its own, so that it is proven before the one before it goes.
 * @typedef {{ slot: string, weights: Blob, loaded: LoadedModel }} Taught
 */

/** Squares in one request: few, so that a webcam's frames come in between. */
const SCORED_AT_ONCE = 8;
/** How many classifications a look costs at most: a backend that takes longer hangs. @type {Record<Look["at"], number>} */
const WINDOWS = { centre: 1, square: 1, trail: 3, anywhere: 40 };

export class SignetClient {
  #backends;
  /** @type {Taught | null} */
  #taught = null;
  #taughtCount = 0;
  /** Changes of the models wait for each other. @type {Promise<unknown>} */
  #changes = Promise.resolve();

  /** @param {BackendOptions} options */
  constructor(options) {
    this.#backends = new Backends(options, (gpu, serve) => this.#inTurn(async () => {
      if (this.#taught) await this.#bring(gpu, this.#taught);
      serve();
    }));
  }

  /** Resolves when the first backend can answer. */
  get ready() {
    return this.#backends.ready;
  }

  /** Resolves when it is decided which backend serves. */
  get settled() {
    return this.#backends.settled;
  }

  /** Ends all workers. */
  close() {
    this.#backends.close();
  }

  /** The backend that serves. */
  get backend() {
    return this.#backends.serving;
  }

  /** The original model's labels; none before it is loaded. */
  get labels() {
    return this.#backends.original.labels;
  }

  /** The taught model's labels, or null without one. */
  get taught() {
    return this.#taught?.loaded.labels ?? null;
  }

  /** Whether a model says if there is a sign, and where; none does before it is loaded. @param {WhichModel} model */
  hasFinder(model) {
    const loaded = model === "original" ? this.#backends.original : this.#taught?.loaded;
    return loaded?.hasFinder ?? false;
  }

  /** The shipped model as a module has accepted it. Throws before `ready`. @returns {import("./weights.js").Model} */
  original() {
    const { model } = this.#backends;
    if (!model) throw new SignetError("unexpected", "the model is not loaded");
    return model;
  }

  /**
   * @param {Picture} picture its bytes are transferred and gone, unless `keep` is given
   * @param {object} [options]
   * @param {boolean} [options.keep] costs a copy and lets the request survive a crash
   * @param {WhichModel} [options.model] the taught one, where there is one
   * @param {Look} [options.look] the centre
   * @param {boolean} [options.giveBack] with the answer, so that a video needs memory for one frame and leaves no garbage
   * @returns {Promise<Prediction>}
   */
  async classify(picture, { keep = false, model, look = { at: "centre" }, giveBack = false } = {}) {
    await this.ready;
    const pictures = WINDOWS[look.at];
    return this.#backends.ask(() => ({ kind: "classify", slot: this.#slotOf(model), picture, look, giveBack }), { keep, pictures });
  }

  /**
   * What a model sees of a picture. It is the CPU's where there is one, so that it never depends on WebGPU.
   * @param {Picture} picture as in `classify`
   * @param {{ keep?: boolean }} [options]
   * @returns {Promise<SquareView>}
   */
  async square(picture, { keep = false } = {}) {
    await this.ready;
    return this.#backends.links[0]?.request({ kind: "square", picture }, { keep, limitMs: CPU_LIMIT_MS });
  }

  /**
   * The probabilities of pictures that a model sees, in the order of its labels.
   * @param {WhichModel} model
   * @param {Uint8Array<ArrayBuffer>} pixels squares, one after another
   * @param {{ onProgress?: (done: number) => void }} [options]
   * @returns {Promise<number[][]>}
   */
  async score(model, pixels, { onProgress = () => {} } = {}) {
    await this.ready;
    const slot = this.#slotOf(model);
    const total = pixels.length / INPUT_BYTES;
    const rows = [];
    while (rows.length < total) {
      const next = pixels.slice(rows.length * INPUT_BYTES, (rows.length + SCORED_AT_ONCE) * INPUT_BYTES);
      rows.push(...await this.#backends.ask(() => ({ kind: "score", slot, pixels: next }), { keep: true, pictures: SCORED_AT_ONCE }));
      onProgress(rows.length);
    }
    return rows;
  }

  /**
   * Puts a taught model into every backend that serves, and proves it there; the one before it stays until then.
   * Throws `weights-...`, `self-check` or what kept the workers from it.
   * @param {Blob} weights
   * @returns {Promise<string[]>} its labels
   */
  teach(weights) {
    return this.#inTurn(async () => {
      await this.ready;
      const next = { slot: `taught-${this.#taughtCount += 1}`, weights, loaded: { labels: /** @type {string[]} */ ([]), hasFinder: false } };
      const [first, gpu] = /** @type {[WorkerLink, WorkerLink?]} */ (this.#backends.links);
      next.loaded = await this.#bring(first, next);
      if (gpu) await this.#bring(gpu, next).catch((thrown) => this.#backends.loseGpu(asSignetError(thrown)));
      this.#replaceTaught(next);
      return next.loaded.labels;
    });
  }

  /** Back to the original. */
  forget() {
    return this.#inTurn(async () => this.#replaceTaught(null));
  }

  /**
   * @template T
   * @param {() => Promise<T>} change
   * @returns {Promise<T>}
   */
  #inTurn(change) {
    const changed = this.#changes.then(change);
    this.#changes = changed.catch(() => {});
    return changed;
  }

  /**
   * Loads a taught model and has it prove itself, or leaves nothing of it.
   * @param {WorkerLink} link
   * @param {Taught} taught
   * @returns {Promise<LoadedModel>}
   */
  async #bring(link, { slot, weights }) {
    try {
      const loaded = await link.boot({ kind: "load", slot, source: weights }, { limitMs: CONTEST_LIMIT_MS });
      await link.request({ kind: "self-check", slot }, { keep: true, limitMs: CONTEST_LIMIT_MS });
      return loaded;
    } catch (thrown) {
      link.unload(slot).catch(() => {}); // of a link that is closed
      throw thrown;
    }
  }

  /** @param {Taught | null} next */
  #replaceTaught(next) {
    const before = this.#taught;
    this.#taught = next;
    if (!before) return;
    for (const link of this.#backends.links) link.unload(before.slot).catch(() => {});
  }

  /** @param {WhichModel} [model] */
  #slotOf(model = this.#taught ? "taught" : "original") {
    if (model === "original") return ORIGINAL;
    if (!this.#taught) throw new SignetError("unexpected", "there is no taught model");
    return this.#taught.slot;
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
