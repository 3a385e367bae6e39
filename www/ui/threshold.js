// How probable a sign must be to be answered: the model's own figure, or the one that the person has chosen. A model that somebody else has
// shared comes with a figure of its own, which is changed for that model alone and kept nowhere.
import { prefer, preference } from "../offline/preferences.js";
import { DEFAULT_THRESHOLD } from "../recognizer/answer.js";

/** @import { Memory } from "../offline/preferences.js" */

const SETTING = "signet.sign-threshold";

/** The figure that came with a shared model, and the one that the person has chosen for it since. @typedef {{ readonly given: number, chosen: number | null }} Shared */

/** @param {unknown} value @returns {value is number} */
const isShare = (value) => typeof value === "number" && value >= 0 && value <= 1;

export class Threshold {
  #storage;
  #default = DEFAULT_THRESHOLD;
  /** @type {number | null} */
  #chosen;
  /** That of the shared model, while it answers. @type {Shared | null} */
  #shared = null;

  /** @param {() => Memory} [storage] may throw */
  constructor(storage) {
    this.#storage = storage;
    const chosen = Number.parseFloat(preference(SETTING, storage) ?? "");
    this.#chosen = isShare(chosen) ? chosen : null;
  }

  /** For the model that answers. */
  get value() {
    return this.of(this.#shared);
  }

  /** For a shared model, or for one of the person's own, whichever answers. @param {Shared | null} shared */
  of(shared) {
    return shared ? (shared.chosen ?? shared.given) : this.own;
  }

  /** For the person's own models, whichever answers. */
  get own() {
    return this.#chosen ?? this.#default;
  }

  get isDefault() {
    return (this.#shared ? this.#shared.chosen : this.#chosen) === null;
  }

  /** Which model answers from now on. @param {Shared | null} shared null for one of the person's own, or one that came without a figure */
  follow(shared) {
    this.#shared = shared;
  }

  /** The model's own, from its manifest. @param {number | undefined} value */
  setDefault(value) {
    this.#default = isShare(value) ? value : DEFAULT_THRESHOLD;
  }

  /** @param {number} value 0 to 1 */
  choose(value) {
    if (!isShare(value)) return;
    if (this.#shared) {
      this.#shared.chosen = value;
      return;
    }
    this.#chosen = value;
    prefer(SETTING, String(value), this.#storage);
  }

  /** Back to the model's own. */
  reset() {
    if (this.#shared) {
      this.#shared.chosen = null;
      return;
    }
    this.#chosen = null;
    prefer(SETTING, null, this.#storage);
  }
}
