// What can be taken back: the last deletions and moves, the latest first, with the toast's button or with Ctrl+Z.
import { undoneLine } from "./teach-words.js";

/** Older ones are over. */
const MOST = 20;

export class Undos {
  #toast;
  #attempt;
  /** The latest last. @type {{ line: () => string, undo: () => void }[]} */
  #changes = [];

  /**
   * @param {import("../ui/toast.js").Toast} toast
   * @param {(work: () => void) => boolean} attempt does what may be refused, and says why; whether it was done
   */
  constructor(toast, attempt) {
    this.#toast = toast;
    this.#attempt = attempt;
  }

  /** How many changes there are to take back. */
  get count() {
    return this.#changes.length;
  }

  /** @param {() => string} line @param {() => void} undo */
  add(line, undo) {
    this.#changes.push({ line, undo });
    if (this.#changes.length > MOST) this.#changes.shift();
    this.offer();
  }

  /** Shows the latest change with the way back. */
  offer() {
    const last = this.#changes.at(-1);
    if (last) this.#toast.show(last.line, () => this.undo());
  }

  /** @returns {boolean} whether there was something to take back */
  undo() {
    const last = this.#changes.at(-1);
    if (!last) return false;
    // What can't come back now, for want of room, may later.
    if (!this.#attempt(last.undo)) return true;
    this.#changes.pop();
    const next = this.#changes.at(-1);
    this.#toast.show(() => undoneLine(next?.line), next && (() => this.undo()));
    return true;
  }

  /** Another project is here. */
  clear() {
    this.#changes = [];
  }
}
