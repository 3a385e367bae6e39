// Pictures on their way into a class: made into what the model sees, added one by one, the unreadable ones named.
import { messages } from "../i18n/language.js";
import { askAboutFile } from "../input/image.js";
import { upright } from "../input/upright.js";
import { NO_SIGN } from "../recognizer/contract.js";
import { SignetError, asSignetError } from "../recognizer/errors.js";
import { showError, showToast } from "../ui/notices.js";
import { isLeftover } from "./leftovers.js";

/** @import { Crop, Picture } from "../recognizer/protocol.js" */
/** @import { Project } from "./project.js" */
/** @import { MakeInput, SampleInput } from "./sample-inputs.js" */
/** @import { Source } from "./snapshot.js" */
/** A picture that samples are crops of, and the crop. @typedef {{ file: Blob, crop: Crop, width: number, height: number }} Original */

/** As many files are read while one is worked on. */
const AT_ONCE = 3;
/** As many refused files are named, and the others counted. */
const NAMED = 3;
/** So many images of a recording wait at most, so that a slow device records slower instead of filling its memory. */
const MOST_WAITING = 12;

export class SampleImport {
  #project;
  #makeInput;
  #waiting = 0;
  /** The files that samples came from, as long as the page is open: their crops can be moved. @type {Map<string, Original>} */
  #originals = new Map();

  /** @param {Project} project @param {MakeInput} makeInput */
  constructor(project, makeInput) {
    this.#project = project;
    this.#makeInput = makeInput;
  }

  /**
   * One picture that is pixels already.
   * @param {string} classId
   * @param {Picture} picture
   * @param {Source} source
   * @param {boolean} [fresh] whether it is the first of its video
   * @returns {Promise<SampleInput | null>} what was kept of it
   */
  async add(classId, picture, source, fresh) {
    if (this.#waiting >= MOST_WAITING) return null;
    this.#waiting += 1;
    try {
      const input = await this.#makeInput(picture, { label: this.#labelOf(classId), source, fresh });
      this.#keep(classId, input, source);
      return input;
    } finally {
      this.#waiting -= 1;
    }
  }

  /**
   * All files that are pictures. Then tells which ones aren't.
   * @param {string} classId
   * @param {File[]} files
   * @param {Source} source
   * @param {(line: import("../i18n/language.js").Words) => void} onProgress
   */
  async addFiles(classId, files, source, onProgress) {
    const queue = [...files];
    /** @type {{ name: string, error: SignetError }[]} */
    const refused = [];
    let added = 0;
    let full = false;
    const work = async () => {
      for (let file = queue.shift(); file && !full; file = queue.shift()) {
        const done = added + refused.length;
        if (files.length > 1) onProgress(() => messages.samples.adding(done, files.length));
        try {
          const picture = await upright(file);
          const purpose = { label: this.#labelOf(classId), source };
          const input = await askAboutFile(picture, (asked) => this.#makeInput(asked, purpose), tellCut);
          this.#keep(classId, input, source, picture);
          added += 1;
        } catch (thrown) {
          const error = asSignetError(thrown);
          full ||= error.code === "samples-full";
          refused.push({ name: file.name, error });
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    onProgress("");
    const [first] = refused;
    if (!first) return;
    const error = refused.find(({ error: { code } }) => code === "samples-full")?.error ?? first.error;
    for (const { name } of queue) refused.push({ name, error });
    const names = refused.slice(0, NAMED).map(({ name }) => name);
    const refusedLine = () => messages.samples.refused(added, refused.length, names, refused.length - names.length);
    showError(error, () => (files.length > 1 ? `${refusedLine()} ` : "") + messages.errors[error.code]);
  }

  /** The picture of a sample's crop, where it came from a file since the page was opened. @param {string} id */
  originalOf(id) {
    return this.#originals.get(id);
  }

  /**
   * Another crop of a sample's picture in its place.
   * @param {string} id
   * @param {Crop} box
   * @returns {Promise<{ id: string, undo: () => void } | null>} the sample's new id; null where it or its picture is gone
   */
  async recrop(id, box) {
    const sample = this.#project.sample(id);
    const original = this.#originals.get(id);
    if (!sample || !original) return null;
    const purpose = { label: this.#labelOf(sample.classId), source: sample.source, box };
    const { pixels, crop } = await askAboutFile(original.file, (picture) => this.#makeInput(picture, purpose), () => {});
    if (this.#project.sample(id) !== sample) return null;
    const replaced = this.#project.replaceSample(id, pixels);
    this.#originals.set(replaced.id, { ...original, crop });
    return replaced;
  }

  /** @param {string} classId @param {SampleInput} input @param {Source} source @param {Blob} [file] that it is a crop of */
  #keep(classId, { pixels, crop, width, height }, source, file) {
    // The class may have been deleted while its picture was on its way.
    if (!this.#project.classes.some(({ id }) => id === classId)) return;
    const { id } = this.#project.addSample(classId, pixels, source);
    if (file) this.#originals.set(id, { file, crop, width, height });
  }

  /** @param {string} classId */
  #labelOf(classId) {
    return this.#project.classes.find(({ id }) => id === classId)?.label ?? "";
  }
}

/** @param {number} share of the rows that there are */
const tellCut = (share) => showToast(() => messages.input.cut(share));

/**
 * The pictures of a folder; a file that is none, such as its list of contents, is passed over.
 * @param {File[]} files
 */
export function picturesOf(files) {
  const pictures = files.filter(({ type, name, webkitRelativePath }) => (
    (type.startsWith("image/") || /\.(heic|avif|webp)$/i.test(name)) && ![name, ...webkitRelativePath.split("/")].some(isLeftover)));
  if (pictures.length === 0) throw new SignetError("folder-empty", `${files.length} files, none of them a picture`);
  return pictures;
}

/** Where dropped files lay; chosen ones know it themselves. @type {WeakMap<File, string>} */
const droppedFrom = new WeakMap();

/** Whether a file lies in a folder that is named as no sign. @param {File} file */
export const isOfNoSign = (file) => (droppedFrom.get(file) ?? file.webkitRelativePath).split("/").slice(0, -1).includes(NO_SIGN);

/**
 * Everything that a drop brings, folders opened. Must be called while the drop is being handled.
 * @param {DataTransfer} transfer
 */
export async function droppedFiles(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null).filter((entry) => entry !== null);
  const isFolder = entries.some(({ isDirectory }) => isDirectory);
  if (!isFolder) return { files: [...transfer.files], isFolder };
  const files = await Promise.all(entries.map(filesOf));
  return { files: files.flat(), isFolder };
}

/** @param {FileSystemEntry} entry @returns {Promise<File[]>} */
async function filesOf(entry) {
  if (entry.isFile) {
    const file = await /** @type {Promise<File>} */ (new Promise((done, fail) => /** @type {FileSystemFileEntry} */ (entry).file(done, fail)));
    droppedFrom.set(file, entry.fullPath);
    return [file];
  }
  if (isLeftover(entry.name)) return [new File([], entry.name)]; // counts as one that is passed over
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {File[]} */
  const files = [];
  for (;;) {
    // A reader hands out a hundred at a time, and nothing when there is no more.
    const entries = await /** @type {Promise<FileSystemEntry[]>} */ (new Promise((done, fail) => reader.readEntries(done, fail)));
    if (entries.length === 0) return files;
    for (const inner of entries) files.push(...(await filesOf(inner)));
  }
}
