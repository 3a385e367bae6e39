// From what a person has decided to samples: which pictures fit, read one by one, and none that is there already.
import { SignetError, asSignetError } from "../recognizer/errors.js";

/** @import { SampleSource, Way } from "./sample-sources.js" */
/** @typedef {{ label: string, pictures: number[] }} Chosen the pictures of a class, and what it is called in the project */
/** @typedef {{ label: string, pixels: Uint8Array<ArrayBuffer>, source: "upload", origin: string }} Incoming */

/** As many are asked for at once, half of them beside the others, so that neither worker waits. */
const AT_ONCE = 4;
/** Ways whose pictures were cropped before, by who took them or by another program: no hand is looked for in them. */
const CROPPED = ["teachable-machine", "data-set", "projects"];

/** Whether a hand is to be found in pictures that are read in a way. @param {Way | undefined} way */
export const isUncropped = (way) => way !== undefined && !CROPPED.includes(way.by);

/**
 * As many pictures of each class as fit into `room`, spread over all that a class has: a film's pictures resemble their neighbours. A class that
 * has few gives all of them.
 * @param {Chosen[]} classes
 * @param {number} room
 * @returns {Chosen[]}
 */
export function fitted(classes, room) {
  const sizes = classes.map(({ pictures }) => pictures.length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= room) return classes;
  // The largest share that all classes can have together.
  let share = 0;
  const taken = (/** @type {number} */ each) => sizes.reduce((sum, size) => sum + Math.min(size, each), 0);
  while (taken(share + 1) <= room) share += 1;
  return classes.map(({ label, pictures }) => {
    const count = Math.min(share, pictures.length);
    return { label, pictures: Array.from({ length: count }, (_, at) => pictures[Math.floor((at * pictures.length) / count)] ?? 0) };
  });
}

/** What tells two images apart in most cases (FNV-1a, Fowler, Noll and Vo, by words). @param {Uint8Array} pixels */
function hashOf(pixels) {
  let hash = 0x811c9dc5;
  const words = new DataView(pixels.buffer, pixels.byteOffset, pixels.length);
  for (let at = 0; at + 4 <= pixels.length; at += 4) hash = Math.imul(hash ^ words.getUint32(at), 0x01000193);
  return hash;
}

/** Images that were seen, by their class and pixels. */
export class Seen {
  /** @type {Map<string, Uint8Array[]>} */
  #images = new Map();

  /** @param {string} label @param {Uint8Array} pixels @returns {boolean} whether it is a new one, which is seen from now on */
  add(label, pixels) {
    const key = `${hashOf(pixels)} ${label}`;
    const alike = this.#images.get(key) ?? [];
    if (alike.some((other) => other.every((value, at) => value === pixels[at]))) return false;
    this.#images.set(key, [...alike, pixels]);
    return true;
  }
}

/**
 * Reads pictures. One that can't be read is named, and the others come all the same.
 * @param {SampleSource} source
 * @param {number} way
 * @param {Chosen[]} classes
 * @param {object} options
 * @param {Seen} options.seen what is there already
 * @param {boolean} options.findsHands whether the hand is looked for in each picture
 * @param {(done: number) => void} options.onProgress
 * @param {AbortSignal} options.signal
 * @returns {Promise<{ incoming: Incoming[], twice: number, refused: SignetError[] }>}
 */
export async function readPictures(source, way, classes, { seen, findsHands, onProgress, signal }) {
  const queue = classes.flatMap(({ label, pictures }) => pictures.map((index) => ({ label, index })));
  /** In the order of the queue, whatever the order in which they arrive. @type {(Uint8Array<ArrayBuffer> | SignetError)[]} */
  const read = [];
  let [next, done] = [0, 0];
  const work = async (/** @type {boolean} */ beside) => {
    for (let at = next++; at < queue.length; at = next++) {
      signal.throwIfAborted();
      const { label = "", index = 0 } = queue[at] ?? {};
      read[at] = await (findsHands ? source.hand(way, index, label) : source.input(way, index, beside)).catch((thrown) => {
        const error = asSignetError(thrown);
        if (/^(worker|module)-/.test(error.code)) throw error; // there is no use in asking on
        return error;
      });
      onProgress(done += 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, worker) => work(worker % 2 === 1)));
  signal.throwIfAborted();
  /** @type {Incoming[]} */
  const incoming = [];
  /** @type {SignetError[]} */
  const refused = [];
  let twice = 0;
  read.forEach((pixels, at) => {
    const { label = "", index = 0 } = queue[at] ?? {};
    if (pixels instanceof SignetError) refused.push(pixels);
    else if (seen.add(label, pixels)) incoming.push({ label, pixels, source: "upload", origin: source.originOf(index) });
    else twice += 1;
  });
  return { incoming, twice, refused };
}
