// Zip archives of files as they are, made without the page's own writer.
import { crc32 } from "node:zlib";

/** @param {[width: 2 | 4, value: number][]} fields */
function record(...fields) {
  const bytes = Buffer.alloc(fields.reduce((sum, [width]) => sum + width, 0));
  let at = 0;
  for (const [width, value] of fields) at = bytes.writeUIntLE(value, at, width);
  return bytes;
}

/** A stored zip. @param {Iterable<[name: string, content: Uint8Array | string]>} entries */
export function zip(entries) {
  /** @type {Buffer[]} */
  const files = [];
  /** @type {Buffer[]} */
  const directory = [];
  let offset = 0;
  let count = 0;
  for (const [name, content] of entries) {
    const [path, bytes] = [Buffer.from(name), Buffer.from(content)];
    /** The version that is needed, the flag for UTF-8, no compression, no time. @type {[2 | 4, number][]} */
    const about = [[2, 20], [2, 0x800], [2, 0], [4, 0x210000], [4, crc32(bytes)], [4, bytes.length], [4, bytes.length], [2, path.length], [2, 0]];
    const local = Buffer.concat([record([4, 0x04034b50], ...about), path, bytes]);
    directory.push(Buffer.concat([record([4, 0x02014b50], [2, 20], ...about, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), path]));
    files.push(local);
    offset += local.length;
    count += 1;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  return Buffer.concat([...files, ...directory, record([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, offset], [2, 0])]);
}

/** The names in a zip without a comment, in its order. @param {Buffer} file */
export function namesIn(file) {
  const end = file.length - 22;
  let at = file.readUInt32LE(end + 16);
  return Array.from({ length: file.readUInt16LE(end + 10) }, () => {
    const length = file.readUInt16LE(at + 28);
    const name = file.toString("utf8", at + 46, at + 46 + length);
    at += 46 + length + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
    return name;
  });
}
