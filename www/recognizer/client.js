// The client of the workers that classify. Only this file and its tests know the workers. They hold the original model
// and, once there is one, a fine-tuned model, and one that somebody else has shared.
import { Backends, CPU_LIMIT_MS, ORIGINAL } from "./backends.js";
import { CLASSIFICATIONS } from "./contract.js";
import { SignetError, asSignetError } from "./errors.js";
import { INPUT_BYTES } from "./protocol.js";

/** @import { WorkerLink } from "./link.js" */
/** @import { CropRequest, Input, InputAnswer, LoadedModel, Picture, Prediction } from "./protocol.js" */

/** @typedef {"fine-tuned" | "shared"} FurtherModel */
/** @typedef {"original" | FurtherModel} WhichModel */
/**
 * A further model has a slot of its own, so that it is proven before the one before it goes.
 * @typedef {{ slot: string, weights: Blob, loaded: LoadedModel }} FineTuned
 */

/** Inputs in one request: few, so that a webcam's frames are classified in between. */
const SCORED_AT_ONCE = 8;

export class SignetClient extends Backends {
  /** @type {Map<FurtherModel, FineTuned>} */
  #further = new Map();
  #furtherCount = 0;
  /** Changes of the models wait for each other. @type {Promise<unknown>} */
  #changes = Promise.resolve();

  /** The further models are loaded there, too. @override @param {WorkerLink} gpu @param {() => void} serve */
  takeOver(gpu, serve) {
    return this.#inTurn(async () => {
      for (const { slot, weights } of this.#further.values()) await this.load(gpu, slot, weights);
      serve();
    });
  }

  /** The original model's labels; none before it is loaded. */
  get labels() {
    return this.loaded.labels;
  }

  /** The fine-tuned model's labels, or null without one. */
  get fineTunedLabels() {
    return this.#further.get("fine-tuned")?.loaded.labels ?? null;
  }

  /** Its weights file, or null without one. */
  get fineTunedFile() {
    return this.#further.get("fine-tuned")?.weights ?? null;
  }

  /** Whether a model says if there is a sign, and where; none does before it is loaded. @param {WhichModel} model */
  hasDetector(model) {
    const loaded = model === "original" ? this.loaded : this.#further.get(model)?.loaded;
    return loaded?.hasDetector ?? false;
  }

  /**
   * @param {Picture} picture its bytes are transferred, and detached here, without `keep`
   * @param {object} [options]
   * @param {boolean} [options.keep] transfers a copy, so that the request can be repeated after a crash
   * @param {WhichModel} [options.model] the fine-tuned one, where there is one
   * @param {CropRequest} [options.crop] the central crop unless told otherwise
   * @param {boolean} [options.recycle] returns the picture's bytes with the answer, for the video's next frame
   * @returns {Promise<Prediction>}
   */
  async classify(picture, { keep = false, model, crop = { at: "center" }, recycle = false } = {}) {
    await this.ready;
    const pictures = CLASSIFICATIONS[crop.at];
    return this.ask(() => ({ kind: "classify", slot: this.#slotOf(model), picture, crop, recycle }), { keep, pictures });
  }

  /**
   * The network's input from a picture. The CPU's worker makes it where there is one, so that it never depends on WebGPU.
   * @param {Picture} picture as in `classify`
   * @param {{ keep?: boolean }} [options]
   * @returns {Promise<Input>}
   */
  async input(picture, { keep = false } = {}) {
    await this.ready;
    return this.links[0]?.request({ kind: "input", picture }, { keep, limitMs: CPU_LIMIT_MS });
  }

  /**
   * What a model says of inputs.
   * @param {WhichModel} model
   * @param {Uint8Array<ArrayBuffer>} pixels inputs (64x64 RGBA), one after another
   * @param {{ onProgress?: (done: number) => void }} [options]
   * @returns {Promise<InputAnswer[]>}
   */
  async score(model, pixels, { onProgress = () => {} } = {}) {
    await this.ready;
    const slot = this.#slotOf(model);
    const total = pixels.length / INPUT_BYTES;
    const answers = [];
    while (answers.length < total) {
      const next = pixels.slice(answers.length * INPUT_BYTES, (answers.length + SCORED_AT_ONCE) * INPUT_BYTES);
      answers.push(...await this.ask(() => ({ kind: "score", slot, pixels: next }), { keep: true, pictures: SCORED_AT_ONCE }));
      onProgress(answers.length);
    }
    return answers;
  }

  /**
   * Puts a fine-tuned model into every backend that serves, and proves it there; the one before it stays until then.
   * Throws `weights-...`, `self-check` or what kept the workers from it.
   * @param {Blob} weights
   * @param {FurtherModel} [which]
   * @returns {Promise<string[]>} its labels
   */
  loadFineTuned(weights, which = "fine-tuned") {
    return this.#inTurn(async () => {
      await this.ready;
      const next = { slot: `${which}-${this.#furtherCount += 1}`, weights, loaded: { labels: /** @type {string[]} */ ([]), hasDetector: false } };
      const [first, gpu] = /** @type {[WorkerLink, WorkerLink?]} */ (this.links);
      next.loaded = await this.load(first, next.slot, weights);
      if (gpu) await this.load(gpu, next.slot, weights).catch((thrown) => this.loseGpu(asSignetError(thrown)));
      this.#replace(which, next);
      return next.loaded.labels;
    });
  }

  /** @param {FurtherModel} [which] */
  unloadFineTuned(which = "fine-tuned") {
    return this.#inTurn(async () => this.#replace(which, null));
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

  /** @param {FurtherModel} which @param {FineTuned | null} next */
  #replace(which, next) {
    const before = this.#further.get(which);
    if (next) this.#further.set(which, next);
    else this.#further.delete(which);
    if (!before) return;
    for (const link of this.links) link.unload(before.slot).catch(() => {});
  }

  /** @param {WhichModel} [model] */
  #slotOf(model = this.#further.has("fine-tuned") ? "fine-tuned" : "original") {
    if (model === "original") return ORIGINAL;
    const slot = this.#further.get(model)?.slot;
    if (!slot) throw new SignetError("unexpected", `there is no model "${model}"`);
    return slot;
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
