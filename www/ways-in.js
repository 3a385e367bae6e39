// The three ways in: a photo, a drawing, the webcam. Each brings pictures to the recogniser and answers to the view.
import { Camera } from "./camera.js";
import { newestOnly } from "./client.js";
import { button, element, field, part } from "./dom.js";
import { DrawPad } from "./draw.js";
import { decodeInBrowser, readPicture } from "./image.js";
import { asSignetError } from "./protocol.js";

/** @typedef {import("./protocol.js").Picture} Picture */
/** @typedef {import("./protocol.js").Prediction} Prediction */
/** @typedef {import("./view.js").View} View */
/** @typedef {import("./words.js").Mode} Mode */
/** @typedef {(picture: Picture, keep: boolean) => Promise<Prediction>} Classify */

export class WaysIn {
  #view;
  #classify;
  /** @type {Mode} */
  #mode = "upload";
  /** Counts what the person turned to, so that a late answer to something older is dropped. */
  #turn = 0;
  /** @type {File | null} */
  #uploaded = null;
  #image = element("#upload-image", HTMLImageElement);
  #pad;
  #recogniseDrawing = newestOnly(() => this.#recogniseDrawingOnce());
  #video = element("#webcam-video", HTMLVideoElement);
  #camera;
  /** @type {"off" | "asking" | "live" | "held"} */
  #cameraState = "off";

  /**
   * @param {View} view
   * @param {Classify} classify
   */
  constructor(view, classify) {
    this.#view = view;
    this.#classify = classify;
    this.#pad = new DrawPad(element("#draw-canvas", HTMLCanvasElement), () => this.#drawingChanged());
    this.#camera = new Camera(this.#video, (error) => {
      this.#stopCamera();
      view.showError(error);
    });
    for (const name of /** @type {const} */ (["webcam", "upload", "draw"])) {
      part(`[data-mode=${name}]`).addEventListener("click", () => { if (this.#mode !== name) this.#enter(name); });
    }
    this.#listenToUpload();
    this.#listenToPad();
    this.#listenToCamera();
    view.clearPrediction(this.#mode);
    view.showPicture("none");
  }

  /** Another model answers from now on: what is shown is asked again. */
  again() {
    this.#turn += 1;
    this.#view.clearPrediction(this.#mode);
    if (this.#mode === "draw") this.#recogniseDrawing();
    if (this.#mode === "upload" && this.#uploaded) void this.#recognise(this.#uploaded);
    if (this.#mode === "webcam" && ["live", "held"].includes(this.#cameraState)) void this.#watch();
  }

  /** @param {Mode} next */
  #enter(next) {
    if (this.#mode === "webcam" && next !== "webcam") this.#stopCamera();
    this.#mode = next;
    this.#view.leaveError();
    this.#view.showMode(next);
    if (next === "draw") this.#showPad();
    this.again();
  }

  // Upload

  #listenToUpload() {
    this.#image.addEventListener("load", () => {
      this.#view.showShape("upload", this.#image.naturalWidth, this.#image.naturalHeight);
      this.#view.showPicture("picture");
    });
    this.#image.addEventListener("error", () => this.#view.showPicture("unshowable"));
    const input = field("#upload-input");
    input.addEventListener("change", () => {
      const file = input.files?.[0];
      if (file) this.receive(file);
      input.value = ""; // choosing the same file again is a change too
    });
  }

  /** A file that was chosen, dropped or pasted. @param {File} file */
  receive(file) {
    this.#uploaded = file;
    this.#view.hideError();
    URL.revokeObjectURL(this.#image.src);
    this.#image.src = URL.createObjectURL(file);
    this.#image.alt = file.name;
    this.#view.showPictureName(file.name);
    this.#enter("upload");
  }

  /** @param {File} file */
  async #recognise(file) {
    const mine = this.#turn;
    try {
      const picture = await readPicture(file);
      const prediction = await this.#classify(picture, true).catch(async (thrown) => {
        if (asSignetError(thrown).code !== "picture-format") throw thrown;
        return this.#classify(await decodeInBrowser(file), true);
      });
      if (mine === this.#turn) this.#view.showPrediction(prediction);
    } catch (thrown) {
      if (mine === this.#turn) this.#view.showError(asSignetError(thrown));
    }
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
    const checkedColour = () => field("[name=draw-colour]:checked").value;
    part("#draw-colours").addEventListener("change", () => {
      Object.assign(pen, { colour: checkedColour(), erases: false });
      this.#showPad();
    });
    button("#draw-undo").addEventListener("click", () => this.#pad.undo());
    button("#draw-clear").addEventListener("click", () => this.#pad.clear());
    // A browser may restore the controls of an earlier visit; the pen follows them.
    Object.assign(pen, { width: width.valueAsNumber, colour: checkedColour() });
  }

  #showPad() {
    this.#view.showPad(this.#pad.pen.erases ? "eraser" : "pen", this.#pad.canUndo, this.#pad.isEmpty);
  }

  #drawingChanged() {
    this.#showPad();
    if (this.#pad.isEmpty) this.#view.clearPrediction("draw");
    this.#recogniseDrawing();
  }

  async #recogniseDrawingOnce() {
    const mine = this.#turn;
    try {
      if (this.#pad.isEmpty || this.#mode !== "draw") return;
      const prediction = await this.#classify(this.#pad.pixels(), true);
      if (mine === this.#turn && !this.#pad.isEmpty) this.#view.showPrediction(prediction);
    } catch (thrown) {
      if (mine === this.#turn) this.#view.showError(asSignetError(thrown));
    }
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
    this.#view.showShape("webcam", this.#video.videoWidth, this.#video.videoHeight);
  }

  /** @param {string} [deviceId] */
  async #startCamera(deviceId) {
    this.#cameraState = "asking";
    this.#view.hideError();
    this.#view.showCamera("asking");
    try {
      if (!(await this.#camera.open(deviceId))) return;
    } catch (thrown) {
      this.#stopCamera();
      return this.#view.showError(asSignetError(thrown));
    }
    this.#cameraState = "live";
    this.#showShape();
    this.#view.showCamera("live", this.#camera.isMirrored);
    const cameras = await this.#camera.choices();
    if (!this.#camera.isOpen) return; // stopped meanwhile
    this.#view.showCameras(cameras);
    await this.#watch();
  }

  /** @param {"off" | "hidden"} [why] */
  #stopCamera(why = "off") {
    if (this.#cameraState !== "off") this.#turn += 1;
    this.#cameraState = "off";
    this.#camera.close();
    this.#view.showCamera(why);
    if (this.#mode === "webcam") this.#view.clearPrediction("webcam");
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
    let failures = 0;
    while (mine === this.#turn && this.#camera.isOpen) {
      if (!once) await this.#camera.nextFrame();
      const picture = mine === this.#turn && this.#camera.grab();
      if (!picture && !once) continue;
      if (!picture) return;
      try {
        const prediction = await this.#classify(picture, false);
        failures = 0;
        if (mine === this.#turn) this.#view.showPrediction(prediction);
      } catch (thrown) {
        // One frame may be lost to a worker that is being replaced; the next one shows whether it was.
        failures += 1;
        const error = asSignetError(thrown);
        if (mine !== this.#turn || (failures === 1 && error.code.startsWith("worker-"))) continue;
        this.#stopCamera();
        this.#view.showError(error);
      }
      if (once && failures === 0) return;
    }
  }

  /** Holds the frame that is shown, or goes on. */
  async capture() {
    if (this.#mode !== "webcam") return;
    if (this.#cameraState === "live") {
      this.#cameraState = "held";
      this.#video.pause();
      this.#view.showCamera("held", this.#camera.isMirrored);
    } else if (this.#cameraState === "held") {
      this.#cameraState = "live";
      this.#view.showCamera("live", this.#camera.isMirrored);
      await this.#video.play().catch(() => {}); // stopped meanwhile
    } else {
      return;
    }
    await this.#watch();
  }
}
