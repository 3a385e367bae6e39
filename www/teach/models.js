// Which model answers: the original, or the one that was fine-tuned here. Both stay loaded, so that a switch costs nothing.
import { messages, say } from "../i18n/language.js";
import { asSignetError } from "../recognizer/errors.js";
import { webAssemblyError } from "../recognizer/support.js";
import { button, download, field, listenToFiles, part, passFocus } from "../ui/dom.js";
import { showError } from "../ui/notices.js";

/** @import { SignetClient } from "../recognizer/client.js" */
/** @import { ErrorCode } from "../recognizer/errors.js" */
/** @import { FineTunedModel } from "./fine-tuned.js" */

/** Why none may be imported or dropped now. @type {Record<"no" | "loading" | "training", import("../i18n/language.js").Words>} */
const HELD = { no: "", loading: () => messages.samples.looking, training: () => messages.model.held };

/** A model of up to so many classes names them all. */
const NAMED_CLASSES = 6;
const FILE_NAME = "signet-taught.safetensors";

/**
 * @typedef {object} ModelEvents
 * @property {() => void} onUse another model answers from now on
 * @property {(fineTuned: FineTunedModel | null, old: FineTunedModel | null) => void} onFineTuned a person imported or dropped one
 */

export class Models {
  #client;
  #events;
  /** @type {FineTunedModel | null} */
  fineTuned = null;
  /** @type {"original" | "fine-tuned"} */
  inUse = "original";
  #switch = field("#model-switch");
  /** @type {keyof typeof HELD} */
  #held = "no";
  /** Adoptions, one after the other. @type {Promise<unknown>} */
  #queue = Promise.resolve();

  /** @param {SignetClient | null} client @param {ModelEvents} events */
  constructor(client, events) {
    this.#client = client;
    this.#events = events;
    this.#switch.addEventListener("change", () => this.#use(this.#switch.checked ? "fine-tuned" : "original"));
    button("#reset-model").addEventListener("click", () => {
      const { fineTuned: old } = this;
      passFocus(button("#reset-model"), field("#import-model-input"));
      this.forget();
      events.onFineTuned(null, old);
    });
    button("#export-model").addEventListener("click", () => {
      if (this.fineTuned) download(this.fineTuned.weights, FILE_NAME);
    });
    listenToFiles(field("#import-model-input"), ([file]) => { if (file) void this.#import(file); });
    this.#show();
  }

  /** Keeps the person from importing and resetting, and says why. @param {keyof typeof HELD} reason */
  hold(reason) {
    if (reason === this.#held) return;
    this.#held = reason;
    this.#show();
  }

  /** The labels of the model in use, once there is one. */
  get labels() {
    return this.inUse === "fine-tuned" && this.fineTuned ? this.fineTuned.labels : (this.#client?.labels ?? []);
  }

  /**
   * Proves a fine-tuned model and puts it to use. Throws `weights-*` or `self-check`, and leaves all as it was then.
   * @param {FineTunedModel} fineTuned its labels are the weights file's own
   */
  adopt(fineTuned) {
    const adopting = this.#queue.then(async () => {
      if (!this.#client) throw webAssemblyError();
      await this.#client.ready;
      const labels = await this.#client.loadFineTuned(fineTuned.weights);
      this.fineTuned = { ...fineTuned, labels };
      this.#use("fine-tuned");
      return this.fineTuned;
    });
    this.#queue = adopting.catch(() => {});
    return adopting;
  }

  forget() {
    this.fineTuned = null;
    this.#use("original");
    void this.#queue.then(() => { if (!this.fineTuned) this.#client?.unloadFineTuned(); });
  }

  /** @param {"original" | "fine-tuned"} model */
  #use(model) {
    this.inUse = model;
    this.#show();
    this.#events.onUse();
  }

  /** @param {File} file */
  async #import(file) {
    try {
      const { fineTuned: old } = this;
      const fineTuned = await this.adopt({ weights: file, labels: [], fingerprint: "", history: [], scope: "head", imported: true });
      this.#events.onFineTuned(fineTuned, old);
    } catch (thrown) {
      const { code } = asSignetError(thrown);
      // The file is to blame, and not the server's.
      showError(thrown, () => /** @type {Partial<Record<ErrorCode, string>>} */ (messages.model.importErrors)[code] ?? messages.errors[code]);
    }
  }

  #show() {
    const { fineTuned } = this;
    part("#result").classList.toggle("has-fine-tuned", fineTuned !== null);
    const shown = this.inUse === "fine-tuned" ? fineTuned : null;
    say(part("#model-name"), () => (shown ? modelLine(shown.labels) : messages.model.original));
    part("#model-name").title = shown ? shown.labels.join(", ") : "";
    this.#switch.checked = this.inUse === "fine-tuned";
    this.#switch.disabled = fineTuned === null;
    button("#export-model").disabled = fineTuned === null;
    const isHeld = this.#held !== "no";
    button("#reset-model").disabled = fineTuned === null || isHeld;
    field("#import-model-input").disabled = isHeld;
    for (const id of ["#reset-model", "#import-model"]) say(part(id), HELD[this.#held], "title");
  }
}

/** @param {string[]} labels */
function modelLine(labels) {
  const { taught, taughtMore } = messages.model;
  return labels.length > NAMED_CLASSES
    ? taughtMore(labels.slice(0, NAMED_CLASSES - 1), labels.length - NAMED_CLASSES + 1) : taught(labels);
}
