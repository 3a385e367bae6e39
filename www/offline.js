// The service worker's side of the page: start it, tell when the page can do without a network.

/** Resolves when the page's own files are stored; never where service workers aren't supported or fail. */
export async function storePage() {
  if (!("serviceWorker" in navigator)) return new Promise(() => {});
  try {
    await navigator.serviceWorker.register("sw.js");
    await navigator.serviceWorker.ready;
  } catch (cause) {
    console.info("Signet works without its service worker:", cause);
    return new Promise(() => {});
  }
}

/**
 * Stores files that only some visits need, best effort.
 * @param {string[]} paths
 */
export async function storeAlso(paths) {
  try {
    const cache = await caches.open("signet-page");
    await cache.addAll(paths);
  } catch {
    // Offline the page then goes on without them.
  }
}
