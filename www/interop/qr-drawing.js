// A QR code as a drawing: black on white in the dark theme as well, which cameras read best.
import { make } from "../ui/dom.js";

/** @import { LinkQr } from "../pkg/signet_cpu_convert.js" */
/** @import { Words } from "../i18n/language.js" */

/** Light modules around the code, as the standard wants. */
const QUIET = 4;
/** In CSS pixels. */
const LARGEST = 560;
const SVG = "http://www.w3.org/2000/svg";

/** @param {LinkQr} code @param {Words} name */
export function qrDrawing({ side, modules }, name) {
  const size = side + 2 * QUIET;
  const path = [...modules].flatMap((dark, index) => (dark ? [`M${QUIET + (index % side)} ${QUIET + Math.floor(index / side)}h1v1h-1z`] : [])).join("");
  const drawing = element("svg", { viewBox: `0 0 ${size} ${size}`, "shape-rendering": "crispEdges", "aria-hidden": "true" },
    element("rect", { width: size, height: size, fill: "#fff" }), element("path", { d: path, fill: "#000" }));
  // Modules of whole pixels: on a screen of few pixels, readers fail at modules of different sizes.
  drawing.style.maxWidth = `${size * Math.max(1, Math.floor(LARGEST / size))}px`;
  return make("div", { className: "share-qr", data: { testid: "share-qr", side: String(side) }, attributes: { role: "img" }, says: { "aria-label": name } }, drawing);
}

/** @param {string} tag @param {Record<string, string | number>} attributes @param {...Element} children */
function element(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}
