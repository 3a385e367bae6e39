// A picture on its way from a message to the module.

/** @import { Picture } from "./protocol.js" */

/**
 * The picture as the module takes it; pixels are not copied.
 * @param {Picture} picture
 * @returns {ImageData | Uint8Array}
 */
export function forModule(picture) {
  const { kind, bytes } = picture;
  if (kind === "file") return bytes;
  return new ImageData(new Uint8ClampedArray(bytes.buffer, bytes.byteOffset, bytes.length), picture.width, picture.height);
}
