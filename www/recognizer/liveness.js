// Whether a worker lives. A browser that ends one, for want of memory or by a person's hand, tells the page nothing;
// but it gives back the locks that the worker held. Where there are no locks, on insecure origins, time limits must do.

/**
 * In the worker: holds a lock for as long as it lives.
 * @param {(lock: string) => void} tell is given its name, once it is held
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
