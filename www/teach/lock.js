// The lock that one tab holds at a time, over Web Locks. A tab that goes or crashes lets go of it.

const NAME = "signet-project";
/** A page that is loaded again still has its lock for a moment. */
const GRACE_MS = 500;

export class TabLock {
  #locks;
  #onGranted;
  #onLost;
  /** What ends the hold, while there is one. @type {(() => void) | null} */
  #release = null;
  /** Ends the waiting, while this tab waits. @type {AbortController | null} */
  #waiting = null;

  /**
   * @param {LockManager | null | undefined} locks absent on insecure origins: then every tab is granted it
   * @param {{ onGranted: () => void, onLost: () => void }} events granted after waiting; lost to a tab that has stolen it
   */
  constructor(locks, { onGranted, onLost }) {
    this.#locks = locks;
    this.#onGranted = onGranted;
    this.#onLost = onLost;
  }

  /** Whether this tab has it now. If not, it goes on waiting. @returns {Promise<boolean>} */
  take() {
    const waiting = this.#wait();
    const late = new Promise((resolve) => {
      setTimeout(resolve, GRACE_MS, null);
    });
    return Promise.race([waiting, late]).then((granted) => {
      if (granted === null) void waiting.then((later) => later && this.#onGranted());
      return granted ?? false;
    });
  }

  /** Takes it from whichever tab has it. */
  async steal() {
    this.#waiting?.abort();
    this.#waiting = null;
    if (!this.#release) await this.#request({ steal: true });
  }

  release() {
    this.#release?.();
    this.#release = null;
  }

  async #wait() {
    const waiting = new AbortController();
    this.#waiting = waiting;
    const granted = await this.#request({ signal: waiting.signal });
    if (this.#waiting === waiting) this.#waiting = null;
    return granted;
  }

  /** @param {LockOptions} options @returns {Promise<boolean>} whether it was granted; then it is held until release */
  #request(options) {
    return new Promise((resolve) => {
      if (!this.#locks) return resolve(true);
      /** @type {(() => void) | null} */
      let own = null;
      const hold = () => {
        const held = new Promise((end) => (own = () => end(undefined)));
        this.#release = own;
        resolve(true);
        return held;
      };
      const failed = () => {
        // Before it was granted: the waiting has ended, or locks don't work here. After it: it was stolen.
        if (!own) return resolve(!options.signal?.aborted);
        if (this.#release !== own) return;
        this.#release = null;
        this.#onLost();
        void this.#wait().then((granted) => granted && this.#onGranted());
      };
      this.#locks.request(NAME, options, hold).catch(failed);
    });
  }
}
