// Where a model's file comes from: a manifest beside it, an address, or a file that is there already.
import { bytesOf } from "../recognizer/bytes.js";
import { SignetError } from "../recognizer/errors.js";
import { Weights } from "../recognizer/weights.js";

/** @import { Manifest, Model, OnProgress } from "../recognizer/weights.js" */

/**
 * @typedef {object} ModelSource
 * @property {() => Promise<{ labels?: string[], threshold?: number }>} about what is known of the model before it is loaded
 * @property {(options: { fresh: boolean, onProgress: OnProgress, signal?: AbortSignal }) => Promise<Model>} get
 * @property {(model: Model) => Promise<boolean>} keep stores it where it can; whether it is
 */

/**
 * @typedef {Omit<ModelSource, "about"> & { about: () => Promise<Manifest>, isKept: () => Promise<boolean>, forget: () => Promise<void> }} ManifestModel
 *   `isKept`: whether this browser has stored it; `forget` takes it out
 */

/** Larger files are of something else: no model of this network has more bytes, by far. */
const LARGEST_FILE = 2 ** 29;

/**
 * @param {string | URL | Blob | ModelSource | undefined} model
 * @param {{ base: string, page: string, store: boolean }} where `page`: what addresses are relative to
 * @returns {ModelSource}
 */
export function modelSource(model, { base, page, store }) {
  if (model instanceof Blob) return ofFile(model);
  if (typeof model === "object" && !(model instanceof URL)) return model;
  const address = model === undefined ? new URL("models/manifest.json", base) : new URL(model, page);
  if (!address.pathname.endsWith(".json")) return ofAddress(address);
  const storage = store ? globalThis.caches : null;
  return modelOfManifest({ base: new URL("./", address), manifest: address, storage });
}

/**
 * A model that a manifest tells of, kept in this browser where it has room.
 * @param {ConstructorParameters<typeof Weights>[0]} where
 * @returns {ManifestModel}
 */
export function modelOfManifest(where) {
  const weights = new Weights(where);
  return {
    about: () => weights.manifest(),
    get: (options) => weights.get(options),
    keep: async (model) => model.source === "storage" || weights.keep(model),
    isKept: () => weights.stored(),
    forget: () => weights.remove(),
  };
}

/** @param {Blob} file @returns {ModelSource} */
const ofFile = (file) => ({
  about: async () => ({}),
  async get() {
    if (file.size > LARGEST_FILE) throw new SignetError("weights-format", `${file.size} bytes`);
    return { bytes: await bytesOf(file), source: "download" };
  },
  keep: async () => false,
});

/** @param {URL} address @returns {ModelSource} */
const ofAddress = (address) => ({
  about: async () => ({}),
  get: async ({ fresh, onProgress, signal }) => ({ bytes: await download(address, { fresh, onProgress, signal }), source: "download" }),
  keep: async () => false,
});

/**
 * A file that no manifest tells of. What it is, and that it is whole, the module finds out.
 * @param {URL} address
 * @param {Parameters<ModelSource["get"]>[0]} options
 */
async function download(address, { fresh, onProgress, signal }) {
  const response = await fetch(address, { cache: fresh ? "reload" : "default", signal }).catch((cause) => {
    throw new SignetError("model-network", `${address.href}: no answer`, cause);
  });
  // Hosts of single-page sites answer a missing file with their start page and status 200.
  const isPage = response.headers.get("content-type")?.includes("text/html");
  if (response.status === 404 || response.status === 410 || (response.ok && isPage)) {
    throw new SignetError("model-missing", `${address.href}: ${isPage ? "the host sent a web page" : response.status}`);
  }
  if (!response.ok) throw new SignetError("model-network", `${address.href}: the host answered ${response.status}`);
  const total = Number(response.headers.get("content-length")) || 0;
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const pieces = [];
  let loaded = 0;
  onProgress({ loaded, total });
  for (const reader = response.body?.getReader(); reader;) {
    const { done, value } = await reader.read().catch((cause) => {
      throw new SignetError("model-truncated", `${address.href}: broke off at ${loaded} bytes`, cause);
    });
    if (done) break;
    pieces.push(value);
    loaded += value.length;
    if (loaded > LARGEST_FILE) {
      void reader.cancel().catch(() => {});
      throw new SignetError("weights-format", `${address.href}: more than ${LARGEST_FILE} bytes`);
    }
    // A host that compresses tells the compressed length.
    onProgress({ loaded, total: Math.max(total, loaded) });
  }
  return bytesOf(new Blob(pieces));
}
