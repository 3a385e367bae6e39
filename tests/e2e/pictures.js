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

/** @param {Picture} picture @param {Chunks} [before] the pixels @param {Chunks} [behind] them @returns {Buffer} */
export const png = (picture, before, behind) => pngFile(picture.width, picture.height, [8, 6], pngRows(picture), before, behind); // 8 bits, RGBA

/** Each row starts with its filter: 0, none. @param {Picture} picture */
function pngRows({ width, height, rgba }) {
  const rows = Buffer.alloc(height * (width * 4 + 1));
  for (let row = 0; row < height; row += 1) {
    rows.set(rgba.subarray(row * width * 4, (row + 1) * width * 4), row * (width * 4 + 1) + 1);
  }
  return rows;
}

/** A PNG whose animation hides its default image, which is another. @param {Picture} shown @param {Picture} hidden of the same size */
export function hidingPng(shown, hidden) {
  const frame = Buffer.alloc(26);
  [0, shown.width, shown.height].forEach((value, index) => frame.writeUInt32BE(value, 4 * index));
  frame[23] = 10; // a tenth of a second, or so
  const pixels = Buffer.concat([Buffer.from([0, 0, 0, 1]), deflateSync(pngRows(shown))]);
  return png(hidden, [["acTL", Buffer.from([0, 0, 0, 1, 0, 0, 0, 0])]], [["fcTL", frame], ["fdAT", pixels]]);
}

/** The primaries of sRGB in XYZ, adapted to D50. */
const SRGB = [[0.43607, 0.22249, 0.01392], [0.38515, 0.71687, 0.09708], [0.14307, 0.06061, 0.7141]];

/** A color profile of a display. @param {number} gamma the exponent of its channels @param {[number, number, number]} [order] of sRGB's primaries */
export function profile(gamma, order = [0, 1, 2]) {
  const xyz = (/** @type {number[]} */ values) => Buffer.concat([Buffer.from("XYZ \0\0\0\0", "latin1"), ...values.map((value) => int32(value * 65536))]);
  const curve = Buffer.concat([Buffer.from("curv\0\0\0\0\0\0\0\x01", "latin1"), Buffer.from([gamma, (gamma % 1) * 256, 0, 0])]);
  const white = [0.9642, 1, 0.8249];
  const name = Buffer.concat([Buffer.from("desc\0\0\0\0\0\0\0\x05test\0", "latin1"), Buffer.alloc(83)]);
  const tags = /** @type {[string, Buffer][]} */ ([
    ["desc", name], ["wtpt", xyz(white)],
    ...["r", "g", "b"].flatMap((channel, index) => [[`${channel}XYZ`, xyz(SRGB[Number(order[index])] ?? [])], [`${channel}TRC`, curve]]),
  ]);
  let at = 132 + 12 * tags.length;
  const table = tags.map(([tag, { length }]) => Buffer.concat([Buffer.from(tag), int32((at += length) - length), int32(length)]));
  const header = Buffer.alloc(128);
  header.writeUInt32BE(at);
  for (const [place, text] of /** @type {const} */ ([[8, "\x02\x10\0\0"], [12, "mntrRGB XYZ "], [36, "acsp"]])) header.write(text, place, "latin1");
  white.forEach((value, index) => header.set(int32(value * 65536), 68 + 4 * index));
  return Buffer.concat([header, int32(tags.length), ...table, ...tags.map(([, content]) => content)]);
}

/** @param {number} value */
function int32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(Math.round(value));
  return bytes;
}

/** A JPEG with a color profile. @param {Uint8Array} jpeg @param {Uint8Array} icc */
export function jpegWithProfile(jpeg, icc) {
  const name = Buffer.from("ICC_PROFILE\0\x01\x01", "latin1");
  const marker = Buffer.from([0xff, 0xe2, (name.length + icc.length + 2) >> 8, (name.length + icc.length + 2) & 255]);
  return Buffer.concat([jpeg.subarray(0, 2), marker, name, icc, jpeg.subarray(2)]);
}

/**
 * A BMP of 32 bits a pixel with the longest header.
 * @param {Picture} picture
 * @param {{ mask?: number, gamma?: number, icc?: Uint8Array }} [says] an alpha mask beside plain RGB, a gamma of its own, or a profile
 */
export function bmp({ width, height, rgba }, { mask = 0, gamma = 0, icc = Buffer.alloc(0) } = {}) {
  const header = Buffer.alloc(138);
  const pixels = Buffer.alloc(rgba.length);
  for (let at = 0; at < rgba.length; at += 4) {
    const below = (height - 1 - Math.floor(at / 4 / width)) * width + ((at / 4) % width); // from the bottom up
    pixels.set([rgba[at + 2], rgba[at + 1], rgba[at], rgba[at + 3]].map(Number), 4 * below);
  }
  const kind = gamma ? 0 : icc.length ? 0x4d424544 : 0x73524742; // calibrated, with a profile, sRGB
  const numbers = /** @type {const} */ ([
    [2, 138 + pixels.length + icc.length], [10, 138], [14, 124], [18, width], [22, height], [26, 1 | (32 << 16)], [34, pixels.length], [66, mask], [70, kind],
    [110, gamma * 65536], [114, gamma * 65536], [118, gamma * 65536], [126, 124 + pixels.length], [130, icc.length],
  ]);
  header.write("BM", "latin1");
  for (const [place, value] of numbers) header.writeUInt32LE(value >>> 0, place);
  // The primaries of sRGB, as XYZ of 30 binary places.
  [0.64, 0.33, 0.03, 0.3, 0.6, 0.1, 0.15, 0.06, 0.79].forEach((value, index) => header.writeUInt32LE(Math.round(value * 2 ** 30), 74 + 4 * index));
  return Buffer.concat([header, pixels, icc]);
}

/** A black picture of a bit a pixel: of any size it is a small file. @param {number} width @param {number} height */
export function blackPng(width, height) {
  return pngFile(width, height, [1, 0], Buffer.alloc(height * (Math.ceil(width / 8) + 1)));
}

/** @typedef {[type: string, data: Uint8Array][]} Chunks */

/** @param {number} width @param {number} height @param {[depth: number, colour: number]} kind @param {Uint8Array} rows @param {Chunks} [before] @param {Chunks} [behind] */
function pngFile(width, height, kind, rows, before = [], behind = []) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([...kind, 0, 0, 0], 8); // the only compression and filtering, not interlaced
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    pngChunk("IHDR", header),
    ...before.map((chunk) => pngChunk(...chunk)),
    pngChunk("IDAT", deflateSync(rows)),
    ...behind.map((chunk) => pngChunk(...chunk)),
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

/** A simple WebP with EXIF data. @param {Uint8Array} webp @param {number} orientation @param {{ width: number, height: number }} size */
export function webpWithOrientation(webp, orientation, { width, height }) {
  const data = exif(orientation);
  const header = Buffer.from("RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x08\0\0\0", "latin1"); // extended: there are EXIF data
  const size = Buffer.from([width - 1, (width - 1) >> 8, 0, height - 1, (height - 1) >> 8, 0]);
  const file = Buffer.concat([header, size, webp.subarray(12), Buffer.from("EXIF", "latin1"), Buffer.from(new Uint32Array([data.length]).buffer), data]);
  file.writeUInt32LE(file.length - 8, 4);
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
