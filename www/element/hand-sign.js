// The element: a model, a webcam and a place for photos in one tag.
import { Camera } from "../input/camera.js";
import { SignetError, asSignetError } from "../recognizer/errors.js";
import { acquire, release } from "./shared.js";
import { View } from "./view.js";
import { languageOf } from "./words.js";

/** @import { Answer } from "../library/answer.js" */
/** @import { Source } from "../library/source.js" */
/** @import { Watch } from "../library/watch.js" */
/** @import { Signet } from "../signet.js" */

/**
 * The events: `ready` when it can answer; `hand-sign` for each answer, which bubbles; `error` with a `SignetError`.
 * @typedef {Answer & { isNew: boolean }} HandSignDetail `isNew`: another label than that of the answer before
 */

export class HandSign extends HTMLElement {
  static observedAttributes = ["base", "camera", "lang", "model", "threshold"];

  #view = new View(this.attachShadow({ mode: "open" }));
  #camera = new Camera(this.#view.video, (error) => this.#fail(error));
  /** A file in place of an address. @type {Blob | null} */
  #file = null;
  /** @type {Promise<Signet> | null} */
  #loading = null;
  /** @type {Signet | null} */
  #signet = null;
  /** Counts models, so that one that arrives after another was chosen is nobody's. */
  #era = 0;
  /** Counts pictures, so that a late answer to an older one is dropped. */
  #turn = 0;
  /** @type {Watch | null} */
  #watch = null;
  /** From the click that asks for the camera on. */
  #isOn = false;
  /** @type {Answer | null} */
  #answer = null;
  /** Whether changes of attributes that come together are followed already. */
  #isAwaited = false;

  constructor() {
    super();
    const { toggle, input, frame } = this.#view;
    toggle.addEventListener("click", () => void (this.#isOn ? this.stop() : this.start()));
    input.addEventListener("change", () => {
      const [file] = input.files ?? [];
      input.value = ""; // so that the same file can be chosen again
      if (file) void this.#show(file);
    });
    frame.addEventListener("dragover", (event) => {
      event.preventDefault();
      frame.classList.add("over");
    });
    for (const type of ["dragleave", "drop"]) frame.addEventListener(type, () => frame.classList.remove("over"));
    frame.addEventListener("drop", (event) => {
      event.preventDefault();
      const [file] = event.dataTransfer?.files ?? [];
      if (file && this.#signet) void this.#show(file);
    });
  }

  connectedCallback() {
    // A script may have set it before there was an element of this kind.
    if (Object.hasOwn(this, "model")) {
      const { model } = this;
      Reflect.deleteProperty(this, "model");
      this.model = model;
    }
    this.#followLanguage();
    this.#view.camera = this.hasAttribute("camera");
    this.#load();
    document.addEventListener("visibilitychange", this.#leave);
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#leave);
    this.#unload();
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    if (before === now || !this.isConnected) return;
    if (name === "lang") this.#followLanguage();
    if (name === "threshold" && this.#watch && this.#signet) this.#follow(this.#signet);
    if (name === "camera") {
      if (now === null) this.stop();
      this.#view.camera = now !== null;
    }
    if ((name === "model" || name === "base") && !this.#isAwaited) {
      this.#isAwaited = true;
      queueMicrotask(() => {
        this.#isAwaited = false;
        if (this.isConnected) this.#load();
      });
    }
  }

  /** The weights file: its address, or a `Blob`, which no attribute can name. @returns {string | Blob} */
  get model() {
    return this.#file ?? this.getAttribute("model") ?? "";
  }

  set model(model) {
    this.#file = model instanceof Blob ? model : null;
    if (typeof model === "string") this.setAttribute("model", model);
    else if (this.isConnected) this.#load();
  }

  /** The model, once it can answer. */
  get signet() {
    return this.#signet;
  }

  /** The last answer. */
  get answer() {
    return this.#answer;
  }

  /** Asks for the camera, and answers its frames until it is stopped. Call it from a click: browsers want one. */
  async start() {
    const signet = this.#signet;
    if (!signet) return;
    this.stop();
    this.#isOn = true;
    this.#view.state = "asking";
    try {
      if (!await this.#camera.open()) return;
    } catch (thrown) {
      return this.#fail(asSignetError(thrown));
    }
    this.#view.video.classList.toggle("mirrored", this.#camera.isMirrored);
    this.#view.state = "live";
    this.#follow(signet);
  }

  /** @param {Signet} signet */
  #follow(signet) {
    this.#watch?.stop();
    this.#watch = signet.watch(this.#view.video, (answer) => this.#tell(answer), {
      threshold: this.#threshold, onError: (error) => this.#fail(error),
    });
  }

  /** Lets go of the camera. */
  stop() {
    this.#turn += 1;
    this.#isOn = false;
    this.#watch?.stop();
    this.#watch = null;
    this.#camera.close();
    this.#forget();
    if (this.#signet) this.#view.state = "ready";
  }

  /**
   * What a picture shows, found anywhere in it; the event tells it, too. Throws a `SignetError`.
   * @param {Source} source
   * @returns {Promise<Answer>}
   */
  async classify(source) {
    if (!this.#loading) throw new SignetError("unexpected", "the element is not in a page");
    const signet = await this.#loading;
    const answer = await signet.classify(source, { localize: true, threshold: this.#threshold });
    this.#tell(answer);
    return answer;
  }

  /** @returns {number | undefined} undefined for the model's own */
  get #threshold() {
    const given = Number.parseFloat(this.getAttribute("threshold") ?? "");
    return given >= 0 && given <= 1 ? given : undefined;
  }

  #load() {
    this.#unload();
    const mine = this.#era;
    const base = this.getAttribute("base");
    const address = this.getAttribute("model");
    const inPage = (/** @type {string} */ given) => new URL(given, this.baseURI).href;
    this.#view.state = "loading";
    const which = { base: base === null ? undefined : inPage(base), model: this.#file ?? (address ? inPage(address) : undefined) };
    const loading = acquire(this, which, (progress) => { if (mine === this.#era) this.#view.showProgress(progress); });
    loading.then((signet) => {
      if (mine !== this.#era) return;
      this.#signet = signet;
      this.#view.state = "ready";
      this.dispatchEvent(new CustomEvent("ready", { detail: { labels: signet.labels, hasDetector: signet.hasDetector } }));
    }, (thrown) => {
      if (mine !== this.#era) return;
      this.#view.state = "failed";
      this.#fail(asSignetError(thrown));
    });
    this.#loading = loading;
  }

  #unload() {
    this.#era += 1;
    this.#loading = this.#signet = null;
    this.stop();
    release(this);
  }

  /** A picture that a person has chosen. @param {Blob} file */
  async #show(file) {
    this.stop();
    const mine = this.#turn;
    this.#view.error = null;
    const bitmap = await createImageBitmap(file).catch(() => null);
    if (mine !== this.#turn) return bitmap?.close();
    if (bitmap) this.#view.showPicture(bitmap);
    bitmap?.close();
    try {
      const signet = this.#signet;
      const answer = await signet?.classify(file, { localize: true, threshold: this.#threshold });
      if (mine !== this.#turn || !answer) return;
      if (!bitmap) this.#view.showPicture(answer.input);
      this.#tell(answer);
    } catch (thrown) {
      if (mine === this.#turn) this.#fail(asSignetError(thrown));
    }
  }

  /** @param {Answer} answer */
  #tell(answer) {
    const isNew = answer.label !== this.#answer?.label;
    this.#answer = answer;
    this.#view.answer = answer;
    this.dispatchEvent(new CustomEvent("hand-sign", { bubbles: true, composed: true, detail: { ...answer, isNew } }));
  }

  #forget() {
    this.#answer = null;
    this.#view.answer = null;
  }

  /** @param {SignetError} error */
  #fail(error) {
    if (!this.#view.isFailed) this.stop();
    this.#view.error = error;
    this.dispatchEvent(new ErrorEvent("error", { error, message: error.message }));
  }

  /** A page that is hidden looks at nobody. */
  #leave = () => { if (document.hidden) this.stop(); };

  #followLanguage() {
    this.#view.language = languageOf([this.closest("[lang]")?.getAttribute("lang"), ...navigator.languages]);
  }
}
