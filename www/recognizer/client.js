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
 * @typedef {LoadedModel & { slot: string, weights: Blob }} Further
 */

/** Inputs in one request: few, so that a webcam's frames are classified in between. */
const SCORED_AT_ONCE = 8;

export class SignetClient extends Backends {
  /** @type {Map<FurtherModel, Further>} */
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

  /** Which answers where nobody says which. @returns {WhichModel} */
  get #usual() {
    return this.#further.has("fine-tuned") ? "fine-tuned" : "original";
  }

  /** What a model answers with, or null where there is none. @param {WhichModel} [which] @returns {LoadedModel | null} */
  held(which = this.#usual) {
    return which === "original" ? this.loaded : this.#further.get(which) ?? null;
  }

  /** Its weights file. Throws where there is none. @param {WhichModel} [which] @returns {Blob} */
  weights(which = this.#usual) {
    return which === "original" ? this.originalFile() : this.#furtherOf(which).weights;
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
   * Puts a further model into every backend that serves, and proves it there; the one before it stays until then.
   * Throws `weights-...`, `self-check` or what kept the workers from it.
   * @param {Blob} weights
   * @param {FurtherModel} which
   * @returns {Promise<string[]>} its labels
   */
  loadFurther(weights, which) {
    return this.#inTurn(async () => {
      await this.ready;
      const slot = `${which}-${this.#furtherCount += 1}`;
      const [first, gpu] = /** @type {[WorkerLink, WorkerLink?]} */ (this.links);
      const loaded = await this.load(first, slot, weights);
      if (gpu) await this.load(gpu, slot, weights).catch((thrown) => this.loseGpu(asSignetError(thrown)));
      this.#replace(which, { ...loaded, slot, weights });
      return loaded.labels;
    });
  }

  /** @param {FurtherModel} which */
  unload(which) {
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

  /** @param {FurtherModel} which @param {Further | null} next */
  #replace(which, next) {
    const before = this.#further.get(which);
    if (next) this.#further.set(which, next);
    else this.#further.delete(which);
    if (!before) return;
    for (const link of this.links) link.unload(before.slot).catch(() => {});
  }

  /** @param {WhichModel} [which] */
  #slotOf(which = this.#usual) {
    return which === "original" ? ORIGINAL : this.#furtherOf(which).slot;
  }

  /** @param {FurtherModel} which */
  #furtherOf(which) {
    const further = this.#further.get(which);
    if (!further) throw new SignetError("unexpected", `there is no model "${which}"`);
    return further;
  }
}
