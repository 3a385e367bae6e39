// A worker's requests to a model, and the answers as plain values.

/** @import { Classifier, SignetModule } from "./pkg.d.ts" */
/** @import { Crop, CropRequest, Picture, Prediction } from "./protocol.js" */

/**
 * @param {Classifier} model
 * @param {Picture} picture
 * @param {CropRequest} crop
 * @returns {Promise<Prediction>}
 */
export async function classify(model, picture, crop) {
  const start = performance.now();
  const answer = await ask(model, picture, model.hasFinder ? crop : { at: "center" });
  const latencyMs = performance.now() - start;
  return readAndFree(answer, ({ label, probability, probabilities, sign, window, view, width, height }) => ({
    label, probability, probabilities: Array.from(probabilities), input: new Uint8Array(view), width, height, latencyMs,
    ...(sign === undefined ? {} : { presence: sign, crop: cropOf(window) }),
  }));
}

/** @param {Classifier} model @param {Picture} picture @param {CropRequest} crop */
function ask(model, picture, crop) {
  if (picture.kind === "file") {
    return crop.at === "anywhere" ? model.locateFile(picture.bytes) : model.classifyFile(picture.bytes);
  }
  const { bytes, width, height } = picture;
  if (crop.at === "box") {
    const { left, top, side } = crop.box;
    const window = Uint32Array.of(left, top, side);
    model.track(window); // once the person releases the box, tracking goes on from there
    return model.classifyWindow(bytes, width, height, window);
  }
  if (crop.at === "track") {
    if (crop.fresh) model.track();
    return model.followPixels(bytes, width, height);
  }
  return crop.at === "anywhere" ? model.locatePixels(bytes, width, height) : model.classifyPixels(bytes, width, height);
}

/** @param {ArrayLike<number>} window @returns {Crop} */
function cropOf({ 0: left = 0, 1: top = 0, 2: side = 0 }) {
  return { left, top, side };
}

/** What the network reads of a picture. @param {SignetModule} opened @param {Picture} picture @returns {import("./protocol.js").Input} */
export function readInput(opened, picture) {
  const answer = picture.kind === "pixels"
    ? opened.squareOfPixels(picture.bytes, picture.width, picture.height)
    : opened.squareOfFile(picture.bytes);
  return readAndFree(answer, ({ view, width, height }) => ({ input: new Uint8Array(view), width, height }));
}

/** @param {Classifier} model @param {Uint8Array} pixels @returns {Promise<number[][]>} */
export async function score(model, pixels) {
  const probabilities = Array.from(await model.classifySquares(pixels));
  const { length } = model.labels;
  return Array.from({ length: probabilities.length / length }, (_, row) => probabilities.slice(row * length, (row + 1) * length));
}

/**
 * Reads an answer and frees it. An answer lies in the module's memory, which the garbage collector does not free in
 * time for a webcam.
 * @template {{ free(): void }} T
 * @template R
 * @param {T} answer
 * @param {(answer: T) => R} read
 */
function readAndFree(answer, read) {
  try {
    return read(answer);
  } finally {
    answer.free();
  }
}
