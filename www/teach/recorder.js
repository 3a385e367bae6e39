// The camera for teaching: opened in one card, it records into the class whose button or digit is held, or in a
// burst after a countdown.
import { messages, say, translate } from "../i18n/language.js";
import { Camera } from "../input/camera.js";
import { listCameras } from "../input/camera-choice.js";
import { mirrored } from "../input/crop.js";
import { make, passFocus, showShape } from "../ui/dom.js";
import { announce, showError } from "../ui/notices.js";

/** @import { PixelPicture } from "../recognizer/protocol.js" */
/** @import { SampleInput } from "./sample-inputs.js" */

/** Between two images: 4 to 5 a second. */
const PERIOD_MS = 220;
const COUNTDOWN_S = 3;
const BURST = 20;

/**
 * @param {object} events
 * @param {(classId: string, picture: PixelPicture, fresh: boolean) => void} events.onPicture `fresh`: the first since the camera was opened
 * @param {(classId: string, on: boolean) => void} events.onRecording
 * @param {() => boolean} events.searches whether images are crops of the hand, wherever it is, and not the middle
 */
export function recorder({ onPicture, onRecording, searches }) {
  /** What had the focus when it was opened. @type {Element | null} */
  let opener = null;
  /** The class in whose card the camera is open, or "". */
  let home = "";
  /** What is held down, or what a burst records into. */
  let target = "";
  /** Counts recordings, so that one that has ended ends nothing newer. */
  let turn = 0;

  const video = make("video", { playsInline: true, muted: true, says: { "aria-label": () => messages.card.webcam } });
  const camera = new Camera(video, (error) => {
    close();
    showError(error);
  });
  const count = make("p", { className: "countdown", hidden: true, data: { testid: "countdown" } });
  const waiting = make("p", { className: "recorder-waiting", says: () => messages.waitingForCamera });
  const square = make("div", { className: "square" });
  /** Where the hand was in the last image, while another one follows. */
  const found = make("div", { className: "hand", hidden: true, data: { testid: "sample-crop", state: "found" } });
  const frame = make("div", { className: "frame" }, video, square, found, count);
  let isFresh = true;
  const burst = make("button", { type: "button", data: { testid: "burst" },
    says: { text: () => messages.card.burst, title: () => messages.card.burstTitle(BURST) },
    on: { click: () => (target ? stop() : void countDown(home)) } });
  const choice = make("select", { says: { "aria-label": () => messages.camera }, hidden: true, data: { testid: "recorder-camera" },
    on: { change: () => void start(choice.value) } });
  const element = make("div", { className: "recorder", data: { testid: "recorder", state: "off" } },
    make("div", { className: "recorder-stage" }, waiting, frame),
    make("div", { className: "recorder-side" }, burst,
      make("button", { type: "button", says: () => messages.close, data: { testid: "recorder-close" }, on: { click: () => close() } }),
      choice,
      make("p", { className: "privacy", says: () => messages.privacy })));
  const showVideo = () => showShape(frame, video.videoWidth, video.videoHeight);
  video.addEventListener("resize", showVideo);
  show("off");
  document.addEventListener("visibilitychange", () => { if (document.hidden) close(); });
  addEventListener("pagehide", () => close());

  /** @param {"off" | "asking" | "live" | "countdown" | "recording"} state */
  function show(state) {
    element.dataset["state"] = state;
    const isOpen = state !== "off" && state !== "asking";
    frame.hidden = !isOpen;
    waiting.hidden = isOpen;
    burst.disabled = !isOpen;
    if (state !== "recording") showFound(null);
  }

  /** @param {SampleInput | null} input */
  function showFound(input) {
    const isWhole = !input || input.crop.side === Math.min(input.width, input.height);
    found.hidden = isWhole;
    square.hidden = !isWhole || searches();
    if (!input || isWhole) return;
    const { left, top, side } = camera.isMirrored ? mirrored(input.crop, input) : input.crop;
    Object.assign(found.style, { left: `${(100 * left) / input.width}%`, top: `${(100 * top) / input.height}%`, width: `${(100 * side) / input.width}%` });
  }

  /** @param {string} classId @param {PixelPicture} picture */
  function take(classId, picture) {
    onPicture(classId, picture, isFresh);
    isFresh = false;
  }

  /** @param {string} [deviceId] */
  async function start(deviceId) {
    show("asking");
    try {
      if (!(await camera.open(deviceId))) return;
      isFresh = true;
    } catch (thrown) {
      close();
      return showError(thrown);
    }
    frame.classList.toggle("mirrored", camera.isMirrored);
    showVideo();
    show("live");
    if (target) void record();
    choice.hidden = !(await listCameras(choice, camera));
  }

  function close() {
    stop();
    camera.close();
    home = "";
    passFocus(element, opener, element.closest("li"));
    element.remove();
    show("off");
  }

  function stop() {
    const ended = target;
    target = "";
    turn += 1;
    count.hidden = true;
    say(burst, () => messages.card.burst);
    if (camera.isOpen) show("live");
    if (ended) onRecording(ended, false);
  }

  /** @param {string} classId */
  async function countDown(classId) {
    target = classId;
    const mine = ++turn;
    say(burst, () => messages.train.stop);
    show("countdown");
    for (let left = COUNTDOWN_S; left > 0; left -= 1) {
      count.hidden = false;
      count.textContent = messages.format.number(left);
      announce(messages.format.number(left));
      await pause(1000);
      if (mine !== turn) return;
    }
    count.hidden = true;
    if (await record(BURST)) announce(messages.card.burstDone(BURST));
  }

  /** Image after image, until it is stopped or `limit` is reached. @param {number} [limit] */
  async function record(limit = Infinity) {
    const classId = target;
    const mine = ++turn;
    show("recording");
    onRecording(classId, true);
    let due = performance.now();
    for (let taken = 0; taken < limit;) {
      const picture = await camera.grab();
      if (mine !== turn) return false;
      if (picture) {
        taken += 1;
        take(classId, picture);
      }
      // From the plan, not from now, so that a slow grab does not slow the rate down.
      due = Math.max(due + (picture ? PERIOD_MS : 30), performance.now());
      await pause(due - performance.now());
      if (mine !== turn) return false;
    }
    stop();
    return true;
  }

  return {
    close,
    stop,

    /** Shows the crop that an image of a recording was. @param {SampleInput} input */
    showCrop: (input) => { if (element.dataset["state"] === "recording") showFound(input); },

    get home() {
      return home;
    },

    get isRecording() {
      return target !== "";
    },

    /** Opens the camera in a card, or brings the open one there. @param {string} classId @param {HTMLElement} place */
    async open(classId, place) {
      const wasOpen = camera.isOpen;
      home = classId;
      opener = document.activeElement;
      place.replaceChildren(element);
      translate(element); // the language may be another one since it was closed
      // A video that was moved in the page has been paused by that.
      if (wasOpen) await video.play().catch(() => {});
      else await start();
    },

    /** Records into a class from now on, as soon as the camera is open. @param {string} classId */
    hold(classId) {
      stop();
      target = classId;
      if (camera.isOpen) void record();
    },

    /** One image into a class. @param {string} classId */
    async once(classId) {
      const picture = await camera.grab();
      if (picture) take(classId, picture);
    },
  };
}

/** @param {number} ms @returns {Promise<void>} */
const pause = (ms) => new Promise((done) => void setTimeout(done, ms));
