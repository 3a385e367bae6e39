// State to page. Everything that changes on the page changes here, and every sentence comes from here or words.js.
import { element, part } from "./dom.js";
import { ERROR_SENTENCES, HINTS, SURE, UPLOAD, backendLine, megabytes, milliseconds, monogramOf, percent, progressLine, reasonLine, wordOf } from "./words.js";

/** @typedef {import("./protocol.js").Prediction} Prediction */
/** @typedef {import("./protocol.js").SignetError} SignetError */
/** @typedef {import("./client.js").Choice} Choice */
/** @typedef {import("./words.js").Mode} Mode */

const VIEW_SIDE = 64;
/** With more classes than this the bars get narrow. */
const WIDE_BARS = 8;
/** As many classes have colours of their own; the next ones begin anew. */
const COLOURS = 6;

/** @param {string} className @param {string} [text] */
function piece(className, text = "") {
  return Object.assign(document.createElement("span"), { className, textContent: text });
}

export class View {
  #status = part("[data-testid=status]");
  #statusText = part(".status-text");
  #statusReason = part(".status-reason");
  #progress = element(".status-progress", HTMLProgressElement);
  #prediction = part("[data-testid=prediction]");
  #bars = part(".bars");
  #modelView = element("#model-view", HTMLCanvasElement);
  #error = part("[data-testid=error]");
  #announcer = part("#announcer");
  #sequence = 0;
  #uploadWords = UPLOAD[matchMedia("(hover: none) and (pointer: coarse)").matches ? "touch" : "desk"];
  /** The label that was announced last. */
  #announced = "";

  // Status

  /** @param {{ loaded: number, total: number }} progress */
  showProgress(progress) {
    this.#statusText.textContent = progressLine(progress);
    this.#progress.hidden = false;
    this.#progress.value = progress.loaded / progress.total;
  }

  /** The bytes are here; building the network from them takes a moment. */
  showPreparing() {
    this.#statusText.textContent = "Preparing the model…";
    this.#progress.hidden = true;
  }

  /** @param {Choice} choice */
  showBackend(choice) {
    if (this.#status.dataset.state === "loading") this.announce("Signet is ready.");
    this.#status.dataset.backend = choice.backend;
    if (this.#status.dataset.state !== "busy") this.#status.dataset.state = "ready";
    this.#progress.hidden = true;
    this.#statusText.textContent = backendLine(choice);
    this.#statusReason.textContent = reasonLine(choice);
  }

  /** @param {"cpu" | "webgpu"} backend */
  showStarting(backend) {
    this.#status.dataset.backend = backend;
  }

  /** @param {boolean} busy */
  showBusy(busy) {
    if (["ready", "busy"].includes(this.#status.dataset.state ?? "")) this.#status.dataset.state = busy ? "busy" : "ready";
  }

  /** The page can't recognise anything, for the whole of this visit. @param {SignetError} error */
  showFailedStart(error) {
    this.#status.dataset.state = "error";
    this.#progress.hidden = true;
    this.#statusText.textContent = "Not ready";
    this.#statusReason.textContent = "";
    this.showError(error);
    part("#error-reload").hidden = false;
  }

  // Errors

  /**
   * @param {SignetError} error
   * @param {string} [sentence] where more can be said than the code tells
   */
  showError(error, sentence = ERROR_SENTENCES[error.code]) {
    this.#error.dataset.code = error.code;
    part(".error-text").textContent = sentence;
    part(".error-detail").textContent = `${error.code}: ${error.message}`;
    part("#error-reload").hidden = this.#status.dataset.state !== "error";
    this.#error.hidden = false;
    this.#error.scrollIntoView({ block: "nearest" });
  }

  hideError() {
    this.#error.hidden = true;
    delete this.#error.dataset.code;
  }

  /** What went wrong in one way in is nobody's concern in the next one; a failed start is. */
  leaveError() {
    if (this.#status.dataset.state !== "error") this.hideError();
  }

  // The answer

  /** One bar for each class, in the model's order. @param {string[]} labels */
  showLabels(labels) {
    this.#bars.classList.toggle("many", labels.length > WIDE_BARS);
    this.#bars.classList.toggle("wordy", labels.some((label) => label.length > 2));
    this.#bars.replaceChildren(...labels.map((label) => {
      const bar = document.createElement("li");
      Object.assign(bar.dataset, { testid: "bar", label, probability: "0" });
      const track = piece("bar-track");
      track.append(piece("bar-fill"));
      const name = piece("bar-name", label);
      name.title = label;
      bar.append(name, track, piece("bar-value", "–"));
      return bar;
    }));
  }

  /** @param {Prediction} prediction */
  showPrediction({ label, probability, probabilities, view, latencyMs }) {
    const bars = /** @type {HTMLElement[]} */ ([...this.#bars.children]);
    bars.forEach((bar, index) => this.#fillBar(bar, probabilities[index] ?? 0, bar.dataset.label === label));
    part(".seal-label").textContent = monogramOf(label);
    this.#prediction.dataset.class = String(bars.findIndex((bar) => bar.dataset.label === label) % COLOURS);
    part(".answer-word").textContent = probability < SURE ? `${wordOf(label)}, perhaps` : wordOf(label);
    part(".answer-figures").replaceChildren(piece("", percent(probability)), " · ", piece("", milliseconds(latencyMs)));
    this.#modelView.getContext("2d")?.putImageData(
      new ImageData(new Uint8ClampedArray(view), VIEW_SIDE, VIEW_SIDE), 0, 0);
    if (label !== this.#announced) this.announce(wordOf(label));
    this.#announced = label;
    this.#sequence += 1;
    Object.assign(this.#prediction.dataset, {
      label,
      probability: String(probability),
      latencyMs: latencyMs.toFixed(1),
      sequence: String(this.#sequence),
    });
  }

  /** There is nothing to recognise. @param {Mode} mode */
  clearPrediction(mode) {
    for (const key of ["label", "probability", "latencyMs", "class"]) delete this.#prediction.dataset[key];
    for (const bar of this.#bars.children) this.#fillBar(/** @type {HTMLElement} */ (bar), 0, false);
    for (const value of this.#bars.querySelectorAll(".bar-value")) value.textContent = "–";
    part(".seal-label").textContent = "";
    part(".answer-word").textContent = "";
    part(".answer-figures").textContent = mode === "upload" ? this.#uploadWords.hint : HINTS[mode];
    this.#modelView.getContext("2d")?.clearRect(0, 0, VIEW_SIDE, VIEW_SIDE);
    this.#announced = "";
  }

  /**
   * @param {HTMLElement} bar
   * @param {number} probability
   * @param {boolean} isTop
   */
  #fillBar(bar, probability, isTop) {
    bar.dataset.probability = String(probability);
    bar.classList.toggle("top-class", isTop);
    bar.style.setProperty("--share", String(probability));
    const value = bar.querySelector(".bar-value");
    if (value) value.textContent = percent(probability);
  }

  /** Said politely by a screen reader. @param {string} sentence */
  announce(sentence) {
    this.#announcer.textContent = sentence;
  }

  // Ways in

  /** @param {Mode} mode */
  showMode(mode) {
    for (const button of document.querySelectorAll("[data-mode]")) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-mode") === mode));
    }
    for (const panel of document.querySelectorAll("[data-panel]")) {
      /** @type {HTMLElement} */ (panel).hidden = panel.getAttribute("data-panel") !== mode;
    }
  }

  /** @param {"off" | "asking" | "live" | "held" | "hidden"} state @param {boolean} [mirrored] */
  showCamera(state, mirrored = false) {
    const shown = state === "live" || state === "held";
    const toggle = part("#webcam-toggle");
    toggle.textContent = { off: "Start webcam", hidden: "Start webcam", asking: "Cancel", live: "Stop webcam", held: "Stop webcam" }[state];
    toggle.dataset.state = state;
    part("#webcam-frame").hidden = !shown;
    part("#webcam-frame").classList.toggle("mirrored", mirrored);
    part("#webcam-empty").hidden = shown;
    part("#webcam-message").textContent = {
      off: "The camera starts when you say so.",
      hidden: "The camera was released while this tab was hidden.",
      asking: "Waiting for the camera…",
      live: "",
      held: "",
    }[state];
    const capture = element("#webcam-capture", HTMLButtonElement);
    capture.disabled = !shown;
    capture.setAttribute("aria-pressed", String(state === "held"));
    capture.textContent = state === "held" ? "Go on" : "Capture";
    if (!shown) part("#webcam-choice").hidden = true;
  }

  /** @param {{ deviceId: string, label: string, selected: boolean }[]} cameras */
  showCameras(cameras) {
    part("#webcam-choice").hidden = cameras.length < 2;
    element("#webcam-select", HTMLSelectElement).replaceChildren(
      ...cameras.map(({ deviceId, label, selected }, index) =>
        new Option(label || `Camera ${index + 1}`, deviceId, selected, selected)));
  }

  /** The outline of the square needs the picture's shape. @param {"webcam" | "upload"} which @param {number} width @param {number} height */
  showShape(which, width, height) {
    part(`#${which}-frame`).style.setProperty("--ratio", String(width && height ? width / height : 1));
    part(`#${which}-frame`).classList.toggle("upright", height > width);
    part(`#${which}-frame`).classList.toggle("whole", height === width);
  }

  /** @param {string} name */
  showPictureName(name) {
    part("#upload-name").textContent = name;
  }

  /** Whether there is a picture to look at; a module may read a format that the browser can't show. @param {"picture" | "unshowable" | "none"} state */
  showPicture(state) {
    part("#upload-frame").hidden = state !== "picture";
    part("#upload-empty").hidden = state === "picture";
    const { title, line, another } = this.#uploadWords;
    part("#upload-message").textContent = state === "unshowable" ? "This browser can't show that file" : title;
    part("#upload-submessage").textContent = state === "unshowable" ? another : line;
  }

  /** @param {boolean} dragging */
  showDropTarget(dragging) {
    part(".drop-veil").hidden = !dragging;
  }

  /** @param {"pen" | "eraser"} tool @param {boolean} canUndo @param {boolean} isEmpty */
  showPad(tool, canUndo, isEmpty) {
    for (const button of document.querySelectorAll("[data-tool]")) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-tool") === tool));
    }
    element("#draw-undo", HTMLButtonElement).disabled = !canUndo;
    element("#draw-clear", HTMLButtonElement).disabled = isEmpty;
  }

  // Storage

  /** @param {{ bytes: number, source: "download" | "storage" | "removed", stored: boolean }} model */
  showStorage({ bytes, source, stored }) {
    const size = `${megabytes(bytes)} MB`;
    part("#storage-line").textContent = {
      download: `Model, ${size}: downloaded${stored ? " and kept in this browser" : ""}`,
      storage: `Model, ${size}: from this browser's storage`,
      removed: `Removed. The next visit downloads the model again, ${size}.`,
    }[source];
    part("#storage-remove").hidden = !stored;
    part("#storage-remove").textContent = `Remove downloaded model (${size})`;
    if (!stored) this.showOffline(false);
  }

  /** @param {boolean} works */
  showOffline(works) {
    part("#offline-line").hidden = !works;
  }
}
