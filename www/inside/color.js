// Colors that say how much: perceptually even steps (in OKLab, Ottosson 2020), from the page's own paper to ink and wax.
// Where the system dictates the colors, between its own two.

/** @typedef {[l: number, a: number, b: number]} Lab */

/** @param {number} l @param {number} chroma @param {number} hue in degrees @returns {Lab} */
const lch = (l, chroma, hue) => [l, chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];

/** Lightness alone rises or falls evenly along each; hue and chroma pass through the anchors. The command line's pictures have two of
 * them (crates/cli/src/scale.rs). @type {Record<"light" | "dark", { one: Lab[], negative: Lab[], positive: Lab[] }>} */
export const ANCHORS = {
  light: {
    one: [lch(0.95, 0.014, 85), lch(0.75, 0.11, 62), lch(0.53, 0.16, 33), lch(0.25, 0.06, 20)],
    negative: [lch(0.95, 0.014, 85), lch(0.7, 0.1, 250), lch(0.38, 0.12, 258)],
    positive: [lch(0.95, 0.014, 85), lch(0.7, 0.13, 45), lch(0.38, 0.13, 28)],
  },
  dark: {
    one: [lch(0.21, 0.008, 240), lch(0.43, 0.12, 25), lch(0.68, 0.15, 48), lch(0.95, 0.06, 92)],
    negative: [lch(0.21, 0.008, 240), lch(0.5, 0.11, 255), lch(0.82, 0.1, 240)],
    positive: [lch(0.21, 0.008, 240), lch(0.5, 0.14, 32), lch(0.84, 0.11, 60)],
  },
};

const STEPS = 256;
/** @typedef {Uint8ClampedArray} Scale STEPS colors, RGBA */
/** @type {Map<string, { one: Scale, both: Scale }>} */
const made = new Map();

/** The scales of now: from zero up, and from the most negative over zero to the most positive. */
export function scales() {
  const key = matchMedia("(forced-colors: active)").matches ? "forced" : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  let found = made.get(key);
  if (!found) made.set(key, found = key === "forced" ? forced() : scalesOf(ANCHORS[key]));
  return found;
}

/** Called when the scales are others from now on. @param {() => void} listener @param {AbortSignal} signal ends it */
export function onScales(listener, signal) {
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) matchMedia(query).addEventListener("change", listener, { signal });
}

/** @param {{ one: Lab[], negative: Lab[], positive: Lab[] }} anchors */
export function scalesOf({ one, negative, positive }) {
  return { one: scaleOf((share) => along(one, share)), both: scaleOf((share) => share < 0.5 ? along(negative, 1 - 2 * share) : along(positive, 2 * share - 1)) };
}

/** @param {Lab[]} anchors @param {number} share @returns {Lab} */
function along(anchors, share) {
  const at = share * (anchors.length - 1);
  const index = Math.min(Math.floor(at), anchors.length - 2);
  const [from, to] = /** @type {[Lab, Lab]} */ ([anchors[index], anchors[index + 1]]);
  const [first, last] = /** @type {[Lab, Lab]} */ ([anchors[0], anchors.at(-1)]);
  const mix = (/** @type {0 | 1 | 2} */ axis) => from[axis] + (at - index) * (to[axis] - from[axis]);
  return [first[0] + share * (last[0] - first[0]), mix(1), mix(2)];
}

/** @param {(share: number) => Lab} colorAt */
function scaleOf(colorAt) {
  const scale = new Uint8ClampedArray(4 * STEPS);
  for (let step = 0; step < STEPS; step += 1) scale.set([...rgbOf(colorAt(step / (STEPS - 1))), 255], 4 * step);
  return scale;
}

/** @param {Lab} color @returns {[number, number, number]} sRGB, 0 to 255 */
function rgbOf([l, a, b]) {
  const [long, medium, short] = [l + 0.3963377774 * a + 0.2158037573 * b, l - 0.1055613458 * a - 0.0638541728 * b, l - 0.0894841775 * a - 1.291485548 * b].map((root) => root ** 3);
  const linear = [[4.0767416621, -3.3077115913, 0.2309699292], [-1.2684380046, 2.6097574011, -0.3413193965], [-0.0041960863, -0.7034186147, 1.707614701]];
  return /** @type {[number, number, number]} */ (linear.map(([x = 0, y = 0, z = 0]) => {
    const value = x * (long ?? 0) + y * (medium ?? 0) + z * (short ?? 0);
    return 255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055);
  }));
}

/** The system's own background and text, and of two signs its highlight for the positive one. */
function forced() {
  const [canvas, text, highlight] = ["Canvas", "CanvasText", "Highlight"].map((name) => {
    const context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
    context.fillStyle = name;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  });
  const between = (/** @type {number[] | undefined} */ from, /** @type {number[] | undefined} */ to, /** @type {number} */ share) =>
    [0, 1, 2].map((index) => (from?.[index] ?? 0) + share * ((to?.[index] ?? 0) - (from?.[index] ?? 0)));
  const scale = (/** @type {(share: number) => number[]} */ at) => {
    const made = new Uint8ClampedArray(4 * STEPS);
    for (let step = 0; step < STEPS; step += 1) made.set([...at(step / (STEPS - 1)), 255], 4 * step);
    return made;
  };
  return {
    one: scale((share) => between(canvas, text, share)),
    both: scale((share) => share < 0.5 ? between(canvas, text, 1 - 2 * share) : between(canvas, highlight, 2 * share - 1)),
  };
}

/**
 * Values as pixels.
 * @param {ArrayLike<number>} values
 * @param {{ from: number, to: number, scale: Scale }} range what the scale's ends stand for
 * @param {Uint8ClampedArray} [pixels] RGBA, as many as values
 */
export function paint(values, { from, to, scale }, pixels = new Uint8ClampedArray(4 * values.length)) {
  const factor = to > from ? (STEPS - 1) / (to - from) : 0;
  for (let index = 0; index < values.length; index += 1) {
    const step = 4 * Math.min(Math.max(Math.round(((values[index] ?? 0) - from) * factor), 0), STEPS - 1);
    for (let channel = 0; channel < 4; channel += 1) pixels[4 * index + channel] = scale[step + channel] ?? 0;
  }
  return pixels;
}

/** A color as CSS writes it. @param {number} value @param {{ from: number, to: number, scale: Scale }} range */
export function cssColor(value, range) {
  const [r, g, b] = paint([value], range);
  return `rgb(${r} ${g} ${b})`;
}
