// Anything that may hold a picture, to what the module takes: the bytes of a file, or RGBA pixels.
import { copyOf } from "../recognizer/bytes.js";
import { MAX_MEGAPIXELS } from "../recognizer/contract.js";
import { SignetError, asSignetError } from "../recognizer/errors.js";

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
/** Whether this browser is known to give the pixels that a canvas holds. Others make noise of them, against fingerprinting. */
let isTrue = false;

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
  const picture = cropped(source, { left: 0, top: 0 }, { width, height });
  if ("close" in source) source.close();
  return picture;
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
  isTrue = data.every((value, index) => Math.abs(value - (KNOWN[index % 4] ?? 0)) <= MOST_NOISE);
  return isTrue;
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
  if (!isTrue && !checkCanvas()) throw new SignetError("canvas-random", "a canvas gives other pixels than were drawn");
  const { data } = surface.getImageData(0, 0, width, height);
  return { kind: "pixels", bytes: new Uint8Array(/** @type {ArrayBuffer} */ (data.buffer)), width, height };
}

/**
 * A part of a picture, unscaled. Only its pixels are copied, not those of a photo of many megapixels.
 * @param {HTMLImageElement | ImageBitmap} image
 * @param {{ left: number, top: number, side?: number }} crop the rest of the picture without a side
 * @param {{ width: number, height: number }} size of the whole, as the module counts its pixels
 */
export function cropped(image, { left, top, side }, { width, height }) {
  const [columns, rows] = side ? [side, side] : [width, height];
  const context = pixelSurface(columns, rows);
  context.fillStyle = "#fff"; // transparency lies over white, as in the module
  context.fillRect(0, 0, columns, rows);
  // The whole, moved: browsers disagree on where a part of a vector picture lies that has no size of its own.
  context.drawImage(image, -left, -top, width, height);
  return readPixels(context, columns, rows);
}

const JPEG = 0xffd8;
const JPEG_END = new Uint8Array([0xff, 0xd9]);

/** What a preview is given: a JPEG gets a marker for its end, for Firefox shows nothing of a progressive one without. @param {Blob} file */
export async function previewOf(file) {
  const head = new DataView(await file.slice(0, 2).arrayBuffer());
  return head.byteLength === 2 && head.getUint16(0) === JPEG ? new Blob([file, JPEG_END], { type: file.type }) : file;
}

/** The file, in memory unless it is too large to be a picture: on the disk it may be moved, changed or deleted. @param {File} file */
export const kept = async (file) => file.size > MAX_BYTES ? file : new File([await copyOf(file)], file.name, { type: file.type });
