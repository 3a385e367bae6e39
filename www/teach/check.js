// Both models on the same images: asked once after a training, and counted again when images are moved or deleted.
import { messages } from "../i18n/language.js";
import { part } from "../ui/dom.js";
import { showError } from "../ui/notices.js";
import { topLabel } from "./evaluation.js";
import { Matrix } from "./matrix.js";

/** @import { SignetClient } from "../recognizer/client.js" */
/** @import { Project } from "./project.js" */
/** @import { Dataset } from "./split.js" */
/** @typedef {{ id: string, fineTuned: string, original: string }} Reading */

export class Check {
  #client;
  #project;
  #matrix;
  /** @type {Reading[]} */
  #readings = [];
  /** @type {string[]} */
  #labels = [];
  /** What each class was called when the model was fine-tuned. @type {Map<string, string>} */
  #names = new Map();
  /** @type {"validation" | "training"} */
  #of = "validation";
  /** Counts checks, so that an older one that ends late shows nothing. */
  #turn = 0;

  /** @param {SignetClient} client @param {Project} project @param {import("./matrix.js").OnOpen} onOpen a cell was opened */
  constructor(client, project, onOpen) {
    this.#client = client;
    this.#project = project;
    this.#matrix = new Matrix(onOpen);
    part("#results").append(this.#matrix.element);
    project.addEventListener("change", () => this.#show());
  }

  /** There is no fine-tuned model any more, or none that was checked. */
  clear() {
    this.#turn += 1;
    this.#readings = [];
    this.#matrix.hide();
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
      if (mine === this.#turn) this.#matrix.showWaiting(() => messages.check.waiting(ids.length, done / ids.length));
    };
    wait(0);
    try {
      const fineTuned = await this.#client.score("fine-tuned", pixels, { onProgress: (done) => wait(done / 2) });
      if (mine !== this.#turn) return;
      const original = await this.#client.score("original", pixels, { onProgress: (done) => wait((ids.length + done) / 2) });
      if (mine !== this.#turn) return;
      const originals = this.#client.labels;
      this.#labels = set.labels;
      this.#names = names;
      this.#of = of;
      this.#readings = ids.map((id, index) => ({
        id, fineTuned: topLabel(set.labels, fineTuned[index] ?? []), original: topLabel(originals, original[index] ?? []) }));
      this.#show();
    } catch (thrown) {
      // A model that was replaced meanwhile answers no more, and nobody waits for it.
      if (mine !== this.#turn) return;
      this.clear();
      showError(thrown);
    }
  }

  /** What both models read in an image; "" where they weren't asked. @param {string} id @returns {import("../i18n/language.js").Words} */
  lineOf(id) {
    const reading = this.#readings.find((each) => each.id === id);
    if (!reading) return "";
    const { fineTuned, original } = reading;
    const isComparable = this.#isComparable;
    return () => (isComparable ? messages.check.readings(fineTuned, original) : messages.check.reading(fineTuned));
  }

  /** Whether the original knows any of the classes. */
  get #isComparable() {
    return this.#labels.some((label) => this.#client.labels.includes(label));
  }

  #show() {
    if (this.#readings.length === 0) return;
    // An image that was deleted counts no more, and one that was moved counts where it is now.
    const answers = this.#readings.flatMap((reading) => {
      const sample = this.#project.sample(reading.id);
      const truth = sample && this.#names.get(sample.classId);
      return truth === undefined ? [] : [{ ...reading, truth }];
    });
    this.#matrix.show(this.#labels, answers, this.#of, this.#isComparable);
  }
}
