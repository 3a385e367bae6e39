// The page with a webcam before it: the film that is the camera, and what happens meanwhile, window after window.
import { writeFileSync } from "node:fs";
import { hand, paint, y4m } from "../e2e/pictures.js";

/** @typedef {import("../e2e/signet.js").Signet} Signet */
/** @typedef {import("../e2e/pictures.js").Picture} Picture */
/**
 * What has happened since the window before.
 * @typedef {object} Window
 * @property {number} frames classified
 * @property {number} camera frames that the camera has delivered
 * @property {number} seconds
 * @property {number[]} latencies of each classified frame, in milliseconds, as the worker measures them
 */

export const RATE = 30;
const [WIDTH, HEIGHT] = [640, 480];
/** How long a new camera needs until its frames come regularly. */
const LIMIT_MS = 60_000;

/** A wall with a shelf: no hand, and not one plain colour either. */
function room() {
  return paint(WIDTH, HEIGHT, (x, y) => (y > 0.6 && y < 0.66 ? [120, 96, 70] : [200 - 60 * x, 196 - 40 * y, 184]));
}

/**
 * Writes what the camera shows, over and over: `hand`, an open one that stays; `room`, none; `both`, each number of
 * fingers for half a second and then none.
 * @param {string} path
 * @param {"hand" | "room" | "both"} scene
 */
export function film(path, scene) {
  const pictures = scene === "room" ? [room()] : scene === "hand" ? [hand(5, WIDTH, HEIGHT)]
    : [...[0, 1, 2, 3, 4, 5].map((fingers) => hand(fingers, WIDTH, HEIGHT)), room()];
  writeFileSync(path, y4m(pictures.flatMap((picture) => Array(RATE / 2).fill(picture)), RATE));
  return path;
}

/** In the page: notes the latency of each prediction, and tells what has come since it was asked last. */
function watchPage() {
  /** @type {number[]} */
  let latencies = [];
  let [time, camera] = [performance.now(), 0];
  const prediction = /** @type {HTMLElement} */ (document.querySelector('[data-testid="prediction"]'));
  const video = /** @type {HTMLVideoElement} */ (document.querySelector("#webcam-video"));
  new MutationObserver(() => {
    if (prediction.dataset["latencyMs"]) latencies.push(Number(prediction.dataset["latencyMs"]));
  }).observe(prediction, { attributeFilter: ["data-sequence"] });
  const take = () => {
    const [track] = /** @type {MediaStream | null} */ (video.srcObject)?.getVideoTracks() ?? [];
    // Younger than TypeScript's library.
    const delivered = /** @type {{ stats?: { deliveredFrames: number } } | undefined} */ (track)?.stats?.deliveredFrames ?? NaN;
    const now = performance.now();
    const window = { frames: latencies.length, camera: delivered - camera, seconds: (now - time) / 1000, latencies };
    [latencies, time, camera] = [[], now, delivered];
    return window;
  };
  const count = () => latencies.length;
  Object.assign(globalThis, { webcamWatch: { take, count } });
}

/** @typedef {{ webcamWatch: { take(): Window, count(): number } }} Watched */

/** A page whose camera runs. */
export class Webcam {
  #signet;

  /** @param {Signet} signet */
  constructor(signet) {
    this.#signet = signet;
  }

  /** Starts the camera, and waits until it is classified. @param {Signet} signet */
  static async start(signet) {
    await signet.click("mode-webcam");
    await signet.click("webcam-toggle");
    const webcam = new Webcam(signet);
    await signet.page.evaluate(watchPage);
    await webcam.window(RATE);
    return webcam;
  }

  /**
   * Waits for as many classified frames more.
   * @param {number} frames
   * @returns {Promise<Window>}
   */
  async window(frames) {
    const { page } = this.#signet;
    await this.#signet.until(`${frames} frames`, () => page.evaluate((wanted) =>
      (/** @type {Watched} */ (/** @type {unknown} */ (globalThis)).webcamWatch.count() >= wanted ? true : undefined), frames), LIMIT_MS + 1000 * frames);
    return page.evaluate(() => /** @type {Watched} */ (/** @type {unknown} */ (globalThis)).webcamWatch.take());
  }
}
