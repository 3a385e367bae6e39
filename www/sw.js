// Keeps the page's own files, so that it opens without a network. With one, the network always comes first.
// The model file is not kept here: weights.js stores it by its hash.

/** @typedef {Event & { waitUntil(work: Promise<unknown>): void }} InstallEvent */
/** @typedef {InstallEvent & { request: Request, respondWith(answer: Promise<Response>): void }} FetchEvent */

const CACHE = "signet-page";
const PAGE = [
  "./", "index.html", "style.css", "signet.svg", "seal.svg",
  "main.js", "view.js", "words.js", "image.js", "camera.js", "draw.js", "keyboard.js", "offline.js", "support.js",
  "dom.js", "tabs.js", "toast.js", "ways-in.js", "upload.js", "hand-square.js", "square.js", "answer.js", "threshold.js",
  "examples.js", "examples/0.svg", "examples/1.svg", "examples/2.svg", "examples/3.svg", "examples/4.svg", "examples/5.svg",
  "client.js", "backends.js", "contest.js", "link.js", "protocol.js", "weights.js", "module.js", "worker.js", "look.js",
  "teach/project.js", "teach/limits.js", "teach/labels.js", "teach/settings.js", "teach/snapshot.js", "teach/split.js",
  "teach/taught.js", "teach/store.js", "teach/stored.js", "teach/database.js", "teach/lock.js",
  "teach/archive.js", "teach/sha256.js",
  "teach/teach.css", "teach/teach.js", "teach/teach-words.js",
  "teach/samples.js", "teach/cards.js", "teach/card.js", "teach/thumbnails.js", "teach/dialogs.js",
  "teach/undos.js", "teach/recorder.js", "teach/pad.js", "teach/intake.js", "teach/keeping.js", "teach/models.js",
  "teach/train-panel.js", "teach/training-flow.js", "teach/estimate.js", "teach/chart.js",
  "teach/training.js", "teach/train-worker.js", "teach/train-loop.js", "teach/pace.js",
  "teach/check.js", "teach/evaluation.js", "teach/matrix.js",
  "pkg/signet_cpu.js", "pkg/signet_cpu_bg.wasm", "models/manifest.json",
];

addEventListener("install", (event) => {
  // The worker that serves this page was started before this one could see its requests: ask for all of them.
  const store = caches.open(CACHE).then((cache) => cache.addAll(PAGE));
  /** @type {InstallEvent} */ (event).waitUntil(store);
});

addEventListener("fetch", (event) => {
  const fetching = /** @type {FetchEvent} */ (event);
  const { request } = fetching;
  const { origin, pathname } = new URL(request.url);
  const isModel = pathname.includes("/models/") && !pathname.endsWith(".json");
  if (request.method !== "GET" || origin !== location.origin || isModel) return;
  fetching.respondWith(networkFirst(fetching));
});

/** @param {FetchEvent} event */
async function networkFirst(event) {
  const { request } = event;
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (response.status === 200) event.waitUntil(cache.put(request.url.split("?")[0] ?? "", response.clone()));
    return response;
  } catch (cause) {
    const stored = await cache.match(request, { ignoreSearch: true });
    if (stored) return stored;
    throw cause;
  }
}
