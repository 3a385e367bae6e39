// Which parts of a picture speak for a class: the module that inspects, in a worker of its own.
import { NO_SIGN } from "../recognizer/contract.js";
import { SignetError } from "../recognizer/errors.js";
import { INPUT_BYTES } from "../recognizer/protocol.js";
import { askAbout } from "./source.js";

/** @import { SignetClient } from "../recognizer/client.js" */
/** @import { Answer } from "./answer.js" */
/** @import { InspectorQueue } from "./inspector.js" */
/** @import { Source } from "./source.js" */

/**
 * @typedef {object} ExplainOptions
 * @property {string} [label] the class that is explained, or `none` for the presence; the most probable class unless told otherwise
 * @property {2 | 4 | 8} [side] cells in a row and in a column: more of them look at the picture more often; 8 unless told otherwise
 * @property {AbortSignal} [signal] gives up
 */

/**
 * @typedef {object} Explanation
 * @property {string} label the class that is explained
 * @property {number} side cells in a row and in a column
 * @property {Float32Array} cells what each cell of the input adds to the class's logit, row by row: above 0 it speaks for
 *   the class, below 0 against it
 * @property {number} bias what is added without looking
 * @property {number} logit the sum of the cells and the bias
 */

/** Of the input, by the map's side. */
const SHIFTS = /** @type {const} */ ({ 2: 1, 4: 2, 8: 3 });

export class Explainer {
  #queue;
  /** @type {Blob | null} */
  #weights = null;
  /** @type {ReturnType<InspectorQueue["load"]> | null} */
  #loading = null;

  /** @param {InspectorQueue} queue */
  constructor(queue) {
    this.#queue = queue;
  }

  /**
   * @param {Uint8Array} pixels one input
   * @param {Blob} weights of the model
   * @param {ExplainOptions & { signal: AbortSignal }} options
   * @returns {Promise<Explanation>}
   */
  async explain(pixels, weights, { label, side = 8, signal }) {
    const shifts = SHIFTS[side];
    if (!shifts) throw new SignetError("setting", `side: ${side} is not 2, 4 or 8`);
    const { labels, hasDetector } = await this.#load(weights);
    const inspector = this.#queue.until(signal);
    const explained = label ?? given(await inspector.answer(pixels, []), signal).label;
    const target = explained === NO_SIGN && hasDetector ? -1 : labels.indexOf(explained);
    if (target < 0 && explained !== NO_SIGN) throw new SignetError("setting", `label: the model has no class ${explained}`);
    if (target < 0 && !hasDetector) throw new SignetError("setting", "label: the model does not say if there is a sign");
    const evidence = given(await inspector.evidence(pixels, [], target, shifts), signal);
    return { label: explained, side: evidence.side, cells: evidence.cells, bias: evidence.bias, logit: evidence.logit };
  }

  /** @param {Blob} weights */
  #load(weights) {
    if (!this.#loading || weights !== this.#weights) {
      this.#weights = weights;
      const loading = this.#queue.load(weights);
      this.#loading = loading;
      loading.catch(() => { if (this.#loading === loading) this.#loading = null; }); // a connection may be back the next time
    }
    return this.#loading;
  }
}

/** What was asked for, unless it was dropped. @template T @param {T | null} answer @param {AbortSignal} signal @returns {T} */
function given(answer, signal) {
  signal.throwIfAborted();
  if (answer === null) throw new SignetError("worker-crashed", "another model was loaded");
  return answer;
}

/**
 * What the network reads of a picture; of an answer what it has read.
 * @param {Source | Answer} picture
 * @param {SignetClient} client
 * @returns {Promise<Uint8Array>}
 */
export async function inputOf(picture, client) {
  const input = "input" in picture ? picture.input : (await askAbout(picture, (asked) => client.input(asked, { keep: true }))).input;
  const pixels = new Uint8Array(input.data.buffer, input.data.byteOffset, input.data.length);
  if (pixels.length !== INPUT_BYTES) throw new SignetError("setting", "input: it is not 64x64 pixels");
  return pixels;
}
