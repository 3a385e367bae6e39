// State to page. Everything that changes on the page changes here.
import { messages, say } from "../i18n/language.js";
import { SURE, answerTo } from "../recognizer/answer.js";
import { INPUT_SIDE, NO_SIGN } from "../recognizer/contract.js";
import { button, element, field, make, part, passFocus, returnsFocus } from "./dom.js";
import { backendLine, monogramOf, progressLine, reasonLine, storageLine, wordOf } from "./words.js";

/** @import { Words } from "../i18n/language.js" */
/** @import { Choice } from "../recognizer/backends.js" */
/** @import { SignetError } from "../recognizer/errors.js" */
/** @import { Prediction } from "../recognizer/protocol.js" */
/** @typedef {"webcam" | "upload" | "draw"} Mode */
/**
 * What the crop is: around a hand that was found, while one is searched for, where none was found, the middle of the
 * picture, or the person's own.
 * @typedef {"found" | "looking" | "missing" | "middle" | "yours"} CropState
 */

/** With more classes than this the bars get narrow. */
const WIDE_BARS = 8;
/** As many classes have colors of their own; the next ones begin anew. */
const COLORS = 6;
/** What is announced within it is announced together. */
const SAME_MOMENT_MS = 100;

/** What the seal shows where there is no sign. */
const NO_SEAL = "–";

export class View {
  #status = part("[data-testid=status]");
  #statusText = part(".status-text");
  #statusReason = part(".status-reason");
  #progress = element(".status-progress", HTMLProgressElement);
  #prediction = part("[data-testid=prediction]");
  #bars = part(".bars");
  #modelView = element("#model-view", HTMLCanvasElement);
  #error = part("[data-testid=error]");
  #leaveErrorBox = returnsFocus(this.#error);
  #announcer = part("#announcer");
  #sequence = 0;
  /** @type {"touch" | "desk"} */
  #place = matchMedia("(hover: none) and (pointer: coarse)").matches ? "touch" : "desk";
  #announcedAt = -Infinity;
  /** The label that was announced last. */
  #announced = "";
  /** @type {Mode} */
  #mode = "upload";
  /** Below this there is no sign. */
  #threshold = 0;
  /** What is answered now, so that another threshold can answer it anew. @type {Prediction | null} */
  #answered = null;
  /** @type {CropState | null} */
  #finding = null;

  // Status

  /** @param {import("../recognizer/weights.js").Progress} progress */
  showProgress(progress) {
    say(this.#statusText, () => progressLine(progress));
    this.#progress.hidden = false;
    this.#progress.value = progress.loaded / progress.total;
  }

  /** The bytes are here; building the network from them takes a moment. */
  showPreparing() {
    say(this.#statusText, () => messages.status.preparing);
    this.#progress.hidden = true;
  }

  /** @param {Choice} choice */
  showBackend(choice) {
    if (this.#status.dataset.state === "loading") this.announce(messages.status.ready);
    this.#status.dataset.backend = choice.backend;
    if (this.#status.dataset.state !== "busy") this.#status.dataset.state = "ready";
    this.#progress.hidden = true;
    say(this.#statusText, () => backendLine(choice));
    say(this.#statusReason, () => reasonLine(choice));
  }

  /** @param {"cpu" | "webgpu"} backend */
  showStarting(backend) {
    Object.assign(this.#status.dataset, { backend, state: "loading" });
  }

  /** @param {boolean} busy */
  showBusy(busy) {
    if (["ready", "busy"].includes(this.#status.dataset.state ?? "")) this.#status.dataset.state = busy ? "busy" : "ready";
  }

  /** The page can't recognize anything, for the whole of this visit. @param {SignetError} error */
  showFailedStart(error) {
    this.#status.dataset.state = "error";
    this.#progress.hidden = true;
    say(this.#statusText, () => messages.status.notReady);
    say(this.#statusReason, "");
    this.showError(error);
    part("#error-reload").hidden = false;
  }

  // Errors

  /** @param {SignetError} error @param {Words} [sentence] where more can be said than the code tells */
  showError(error, sentence = () => messages.errors[error.code]) {
    this.#error.dataset.code = error.code;
    say(part(".error-text"), sentence);
    part(".error-detail").textContent = `${error.code}: ${error.message}`;
    part("#error-reload").hidden = this.#status.dataset.state !== "error";
    this.#error.hidden = false;
    this.#error.scrollIntoView({ block: "nearest" });
  }

  hideError() {
    this.#leaveErrorBox();
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
      const bar = make("li", { data: { testid: "bar", label, probability: "0" } },
        make("span", { className: "bar-name", dir: "auto", textContent: label, title: label }),
        make("span", { className: "bar-track" }, make("span", { className: "bar-fill" })),
        make("span", { className: "bar-value", textContent: "–" }));
      return bar;
    }));
  }

  /** @param {Prediction} prediction @param {{ isFinal?: boolean }} [options] one that isn't is not worth announcing */
  showPrediction(prediction, { isFinal = true } = {}) {
    this.#answered = prediction;
    this.#sequence += 1;
    this.#prediction.dataset.sequence = String(this.#sequence);
    this.#modelView.getContext("2d")?.putImageData(prediction.input, 0, 0);
    this.#showAnswer(prediction, isFinal);
  }

  /** @param {Prediction} prediction @param {boolean} isFinal */
  #showAnswer(prediction, isFinal) {
    const { probabilities, presence, latencyMs } = prediction;
    const { label, probability } = answerTo(prediction, this.#threshold);
    const isNone = label === NO_SIGN;
    const bars = /** @type {HTMLElement[]} */ ([...this.#bars.children]);
    bars.forEach((bar, index) => this.#fillBar(bar, probabilities[index] ?? 0, bar.dataset.label === label));
    this.#bars.classList.toggle("muted", isNone);
    const mode = this.#mode;
    const word = () => (isNone ? messages.answer.none : wordOf(label));
    part(".seal-label").textContent = isNone ? NO_SEAL : monogramOf(label);
    say(part(".answer-word"), () => (probability < SURE && !isNone ? messages.answer.perhaps(word()) : word()));
    this.#showFigures(true);
    say(part("#answer-probability"), () => messages.format.percent(probability));
    say(part("#answer-latency"), () => messages.format.milliseconds(latencyMs));
    say(part(".answer-advice"), isNone ? () => messages.answer.advice[mode] : "");
    if (isFinal && label !== this.#announced) this.announce(word());
    if (isFinal) this.#announced = label;
    Object.assign(this.#prediction.dataset, { label, probability: String(probability), latencyMs: latencyMs.toFixed(1) });
    const { dataset } = this.#prediction;
    if (isNone) delete dataset.class;
    else dataset.class = String(bars.findIndex((bar) => bar.dataset.label === label) % COLORS);
    if (presence === undefined) delete dataset.sign;
    else dataset.sign = String(presence);
  }

  /** There is nothing to recognize. @param {Mode} mode */
  clearPrediction(mode) {
    this.#mode = mode;
    this.#answered = null;
    for (const key of ["label", "probability", "latencyMs", "class", "sign"]) delete this.#prediction.dataset[key];
    this.#bars.classList.remove("muted");
    for (const bar of this.#bars.children) this.#fillBar(/** @type {HTMLElement} */ (bar), 0, false);
    for (const value of this.#bars.querySelectorAll(".bar-value")) say(value, "–");
    part(".seal-label").textContent = "";
    say(part(".answer-word"), "");
    this.#showFigures(false);
    say(part(".answer-hint"), () => (mode === "upload" ? messages.input.upload[this.#place].hint : messages.answer.hints[mode]));
    say(part(".answer-advice"), "");
    this.#modelView.getContext("2d")?.clearRect(0, 0, INPUT_SIDE, INPUT_SIDE);
    this.#announced = "";
  }

  /** The figures of an answer, or else the hint how to get one. @param {boolean} isAnswered */
  #showFigures(isAnswered) {
    part(".answer-figures").hidden = !isAnswered;
    part(".answer-hint").hidden = isAnswered;
  }

  /** @param {HTMLElement} bar @param {number} probability @param {boolean} isTop */
  #fillBar(bar, probability, isTop) {
    bar.dataset.probability = String(probability);
    bar.classList.toggle("top-class", isTop);
    bar.style.setProperty("--share", String(probability));
    const value = bar.querySelector(".bar-value");
    if (value) say(value, () => messages.format.percent(probability));
  }

  /**
   * Whether the model in use says if there is a sign: then it can be asked to be surer of it.
   * @param {boolean} hasDetector
   */
  showDetector(hasDetector) {
    part("#threshold-row").hidden = !hasDetector;
    say(part("#webcam-advice"), () => (hasDetector ? messages.input.hold.anywhere : messages.input.hold.inside));
  }

  /** Another threshold answers anew what is shown. @param {{ value: number, isDefault: boolean }} threshold */
  showThreshold({ value, isDefault }) {
    this.#threshold = value;
    const shown = () => messages.format.wholePercent(value);
    field("#threshold").value = String(value * 100);
    say(field("#threshold"), shown, "aria-valuetext");
    say(part("#threshold-value"), shown);
    element("#threshold-reset", HTMLButtonElement).disabled = isDefault;
    if (this.#answered) this.#showAnswer(this.#answered, true);
  }

  /** Said politely by a screen reader; "" takes back what was said. @param {string} sentence */
  announce(sentence) {
    const now = performance.now();
    // One that takes another's place at once is the only one that is read out.
    const isMore = sentence !== "" && now - this.#announcedAt < SAME_MOMENT_MS;
    if (isMore && this.#announcer.textContent?.split("\n").at(-1) === sentence) return; // it is being read out
    this.#announcedAt = sentence === "" ? -Infinity : now;
    this.#announcer.textContent = isMore ? `${this.#announcer.textContent}\n${sentence}` : sentence;
  }

  // Ways in

  /** What the crop is; null where no box is shown. @param {CropState | null} state */
  showFinding(state) {
    const isYours = state === "yours";
    part("#finding").hidden = state === null;
    part("#find-hand").setAttribute("aria-pressed", String(!isYours && state !== "middle"));
    say(part("#finding-line"), state ? () => messages.square.lines[state] : "");
    if (isYours !== (this.#finding === "yours") && state) {
      this.announce(isYours ? messages.square.said.yours : messages.square.said.found);
    }
    this.#finding = state;
  }

  /** @param {Mode} mode */
  showMode(mode) {
    part("#examples").hidden = mode === "webcam";
    for (const choice of document.querySelectorAll("[data-mode]")) {
      choice.setAttribute("aria-pressed", String(choice.getAttribute("data-mode") === mode));
    }
    for (const panel of document.querySelectorAll("[data-panel]")) {
      /** @type {HTMLElement} */ (panel).hidden = panel.getAttribute("data-panel") !== mode;
    }
  }

  /** @param {"off" | "asking" | "live" | "held" | "hidden"} state @param {boolean} [mirrored] */
  showCamera(state, mirrored = false) {
    const shown = state === "live" || state === "held";
    const toggle = part("#webcam-toggle");
    say(toggle, () => shown ? messages.input.stopWebcam : state === "asking" ? messages.cancel : messages.input.startWebcam);
    toggle.dataset.state = state;
    part("#webcam-frame").hidden = !shown;
    part("#webcam-frame").classList.toggle("mirrored", mirrored);
    part("#webcam-empty").hidden = shown;
    say(part("#webcam-message"), () => ({
      off: messages.input.cameraOff, hidden: messages.input.cameraHidden, asking: messages.waitingForCamera, live: "", held: "" })[state]);
    const capture = button("#webcam-capture");
    if (!shown) for (const control of [capture, part("#webcam-choice")]) passFocus(control, toggle);
    capture.disabled = !shown;
    capture.setAttribute("aria-pressed", String(state === "held"));
    say(capture, () => (state === "held" ? messages.input.goOn : messages.input.capture));
    if (!shown) part("#webcam-choice").hidden = true;
  }

  /** @param {{ deviceId: string, label: string, selected: boolean }[]} cameras */
  showCameras(cameras) {
    part("#webcam-choice").hidden = cameras.length < 2;
    element("#webcam-select", HTMLSelectElement).replaceChildren(
      ...cameras.map(({ deviceId, label, selected }, index) =>
        make("option", { value: deviceId, selected, defaultSelected: selected, says: label || (() => messages.cameraNumber(index + 1)) })));
  }

  /** The outline of the central crop needs the picture's shape. @param {"webcam" | "upload"} which @param {number} width @param {number} height */
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
    const isLost = state === "unshowable";
    say(part("#upload-message"), () => (isLost ? messages.input.unshowable : messages.input.upload[this.#place].title));
    say(part("#upload-submessage"), () => messages.input.upload[this.#place][isLost ? "another" : "line"]);
  }

  /** @param {boolean} dragging */
  showDropTarget(dragging) {
    part(".drop-veil").hidden = !dragging;
  }

  /** @param {"pen" | "eraser"} tool @param {boolean} canUndo @param {boolean} isEmpty */
  showPad(tool, canUndo, isEmpty) {
    for (const choice of document.querySelectorAll("[data-tool]")) {
      choice.setAttribute("aria-pressed", String(choice.getAttribute("data-tool") === tool));
    }
    const [undo, clear] = [button("#draw-undo"), button("#draw-clear")];
    undo.disabled = !canUndo;
    clear.disabled = isEmpty;
    for (const control of [undo, clear]) if (control.disabled) passFocus(control, undo, clear, part("[data-tool=pen]"));
  }

  // Storage

  /** @param {{ bytes: number, source: "download" | "storage" | "removed", stored: boolean }} model */
  showStorage(model) {
    const { bytes, stored } = model;
    say(part("#storage-line"), () => storageLine(model));
    if (!stored) passFocus(part("#storage-remove"), part("#storage-line"));
    part("#storage-remove").hidden = !stored;
    say(part("#storage-remove"), () => messages.storage.remove(bytes));
    if (!stored) this.showOffline("no");
  }

  /** Whether the page can do without a network; `outdated`: it can, and a newer version waits. @param {"no" | "available" | "outdated"} state */
  showOffline(state) {
    part("#offline-line").hidden = state === "no";
    say(part("#offline-line"), state === "no" ? "" : () => messages.storage.offline[state]);
  }
}
