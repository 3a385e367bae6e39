// The square around the hand and the threshold of a sign, as a person meets them.

import assert from "node:assert/strict";
import { at, paint } from "./pictures.js";

/** @typedef {import("./signet.js").Signet} Signet */
/** @typedef {{ x: number, y: number }} Point */
/** @typedef {{ state: string, left: number, top: number, side: number, box: { x: number, y: number, width: number, height: number } }} Found  `box` is on the screen */

/**
 * A picture in a larger one.
 * @param {import("./pictures.js").Picture} picture
 * @param {number} left
 * @param {number} top
 * @param {{ width: number, height: number }} frame
 */
export function placed(picture, left, top, frame) {
  const background = /** @type {const} */ ([226, 222, 214]); // that of the painted hands
  return paint(frame.width, frame.height, (x, y) => {
    const [across, down] = [(x * frame.width - left) / picture.width, (y * frame.height - top) / picture.height];
    return across < 0 || down < 0 || across >= 1 || down >= 1 ? [...background] : at(picture, across, down);
  });
}

/** The square that is shown, if one is. @param {Signet} signet @returns {Promise<Found | undefined>} */
export async function square(signet) {
  const found = await signet.page.$eval(signet.selector("hand-square"), (element) => {
    const { state = "", left, top, side } = /** @type {HTMLElement} */ (element).dataset;
    const { x, y, width, height } = element.getBoundingClientRect();
    return { state, left: Number(left), top: Number(top), side: Number(side), box: { x, y, width, height } };
  }).catch(() => undefined); // it is on no picture yet
  return found && found.state !== "" ? found : undefined;
}

/** Waits for a square in a state. @param {Signet} signet @param {string} state @param {(found: Found) => boolean} [isRight] */
export function squareThat(signet, state, isRight = () => true) {
  return signet.until(`a square that is ${state}`, async () => {
    const found = await square(signet);
    return found?.state === state && isRight(found) ? found : undefined;
  });
}

/** The screen's point of a frame, in fractions of it. @param {Signet} signet @param {"webcam" | "upload"} which */
export async function pointsOf(signet, which) {
  const frame = await signet.page.$(`#${which}-frame`);
  await frame?.scrollIntoView();
  const box = await frame?.boundingBox();
  assert.ok(box, "the picture is on the page");
  return (/** @type {number} */ x, /** @type {number} */ y) => ({ x: box.x + x * box.width, y: box.y + y * box.height });
}

/** @param {Signet} signet @param {Point} from @param {Point} to */
export async function drag({ page }, from, to) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 6 });
  await page.mouse.up();
}

/** Whether "Find the hand for me" is on. @param {Signet} signet */
export const finds = async (signet) => (await signet.page.$(`${signet.selector("find-hand")}[aria-pressed=true]`)) !== null;

/** How probable a sign is, and the whole answer in words. @param {Signet} signet */
export const said = (signet) => signet.page.$eval(signet.selector("prediction"), (element) => {
  const { sign = null } = /** @type {HTMLElement} */ (element).dataset;
  return { sign, text: (/** @type {HTMLElement} */ (element).innerText).replace(/\s+/g, " ") };
});

/** How much two squares share: 1 where they are the same. @param {Found} a @param {{ left: number, top: number, side: number }} b */
export function overlap(a, b) {
  const along = (/** @type {number} */ one, /** @type {number} */ two) =>
    Math.max(0, Math.min(one + a.side, two + b.side) - Math.max(one, two));
  const shared = along(a.left, b.left) * along(a.top, b.top);
  return shared / (a.side ** 2 + b.side ** 2 - shared);
}
