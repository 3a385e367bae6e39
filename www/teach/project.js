// A project: classes, samples and settings, and the rules that hold between them. Pure state, no page.
import { cleanLabel, sameLabels } from "../library/labels.js";
import { newId, thisDevice } from "../library/limits.js";
import { changedSettings, defaultSettings } from "../library/settings.js";
import { fingerprintOf, gatherDataset, oldestFirst, planDataset, reasonNotToTrain, splitClass, teachesDetector } from "../library/split.js";
import { SignetError } from "../recognizer/errors.js";
import { INPUT_BYTES } from "../recognizer/protocol.js";
import { DIGITS, MOST_CLASSES, NO_SIGN } from "../recognizer/contract.js";
import { freeLabel, initialSnapshot, readSamples, readSnapshot } from "./snapshot.js";

/** @import { Device } from "../library/limits.js" */
/** @import { Settings } from "../library/settings.js" */
/** @import { Dataset, DatasetPlan, SampleClass } from "../library/split.js" */
/** @import { Sample, Snapshot, Source } from "./snapshot.js" */

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
    const sample = { id: newId(), classId, source, pixels: new Uint8Array(pixels), addedAt: this.#nextTime() };
    this.#samples.set(sample.id, sample);
    this.#changed("samples", [classId]);
    return sample;
  }

  /**
   * Many samples, and the classes that they need: all of them or none. Throws `classes-full`, `samples-full` or what is wrong with a label.
   * @param {Iterable<{ label: string, pixels: Uint8Array, source: Source, origin?: string }>} incoming pixels are copied
   * @returns {() => void} undo, of what is still as it came
   */
  addMany(incoming) {
    const given = [...incoming];
    this.#requireRoom(given.length, 0);
    const ids = new Map(this.#classes.map(({ id, label }) => [label, id]));
    /** @type {SampleClass[]} */
    const classes = [];
    for (const label of new Set(given.map((each) => cleanLabel(each.label, [])))) {
      if (ids.has(label)) continue;
      this.#requireRoomForClass(classes.length);
      const added = { id: newId(), label, enabled: true };
      classes.push(added);
      ids.set(label, added.id);
    }
    const first = this.#nextTime();
    const samples = given.map(({ label, pixels, source, origin }, index) => {
      if (pixels.length !== INPUT_BYTES) throw new SignetError("unexpected", `${pixels.length} bytes are no sample`);
      const classId = ids.get(cleanLabel(label, [])) ?? "";
      return { id: newId(), classId, source, pixels: new Uint8Array(pixels), addedAt: first + index, ...(origin ? { origin } : {}) };
    });
    const changed = [...new Set(samples.map(({ classId }) => classId))];
    this.#classes = [...this.#classes, ...classes];
    for (const sample of samples) this.#samples.set(sample.id, sample);
    if (classes.length > 0) this.#changed("classes");
    this.#changed("samples", changed);
    return this.#undo(() => {
      for (const sample of samples) if (this.#samples.get(sample.id) === sample) this.#samples.delete(sample.id);
      const isEmpty = (/** @type {SampleClass} */ each) => classes.includes(each) && this.samplesOf(each.id).length === 0;
      this.#classes = this.#classes.filter((each) => !isEmpty(each));
      if (classes.length > 0) this.#changed("classes");
      this.#changed("samples", changed.filter((id) => this.#classes.some((each) => each.id === id)));
    });
  }

  /** @param {string} id @returns {() => void} undo; throws `samples-full` where it can't come back */
  removeSample(id) {
    return this.removeSamples([id]);
  }

  /** @param {string[]} ids @returns {() => void} undo; throws `samples-full` where they can't all come back */
  removeSamples(ids) {
    const removed = ids.map((id) => this.#sample(id));
    const countBefore = this.count;
    const classIds = [...new Set(removed.map(({ classId }) => classId))];
    for (const id of ids) this.#samples.delete(id);
    this.#changed("samples", classIds);
    return this.#undo(() => {
      for (const id of classIds) this.#class(id);
      this.#requireRoom(removed.length, countBefore);
      for (const sample of removed) this.#samples.set(sample.id, sample);
      this.#changed("samples", classIds);
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

  /**
   * Other pixels in the place of a sample's. It is another sample then: what a training learned from is told by ids.
   * @param {string} id
   * @param {Uint8Array} pixels copied
   * @returns {{ id: string, undo: () => void }} the new sample's id
   */
  replaceSample(id, pixels) {
    const before = this.#sample(id);
    const after = { ...before, id: newId(), pixels: new Uint8Array(pixels) };
    const swap = (/** @type {Sample} */ from, /** @type {Sample} */ to) => {
      this.#sample(from.id);
      this.#samples.delete(from.id);
      this.#samples.set(to.id, to);
      this.#changed("samples", [before.classId]);
    };
    swap(before, after);
    return { id: after.id, undo: this.#undo(() => swap(after, before)) };
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

  /** Whether the model that the classes teach will search pictures for the hand: it has a detector as long as it tells the six digits, or learns what no sign is. */
  get searches() {
    return this.searchesWith([]);
  }

  /** The same, once there are classes of these labels as well. @param {string[]} more */
  searchesWith(more) {
    const enabled = this.#classes.filter((each) => each.enabled).map(({ label }) => label);
    const labels = [...new Set([...enabled, ...more])];
    return labels.includes(NO_SIGN) || sameLabels(labels, DIGITS);
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

  /** Samples of one file choice arrive within a millisecond: their times still tell their order. */
  #nextTime() {
    let newest = -1;
    for (const { addedAt } of this.#samples.values()) newest = Math.max(newest, addedAt);
    return Math.max(Date.now(), newest + 1);
  }

  /** @param {number} [more] that come before it */
  #requireRoomForClass(more = 0) {
    if (this.#classes.length + more >= MOST_CLASSES) throw new SignetError("classes-full", `${MOST_CLASSES} classes`);
  }

  /** @param {number} more @param {number} countBefore what has fitted before fits again */
  #requireRoom(more, countBefore) {
    const room = Math.max(this.limit, countBefore);
    if (this.count + more > room) throw new SignetError("samples-full", `${this.count + more} of ${room} samples`);
  }
}
