// Which model answers: the original, the one that was fine-tuned here, or one that somebody else has shared. All stay loaded, so that
// a switch costs nothing.
import { messages, say } from "../i18n/language.js";
import { copyOf } from "../recognizer/bytes.js";
import { SignetError, asSignetError } from "../recognizer/errors.js";
import { webAssemblyError } from "../recognizer/support.js";
import { button, download, element, field, listenToFiles, part, passFocus } from "../ui/dom.js";
import { showError, showToast } from "../ui/notices.js";

/** @import { WhichModel } from "../recognizer/client.js" */
/** @import { Signet } from "../signet.js" */
/** @import { Scope } from "../library/settings.js" */
/** @import { ErrorCode } from "../recognizer/errors.js" */
/** @import { FineTunedModel } from "./fine-tuned.js" */

/** Why none may be imported or dropped now. @type {Record<"no" | "loading" | "training", import("../i18n/language.js").Words>} */
const HELD = { no: "", loading: () => messages.samples.looking, training: () => messages.model.held };

/** A model of up to so many classes names them all. */
const NAMED_CLASSES = 6;
/** What a file of each is called, without the end that tells its format. @type {Record<WhichModel, string>} */
const FILE_NAMES = { "fine-tuned": "signet-taught", original: "signet-resnet50", shared: "signet-shared" };
/** No model of this network has more bytes, by far: what is larger is another file, chosen by mistake. */
const LARGEST_FILE = 2 ** 29;

/**
 * A model that somebody else has sent, which is nowhere but in this visit. `threshold` is the one that came with it.
 * @typedef {{ weights: Blob, labels: string[], source: string, threshold: import("../ui/threshold.js").Shared | null }} SharedModel
 */
/** What is exported; `trained`: what of it a training has changed. @typedef {{ which: WhichModel, weights: Blob, labels: string[], trained: Scope, fileName: string }} Exported */

/** Names of other programs' models. */
const FOREIGN = /\.(onnx|h5|hdf5|keras|pth?)$/i;

/**
 * @typedef {object} ModelEvents
 * @property {() => void} onUse another model answers from now on
 * @property {(fineTuned: FineTunedModel | null, old: FineTunedModel | null) => void} onFineTuned a person imported or dropped one
 * @property {(format: string, exported: Exported) => void} onExport in a format that other programs read
 * @property {(file: File) => void} onImport a model of another program
 */

export class Models {
  #signet;
  #events;
  /** @type {FineTunedModel | null} */
  fineTuned = null;
  /** Whether the fine-tuned model can answer. One that can't is there to be exported and saved. */
  isUsable = false;
  /** @type {SharedModel | null} */
  shared = null;
  /** @type {WhichModel} */
  inUse = "original";
  /** @type {Set<() => void>} */
  #followers = new Set();
  #switch = field("#model-switch");
  /** @type {keyof typeof HELD} */
  #held = "no";
  /** Adoptions, one after the other. @type {Promise<unknown>} */
  #queue = Promise.resolve();
  /** Counts what was forgotten: an adoption that ends later is nobody's. */
  #era = 0;

  /** @param {Signet | null} signet @param {ModelEvents} events */
  constructor(signet, events) {
    this.#signet = signet;
    this.#events = events;
    this.#switch.addEventListener("change", () => this.use(this.#switch.checked ? "fine-tuned" : "original"));
    button("#reset-model").addEventListener("click", () => {
      const { fineTuned: old } = this;
      passFocus(button("#reset-model"), field("#import-model-input"));
      this.forget();
      events.onFineTuned(null, old);
    });
    button("#export-model").addEventListener("click", () => {
      const { exported } = this;
      if (!exported) return;
      const format = element("#export-format", HTMLSelectElement).value;
      if (format === "safetensors") download(exported.weights, `${exported.fileName}.safetensors`);
      else events.onExport(format, exported);
    });
    signet?.ready.then(() => this.#show(), () => {});
    listenToFiles(field("#import-model-input"), ([file]) => {
      if (!file) return;
      if (FOREIGN.test(file.name)) events.onImport(file);
      else void this.importFile(file);
    });
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
    return this.#fileInUse?.labels ?? this.#signet?.held("original")?.labels ?? [];
  }

  /** @returns {{ weights: Blob, labels: string[] } | null} null for the original */
  get #fileInUse() {
    return this.inUse === "shared" ? this.shared : this.inUse === "fine-tuned" ? this.fineTuned : null;
  }

  /** What “Export Model” writes: the one that was chosen; null before there is any. @returns {Exported | null} */
  get exported() {
    const chosen = /** @type {WhichModel} */ (element("#export-which", HTMLSelectElement).value);
    const which = chosen === "shared" && this.shared ? "shared" : chosen !== "original" && this.fineTuned ? "fine-tuned" : "original";
    const file = { shared: this.shared, "fine-tuned": this.fineTuned, original: this.#original() }[which];
    const trained = which === "fine-tuned" && this.fineTuned ? this.fineTuned.scope : "head";
    return file ? { which, weights: file.weights, labels: file.labels, trained, fileName: FILE_NAMES[which] } : null;
  }

  /** @returns {{ weights: Blob, labels: string[] } | null} */
  #original() {
    const labels = this.#signet?.held("original")?.labels ?? [];
    return this.#signet && labels.length > 0 ? { weights: this.#signet.weights("original"), labels } : null;
  }

  /** Called after each change of what is there and what is in use. @param {() => void} follower */
  follow(follower) {
    this.#followers.add(follower);
  }

  /**
   * Proves somebody else's model and puts it to use, beside the person's own. Throws as `adopt`.
   * @param {SharedModel} shared
   */
  async openShared(shared) {
    if (!this.#signet) throw webAssemblyError();
    const labels = await this.#signet.loadFurther(shared.weights, "shared");
    this.shared = { ...shared, labels };
    this.use("shared");
  }

  /** The model before it answers again, and nothing is left of it. */
  closeShared() {
    this.shared = null;
    if (this.inUse === "shared") this.use(this.isUsable ? "fine-tuned" : "original");
    else this.#show();
    void this.#signet?.unload("shared");
  }

  /**
   * Proves a fine-tuned model and puts it to use. Throws `weights-*` or `self-check`, and leaves all as it was then.
   * @param {FineTunedModel} fineTuned its labels are the weights file's own
   */
  adopt(fineTuned) {
    const era = this.#era;
    const adopting = this.#queue.then(async () => {
      if (!this.#signet) throw webAssemblyError();
      await this.#signet.ready;
      const labels = await this.#signet.loadFurther(fineTuned.weights, "fine-tuned");
      if (era !== this.#era) return;
      Object.assign(this, { fineTuned: { ...fineTuned, labels }, isUsable: true });
      this.use("fine-tuned");
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
    this.use("original");
    void this.#queue.then(() => { if (!this.isUsable) void this.#signet?.unload("fine-tuned"); });
  }

  /** @param {WhichModel} model one that is there */
  use(model) {
    this.inUse = model;
    this.#show();
    this.#events.onUse();
  }

  /** A weights file of ours that the person chose or dropped. @param {File} file */
  async importFile(file) {
    if (this.#held !== "no") return showToast(HELD[this.#held]);
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
    const shown = this.#fileInUse;
    say(part("#model-name"), () => (!shown ? messages.model.original : this.inUse === "shared" ? messages.model.shared(shown.labels) : modelLine(shown.labels)));
    part("#model-name").title = shown ? shown.labels.join(", ") : "";
    this.#switch.checked = this.inUse === "fine-tuned";
    this.#switch.disabled = !this.isUsable;
    for (const option of element("#export-which", HTMLSelectElement).options) {
      option.hidden = option.disabled = option.value === "fine-tuned" ? !fineTuned : option.value === "shared" ? !this.shared : false;
    }
    element("#export-which", HTMLSelectElement).hidden = !fineTuned && !this.shared;
    button("#export-model").disabled = this.exported === null;
    button("#share-link").disabled = fineTuned === null;
    const isHeld = this.#held !== "no";
    button("#reset-model").disabled = fineTuned === null || isHeld;
    field("#import-model-input").disabled = isHeld;
    for (const id of ["#reset-model", "#import-model"]) say(part(id), HELD[this.#held], "title");
    for (const follower of this.#followers) follower();
  }
}

/** @param {string[]} labels */
function modelLine(labels) {
  const { taught, taughtMore } = messages.model;
  return labels.length > NAMED_CLASSES
    ? taughtMore(labels.slice(0, NAMED_CLASSES - 1), labels.length - NAMED_CLASSES + 1) : taught(labels);
}
