// Draws the page's six examples, www/examples/0.svg to 5.svg: one hand, seen from its palm, with 0 to 5 fingers up.
// Run it with `node scripts/draw-examples.js` after a change here; a test holds the files to it.
//
// A hand is a few thick lines with round ends. All of them are drawn in the outline's colour first and then, a
// little thinner, in that of the skin, so that they run into one another and share one outline; what lies over the
// palm (folded fingers, the thumb) is drawn on top in the same way, one line after another.

import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const SIDE = 256;
const PAPER = "#f1ede4";
const SKIN = "#dfaa83";
const EDGE = "#8d5a3d";
const NAIL = "#f3cdb3";
/** How far the outline reaches beyond the skin. */
const RIM = 4;

/** A thick line: a path and its width. @typedef {{ path: string, width: number, filled?: boolean }} Limb */

/** Where a finger leaves the palm, which way it points (degrees from upright, clockwise), how long and wide it is. */
const FINGERS = {
  index: { x: 151, y: 136, angle: 17, length: 86, width: 25 },
  middle: { x: 130, y: 126, angle: 3, length: 94, width: 26 },
  ring: { x: 107, y: 129, angle: -11, length: 86, width: 25 },
  little: { x: 87, y: 144, angle: -27, length: 68, width: 22 },
};
/** @typedef {keyof typeof FINGERS} Finger */

/** @type {Limb[]} */
const PALM = [
  { path: "M124 200V280", width: 58 },
  { path: "M102 150L124 144L143 149L147 190L132 212L114 210L101 188Z", width: 36, filled: true },
];
/** @type {Record<"out" | "across" | "over", Limb>} */
const THUMB = {
  out: { path: "M142 198Q172 186 190 160T213 128", width: 27 },
  /** Across the palm, below the fingers. */
  across: { path: "M126 206L148 188Q157 174 142 171L106 168", width: 25 },
  /** Over the fingers that are folded. */
  over: { path: "M126 206L149 189Q158 176 145 172L114 166", width: 25 },
};
/** Its root, which has no edge: it grows out of the palm. @type {Limb} */
const THUMB_ROOT = { path: "M120 208L129 203", width: 34 };

/** @param {number} value */
const rounded = (value) => String(Math.round(value * 10) / 10);

/** @param {Finger} name @param {number} turned degrees @returns {Limb} */
function straight(name, turned) {
  const { x, y, angle, length, width } = FINGERS[name];
  const radians = ((angle + turned) * Math.PI) / 180;
  const [dx, dy] = [Math.sin(radians), -Math.cos(radians)];
  // From inside of the palm, so that the joint makes no dent.
  return { path: `M${rounded(x - 12 * dx)} ${rounded(y - 12 * dy)}L${rounded(x + length * dx)} ${rounded(y + length * dy)}`, width };
}

/** Seen from the palm a folded finger comes down over it, its nail in front. @param {Finger} name */
function folded(name) {
  const { x, y, width } = FINGERS[name];
  const tip = y + 34;
  return {
    /** @type {Limb} */
    limb: { path: `M${x} ${y + 2}V${tip}`, width },
    nail: `<ellipse cx="${x}" cy="${tip + 2}" rx="${rounded(width * 0.24)}" ry="${rounded(width * 0.3)}" fill="${NAIL}"/>`,
  };
}

/** @param {Limb} limb @param {string} colour @param {number} [wider] */
function line({ path, width, filled }, colour, wider = 0) {
  return `<path d="${path}" stroke="${colour}" stroke-width="${width + wider}"${filled ? ` fill="${colour}"` : ""}/>`;
}

/** Limbs that run into one another. @param {Limb[]} limbs */
const joined = (limbs) => [...limbs.map((limb) => line(limb, EDGE, 2 * RIM)), ...limbs.map((limb) => line(limb, SKIN))];

/** A line within the hand. @param {string} path */
const crease = (path) => `<path d="${path}" stroke="${EDGE}" stroke-width="4"/>`;

/**
 * @param {object} pose
 * @param {Finger[]} pose.up
 * @param {Finger[]} [pose.down]
 * @param {"out" | "across" | "over"} pose.thumb
 * @param {number} [pose.apart] degrees by which index and middle finger are spread further
 */
function hand({ up, down = [], thumb, apart = 0 }) {
  const out = thumb === "out" ? [THUMB.out] : [];
  return [
    ...joined([...up.map((name) => straight(name, name === "index" ? apart : name === "middle" ? -apart : 0)), ...out, ...PALM]),
    ...down.flatMap((name) => {
      const { limb, nail } = folded(name);
      return [...joined([limb]), nail];
    }),
    ...(thumb === "out" ? [crease("M146 162Q124 176 130 208")] : [...joined([THUMB[thumb]]), line(THUMB_ROOT, SKIN)]),
  ];
}

/** The rounded O: fingers and thumb meet at their tips, around a hole. */
function roundedO() {
  /** @type {Limb} */
  const fingers = { path: "M116 204C74 168 72 104 112 82C142 66 178 74 192 104", width: 46 };
  /** @type {Limb} */
  const thumb = { path: "M128 204C164 200 186 172 192 132", width: 28 };
  /** @type {Limb} */
  const arm = { path: "M118 206V280", width: 58 };
  return [
    ...joined([arm, fingers, thumb]),
    crease("M96 158C84 124 98 98 126 92C150 87 168 92 178 104"),
    crease("M176 126Q188 122 204 124"),
  ];
}

/** The lines of a sign, in a square of SIDE. @param {0 | 1 | 2 | 3 | 4 | 5} count @returns {string[]} */
export function sign(count) {
  return {
    0: () => roundedO(),
    1: () => hand({ up: ["index"], down: ["little", "ring", "middle"], thumb: "over" }),
    2: () => hand({ up: ["index", "middle"], down: ["little", "ring"], thumb: "over", apart: 6 }),
    3: () => hand({ up: ["index", "middle"], down: ["little", "ring"], thumb: "out", apart: 3 }),
    4: () => hand({ up: ["index", "middle", "ring", "little"], thumb: "across" }),
    5: () => hand({ up: ["index", "middle", "ring", "little"], thumb: "out" }),
  }[count]();
}

/** The picture of a sign. @param {0 | 1 | 2 | 3 | 4 | 5} count @returns {string} */
export function example(count) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIDE} ${SIDE}" width="${SIDE}" height="${SIDE}">`,
    `<rect width="${SIDE}" height="${SIDE}" fill="${PAPER}"/>`,
    `<g fill="none" stroke-linecap="round" stroke-linejoin="round">`,
    ...sign(count),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

export const COUNTS = /** @type {const} */ ([0, 1, 2, 3, 4, 5]);

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const folder = fileURLToPath(new URL("../www/examples/", import.meta.url));
  mkdirSync(folder, { recursive: true });
  for (const count of COUNTS) writeFileSync(`${folder}${count}.svg`, example(count));
}
