// Draws the help page's pictures of a hand before a camera, www/help/*.svg: one as it should be, two as they shouldn't.
// Run it with `node scripts/draw-framings.js` after a change here; a test holds the files to it.

import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { sign } from "./draw-examples.js";

const [WIDTH, HEIGHT] = [320, 240];
const [WALL, FLOOR, SHIRT, HAIR, SKIN] = ["#d9e0df", "#c3cbca", "#5d7f93", "#4a3b33", "#dfaa83"];
const [GOOD, BAD] = ["#2f7d5b", "#b93a26"];

/** Who shows the hand. @param {number} x of the face @param {number} y @param {number} size */
const person = (x, y, size) => `<g transform="translate(${x} ${y}) scale(${size})">
<path d="M-62 190V96Q-60 52 -18 48H18Q60 52 62 96V190Z" fill="${SHIRT}"/>
<path d="M0 30V56" stroke="${SKIN}" stroke-width="26" stroke-linecap="round"/>
<ellipse rx="32" ry="40" fill="${SKIN}"/>
<path d="M-34 2Q-38 -46 0 -46T34 2Q22 -22 0 -20T-34 2Z" fill="${HAIR}"/>
</g>`;

/** An open hand. @param {number} x @param {number} y @param {number} size */
const openHand = (x, y, size) => `<g transform="translate(${x} ${y}) scale(${size})" fill="none" stroke-linecap="round" stroke-linejoin="round">
${sign(5).join("\n")}
</g>`;

/** A sleeve with the arm in it. @param {string} path @param {number} width */
const sleeve = (path, width) => `<path d="${path}" fill="none" stroke="${SHIRT}" stroke-width="${width}" stroke-linecap="round"/>`;

/** As the page draws it around what the model sees. @param {number} x @param {number} y @param {number} side */
const square = (x, y, side) => `<rect x="${x}" y="${y}" width="${side}" height="${side}" rx="5" fill="none" stroke="#20282d" stroke-opacity=".55" stroke-width="5"/>
<rect x="${x}" y="${y}" width="${side}" height="${side}" rx="5" fill="none" stroke="#fff" stroke-width="3"/>`;

/** Its shape tells it, too, not the colour alone. @param {boolean} isGood */
const verdict = (isGood) => `<circle cx="288" cy="32" r="19" fill="${isGood ? GOOD : BAD}" stroke="#fff" stroke-width="3"/>
<path d="${isGood ? "M279 33L286 40L298 25" : "M280 24L296 40M296 24L280 40"}" fill="none" stroke="#fff" stroke-width="4.5" stroke-linecap="round" stroke-linejoin="round"/>`;

const SCENES = {
  good: [person(74, 108, 0.95), openHand(108, 22, 0.82), square(112, 20, 206), verdict(true)],
  far: [person(150, 118, 0.42), sleeve("M168 168L190 176L196 152", 12), openHand(171, 112, 0.2), square(172, 110, 50), verdict(false)],
  cut: [person(96, 118, 0.95), openHand(152, -70, 0.86), square(166, 2, 148), verdict(false)],
};

/** @typedef {keyof typeof SCENES} Framing */
export const FRAMINGS = /** @type {Framing[]} */ (Object.keys(SCENES));

/** @param {Framing} name @returns {string} */
export function framing(name) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="${WALL}"/>`,
    `<path d="M0 204H${WIDTH}V${HEIGHT}H0Z" fill="${FLOOR}"/>`,
    ...SCENES[name],
    "</svg>",
    "",
  ].join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const folder = fileURLToPath(new URL("../www/help/", import.meta.url));
  mkdirSync(folder, { recursive: true });
  for (const name of FRAMINGS) writeFileSync(`${folder}${name}.svg`, framing(name));
}
