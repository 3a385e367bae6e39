// The camera for teaching: opened in one card, it records into the class whose button or digit is held, or in a
// burst after a countdown.
import { messages, say, translate } from "../i18n/language.js";
import { Camera } from "../input/camera.js";
import { make, passFocus, showShape } from "../ui/dom.js";
import { announce, showError } from "../ui/notices.js";

/** @import { PixelPicture } from "../recognizer/protocol.js" */

/** Between two images: 4 to 5 a second. */
const PERIOD_MS = 220;
const COUNTDOWN_S = 3;
const BURST = 20;

/**
 * @typedef {object} RecorderEvents
 * @property {(classId: string, picture: PixelPicture) => void} onPicture
 * @property {(classId: string, on: boolean) => void} onRecording
 */

export class Recorder {
  #events;
  #video = make("video", { playsInline: true, muted: true, says: { "aria-label": () => messages.card.webcam } });
  #frame;
  #count = make("p", { className: "countdown", hidden: true, data: { testid: "countdown" } });
  #waiting = make("p", { className: "recorder-waiting", says: () => messages.waitingForCamera });
  #burst;
  #choice = make("select", { says: { "aria-label": () => messages.camera }, hidden: true, data: { testid: "recorder-camera" } });
  #camera;
  element;
  /** What had the focus when it was opened. @type {Element | null} */
  #opener = null;
  /** Whose card it is opened in. */
  #home = "";
  /** What is held down, or what a burst records into. */
  #target = "";
  /** Counts recordings, so that one that has ended ends nothing newer. */
  #turn = 0;

  /** @param {RecorderEvents} events */
  constructor(events) {
    this.#events = events;
    this.#camera = new Camera(this.#video, (error) => {
      this.close();
      showError(error);
    });
    this.#frame = make("div", { className: "frame" }, this.#video, make("div", { className: "square" }), this.#count);
    this.#burst = make("button", { type: "button", data: { testid: "burst" },
      says: { text: () => messages.card.burst, title: () => messages.card.burstTitle(BURST) }, on: { click: () => this.#toggleBurst() } });
    this.element = make("div", { className: "recorder", data: { testid: "recorder", state: "off" } },
      make("div", { className: "recorder-stage" }, this.#waiting, this.#frame),
      make("div", { className: "recorder-side" }, this.#burst,
        make("button", { type: "button", says: () => messages.close, data: { testid: "recorder-close" }, on: { click: () => this.close() } }),
        this.#choice,
        make("p", { className: "privacy", says: () => messages.privacy })));
    this.#choice.addEventListener("change", () => void this.#open(this.#choice.value));
    this.#video.addEventListener("resize", () => this.#showShape());
    this.#show("off");
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.close(); });
    addEventListener("pagehide", () => this.close());
  }

  /** The class in whose card the camera is open, or "". */
  get home() {
    return this.#home;
  }

  get isRecording() {
    return this.#target !== "";
  }

  /**
   * Opens the camera in a card, or brings the open one there.
   * @param {string} classId
   * @param {HTMLElement} place
   */
  async open(classId, place) {
    const wasOpen = this.#camera.isOpen;
    this.#home = classId;
    this.#opener = document.activeElement;
    place.replaceChildren(this.element);
    translate(this.element); // the language may be another one since it was closed
    // A video that was moved in the page has been paused by that.
    if (wasOpen) await this.#video.play().catch(() => {});
    else await this.#open();
  }

  /** @param {string} [deviceId] */
  async #open(deviceId) {
    this.#show("asking");
    try {
      if (!(await this.#camera.open(deviceId))) return;
    } catch (thrown) {
      this.close();
      return showError(thrown);
    }
    this.#frame.classList.toggle("mirrored", this.#camera.isMirrored);
    this.#showShape();
    this.#show("live");
    if (this.#target) void this.#record();
    this.#choice.hidden = !(await this.#camera.listIn(this.#choice));
  }

  /** Lets go of the camera. */
  close() {
    this.stop();
    this.#camera.close();
    this.#home = "";
    passFocus(this.element, this.#opener, this.element.closest("li"));
    this.element.remove();
    this.#show("off");
  }

  /** Records into a class from now on, as soon as the camera is open. @param {string} classId */
  hold(classId) {
    this.stop();
    this.#target = classId;
    if (this.#camera.isOpen) void this.#record();
  }

  /** One image into a class. @param {string} classId */
  async once(classId) {
    const picture = await this.#camera.grab();
    if (picture) this.#events.onPicture(classId, picture);
  }

  /** Ends a recording, and a countdown. */
  stop() {
    const target = this.#target;
    this.#target = "";
    this.#turn += 1;
    this.#count.hidden = true;
    say(this.#burst, () => messages.card.burst);
    if (this.#camera.isOpen) this.#show("live");
    if (target) this.#events.onRecording(target, false);
  }

  #toggleBurst() {
    if (this.#target) this.stop();
    else void this.#countDown(this.#home);
  }

  /** @param {string} classId */
  async #countDown(classId) {
    this.#target = classId;
    const mine = ++this.#turn;
    say(this.#burst, () => messages.train.stop);
    this.#show("countdown");
    for (let left = COUNTDOWN_S; left > 0; left -= 1) {
      this.#count.hidden = false;
      this.#count.textContent = messages.format.number(left);
      announce(messages.format.number(left));
      await pause(1000);
      if (mine !== this.#turn) return;
    }
    this.#count.hidden = true;
    if (await this.#record(BURST)) announce(messages.card.burstDone(BURST));
  }

  /** Image after image, until it is stopped or `limit` is reached. @param {number} [limit] */
  async #record(limit = Infinity) {
    const target = this.#target;
    const mine = ++this.#turn;
    this.#show("recording");
    this.#events.onRecording(target, true);
    let due = performance.now();
    for (let taken = 0; taken < limit;) {
      const picture = await this.#camera.grab();
      if (mine !== this.#turn) return false;
      if (picture) {
        taken += 1;
        this.#events.onPicture(target, picture);
      }
      // From the plan, not from now, so that a slow grab does not slow the rate down.
      due = Math.max(due + (picture ? PERIOD_MS : 30), performance.now());
      await pause(due - performance.now());
      if (mine !== this.#turn) return false;
    }
    this.stop();
    return true;
  }

  /** @param {"off" | "asking" | "live" | "countdown" | "recording"} state */
  #show(state) {
    this.element.dataset["state"] = state;
    const open = state !== "off" && state !== "asking";
    this.#frame.hidden = !open;
    this.#waiting.hidden = open;
    this.#burst.disabled = !open;
  }

  #showShape() {
    showShape(this.#frame, this.#video.videoWidth, this.#video.videoHeight);
  }
}

/** @param {number} ms @returns {Promise<void>} */
const pause = (ms) => new Promise((done) => void setTimeout(done, ms));
