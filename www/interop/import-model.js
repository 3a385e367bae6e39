// A model of another program, such as Keras': what was understood of it, and, where its statistics may lag behind, the choice to compute
// them anew of pictures. Then it is taken in as a weights file of ours is.
import { messages, say } from "../i18n/language.js";
import { SignetError, asSignetError } from "../recognizer/errors.js";
import { openDialog } from "../teach/dialogs.js";
import { make } from "../ui/dom.js";
import { showError } from "../ui/notices.js";
import { words } from "./words.js";

/** @import { ImportedModel, ModelNote } from "../library/converter-types.js" */
/** @import { Converter } from "../library/converter.js" */
/** @import { Picture } from "../recognizer/protocol.js" */
/** @import { Project } from "../teach/project.js" */
/** @import { Opening } from "./opening.js" */

/** No model of this network has more bytes, an optimizer's state included, by far. */
const LARGEST_FILE = 2 ** 29;
/** As many pictures statistics are computed of, at least and at most. */
export const PICTURES = Object.freeze({ least: 8, most: 200 });
/** A model of up to so many classes names them all. */
const NAMED_CLASSES = 12;

/**
 * @typedef {object} Home what is needed of the rest of the page
 * @property {Project} project
 * @property {(picture: Picture) => Promise<Uint8Array<ArrayBuffer>>} inputOf the middle of a picture
 * @property {(file: File) => Promise<void>} importModel a weights file of ours
 */

/** Whether a file is a weights file of ours, by its first bytes. @param {Blob} file */
async function isOurs(file) {
  const head = new Uint8Array(await file.slice(0, 9).arrayBuffer());
  // The length of a header, of less than four gigabytes, and its brace.
  return head[8] === 0x7b && [4, 5, 6, 7].every((at) => head[at] === 0);
}

/**
 * Takes in a model, ours at once and another program's once the person has seen what it is. What is wrong with it is shown.
 * @param {Converter} converter
 * @param {File} file
 * @param {Home} home
 * @param {Opening} opening
 */
export async function importModelFile(converter, file, home, opening) {
  if (await isOurs(file)) {
    opening.rest();
    return home.importModel(file);
  }
  if (file.size > LARGEST_FILE) throw new SignetError("model-format", `${file.size} bytes`);
  /** @type {ImportedModel} */
  const imported = await opening.during(() => words().samples.opening(file.name), () => converter.call("importModel", file, file.name));
  opening.rest();
  const weights = await shown(converter, file.name, imported, home);
  if (weights) await home.importModel(new File([weights], `${file.name}.safetensors`));
}

/**
 * Shows what was understood. @param {Converter} converter @param {string} name @param {ImportedModel} imported @param {Home} home
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} the weights that the person takes
 */
function shown(converter, name, { weights, labels, notes }, home) {
  return new Promise((done) => {
    /** @type {Uint8Array<ArrayBuffer> | null} */
    let taken = null;
    let isOver = false;
    const isStale = notes.some(({ code }) => code === "training-mode");
    const status = make("p", { className: "note", attributes: { role: "status" }, data: { testid: "model-status" } });
    const bar = make("progress", { hidden: true, says: { "aria-label": () => words().models.import.computing } });
    const take = make("button", { type: "button", className: "primary", says: () => words().models.import.take, data: { testid: "model-take" }, on: { click: () => {
      taken = weights;
      dialog.close();
    } } });

    /** @param {() => Promise<Uint8Array[]>} inputs of 64x64 RGBA */
    async function recompute(inputs) {
      for (const control of dialog.querySelectorAll("input, .model-statistics button")) control.toggleAttribute("disabled", true);
      take.disabled = true;
      bar.hidden = false;
      say(status, () => words().models.import.computing);
      try {
        const some = spread(await inputs(), PICTURES.most);
        const all = new Uint8Array(some.reduce((sum, { length }) => sum + length, 0));
        let end = 0;
        for (const input of some) {
          all.set(input, end);
          end += input.length;
        }
        weights = await converter.call("recomputeStatistics", weights, all);
        say(status, () => words().models.import.computed(some.length));
      } catch (thrown) {
        const { code } = asSignetError(thrown);
        if (!isOver) say(status, () => messages.errors[code]);
      } finally {
        bar.hidden = true;
        take.disabled = false;
        for (const control of dialog.querySelectorAll("input, .model-statistics button")) control.toggleAttribute("disabled", false);
        take.focus();
      }
    }

    const dialog = openDialog(() => words().models.import.title(name), { testid: "import-model-dialog" },
      make("p", { says: () => words().models.import.labels(labels.slice(0, NAMED_CLASSES), labels.length), data: { testid: "model-labels" } }),
      make("ul", { data: { testid: "model-notes" } }, ...notes.map((note) => make("li", { says: () => noteLine(note), data: { note: note.code } }))),
      ...(isStale ? [statisticsChoice(home, recompute)] : []), status, bar,
      make("div", { className: "dialog-actions" },
        make("button", { type: "button", says: () => messages.cancel, data: { testid: "model-cancel" }, on: { click: () => dialog.close() } }), take));
    dialog.addEventListener("close", () => {
      isOver = true;
      done(taken);
    });
  });
}

/** Where the statistics' pictures come from. @param {Home} home @param {(inputs: () => Promise<Uint8Array[]>) => Promise<void>} recompute */
function statisticsChoice({ project, inputOf }, recompute) {
  const files = make("input", { type: "file", accept: "image/*", multiple: true, data: { testid: "model-pictures" } });
  files.addEventListener("change", () => {
    const chosen = [...(files.files ?? [])];
    files.value = "";
    if (chosen.length > 0) void recompute(() => readAll(chosen, inputOf));
  });
  const ofSamples = make("button", { type: "button", disabled: project.count < PICTURES.least, says: () => words().models.import.ofSamples(project.count), data: { testid: "model-samples" },
    on: { click: () => void recompute(async () => [...project.samples()].map(({ pixels }) => pixels)) } });
  return make("div", { className: "model-statistics" },
    make("p", { says: () => words().models.import.statistics(PICTURES.least) }), ofSamples, " ",
    make("label", { className: "field" }, make("span", { says: () => words().models.import.ofPictures }), " ", files));
}

/** The pictures that can be read. @param {File[]} files @param {Home["inputOf"]} inputOf */
async function readAll(files, inputOf) {
  const inputs = [];
  for (const file of files) {
    try {
      inputs.push(await inputOf({ kind: "file", file }));
    } catch (thrown) {
      showError(thrown);
    }
  }
  return inputs;
}

/** So many of a list, spread over it. @template T @param {T[]} list @param {number} most @returns {T[]} */
export const spread = (list, most) => list.length <= most ? list : Array.from({ length: most }, (_, at) => /** @type {T} */ (list[Math.floor(at * list.length / most)]));

/** @param {ModelNote} note */
function noteLine(note) {
  const { notes } = words().models.import;
  switch (note.code) {
    case "labels-numbered": return notes["labels-numbered"](note.classes);
    case "training-mode": return notes["training-mode"](note.layer);
    default: return notes[note.code];
  }
}
