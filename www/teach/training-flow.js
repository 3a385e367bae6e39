// From the press of a button to a fine-tuned model in use: starts a training, shows it, saves it on its way, and takes
// over what it leaves.
import { messages } from "../i18n/language.js";
import { sameLabels } from "../library/labels.js";
import { button } from "../ui/dom.js";
import { announce, showError, showToast } from "../ui/notices.js";
import { showRunning, showTraining } from "./train-panel.js";

/** @import { Settings } from "../library/settings.js" */
/** @import { Dataset } from "../library/split.js" */
/** @import { SavedTraining, TrainingRun } from "../library/training.js" */
/** @import { Signet } from "../signet.js" */
/** @import { EpochRecord } from "../pkg/signet_cpu_learn.js" */
/** @import { Chart } from "./chart.js" */
/** @import { FineTunedModel, Interrupted } from "./fine-tuned.js" */
/** @import { Models } from "./models.js" */
/** @import { Project } from "./project.js" */
/** @import { Store } from "./store.js" */

/**
 * @typedef {object} FlowEvents
 * @property {() => void} onStart
 * @property {() => void} onEnd
 * @property {(set: Dataset, old: FineTunedModel | null) => void} onFineTuned a fine-tuned model is there, in use where it
 *   can be, and this is what it learned from; `old` is the one that it replaced
 * @property {() => void} onUnchanged the training left no model
 */

/** What a training starts from. @typedef {{ set: Dataset, settings: Readonly<Settings>, fingerprint: string,
 *   weights: Blob | undefined, before: EpochRecord[], resume: SavedTraining | null }} Start `weights`: the original model's where there are none */

export class TrainingFlow {
  #parts;
  #events;
  /** @type {Promise<TrainingRun> | null} */
  #run = null;
  /** From the press until the fine-tuned model is in use. */
  isRunning = false;
  /** Resolves when no training runs. */
  #ended = Promise.resolve();
  #quarter = 0;
  /** Whether nobody wants what the training that runs will leave. */
  #abandoned = false;

  /**
   * @param {{ signet: Signet, project: Project, models: Models, store: Store, chart: Chart }} parts
   * @param {FlowEvents} events
   */
  constructor(parts, events) {
    this.#parts = parts;
    this.#events = events;
  }

  /** Whether the fine-tuned model can be trained further: its classes must be those of the samples. An imported one, which may know no hand signs, can learn others. */
  get canTrainMore() {
    const { models: { fineTuned }, project } = this.#parts;
    return fineTuned !== null && !project.reasonNotToTrain() && (fineTuned.imported || sameLabels(fineTuned.labels, project.datasetLabels()));
  }

  train() {
    return this.#start({ weights: undefined, before: [] });
  }

  /** From the fine-tuned model, for as many epochs again. */
  trainMore() {
    const { fineTuned } = this.#parts.models;
    return fineTuned ? this.#start({ weights: fineTuned.weights, before: fineTuned.history }) : undefined;
  }

  /** @param {Pick<Start, "weights" | "before">} from */
  #start({ weights, before }) {
    const { project } = this.#parts;
    return this.#trainFrom({
      set: project.dataset(), settings: project.settings, fingerprint: project.fingerprint(), weights, before, resume: null });
  }

  /**
   * Goes on with a training that was interrupted.
   * @param {Interrupted} interrupted
   * @param {Dataset} set its images
   */
  resume({ checkpoint, fingerprint, before, settings }, set) {
    const { fineTuned } = this.#parts.models;
    // What it went on from is the fine-tuned model of then; the module refuses another one.
    const weights = before.length > 0 && fineTuned ? fineTuned.weights : undefined;
    return this.#trainFrom({ set, settings, fingerprint, weights, before, resume: { checkpoint, best: null } });
  }

  stop() {
    if (!this.#run) return;
    button("#stop").disabled = true; // the press was heard; the step that runs is finished first
    void this.#run.then((run) => run.stop(), () => {});
  }

  /** Another project is here: what the training would leave is nobody's. Resolves when it has ended. */
  async abandon() {
    this.#abandoned = true;
    void this.#run?.then((run) => run.discard(), () => {});
    await this.#ended;
  }

  /** @param {Start} start */
  #trainFrom(start) {
    if (!this.isRunning) this.#ended = this.#trainOnce(start);
    return this.#ended;
  }

  /** @param {Start} start */
  async #trainOnce(start) {
    this.isRunning = true;
    this.#abandoned = false;
    this.#quarter = 0;
    const { settings, before } = start;
    const epochs = before.length + settings.epochs;
    showRunning(true);
    showTraining({ state: "running", line: () => messages.train.preparing, epoch: 0, epochs, share: null });
    this.#parts.chart.show(before, epochs);
    this.#events.onStart();
    try {
      await this.#finish(start, await this.#runThrough(start));
    } catch (thrown) {
      if (this.#abandoned) return;
      showTraining({ state: "failed", line: () => messages.train.failedEarly, epoch: before.length, epochs });
      showError(thrown);
      this.#events.onUnchanged();
    } finally {
      this.#run = null;
      this.isRunning = false;
      showRunning(false);
      this.#events.onEnd();
    }
  }

  /** @param {Start} start */
  async #runThrough({ set, settings, fingerprint, weights, before, resume }) {
    this.#run = this.#parts.signet.train({ weights, set, settings, resume });
    const run = await this.#run;
    run.addEventListener("progress", () => { if (!this.#abandoned) this.#showAdvance(run, before, settings.epochs); });
    run.addEventListener("moved", () => showToast(() => messages.train.moved));
    run.addEventListener("restarted", () => showToast(() => messages.train.restarted));
    run.addEventListener("saved", (event) => {
      if (this.#abandoned) return;
      const { checkpoint } = /** @type {CustomEvent<SavedTraining>} */ (event).detail;
      const { labels, training, validation } = set;
      this.#parts.store.keepTraining({
        checkpoint, fingerprint, settings, before, history: run.progress.history,
        set: { labels, training: withoutPixels(training), validation: withoutPixels(validation) },
      });
    });
    run.start();
    return run.finished;
  }

  /** @param {TrainingRun} run @param {EpochRecord[]} before @param {number} epochs of this run */
  #showAdvance(run, before, epochs) {
    const { progress } = run;
    const { epoch, batch, batches, loss, accuracy, history } = progress;
    const of = before.length + epochs;
    const done = epoch === 0 ? 0 : (epoch - 1 + (batches ? batch / batches : 0)) / epochs;
    showTraining({
      state: "running",
      line: () => advanceLine({ ...progress, epoch: epoch && before.length + epoch, epochs: of }),
      epoch: epoch && before.length + epoch, epochs: of, loss, accuracy, share: epoch === 0 ? null : done,
    });
    this.#parts.chart.show(joined(before, history), of);
    const quarter = Math.floor((4 * history.length) / epochs);
    const last = history.at(-1);
    if (quarter > this.#quarter && quarter < 4 && last) {
      announce(messages.train.quarter(/** @type {1 | 2 | 3} */ (quarter), last.training.accuracy));
    }
    this.#quarter = quarter;
  }

  /** @param {Start} start @param {Awaited<TrainingRun["finished"]>} outcome */
  async #finish({ set, settings, fingerprint, before }, { outcome, weights, history, error }) {
    if (this.#abandoned) return;
    const all = joined(before, history);
    const epochs = before.length + settings.epochs;
    const last = history.at(-1)?.training;
    const shown = { epoch: all.length, epochs, loss: last?.loss ?? null, accuracy: last?.accuracy ?? null };
    this.#parts.chart.show(all, epochs);
    const old = this.#parts.models.fineTuned;
    /** @type {unknown} */
    let unusable = null;
    this.#parts.store.keepTraining(null);
    if (weights) {
      showTraining({ state: "running", line: () => messages.train.adopting, ...shown, share: null });
      const fineTuned = { weights, labels: set.labels, fingerprint, history: all, scope: settings.scope, imported: false };
      // In one write with the save's end, and before it is put to use, which may fail or end the page.
      this.#parts.store.keepFineTuned(fineTuned);
      await this.#parts.models.keep(fineTuned).catch((thrown) => { unusable = thrown; });
      if (this.#abandoned) return;
    }
    // Not every training has images to check with, but one that has scored its start keeps it in such a case.
    const startStays = !history.some(({ best }) => best);
    const line = () => {
      const { train } = messages;
      if (unusable) return train.unusable;
      if (outcome === "done") return startStays ? train.startKept : train.done(all.length);
      if (outcome === "stopped") return weights ? train.stopped(all.length, epochs) : train.stoppedEarly;
      return weights ? train.failed(all.length) : train.failedEarly;
    };
    showTraining({ state: outcome, line, ...shown, share: all.length / epochs });
    announce(line());
    if (unusable) showError(unusable, () => messages.model.unusable);
    else if (error) showError(error);
    if (weights) this.#events.onFineTuned(set, old);
    else this.#events.onUnchanged();
  }
}

/** @param {import("../library/split.js").Part} part */
const withoutPixels = ({ ids, labels }) => ({ ids, labels });

/** The epochs of an earlier training and of the one that goes on from it. @param {EpochRecord[]} before @param {EpochRecord[]} history */
const joined = (before, history) => [...before, ...history.map((record) => ({ ...record, epoch: before.length + record.epoch }))];

/** @param {import("../library/training.js").TrainingProgress} progress */
function advanceLine({ epoch, epochs, batch, batches, secondsLeft, features }) {
  const { train } = messages;
  if (epoch === 0 && !features?.total) return train.preparing;
  const line = epoch === 0 ? train.looking(features?.done ?? 0, features?.total ?? 0)
    : batches ? train.batch(epoch, epochs, batch, batches) : train.epoch(epoch, epochs);
  return secondsLeft === null ? line : train.left(line, secondsLeft);
}
