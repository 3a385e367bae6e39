// What a model is exported as: who reads which file, and how large it is; and the writing of it, which can be ended.
import { messages, say } from "../i18n/language.js";
import { openDialog } from "../teach/dialogs.js";
import { download, element, make, part } from "../ui/dom.js";
import { showError, showToast } from "../ui/notices.js";
import { pageFile } from "./export-page.js";
import { words } from "./words.js";

/** @import { Converter } from "../library/converter.js" */
/** @import { Exported } from "../teach/models.js" */
/** @import { Page } from "./page.js" */

/**
 * A file that other programs read.
 * @typedef {object} Format
 * @property {string} ending of its name
 * @property {(exported: Pick<Exported, "weights" | "trained">) => number} bytes about how many
 * @property {(converter: Converter, exported: Exported, threshold: number) => Promise<BlobPart>} write
 */

/** Sizes of this network: four bytes a weight, or one, and two for those that were trained. */
const FLOATS = 94_500_000;
const INTEGERS = { head: 24_000_000, stage: 39_000_000, all: 47_500_000 };
/** The scripts and the modules of a page of its own. */
const PAGE = 4_600_000;

/** @type {Record<"onnx" | "onnx-int8" | "keras" | "keras-weights" | "page", Format>} */
export const FORMATS = {
  onnx: { ending: ".onnx", bytes: () => FLOATS, write: (converter, { weights }, threshold) => converter.call("exportOnnx", weights, "float32", { threshold }) },
  "onnx-int8": { ending: ".int8.onnx", bytes: ({ trained }) => INTEGERS[trained], write: (converter, { weights }, threshold) => converter.call("exportOnnx", weights, "int8", { threshold }) },
  keras: { ending: ".keras", bytes: () => FLOATS, write: (converter, { weights }) => converter.call("exportKeras", weights, "keras") },
  "keras-weights": { ending: ".weights.h5", bytes: () => FLOATS, write: (converter, { weights }) => converter.call("exportKeras", weights, "weights-h5") },
  page: { ending: "-page.zip", bytes: ({ weights }) => weights.size + PAGE, write: pageFile },
};

export class ExportMenu {
  #page;
  #format = element("#export-format", HTMLSelectElement);
  #note = part("#export-note");

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    this.#format.addEventListener("change", () => this.#show());
    part("#export-which").addEventListener("change", () => this.#show());
    page.models.follow(() => this.#show());
    this.#show();
  }

  /** Writes a file and hands it to the person. @param {string} name of the format @param {Exported} exported */
  async write(name, exported) {
    const format = FORMATS[/** @type {keyof typeof FORMATS} */ (name)];
    const converter = await this.#page.signet.converter();
    let isOver = false;
    const dialog = openDialog(() => words().share.export.writing, { testid: "export-dialog" },
      make("progress", { says: { "aria-label": () => words().share.export.writing } }),
      make("div", { className: "dialog-actions" },
        make("button", { type: "button", data: { testid: "export-cancel" }, says: () => messages.cancel, on: { click: () => dialog.close() } })));
    dialog.addEventListener("close", () => {
      isOver = true;
      converter.close();
    });
    try {
      const file = await format.write(converter, exported, this.#page.threshold(exported.which));
      if (isOver) return;
      download(new Blob([file]), exported.fileName + format.ending);
      showToast(() => words().share.export.done(exported.fileName + format.ending));
    } catch (thrown) {
      if (!isOver) showError(thrown);
    } finally {
      dialog.close();
    }
  }

  #show() {
    const { exported } = this.#page.models;
    const name = /** @type {"safetensors" | keyof typeof FORMATS} */ (this.#format.value);
    this.#note.hidden = exported === null;
    if (exported === null) return;
    const bytes = name === "safetensors" ? exported.weights.size : FORMATS[name].bytes(exported);
    say(this.#note, () => words().share.export.readers[name](messages.format.megabytes(bytes)));
  }
}
