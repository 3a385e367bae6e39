// How probable a sign must be to be answered: the model's own figure, or the one that the person has chosen.
import { DEFAULT_THRESHOLD } from "../recognizer/answer.js";

/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Memory */

const SETTING = "signet.sign-threshold";

/** @param {unknown} value @returns {value is number} */
const isShare = (value) => typeof value === "number" && value >= 0 && value <= 1;

export class Threshold {
  #storage;
  #default = DEFAULT_THRESHOLD;
  /** @type {number | null} */
  #chosen;

  /** @param {() => Memory} [storage] throws where it is blocked, which is its right */
  constructor(storage = () => localStorage) {
    this.#storage = storage;
    this.#chosen = this.#remembered();
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
    this.#remember((storage) => storage.setItem(SETTING, String(value)));
  }

  /** Back to the model's own. */
  reset() {
    this.#chosen = null;
    this.#remember((storage) => storage.removeItem(SETTING));
  }

  /** @param {(storage: Memory) => void} change */
  #remember(change) {
    try {
      change(this.#storage());
    } catch {
      // Storage is blocked or full: the choice lasts as long as the page.
    }
  }

  #remembered() {
    try {
      const value = Number.parseFloat(this.#storage().getItem(SETTING) ?? "");
      return isShare(value) ? value : null;
    } catch {
      return null;
    }
  }
}
