// Anything that may hold a picture, to what the module takes: the bytes of a file, or RGBA pixels.
import { MAX_MEGAPIXELS } from "../recognizer/contract.js";
import { SignetError, asSignetError } from "../recognizer/errors.js";

/** @import { FilePicture, PixelPicture } from "../recognizer/protocol.js" */

/** The module's own limit; a canvas of that many pixels would exhaust a phone first. */
const MAX_PIXELS = MAX_MEGAPIXELS * 1e6;

/** As large as a file of that many uncompressed pixels. */
const MAX_BYTES = 4 * MAX_PIXELS + 2 ** 20;

/**
 * Asks about a file as it is. Where the module can't decode its format, this browser may: AVIF, SVG, HEIC.
 * @template T
 * @param {Blob} file
 * @param {(picture: FilePicture | PixelPicture) => Promise<T>} ask
 */
export async function askAboutFile(file, ask) {
  try {
    return await ask(pictureOfFile(file));
  } catch (thrown) {
    if (asSignetError(thrown).code !== "picture-format") throw thrown;
    return ask(await decodeInBrowser(file));
  }
}

/** Throws `picture-too-large`; the module reads the file. @param {Blob} file @returns {FilePicture} */
export function pictureOfFile(file) {
  if (file.size > MAX_BYTES) throw new SignetError("picture-too-large", `${file.size} bytes`);
  return { kind: "file", file };
}

/** @param {Blob} file @returns {Promise<PixelPicture>} */
async function decodeInBrowser(file) {
  const source = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => decodeAsElement(file));
  const { width, height } = source;
  if (!width || !height) throw new SignetError("picture-empty", "the decoded picture has no pixels");
  if (width * height > MAX_PIXELS) throw new SignetError("picture-too-large", `${width} x ${height}`);
  const context = pixelSurface(width, height);
  context.fillStyle = "#fff"; // transparency lies over white, as in the module
  context.fillRect(0, 0, width, height);
  context.drawImage(source, 0, 0, width, height);
  if ("close" in source) source.close();
  return readPixels(context, width, height);
}

/** Vector pictures have no bitmap of their own; an image element gives them one. @param {Blob} file */
async function decodeAsElement(file) {
  const url = URL.createObjectURL(file);
  try {
    const element = new Image();
    element.src = url;
    await element.decode();
    return element;
  } catch (cause) {
    throw new SignetError("picture-format", `this browser can't decode ${file.type || "the file"} either`, cause);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Surface */

/**
 * A canvas to read pixels from.
 * @param {number} width
 * @param {number} height
 * @returns {Surface}
 */
export function pixelSurface(width, height) {
  const canvas = typeof OffscreenCanvas === "function"
    ? new OffscreenCanvas(width, height)
    : Object.assign(document.createElement("canvas"), { width, height });
  const context = /** @type {Surface | null} */ (canvas.getContext("2d", { willReadFrequently: true }));
  if (!context) throw new SignetError("picture-too-large", `no canvas of ${width} x ${height}`);
  return context;
}

/**
 * @param {Surface} surface
 * @param {number} width
 * @param {number} height
 * @returns {PixelPicture}
 */
export function readPixels(surface, width, height) {
  const { data } = surface.getImageData(0, 0, width, height);
  return { kind: "pixels", bytes: new Uint8Array(/** @type {ArrayBuffer} */ (data.buffer)), width, height };
}

/**
 * A crop of a picture that is on the page, unscaled. Only its pixels are copied, not those of a photo of many megapixels.
 * @param {HTMLImageElement} image
 * @param {import("../recognizer/protocol.js").Crop} crop in pixels of a picture `width` wide, as the module counts them
 * @param {number} width
 */
export function cropped(image, { left, top, side }, width) {
  const scale = image.naturalWidth / width; // not 1 only for vectors, which have no size of their own
  const context = pixelSurface(side, side);
  context.fillStyle = "#fff"; // as in decodeInBrowser
  context.fillRect(0, 0, side, side);
  context.drawImage(image, left * scale, top * scale, side * scale, side * scale, 0, 0, side, side);
  return readPixels(context, side, side);
}

/**
 * The first picture, or failing that the first file, of a paste or a drop.
 * @param {DataTransfer | null} transfer
 * @returns {File | undefined}
 */
function fileOf(transfer) {
  const files = [...(transfer?.files ?? [])];
  return files.find(({ type }) => type.startsWith("image/")) ?? files[0];
}

/**
 * Listens for pictures that are pasted or dropped anywhere on the page.
 * @param {object} listener
 * @param {(file: File) => void} listener.onFile
 * @param {(code: "paste-empty" | "drop-empty") => void} listener.onNothing
 * @param {(dragging: boolean) => void} listener.onDragging
 * @param {(transfer: DataTransfer, event: Event) => boolean} listener.claim asked first: true where there is a
 *   better place for it
 */
export function listenForPictures({ onFile, onNothing, onDragging, claim }) {
  document.addEventListener("paste", (event) => {
    const isTyping = event.target instanceof HTMLElement && event.target.matches("textarea, input[type=text]");
    const file = fileOf(event.clipboardData);
    if (file) {
      event.preventDefault();
      if (event.clipboardData && claim(event.clipboardData, event)) return;
      onFile(file);
    } else if (!isTyping) {
      onNothing("paste-empty");
    }
  });

  // Entering a child fires before leaving its parent: only the count tells when the pointer is really out.
  let depth = 0;
  const setDepth = (/** @type {number} */ value) => onDragging((depth = Math.max(0, value)) > 0);
  document.addEventListener("dragenter", () => setDepth(depth + 1));
  document.addEventListener("dragleave", () => setDepth(depth - 1));
  // Without this the browser would leave the page for the dropped file.
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    setDepth(0);
    if (event.dataTransfer && claim(event.dataTransfer, event)) return;
    const file = fileOf(event.dataTransfer);
    if (file) onFile(file);
    else onNothing("drop-empty");
  });
}
