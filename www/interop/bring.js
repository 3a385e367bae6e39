// Whatever a person brings, to where it belongs: projects, models, files of samples. What a file is, its content decides.
import { messages } from "../i18n/language.js";
import { storeAlso } from "../offline/offline.js";
import { SignetError, asSignetError } from "../recognizer/errors.js";
import { openDialog } from "../teach/dialogs.js";
import { loadStyle, make } from "../ui/dom.js";
import { hideError, showError } from "../ui/notices.js";
import { FILES } from "./files.js";
import { showGuess } from "./guess-dialog.js";
import { importModelFile } from "./import-model.js";
import { Opening } from "./opening.js";
import { LARGEST_FILE, openPictures, openProjects, openSampleFile } from "./sample-sources.js";
import { loadWords, words } from "./words.js";

/** @import { Converter } from "../library/converter.js" */
/** @import { Picture } from "../recognizer/protocol.js" */
/** @import { Project } from "../teach/project.js" */
/** @import { Undos } from "../teach/undos.js" */

/**
 * What is needed of the rest of the page.
 * @typedef {object} Page
 * @property {Project} project
 * @property {Undos} undos
 * @property {(picture: Picture) => Promise<Uint8Array<ArrayBuffer>>} inputOf the middle of a picture
 * @property {(picture: Picture, label: string) => Promise<Uint8Array<ArrayBuffer>>} handOf the crop where the hand is found, for a class of this label
 * @property {(labels: string[]) => number | null} searchMs how long that takes in a picture; null where the hand isn't looked for, once there are
 *   classes of these labels as well
 * @property {(file: File) => Promise<void>} openProject in the place of what is open
 * @property {(file: File) => Promise<void>} importModel
 * @property {() => Promise<Converter>} converter
 */

/** Bytes by which a weights file and a project are told; archives and HDF5 are looked into. */
const HEAD = 64;

/** Whether a file is an archive or an HDF5 file. @param {Blob} file */
const isContainer = async (file) => /^(PK\x03\x04|\x89HDF)/.test(String.fromCharCode(...new Uint8Array(await file.slice(0, 4).arrayBuffer())));

/** @param {File} file */
const lineOf = (file) => () => words().samples.opening(file.name);

export class Bring {
  #page;
  /** One thing that is brought after the other. @type {Promise<unknown>} */
  #queue = Promise.resolve();

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
  }

  /** Loads what is needed besides the scripts. @param {Page} page */
  static async start(page) {
    await Promise.all([loadWords(), loadStyle(new URL("samples.css", import.meta.url))]);
    void storeAlso([...FILES]); // so that it works without a network from now on
    return new Bring(page);
  }

  /** @param {File[]} files */
  receive(files) {
    const received = this.#queue.then(() => this.#receive(files)).catch(showError);
    this.#queue = received;
    return received;
  }

  /** @param {File[]} files */
  async #receive(files) {
    hideError();
    // Its memory goes back when all is taken.
    const converter = await this.#page.converter();
    const opening = new Opening(() => converter.close());
    try {
      /** @type {Record<import("../library/converter-types.js").FileKind, File[]>} */
      const kinds = { project: [], model: [], samples: [], other: [] };
      for (const file of files) kinds[await opening.during(lineOf(file), () => this.#kindOf(converter, file))].push(file);
      for (const file of kinds.model) await importModelFile(converter, file, this.#page, opening);
      await this.#receiveProjects(kinds.project, opening);
      opening.rest();
      if (kinds.other.length > 0) await showGuess(openPictures(kinds.other, this.#page), this.#page);
      for (const file of kinds.samples) {
        const source = await opening.during(lineOf(file), () => openSampleFile(converter, file, this.#page));
        opening.rest();
        await showGuess(source, this.#page);
      }
    } catch (thrown) {
      if (!opening.signal.aborted) throw thrown;
    } finally {
      opening.rest();
      converter.close();
    }
  }

  /** @param {Converter} converter @param {File} file @returns {Promise<import("../library/converter-types.js").FileKind>} */
  async #kindOf(converter, file) {
    try {
      const whole = await isContainer(file);
      if (whole && file.size > LARGEST_FILE) throw new SignetError("archive-too-large", `${file.size} bytes`);
      return await converter.call("fileKind", whole ? file : file.slice(0, HEAD), file.name);
    } catch (thrown) {
      // A folder, for one, is a file that can't be read.
      throw thrown instanceof SignetError ? thrown : new SignetError("file-unreadable", asSignetError(thrown).message, thrown);
    }
  }

  /** @param {File[]} files @param {Opening} opening */
  async #receiveProjects(files, opening) {
    const [first] = files;
    if (!first) return;
    opening.rest();
    if (files.length === 1) {
      const choice = this.#page.project.count === 0 ? "open" : await chooseForProject(first.name);
      if (choice === "open") return this.#page.openProject(first);
      if (choice !== "merge") return;
    }
    const source = await openProjects(files, (done, open) => opening.during(() => words().samples.openingProject(done + 1, files.length), open));
    opening.rest();
    await showGuess(source, this.#page);
  }
}

/** Whether a project takes the place of the one that is open, or its images come beside those there. @param {string} name @returns {Promise<string>} "open", "merge", or "" */
function chooseForProject(name) {
  const answer = (/** @type {string} */ value) => ({ click: () => dialog.close(value) });
  const dialog = openDialog(() => words().samples.oneProject(name), { testid: "import-project" },
    make("p", { says: () => words().samples.oneProjectLine }),
    make("div", { className: "dialog-actions" },
      make("button", { type: "button", says: () => messages.cancel, on: answer("") }),
      make("button", { type: "button", says: () => words().samples.merge, data: { testid: "project-merge" }, on: answer("merge") }),
      make("button", { type: "button", className: "primary", says: () => words().samples.openInstead, data: { testid: "project-open" }, on: answer("open") })));
  return new Promise((done) => {
    dialog.addEventListener("close", () => done(dialog.returnValue));
  });
}
