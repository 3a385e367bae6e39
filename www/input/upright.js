// PNGs and WebPs that lie on their side. Every browser turns a JPEG as its EXIF data say, and only some turn these: they
// are turned here, so that what is shown, cropped and answered is one picture everywhere.
import { checkCanvas, pixelSurface } from "./image.js";

/**
 * What an orientation does to a picture that is stored `w` wide and `h` high, as a canvas's transform (EXIF 2.32, 4.6.4).
 * From 5 on the sides change places.
 * @type {Record<number, (w: number, h: number) => [number, number, number, number, number, number]>}
 */
const TURNS = {
  2: (w) => [-1, 0, 0, 1, w, 0],
  3: (w, h) => [-1, 0, 0, -1, w, h],
  4: (_, h) => [1, 0, 0, -1, 0, h],
  5: () => [0, 1, 1, 0, 0, 0],
  6: (_, h) => [0, 1, -1, 0, h, 0],
  7: (w, h) => [0, -1, -1, 0, h, w],
  8: (w) => [0, -1, 1, 0, 0, w],
};

// As the files have them, in four letters.
const [PNG, RIFF, WEBP] = [0x89504e47, 0x52494646, 0x57454250];
const [EXIF_IN_PNG, EXIF_IN_WEBP, PREFIX] = [0x65584966, 0x45584946, 0x45786966];
const [LITTLE_ENDIAN, ORIENTATION, SHORT] = [0x4949, 0x0112, 3];

/** The file; where that has to be turned, a PNG of what it shows. @param {File} file @returns {Promise<File>} */
export async function upright(file) {
  try {
    const head = new DataView(await file.slice(0, 12).arrayBuffer());
    const isPng = head.getUint32(0) === PNG;
    if (!isPng && (head.getUint32(0) !== RIFF || head.getUint32(8) !== WEBP)) return file;
    const view = new DataView(await file.arrayBuffer());
    const found = orientationIn(view, isPng);
    const turn = found && TURNS[found.orientation];
    if (!turn || !checkCanvas()) return file;
    view.setUint16(found.at, 1, found.isLittle); // or a browser that turns it would do so, too
    const lying = await createImageBitmap(new Blob([view]));
    const { width, height } = lying;
    const context = found.orientation < 5 ? pixelSurface(width, height) : pixelSurface(height, width);
    context.setTransform(...turn(width, height));
    context.drawImage(lying, 0, 0);
    lying.close();
    const { canvas } = context;
    const blob = await ("convertToBlob" in canvas ? canvas.convertToBlob() : new Promise((done) => canvas.toBlob(done)));
    return new File([blob], file.name, { type: blob.type });
  } catch {
    return file; // it ends too soon, or can't be shown: the module says what is wrong with it
  }
}

/** The first directory's orientation, and where it stands. @param {DataView} view @param {boolean} isPng */
function orientationIn(view, isPng) {
  for (let at = isPng ? 8 : 12; at + 8 < view.byteLength;) {
    const [size, name] = isPng ? [view.getUint32(at), view.getUint32(at + 4)] : [view.getUint32(at + 4, true), view.getUint32(at)];
    if (name === (isPng ? EXIF_IN_PNG : EXIF_IN_WEBP)) return orientationAt(view, at + (view.getUint32(at + 8) === PREFIX ? 14 : 8));
    at += 8 + size + (isPng ? 4 : size % 2); // behind its checksum, or its padding
  }
  return null;
}

/** @param {DataView} view @param {number} start where the EXIF data begin */
function orientationAt(view, start) {
  const isLittle = view.getUint16(start) === LITTLE_ENDIAN;
  const directory = start + view.getUint32(start + 4, isLittle);
  for (let index = 0; index < view.getUint16(directory, isLittle); index += 1) {
    const entry = directory + 2 + 12 * index;
    if (view.getUint16(entry, isLittle) !== ORIENTATION || view.getUint16(entry + 2, isLittle) !== SHORT) continue;
    return { orientation: view.getUint16(entry + 8, isLittle), at: entry + 8, isLittle };
  }
  return null;
}
