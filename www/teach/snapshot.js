// The plain form of a project, as it is stored and saved: what one must look like, read with distrust.
import { messages } from "../i18n/language.js";
import { cleanLabel } from "../library/labels.js";
import { MOST_SAMPLES, newId } from "../library/limits.js";
import { checkSettings, defaultSettings } from "../library/settings.js";
import { SignetError, textOf } from "../recognizer/errors.js";
import { INPUT_BYTES } from "../recognizer/protocol.js";
import { DIGITS, MOST_CLASSES } from "../recognizer/contract.js";

/** @import { Settings } from "../library/settings.js" */
/** @import { SampleClass, SampleImage } from "../library/split.js" */

/** @typedef {"webcam" | "upload" | "paste" | "draw"} Source */
/**
 * `origin`: the name of the file that it came in, where it came with others.
 * @typedef {SampleImage & { readonly classId: string, readonly source: Source, readonly origin?: string }} Sample
 */

/** @typedef {{ version: 1, classes: SampleClass[], settings: Readonly<Settings> }} Snapshot without the samples */

const VERSION = 1;
const SOURCES = ["webcam", "upload", "paste", "draw"];
/** In UTF-16 units. */
export const LONGEST_ORIGIN = 80;

/**
 * Throws `project-format` unless `condition` holds.
 * @param {unknown} condition
 * @param {string} what is wrong
 * @returns {asserts condition}
 */
export function expect(condition, what) {
  if (!condition) throw new SignetError("project-format", what);
}

/** What `read` refuses is `project-format`. @template T @param {() => T} read */
function asFormat(read) {
  try {
    return read();
  } catch (cause) {
    throw new SignetError("project-format", /** @type {Error} */ (cause).message, cause);
  }
}

/** @param {unknown} value @param {number} longest @returns {value is string} */
export const isText = (value, longest) => typeof value === "string" && value.length > 0 && value.length <= longest;

/** @param {unknown} value @returns {Record<string, unknown>} its fields, none where it is no object */
export const fieldsOf = (value) => /** @type {Record<string, unknown>} */ (Object(value));

/** @param {unknown} value @returns {value is string} */
const isId = (value) => isText(value, 64);

/** The project that a first visit finds. @param {boolean} small @returns {Snapshot} */
export function initialSnapshot(small) {
  const classes = DIGITS.map((label) => ({ id: newId(), label, enabled: true }));
  return { version: VERSION, classes, settings: defaultSettings("head", small) };
}

/** @param {unknown} value @param {SampleClass[]} others the classes before it @returns {SampleClass} */
function readClass(value, others) {
  const { id, label, enabled } = fieldsOf(value);
  expect(isId(id) && others.every((other) => other.id !== id), "a class's id is missing or taken");
  expect(typeof label === "string" && typeof enabled === "boolean", `class ${id} lacks its label or its switch`);
  const clean = asFormat(() => cleanLabel(label, others.map((other) => other.label)));
  expect(clean === label, `the label "${label}" is not as it would have been written`);
  return { id, label, enabled };
}

/** Throws `project-format`. @param {unknown} value @returns {Snapshot} */
export function readSnapshot(value) {
  const { version, classes: list, settings } = fieldsOf(value);
  expect(version === VERSION, `the project has version ${textOf(version)}, not ${VERSION}`);
  expect(Array.isArray(list) && list.length <= MOST_CLASSES, `the project's classes are not at most ${MOST_CLASSES}`);
  /** @type {SampleClass[]} */
  const classes = [];
  for (const each of list) classes.push(readClass(each, classes));
  return { version: VERSION, classes, settings: asFormat(() => checkSettings(settings)) };
}

/** Throws `project-format`. @param {unknown} value @returns {Sample} */
export function readSample(value) {
  const { id, classId, source, pixels, addedAt, origin } = fieldsOf(value);
  expect(isId(id), "a sample has no id");
  expect(isId(classId), `sample ${id} has no class`);
  expect(SOURCES.some((known) => known === source), `sample ${id} comes from nowhere`);
  expect(pixels instanceof Uint8Array && pixels.length === INPUT_BYTES, `sample ${id} is not 64x64 pixels`);
  expect(typeof addedAt === "number" && addedAt >= 0 && Number.isFinite(addedAt), `sample ${id} has no time`);
  expect(origin === undefined || isText(origin, LONGEST_ORIGIN), `sample ${id} comes from a file without a name`);
  return /** @type {Sample} */ ({ id, classId, source, pixels, addedAt, ...(origin === undefined ? {} : { origin }) });
}

/**
 * Samples that belong together and to the classes. Throws `project-format`.
 * @param {unknown[]} values
 * @param {SampleClass[]} classes
 */
export function readSamples(values, classes) {
  expect(values.length <= MOST_SAMPLES, `${values.length} of at most ${MOST_SAMPLES} samples`);
  const classIds = new Set(classes.map(({ id }) => id));
  /** @type {Map<string, Sample>} */
  const samples = new Map();
  for (const value of values) {
    const sample = readSample(value);
    expect(classIds.has(sample.classId), `sample ${sample.id} belongs to no class`);
    expect(!samples.has(sample.id), `sample ${sample.id} is there twice`);
    samples.set(sample.id, sample);
  }
  return [...samples.values()];
}

/**
 * What can be kept of a snapshot that readSnapshot refuses, with a class for every sample as far as they fit.
 * @param {unknown} value
 * @param {Sample[]} samples
 * @returns {Snapshot}
 */
export function repairSnapshot(value, samples) {
  const { classes: list, settings } = fieldsOf(value);
  /** @type {SampleClass[]} */
  const classes = [];
  const attempt = (/** @type {unknown} */ each) => {
    if (classes.length >= MOST_CLASSES) return;
    try {
      classes.push(readClass(each, classes));
    } catch {
      // This one is what can't be kept.
    }
  };
  if (Array.isArray(list)) list.forEach(attempt);
  for (const { classId } of samples) {
    if (!classes.some(({ id }) => id === classId)) attempt({ id: classId, label: freeLabel(classes), enabled: true });
  }
  const initial = initialSnapshot(false);
  if (classes.length === 0) return initial;
  try {
    return { ...initial, classes, settings: checkSettings(settings) };
  } catch {
    return { ...initial, classes };
  }
}

/** A label that no class has: "Class 7" for the seventh, in the language of the page. @param {readonly SampleClass[]} classes */
export function freeLabel(classes) {
  const taken = new Set(classes.map(({ label }) => label));
  let number = classes.length + 1;
  while (taken.has(messages.card.newName(number))) number += 1;
  return messages.card.newName(number);
}
