// Which samples train and which check: the dataset and its fingerprint, computed from a project's parts.
import { DIGITS, NO_SIGN } from "../recognizer/contract.js";
import { INPUT_BYTES } from "../recognizer/protocol.js";
import { sameLabels } from "./labels.js";

/** @import { Settings } from "./settings.js" */

/** @typedef {{ readonly id: string, readonly label: string, readonly enabled: boolean }} SampleClass */
/** What training needs of a sample. @typedef {{ readonly id: string, readonly pixels: Uint8Array<ArrayBuffer>, readonly addedAt: number }} SampleImage */
/**
 * A dataset by the names of its samples. A part's `labels` are indexes into the set's `labels`, and their number for images
 * without a sign.
 * @typedef {{ ids: string[], labels: Uint32Array<ArrayBuffer> }} PlannedPart
 * @typedef {{ labels: string[], training: PlannedPart, validation: PlannedPart }} DatasetPlan
 */
/**
 * A dataset with its pictures: 16384 bytes for each, one after another.
 * @typedef {PlannedPart & { pixels: Uint8Array<ArrayBuffer> }} Part
 * @typedef {{ labels: string[], training: Part, validation: Part }} Dataset
 */

/** @param {SampleImage} a @param {SampleImage} b */
export const oldestFirst = (a, b) => a.addedAt - b.addedAt || (a.id < b.id ? -1 : 1);

const encoder = new TextEncoder();

/**
 * FNV-1a, 32 bits.
 * @param {string} text
 * @param {number} [basis] another than the standard one gives another hash
 */
function hash(text, basis = 0x811c9dc5) {
  let value = basis;
  for (const byte of encoder.encode(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}

/** @param {number} count of a class's samples @param {number} share */
function validationCount(count, share) {
  const wanted = Math.max(Math.round(count * share), share > 0 && count >= 4 ? 1 : 0);
  return Math.min(wanted, Math.max(0, count - 2));
}

/**
 * The samples of one class, split. Their ids decide and not their order, so that a sample that is added or
 * removed leaves the others where they are, or moves one.
 * @template {SampleImage} S
 * @param {S[]} samples
 * @param {number} share
 */
export function splitClass(samples, share) {
  const ranked = samples.map((sample) => ({ sample, rank: hash(sample.id) }));
  ranked.sort((a, b) => a.rank - b.rank || (a.sample.id < b.sample.id ? -1 : 1));
  const count = validationCount(samples.length, share);
  const inOrder = ranked.map(({ sample }) => sample);
  return { validation: inOrder.slice(0, count), training: inOrder.slice(count) };
}

/** Whether a training would teach the detector: on images that show no sign. @param {DatasetPlan} plan */
export const teachesDetector = ({ labels, training }) => training.labels.includes(labels.length);

/** @param {SampleClass} sampleClass */
const isSign = ({ label }) => label !== NO_SIGN;

/**
 * The classes of a training: the enabled ones with samples, and all six digits where they are the
 * enabled ones, because the head then keeps what it knows. The class of images without a sign comes last.
 * @param {readonly SampleClass[]} classes
 * @param {(classId: string) => SampleImage[]} samplesOf
 */
function trainedClasses(classes, samplesOf) {
  const enabled = classes.filter((each) => each.enabled);
  const signs = enabled.filter(isSign);
  const isDigits = sameLabels(signs.map(({ label }) => label), DIGITS);
  const hasSamples = (/** @type {SampleClass} */ { id }) => samplesOf(id).length > 0;
  return [...isDigits ? signs : signs.filter(hasSamples), ...enabled.filter((each) => !isSign(each) && hasSamples(each))];
}

/**
 * @param {readonly SampleClass[]} classes
 * @param {(classId: string) => SampleImage[]} samplesOf
 * @param {Readonly<Settings>} settings
 */
export function planDataset(classes, samplesOf, { validationShare }) {
  const trained = trainedClasses(classes, samplesOf);
  const splits = trained.map(({ id }) => splitClass(samplesOf(id), validationShare));
  const plan = (/** @type {"training" | "validation"} */ part) => {
    const samples = splits.flatMap((split, label) => split[part].map((sample) => ({ sample, label })));
    samples.sort((a, b) => oldestFirst(a.sample, b.sample));
    return { ids: samples.map(({ sample }) => sample.id), labels: Uint32Array.from(samples, ({ label }) => label) };
  };
  return { labels: trained.filter(isSign).map(({ label }) => label), training: plan("training"), validation: plan("validation") };
}

/**
 * The pictures of a plan, or null when one of its samples is gone.
 * @param {DatasetPlan} plan
 * @param {(id: string) => SampleImage | undefined} find
 */
export function gatherDataset({ labels, training, validation }, find) {
  const gather = (/** @type {PlannedPart} */ part) => {
    const pixels = new Uint8Array(part.ids.length * INPUT_BYTES);
    for (const [index, id] of part.ids.entries()) {
      const sample = find(id);
      if (!sample) return null;
      pixels.set(sample.pixels, index * INPUT_BYTES);
    }
    return { ids: part.ids, labels: part.labels, pixels };
  };
  const pictures = { training: gather(training), validation: gather(validation) };
  if (!pictures.training || !pictures.validation) return null;
  return { labels, training: pictures.training, validation: pictures.validation };
}

/**
 * Changes exactly when a training would: with the labels, the samples, or a setting that it reads. The
 * validation share is read through the samples alone.
 * @param {DatasetPlan} plan
 * @param {Readonly<Settings>} settings
 */
export function fingerprintOf({ labels, training, validation }, { validationShare: _, ...settings }) {
  const parts = [training, validation].map((part) => [part.ids, [...part.labels]]);
  const text = JSON.stringify([labels, parts, settings]);
  return [hash(text), hash(text, 0x01000193)].map((value) => value.toString(16).padStart(8, "0")).join("");
}

/**
 * @param {readonly SampleClass[]} classes
 * @param {(classId: string) => SampleImage[]} samplesOf
 */
export function reasonNotToTrain(classes, samplesOf) {
  const counts = classes.filter((each) => each.enabled).map(({ id, label }) => ({ label, count: samplesOf(id).length }));
  if (counts.filter(({ label, count }) => count > 0 && label !== NO_SIGN).length < 2) return { code: "too-few-classes" };
  const short = counts.find(({ count }) => count === 1);
  return short ? { code: "too-few-samples", label: short.label } : null;
}
