// Failures and their codes. Everything may import this file.
import { MODULE_ERROR_CODES } from "./contract.js";

export const ERROR_CODES = /** @type {const} */ ([
  ...MODULE_ERROR_CODES,
  // fetching the module, the model and a table of messages
  "module-missing", "module-network", "module-broken",
  "model-missing", "model-network", "model-truncated", "model-manifest", "language-network",
  // the worker around the module
  "worker-crashed", "worker-timeout",
  // what the browser lacks
  "wasm-missing", "wasm-simd", "gpu-missing", "gpu-adapter", "gpu-feature", "gpu-disagrees",
  // inputs
  "camera-denied", "camera-none", "camera-busy", "camera-insecure", "camera-unsupported", "camera-lost", "camera-silent",
  "picture-heic", "canvas-random", "paste-empty", "drop-empty", "folder-empty",
  "training-interrupted",
  // a project, where it is kept, and its file
  "label-empty", "label-taken", "label-long", "classes-full", "samples-full",
  "storage-unavailable", "storage-full", "storage-newer", "storage-blocked",
  "project-format", "project-truncated", "project-damaged",
  // a link to a model
  "link-format", "link-version", "link-damaged", "link-base", "link-scope",
  // models of other programs, to here and from here
  "model-format", "model-pytorch", "onnx-format", "onnx-network", "keras-format", "keras-layer", "statistics-pictures", "statistics-folded", "export-wrong",
  // archives and samples of other programs
  "archive-format", "archive-encrypted", "archive-names", "archive-too-large", "data-set", "samples-kind", "samples-none",
  "unexpected",
]);

/** @typedef {typeof ERROR_CODES[number]} ErrorCode */

/** A failure with a stable code. The sentence that a person reads is in the tables of i18n/, the message is the detail. */
export class SignetError extends Error {
  /** @param {ErrorCode} code @param {string} message @param {unknown} [cause] */
  constructor(code, message, cause) {
    super(message, { cause });
    this.name = "SignetError";
    this.code = code;
  }
}

/** A value of any kind in words; some have none of their own. @param {unknown} value */
export function textOf(value) {
  try {
    return String(value);
  } catch {
    return typeof value;
  }
}

/**
 * Any thrown thing as a SignetError: known codes are kept, everything else is `unexpected`.
 * @param {unknown} thrown
 */
export function asSignetError(thrown) {
  if (thrown instanceof SignetError) return thrown;
  const { code, message } = /** @type {{ code?: unknown, message?: unknown }} */ (Object(thrown));
  const known = ERROR_CODES.find((candidate) => candidate === code);
  return new SignetError(known ?? "unexpected", typeof message === "string" ? message : textOf(thrown), thrown);
}
