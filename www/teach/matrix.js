// What the fine-tuned model gets right: the confusion matrix, whose cells open their images, and each class's share,
// beside the original's.
import { messages, renderWith } from "../i18n/language.js";
import { make } from "../ui/dom.js";
import { accuracy, classScores, confusionMatrix } from "./evaluation.js";

/** @import { Answer } from "./evaluation.js" */
/** @typedef {(title: () => string, ids: string[]) => void} OnOpen */

export class Matrix {
  element = make("section", { className: "matrix", hidden: true, tabIndex: -1, says: { "aria-label": () => messages.check.label } });
  #onOpen;

  /** @param {OnOpen} onOpen a cell was opened */
  constructor(onOpen) {
    this.#onOpen = onOpen;
  }

  hide() {
    this.element.hidden = true;
  }

  /** Says how far the checking is. @param {import("../i18n/language.js").Words} line */
  showWaiting(line) {
    this.element.hidden = false;
    renderWith(this.element, () => this.element.replaceChildren(make("p", { className: "score-line", says: line })));
  }

  /**
   * @param {string[]} labels
   * @param {Answer[]} answers
   * @param {"validation" | "training"} of which images they are
   * @param {boolean} comparable whether the original knows any of the classes
   */
  show(labels, answers, of, comparable) {
    const scores = classScores(labels, answers);
    this.element.hidden = answers.length === 0;
    const fineTuned = accuracy(scores, "fineTuned");
    const original = comparable ? accuracy(scores, "original") : null;
    renderWith(this.element, () => this.element.replaceChildren(
      make("h3", { textContent: messages.check.title }),
      make("p", { className: "score-line", textContent: scoreLine(of, answers.length, fineTuned, original), data: {
        testid: "score", taught: String(fineTuned ?? ""), original: String(original ?? "") } }),
      make("div", { className: "table-scroll confusion-box" }, this.#table(labels, answers)),
      make("div", { className: "table-scroll" }, scoreTable(scores, comparable))));
  }

  /** @param {string[]} labels @param {Answer[]} answers */
  #table(labels, answers) {
    const cells = confusionMatrix(labels, answers);
    const wordy = labels.some((label) => label.length > 3);
    const head = make("tr", {}, make("th", { textContent: messages.check.corner, scope: "col", className: "corner" }),
      ...labels.map((label) => make("th", { scope: "col", title: label }, make("span", { textContent: label, dir: "auto" }))));
    const rows = cells.map((row, truth) => {
      const total = row.reduce((sum, ids) => sum + ids.length, 0);
      return make("tr", {}, make("th", { scope: "row", dir: "auto", textContent: labels[truth] ?? "", title: labels[truth] ?? "" }),
        ...row.map((ids, answer) => this.#cell(labels[truth] ?? "", labels[answer] ?? "", ids, total)));
    });
    return make("table", { className: wordy ? "confusion wordy" : "confusion", data: { testid: "confusion-matrix" } },
      make("thead", {}, head), make("tbody", {}, ...rows));
  }

  /** @param {string} truth @param {string} answer @param {string[]} ids @param {number} total */
  #cell(truth, answer, ids, total) {
    const cell = make("td", { className: truth === answer ? "right" : "wrong", data: { truth, answer, count: String(ids.length) } });
    if (ids.length === 0) {
      cell.textContent = "·";
      return cell;
    }
    const name = () => truth === answer ? messages.check.right(truth, ids.length) : messages.check.wrong(truth, answer, ids.length);
    const opener = make("button", { type: "button", textContent: messages.format.number(ids.length), data: { testid: "cell" },
      says: { "aria-label": name, title: name }, on: { click: () => this.#onOpen(name, ids) } });
    opener.style.setProperty("--share", String(ids.length / total));
    cell.append(opener);
    return cell;
  }
}

/** @param {import("./evaluation.js").ClassScore[]} scores @param {boolean} comparable */
function scoreTable(scores, comparable) {
  const share = (/** @type {number} */ right, /** @type {number} */ count) => (count === 0 ? "–" : messages.format.percent(right / count));
  const { columns } = messages.check;
  const heads = [columns.class, columns.images, columns.original, columns.taught];
  return make("table", { className: "scores", data: { testid: "class-scores" } },
    make("thead", {}, make("tr", {}, ...heads.map((textContent) => make("th", { textContent, scope: "col" })))),
    make("tbody", {}, ...scores.map(({ label, count, fineTuned, original }) => make("tr", { data: { label } },
      make("th", { textContent: label, scope: "row", dir: "auto", title: label }),
      ...[messages.format.number(count), comparable ? share(original, count) : "–", share(fineTuned, count)].map((textContent) => make("td", { textContent }))))));
}

/** @param {"validation" | "training"} of which images @param {number} count @param {number | null} fineTuned @param {number | null} original */
function scoreLine(of, count, fineTuned, original) {
  const { check } = messages;
  if (fineTuned === null) return "";
  const line = of === "validation" ? check.onKept(fineTuned, count) : check.onLearned(fineTuned, count);
  return `${line} ${original === null ? check.notComparable : check.original(original)}`;
}
