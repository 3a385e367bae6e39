// Both models on the same images: asked once after a training, and counted again when images are moved or deleted.
import { messages, renderWith } from "../i18n/language.js";
import { teachesDetector } from "../library/split.js";
import { make, part } from "../ui/dom.js";
import { showError } from "../ui/notices.js";
import { NO_SIGN } from "../recognizer/contract.js";
import { accuracy, classScores, readAs } from "./evaluation.js";
import { confusionTable, scoreTable } from "./matrix.js";

/** @import { Dataset } from "../library/split.js" */
/** @import { Signet } from "../signet.js" */
/** @import { Project } from "./project.js" */
/**
 * What both models have read: `names` has what each class was called when the model was fine-tuned.
 * @typedef {{ readings: { id: string, fineTuned: string, original: string }[], labels: string[], names: Map<string, string>,
 *   of: "validation" | "training" }} Checked
 */

export class Check {
  #signet;
  #project;
  #onOpen;
  #threshold;
  #element = make("section", { className: "matrix", hidden: true, tabIndex: -1, says: { "aria-label": () => messages.check.label } });
  /** @type {Checked | null} */
  #checked = null;
  /** Counts checks, so that an older one that ends late shows nothing. */
  #turn = 0;

  /**
   * @param {Signet} signet
   * @param {Project} project
   * @param {() => number} threshold how probable a sign must be to be answered
   * @param {import("./matrix.js").OnOpen} onOpen a cell was opened
   */
  constructor(signet, project, threshold, onOpen) {
    this.#threshold = threshold;
    this.#signet = signet;
    this.#project = project;
    this.#onOpen = onOpen;
    part("#results").append(this.#element);
    project.addEventListener("change", () => { if (this.#checked) this.#show(this.#checked); });
  }

  /** There is no fine-tuned model any more, or none that was checked. */
  clear() {
    this.#turn += 1;
    this.#checked = null;
    this.#element.hidden = true;
  }

  /** @param {Dataset} set what the fine-tuned model learned from */
  async run(set) {
    this.clear();
    const mine = this.#turn;
    // Without images kept for checking, those it learned from must do; the page says which.
    const of = set.validation.ids.length > 0 ? "validation" : "training";
    const { ids, pixels } = set[of];
    const names = new Map(this.#project.classes.map(({ id, label }) => [id, label]));
    const wait = (/** @type {number} */ done) => {
      if (mine !== this.#turn) return;
      const line = () => messages.check.waiting(ids.length, done / ids.length);
      this.#element.hidden = false;
      renderWith(this.#element, () => this.#element.replaceChildren(make("p", { className: "score-line", says: line })));
    };
    wait(0);
    try {
      const fineTuned = await this.#signet.score("fine-tuned", pixels, { onProgress: (done) => wait(done / 2) });
      if (mine !== this.#turn) return;
      const original = await this.#signet.score("original", pixels, { onProgress: (done) => wait((ids.length + done) / 2) });
      if (mine !== this.#turn) return;
      const originals = this.#originals;
      // With images that show no sign, each answer is one that the page would give.
      const threshold = teachesDetector(set) ? this.#threshold() : null;
      const readings = ids.map((id, index) => ({
        id, fineTuned: readAs(set.labels, fineTuned[index], threshold), original: readAs(originals, original[index], threshold) }));
      this.#checked = { readings, labels: threshold === null ? set.labels : [...set.labels, NO_SIGN], names, of };
      this.#show(this.#checked);
    } catch (thrown) {
      // A model that was replaced meanwhile answers no more, and nobody waits for it.
      if (mine !== this.#turn) return;
      this.clear();
      showError(thrown);
    }
  }

  /** What both models read in an image; "" where they weren't asked. @param {string} id @returns {import("../i18n/language.js").Words} */
  lineOf(id) {
    const checked = this.#checked;
    const reading = checked?.readings.find((each) => each.id === id);
    if (!checked || !reading) return "";
    const { fineTuned, original } = reading;
    const isComparable = this.#isComparable(checked);
    return () => (isComparable ? messages.check.readings(fineTuned, original) : messages.check.reading(fineTuned));
  }

  /** The original model's labels. */
  get #originals() {
    return this.#signet.held("original")?.labels ?? [];
  }

  /** Whether the original knows any of the classes. @param {Checked} checked */
  #isComparable({ labels }) {
    return labels.some((label) => this.#originals.includes(label));
  }

  /** @param {Checked} checked */
  #show(checked) {
    const { readings, labels, names, of } = checked;
    // An image that was deleted counts no more, and one that was moved counts where it is now.
    const answers = readings.flatMap((reading) => {
      const sample = this.#project.sample(reading.id);
      const truth = sample && names.get(sample.classId);
      return truth === undefined ? [] : [{ ...reading, truth }];
    });
    const scores = classScores(labels, answers);
    const isComparable = this.#isComparable(checked);
    const fineTuned = accuracy(scores, "fineTuned");
    const original = isComparable ? accuracy(scores, "original") : null;
    const line = () => {
      const { check } = messages;
      if (fineTuned === null) return "";
      const main = of === "validation" ? check.onKept(fineTuned, answers.length) : check.onLearned(fineTuned, answers.length);
      return `${main} ${original === null ? check.notComparable : check.original(original)}`;
    };
    this.#element.hidden = answers.length === 0;
    renderWith(this.#element, () => this.#element.replaceChildren(
      make("h3", { textContent: messages.check.title }),
      make("p", { className: "score-line", textContent: line(), data: {
        testid: "score", taught: String(fineTuned ?? ""), original: String(original ?? "") } }),
      make("div", { className: "table-scroll confusion-box" }, confusionTable(labels, answers, this.#onOpen)),
      make("div", { className: "table-scroll" }, scoreTable(scores, isComparable))));
  }
}
