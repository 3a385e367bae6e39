// Which model answers: the original, or the one that was taught here. Both stay loaded, so that a switch costs nothing.
import { button, download, field, part } from "../dom.js";
import { asSignetError } from "../protocol.js";
import { webAssemblyError } from "../support.js";
import { IMPORT_SENTENCES, ORIGINAL_LINE, modelLine } from "./teach-words.js";

/** @typedef {import("../client.js").SignetClient} SignetClient */
/** @typedef {import("./taught.js").TaughtModel} TaughtModel */

const FILE_NAME = "signet-taught.safetensors";

/**
 * @typedef {object} ModelEvents
 * @property {() => void} onUse another model answers from now on
 * @property {(taught: TaughtModel | null, old: TaughtModel | null) => void} onTaught a person brought or dropped one
 * @property {(error: import("../protocol.js").SignetError, sentence?: string) => void} onError
 */

export class Models {
  #client;
  #events;
  /** @type {TaughtModel | null} */
  #taught = null;
  /** @type {"original" | "taught"} */
  #inUse = "original";
  #switch = field("#model-switch");
  /** Why none may be brought or dropped now; "" when one may. */
  #held = "";
  /** Adoptions, one after the other. @type {Promise<unknown>} */
  #queue = Promise.resolve();

  /** @param {SignetClient | null} client @param {ModelEvents} events */
  constructor(client, events) {
    this.#client = client;
    this.#events = events;
    this.#switch.addEventListener("change", () => this.#use(this.#switch.checked ? "taught" : "original"));
    button("#reset-model").addEventListener("click", () => {
      const old = this.#taught;
      this.forget();
      events.onTaught(null, old);
    });
    button("#export-model").addEventListener("click", () => {
      if (this.#taught) download(this.#taught.weights, FILE_NAME);
    });
    const input = field("#import-model-input");
    input.addEventListener("change", () => {
      const file = input.files?.[0];
      input.value = "";
      if (file) void this.#import(file);
    });
    this.#show();
  }

  get taught() {
    return this.#taught;
  }

  get inUse() {
    return this.#inUse;
  }

  /** Keeps the person from importing and resetting, and says why. @param {string} reason "" allows it again */
  hold(reason) {
    if (reason === this.#held) return;
    this.#held = reason;
    this.#show();
  }

  /** The labels of the model in use, once there is one. */
  get labels() {
    return this.#inUse === "taught" && this.#taught ? this.#taught.labels : (this.#client?.labels ?? []);
  }

  /**
   * Proves a taught model and puts it to use. Throws `weights-*` or `self-check`, and leaves all as it was then.
   * @param {TaughtModel} taught its labels are the weights file's own
   * @returns {Promise<TaughtModel>}
   */
  adopt(taught) {
    const adopting = this.#queue.then(async () => {
      if (!this.#client) throw webAssemblyError();
      await this.#client.ready;
      const labels = await this.#client.teach(taught.weights);
      this.#taught = { ...taught, labels };
      this.#use("taught");
      return this.#taught;
    });
    this.#queue = adopting.catch(() => {});
    return adopting;
  }

  /** Back to the original. */
  forget() {
    this.#taught = null;
    this.#use("original");
    void this.#queue.then(() => { if (!this.#taught) this.#client?.forget(); });
  }

  /** @param {"original" | "taught"} model */
  #use(model) {
    this.#inUse = model;
    this.#show();
    this.#events.onUse();
  }

  /** @param {File} file */
  async #import(file) {
    try {
      const old = this.#taught;
      const taught = await this.adopt({ weights: file, labels: [], fingerprint: "", history: [], scope: "head", imported: true });
      this.#events.onTaught(taught, old);
    } catch (thrown) {
      const error = asSignetError(thrown);
      this.#events.onError(error, IMPORT_SENTENCES[error.code]);
    }
  }

  #show() {
    const taught = this.#taught;
    part("#result").classList.toggle("has-taught", taught !== null);
    const shown = this.#inUse === "taught" ? taught : null;
    part("#model-name").textContent = shown ? modelLine(shown.labels) : ORIGINAL_LINE;
    part("#model-name").title = shown ? shown.labels.join(", ") : "";
    this.#switch.checked = this.#inUse === "taught";
    this.#switch.disabled = taught === null;
    button("#export-model").disabled = taught === null;
    const isHeld = this.#held !== "";
    Object.assign(button("#reset-model"), { disabled: taught === null || isHeld, title: this.#held });
    field("#import-model-input").disabled = isHeld;
    part("#import-model").title = this.#held;
  }
}
