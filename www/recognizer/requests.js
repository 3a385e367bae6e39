// What a worker asks of a model, and its answers as plain values.

/** @typedef {import("./pkg.d.ts").Classifier} Classifier */
/** @typedef {import("./pkg.d.ts").SignetModule} SignetModule */
/** @typedef {import("./protocol.js").Look} Look */
/** @typedef {import("./protocol.js").Picture} Picture */
/** @typedef {import("./protocol.js").Prediction} Prediction */
/** @typedef {import("./protocol.js").Square} Square */

/**
 * @param {Classifier} model
 * @param {Picture} picture
 * @param {Look} look
 * @returns {Promise<Prediction>}
 */
export async function classify(model, picture, look) {
  const start = performance.now();
  const answer = await lookAt(model, picture, model.hasFinder ? look : { at: "centre" });
  const latencyMs = performance.now() - start;
  return taken(answer, ({ label, probability, probabilities, sign, window, view, width, height }) => ({
    label, probability, probabilities: Array.from(probabilities), view: new Uint8Array(view), width, height, latencyMs,
    ...(sign === undefined ? {} : { sign, square: squareOf(window) }),
  }));
}

/** @param {Classifier} model @param {Picture} picture @param {Look} look */
function lookAt(model, picture, look) {
  if (picture.kind === "file") {
    return look.at === "anywhere" ? model.locateFile(picture.bytes) : model.classifyFile(picture.bytes);
  }
  const { bytes, width, height } = picture;
  if (look.at === "square") {
    const { left, top, side } = look.square;
    const window = Uint32Array.of(left, top, side);
    model.track(window); // when the person gives it back, the search goes on from there
    return model.classifyWindow(bytes, width, height, window);
  }
  if (look.at === "trail") {
    if (look.fresh) model.track();
    return model.followPixels(bytes, width, height);
  }
  return look.at === "anywhere" ? model.locatePixels(bytes, width, height) : model.classifyPixels(bytes, width, height);
}

/** @param {ArrayLike<number>} window @returns {Square} */
function squareOf({ 0: left = 0, 1: top = 0, 2: side = 0 }) {
  return { left, top, side };
}

/** @param {SignetModule} opened @param {Picture} picture */
export function square(opened, picture) {
  const answer = picture.kind === "pixels"
    ? opened.squareOfPixels(picture.bytes, picture.width, picture.height)
    : opened.squareOfFile(picture.bytes);
  return taken(answer, ({ view, width, height }) => ({ view: new Uint8Array(view), width, height }));
}

/** @param {Classifier} model @param {Uint8Array} pixels @returns {Promise<number[][]>} */
export async function score(model, pixels) {
  const probabilities = Array.from(await model.classifySquares(pixels));
  const { length } = model.labels;
  return Array.from({ length: probabilities.length / length }, (_, row) => probabilities.slice(row * length, (row + 1) * length));
}

/**
 * Reads an answer and gives it back: it lies in the module's memory, which no garbage collector frees in time for
 * a webcam.
 * @template {{ free(): void }} T
 * @template R
 * @param {T} answer
 * @param {(answer: T) => R} read
 */
function taken(answer, read) {
  try {
    return read(answer);
  } finally {
    answer.free();
  }
}
