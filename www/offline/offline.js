// The service worker's side of the page: have it start, and tell when the page can do without a network.
import { scriptAddress } from "./trusted.js";

/** When the browser never finds a quiet moment, or can't tell. */
const IDLE_MS = 2_000;

const never = () => new Promise(() => {});

/** Undefined where there are none: in an insecure page, or an old browser. @type {ServiceWorkerContainer | undefined} */
const container = globalThis.navigator?.serviceWorker;

/**
 * Has the page's own files stored. Resolves when they are; never where service workers aren't supported or fail.
 * @param {{ onNewVersion?: () => void }} [events] a newer version is stored, and serves from the next start on
 */
export async function storePage({ onNewVersion = () => {} } = {}) {
  if (!container) return never();
  try {
    const registration = await container.register(scriptAddress("service-worker.js"), { updateViaCache: "none" });
    const watch = () => {
      const { installing, active } = registration;
      installing?.addEventListener("statechange", () => { if (active && installing.state === "installed") onNewVersion(); });
    };
    registration.addEventListener("updatefound", watch);
    watch();
    container.addEventListener("message", ({ data }) => { if (data === "outdated") onNewVersion(); });
    // Browsers look for a newer version when a page is opened; this one may be open for a week.
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void registration.update().catch(() => {});
    });
    const { active } = await container.ready;
    // Only then does it answer: Firefox can lose what is asked of one that is activating, a reload without a network among it.
    await isActivated(active);
    const tell = () => container.controller?.postMessage(import.meta.url);
    container.addEventListener("controllerchange", tell); // what was told to one that is being replaced may be lost
    tell();
  } catch (cause) {
    console.info("Signet works without its service worker:", cause);
    return never();
  }
}

/** Resolves when a service worker that is activating is done. @param {ServiceWorker | null} worker @returns {Promise<void>} */
const isActivated = (worker) => new Promise((done) => {
  const look = () => { if (worker?.state !== "activating") done(); };
  worker?.addEventListener("statechange", look);
  look();
});

/**
 * Has files stored that only some visits need, whether this one has fetched them or not. Best effort.
 * @param {string[]} paths
 */
export async function storeAlso(paths) {
  if (!container?.controller) await new Promise((changed) => container?.addEventListener("controllerchange", changed, { once: true }));
  // The service worker stores what passes through it from now on. Asking for the heads spares this page the bodies.
  await Promise.all(paths.map((path) => fetch(new URL(`../${path}`, import.meta.url), { method: "HEAD" }).catch(() => {})));
}

/** Resolves when the page has nothing more urgent to do. */
export function idle() {
  return new Promise((done) => {
    if (typeof requestIdleCallback === "function") requestIdleCallback(() => done(undefined), { timeout: IDLE_MS });
    else setTimeout(done, IDLE_MS);
  });
}
