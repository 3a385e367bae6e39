// What a person is asked in a dialog: whether a class may go, and what to do with images.
import { make, pictureCanvas } from "../dom.js";
import { deleteShownName, moveShownName } from "./teach-words.js";

/** @typedef {import("./project.js").Project} Project */
/** @typedef {import("./project.js").Sample} Sample */

/**
 * A dialog that is gone when it closes.
 * @param {string} title
 * @param {Record<string, string>} data
 * @param {...(Node | string)} children
 */
function openDialog(title, data, ...children) {
  const heading = make("h2", { textContent: title, id: "dialog-title" });
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

/**
 * @param {string} question
 * @param {string} line
 * @param {string} yes
 * @returns {Promise<boolean>}
 */
export function confirmed(question, line, yes) {
  return new Promise((done) => {
    const dialog = openDialog(question, { testid: "confirm" }, make("p", { textContent: line }),
      make("div", { className: "dialog-actions" },
        make("button", { type: "button", textContent: "Cancel", data: { testid: "confirm-no" }, on: { click: () => dialog.close() } }),
        make("button", { type: "button", className: "primary", textContent: yes, data: { testid: "confirm-yes" },
          on: { click: () => dialog.close("yes") } })));
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"));
  });
}

/**
 * Images to look at, delete or move: one that was opened, or those of a cell of the confusion matrix.
 * @param {object} options
 * @param {string} options.title
 * @param {Project} options.project
 * @param {string[]} options.ids
 * @param {(id: string) => void} options.onDelete
 * @param {(id: string, classId: string) => void} options.onMove
 * @param {() => void} options.onClose
 * @param {(id: string) => string} [options.lineOf] what is said below an image
 * @param {boolean} [options.moving] whether the choice of the class comes first
 */
export function openSamples({ title, project, ids, onDelete, onMove, onClose, lineOf = () => "", moving = false }) {
  const list = make("ul", { className: ids.length > 1 ? "big-thumbs many" : "big-thumbs" });
  const dialog = openDialog(title, { testid: "samples-dialog" }, list,
    make("div", { className: "dialog-actions" },
      make("button", { type: "button", className: "primary", textContent: "Close", on: { click: () => dialog.close() } })));
  const leave = (/** @type {Element} */ item) => {
    item.remove();
    if (list.childElementCount === 0) dialog.close();
    else list.querySelector("button")?.focus();
  };
  const samples = ids.map((id) => project.sample(id)).filter((sample) => sample !== undefined);
  list.append(...samples.map((sample, index) => {
    const number = samples.length > 1 ? index + 1 : 0;
    const { id, classId, pixels } = sample;
    const line = lineOf(id);
    const choice = make("select", { data: { testid: "move-to" }, attributes: { "aria-label": moveShownName(number) } },
      new Option("Move to…", "", true, true),
      ...project.classes.filter((each) => each.id !== classId).map((each) => new Option(each.label, each.id)));
    choice.addEventListener("change", () => {
      if (!choice.value) return;
      onMove(id, choice.value);
      leave(item);
    });
    const item = make("li", { data: { sample: id } }, pictureCanvas(pixels),
      ...(line ? [make("p", { textContent: line, data: { testid: "reading" } })] : []),
      make("div", { className: "big-thumb-actions" },
        choice,
        make("button", { type: "button", textContent: "Delete", data: { testid: "delete-sample" },
          ...(number ? { attributes: { "aria-label": deleteShownName(number) } } : {}),
          on: { click: () => { onDelete(id); leave(item); } } })));
    return item;
  }));
  dialog.addEventListener("close", onClose);
  list.querySelector(moving ? "select" : "button")?.focus();
}
