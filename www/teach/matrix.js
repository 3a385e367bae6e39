// What the fine-tuned model gets right: the confusion matrix, whose cells open their images, and each class's share,
// beside the original's.
import { messages } from "../i18n/language.js";
import { make } from "../ui/dom.js";
import { confusionMatrix } from "./evaluation.js";

/** @import { Answer } from "./evaluation.js" */
/** @typedef {(title: () => string, ids: string[]) => void} OnOpen */

/** @param {string[]} labels @param {Answer[]} answers @param {OnOpen} onOpen a cell was opened */
export function confusionTable(labels, answers, onOpen) {
  const cells = confusionMatrix(labels, answers);
  const { word } = messages.format;
  const wordy = labels.some((label) => label.length > 3);
  const head = make("tr", {}, make("th", { textContent: messages.check.corner, scope: "col", className: "corner" }),
    ...labels.map((label) => make("th", { scope: "col", title: word(label) }, make("span", { textContent: word(label), dir: "auto" }))));
  const rows = labels.map((truth, index) => {
    const row = cells[index] ?? [];
    const total = row.reduce((sum, ids) => sum + ids.length, 0);
    return make("tr", {}, make("th", { scope: "row", dir: "auto", textContent: word(truth), title: word(truth) }),
      ...row.map((ids, answer) => cellOf(truth, labels[answer] ?? "", ids, total, onOpen)));
  });
  return make("table", { className: wordy ? "confusion wordy" : "confusion", data: { testid: "confusion-matrix" } },
    make("thead", {}, head), make("tbody", {}, ...rows));
}

/** @param {string} truth @param {string} answer @param {string[]} ids @param {number} total @param {OnOpen} onOpen */
function cellOf(truth, answer, ids, total, onOpen) {
  const cell = make("td", { className: truth === answer ? "right" : "wrong", data: { truth, answer, count: String(ids.length) } });
  if (ids.length === 0) {
    cell.textContent = "·";
    return cell;
  }
  const name = () => truth === answer ? messages.check.right(truth, ids.length) : messages.check.wrong(truth, answer, ids.length);
  const opener = make("button", { type: "button", textContent: messages.format.number(ids.length), data: { testid: "cell" },
    says: { "aria-label": name, title: name }, on: { click: () => onOpen(name, ids) } });
  opener.style.setProperty("--share", String(ids.length / total));
  cell.append(opener);
  return cell;
}

/** @param {import("./evaluation.js").ClassScore[]} scores @param {boolean} comparable whether the original knows any of the classes */
export function scoreTable(scores, comparable) {
  const share = (/** @type {number} */ right, /** @type {number} */ count) => (count === 0 ? "–" : messages.format.percent(right / count));
  const { columns } = messages.check;
  const heads = [columns.class, columns.images, columns.original, columns.taught];
  return make("table", { className: "scores", data: { testid: "class-scores" } },
    make("thead", {}, make("tr", {}, ...heads.map((textContent) => make("th", { textContent, scope: "col" })))),
    make("tbody", {}, ...scores.map(({ label, count, fineTuned, original }) => make("tr", { data: { label } },
      make("th", { textContent: messages.format.word(label), scope: "row", dir: "auto", title: messages.format.word(label) }),
      ...[messages.format.number(count), comparable ? share(original, count) : "–", share(fineTuned, count)].map((textContent) => make("td", { textContent }))))));
}
