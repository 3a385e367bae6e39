// The model file: found through its manifest, fetched with progress, kept in this browser's storage.
// The hash is checked after the download; nothing is stored before a module has accepted the bytes.
import { SignetError, asSignetError } from "./errors.js";
import { sha256 as hashOf } from "./sha256.js";

/**
 * @typedef {object} Manifest
 * @property {string} file
 * @property {string} sha256
 * @property {number} bytes
 * @property {string[]} labels
 * @property {number} [threshold] how probable a sign must be to be answered; only where the model says that
 */

/**
 * @typedef {object} Model
 * @property {Uint8Array<ArrayBuffer>} bytes
 * @property {"download" | "storage"} source
 */

/** `waiting`: the connection broke, and is tried again. @typedef {{ loaded: number, total: number, waiting?: boolean }} Progress */
/** @typedef {(progress: Progress) => void} OnProgress */

/** After so many tries in a row without a new byte the download fails. */
const TRIES = 4;
/** Before the second try; each pause is twice as long as the one before it. */
const RETRY_MS = 1000;
/** Where the browser knows that there is no network, it is waited for; but some browsers are wrong. */
const OFFLINE_MS = 60_000;
/** A connection that brings no byte for so long is given up. */
const STALL_MS = 20_000;

/** Larger manifests are refused: the memory is allocated before the first byte arrives. */
const LARGEST = 2 ** 30;

export class Weights {
  #options;
  #cache;
  /** @type {Promise<Manifest> | undefined} */
  #manifest;

  /**
   * @param {object} options
   * @param {string | URL} options.base the folder of the model file, ending with a slash
   * @param {string | URL} [options.manifest] of the same version as the page; beside the file unless told otherwise
   * @param {typeof fetch} [options.fetch]
   * @param {CacheStorage | null} [options.storage] null, as on insecure origins: then the file is only downloaded
   * @param {number} [options.retryMs]
   * @param {number} [options.stallMs]
   */
  constructor({
    base, manifest = new URL("manifest.json", base), fetch = globalThis.fetch.bind(globalThis), storage = globalThis.caches,
    retryMs = RETRY_MS, stallMs = STALL_MS,
  }) {
    this.#options = { base, manifest, fetch, storage, retryMs, stallMs };
    // The folder is in the name: two copies of the page on one host keep their own. service-worker.js knows it, too.
    this.#cache = `signet-model ${new URL(base).pathname}`;
  }

  /** The manifest, read once. A failure is not remembered. @returns {Promise<Manifest>} */
  manifest() {
    this.#manifest ??= this.#readManifest().catch((thrown) => {
      this.#manifest = undefined;
      throw thrown;
    });
    return this.#manifest;
  }

  /**
   * The model's bytes, from this browser's storage or from the host.
   * @param {{ fresh?: boolean, onProgress?: OnProgress, signal?: AbortSignal }} [options] `fresh` forgets the stored
   *   copy and passes by every cache on the way; `signal` ends the download
   * @returns {Promise<Model>}
   */
  async get({ fresh = false, onProgress = () => {}, signal } = {}) {
    const manifest = await this.manifest();
    if (fresh) await this.remove();
    const stored = fresh ? undefined : await this.#match(manifest);
    if (stored) {
      const bytes = new Uint8Array(await stored.arrayBuffer());
      // Its hash was right when it was stored. The module checks tensors and values, and its self-check the answers.
      if (bytes.length === manifest.bytes) return { bytes, source: "storage" };
      await this.remove();
    }
    const bytes = await this.#download(manifest, { fresh, onProgress, signal });
    const hash = await hashOf(bytes);
    if (hash && hash !== manifest.sha256.toLowerCase()) throw new SignetError("weights-hash", `${manifest.file}: its SHA-256 is ${hash}`);
    return { bytes, source: "download" };
  }

  /** Stores bytes that a module has accepted. @param {Model} model @returns {Promise<boolean>} whether they are */
  async keep({ bytes }) {
    const manifest = await this.manifest();
    if (!this.#options.storage) return false;
    try {
      await this.remove(); // the file of an earlier version of the page goes with it
      const cache = await this.#options.storage.open(this.#cache);
      await cache.put(this.#key(manifest), new Response(bytes, { headers: { "content-length": `${bytes.length}` } }));
      return true;
    } catch {
      return false; // no room, or a private window: the model works all the same
    }
  }

  async stored() {
    return (await this.#match(await this.manifest())) !== undefined;
  }

  async remove() {
    await this.#options.storage?.delete(this.#cache).catch(() => false);
  }

  /** @param {Manifest} manifest */
  #key(manifest) {
    const url = new URL(manifest.file, this.#options.base);
    url.searchParams.set("sha256", manifest.sha256);
    return url.href;
  }

  /** @param {Manifest} manifest @returns {Promise<Response | undefined>} */
  async #match(manifest) {
    try {
      return await (await this.#options.storage?.open(this.#cache))?.match(this.#key(manifest));
    } catch {
      return undefined;
    }
  }

  /** @returns {Promise<Manifest>} */
  #readManifest() {
    return this.#insist(async () => {
      const { response, within } = await this.#request("manifest.json", { cache: "no-cache" }, this.#options.manifest);
      const text = await within(response.text()).catch((cause) => {
        throw new SignetError("model-network", "manifest.json: broke off", cause);
      });
      return readManifest(text, this.#options.base);
    });
  }

  /**
   * Tries again what the network has kept from succeeding, as long as each few tries bring something new.
   * @template T
   * @param {() => Promise<T>} work
   * @param {{ gained?: () => number, onWaiting?: () => void, signal?: AbortSignal }} [options]
   * @returns {Promise<T>}
   */
  async #insist(work, { gained = () => 0, onWaiting = () => {}, signal } = {}) {
    let most = 0;
    for (let tries = 1; ; tries += 1) {
      try {
        signal?.throwIfAborted();
        return await work();
      } catch (thrown) {
        signal?.throwIfAborted();
        if (gained() > most) tries = 1;
        most = Math.max(most, gained());
        if (tries >= TRIES || !["model-network", "model-truncated"].includes(asSignetError(thrown).code)) throw thrown;
        onWaiting();
        await networkOr(this.#options.retryMs * 2 ** (tries - 1));
      }
    }
  }

  /** @param {string} name @param {RequestInit} options @param {string | URL} [url] */
  async #request(name, options, url = new URL(name, this.#options.base)) {
    const aborter = new AbortController();
    options.signal?.addEventListener("abort", () => aborter.abort(), { once: true });
    /** Waits for the host, as long as it is not silent for too long. @type {<T>(answer: Promise<T>) => Promise<T>} */
    const within = (answer) => new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`nothing for ${this.#options.stallMs} ms`));
        aborter.abort();
      }, this.#options.stallMs);
      answer.then(resolve, reject).finally(() => clearTimeout(timer));
    });
    const response = await within(this.#options.fetch(url, { ...options, signal: aborter.signal })).catch((cause) => {
      throw new SignetError("model-network", `${name}: no answer`, cause);
    });
    // Hosts of single-page sites answer a missing file with their start page and status 200.
    const isPage = response.headers.get("content-type")?.includes("text/html");
    if (response.status === 404 || response.status === 410 || (response.ok && isPage)) {
      throw new SignetError("model-missing", `${name}: ${isPage ? "the host sent a web page" : response.status}`);
    }
    if (!response.ok) throw new SignetError("model-network", `${name}: the host answered ${response.status}`);
    return { response, within };
  }

  /**
   * What arrives is kept when the connection breaks, and the rest is asked for.
   * @param {Manifest} manifest
   * @param {{ fresh: boolean, onProgress: OnProgress, signal?: AbortSignal }} options
   */
  #download({ file, bytes: total }, { fresh, onProgress, signal }) {
    onProgress({ loaded: 0, total });
    const bytes = new Uint8Array(total);
    let loaded = 0;
    let mayResume = true;
    // With our own storage at hand the browser's HTTP cache would only hold a second copy.
    const cache = fresh ? "reload" : this.#options.storage ? "no-store" : "default";
    return this.#insist(async () => {
      const isRest = mayResume && loaded > 0;
      mayResume = false; // until this one has answered as it should
      const headers = /** @type {Record<string, string>} */ (isRest ? { Range: `bytes=${loaded}-` } : {});
      const { response, within } = await this.#request(file, { cache, headers, signal });
      const resumes = isRest && response.headers.get("content-range")?.startsWith(`bytes ${loaded}-`);
      if (response.status === 206 && !resumes) throw new SignetError("model-network", `${file}: another part than was asked for`);
      if (!resumes) loaded = 0;
      mayResume = true;
      const reader = response.body?.getReader();
      while (reader) {
        const { done, value } = await within(reader.read()).catch((cause) => {
          throw new SignetError("model-truncated", `${file}: broke off at ${loaded} of ${total} bytes`, cause);
        });
        if (done) break;
        if (loaded + value.length > total) {
          void reader.cancel().catch(() => {});
          throw new SignetError("weights-hash", `${file}: longer than the ${total} bytes of the manifest`);
        }
        bytes.set(value, loaded);
        loaded += value.length;
        onProgress({ loaded, total });
      }
      if (loaded < total) throw new SignetError("model-truncated", `${file}: ended at ${loaded} of ${total} bytes`);
      return bytes;
    }, { signal, gained: () => loaded, onWaiting: () => onProgress({ loaded, total, waiting: true }) });
  }
}

/** Throws `model-manifest`. @param {string} text @param {string | URL} base the folder of the model file @returns {Manifest} */
function readManifest(text, base) {
  /** @type {Partial<Manifest>} */
  let manifest;
  try {
    manifest = Object(JSON.parse(text));
  } catch (cause) {
    throw new SignetError("model-manifest", "manifest.json is not JSON", cause);
  }
  const { file, sha256, bytes, labels, threshold } = manifest;
  const complete = typeof file === "string" && typeof sha256 === "string" && /^[0-9a-f]{64}$/i.test(sha256)
    && typeof bytes === "number" && Number.isSafeInteger(bytes) && bytes > 0
    && Array.isArray(labels) && labels.length > 0 && labels.every((label) => typeof label === "string");
  if (!complete) throw new SignetError("model-manifest", "manifest.json lacks file, sha256, bytes or labels");
  if (!isInFolder(file, base)) throw new SignetError("model-manifest", `${file} is not in the folder of the manifest`);
  if (bytes > LARGEST) throw new SignetError("model-manifest", `${bytes} bytes are more than a model has`);
  const isShare = typeof threshold === "number" && threshold >= 0 && threshold <= 1;
  return { file, sha256, bytes, labels, ...(isShare ? { threshold } : {}) };
}

/** A manifest names a file beside it, and no other place. @param {string} file @param {string | URL} base */
function isInFolder(file, base) {
  try {
    const [folder, address] = [new URL(base), new URL(file, base)];
    return address.href.startsWith(folder.href) && address.href !== folder.href;
  } catch {
    return false;
  }
}

/** A pause, or until there is a network again. @param {number} pauseMs @returns {Promise<void>} */
function networkOr(pauseMs) {
  return new Promise((done) => {
    const isOffline = globalThis.navigator?.onLine === false;
    if (isOffline) addEventListener("online", () => done(), { once: true });
    setTimeout(done, isOffline ? OFFLINE_MS : pauseMs);
  });
}
