// The wiring of the tab "Teach it your hand": samples, training, checking, keeping. What a thing does is in its own file.
import { messages, say } from "../i18n/language.js";
import { estimateSeconds } from "../library/eta.js";
import { sameLabels } from "../library/labels.js";
import { SignetError } from "../recognizer/errors.js";
import { webAssemblyError } from "../recognizer/support.js";
import { button, part, passFocus } from "../ui/dom.js";
import { hideError, showError, showToast } from "../ui/notices.js";
import { Chart } from "./chart.js";
import { Check } from "./check.js";
import { Models } from "./models.js";
import { Persistence } from "./persistence.js";
import { Project } from "./project.js";
import { SampleInputs } from "./sample-inputs.js";
import { Samples } from "./samples.js";
import { Store } from "./store.js";
import { listenToPanel, showOutOfDate, showReadiness, showSettings, showTraining } from "./train-panel.js";
import { TrainingFlow } from "./training-flow.js";

/** @import { Signet } from "../signet.js" */
/** @import { FineTunedModel, Interrupted } from "./fine-tuned.js" */
/** @import { Exported } from "./models.js" */
/** @import { Loaded } from "./stored.js" */

/** A search is up to 25 classifications of a photo: with slower ones it would take up to four seconds for each picture. */
const SLOWEST_SEARCH_MS = 150;

/** Classifications that a search of a photo takes: six where a few crops find the hand, which is usual. */
const SEARCH_CLASSIFICATIONS = 8;

export class Teach {
  #signet;
  #project = Project.initial();
  #sampleInputs;
  #chart = new Chart();
  models;
  samples;
  /** @type {Store | null} */
  #store = null;
  /** @type {Persistence | null} */
  #persistence = null;
  /** @type {TrainingFlow | null} */
  #flow = null;
  /** @type {Check | null} */
  #check = null;
  /** @type {() => void} */
  #start = () => {};
  /** Resolves when what was kept is here. @type {Promise<void>} */
  #started = new Promise((resolve) => { this.#start = resolve; });
  /** What one classification takes, once that is known. @type {number | null} */
  #latencyMs = null;
  /** That a classification is computed by; a training has one. */
  #threads = 1;
  #isReady = false;
  #queued = false;

  /**
   * @param {{ signet: Signet | null, threshold: () => number, onModel: () => void, onExport: (format: string, exported: Exported) => void, onImport: (file: File) => void }} parts
   *   `threshold`: how probable a sign must be to be answered; `onModel`: another model answers from now on; `onExport`: the model
   *   is to be written in a format of other programs; `onImport`: a model of another program was chosen
   */
  constructor({ signet, threshold, onModel, onExport, onImport }) {
    this.#signet = signet;
    part("#curves").append(this.#chart.element);
    part("#history-table").append(this.#chart.table);
    this.models = new Models(signet, {
      onUse: () => {
        onModel();
        this.#refresh();
      },
      onExport,
      onImport,
      onFineTuned: (fineTuned, old) => this.#changeFineTuned(fineTuned, old),
    });
    this.#sampleInputs = new SampleInputs(signet, threshold, () => this.#searches());
    this.samples = new Samples(this.#project, (picture, purpose) => this.#sampleInputs.of(picture, purpose), () => this.#searches());
    listenToPanel({
      onSettings: (change) => this.#project.changeSettings(change),
      onReset: () => this.#project.resetSettings(),
      onTrain: () => void this.#flow?.train(),
      onMore: () => void this.#flow?.trainMore(),
      onStop: () => this.#flow?.stop(),
    });
    if (signet) {
      const check = new Check(signet, this.#project, threshold, (title, ids) => this.samples.openImages(title, ids, { lineOf: (id) => check.lineOf(id) }));
      this.#check = check;
    }
    this.#project.addEventListener("change", () => this.#refresh());
    this.#showIdle();
    this.#refresh();
    signet?.ready.then(() => {
      this.#isReady = true;
      this.#refresh();
    }, () => {});
    addEventListener("beforeunload", (event) => {
      if (this.#flow?.isRunning || this.#persistence?.isLosing) event.preventDefault();
    });
  }

  /** What was kept in this browser comes back. */
  async start() {
    const store = await Store.open();
    this.#store = store;
    const loaded = await store.load();
    if (loaded) this.#project.replaceWith(Project.restore(loaded.snapshot, loaded.samples));
    store.follow(this.#project);
    store.onReload((newer) => {
      this.samples.undos.clear();
      void this.#restore(newer);
    });
    const parts = { project: this.#project, models: this.models, store };
    this.#persistence = new Persistence(parts, (fineTuned) => this.#open(fineTuned));
    if (this.#signet) this.#startFlow(this.#signet, store);
    this.samples.start();
    this.#start();
    part(".train").inert = false; // until now a change would have been lost to what was stored
    this.#refresh();
    await this.#restore(loaded);
  }

  // What the rest of the page asks

  /** Whether samples are searched for the hand: as the model that they teach will, but for devices on which a search takes seconds. */
  #searches() {
    return this.#project.searches && this.#isQuick;
  }

  /** How long that takes in a photo, once there are classes of these labels as well; null where it isn't done. @param {string[]} labels */
  #searchMs(labels) {
    const canSearch = this.#signet?.held("original")?.hasDetector ?? false;
    if (!canSearch || !this.#project.searchesWith(labels) || !this.#isQuick) return null;
    return SEARCH_CLASSIFICATIONS * (this.#latencyMs ?? SLOWEST_SEARCH_MS);
  }

  /** Whether a search takes seconds at most. A device that is not measured yet counts as quick. */
  get #isQuick() {
    return (this.#latencyMs ?? 0) < SLOWEST_SEARCH_MS;
  }

  /** A picture's middle as the network reads it: 64x64 RGBA. @param {import("../recognizer/protocol.js").Picture} picture */
  async inputOf(picture) {
    return (await this.#sampleInputs.center(picture)).pixels;
  }

  /** All samples with their classes' labels, oldest first. */
  labelled() {
    const labels = new Map(this.#project.classes.map(({ id, label }) => [id, label]));
    return [...this.#project.samples()].map(({ id, classId, pixels }) => ({ id, pixels, label: labels.get(classId) ?? "" }));
  }

  /** @param {import("../recognizer/backends.js").Choice} choice */
  showBackend({ backend, latencyMs, threads }) {
    this.#latencyMs = latencyMs;
    this.#threads = backend === "cpu" ? threads : 1;
    this.#refresh();
  }

  /** What it takes to bring something in, once what was kept is here. */
  async home() {
    await this.#started;
    return {
      project: this.#project,
      undos: this.samples.undos,
      inputOf: (/** @type {import("../recognizer/protocol.js").Picture} */ picture) => this.inputOf(picture),
      searchMs: (/** @type {string[]} */ labels) => this.#searchMs(labels),
      handOf: async (/** @type {import("../recognizer/protocol.js").Picture} */ picture, /** @type {string} */ label) =>
        (await this.#sampleInputs.of(picture, { label, source: "upload", searches: true })).pixels,
      openProject: async (/** @type {File} */ file) => this.#persistence?.open(file),
      importModel: (/** @type {File} */ file) => this.models.importFile(file),
      converter: async () => {
        if (!this.#signet) throw webAssemblyError();
        return this.#signet.converter();
      },
    };
  }

  save() {
    void this.#persistence?.save();
  }

  /** @returns {boolean} whether a training was there to be stopped */
  stopTraining() {
    if (!this.#flow?.isRunning) return false;
    this.#flow.stop();
    return true;
  }

  // Training

  /** @param {Signet} signet @param {Store} store */
  #startFlow(signet, store) {
    const parts = { signet, store, project: this.#project, models: this.models, chart: this.#chart };
    this.#flow = new TrainingFlow(parts, {
      onStart: () => {
        hideError();
        this.#check?.clear();
        this.#showInterrupted(null);
        this.#refresh();
      },
      onEnd: () => this.#refresh(),
      onFineTuned: (set, old) => {
        this.#persistence?.noteChange();
        if (old) showToast(() => messages.model.replaced, () => this.#restoreFineTuned(old));
        if (this.models.isUsable) void this.#check?.run(set);
      },
      onUnchanged: () => void this.#checkKept(),
    });
  }

  /** The model that was fine-tuned before is still the one in use; it is checked where its samples are the same still. */
  async #checkKept() {
    const { fineTuned } = this.models;
    const isCurrent = fineTuned && !fineTuned.imported && fineTuned.fingerprint === this.#project.fingerprint();
    if (isCurrent && this.models.isUsable && !this.#project.reasonNotToTrain()) await this.#check?.run(this.#project.dataset());
  }

  /** Once for all changes of a moment: a folder of images is a thousand of them. */
  #refresh() {
    if (this.#queued) return;
    this.#queued = true;
    setTimeout(() => {
      this.#queued = false;
      this.#showReadiness();
    });
  }

  #showReadiness() {
    const { fineTuned } = this.models;
    const trained = fineTuned?.imported ? null : fineTuned;
    const isRunning = this.#flow?.isRunning ?? false;
    const reason = this.#project.reasonNotToTrain();
    showSettings(this.#project.settings, !this.#keepsDetector());
    this.models.hold(!this.#persistence ? "loading" : isRunning ? "training" : "no");
    const seconds = this.#estimate();
    showReadiness({
      can: !reason && this.#isReady && this.#flow !== null,
      line: () => {
        const { train } = messages;
        if (!this.#signet) return train.noModel;
        if (reason) return reason.label ? train.tooFewOf(reason.label) : train.tooFew;
        if (!this.#isReady) return train.notReady;
        return seconds === null ? "" : train.estimate(seconds);
      },
      fineTuned: trained !== null,
      more: this.#flow?.canTrainMore ?? false,
    });
    showOutOfDate(trained !== null && !isRunning && trained.fingerprint !== this.#project.fingerprint());
  }

  /** Whether a model that is taught now has the detector of the original, or that has none either. */
  #keepsDetector() {
    const original = this.#signet?.held("original");
    if (!original?.hasDetector) return true;
    return this.#project.teachesDetector() || sameLabels(this.#project.datasetLabels(), original.labels);
  }

  #estimate() {
    if (this.#latencyMs === null) return null;
    const counts = { training: 0, validation: 0 };
    for (const { training, validation } of this.#project.split().values()) {
      counts.training += training;
      counts.validation += validation;
    }
    return estimateSeconds(this.#project.settings, counts, this.#latencyMs * this.#threads);
  }

  /** No training has been here, or none that belongs to what is here now. */
  #showIdle(line = () => messages.train.idle) {
    this.#check?.clear();
    this.#chart.show([], 0);
    showTraining({ state: "idle", line });
  }

  // What comes back

  /** @param {Loaded | null} loaded */
  async #restore(loaded) {
    this.#showInterrupted(loaded?.interrupted ?? null);
    const refused = loaded?.refused.length ?? 0;
    if (refused > 0) showToast(() => messages.samples.refusedRecords(refused));
    if (loaded?.fineTuned) await this.#adopt(loaded.fineTuned);
  }

  /** A model that was fine-tuned earlier. @param {FineTunedModel} fineTuned */
  async #adopt(fineTuned) {
    try {
      await this.models.keep(fineTuned);
    } catch (thrown) {
      // Where nothing answers at all, there is more to say than that this one doesn't.
      return showError(thrown, this.#isReady ? () => messages.model.unusable : undefined);
    }
    // Its own curves are there then.
    if (this.#flow?.isRunning) return;
    this.#chart.show(fineTuned.history, fineTuned.history.length);
    showTraining({ state: "idle", line: () => (fineTuned.imported ? messages.train.imported : messages.train.restored) });
    await this.#checkKept();
  }

  /** Another project was opened. @param {FineTunedModel | null} fineTuned */
  async #open(fineTuned) {
    hideError();
    this.samples.undos.clear();
    await this.#flow?.abandon();
    this.#showIdle();
    this.#showInterrupted(null);
    this.#store?.keepTraining(null);
    this.#store?.keepFineTuned(fineTuned);
    if (fineTuned) await this.#adopt(fineTuned);
    else this.models.forget();
  }

  /** The person imported a model, or went back to the original. @param {FineTunedModel | null} fineTuned @param {FineTunedModel | null} old */
  #changeFineTuned(fineTuned, old) {
    hideError();
    this.#keep(fineTuned);
    // A file that was chosen before a training may be read only while that runs.
    if (!this.#flow?.isRunning) this.#showIdle(() => (fineTuned ? messages.train.imported : messages.train.idle));
    showToast(() => (fineTuned ? messages.model.wasImported : messages.model.backToOriginal), old && (() => this.#restoreFineTuned(old)));
  }

  /** Undoes what replaced a model. @param {FineTunedModel} old */
  #restoreFineTuned(old) {
    this.#check?.clear();
    this.#keep(old);
    void this.#adopt(old);
  }

  /** @param {FineTunedModel | null} fineTuned */
  #keep(fineTuned) {
    this.#store?.keepFineTuned(fineTuned);
    this.#persistence?.noteChange();
  }

  /** @param {Interrupted | null} interrupted */
  #showInterrupted(interrupted) {
    part("#interrupted").hidden = interrupted === null;
    if (!interrupted) return;
    const { before, history, settings } = interrupted;
    say(part("#interrupted-line"), () => messages.train.interrupted(before.length + history.length, before.length + settings.epochs));
    button("#interrupted-resume").onclick = () => {
      const set = this.#project.recallDataset(interrupted.set);
      if (set) void this.#flow?.resume(interrupted, set);
      else showError(new SignetError("training-interrupted", "an image of its set is gone"));
    };
    button("#interrupted-discard").onclick = () => {
      this.#store?.keepTraining(null);
      passFocus(part("#interrupted"), part("#train"), part("#scope"));
      this.#showInterrupted(null);
    };
  }
}
