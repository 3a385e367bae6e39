// Pictures that the tests paint themselves, and the files they become.

import { deflateSync, crc32 } from "node:zlib";

/**
 * @typedef {object} Picture
 * @property {number} width
 * @property {number} height
 * @property {Uint8Array} rgba row by row
 */

/** @typedef {[red: number, green: number, blue: number, alpha?: number]} Colour */

/**
 * A picture from a function of the position, both coordinates in [0, 1).
 * @param {number} width
 * @param {number} height
 * @param {(x: number, y: number) => Colour} colour
 * @returns {Picture}
 */
export function paint(width, height, colour) {
  const rgba = new Uint8Array(width * height * 4);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const [red, green, blue, alpha = 255] = colour((column + 0.5) / width, (row + 0.5) / height);
      rgba.set([red, green, blue, alpha], (row * width + column) * 4);
    }
  }
  return { width, height, rgba };
}

/** The colour at a position, both coordinates in [0, 1). @param {Picture} picture @param {number} x @param {number} y @returns {Colour} */
export function at({ width, height, rgba }, x, y) {
  const [red = 0, green = 0, blue = 0, alpha] = rgba.subarray((Math.floor(y * height) * width + Math.floor(x * width)) * 4);
  return [red, green, blue, alpha];
}

/**
 * A raised hand with some fingers up, in the middle of a picture of any shape.
 * @param {number} fingers 0 to 5
 * @param {number} width
 * @param {number} height
 * @param {{ skin?: Colour, background?: Colour }} [colours]
 */
export function hand(fingers, width, height, { skin = [224, 172, 138], background = [226, 222, 214] } = {}) {
  const side = Math.min(width, height);
  return paint(width, height, (x, y) => {
    // The largest centred square, which is what the model is shown.
    const u = ((x - 0.5) * width) / side;
    const v = ((y - 0.5) * height) / side;
    const palm = (u / 0.17) ** 2 + ((v - 0.2) / 0.19) ** 2 < 1;
    const wrist = Math.abs(u) < 0.1 && v > 0.3;
    let finger = false;
    for (let index = 0; index < fingers; index += 1) {
      const angle = (index - (fingers - 1) / 2) * 0.32;
      const along = u * Math.sin(angle) - (v - 0.2) * Math.cos(angle);
      const across = u * Math.cos(angle) + (v - 0.2) * Math.sin(angle);
      finger ||= along > 0 && along < 0.55 && Math.abs(across) < 0.038;
    }
    return palm || wrist || finger ? skin : background;
  });
}

/** The picture turned a quarter clockwise, as a camera held sideways stores it. @param {Picture} picture @returns {Picture} */
export const turnedClockwise = (picture) => paint(picture.height, picture.width, (x, y) => at(picture, y, 1 - x));

/** @param {string} type @param {Uint8Array} data */
function pngChunk(type, data) {
  const chunk = Buffer.alloc(data.length + 12);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, "latin1");
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, data.length + 8)), data.length + 8);
  return chunk;
}

/** @param {Picture} picture @param {[type: string, data: Uint8Array][]} [chunks] before the pixels @returns {Buffer} */
export function png({ width, height, rgba }, chunks) {
  const rows = Buffer.alloc(height * (width * 4 + 1)); // each row starts with its filter: 0, none
  for (let row = 0; row < height; row += 1) {
    rows.set(rgba.subarray(row * width * 4, (row + 1) * width * 4), row * (width * 4 + 1) + 1);
  }
  return pngFile(width, height, [8, 6], rows, chunks); // 8 bits, RGBA
}

/** A black picture of a bit a pixel: of any size it is a small file. @param {number} width @param {number} height */
export function blackPng(width, height) {
  return pngFile(width, height, [1, 0], Buffer.alloc(height * (Math.ceil(width / 8) + 1)));
}

/** @param {number} width @param {number} height @param {[depth: number, colour: number]} kind @param {Uint8Array} rows @param {[type: string, data: Uint8Array][]} [chunks] */
function pngFile(width, height, kind, rows, chunks = []) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([...kind, 0, 0, 0], 8); // the only compression and filtering, not interlaced
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    pngChunk("IHDR", header),
    ...chunks.map((chunk) => pngChunk(...chunk)),
    pngChunk("IDAT", deflateSync(rows)),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A JPEG whose header claims another size. @param {Uint8Array} jpeg @param {number} width @param {number} height */
export function claiming(jpeg, width, height) {
  const file = Buffer.from(jpeg);
  const frame = file.indexOf(Buffer.from([0xff, 0xc0]));
  file.writeUInt16BE(height, frame + 5);
  file.writeUInt16BE(width, frame + 7);
  return file;
}

/**
 * Frames as an uncompressed video, which Chromium plays as a webcam: Y'CbCr of BT.601, 4:2:0.
 * @param {Picture[]} frames all of one size, even in both directions
 * @param {number} rate frames a second
 * @returns {Buffer}
 */
export function y4m(frames, rate) {
  const [first] = frames;
  if (!first) throw new Error("a video needs a frame");
  const { width, height } = first;
  const parts = [Buffer.from(`YUV4MPEG2 W${width} H${height} F${rate}:1 Ip A1:1 C420jpeg\n`, "latin1")];
  for (const { rgba } of frames) {
    const luma = Buffer.alloc(width * height);
    const blue = Buffer.alloc((width * height) / 4);
    const red = Buffer.alloc((width * height) / 4);
    for (let row = 0; row < height; row += 1) {
      for (let column = 0; column < width; column += 1) {
        const at = (row * width + column) * 4;
        const [r = 0, g = 0, b = 0] = rgba.subarray(at, at + 3);
        luma[row * width + column] = 16 + (65.738 * r + 129.057 * g + 25.064 * b) / 256;
        if (row % 2 || column % 2) continue;
        const half = (row / 2) * (width / 2) + column / 2;
        blue[half] = 128 + (-37.945 * r - 74.494 * g + 112.439 * b) / 256;
        red[half] = 128 + (112.439 * r - 94.154 * g - 18.285 * b) / 256;
      }
    }
    parts.push(Buffer.from("FRAME\n", "latin1"), luma, blue, red);
  }
  return Buffer.concat(parts);
}

/** EXIF data that say how to turn a picture. @param {number} orientation 1 to 8; 6 says that it must be turned a quarter clockwise */
export const exif = (orientation) => Buffer.from([
  ...Buffer.from("MM\0\x2a\0\0\0\x08", "latin1"), // big-endian, the first directory at 8
  ...[0, 1], // one entry:
  ...[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0], // Orientation, one SHORT
  ...[0, 0, 0, 0], // no further directory
]);

/** A JPEG with EXIF data. @param {Uint8Array} jpeg @param {number} orientation */
export function withOrientation(jpeg, orientation) {
  const data = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), exif(orientation)]);
  const marker = Buffer.from([0xff, 0xe1, 0, data.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), marker, data, jpeg.subarray(2)]);
}

/** A WebP of Chromium's, which has room for it, with EXIF data. @param {Uint8Array} webp @param {number} orientation */
export function webpWithOrientation(webp, orientation) {
  const data = exif(orientation);
  const file = Buffer.concat([webp, Buffer.from("EXIF\0\0\0\0", "latin1"), data]);
  file.writeUInt32LE(file.length - 8, 4);
  file.writeUInt32LE(data.length, webp.length + 4);
  file[20] = Number(file[20]) | 8; // the extended header says that there are EXIF data
  return file;
}

/** A JPEG at which decoders have panicked: progressive, of two components, which are said to be YCCK. */
export function twoComponentJpeg() {
  const segment = (/** @type {number} */ marker, /** @type {number[]} */ ...data) => [0xff, marker, 0, data.length + 2, ...data];
  const table = [1, ...new Array(15).fill(0), 0]; // one code of one bit, for 0
  return Buffer.from([
    0xff, 0xd8,
    ...segment(0xee, ...Buffer.from("Adobe"), 0, 100, 0, 0, 0, 0, 2),
    ...segment(0xdb, 0, ...new Array(64).fill(1)),
    ...segment(0xc2, 8, 0, 64, 0, 64, 2, 1, 0x11, 0, 2, 0x11, 0),
    ...segment(0xc4, 0, ...table),
    ...segment(0xda, 2, 1, 0, 2, 0, 0, 0, 0), ...new Array(16).fill(0),
    0xff, 0xd9,
  ]);
}
