// The model file: found through its manifest, fetched with progress, kept in this browser's storage.
// The hash is checked by the module that loads the bytes; nothing is stored before it has accepted them.
import { SignetError } from "./protocol.js";

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
 * @property {string} sha256
 * @property {"download" | "storage"} source
 */

/** @typedef {(progress: { loaded: number, total: number }) => void} OnProgress */

/** The folder is in the name: two copies of the page on one host keep their own. service-worker.js knows it, too. */
const cacheOf = (/** @type {string | URL} */ base) => `signet-model ${new URL(base).pathname}`;

/** Nothing larger is a model of this page's, and memory is taken before the first byte is there. */
const LARGEST = 2 ** 30;

export class Weights {
  #base;
  #fetch;
  #storage;
  #cache;
  #manifestAddress;
  /** @type {Promise<Manifest> | undefined} */
  #manifest;

  /**
   * @param {object} options
   * @param {string | URL} options.base the folder of the model file, ending with a slash
   * @param {string | URL} [options.manifest] of the same version as the page; beside the file unless told otherwise
   * @param {typeof fetch} [options.fetch]
   * @param {CacheStorage} [options.storage] absent on insecure origins: then the file is only downloaded
   */
  constructor({ base, manifest = new URL("manifest.json", base), fetch = globalThis.fetch.bind(globalThis), storage = globalThis.caches }) {
    this.#base = base;
    this.#fetch = fetch;
    this.#storage = storage;
    this.#manifestAddress = manifest;
    this.#cache = cacheOf(base);
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
   * @param {{ fresh?: boolean, onProgress?: OnProgress }} [options] `fresh` forgets the stored copy and passes
   *   by every cache on the way
   * @returns {Promise<Model>}
   */
  async get({ fresh = false, onProgress = () => {} } = {}) {
    const manifest = await this.manifest();
    if (fresh) await this.remove();
    const stored = fresh ? undefined : await this.#match(manifest);
    if (stored) {
      const bytes = new Uint8Array(await stored.arrayBuffer());
      // Its hash is the module's to check, but a copy that was cut short needn't go that far.
      if (bytes.length === manifest.bytes) return { bytes, sha256: manifest.sha256, source: "storage" };
      await this.remove();
    }
    const bytes = await this.#download(manifest, fresh, onProgress);
    return { bytes, sha256: manifest.sha256, source: "download" };
  }

  /** Stores bytes that a module has accepted. @param {Model} model @returns {Promise<boolean>} whether they are */
  async keep({ bytes, sha256 }) {
    const manifest = await this.manifest();
    if (!this.#storage || sha256 !== manifest.sha256) return false;
    try {
      await this.remove(); // the file of an earlier version of the page goes with it
      const cache = await this.#storage.open(this.#cache);
      await cache.put(this.#key(manifest), new Response(bytes, { headers: { "content-length": `${bytes.length}` } }));
      return true;
    } catch {
      return false; // no room, or a private window: the model works all the same
    }
  }

  /** Whether the file of this manifest is in storage. */
  async stored() {
    return (await this.#match(await this.manifest())) !== undefined;
  }

  /** Forgets the stored file. */
  async remove() {
    await this.#storage?.delete(this.#cache).catch(() => false);
  }

  /** @param {Manifest} manifest */
  #key(manifest) {
    const url = new URL(manifest.file, this.#base);
    url.searchParams.set("sha256", manifest.sha256);
    return url.href;
  }

  /** @param {Manifest} manifest @returns {Promise<Response | undefined>} */
  async #match(manifest) {
    try {
      return await (await this.#storage?.open(this.#cache))?.match(this.#key(manifest));
    } catch {
      return undefined;
    }
  }

  /** @returns {Promise<Manifest>} */
  async #readManifest() {
    const response = await this.#request("manifest.json", "no-cache", this.#manifestAddress);
    /** @type {Partial<Manifest>} */
    const manifest = await response.json().catch((cause) => {
      throw new SignetError("model-manifest", "manifest.json is not JSON", cause);
    });
    const { file, sha256, bytes, labels, threshold } = Object(manifest);
    const complete = typeof file === "string" && typeof sha256 === "string" && /^[0-9a-f]{64}$/i.test(sha256)
      && Number.isSafeInteger(bytes) && bytes > 0 && Array.isArray(labels) && labels.length > 0
      && labels.every((label) => typeof label === "string");
    if (!complete) throw new SignetError("model-manifest", "manifest.json lacks file, sha256, bytes or labels");
    if (!this.#isInFolder(file)) throw new SignetError("model-manifest", `${file} is not in the folder of the manifest`);
    if (bytes > LARGEST) throw new SignetError("model-manifest", `${bytes} bytes are more than a model has`);
    const isShare = typeof threshold === "number" && threshold >= 0 && threshold <= 1;
    return { file, sha256, bytes, labels, ...(isShare ? { threshold } : {}) };
  }

  /** A manifest names a file beside it, and no other place. @param {string} file */
  #isInFolder(file) {
    try {
      const [folder, address] = [new URL(this.#base), new URL(file, this.#base)];
      return address.href.startsWith(folder.href) && address.href !== folder.href;
    } catch {
      return false;
    }
  }

  /**
   * @param {string} name
   * @param {RequestCache} cache
   * @param {string | URL} [url]
   */
  async #request(name, cache, url = new URL(name, this.#base)) {
    const response = await this.#fetch(url, { cache }).catch((cause) => {
      throw new SignetError("model-network", `${name}: no answer`, cause);
    });
    // Hosts of single-page sites answer a missing file with their start page and status 200.
    const isPage = response.headers.get("content-type")?.includes("text/html");
    if (response.status === 404 || response.status === 410 || (response.ok && isPage)) {
      throw new SignetError("model-missing", `${name}: ${isPage ? "the host sent a web page" : response.status}`);
    }
    if (!response.ok) throw new SignetError("model-network", `${name}: the host answered ${response.status}`);
    return response;
  }

  /**
   * @param {Manifest} manifest
   * @param {boolean} fresh
   * @param {OnProgress} onProgress
   */
  async #download({ file, bytes: total }, fresh, onProgress) {
    onProgress({ loaded: 0, total });
    // With our own storage at hand the browser's HTTP cache would only hold a second copy.
    const response = await this.#request(file, fresh ? "reload" : this.#storage ? "no-store" : "default");
    const bytes = new Uint8Array(total);
    let loaded = 0;
    const reader = response.body?.getReader();
    while (reader) {
      const { done, value } = await reader.read().catch((cause) => {
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
  }
}
