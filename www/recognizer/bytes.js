// Bytes that are large: read from a blob, and freed without waiting for the garbage collector.
import { SignetError, asSignetError } from "./errors.js";

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
