// Check sets, and what the network reads of them with some of its parts cut: measured once for each set of cuts.
import { INPUT_BYTES } from "../recognizer/protocol.js";
import { checkSet } from "./check-set.js";
import { DIGITS } from "../recognizer/contract.js";

/** @import { Cut } from "../library/inspector-types.js" */
/** @import { Context } from "./context.js" */

/** @typedef {typeof import("./state.js").SETS[number]} SetName */
/** `margin`: the mean of the right class's logit less the best other one. @typedef {{ right: number, count: number, accuracy: number, margin: number }} Measured */
/** @typedef {{ pixels: Uint8Array, labels: Uint32Array }} CheckSet */

/** The order of cuts makes no difference. @param {readonly Cut[]} cuts */
export const keyOf = (cuts) => cuts.map(({ block, part }) => `${block}-${part}`).sort().join(".");

/**
 * The pictures of those classes that the model has.
 * @param {{ pixels: Uint8Array, label: string }[]} pictures
 * @param {readonly string[]} labels the model's
 * @returns {CheckSet}
 */
export function setOf(pictures, labels) {
  const known = pictures.filter(({ label }) => labels.includes(label));
  const pixels = new Uint8Array(known.length * INPUT_BYTES);
  known.forEach((picture, index) => pixels.set(picture.pixels, index * INPUT_BYTES));
  return { pixels, labels: Uint32Array.from(known, ({ label }) => labels.indexOf(label)) };
}

export class Measurements {
  #context;
  /** @type {Map<SetName, Promise<CheckSet>>} */
  #sets = new Map();
  /** @type {Map<string, Measured>} */
  #known = new Map();

  /** @param {Context} context */
  constructor(context) {
    this.#context = context;
  }

  /** What is known already. @param {SetName} set @param {readonly Cut[]} cuts */
  known(set, cuts) {
    return this.#known.get(`${set} ${keyOf(cuts)}`);
  }

  /**
   * @param {SetName} set
   * @param {readonly Cut[]} cuts
   * @param {{ signal: AbortSignal, onProgress?: (done: number, all: number) => void }} options
   * @returns {Promise<Measured | null>} null where it was cancelled; `count` is 0 where the set has no picture of the model's classes
   */
  async measure(set, cuts, { signal, onProgress }) {
    const known = this.known(set, cuts);
    if (known) return known;
    const { pixels, labels } = await this.#set(set);
    if (labels.length === 0) return { right: 0, count: 0, accuracy: 0, margin: 0 };
    const scores = await this.#context.inspector.score(pixels, labels, [...cuts], { signal, onProgress });
    if (!scores) return null;
    const { right, count, margins } = scores;
    const measured = { right, count, accuracy: right / count, margin: margins.reduce((sum, margin) => sum + margin, 0) / count };
    this.#known.set(`${set} ${keyOf(cuts)}`, measured);
    return measured;
  }

  /** @param {SetName} name */
  #set(name) {
    let set = this.#sets.get(name);
    if (!set) {
      this.#sets.set(name, set = this.#load(name));
      set.catch(() => this.#sets.delete(name)); // a connection may be back the next time
    }
    return set;
  }

  /** @param {SetName} name */
  async #load(name) {
    const { labels, samples, example } = this.#context;
    if (name === "samples") return setOf(samples(), labels);
    if (name === "examples") return setOf(await Promise.all(DIGITS.map(async (label) => ({ label, pixels: await example(label) }))), labels);
    const set = await checkSet(this.#context);
    if (!set) return setOf([], labels);
    return setOf(set.labels.map((label, index) => ({ label, pixels: set.pixels.subarray(index * INPUT_BYTES, (index + 1) * INPUT_BYTES) })), labels);
  }
}
