// Tells when a worker has died. A browser that ends a worker, for lack of memory or in its task manager, sends the page
// no event, but it releases the worker's Web Locks. On insecure origins, which lack Web Locks, only the timeouts tell.
import { SignetError } from "./errors.js";

/**
 * In the worker: holds a lock for as long as the worker lives. To be awaited before WebAssembly runs: Chromium freezes a page
 * that is left amid of what its workers run, answers requests for locks all the same, and crashes the tab when it calls back there.
 * @param {(lock: string) => void} tell called with the lock's name, if it is held
 * @returns {Promise<void>} settled when it is known whether it is held
 */
export function holdLivenessLock(tell) {
  const { locks } = globalThis.navigator ?? {};
  if (!locks) return Promise.resolve();
  const name = `signet-worker ${crypto.getRandomValues(new Uint32Array(4)).join("-")}`;
  return new Promise((resolve) => {
    locks.request(name, () => {
      tell(name);
      resolve();
      return new Promise(() => {});
    }).catch(() => resolve()); // forbidden here, as all of a browser's storage can be
  });
}

/**
 * As much of a Worker as is used here, so that tests can replace it.
 * @typedef {Pick<Worker, "terminate" | "onmessage" | "onerror" | "onmessageerror">
 *   & { postMessage(message: unknown, transfer: Transferable[]): void }} WorkerLike
 */

/**
 * On the page: listens to a worker until another one has taken its place.
 * @param {WorkerLike} worker
 * @param {object} listener
 * @param {() => boolean} listener.isCurrent
 * @param {(message: any) => void} listener.onMessage
 * @param {(error: SignetError) => void} listener.onCrash
 */
export function listenTo(worker, { isCurrent, onMessage, onCrash }) {
  const crash = (/** @type {string} */ message) => { if (isCurrent()) onCrash(new SignetError("worker-crashed", message)); };
  worker.onmessage = ({ data }) => {
    if ("liveness" in data) void globalThis.navigator?.locks?.request(data.liveness, () => crash("the worker was ended")).catch(() => {});
    else if (isCurrent()) onMessage(data);
  };
  worker.onerror = (event) => {
    event.preventDefault?.();
    crash(event.message || "the worker failed");
  };
  worker.onmessageerror = () => crash("an answer could not be read");
}
