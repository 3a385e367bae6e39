// What can be taken back: the last deletions and moves, the latest first, with the toast's button or with Ctrl+Z.
import { messages } from "../i18n/language.js";
import { attempt, showToast } from "../ui/notices.js";

/** Older ones are over. */
const MOST = 20;

export class Undos {
  /** The latest last. @type {{ line: () => string, undo: () => void }[]} */
  #changes = [];

  get count() {
    return this.#changes.length;
  }

  /** @param {() => string} line @param {() => void} undo may throw */
  add(line, undo) {
    this.#changes.push({ line, undo });
    if (this.#changes.length > MOST) this.#changes.shift();
    this.offer();
  }

  /** Shows the latest change with the way back. */
  offer() {
    const last = this.#changes.at(-1);
    if (last) showToast(last.line, () => this.undo());
  }

  /** @returns {boolean} whether there was something to take back */
  undo() {
    const last = this.#changes.at(-1);
    if (!last) return false;
    if (!attempt(last.undo)) return true; // what can't come back now, for want of room, may later
    this.#changes.pop();
    const next = this.#changes.at(-1);
    showToast(() => (next ? messages.samples.undoneBefore(next.line()) : messages.samples.undone), next && (() => this.undo()));
    return true;
  }

  clear() {
    this.#changes = [];
  }
}
