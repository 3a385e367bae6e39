// Keeps the page's files, and answers with them, network or not. A version is its files' hashes, which
// scripts/precache.js lists. It is stored whole, in a cache of its own, and only then becomes the current one, with
// which the page opens from then on. The stored page names its scripts and styles by `version-…/`, and so whatever
// they import: a page that is open goes on with its own files, and none ever gets files of two versions.
// Documents and workers are cross-origin isolated by their headers, whatever the host sends: so a page that is opened with
// the service worker, from the second start on, can have threads.
// The model file is recognizer/weights.js's to fetch and to keep; only a change of version renews it here, or the new version
// could not do without a network.

/** @typedef {Event & { waitUntil(work: Promise<unknown>): void }} WorkEvent */
/** @typedef {WorkEvent & { request: Request, respondWith(answer: Promise<Response>): void }} FetchEvent */
/** @typedef {WorkEvent & { data: string, source: { id: string, postMessage(message: string): void } }} SettledEvent */
/**
 * Paths with their SHA-256: what every visit needs, and what only some do.
 * @typedef {{ version: string, page: Record<string, string>, onUse: Record<string, string>, model: [path: string, sha256: string] }} List
 */
/**
 * As much of a service worker's own scope as is used here.
 * @typedef {object} Scope
 * @property {(path: string) => void} importScripts
 * @property {List} PRECACHE
 * @property {ServiceWorkerRegistration} registration
 * @property {() => Promise<void>} skipWaiting
 * @property {{ claim(): Promise<void>, matchAll(options: object): Promise<{ id: string, url: string }[]> }} clients
 */

const scope = /** @type {Scope} */ (/** @type {unknown} */ (self));
scope.importScripts("pkg/precache.js");
const LIST = scope.PRECACHE;

const FOLDER = new URL("./", location.href);
/** The folder is in the names: two copies of the page on one host are nothing to each other. */
const POINTERS = `signet-page ${FOLDER.pathname}`;
/** As recognizer/weights.js names it. */
const MODELS = `signet-model ${FOLDER.pathname}models/`;
const LIST_PATH = "list.json";
const PINNED = /^version-(\w+)\/(.*)$/;
let isFirst = false;

/** @param {string} version */
const cacheOf = (version) => `${POINTERS} ${version}`;
/** @param {string} version @param {string} path */
const addressOf = (version, path) => new URL(`version-${version}/${path === "./" ? "" : path}`, FOLDER).href;

/** What the lists call an address; null outside of the folder. @param {string} address */
function pathOf(address) {
  const { origin, pathname } = new URL(address);
  if (origin !== FOLDER.origin || !pathname.startsWith(FOLDER.pathname)) return null;
  const path = pathname.slice(FOLDER.pathname.length);
  return path === "" || path === "index.html" ? "./" : path;
}

/** A version by its part: the `current` one, and the `first`, of which a page may be open that names no version. @param {"current" | "first"} part */
const versionOf = async (part) => (await caches.match(part, { cacheName: POINTERS }))?.text();

/** One step for the service workers of two versions, as far as the browser has locks. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
const inOneStep = (work) => navigator.locks?.request(POINTERS, work) ?? work();

/** @param {"current" | "first"} part */
const point = async (part) => (await caches.open(POINTERS)).put(part, new Response(LIST.version));

/** @param {string} version @param {string} path */
const stored = (version, path) => caches.match(addressOf(version, path), { cacheName: cacheOf(version), ignoreVary: true });

/** @param {string} version @returns {Promise<List | undefined>} */
const listOf = async (version) => (await stored(version, LIST_PATH))?.json();

/** The versions of which something is stored, and whether that is all of it. */
async function versions() {
  const names = (await caches.keys()).filter((name) => name.startsWith(cacheOf("")));
  return Promise.all(names.map(async (name) => {
    const version = name.slice(cacheOf("").length);
    return { version, isWhole: (await stored(version, LIST_PATH)) !== undefined };
  }));
}

/** A file from the host, if it is the one of the list. @param {string} path @param {string | undefined} sha256 */
async function download(path, sha256) {
  const response = await fetch(new URL(path, FOLDER), { cache: "no-cache" });
  if (!response.ok) throw new Error(`${path}: the host answered ${response.status}`);
  const bytes = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found !== sha256) throw new Error(`${path} is of another version`);
  // The host's headers protect the page; those two are about the bytes on their way.
  const headers = new Headers(response.headers);
  for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  return new Response(bytes, { headers });
}

// A new version, aside

addEventListener("install", (event) => /** @type {WorkEvent} */ (event).waitUntil(build()));

async function build() {
  isFirst = scope.registration.active === null;
  const current = await versionOf("current");
  const before = current ? await listOf(current) : undefined;
  const { version, page } = LIST;
  // What a browser that was closed has left half-done.
  for (const other of await versions()) if (!other.isWhole && other.version !== current) await caches.delete(cacheOf(other.version));
  try {
    const cache = await caches.open(cacheOf(version));
    await Promise.all([...Object.entries(page), ...(await usedBefore())].map(async ([path, sha256]) => {
      const isDocument = path === "./" || path.endsWith(".html");
      const isSame = before && !isDocument && (before.page[path] ?? before.onUse[path]) === sha256;
      const file = (isSame && (await stored(before.version, path))) || (await download(path, sha256));
      await cache.put(addressOf(version, path), isDocument ? await pinned(path, file) : file);
    }));
    await renewModel();
    // No version is named before all of it is there; one that is whole and not named yet would be tidied.
    await inOneStep(async () => {
      await cache.put(addressOf(version, LIST_PATH), Response.json(LIST));
      await point("current");
    });
  } catch (cause) {
    if (version !== (await versionOf("current"))) await caches.delete(cacheOf(version));
    throw cause;
  }
  void scope.skipWaiting(); // pages that are open don't notice: their files keep their version
}

/** A document whose scripts and styles are those of this version for good. @param {string} path @param {Response} response */
async function pinned(path, response) {
  const html = (await response.text()).replace(
    /(<script\b[^>]*\ssrc=|<link\b[^>]*\srel="stylesheet"[^>]*\shref=)"([^"]+)"/g,
    (whole, before, address) => {
      const named = pathOf(new URL(address, new URL(path, FOLDER)).href);
      return named !== null && Object.hasOwn(LIST.page, named) ? `${before}"${addressOf(LIST.version, named)}"` : whole;
    });
  return new Response(html, { headers: response.headers });
}

/** What an earlier version has needed besides the page: this one will, too. */
async function usedBefore() {
  const kept = (await Promise.all((await versions()).map(async ({ version }) => (await caches.open(cacheOf(version))).keys()))).flat();
  return Object.entries(LIST.onUse).filter(([path]) => kept.some(({ url }) => url.endsWith(`/${path}`)));
}

/** The models that are stored, if any are, and the key of a list's own. @param {List} list */
async function modelsFor({ model: [path, sha256] }) {
  const models = (await caches.has(MODELS)) ? await caches.open(MODELS) : undefined;
  const kept = (await models?.keys() ?? []).map(({ url }) => url);
  return { models, kept, own: new URL(`${path}?sha256=${sha256}`, FOLDER).href };
}

/** Where the model of an earlier version is kept, this version's is, too. Where none is, that is as the person wants it. */
async function renewModel() {
  const { models, kept, own } = await modelsFor(LIST);
  if (kept.length > 0 && !kept.includes(own)) await models?.put(own, await download(...LIST.model));
}

// It takes over

addEventListener("activate", (event) => /** @type {WorkEvent} */ (event).waitUntil(takeOver()));

async function takeOver() {
  if (!isFirst) return;
  // The page that had the first version stored goes on with it, whatever the host serves meanwhile.
  await point("first");
  // Not waited for: in Firefox the claim happens, but its promise may never settle, and until then nothing is answered.
  void scope.clients.claim();
}

/** A page tells when it has started, by the address of one of its scripts. */
addEventListener("message", (event) => {
  const { data, source } = /** @type {SettledEvent} */ (/** @type {unknown} */ (event));
  /** @type {WorkEvent} */ (/** @type {unknown} */ (event)).waitUntil(inOneStep(async () => {
    const whole = (await versions()).filter(({ isWhole }) => isWhole).map(({ version }) => version);
    const current = await versionOf("current");
    const used = PINNED.exec(pathOf(data) ?? "")?.[1] ?? (await versionOf("first"));
    if (current !== used) source.postMessage("outdated");
    const open = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
    const isAlone = open.every(({ id, url }) => id === source.id || !url.startsWith(FOLDER.href));
    if (isAlone) await tidy(whole.filter((version) => version !== current && version !== used), current === used ? current : undefined);
  }));
});

/** What no page can need goes. @param {string[]} outdated versions @param {string | undefined} only the one that is left, if it is one */
async function tidy(outdated, only) {
  for (const version of outdated) await caches.delete(cacheOf(version));
  const list = only ? await listOf(only) : undefined;
  if (!list) return;
  const { models, kept, own } = await modelsFor(list);
  if (kept.includes(own)) await Promise.all(kept.map((url) => url !== own && models?.delete(url)));
}

// Answers

addEventListener("fetch", (event) => {
  const { request } = /** @type {FetchEvent} */ (event);
  const path = pathOf(request.url);
  if (path === null || !["GET", "HEAD"].includes(request.method)) return;
  const [, version, file = path] = PINNED.exec(path) ?? [];
  // What is in no list goes its own way: the model, and whatever else the host has.
  if (version === undefined && !Object.hasOwn(LIST.page, file) && !Object.hasOwn(LIST.onUse, file)) return;
  const answering = request.mode === "navigate" ? documentFor(file) : fileFor(request, file, version);
  const isIsolated = request.mode === "navigate" || request.destination === "worker";
  /** @type {FetchEvent} */ (event).respondWith(isIsolated ? answering.then(isolated) : answering);
});

/** What a page needs to be cross-origin isolated, and a worker to be started by such a page. @param {Response} response */
function isolated(response) {
  if (response.type === "error") return response;
  const { body, status, statusText } = response;
  const headers = new Headers(response.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", "require-corp");
  return new Response(body, { status, statusText, headers });
}

/** @param {string} path */
async function documentFor(path) {
  const current = await versionOf("current");
  const found = current ? await stored(current, path) : undefined;
  if (found) return found;
  // The browser or a person has cleared the cache: begin anew, from the network.
  await scope.registration.unregister();
  // Without an icon of its own a browser would ask the host for one.
  return new Response('<!doctype html><link rel="icon" href="data:,">', { headers: { "Content-Type": "text/html", Refresh: "0" } });
}

/** @param {Request} request @param {string} path @param {string} [pinnedTo] */
async function fileFor(request, path, pinnedTo) {
  const versions = pinnedTo ? [pinnedTo] : [await versionOf("first"), await versionOf("current")];
  for (const version of versions) {
    const found = version ? ((await stored(version, path)) ?? (await late(version, path))) : undefined;
    if (found) return request.method === "HEAD" ? new Response(null, { headers: found.headers }) : found;
  }
  return pinnedTo ? Response.error() : fetch(request);
}

/** A file of a version that is not stored so far, as long as the host has it. @param {string} version @param {string} path */
async function late(version, path) {
  const list = version === LIST.version ? LIST : await listOf(version);
  const found = await download(path, list?.page[path] ?? list?.onUse[path]).catch(() => undefined);
  if (!found) return undefined;
  const cache = await caches.open(cacheOf(version));
  await cache.put(addressOf(version, path), found.clone()).catch(() => {}); // a full disk: it works all the same
  return found;
}
