// A project as one file: images, labels, settings and the fine-tuned model. A file with any fault is refused whole.
import { MOST_SAMPLES } from "../library/limits.js";
import { oldestFirst } from "../library/split.js";
import { bytesOf } from "../recognizer/bytes.js";
import { SignetError, textOf } from "../recognizer/errors.js";
import { INPUT_BYTES } from "../recognizer/protocol.js";
import { sha256 } from "../recognizer/sha256.js";
import { readFineTuned } from "./fine-tuned.js";
import { Project } from "./project.js";
import { expect, fieldsOf, readSnapshot } from "./snapshot.js";

// The file is a safetensors container: eight bytes with the length of the header, a header in JSON, the data.
// The header's text is determined by the description in it, and the description has a hash of its own and those
// of the data: no byte can change unnoticed. On insecure origins nothing is hashed: the hashes are empty there, and
// none is compared.

/** @import { FineTunedModel } from "./fine-tuned.js" */

const VERSION = 1;
const LENGTH_BYTES = 8;
const LONGEST_HEADER = 16 * 2 ** 20;
const KEY = "signet-project";
/** Read and hashed at a time: browsers hash no streams, and copying a whole model would hold up the page. */
const PIECE = 64 * INPUT_BYTES;
/** How every one of these files goes on after the header's length. */
const START = `{"__metadata__":{"${KEY}":`;

/**
 * @param {string} description in JSON
 * @param {string} hash of it
 * @param {number} samples
 * @param {number} weightsBytes
 */
function headerBytes(description, hash, samples, weightsBytes) {
  const pixelBytes = samples * INPUT_BYTES;
  const header = JSON.stringify({
    __metadata__: { [KEY]: description, [`${KEY}-sha256`]: hash },
    pixels: { dtype: "U8", shape: [samples, 64, 64, 4], data_offsets: [0, pixelBytes] },
    weights: { dtype: "U8", shape: [weightsBytes], data_offsets: [pixelBytes, pixelBytes + weightsBytes] },
  });
  return new TextEncoder().encode(header);
}

/**
 * The SHA-256 of the SHA-256s of a part's pieces, in hexadecimal with a line for each.
 * @param {Blob} part
 * @param {(bytes: Uint8Array<ArrayBuffer>) => void} [take] is given each piece
 */
async function hashOf(part, take = () => {}) {
  const hashes = [];
  for (let start = 0; start < part.size; start += PIECE) {
    const bytes = await bytesOf(part.slice(start, start + PIECE));
    hashes.push(`${await sha256(bytes)}\n`);
    take(bytes);
  }
  return hashOfText(hashes.join(""));
}

/** @param {string} text */
const hashOfText = async (text) => (await sha256(new TextEncoder().encode(text))) ?? "";

/** Throws `project-damaged`. @param {string} found @param {unknown} told @param {string} what */
function requireSame(found, told, what) {
  if (found !== told && found !== "" && told !== "") throw damaged(`${what} hash differs`);
}

/**
 * The project at the time of the call, and the fine-tuned model, as a file. The weights are not copied into it.
 * @param {{ project: Project, fineTuned: FineTunedModel | null }} content
 * @returns {Promise<Blob>}
 */
export async function saveProject({ project, fineTuned }) {
  const snapshot = project.snapshot();
  const samples = [...project.samples()].sort(oldestFirst);
  const pixels = new Blob(samples.map((sample) => sample.pixels));
  const { weights = new Blob([]), ...about } = fineTuned ?? {};
  const description = {
    version: VERSION,
    snapshot,
    samples: samples.map(({ id, classId, source, addedAt, origin }) => ({ id, classId, source, addedAt, origin })), // JSON leaves out what is undefined
    taught: fineTuned && about,
    weightsBytes: weights.size,
    sha256: { pixels: await hashOf(pixels), weights: await hashOf(weights) },
  };
  const text = JSON.stringify(description);
  const header = headerBytes(text, await hashOfText(text), samples.length, weights.size);
  const length = new DataView(new ArrayBuffer(LENGTH_BYTES));
  length.setBigUint64(0, BigInt(header.length), true);
  return new Blob([length.buffer, header, pixels, weights], { type: "application/octet-stream" });
}

/**
 * The reverse. Throws `project-format` for what is no project of this version, `project-truncated` and
 * `project-damaged` for what was one, `file-unreadable`.
 * @param {Blob} file
 * @returns {Promise<{ project: Project, fineTuned: FineTunedModel | null }>}
 */
export async function openProject(file) {
  const { description, dataStart } = await readHeader(file);
  const { snapshot, samples, taught, weightsBytes, hashes } = description;
  const weightsStart = dataStart + samples.length * INPUT_BYTES;
  const end = weightsStart + weightsBytes;
  if (file.size < end) throw new SignetError("project-truncated", `${file.size} of ${end} bytes are there`);
  if (file.size > end) throw damaged(`${file.size - end} bytes follow its end`);
  readSnapshot(snapshot); // before anything large is read
  /** @type {Uint8Array[]} */
  const pixels = [];
  const pixelsHash = await hashOf(file.slice(dataStart, weightsStart), (bytes) => {
    // A copy for each: a view would take its neighbours along wherever it is stored.
    for (let at = 0; at < bytes.length; at += INPUT_BYTES) pixels.push(bytes.slice(at, at + INPUT_BYTES));
  });
  requireSame(pixelsHash, hashes["pixels"], "the images'");
  // What was verified is what is kept, whatever becomes of the file on the disk.
  /** @type {Blob[]} */
  const pieces = [];
  const weightsHash = await hashOf(file.slice(weightsStart, end), (bytes) => pieces.push(new Blob([bytes])));
  requireSame(weightsHash, hashes["weights"], "the weights'");
  const weights = new Blob(pieces, { type: "application/octet-stream" });
  const complete = samples.map((sample, index) => ({ ...fieldsOf(sample), pixels: pixels[index] }));
  return {
    project: Project.restore(snapshot, complete),
    fineTuned: taught === null ? null : readFineTuned({ ...fieldsOf(taught), weights }),
  };
}

/** @param {string} what */
const damaged = (what) => new SignetError("project-damaged", what);

/** The description, proven to be what was written, and where the data starts. @param {Blob} file */
async function readHeader(file) {
  const beginning = await bytesOf(file.slice(0, LENGTH_BYTES + START.length));
  const start = new TextDecoder().decode(beginning.subarray(LENGTH_BYTES));
  expect(START.startsWith(start), "it does not start as a project does");
  if (beginning.length < LENGTH_BYTES) throw new SignetError("project-truncated", `${file.size} bytes`);
  const length = Number(new DataView(beginning.buffer).getBigUint64(0, true));
  expect(length <= LONGEST_HEADER, `its header claims ${length} bytes`);
  const dataStart = LENGTH_BYTES + length;
  if (file.size < dataStart) throw new SignetError("project-truncated", `${file.size} bytes with a header of ${length}`);
  const bytes = await bytesOf(file.slice(LENGTH_BYTES, dataStart));
  const metadata = fieldsOf(fieldsOf(parse(new TextDecoder().decode(bytes)))["__metadata__"]);
  const text = metadata[KEY];
  expect(typeof text === "string", "its description is no text");
  const hash = metadata[`${KEY}-sha256`];
  requireSame(await hashOfText(text), hash, "the description's");
  const description = readDescription(parse(text));
  const expected = headerBytes(text, `${hash}`, description.samples.length, description.weightsBytes);
  const same = expected.length === bytes.length && expected.every((byte, index) => byte === bytes[index]);
  if (!same) throw damaged("the header differs from what its description makes");
  return { description, dataStart };
}

/** @param {string} text @returns {unknown} */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SignetError("project-damaged", "the header is not JSON", cause);
  }
}

/** As much of a description as it takes to find the data. @param {unknown} value */
function readDescription(value) {
  const { version, snapshot, samples, taught, weightsBytes, sha256: hashes } = fieldsOf(value);
  expect(version === VERSION, `the file has version ${textOf(version)}, this page reads ${VERSION}`);
  expect(Array.isArray(samples) && samples.length <= MOST_SAMPLES, `its samples are not at most ${MOST_SAMPLES}`);
  expect(Number.isSafeInteger(weightsBytes) && Number(weightsBytes) >= 0, "it does not say how large its weights are");
  expect((taught === null) === (weightsBytes === 0), "its weights and what is said of them don't match");
  const known = { samples: /** @type {unknown[]} */ (samples), weightsBytes: Number(weightsBytes) };
  return { ...known, snapshot, taught, hashes: fieldsOf(hashes) };
}
