// The library in Node.js: files in place of addresses, threads in place of workers. Everything else is the browser's.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { modelOfManifest } from "../library/model.js";
import { asSignetError, SignetError } from "../recognizer/errors.js";
import { Signet as SignetOfBrowsers } from "../signet.js";
import { ThreadWorker } from "./worker.js";

/** @import { Answer } from "../library/answer.js" */
/** @import { Source } from "../library/source.js" */
/** @import { ClassifyOptions, SignetOptions } from "../signet.js" */

/** A file by its path or its `file:` address, an encoded picture's bytes, or what browsers know, too. @typedef {string | URL | Uint8Array<ArrayBuffer> | Source} NodeSource */

const FOLDER = new URL("../", import.meta.url);
/** Of this machine's files alone. @param {string | URL} file */
const addressOf = (file) => (file instanceof URL ? file : /^[a-z]{2,}:/i.test(file) ? new URL(file) : pathToFileURL(file));

export class Signet extends SignetOfBrowsers {
  /** @override @param {SignetOptions} [options] @returns {Promise<Signet>} */
  static async load(options) {
    return /** @type {Signet} */ (await super.load(options));
  }

  /** @param {SignetOptions} [options] `base` and `model` may be paths; there is no WebGPU */
  constructor({ base = FOLDER, model, ...options } = {}) {
    const folder = addressOf(base);
    if (!folder.pathname.endsWith("/")) folder.pathname += "/";
    super({
      ...options, base: folder, model: modelOf(model ?? new URL("models/manifest.json", folder)), backend: "cpu",
      createWorker: (script, name) => new ThreadWorker(new URL(script, folder), name),
    });
  }

  /**
   * @override
   * @param {NodeSource} source
   * @param {ClassifyOptions} [options]
   * @returns {Promise<Answer>}
   */
  async classify(source, options) {
    if (typeof source === "string" || source instanceof URL) return super.classify(new Blob([await read(addressOf(source))]), options);
    return super.classify(source instanceof Uint8Array ? new Blob([source]) : source, options);
  }
}

/** Files as a server would give them. @type {typeof fetch} */
const fetchFile = async (address, options) => {
  const url = new URL(address instanceof Request ? address.url : address);
  if (url.protocol !== "file:") return fetch(address, options);
  const bytes = await readFile(url).catch(() => null);
  return bytes ? new Response(bytes) : new Response(null, { status: 404 });
};

/** @param {NonNullable<SignetOptions["model"]>} model @returns {SignetOptions["model"]} */
function modelOf(model) {
  if (!(typeof model === "string" || model instanceof URL)) return model;
  const address = addressOf(model);
  if (address.protocol !== "file:") return address;
  if (address.pathname.endsWith(".json")) return modelOfManifest({ base: new URL("./", address), manifest: address, fetch: fetchFile, storage: null });
  return {
    about: async () => ({}),
    get: async () => ({ bytes: await read(address, "model-missing"), source: "download" }),
    keep: async () => false,
  };
}

/** @param {URL} address @param {"file-unreadable" | "model-missing"} [code] @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function read(address, code = "file-unreadable") {
  try {
    return new Uint8Array(await readFile(address));
  } catch (cause) {
    throw new SignetError(code, asSignetError(cause).message, cause);
  }
}

export { SignetError };
