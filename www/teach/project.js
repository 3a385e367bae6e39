// A project: classes, samples and settings, and the rules that hold between them. Pure state, no page.
import { SignetError } from "../recognizer/errors.js";
import { INPUT_BYTES } from "../recognizer/protocol.js";
import { cleanLabel } from "./labels.js";
import { MOST_CLASSES } from "../recognizer/contract.js";
import { newId, thisDevice } from "./limits.js";
import { changedSettings, defaultSettings } from "./settings.js";
import { freeLabel, initialSnapshot, readSamples, readSnapshot } from "./snapshot.js";
import { fingerprintOf, gatherDataset, oldestFirst, planDataset, reasonNotToTrain, splitClass, teachesDetector } from "./split.js";

/** @import { Device } from "./limits.js" */
/** @import { Settings } from "./settings.js" */
/** @import { Sample, SampleClass, Snapshot, Source } from "./snapshot.js" */
/** @import { Dataset, DatasetPlan } from "./split.js" */

/** The event "change": what has changed, and for samples in which classes. */
export class ProjectChange extends Event {
  /** @param {"classes" | "samples" | "settings"} what @param {string[]} [classIds] */
  constructor(what, classIds = []) {
    super("change");
    this.what = what;
    this.classIds = classIds;
  }
}

export class Project extends EventTarget {
  #device;
  /** Never changed in place, and neither are its elements. @type {readonly SampleClass[]} */
  #classes = [];
  /** @type {Readonly<Settings>} */
  #settings = defaultSettings("head");
  /** @type {Map<string, Sample>} */
  #samples = new Map();
  /** @type {string | null} */
  #fingerprint = null;
  /** Counts replacements: what was removed before one can't come back after it. */
  #era = 0;

  /** @param {Snapshot} snapshot @param {Sample[]} samples @param {Device} [device] */
  constructor(snapshot, samples, device = thisDevice()) {
    super();
    this.#device = device;
    this.#become(snapshot, samples);
  }

  /** The six digits without samples. @param {Device} [device] */
  static initial(device = thisDevice()) {
    return new Project(initialSnapshot(device.small), [], device);
  }

  /**
   * The reverse of `snapshot`, for data that anybody may have written. Throws `project-format`.
   * @param {unknown} snapshot
   * @param {unknown[]} samples
   * @param {Device} [device]
   */
  static restore(snapshot, samples, device) {
    const checked = readSnapshot(snapshot);
    return new Project(checked, readSamples(samples, checked.classes), device);
  }

  get classes() {
    return this.#classes;
  }

  get settings() {
    return this.#settings;
  }

  get count() {
    return this.#samples.size;
  }

  get limit() {
    return this.#device.limit;
  }

  /** Throws `classes-full` or what is wrong with the label. @param {string} [label] @returns {SampleClass} */
  addClass(label = freeLabel(this.#classes)) {
    this.#requireRoomForClass();
    const added = { id: newId(), label: cleanLabel(label, this.#labelsBut()), enabled: true };
    this.#classes = [...this.#classes, added];
    this.#changed("classes");
    return added;
  }

  /** Throws `label-empty`, `label-long` or `label-taken`. @param {string} id @param {string} label */
  renameClass(id, label) {
    this.#changeClass(id, { label: cleanLabel(label, this.#labelsBut(id)) });
  }

  /** @param {string} id @param {boolean} enabled */
  setEnabled(id, enabled) {
    this.#changeClass(id, { enabled });
  }

  /** Moves it towards the end, or with a negative `delta` towards the start. @param {string} id @param {number} delta */
  moveClass(id, delta) {
    const moved = this.#class(id);
    const index = this.#classes.indexOf(moved);
    const others = this.#classes.toSpliced(index, 1);
    const to = Math.min(Math.max(index + delta, 0), others.length);
    if (to === index) return;
    this.#classes = others.toSpliced(to, 0, moved);
    this.#changed("classes");
  }

  /**
   * Removes it with its samples.
   * @param {string} id
   * @returns {() => void} undo; throws `classes-full`, `samples-full` or `label-taken` where it can't come back
   */
  removeClass(id) {
    const removed = this.#class(id);
    const index = this.#classes.indexOf(removed);
    const samples = this.samplesOf(id);
    const countBefore = this.count;
    const change = (/** @type {SampleClass[]} */ classes) => {
      this.#classes = classes;
      this.#changed("classes");
      if (samples.length > 0) this.#changed("samples", [id]);
    };
    for (const sample of samples) this.#samples.delete(sample.id);
    change(this.#classes.toSpliced(index, 1));
    return this.#undo(() => {
      this.#requireRoomForClass();
      this.#requireRoom(samples.length, countBefore);
      cleanLabel(removed.label, this.#labelsBut(id));
      for (const sample of samples) this.#samples.set(sample.id, sample);
      change(this.#classes.toSpliced(index, 0, removed));
    });
  }

  /** Newest first. @param {string} classId @returns {Sample[]} */
  samplesOf(classId) {
    const samples = [...this.#samples.values()].filter((sample) => sample.classId === classId);
    return samples.sort((a, b) => oldestFirst(b, a));
  }

  /** @param {string} id @returns {Sample | undefined} */
  sample(id) {
    return this.#samples.get(id);
  }

  samples() {
    return this.#samples.values();
  }

  /**
   * Throws `samples-full`.
   * @param {string} classId
   * @param {Uint8Array} pixels copied
   * @param {Source} source
   */
  addSample(classId, pixels, source) {
    this.#class(classId);
    if (pixels.length !== INPUT_BYTES) throw new SignetError("unexpected", `${pixels.length} bytes are no sample`);
    this.#requireRoom(1, 0);
    // Samples of one file choice arrive within a millisecond: their times still tell their order.
    let newest = -1;
    for (const { addedAt } of this.#samples.values()) newest = Math.max(newest, addedAt);
    const addedAt = Math.max(Date.now(), newest + 1);
    const sample = { id: newId(), classId, source, pixels: new Uint8Array(pixels), addedAt };
    this.#samples.set(sample.id, sample);
    this.#changed("samples", [classId]);
    return sample;
  }

  /** @param {string} id @returns {() => void} undo; throws `samples-full` where it can't come back */
  removeSample(id) {
    const removed = this.#sample(id);
    const countBefore = this.count;
    this.#samples.delete(id);
    this.#changed("samples", [removed.classId]);
    return this.#undo(() => {
      this.#class(removed.classId);
      this.#requireRoom(1, countBefore);
      this.#samples.set(id, removed);
      this.#changed("samples", [removed.classId]);
    });
  }

  /** @param {string} id @param {string} classId @returns {() => void} undo */
  moveSample(id, classId) {
    const sample = this.#sample(id);
    this.#class(classId);
    if (sample.classId !== classId) {
      this.#samples.set(id, { ...sample, classId });
      this.#changed("samples", [sample.classId, classId]);
    }
    return this.#undo(() => void this.moveSample(id, sample.classId));
  }

  /** Throws `setting`. @param {Partial<Settings>} change */
  changeSettings(change) {
    this.#settings = changedSettings(this.#settings, change, this.#device.small);
    this.#changed("settings");
  }

  resetSettings() {
    this.#settings = defaultSettings(this.#settings.scope, this.#device.small);
    this.#changed("settings");
  }

  reasonNotToTrain() {
    return reasonNotToTrain(this.#classes, (id) => this.samplesOf(id));
  }

  /** The classes that a training would tell apart, without gathering its pictures. */
  datasetLabels() {
    return this.#plan().labels;
  }

  /** Whether a training would teach the detector, too. */
  teachesDetector() {
    return teachesDetector(this.#plan());
  }

  /** @returns {Dataset} */
  dataset() {
    return /** @type {Dataset} */ (this.recallDataset(this.#plan()));
  }

  /**
   * The pictures of an earlier dataset, or null when one of them has been removed since.
   * @param {DatasetPlan} plan
   */
  recallDataset(plan) {
    return gatherDataset(plan, (id) => this.#samples.get(id));
  }

  /** How many samples of each class train and how many check; none of a disabled class. */
  split() {
    return new Map(this.#classes.map(({ id, enabled }) => {
      const { training, validation } = splitClass(enabled ? this.samplesOf(id) : [], this.#settings.validationShare);
      return [id, { training: training.length, validation: validation.length }];
    }));
  }

  /** Tells whether a training of today would be the same as one of before. */
  fingerprint() {
    this.#fingerprint ??= fingerprintOf(this.#plan(), this.#settings);
    return this.#fingerprint;
  }

  /** The plain form, without the samples. @returns {Snapshot} */
  snapshot() {
    return { version: 1, classes: this.#classes.map((each) => ({ ...each })), settings: { ...this.#settings } };
  }

  /** Becomes what `other` is. @param {Project} other */
  replaceWith(other) {
    this.#era += 1;
    this.#become(other.snapshot(), other.samples());
    this.#changed("classes");
    this.#changed("samples", this.#classes.map(({ id }) => id));
    this.#changed("settings");
  }

  /** @param {Snapshot} snapshot @param {Iterable<Sample>} samples */
  #become({ classes, settings }, samples) {
    this.#classes = classes;
    this.#settings = settings;
    this.#samples = new Map(Array.from(samples, (sample) => [sample.id, sample]));
    this.#fingerprint = null;
  }

  #plan() {
    return planDataset(this.#classes, (id) => this.samplesOf(id), this.#settings);
  }

  /** @param {ProjectChange["what"]} what @param {string[]} [classIds] */
  #changed(what, classIds) {
    this.#fingerprint = null;
    this.dispatchEvent(new ProjectChange(what, classIds));
  }

  /** @param {() => void} restore @returns {() => void} which works once, and no more after a replacement */
  #undo(restore) {
    const era = this.#era;
    let undone = false;
    return () => {
      if (undone || era !== this.#era) return;
      restore();
      undone = true;
    };
  }

  /** @param {string} id */
  #class(id) {
    const found = this.#classes.find((each) => each.id === id);
    if (!found) throw new SignetError("unexpected", `there is no class ${id}`);
    return found;
  }

  /** @param {string} id */
  #sample(id) {
    const found = this.#samples.get(id);
    if (!found) throw new SignetError("unexpected", `there is no sample ${id}`);
    return found;
  }

  /** @param {string} id @param {Partial<SampleClass>} change */
  #changeClass(id, change) {
    const before = this.#class(id);
    this.#classes = this.#classes.map((each) => (each === before ? { ...each, ...change } : each));
    this.#changed("classes");
  }

  /** @param {string} [id] */
  #labelsBut(id) {
    return this.#classes.filter((each) => each.id !== id).map(({ label }) => label);
  }

  #requireRoomForClass() {
    if (this.#classes.length >= MOST_CLASSES) throw new SignetError("classes-full", `${MOST_CLASSES} classes`);
  }

  /** @param {number} more @param {number} countBefore what has fitted before fits again */
  #requireRoom(more, countBefore) {
    const room = Math.max(this.limit, countBefore);
    if (this.count + more > room) throw new SignetError("samples-full", `${this.count + more} of ${room} samples`);
  }
}
