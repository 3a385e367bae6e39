// Which model answers: the original, or the one that was fine-tuned here. Both stay loaded, so that a switch costs nothing.
import { messages, say } from "../i18n/language.js";
import { copyOf } from "../recognizer/bytes.js";
import { SignetError, asSignetError } from "../recognizer/errors.js";
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
/** No model of this network has more bytes, by far: what is larger is another file, chosen by mistake. */
const LARGEST_FILE = 2 ** 29;

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
  /** Whether the fine-tuned model can answer. One that can't is there to be exported and saved. */
  isUsable = false;
  /** @type {"original" | "fine-tuned"} */
  inUse = "original";
  #switch = field("#model-switch");
  /** @type {keyof typeof HELD} */
  #held = "no";
  /** Adoptions, one after the other. @type {Promise<unknown>} */
  #queue = Promise.resolve();
  /** Counts what was forgotten: an adoption that ends later is nobody's. */
  #era = 0;

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
    const era = this.#era;
    const adopting = this.#queue.then(async () => {
      if (!this.#client) throw webAssemblyError();
      await this.#client.ready;
      const labels = await this.#client.loadFineTuned(fineTuned.weights);
      if (era !== this.#era) return;
      Object.assign(this, { fineTuned: { ...fineTuned, labels }, isUsable: true });
      this.#use("fine-tuned");
    });
    this.#queue = adopting.catch(() => {});
    return adopting;
  }

  /**
   * As `adopt`, for a model that no file of the person's holds: where it throws, the model is there all the same, to be
   * exported and saved, and the original answers.
   * @param {FineTunedModel} fineTuned
   */
  async keep(fineTuned) {
    // At once where the original answers: a project may be saved before the network is there.
    if (this.inUse === "original") {
      Object.assign(this, { fineTuned, isUsable: false });
      this.#show();
    }
    try {
      await this.adopt(fineTuned);
    } catch (thrown) {
      this.#leave(fineTuned);
      throw thrown;
    }
  }

  forget() {
    this.#era += 1;
    this.#leave(null);
  }

  /** The original answers from now on. @param {FineTunedModel | null} fineTuned */
  #leave(fineTuned) {
    Object.assign(this, { fineTuned, isUsable: false });
    this.#use("original");
    void this.#queue.then(() => { if (!this.isUsable) this.#client?.unloadFineTuned(); });
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
      if (file.size > LARGEST_FILE) throw new SignetError("weights-format", `${file.size} bytes`);
      const weights = await copyOf(file);
      const { fineTuned: old } = this;
      await this.adopt({ weights, labels: [], fingerprint: "", history: [], scope: "head", imported: true });
      this.#events.onFineTuned(this.fineTuned, old);
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
    this.#switch.disabled = !this.isUsable;
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
