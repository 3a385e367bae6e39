#!/usr/bin/env node
// Packs a folder's files into a zip: `node scripts/zip.js FILE.zip FOLDER < paths`, a path a line. The same files give the
// same bytes.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv, exit } from "node:process";
import { crc32, deflateRawSync } from "node:zlib";

/** 1980-01-01, the first day that the format knows, as dates and times are. */
const FIRST_DAY = 0x0021;
const [VERSION, STORED, DEFLATED, UTF8] = [20, 0, 8, 0x0800];
/** Beyond it the format wants records of 64 bits. */
const LARGEST = 2 ** 32 - 1;

/** @param {[value: number, bytes: 2 | 4][]} fields */
function record(fields) {
  const buffer = Buffer.alloc(fields.reduce((sum, [, bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [value, bytes] of fields) at = buffer.writeUIntLE(value, at, bytes);
  return buffer;
}

/** @param {{ name: string, bytes: Buffer }[]} files */
export function zip(files) {
  /** @type {Buffer[]} */
  const parts = [];
  /** @type {Buffer[]} */
  const directory = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const packed = deflateRawSync(bytes, { level: 9 });
    const isSmaller = packed.length < bytes.length;
    const data = isSmaller ? packed : bytes;
    const path = Buffer.from(name);
    /** @type {[number, 2 | 4][]} */
    const shared = [[VERSION, 2], [UTF8, 2], [isSmaller ? DEFLATED : STORED, 2], [0, 2], [FIRST_DAY, 2], [crc32(bytes), 4], [data.length, 4], [bytes.length, 4], [path.length, 2], [0, 2]];
    const head = record([[0x04034b50, 4], ...shared]);
    directory.push(record([[0x02014b50, 4], [VERSION, 2], ...shared, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]]), path);
    parts.push(head, path, data);
    offset += head.length + path.length + data.length;
  }
  if (offset > LARGEST) throw new RangeError(`${offset} bytes are more than a zip of 32 bits holds`);
  const end = Buffer.concat(directory);
  return Buffer.concat([...parts, end, record([[0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [end.length, 4], [offset, 4], [0, 2]])]);
}

if (argv[1]?.endsWith("zip.js")) {
  const [, , file, folder] = argv;
  if (!file || !folder) {
    console.error("zip: node scripts/zip.js FILE.zip FOLDER < paths");
    exit(1);
  }
  const names = readFileSync(0, "utf8").split("\n").filter(Boolean).sort();
  writeFileSync(file, zip(names.map((name) => ({ name, bytes: readFileSync(join(folder, name)) }))));
}
