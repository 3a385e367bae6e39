// The page with a webcam before it: the film that is the camera, and what happens meanwhile, window after window.
import { write } from "../e2e/files.js";
import { hand, paint, y4m } from "../e2e/pictures.js";

/**
 * What has happened since the window before.
 * @typedef {object} Window
 * @property {number} camera frames that the camera has delivered
 * @property {number} seconds
 * @property {number[]} latencies of each classified frame, in milliseconds, as the worker measures them
 */

export const RATE = 30;
const [WIDTH, HEIGHT] = [640, 480];
/** How long a new camera needs until its frames come regularly. */
const LIMIT_MS = 60_000;

/**
 * What the camera shows, over and over, as a file: `hand`, an open one that stays; `room`, a wall with a shelf and no
 * hand; `both`, each number of fingers for half a second and then none.
 * @param {"hand" | "room" | "both"} scene
 */
export function film(scene) {
  const room = paint(WIDTH, HEIGHT, (x, y) => (y > 0.6 && y < 0.66 ? [120, 96, 70] : [200 - 60 * x, 196 - 40 * y, 184]));
  const hands = (scene === "hand" ? [5] : scene === "both" ? [0, 1, 2, 3, 4, 5] : []).map((fingers) => hand(fingers, WIDTH, HEIGHT));
  const pictures = scene === "hand" ? hands : [...hands, room];
  return write(`${scene}.y4m`, y4m(pictures.flatMap((picture) => Array(RATE / 2).fill(picture)), RATE));
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
  /** @returns {Window} */
  const take = () => {
    const [track] = /** @type {MediaStream | null} */ (video.srcObject)?.getVideoTracks() ?? [];
    // Younger than TypeScript's library.
    const delivered = /** @type {{ stats?: { deliveredFrames: number } } | undefined} */ (track)?.stats?.deliveredFrames ?? NaN;
    const now = performance.now();
    const window = { camera: delivered - camera, seconds: (now - time) / 1000, latencies };
    [latencies, time, camera] = [[], now, delivered];
    return window;
  };
  return { take, count: () => latencies.length };
}

/**
 * Starts the camera, and waits until it is classified.
 * @param {import("../e2e/signet.js").Signet} signet
 * @returns {Promise<(frames: number) => Promise<Window>>} waits for as many classified frames more
 */
export async function startWebcam(signet) {
  await signet.click("mode-webcam");
  await signet.click("webcam-toggle");
  const watched = await signet.page.evaluateHandle(watchPage);
  const nextWindow = async (/** @type {number} */ frames) => {
    await signet.until(`${frames} frames`, async () => await watched.evaluate((watch) => watch.count()) >= frames, LIMIT_MS + 1000 * frames);
    return watched.evaluate((watch) => watch.take());
  };
  await nextWindow(RATE);
  return nextWindow;
}
