// Tells when a worker has died. A browser that ends a worker, for lack of memory or in its task manager, sends the page
// no event, but it releases the worker's Web Locks. On insecure origins, which lack Web Locks, only the timeouts tell.

/**
 * In the worker: holds a lock for as long as the worker lives.
 * @param {(lock: string) => void} tell called with the lock's name, once the lock is held
 */
export function holdLivenessLock(tell) {
  const name = `signet-worker ${crypto.getRandomValues(new Uint32Array(4)).join("-")}`;
  void globalThis.navigator?.locks?.request(name, () => {
    tell(name);
    return new Promise(() => {});
  }).catch(() => {}); // forbidden here, as all of a browser's storage can be
}

/**
 * On the page.
 * @param {string} lock
 * @param {() => void} onGone
 */
export function onLivenessLost(lock, onGone) {
  void globalThis.navigator?.locks?.request(lock, onGone).catch(() => {});
}
