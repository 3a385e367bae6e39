// A worker of the web on a thread of Node.js, as far as the library uses one.
import { Worker } from "node:worker_threads";

/** @import { WorkerLike } from "../recognizer/liveness.js" */

/** @implements {WorkerLike} */
export class ThreadWorker {
  #thread;
  /** Requests without an answer. A program ends by itself while there are none. */
  #open = 0;
  /** @type {WorkerLike["onmessage"]} */
  onmessage = null;
  /** @type {WorkerLike["onerror"]} */
  onerror = null;
  /** @type {WorkerLike["onmessageerror"]} */
  onmessageerror = null;

  /** @param {URL} script @param {string} name */
  constructor(script, name) {
    // Without the program's own options: some of them are of its first script alone.
    this.#thread = new Worker(new URL("./thread.js", import.meta.url), { workerData: script.href, name, execArgv: [] });
    this.#thread.unref();
    this.#thread.on("message", (data) => {
      // Answers end a request; a training's messages do not, and its last one does.
      if (data.id !== undefined || data.crash !== undefined || ["finished", "crash"].includes(data.kind)) this.#count(-1);
      this.#call(this.onmessage, { data });
    });
    this.#thread.on("error", (error) => this.#call(this.onerror, { message: error.message }));
    this.#thread.on("messageerror", () => this.#call(this.onmessageerror, {}));
  }

  /** @param {any} message @param {Transferable[]} transfer */
  postMessage(message, transfer) {
    if (message.kind !== "stop") this.#count(1);
    this.#thread.postMessage(message, /** @type {any} */ (transfer));
  }

  terminate() {
    void this.#thread.terminate();
  }

  /** @param {number} more */
  #count(more) {
    this.#open += more;
    if (this.#open > 0) this.#thread.ref();
    else this.#thread.unref();
  }

  /** @param {((event: any) => void) | null} listener @param {object} event */
  #call(listener, event) {
    listener?.call(/** @type {any} */ (this), event);
  }
}
