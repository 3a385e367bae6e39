// What a person is asked in a dialog: whether a class may go, and what to do with images.
import { messages } from "../i18n/language.js";
import { make, pictureCanvas } from "../ui/dom.js";

/** @import { Words } from "../i18n/language.js" */
/** @import { Project } from "./project.js" */
/** @import { Undos } from "./undos.js" */

/**
 * A dialog that is gone when it closes.
 * @param {Words} title
 * @param {Record<string, string>} data
 * @param {...(Node | string)} children
 */
export function openDialog(title, data, ...children) {
  const heading = make("h2", { says: title, id: "dialog-title" });
  const dialog = make("dialog", { data, attributes: { "aria-labelledby": "dialog-title" } }, heading, ...children);
  const opener = document.activeElement;
  const around = opener?.closest("[tabindex='-1']:not(button)");
  dialog.addEventListener("close", () => {
    dialog.remove();
    // What opened it may be gone by then; the card or the table that it was in is not.
    if (!opener?.isConnected && around instanceof HTMLElement) around.focus();
  });
  // A press beside the dialog closes it, as people expect.
  dialog.addEventListener("click", ({ target }) => { if (target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** @param {Words} question @param {Words} line @param {Words} yes @returns {Promise<boolean>} */
export function confirmed(question, line, yes) {
  return new Promise((done) => {
    const dialog = openDialog(question, { testid: "confirm" }, make("p", { says: line }),
      make("div", { className: "dialog-actions" },
        make("button", { type: "button", says: () => messages.cancel, data: { testid: "confirm-no" }, on: { click: () => dialog.close() } }),
        make("button", { type: "button", className: "primary", says: yes, data: { testid: "confirm-yes" },
          on: { click: () => dialog.close("yes") } })));
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"));
  });
}

/**
 * Images to look at, delete or move: one that was opened, or those of a cell of the confusion matrix.
 * @param {object} options
 * @param {Words} options.title
 * @param {Project} options.project
 * @param {string[]} options.ids
 * @param {Undos} options.undos
 * @param {(id: string) => Words} [options.lineOf] what is said below an image
 * @param {boolean} [options.moving] whether the choice of the class comes first
 * @param {(id: string) => Promise<{ id: string, undo: () => void } | null>} options.recrop asks for another crop of an image, which takes its place
 * @param {(id: string) => boolean} options.canRecrop
 */
export function openSamples({ title, project, undos, ids, lineOf = () => "", moving = false, recrop, canRecrop }) {
  const undosBefore = undos.count;
  const list = make("ul", { className: ids.length > 1 ? "big-thumbs many" : "big-thumbs" });
  const dialog = openDialog(title, { testid: "samples-dialog" }, list,
    make("div", { className: "dialog-actions" },
      make("button", { type: "button", className: "primary", says: () => messages.close, on: { click: () => dialog.close() } })));
  const leave = (/** @type {Element} */ item) => {
    item.remove();
    if (list.childElementCount === 0) dialog.close();
    else list.querySelector("button")?.focus();
  };
  const samples = ids.map((id) => project.sample(id)).filter((sample) => sample !== undefined);
  list.append(...samples.map((sample, index) => {
    // One of several is told apart by its number.
    const number = samples.length > 1 ? index + 1 : 0;
    const { id, classId, pixels, origin } = sample;
    const line = lineOf(id);
    const choice = make("select", { data: { testid: "move-to" }, says: { "aria-label": () => (number ? messages.card.moveNumber(number) : messages.card.moveTo) } },
      make("option", { value: "", selected: true, says: () => messages.card.moveTo }),
      ...project.classes.filter((each) => each.id !== classId).map((each) => new Option(messages.format.word(each.label), each.id)));
    choice.addEventListener("change", () => {
      if (!choice.value) return;
      undos.add(() => messages.samples.imageMoved, project.moveSample(id, choice.value));
      leave(item);
    });
    const item = make("li", { data: { sample: id } }, pictureCanvas(pixels),
      ...(line ? [make("p", { says: line, data: { testid: "reading" } })] : []),
      ...(origin ? [make("p", { says: () => messages.card.from(origin), data: { testid: "origin" } })] : []),
      make("div", { className: "big-thumb-actions" },
        choice,
        ...(canRecrop(id) ? [make("button", { type: "button", data: { testid: "recrop" },
          says: { text: () => messages.card.crop, ...(number ? { "aria-label": () => messages.card.cropNumber(number) } : {}) },
          on: { click: async () => {
            const cropped = await recrop(id);
            if (!cropped) return;
            undos.add(() => messages.samples.imageCropped, cropped.undo);
            leave(item);
          } } })] : []),
        make("button", { type: "button", data: { testid: "delete-sample" },
          says: { text: () => messages.delete, ...(number ? { "aria-label": () => messages.card.deleteNumber(number) } : {}) },
          on: { click: () => {
            undos.add(() => messages.samples.imageDeleted, project.removeSample(id));
            leave(item);
          } } })));
    return item;
  }));
  // The toast lay behind the dialog.
  dialog.addEventListener("close", () => { if (undos.count > undosBefore) undos.offer(); });
  list.querySelector(moving ? "select" : "button")?.focus();
}
