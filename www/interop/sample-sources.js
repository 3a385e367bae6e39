// Where samples come from: a file of another program, opened in the converter, or projects that were saved here.
import { askAboutFile } from "../input/image.js";
import { upright } from "../input/upright.js";
import { SignetError, asSignetError } from "../recognizer/errors.js";
import { openProject } from "../teach/archive.js";
import { LONGEST_ORIGIN } from "../teach/snapshot.js";

/** @import { Guess } from "../library/converter-types.js" */
/** @import { Converter } from "../library/converter.js" */
/** @import { Picture } from "../recognizer/protocol.js" */
/** @import { Sample } from "../teach/snapshot.js" */

/** The text of the module names the file; a larger one fills the memory of a phone. */
export const LARGEST_FILE = 2 ** 29;

/**
 * `by` is `projects` for projects, which can be read in one way alone.
 * @typedef {Omit<Guess, "by"> & { by: Guess["by"] | "projects" }} Way
 */

/**
 * @typedef {object} SampleSource
 * @property {string} name of the file, or of the first of several
 * @property {Way[]} ways in which it can be read, the likeliest first
 * @property {(way: number, index: number, beside?: boolean) => Promise<Uint8Array<ArrayBuffer>>} input the 64x64 RGBA of a picture; `beside` those
 *   that are being read, where that can be
 * @property {(way: number, index: number, label: string) => Promise<Uint8Array<ArrayBuffer>>} hand the same, of the crop where the hand is found,
 *   for a class of this label
 * @property {(index: number) => string} originOf a picture
 * @property {Map<string, number>} origins each with its pictures, where there are several
 */

/**
 * What makes pictures into what the network reads: of their middle, or of the crop where the hand is found, for a class.
 * @typedef {{ inputOf: (picture: Picture) => Promise<Uint8Array<ArrayBuffer>>, handOf: (picture: Picture, label: string) => Promise<Uint8Array<ArrayBuffer>> }} Eyes
 */

/** A file's name as text that is kept: no control characters, no halves of characters. @param {string} name */
export const originOf = (name) => name.replace(/\p{Cc}/gu, " ").trim().slice(0, LONGEST_ORIGIN).replace(/\p{Cs}/gu, "") || "?";

/**
 * Throws `archive-*`, `samples-*`, `data-set` or `file-unreadable`.
 * @param {Converter} converter which holds the file until it is closed
 * @param {File} file
 * @param {Eyes} eyes for what the converter doesn't do: pictures that this browser alone decodes, and hands that are looked for
 * @returns {Promise<SampleSource>}
 */
export async function openSampleFile(converter, file, { inputOf, handOf }) {
  if (file.size > LARGEST_FILE) throw new SignetError("archive-too-large", `${file.size} bytes`);
  /** @type {Way[]} */
  const ways = await converter.call("openSamples", file, file.name);
  const origin = originOf(file.name);
  const fileOf = async (/** @type {number} */ way, /** @type {number} */ index) => new File([await converter.call("sampleFile", way, index)], "");
  const pictureOf = async (/** @type {number} */ way, /** @type {number} */ index) => upright(await fileOf(way, index));
  return {
    name: file.name,
    ways,
    input: async (way, index, beside = false) => {
      try {
        // The worker that classifies makes the same of the same file, and has nothing to do meanwhile. A data set has no files.
        if (beside && ways[way]?.by !== "data-set") return await inputOf({ kind: "file", file: await fileOf(way, index) });
        return await converter.call("sampleInput", way, index);
      } catch (thrown) {
        const error = asSignetError(thrown);
        if (!["picture-format", "picture-broken"].includes(error.code)) throw error;
        return askAboutFile(await pictureOf(way, index), inputOf, () => {});
      }
    },
    hand: async (way, index, label) => askAboutFile(await pictureOf(way, index), (picture) => handOf(picture, label), () => {}),
    originOf: () => origin,
    origins: new Map(),
  };
}

/**
 * Pictures as they are, of one class. Throws `samples-none` where there are none.
 * @param {File[]} files
 * @param {Eyes} eyes
 * @returns {SampleSource}
 */
export function openPictures(files, { inputOf, handOf }) {
  const pictures = files.filter(({ type, name }) => type.startsWith("image/") || /\.(heic|avif|webp)$/i.test(name));
  const [first] = pictures;
  if (!first) throw new SignetError("samples-none", `${files.map(({ name }) => name).join(", ")}: no picture, and no file of samples or of a model`);
  const label = first.name.replace(/\.[^.]*$/, "").replace(/[\s_\-()\d]+$/, "") || first.name;
  const others = files.filter((file) => !pictures.includes(file));
  const pictureOf = (/** @type {number} */ index) => {
    const file = pictures[index];
    if (!file) throw new SignetError("unexpected", `there is no picture ${index}`);
    return upright(file);
  };
  return {
    name: first.name,
    ways: [{ by: "one-class", detail: "", classes: [{ label, isNoSign: false, pictures: [...pictures.keys()] }],
      passedOver: others.length === 0 ? [] : [{ why: "no-picture", count: others.length, names: others.slice(0, 3).map(({ name }) => name) }] }],
    input: async (_, index) => askAboutFile(await pictureOf(index), inputOf, () => {}),
    hand: async (_, index, label) => askAboutFile(await pictureOf(index), (picture) => handOf(picture, label), () => {}),
    originOf: () => "",
    origins: new Map(),
  };
}

/**
 * Projects as one: classes of one name are one class. Throws what `openProject` does, with the name of the file.
 * @param {File[]} files
 * @param {<T>(done: number, open: () => Promise<T>) => Promise<T>} step opens one more, and ends all by throwing
 * @returns {Promise<SampleSource>}
 */
export async function openProjects(files, step) {
  /** @type {{ sample: Sample, label: string, origin: string }[]} */
  const pictures = [];
  const origins = new Map();
  for (const [done, file] of files.entries()) {
    const { project } = await step(done, () => openProject(file).catch((thrown) => {
      const { code, message } = asSignetError(thrown);
      throw new SignetError(code, `${file.name}: ${message}`, thrown);
    }));
    const name = originOf(file.name.replace(/\.signet$/i, ""));
    for (const { id, label } of project.classes) {
      for (const sample of project.samplesOf(id).reverse()) {
        // A project that was merged from others knows better where its images came from.
        const origin = sample.origin ?? name;
        pictures.push({ sample, label, origin });
        origins.set(origin, (origins.get(origin) ?? 0) + 1);
      }
    }
  }
  /** @type {Map<string, number[]>} */
  const classes = new Map();
  pictures.forEach(({ label }, index) => classes.set(label, [...(classes.get(label) ?? []), index]));
  const [first] = files;
  const pixelsOf = async (/** @type {number} */ _, /** @type {number} */ index) => {
    const picture = pictures[index];
    if (!picture) throw new SignetError("unexpected", `there is no picture ${index}`);
    return picture.sample.pixels;
  };
  return {
    name: first?.name ?? "",
    ways: [{ by: "projects", detail: "", passedOver: [],
      classes: [...classes].map(([label, indices]) => ({ label, isNoSign: false, pictures: indices })) }],
    input: pixelsOf,
    hand: pixelsOf,
    originOf: (index) => pictures[index]?.origin ?? "",
    origins,
  };
}
