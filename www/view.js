// State to page. Everything that changes on the page changes here, and every sentence comes from here or words.js.
import { NONE, answerTo } from "./answer.js";
import { element, field, part } from "./dom.js";
import { ERROR_SENTENCES, FINDING_LINES, FINDING_SAID, HINTS, HOLD, NO_SIGN, NO_SIGN_ADVICE, OFFLINE, SURE, UPLOAD, backendLine, megabytes, milliseconds, monogramOf, percent, progressLine, reasonLine, wordOf } from "./words.js";

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
  /** @type {Mode} */
  #mode = "upload";
  /** Below this there is no sign. */
  #threshold = 0;
  /** What is answered now, so that another threshold can answer it anew. @type {Prediction | null} */
  #answered = null;
  /** @type {import("./hand-square.js").SquareState | null} */
  #finding = null;

  // Status

  /** @param {import("./weights.js").Progress} progress */
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
    Object.assign(this.#status.dataset, { backend, state: "loading" });
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

  /** @param {Prediction} prediction @param {{ isFinal?: boolean }} [options] one that isn't is not worth announcing */
  showPrediction(prediction, { isFinal = true } = {}) {
    this.#answered = prediction;
    this.#sequence += 1;
    this.#prediction.dataset.sequence = String(this.#sequence);
    this.#modelView.getContext("2d")?.putImageData(
      new ImageData(new Uint8ClampedArray(prediction.view), VIEW_SIDE, VIEW_SIDE), 0, 0);
    this.#showAnswer(prediction, isFinal);
  }

  /** @param {Prediction} prediction @param {boolean} isFinal */
  #showAnswer(prediction, isFinal) {
    const { probabilities, sign, latencyMs } = prediction;
    const { label, probability } = answerTo(prediction, this.#threshold);
    const isNone = label === NONE;
    const bars = /** @type {HTMLElement[]} */ ([...this.#bars.children]);
    bars.forEach((bar, index) => this.#fillBar(bar, probabilities[index] ?? 0, bar.dataset.label === label));
    this.#bars.classList.toggle("muted", isNone);
    const word = isNone ? NO_SIGN.word : wordOf(label);
    part(".seal-label").textContent = isNone ? NO_SIGN.seal : monogramOf(label);
    part(".answer-word").textContent = probability < SURE && !isNone ? `${word}, perhaps` : word;
    part(".answer-figures").replaceChildren(piece("", percent(probability)), " · ", piece("", milliseconds(latencyMs)));
    part(".answer-advice").textContent = isNone ? NO_SIGN_ADVICE[this.#mode] : "";
    if (isFinal && label !== this.#announced) this.announce(word);
    if (isFinal) this.#announced = label;
    Object.assign(this.#prediction.dataset, { label, probability: String(probability), latencyMs: latencyMs.toFixed(1) });
    const { dataset } = this.#prediction;
    if (isNone) delete dataset.class;
    else dataset.class = String(bars.findIndex((bar) => bar.dataset.label === label) % COLOURS);
    if (sign === undefined) delete dataset.sign;
    else dataset.sign = String(sign);
  }

  /** There is nothing to recognise. @param {Mode} mode */
  clearPrediction(mode) {
    this.#mode = mode;
    this.#answered = null;
    for (const key of ["label", "probability", "latencyMs", "class", "sign"]) delete this.#prediction.dataset[key];
    this.#bars.classList.remove("muted");
    for (const bar of this.#bars.children) this.#fillBar(/** @type {HTMLElement} */ (bar), 0, false);
    for (const value of this.#bars.querySelectorAll(".bar-value")) value.textContent = "–";
    part(".seal-label").textContent = "";
    part(".answer-word").textContent = "";
    part(".answer-figures").textContent = mode === "upload" ? this.#uploadWords.hint : HINTS[mode];
    part(".answer-advice").textContent = "";
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

  /**
   * Whether the model in use says if there is a sign: then it can be asked to be surer of it.
   * @param {boolean} hasFinder
   */
  showFinder(hasFinder) {
    part("#threshold-row").hidden = !hasFinder;
    part("#webcam-advice").textContent = hasFinder ? HOLD.anywhere : HOLD.inside;
  }

  /** Another threshold answers anew what is shown. @param {{ value: number, isDefault: boolean }} threshold */
  showThreshold({ value, isDefault }) {
    this.#threshold = value;
    const shown = `${Math.round(value * 100)} %`;
    field("#threshold").value = String(value * 100);
    field("#threshold").setAttribute("aria-valuetext", shown);
    part("#threshold-value").textContent = shown;
    element("#threshold-reset", HTMLButtonElement).disabled = isDefault;
    if (this.#answered) this.#showAnswer(this.#answered, true);
  }

  /** Said politely by a screen reader. @param {string} sentence */
  announce(sentence) {
    this.#announcer.textContent = sentence;
  }

  // Ways in

  /** Whose the square around the hand is; null where there is none. @param {import("./hand-square.js").SquareState | null} state */
  showFinding(state) {
    const isYours = state === "yours";
    part("#finding").hidden = state === null;
    part("#find-hand").setAttribute("aria-pressed", String(!isYours && state !== "middle"));
    part("#finding-line").textContent = state ? FINDING_LINES[state] : "";
    if (isYours !== (this.#finding === "yours") && state) this.announce(isYours ? FINDING_SAID.yours : FINDING_SAID.found);
    this.#finding = state;
  }

  /** @param {Mode} mode */
  showMode(mode) {
    part("#examples").hidden = mode === "webcam";
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
    if (!stored) this.showOffline("no");
  }

  /** Whether the page can do without a network; `outdated`: it can, and a newer version waits. @param {"no" | "available" | "outdated"} state */
  showOffline(state) {
    part("#offline-line").hidden = state === "no";
    part("#offline-line").textContent = state === "no" ? "" : OFFLINE[state];
  }
}
