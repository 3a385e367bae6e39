// Threads: helper workers of the CPU's worker, on the memory of its module.
import { timeThreads } from "./benchmark.js";
import { SignetError, asSignetError } from "./errors.js";
import { listenTo } from "./liveness.js";
import { startTimeout } from "./timeout.js";

/** @import { WorkerLike } from "./liveness.js" */
/** @import { WorkerLink } from "./link.js" */
/** @import { Liveness } from "./protocol.js" */

/** What a helper starts the module with. @typedef {{ module: WebAssembly.Module, memory: WebAssembly.Memory }} Shared */
/** @typedef {{ isReady: true } | { crash: string } | Liveness} HelperAnswer */

/** A helper is ready within 50 ms. A script that has not come after this time is not worth waiting for. */
const START_LIMIT_MS = 20_000;

export class Threads {
  #options;
  /** @type {WorkerLike[]} */
  #helpers = [];
  #isStarted = false;
  #isOver = false;
  /** How many compute, the one that answers among them. */
  count = 1;

  /**
   * @param {object} options
   * @param {WorkerLink} options.link of a worker whose module was to be the one with threads
   * @param {() => WorkerLike} options.createHelper
   * @param {(error: SignetError) => void} options.onFailure called once: a single thread goes on
   */
  constructor(options) {
    this.#options = options;
  }

  /**
   * Starts helpers, once, and lets as many threads compute as pay on this machine, or as are demanded.
   * @param {string} slot of a model to try it with
   * @param {number[]} counts to try, the smallest first; a single one is demanded
   */
  async start(slot, counts) {
    if (this.#isStarted || this.#isOver) return;
    this.#isStarted = true;
    await this.#attempt(async () => {
      await this.#startHelpers(Math.max(...counts) - 1);
      const best = counts.length === 1 ? Number(counts[0]) : await timeThreads(this.#options.link, slot, counts);
      await this.#use(best);
      if (best === 1) await this.#dismiss();
    });
  }

  /** The link's worker has been replaced, and its module is a new one, which nobody helps. */
  async restart() {
    const { count } = this;
    if (count === 1) return;
    this.#terminate();
    await this.#attempt(async () => {
      await this.#startHelpers(count - 1);
      await this.#use(count);
    });
  }

  /** The link's worker has ended. */
  end() {
    this.#isOver = true;
    this.#terminate();
  }

  #terminate() {
    for (const helper of this.#helpers.splice(0)) helper.terminate();
    this.count = 1;
  }

  /** @param {() => Promise<void>} work */
  async #attempt(work) {
    try {
      await work();
    } catch (thrown) {
      await this.#fail(asSignetError(thrown));
    }
  }

  /** @param {SignetError} error */
  async #fail(error) {
    if (this.#isOver) return;
    this.#isOver = true;
    this.count = 1;
    this.#options.onFailure(error);
    await this.#dismiss().catch(() => {}); // of a link that is closed
  }

  /** @param {number} count */
  async #use(count) {
    await this.#options.link.request({ kind: "threads", count }, { keep: true });
    if (!this.#isOver) this.count = count;
  }

  /** Has the helpers leave the module first: one that is terminated within it could hold a lock. That they end then is no failure. */
  async #dismiss() {
    const helpers = this.#helpers.splice(0);
    try {
      await this.#options.link.request({ kind: "dismiss" }, { keep: true });
    } finally {
      for (const helper of helpers) helper.terminate();
    }
  }

  /** Throws what has kept the link's module from sharing its memory, or a helper from starting. @param {number} count */
  async #startHelpers(count) {
    const shared = await this.#options.link.request({ kind: "share" }, { keep: true });
    await Promise.all(Array.from({ length: count }, () => this.#startHelper(shared)));
  }

  /** @param {Shared} shared @returns {Promise<void>} */
  #startHelper(shared) {
    return new Promise((resolve, reject) => {
      const helper = this.#options.createHelper();
      this.#helpers.push(helper);
      const onCrash = (/** @type {SignetError} */ error) => {
        clearInterval(timeout);
        reject(error);
        void this.#fail(error); // it may have been ready for long
      };
      const timeout = startTimeout(START_LIMIT_MS, () => onCrash(new SignetError("worker-timeout", `no helper within ${START_LIMIT_MS} ms`)));
      listenTo(helper, {
        isCurrent: () => this.#helpers.includes(helper),
        onMessage: (/** @type {Exclude<HelperAnswer, Liveness>} */ answer) => {
          if ("crash" in answer) return onCrash(new SignetError("worker-crashed", answer.crash));
          clearInterval(timeout);
          resolve();
        },
        onCrash,
      });
      helper.postMessage(shared, []);
    });
  }
}
