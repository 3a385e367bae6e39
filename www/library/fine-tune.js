// Training on a caller's own samples: the same dataset, worker and outcome as the page's.
import { DIGITS, MOST_CLASSES, NO_SIGN } from "../recognizer/contract.js";
import { SignetError } from "../recognizer/errors.js";
import { cleanLabel } from "./labels.js";
import { thisDevice } from "./limits.js";
import { checkSettings, defaultSettings } from "./settings.js";
import { gatherDataset, planDataset, reasonNotToTrain } from "./split.js";
import { inputOf } from "./explain.js";

/** @import { SignetClient } from "../recognizer/client.js" */
/** @import { EpochRecord } from "../pkg/signet_cpu_learn.js" */
/** @import { Settings } from "./settings.js" */
/** @import { Dataset, SampleImage } from "./split.js" */
/** @import { TrainingProgress, TrainingRun } from "./training.js" */
/** @import { Answer } from "./answer.js" */
/** @import { Source } from "./source.js" */

/**
 * A picture of a class, of which the central crop is taken, or an answer, whose own input is. Images of the class `none`
 * train the detector.
 * @typedef {{ label: string, image: Source | Answer }} FineTuneSample
 */

/**
 * @typedef {Partial<Settings> & { onProgress?: (progress: Readonly<TrainingProgress>) => void, signal?: AbortSignal }} FineTuneOptions
 *   `scope`: `head` (unless told otherwise) trains the last layer, `stage` the last blocks with it, `all` the whole network.
 *   `signal` stops it, and keeps the best so far.
 */

/**
 * @typedef {object} FineTuneResult
 * @property {"done" | "stopped"} outcome
 * @property {Blob} weights the weights file, for `Signet.load({ model })` or to be kept
 * @property {string[]} labels
 * @property {EpochRecord[]} history
 */

/**
 * @param {SignetClient} client
 * @param {Iterable<FineTuneSample>} samples
 * @param {FineTuneOptions & { signal: AbortSignal, train: (task: { set: Dataset, settings: Settings }) => Promise<TrainingRun> }} options
 * @returns {Promise<FineTuneResult>}
 */
export async function fineTune(client, samples, { onProgress = () => {}, signal, train, scope = "head", ...settings }) {
  const wanted = checkSettings({ ...defaultSettings(scope, thisDevice().small), ...settings });
  const set = await datasetOf(client, samples, wanted, signal);
  const run = await train({ set, settings: wanted });
  run.addEventListener("progress", () => onProgress(run.progress));
  const stop = () => run.stop();
  signal.addEventListener("abort", stop, { once: true });
  run.start();
  const { outcome, weights, history, error } = await run.finished;
  signal.removeEventListener("abort", stop);
  if (outcome === "failed" && error) throw error;
  if (!weights || outcome === "failed") throw signal.reason ?? new SignetError("training-interrupted", "it ended before the first epoch");
  const labels = await client.loadFurther(weights, "fine-tuned");
  return { outcome, weights, labels, history };
}

/**
 * @param {SignetClient} client
 * @param {Iterable<FineTuneSample>} samples
 * @param {Readonly<Settings>} settings
 * @param {AbortSignal} signal
 */
async function datasetOf(client, samples, settings, signal) {
  /** @type {Map<string, SampleImage[]>} */
  const byLabel = new Map();
  let count = 0;
  for (const { label, image } of samples) {
    signal.throwIfAborted();
    const clean = cleanLabel(label, []);
    const pixels = new Uint8Array(await inputOf(image, client));
    count += 1;
    byLabel.set(clean, [...byLabel.get(clean) ?? [], { id: `sample-${count}`, pixels, addedAt: count }]);
  }
  if (byLabel.size > MOST_CLASSES) throw new SignetError("classes-full", `${byLabel.size} of at most ${MOST_CLASSES} classes`);
  const labels = classesOf([...byLabel.keys()]);
  const classes = labels.map((label) => ({ id: label, label, enabled: true }));
  const samplesOf = (/** @type {string} */ id) => byLabel.get(id) ?? [];
  const reason = reasonNotToTrain(classes, samplesOf);
  if (reason) throw new SignetError("setting", reason.label === undefined ? "samples: two classes with two images each are needed" : `samples: ${reason.label} has one image, and two are needed`);
  const found = new Map([...byLabel.values()].flat().map((sample) => [sample.id, sample]));
  const set = gatherDataset(planDataset(classes, samplesOf, settings), (id) => found.get(id));
  if (!set) throw new SignetError("unexpected", "a sample is gone");
  return set;
}

/** Of digits all six, so that the last layer keeps what it knows of those without samples. @param {string[]} labels */
function classesOf(labels) {
  const signs = labels.filter((label) => label !== NO_SIGN);
  const isDigits = signs.every((label) => DIGITS.includes(label));
  return isDigits ? [...DIGITS, ...labels.filter((label) => label === NO_SIGN)] : labels;
}
