// What the page knows of the recognizer before it has loaded a module. Generated from crates/recognizer by its test
// `contract`: change it there.

/** Side of the picture that the network reads, in pixels. */
export const INPUT_SIDE = 64;

/** Larger pictures are refused. */
export const MAX_MEGAPIXELS = 100;

/** The module looks for no hand in a crop with a shorter side, in pixels. */
export const SMALLEST_CROP = 24;

/** Classifications that each way of looking at a picture takes: `track` at most, `anywhere` for a photo of 4:3. */
export const CLASSIFICATIONS = { center: 1, box: 1, track: 3, anywhere: 25 };

/** The labels of the shipped model, in its order. */
export const DIGITS = Object.freeze(["0", "1", "2", "3", "4", "5"]);

/** The label of no sign. Images of a class that is named so train the detector, and no model has such a class. */
export const NO_SIGN = "none";

/** In characters as a person counts them, not in UTF-16 units. */
export const LONGEST_LABEL = 40;

export const MOST_CLASSES = 30;

/** Codes of the errors that a module throws. */
export const MODULE_ERROR_CODES = /** @type {const} */ ([
  "weights-hash",
  "weights-format",
  "weights-missing-tensor",
  "weights-unknown-tensor",
  "weights-shape",
  "weights-values",
  "self-check",
  "picture-empty",
  "picture-size",
  "picture-too-large",
  "picture-format",
  "picture-broken",
  "picture-cut",
  "setting",
  "not-finite",
  "device",
  "file-unreadable",
]);
