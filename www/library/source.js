// Whatever shows a picture, to what the module takes: the bytes of a file, or RGBA pixels.
import { askAboutFile, cropped, pictureOfFile } from "../input/image.js";
import { upright } from "../input/upright.js";
import { MAX_MEGAPIXELS } from "../recognizer/contract.js";
import { SignetError, asSignetError } from "../recognizer/errors.js";

/** @import { Picture, PixelPicture } from "../recognizer/protocol.js" */

/**
 * Whatever shows a picture. A `Blob` or `File` is an encoded picture, and the module reads it itself.
 * @typedef {Blob | ImageData | ImageBitmap | HTMLImageElement | HTMLVideoElement | HTMLCanvasElement | OffscreenCanvas} Source
 */

/** Whether this browser decodes pictures, too: Node.js does not. */
const decodes = typeof createImageBitmap === "function";

/**
 * Asks about a picture. The source's own pixels are left alone. Throws `picture-…`, or `setting` for what is no picture or may not be read.
 * @template T
 * @param {Source} source
 * @param {(picture: Picture) => Promise<T>} ask
 * @returns {Promise<T>}
 */
export async function askAbout(source, ask) {
  if (source instanceof Blob) {
    if (!decodes) return ask(pictureOfFile(source));
    return askAboutFile(await upright(/** @type {File} */ (source)), ask, () => {});
  }
  return ask(await pixelsOf(source));
}

/** @param {Exclude<Source, Blob>} source @returns {Promise<PixelPicture>} */
async function pixelsOf(source) {
  if (isImageData(source)) {
    const { data, width, height } = source;
    // Other kinds than 8 bits a channel are half-floats, which the module does not read.
    if (data.BYTES_PER_ELEMENT !== 1) throw new SignetError("setting", "ImageData of more than 8 bits a channel: draw it into a canvas first");
    return { kind: "pixels", bytes: new Uint8Array(data), width, height };
  }
  if ("decode" in Object(source)) await waitFor(/** @type {HTMLImageElement} */ (source));
  const { width, height } = sizeOf(source);
  if (!width || !height) throw new SignetError("picture-empty", "it has no pixels: a video must have a frame, and an image must be loaded");
  if (width * height > MAX_MEGAPIXELS * 1e6) throw new SignetError("picture-too-large", `${width} x ${height}`);
  try {
    return cropped(/** @type {ImageBitmap} */ (source), { left: 0, top: 0 }, { width, height });
  } catch (thrown) {
    if (Object(thrown).name !== "SecurityError") throw asSignetError(thrown);
    throw new SignetError("setting", "the picture is of another origin: load it with crossorigin=\"anonymous\", from a host that allows it", thrown);
  }
}

/** @param {unknown} source @returns {source is ImageData} */
const isImageData = (source) => {
  const { data, width, height } = Object(source);
  return ArrayBuffer.isView(data) && Number.isInteger(width) && Number.isInteger(height);
};

/** @param {HTMLImageElement} image */
async function waitFor(image) {
  try {
    await image.decode();
  } catch (cause) {
    throw new SignetError("picture-broken", "the browser can't show the image", cause);
  }
}

/** In its own pixels, whatever size it is shown in. @param {unknown} source */
function sizeOf(source) {
  const { videoWidth, videoHeight, naturalWidth, naturalHeight, width, height } = Object(source);
  const size = { width: videoWidth ?? naturalWidth ?? width, height: videoHeight ?? naturalHeight ?? height };
  if (typeof size.width === "number" && typeof size.height === "number") return size;
  throw new SignetError("setting", "no picture: an image, a video, a canvas, ImageData, an ImageBitmap or a Blob is");
}
