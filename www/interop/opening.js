// Files that are being opened: told in a dialog once that takes a moment. Closed, it ends what goes on, and nothing is taken.
import { messages, say } from "../i18n/language.js";
import { openDialog } from "../teach/dialogs.js";
import { make } from "../ui/dom.js";

/** @import { Words } from "../i18n/language.js" */

/** What is opened sooner needs no dialog. */
const SHOWN_AFTER_MS = 300;

export class Opening {
  #cancelling = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {HTMLDialogElement | null} */
  #dialog = null;
  /** What is being opened. @type {Words} */
  #line = "";

  /** @param {() => void} end of all that goes on, where it is cancelled */
  constructor(end) {
    this.signal.addEventListener("abort", end);
  }

  /** Whether the person has cancelled it. */
  get signal() {
    return this.#cancelling.signal;
  }

  /**
   * One step, which the dialog tells. It stays for the next one. Throws where it is cancelled.
   * @template T
   * @param {Words} line
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async during(line, work) {
    this.#line = line;
    const heading = this.#dialog?.querySelector("h2");
    if (heading) say(heading, line);
    else this.#timer ??= setTimeout(() => this.#show(), SHOWN_AFTER_MS);
    /** @type {Promise<never>} */
    const cancelled = new Promise((_, fail) => this.signal.addEventListener("abort", () => fail(this.signal.reason), { once: true }));
    return Promise.race([cancelled, work()]);
  }

  /** Nothing is being opened now: it is over, or the person is asked something. */
  rest() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const dialog = this.#dialog;
    this.#dialog = null;
    dialog?.close();
  }

  #show() {
    const dialog = openDialog(this.#line, { testid: "import-opening" },
      make("progress", { attributes: { "aria-labelledby": "dialog-title" } }),
      make("div", { className: "dialog-actions" },
        make("button", { type: "button", says: () => messages.cancel, data: { testid: "opening-cancel" }, on: { click: () => dialog.close() } })));
    this.#dialog = dialog;
    dialog.addEventListener("close", () => { if (this.#dialog === dialog) this.#cancelling.abort(); });
  }
}
