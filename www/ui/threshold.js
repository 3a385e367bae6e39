// How probable a sign must be to be answered: the model's own figure, or the one that the person has chosen.
import { prefer, preference } from "../offline/preferences.js";
import { DEFAULT_THRESHOLD } from "../recognizer/answer.js";

/** @import { Memory } from "../offline/preferences.js" */

const SETTING = "signet.sign-threshold";

/** @param {unknown} value @returns {value is number} */
const isShare = (value) => typeof value === "number" && value >= 0 && value <= 1;

export class Threshold {
  #storage;
  #default = DEFAULT_THRESHOLD;
  /** @type {number | null} */
  #chosen;

  /** @param {() => Memory} [storage] may throw */
  constructor(storage) {
    this.#storage = storage;
    const chosen = Number.parseFloat(preference(SETTING, storage) ?? "");
    this.#chosen = isShare(chosen) ? chosen : null;
  }

  get value() {
    return this.#chosen ?? this.#default;
  }

  get isDefault() {
    return this.#chosen === null;
  }

  /** The model's own, from its manifest. @param {number | undefined} value */
  setDefault(value) {
    this.#default = isShare(value) ? value : DEFAULT_THRESHOLD;
  }

  /** @param {number} value 0 to 1 */
  choose(value) {
    if (!isShare(value)) return;
    this.#chosen = value;
    prefer(SETTING, String(value), this.#storage);
  }

  /** Back to the model's own. */
  reset() {
    this.#chosen = null;
    prefer(SETTING, null, this.#storage);
  }
}
