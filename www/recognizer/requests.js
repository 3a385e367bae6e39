// A picture on its way from a message to the module.

/** @import { Picture } from "./protocol.js" */

/** The picture as the module takes it; pixels are not copied. @param {Picture} picture @returns {ImageData | Blob} */
export function forModule(picture) {
  if (picture.kind === "file") return picture.file;
  const { bytes, width, height } = picture;
  return new ImageData(new Uint8ClampedArray(bytes.buffer, bytes.byteOffset, bytes.length), width, height);
}
