// A view as a picture to take along: what stands on the page, drawn again as SVG, and as PNG of that. Nothing in it is
// fetched from anywhere: letters are text in the reader's own fonts, canvases and photos are embedded as they are.

import { download } from "../ui/dom.js";
import { svg as element } from "./svg.js";

/** @typedef {{ title: string, lines: string[], source: string }} Caption `source`: the page's name and the address that leads there */

/** What is for use and not to look at: a picture has no buttons. */
const UNPRINTED = "button:not([data-printed]), select, input, textarea, label:has(input, select), .segments, progress, details:not([open]), summary, .unseen, [data-unprinted], script, style";
/** What a drawing's elements look like by the page's styles, which a file doesn't have. */
const STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-opacity", "opacity",
  "font-family", "font-size", "font-weight", "text-anchor", "dominant-baseline", "direction", "paint-order"];
/** How a picture lies in its box, in the words of CSS and of SVG. @type {Record<string, string>} */
const FITS = { contain: "xMidYMid", cover: "xMidYMid slice" };
/** In CSS pixels. */
const MARGIN = 20;
const TITLE_SIZE = 22;
const LINE_SIZE = 14;
const LINE_HEIGHT = 20;
/** Pixels of a PNG for each CSS pixel. */
const SCALE = 2;

/** @param {HTMLElement} view @param {Caption} caption @param {string} name of the file @param {"svg" | "png"} format */
export async function saveView(view, caption, name, format) {
  const drawing = unscrolled(view, () => svgOf(view, caption));
  download(format === "svg" ? new Blob([drawing], { type: "image/svg+xml" }) : await pngOf(drawing), `${name}.${format}`);
}

/**
 * Draws the view so wide that nothing in it scrolls sideways, and puts it back before the browser shows it.
 * @template T
 * @param {HTMLElement} view
 * @param {() => T} draw
 */
function unscrolled(view, draw) {
  const parts = [...view.querySelectorAll("*")];
  const around = [];
  for (let at = view.parentElement; at; at = at.parentElement) around.push(at);
  // The page is shorter where the view is wider: what is scrolled may move by that.
  const places = [...parts, ...around].map((part) => ({ part, left: part.scrollLeft, top: part.scrollTop })).filter(({ left, top }) => left !== 0 || top !== 0);
  const scrolling = parts.filter((part) => /auto|scroll/.test(getComputedStyle(part).overflowX) && !part.closest(UNPRINTED));
  const hidden = () => Math.max(0, ...scrolling.map((part) => part.scrollWidth - part.clientWidth));
  const { minWidth } = view.style;
  try {
    // A part in a column gets its share of the width only. One that has a width of its own gets none, and stays cut.
    for (let [missing, before] = [hidden(), Infinity]; missing > 0 && missing < before; [missing, before] = [hidden(), missing]) {
      view.style.minWidth = `${Math.ceil(view.getBoundingClientRect().width) + missing}px`;
    }
    return draw();
  } finally {
    view.style.minWidth = minWidth;
    for (const { part, left, top } of places) part.scrollTo({ left, top, behavior: "instant" });
  }
}

/**
 * @param {HTMLElement} view what is drawn, as it stands
 * @param {Caption} caption
 * @returns {string} an SVG file
 */
function svgOf(view, { title, lines, source }) {
  const { left, top, width, height } = view.getBoundingClientRect();
  const { color, fontFamily, direction } = getComputedStyle(view);
  const said = lines.flatMap((content) => wrapped(content, width, `${LINE_SIZE}px ${fontFamily}`));
  const head = MARGIN + TITLE_SIZE + 8 + LINE_HEIGHT * said.length;
  const foot = wrapped(source, width, `${LINE_SIZE - 2}px ${fontFamily}`);
  const size = { width: Math.ceil(width + 2 * MARGIN), height: Math.ceil(head + height + LINE_HEIGHT * foot.length + 2 * MARGIN) };
  const start = direction === "rtl" ? size.width - MARGIN : MARGIN;
  const line = (/** @type {string} */ content, /** @type {number} */ y, /** @type {number} */ fontSize, /** @type {Record<string, string | number>} */ more = {}) =>
    element("text", { x: start, y, fill: color, direction, "font-family": fontFamily, "font-size": fontSize, ...more }, content);
  const svg = element("svg", { ...size, viewBox: `0 0 ${size.width} ${size.height}` },
    element("title", {}, title),
    element("rect", { ...size, fill: surfaceBehind(view) }),
    line(title, MARGIN + TITLE_SIZE - 4, TITLE_SIZE, { "font-weight": 600 }),
    ...said.map((content, index) => line(content, MARGIN + TITLE_SIZE + LINE_HEIGHT * (index + 1), LINE_SIZE)),
    element("g", { transform: `translate(${MARGIN - left} ${head + MARGIN / 2 - top})` }, ...drawn(view, false)),
    ...foot.map((content, index) => line(content, size.height - MARGIN + 4 - LINE_HEIGHT * (foot.length - 1 - index), LINE_SIZE - 2, { "fill-opacity": 0.75 })));
  return new XMLSerializer().serializeToString(svg);
}

/** @param {string} svg @returns {Promise<Blob>} a PNG file of twice as many pixels */
async function pngOf(svg) {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: SCALE * image.naturalWidth, height: SCALE * image.naturalHeight });
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no PNG of this size"))), "image/png"));
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The nearest background that isn't transparent. @param {Element | null} at @returns {string} */
function surfaceBehind(at) {
  const colour = at ? getComputedStyle(at).backgroundColor : "Canvas";
  return !at || isSeen(colour) ? colour : surfaceBehind(at.parentElement);
}

/** @param {string} colour as computed */
const isSeen = (colour) => colour !== "transparent" && !/[,/] ?0\)$/.test(colour);

/** An element and what is in it. @param {Element} node @param {boolean} isFlipped by what is around it, as a mirrored video is @returns {Element[]} */
function drawn(node, isFlipped) {
  if (node.matches(UNPRINTED) || !node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return [];
  const style = getComputedStyle(node);
  const box = node.getBoundingClientRect();
  const flips = isFlipped !== (new DOMMatrix(style.transform).a < 0);
  const place = { x: box.left, y: box.top, width: box.width, height: box.height };
  if (node instanceof SVGSVGElement) return [...boxOf(style, place), inlined(node, place)];
  if (node instanceof HTMLCanvasElement || node instanceof HTMLImageElement || node instanceof HTMLVideoElement) return [...boxOf(style, place), ...photo(node, style, place, flips)];
  const inside = [...node.childNodes].flatMap((child) => (child instanceof Text ? lettersOf(child, style) : child instanceof Element ? drawn(child, flips) : []));
  const clips = style.overflowX !== "visible" && (node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1);
  const all = [...boxOf(style, place), ...generated(node, box, "::before"), ...(clips ? [element("svg", { ...place, viewBox: `${place.x} ${place.y} ${place.width} ${place.height}` }, ...inside)] : inside), ...generated(node, box, "::after")];
  return Number(style.opacity) < 1 ? [element("g", { opacity: style.opacity }, ...all)] : all;
}

/** @typedef {{ x: number, y: number, width: number, height: number }} Place in the window */

/** Background and border. @param {CSSStyleDeclaration} style @param {Place} place */
function boxOf(style, { x, y, width, height }) {
  const [right, bottom] = [x + width, y + height];
  const sides = /** @type {const} */ ([["top", x, y, right, y], ["bottom", x, bottom, right, bottom], ["left", x, y, x, bottom], ["right", right, y, right, bottom]])
    .map(([side, x1, y1, x2, y2]) => {
      const [width, stroke, look] = ["width", "color", "style"].map((name) => style.getPropertyValue(`border-${side}-${name}`));
      return { ends: { x1, y1, x2, y2 }, width: parseFloat(width ?? "") || 0, stroke: stroke ?? "", isDashed: look === "dashed" };
    })
    .filter((side) => side.width > 0 && isSeen(side.stroke));
  const [first] = sides;
  const isWhole = first !== undefined && sides.length === 4;
  const inset = isWhole ? first.width : 0;
  const fill = isSeen(style.backgroundColor) ? style.backgroundColor : "none";
  const rect = { x: x + inset / 2, y: y + inset / 2, width: Math.max(0, width - inset), height: Math.max(0, height - inset), rx: Math.min(parseFloat(style.borderTopLeftRadius) || 0, width / 2, height / 2) };
  if (isWhole) return [element("rect", { ...rect, fill, stroke: first.stroke, "stroke-width": first.width })];
  return [
    ...(fill === "none" ? [] : [element("rect", { ...rect, fill })]),
    ...sides.map((side) => element("line", { ...side.ends, stroke: side.stroke, "stroke-width": side.width, ...(side.isDashed ? { "stroke-dasharray": `${3 * side.width} ${2 * side.width}` } : {}) })),
  ];
}

/** A box without text that the styles put into an element: a bar, a line. @param {Element} node @param {DOMRect} box @param {"::before" | "::after"} which */
function generated(node, { left, right, top, height }, which) {
  const [around, style] = [getComputedStyle(node), getComputedStyle(node, which)];
  const [width, high] = [parseFloat(style.width), parseFloat(style.height)];
  if (!style.content.startsWith('""') || !(width >= 0 && high >= 0)) return [];
  if (style.position !== "absolute") return boxOf(style, { x: style.direction === "rtl" ? right - width : left, y: top + (height - high) / 2, width, height: high });
  if (around.position === "static") return []; // it lies in an element further out
  return boxOf(style, { x: left + parseFloat(around.borderLeftWidth) + parseFloat(style.left), y: top + parseFloat(around.borderTopWidth) + parseFloat(style.top), width, height: high });
}

/** @param {HTMLCanvasElement | HTMLImageElement | HTMLVideoElement} node @param {CSSStyleDeclaration} style @param {Place} place @param {boolean} flips */
function photo(node, style, place, flips) {
  const [width, height] = node instanceof HTMLCanvasElement ? [node.width, node.height]
    : node instanceof HTMLImageElement ? [node.naturalWidth, node.naturalHeight] : [node.videoWidth, node.videoHeight];
  if (!width || !height) return [];
  const canvas = document.createElement("canvas");
  // No more pixels than are shown: a photo of 20 megapixels would make a file of as many.
  const shrink = Math.min(1, (SCALE * place.width) / width);
  Object.assign(canvas, { width: Math.max(1, Math.round(width * shrink)), height: Math.max(1, Math.round(height * shrink)) });
  canvas.getContext("2d")?.drawImage(node, 0, 0, canvas.width, canvas.height);
  return [element("image", { ...place, href: canvas.toDataURL("image/png"), "image-rendering": style.imageRendering, preserveAspectRatio: FITS[style.objectFit] ?? "none",
    ...(flips ? { transform: `translate(${2 * place.x + place.width} 0) scale(-1 1)` } : {}) })];
}

/** A drawing with the page's styles as attributes. @param {SVGSVGElement} svg @param {Place} place */
function inlined(svg, place) {
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  const copies = [...copy.querySelectorAll("*")];
  [...svg.querySelectorAll("*")].forEach((original, index) => {
    const style = getComputedStyle(original);
    const target = copies[index];
    if (!target) return;
    if (style.display === "none") return target.remove();
    for (const name of STYLES) if (style.getPropertyValue(name)) target.setAttribute(name, style.getPropertyValue(name));
    target.removeAttribute("class");
    target.removeAttribute("style");
  });
  for (const name of ["class", "style"]) copy.removeAttribute(name);
  for (const [name, value] of Object.entries(place)) copy.setAttribute(name, String(value));
  return copy;
}

/**
 * A text's lines as they are broken on the page, each as wide as it is there whatever font the reader has.
 * @param {Text} text
 * @param {CSSStyleDeclaration} style
 */
function lettersOf(text, style) {
  /** @type {{ words: string[], left: number, right: number, top: number, height: number }[]} */
  const lines = [];
  const range = document.createRange();
  for (const { index, 0: word } of text.data.matchAll(/\S+/g)) {
    range.setStart(text, index);
    range.setEnd(text, index + word.length);
    const { left, right, top, height, width } = range.getBoundingClientRect();
    if (width === 0) continue;
    const line = lines.at(-1);
    if (line && Math.abs(line.top - top) < height / 2) {
      line.words.push(word);
      Object.assign(line, { left: Math.min(line.left, left), right: Math.max(line.right, right) });
    } else {
      lines.push({ words: [word], left, right, top, height });
    }
  }
  const metrics = measured(style);
  return lines.map(({ words, left, right, top, height }) => element("text", {
    x: style.direction === "rtl" ? right : left, y: top + height * metrics, textLength: right - left, lengthAdjust: "spacingAndGlyphs",
    fill: style.color, direction: style.direction, "font-family": style.fontFamily, "font-size": style.fontSize, "font-weight": style.fontWeight,
  }, words.join(" ")));
}

/** The share of a letter's box above the line that it stands on. @param {CSSStyleDeclaration} style */
function measured({ font }) {
  const { fontBoundingBoxAscent: ascent = NaN, fontBoundingBoxDescent: descent = NaN } = letters(font, "x") ?? {};
  return ascent / (ascent + descent) || 0.8;
}

/** A line broken to a width: at spaces, and an address, which has none, wherever it must be. @param {string} content @param {number} width @param {string} font */
function wrapped(content, width, font) {
  const fits = (/** @type {string} */ line) => (letters(font, line)?.width ?? 0) <= width;
  /** @type {string[]} */
  const lines = [];
  let rest = content;
  while (rest !== "") {
    let end = rest.length;
    while (end > 1 && !fits(rest.slice(0, end))) end -= 1;
    const space = end < rest.length ? rest.lastIndexOf(" ", end) : -1;
    if (space > 0) end = space;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return lines;
}

/** @param {string} font @param {string} content */
function letters(font, content) {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return null;
  context.font = font;
  return context.measureText(content);
}
