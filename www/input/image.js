// Anything that may hold a picture, to what the module takes: the bytes of a file, or RGBA pixels.
import { MAX_MEGAPIXELS } from "../recognizer/contract.js";
import { SignetError, asSignetError } from "../recognizer/errors.js";
import { isTyping } from "../ui/keyboard.js";

/** @import { FilePicture, PixelPicture } from "../recognizer/protocol.js" */

/** The module's own limit; a canvas of that many pixels would exhaust a phone first. */
const MAX_PIXELS = MAX_MEGAPIXELS * 1e6;

/** As large as a file of that many uncompressed pixels. */
const MAX_BYTES = 4 * MAX_PIXELS + 2 ** 20;

/** A damaged picture of which this browser shows a smaller share of the rows is refused, as the module refuses a JPEG of less than half. */
const LEAST_SHOWN = 0.51;
/** Less is told. */
const NEARLY_ALL = 0.98;
/** Rows and columns at which a picture is looked at for that. */
const ROWS = 256;
const COLUMNS = 32;

/** A channel that a browser has made noise of differs by no more, unless it gives random pixels. */
const MOST_NOISE = 8;
const KNOWN = [40, 120, 200, 255];
/** Whether this browser gives other pixels than a canvas holds, as a protection against fingerprinting. */
let isRandom = false;

/**
 * Asks about a file as it is. This browser may decode what the module doesn't know (AVIF, SVG, HEIC), finds damaged, or
 * would read otherwise than it is shown.
 * @template T
 * @param {Blob} file
 * @param {(picture: FilePicture | PixelPicture) => Promise<T>} ask
 * @param {(share: number) => void} onCut called with the share of its rows that there are, where some are missing
 */
export async function askAboutFile(file, ask, onCut) {
  try {
    return await ask(pictureOfFile(file));
  } catch (thrown) {
    const error = asSignetError(thrown);
    if (!["picture-format", "picture-broken"].includes(error.code)) throw error;
    return ask(await decodeInBrowser(file, error, onCut));
  }
}

/** Throws `picture-too-large`; the module reads the file. @param {Blob} file @returns {FilePicture} */
export function pictureOfFile(file) {
  if (file.size > MAX_BYTES) throw new SignetError("picture-too-large", `${file.size} bytes`);
  return { kind: "file", file };
}

/**
 * @param {Blob} file
 * @param {SignetError} refusal the module's, which stands where this browser can't show it either
 * @param {(share: number) => void} onCut
 * @returns {Promise<PixelPicture>}
 */
async function decodeInBrowser(file, refusal, onCut) {
  const source = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => decodeAsElement(file));
  if (!source) throw (await isHeic(file)) ? new SignetError("picture-heic", refusal.message, refusal) : refusal;
  const { width, height } = source;
  if (!width || !height) throw new SignetError("picture-empty", "the decoded picture has no pixels");
  if (width * height > MAX_PIXELS) throw new SignetError("picture-too-large", `${width} x ${height}`);
  const shown = refusal.code === "picture-broken" ? shareShown(source) : 1;
  if (shown === 0) throw refusal;
  if (shown < LEAST_SHOWN) throw new SignetError("picture-cut", `${Math.floor(100 * shown)} % of its rows are there`, refusal);
  if (shown < NEARLY_ALL) onCut(shown);
  const context = pixelSurface(width, height);
  context.fillStyle = "#fff"; // transparency lies over white, as in the module
  context.fillRect(0, 0, width, height);
  context.drawImage(source, 0, 0, width, height);
  if ("close" in source) source.close();
  return readPixels(context, width, height);
}

/** Vector pictures, and some that are cut short, have no bitmap of their own; an image element gives them one. @param {Blob} file */
async function decodeAsElement(file) {
  const url = URL.createObjectURL(file);
  const element = new Image();
  const isLoaded = await new Promise((done) => {
    Object.assign(element, { onload: () => done(true), onerror: () => done(false), src: url });
  });
  URL.revokeObjectURL(url);
  return isLoaded ? element : null;
}

/** How much of a picture there is from its top on: the rows behind a cut are transparent. @param {ImageBitmap | HTMLImageElement} source */
function shareShown(source) {
  const context = pixelSurface(COLUMNS, ROWS);
  context.drawImage(source, 0, 0, COLUMNS, ROWS);
  const { bytes } = readPixels(context, COLUMNS, ROWS);
  return (Math.floor(bytes.findLastIndex((value, index) => index % 4 === 3 && value > 0) / (4 * COLUMNS)) + 1) / ROWS;
}

/** By the brands at its beginning (ISO/IEC 23008-12). @param {Blob} file */
const isHeic = async (file) => /^.{4}ftyp.*(hei[cmsx]|hev[cmsx])/s.test(await file.slice(0, 64).text());

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

/** Draws a known color and reads it back. */
export function checkCanvas() {
  const context = pixelSurface(COLUMNS, COLUMNS);
  context.fillStyle = `rgb(${KNOWN.slice(0, 3)})`;
  context.fillRect(0, 0, COLUMNS, COLUMNS);
  const { data } = context.getImageData(0, 0, COLUMNS, COLUMNS);
  isRandom = data.some((value, index) => Math.abs(value - (KNOWN[index % 4] ?? 0)) > MOST_NOISE);
  return !isRandom;
}

/**
 * Throws `canvas-random` where this browser gives no true pixels.
 * @param {Surface} surface
 * @param {number} width
 * @param {number} height
 * @returns {PixelPicture}
 */
export function readPixels(surface, width, height) {
  // The person may have allowed it since.
  if (isRandom && !checkCanvas()) throw new SignetError("canvas-random", "a canvas gives other pixels than were drawn");
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
    const file = fileOf(event.clipboardData);
    if (file) {
      event.preventDefault();
      if (event.clipboardData && claim(event.clipboardData, event)) return;
      onFile(file);
    } else if (!isTyping(event.target)) {
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
