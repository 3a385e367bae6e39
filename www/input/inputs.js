// The three inputs: a photo, a drawing, the webcam. Each takes pictures to the recognizer and answers to the page.
import { messages, say } from "../i18n/language.js";
import { isSign } from "../recognizer/answer.js";
import { asSignetError } from "../recognizer/errors.js";
import { Smoothing } from "../recognizer/smoothing.js";
import { button, element, field, listenToFiles, part, passFocus, showShape } from "../ui/dom.js";
import { newestOnly } from "../ui/newest-only.js";
import { announce, hideError, leaveError, showError } from "../ui/notices.js";
import { clearPrediction, showPrediction } from "../ui/view.js";
import { Camera } from "./camera.js";
import { listCameras } from "./camera-choice.js";
import { CropBox } from "./crop-box.js";
import { DrawPad, swatchesFor } from "./draw.js";
import { chooseExample, offerExamples } from "./examples.js";
import { Upload } from "./upload.js";

/** @import { Crop, CropRequest, Prediction } from "../recognizer/protocol.js" */
/** @import { Mode } from "../ui/view.js" */
/** @import { CropState } from "./crop-box.js" */
/** @import { Recognizer, Seen } from "./upload.js" */
/**
 * What was classified last, for whoever looks inside of the network.
 * @typedef {object} ShownInput
 * @property {Uint8Array} pixels one input: 64x64 RGBA
 * @property {Prediction} prediction what Classify shows of it: of a webcam that of the last moments, of a photo that was searched the mean over several crops
 * @property {HTMLElement} frame what shows the picture, as a whole
 * @property {Crop} crop in pixels of the picture, which is not mirrored
 * @property {number} width of the picture
 * @property {number} height
 * @property {boolean} isMirrored whether the frame shows the picture in a mirror
 * @property {boolean} isLive whether another one follows at once
 * @property {string} example the label of an example hand, or ""
 */

/** What shows the picture. @type {Record<Mode, string>} */
const FRAMES = { webcam: "#webcam-frame", upload: "#upload-frame", draw: "#draw-canvas" };

export class Inputs {
  #recognizer;
  /** @type {Mode} */
  #mode = "upload";
  /** Counts what the person turned to, so that a late answer to something older is dropped. */
  #turn = 0;
  #hand;
  /** Classifies the still picture again, after the person's crop has changed. */
  #classifyAgain = newestOnly(() => this.#classifyAgainOnce());
  #upload;
  #pad;
  #classifyDrawing = newestOnly(() => this.#classifyDrawingOnce());
  #video = element("#webcam-video", HTMLVideoElement);
  #camera;
  /** @type {"off" | "asking" | "live" | "held"} */
  #cameraState = "off";
  /** Whether the next frame is the first of its video. */
  #isFresh = true;
  #smoothing = new Smoothing();
  /** The label of the example hand that is shown, or "". */
  #example = "";
  /** What is shown now, if anything is. @type {ShownInput | null} */
  current = null;
  /** Called with each next one, and with null when there is none. @type {(shown: ShownInput | null) => void} */
  onShown = () => {};

  /** @param {Recognizer} recognizer */
  constructor(recognizer) {
    this.#recognizer = recognizer;
    this.#hand = new CropBox({
      onChosen: () => this.#classifyElsewhere(),
      onReleased: () => this.#findAgain(),
      onState: showCropState,
    });
    this.#upload = new Upload(this.#hand, recognizer, (prediction, seen, options) => this.#show(prediction, seen, options));
    this.#pad = new DrawPad(element("#draw-canvas", HTMLCanvasElement), () => this.#drawingChanged());
    this.#camera = new Camera(this.#video, (error) => {
      this.#stopCamera();
      showError(error);
    });
    for (const name of /** @type {const} */ (["webcam", "upload", "draw"])) {
      part(`[data-mode=${name}]`).addEventListener("click", () => { if (this.#mode !== name) this.#enter(name); });
    }
    listenToFiles(field("#upload-input"), ([file]) => { if (file) this.receive(file); });
    this.#listenToPad();
    this.#listenToCamera();
    for (const name of ["upload", "webcam"]) this.#hand.listenTo(part(`#${name}-frame`));
    button("#find-hand").addEventListener("click", () => this.#hand.toggle());
    offerExamples((file, label) => this.receive(file, label));
    this.#clear();
  }

  /** Whether there is no picture, and no way in was chosen that brings one. */
  get isUnused() {
    return this.#mode === "upload" && this.#upload.isEmpty;
  }

  /** Shows one of the example hands, as its button does. @param {string} label */
  showExample(label) {
    return chooseExample(label).then((file) => this.receive(file, label), showError);
  }

  /** @param {Prediction} prediction @param {Seen} seen @param {{ isFinal?: boolean }} [options] */
  #show(prediction, { crop, width, height }, options) {
    showPrediction(prediction, options);
    const side = Math.min(width, height);
    const { data } = prediction.input;
    this.current = {
      pixels: new Uint8Array(data.buffer, data.byteOffset, data.length),
      prediction, width, height,
      frame: part(FRAMES[this.#mode]),
      crop: crop ?? { left: (width - side) / 2, top: (height - side) / 2, side },
      isMirrored: this.#mode === "webcam" && this.#camera.isMirrored,
      isLive: this.#cameraState === "live",
      example: this.#mode === "upload" ? this.#example : "",
    };
    this.onShown(this.current);
  }

  /** There is nothing to recognize. */
  #clear() {
    clearPrediction(this.#mode);
    this.current = null;
    this.onShown(null);
  }

  /** Another model answers from now on: what is shown is asked again. */
  again() {
    this.#turn += 1;
    this.#clear();
    if (!this.#recognizer.hasDetector()) this.#hand.hide();
    if (this.#mode === "draw") this.#classifyDrawing();
    if (this.#mode === "upload" && !this.#upload.isEmpty) void this.#recognize();
    if (this.#mode === "webcam" && ["live", "held"].includes(this.#cameraState)) void this.#watch();
  }

  /** @param {Mode} next */
  #enter(next) {
    if (this.#mode === "webcam" && next !== "webcam") this.#stopCamera();
    this.#mode = next;
    this.#hand.hide();
    leaveError();
    part("#examples").hidden = next === "webcam";
    for (const choice of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-mode]"))) {
      choice.setAttribute("aria-pressed", String(choice.dataset.mode === next));
    }
    for (const panel of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-panel]"))) {
      panel.hidden = panel.dataset.panel !== next;
    }
    if (next === "draw") this.#showPad();
    this.again();
  }

  // The crop

  /** The person has chosen another crop. A live webcam's next frame uses it anyway. */
  #classifyElsewhere() {
    if (this.#mode === "upload") this.#turn += 1; // a search under way is no longer wanted
    if (this.#cameraState !== "live") this.#classifyAgain();
  }

  async #classifyAgainOnce() {
    if (this.#mode === "webcam" && this.#cameraState === "held") return this.#watch();
    if (this.#mode === "upload") await this.#attempt((isCurrent) => this.#upload.classifyCrop(isCurrent));
  }

  #findAgain() {
    if (this.#mode === "upload") {
      this.#turn += 1;
      void this.#attempt((isCurrent) => this.#upload.search(isCurrent));
    } else if (this.#cameraState === "held") {
      void this.#watch();
    }
  }

  /** Tells what fails, unless the person has turned to something else. @param {(isCurrent: () => boolean) => Promise<void>} work */
  async #attempt(work) {
    const mine = this.#turn;
    const isCurrent = () => mine === this.#turn;
    try {
      await work(isCurrent);
    } catch (thrown) {
      if (isCurrent()) showError(thrown);
    }
  }

  // Upload

  /** A file that was chosen, dropped or pasted. @param {File} file @param {string} [example] the label of an example hand */
  receive(file, example = "") {
    hideError();
    this.#example = example;
    this.#upload.receive(file);
    this.#enter("upload");
  }

  #recognize() {
    const { yours } = this.#hand;
    return this.#attempt((isCurrent) => yours ? this.#upload.classifyCrop(isCurrent) : this.#upload.recognize(isCurrent));
  }

  // Draw

  #listenToPad() {
    const { pen } = this.#pad;
    for (const tool of /** @type {const} */ (["pen", "eraser"])) {
      part(`[data-tool=${tool}]`).addEventListener("click", () => {
        pen.erases = tool === "eraser";
        this.#showPad();
      });
    }
    const width = field("#draw-width");
    width.addEventListener("input", () => { pen.width = width.valueAsNumber; });
    button("#draw-undo").before(swatchesFor(this.#pad, "draw-colour", () => this.#showPad()));
    button("#draw-undo").addEventListener("click", () => this.#pad.undo());
    button("#draw-clear").addEventListener("click", () => this.#pad.clear());
    pen.width = width.valueAsNumber; // a browser may restore the controls of an earlier visit
  }

  #showPad() {
    const tool = this.#pad.pen.erases ? "eraser" : "pen";
    for (const choice of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-tool]"))) {
      choice.setAttribute("aria-pressed", String(choice.dataset.tool === tool));
    }
    const [undo, clear] = [button("#draw-undo"), button("#draw-clear")];
    undo.disabled = !this.#pad.canUndo;
    clear.disabled = this.#pad.isEmpty;
    for (const control of [undo, clear]) if (control.disabled) passFocus(control, undo, clear, part("[data-tool=pen]"));
  }

  #drawingChanged() {
    this.#showPad();
    if (this.#pad.isEmpty) this.#clear();
    this.#classifyDrawing();
  }

  async #classifyDrawingOnce() {
    const { isEmpty } = this.#pad;
    // Only a model that can answer "none" is asked what is on an empty page.
    if (this.#mode !== "draw" || (isEmpty && !this.#recognizer.hasDetector())) return;
    await this.#attempt(async (isCurrent) => {
      const prediction = await this.#recognizer.classify(this.#pad.pixels(), { keep: true });
      if (isCurrent() && isEmpty === this.#pad.isEmpty) this.#show(prediction, prediction);
    });
  }

  // Webcam

  #listenToCamera() {
    this.#video.addEventListener("resize", () => this.#showShape());
    button("#webcam-toggle").addEventListener("click", () => {
      if (this.#cameraState === "off") void this.#startCamera();
      else this.#stopCamera();
    });
    button("#webcam-capture").addEventListener("click", () => void this.capture());
    const choice = element("#webcam-select", HTMLSelectElement);
    choice.addEventListener("change", () => void this.#startCamera(choice.value));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.#cameraState !== "off") this.#stopCamera("hidden");
    });
    addEventListener("pagehide", () => this.#camera.close());
  }

  #showShape() {
    showShape(part("#webcam-frame"), this.#video.videoWidth, this.#video.videoHeight);
  }

  /** @param {"off" | "asking" | "live" | "held" | "hidden"} state */
  #showCamera(state) {
    const shown = state === "live" || state === "held";
    const toggle = part("#webcam-toggle");
    say(toggle, () => shown ? messages.input.stopWebcam : state === "asking" ? messages.cancel : messages.input.startWebcam);
    toggle.dataset.state = state;
    part("#webcam-frame").hidden = !shown;
    part("#webcam-frame").classList.toggle("mirrored", shown && this.#camera.isMirrored);
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

  /** @param {string} [deviceId] */
  async #startCamera(deviceId) {
    this.#cameraState = "asking";
    hideError();
    this.#showCamera("asking");
    try {
      if (!(await this.#camera.open(deviceId))) return;
    } catch (thrown) {
      this.#stopCamera();
      return showError(thrown);
    }
    this.#cameraState = "live";
    this.#isFresh = true;
    this.#showShape();
    this.#showCamera("live");
    const several = await listCameras(element("#webcam-select", HTMLSelectElement), this.#camera);
    if (!this.#camera.isOpen) return; // stopped meanwhile
    part("#webcam-choice").hidden = !several;
    await this.#watch();
  }

  /** @param {"off" | "hidden"} [why] */
  #stopCamera(why = "off") {
    if (this.#cameraState !== "off") this.#turn += 1;
    this.#cameraState = "off";
    this.#camera.close();
    this.#showCamera(why);
    if (this.#mode !== "webcam") return;
    this.#hand.hide();
    this.#clear();
  }

  /** Lets go of the camera, as Esc asks. @returns {boolean} whether there was one to let go of */
  stop() {
    if (this.#cameraState === "off") return false;
    this.#stopCamera();
    return true;
  }

  /** Classifies frame after frame, never two at a time, until the camera is stopped or fails; a held one once. */
  async #watch() {
    const mine = ++this.#turn;
    const once = this.#cameraState === "held";
    this.#smoothing.reset();
    let failures = 0;
    while (mine === this.#turn && this.#camera.isOpen) {
      if (!once) await this.#camera.nextFrame();
      const finds = this.#recognizer.hasDetector();
      const picture = mine === this.#turn && (await this.#camera.grab(finds));
      if (mine !== this.#turn || (!picture && !once)) continue;
      if (!picture) return;
      try {
        const prediction = await this.#recognizer.classify(picture, { keep: false, crop: this.#cropOfFrame(finds), recycle: true });
        this.#camera.recycle(prediction.pixels);
        failures = 0;
        if (mine === this.#turn) this.#showFrame(prediction);
      } catch (thrown) {
        // One frame may be lost to a worker that is being replaced; the next one shows whether it was.
        failures += 1;
        const error = asSignetError(thrown);
        if (mine !== this.#turn || (failures === 1 && error.code.startsWith("worker-"))) continue;
        this.#stopCamera();
        showError(error);
      }
      if (once && failures === 0) return;
    }
  }

  /** @param {boolean} finds @returns {CropRequest} */
  #cropOfFrame(finds) {
    if (!finds) return { at: "center" };
    const { yours } = this.#hand;
    const fresh = this.#isFresh;
    this.#isFresh = false;
    return yours ? { at: "box", box: yours } : { at: "track", fresh };
  }

  /** @param {Prediction} frame */
  #showFrame(frame) {
    const prediction = this.#smoothing.add(frame, this.#recognizer.threshold(), performance.now());
    this.#show(prediction, prediction);
    const { crop, secondHand } = prediction;
    const state = isSign(prediction, this.#recognizer.threshold()) ? "found" : "looking";
    if (crop) this.#hand.show(part("#webcam-frame"), crop, prediction, state, secondHand);
  }

  /** Holds the frame that is shown, or goes on. */
  async capture() {
    if (this.#mode !== "webcam") return;
    if (this.#cameraState === "live") {
      this.#cameraState = "held";
      this.#video.pause();
      this.#showCamera("held");
    } else if (this.#cameraState === "held") {
      this.#cameraState = "live";
      this.#showCamera("live");
      await this.#video.play().catch(() => {}); // stopped meanwhile
    } else {
      return;
    }
    await this.#watch();
  }
}

/** What is said of the crop below the picture. @param {CropState | null} state @param {CropState | null} before */
function showCropState(state, before) {
  const isYours = state === "yours";
  part("#finding").hidden = state === null;
  part("#find-hand").setAttribute("aria-pressed", String(!isYours && state !== "middle"));
  say(part("#finding-line"), state ? () => messages.square.lines[state] : "");
  if (isYours !== (before === "yours") && state) announce(isYours ? messages.square.said.yours : messages.square.said.found);
}
