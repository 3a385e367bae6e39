// Bytes that are large: read from a blob, copied off the disk, and freed without waiting for the garbage collector.
import { SignetError, asSignetError } from "./errors.js";

/** Copied at a time: all of a model at once would hold up the page. */
const PIECE = 2 ** 20;

/**
 * Detaches the buffer, so that its memory is freed now rather than at the next garbage collection.
 * @param {Uint8Array} bytes
 */
export function release(bytes) {
  const buffer = /** @type {{ transfer?: (length: number) => unknown }} */ (/** @type {unknown} */ (bytes.buffer));
  buffer.transfer?.(0); // not in every browser that Signet runs in
}

/**
 * A blob's bytes; bytes as they are. Throws `file-unreadable`, for a blob can be a file that is gone.
 * @param {Uint8Array<ArrayBuffer> | Blob} source
 */
export async function bytesOf(source) {
  if (source instanceof Uint8Array) return source;
  try {
    return new Uint8Array(await source.arrayBuffer());
  } catch (cause) {
    throw new SignetError("file-unreadable", asSignetError(cause).message, cause);
  }
}

/**
 * A blob that has its bytes itself: a file is only a reference to the disk, where it may be moved, changed or deleted.
 * Throws `file-unreadable`.
 * @param {Blob} file
 */
export async function copyOf(file) {
  const pieces = [];
  for (let start = 0; start < file.size; start += PIECE) pieces.push(new Blob([await bytesOf(file.slice(start, start + PIECE))]));
  return new Blob(pieces, { type: "application/octet-stream" });
}
