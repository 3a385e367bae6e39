import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { asSignetError } from "../../www/recognizer/errors.js";
import { cleanLabel } from "../../www/library/labels.js";
import { Project } from "../../www/teach/project.js";
import { DEVICE } from "./stand-ins.js";

/** @typedef {import("../../www/teach/project.js").ProjectChange} ProjectChange */

/** @param {number} shade */
const square = (shade) => new Uint8Array(64 * 64 * 4).fill(shade);

/** A test of a first project. @param {string} name @param {(project: Project) => void} body @param {Partial<typeof DEVICE>} [device] */
const projectTest = (name, body, device = {}) => test(name, () => body(Project.initial({ ...DEVICE, ...device })));

/** @param {Project} project @param {string} label */
const idOf = (project, label) => /** @type {string} */ (project.classes.find((each) => each.label === label)?.id);

/** Adds samples. @param {Project} project @param {string} label @param {number} count @returns {string[]} their ids */
const fill = (project, label, count) =>
  Array.from({ length: count }, (_, index) => project.addSample(idOf(project, label), square(index), "draw").id);

/** The newest first. @param {Project} project @param {string} label */
const samplesOf = (project, label) => project.samplesOf(idOf(project, label));

/** @param {Project} project */
const labels = (project) => project.classes.map(({ label }) => label);

/** @param {Project} project */
function listen(project) {
  /** @type {[what: string, classIds: string[]][]} */
  const heard = [];
  project.addEventListener("change", (event) => {
    const { what, classIds } = /** @type {ProjectChange} */ (event);
    heard.push([what, classIds]);
  });
  return heard;
}

projectTest("a first project has the six digits and the head's defaults", (project) => {
  assert.deepEqual(labels(project), ["0", "1", "2", "3", "4", "5"]);
  assert.ok(project.classes.every(({ enabled }) => enabled));
  assert.deepEqual({ ...project.settings }, {
    scope: "head", epochs: 150, batchSize: 16, learningRate: 0.004, augmentation: true, validationShare: 0.15, seed: 0,
  });
  assert.deepEqual([project.count, project.limit], [0, 1000]);
});

projectTest("other pixels in a sample's place make another sample, and its fingerprint; undone they make the one before", (project) => {
  const [id = ""] = [fill(project, "2", 2), fill(project, "3", 2)].flat();
  const before = project.fingerprint();
  const { id: next, undo } = project.replaceSample(id, square(99));
  assert.deepEqual([project.sample(id), project.sample(next)?.pixels[0], project.count], [undefined, 99, 4]);
  assert.notEqual(project.fingerprint(), before);
  undo();
  assert.deepEqual([project.sample(next), project.sample(id)?.pixels[0], project.fingerprint()], [undefined, 0, before]);
});

projectTest("the model searches for the hand while the classes are the digits, or one of them is no sign", (project) => {
  assert.ok(project.searches);
  assert.deepEqual([["3"], ["rock"], ["rock", "none"]].map((more) => project.searchesWith(more)), [true, false, true], "with classes that are about to come");
  const { id } = project.addClass("thumb");
  assert.ok(!project.searches);
  project.setEnabled(id, false);
  assert.ok(project.searches);
  project.setEnabled(id, true);
  project.addClass("none");
  assert.ok(project.searches);
});

projectTest("added classes get the first free name, and there is an end to them", (project) => {
  assert.equal(project.addClass().label, "Class 7");
  project.addClass("Class 9");
  assert.equal(project.addClass().label, "Class 10");
  while (project.classes.length < 30) project.addClass();
  assert.throws(() => project.addClass(), { code: "classes-full" });
  assert.equal(new Set(labels(project)).size, 30);
});

/** @type {[label: string, code: string][]} */
const REFUSED = [
  ["", "label-empty"], ["  \t\u{200b} ", "label-empty"], ["\u{0}\n", "label-empty"],
  ["1", "label-taken"], [" 1 ", "label-taken"],
  ["x".repeat(41), "label-long"], ["👍".repeat(41), "label-long"],
];
projectTest("labels that can't be are refused, and nothing changes", (project) => {
  const before = project.snapshot();
  for (const [label, code] of REFUSED) {
    assert.throws(() => project.renameClass(idOf(project, "0"), label), { name: "SignetError", code }, JSON.stringify(label));
    assert.throws(() => project.addClass(label), { code });
    assert.deepEqual(project.snapshot(), before);
  }
});

test("the rules for labels are those of the recognizer", () => {
  const table = JSON.parse(readFileSync(new URL("../fixtures/labels.json", import.meta.url), "utf8"));
  for (const [name, expected, why] of table) {
    let found;
    try {
      found = cleanLabel(name, []);
    } catch (error) {
      found = asSignetError(error).code;
    }
    assert.equal(found, expected, `${JSON.stringify(name)}: ${why}`);
  }
});

projectTest("labels are trimmed, may be the same again, and markup in them is text", (project) => {
  const id = idOf(project, "0");
  for (const [given = "", kept = given] of [["  rock ", "rock"], ["rock"], ["👍".repeat(40)], ["<b onclick=alert(1)>"], ["e\u{301}", "\u{e9}"], ["a\ud800", "a"]]) {
    project.renameClass(id, given);
    assert.equal(project.classes[0]?.label, kept);
  }
  const accented = project.addClass("\u{e8}");
  assert.throws(() => project.renameClass(id, "e\u{300}"), { code: "label-taken" }, "the same letter, written otherwise");
  assert.equal(accented.label, "\u{e8}");
});

projectTest("classes are moved as far as there is room", (project) => {
  const id = idOf(project, "4");
  const heard = listen(project);
  for (const [by, order] of /** @type {const} */ ([[-2, "014235"], [99, "012354"], [-99, "401235"], [-1, "401235"]])) {
    project.moveClass(id, by);
    assert.equal(labels(project).join(""), order);
  }
  assert.equal(heard.length, 3, "the last has changed nothing");
});

projectTest("a removed class comes back where it was, with its samples", (project) => {
  fill(project, "2", 3);
  const id = idOf(project, "2");
  const before = [project.snapshot(), project.samplesOf(id)];
  const undo = project.removeClass(id);
  assert.deepEqual([labels(project).join(""), project.count], ["01345", 0]);
  undo();
  undo();
  assert.deepEqual([project.snapshot(), project.samplesOf(id)], before);
});

projectTest("a removed class stays away when its place is taken", (project) => {
  fill(project, "2", 3);
  const undo = project.removeClass(idOf(project, "2"));
  const other = project.addClass("2");
  assert.throws(undo, { code: "label-taken" });
  project.renameClass(other.id, "two");
  const [first = ""] = fill(project, "two", 2);
  assert.throws(undo, { code: "samples-full" });
  project.removeSample(first);
  undo();
  assert.deepEqual([project.count, labels(project)[2]], [4, "2"]);
}, { limit: 4 });

projectTest("samples are listed newest first, whatever the clock says", (project) => {
  const added = fill(project, "1", 20);
  assert.deepEqual(samplesOf(project, "1").map(({ id }) => id), added.reverse());
});

projectTest("a sample keeps a copy of its pixels", (project) => {
  const large = new Uint8Array(64 * 64 * 4 + 100).fill(7);
  const { pixels } = project.addSample(idOf(project, "0"), large.subarray(100), "webcam");
  large.fill(0);
  assert.deepEqual([pixels[0], pixels.buffer.byteLength], [7, 16384]);
  assert.throws(() => project.addSample(idOf(project, "0"), new Uint8Array(4), "webcam"), { code: "unexpected" });
});

projectTest("samples fit until the device's limit", (project) => {
  const [first = ""] = fill(project, "1", 3);
  assert.throws(() => fill(project, "1", 1), { code: "samples-full" });
  const undo = project.removeSample(first);
  fill(project, "2", 1);
  assert.throws(undo, { code: "samples-full" });
}, { limit: 3 });

projectTest("several samples of several classes go and come back in one step, all of them or none", (project) => {
  const [one = "", two = ""] = fill(project, "1", 2);
  const [three = ""] = fill(project, "2", 1);
  assert.throws(() => project.removeSamples([one, "nobody"]), { code: "unexpected" });
  assert.equal(project.count, 3);
  const undo = project.removeSamples([one, three]);
  assert.deepEqual([...project.samples()].map(({ id }) => id), [two]);
  const [other = ""] = fill(project, "3", 2);
  assert.throws(undo, { code: "samples-full" });
  assert.equal(project.count, 3);
  project.removeSample(other);
  undo();
  assert.deepEqual([samplesOf(project, "1").length, samplesOf(project, "2").length], [2, 1]);
}, { limit: 4 });

projectTest("a moved sample keeps its place in time", (project) => {
  const [older = ""] = fill(project, "1", 1);
  const [newer] = fill(project, "2", 1);
  project.moveSample(older, idOf(project, "2"));
  assert.deepEqual(samplesOf(project, "2").map(({ id }) => id), [newer, older]);
  assert.deepEqual(samplesOf(project, "1"), []);
});

projectTest("a removed or moved sample goes back to its place, and what was done since is undone before it", (project) => {
  const [first = "", second = ""] = fill(project, "1", 3);
  const before = samplesOf(project, "1");
  const counts = () => ["1", "2"].map((label) => samplesOf(project, label).length);
  for (const [change, during] of /** @type {const} */ ([
    [() => project.removeSample(second), [2, 0]],
    [() => project.moveSample(first, idOf(project, "2")), [2, 1]],
  ])) {
    const undo = change();
    assert.deepEqual(counts(), during);
    undo();
    undo();
    assert.deepEqual(samplesOf(project, "1"), before);
  }
  const late = project.moveSample(second, idOf(project, "2"));
  const back = project.removeClass(idOf(project, "2"));
  assert.throws(late, { code: "unexpected" });
  back();
  late();
  assert.deepEqual(samplesOf(project, "1"), before);
});

projectTest("every change is told once, with the classes it is in", (project) => {
  const heard = listen(project);
  const [zero, one] = [idOf(project, "0"), idOf(project, "1")];
  const { id } = project.addSample(zero, square(1), "paste");
  project.moveSample(id, one);
  project.removeSample(id)();
  project.changeSettings({ epochs: 3 });
  project.removeClass(zero);
  project.removeClass(one);
  assert.deepEqual(heard, [
    ["samples", [zero]], ["samples", [zero, one]], ["samples", [one]], ["samples", [one]], ["settings", []],
    ["classes", []], ["classes", []], ["samples", [one]],
  ]);
});

projectTest("a scope brings its defaults for what was left alone", (project) => {
  project.changeSettings({ epochs: 7, validationShare: 0.3 });
  project.changeSettings({ scope: "all" });
  assert.deepEqual({ ...project.settings }, {
    scope: "all", epochs: 7, batchSize: 8, learningRate: 0.00002, augmentation: false, validationShare: 0.3, seed: 0,
  });
  project.changeSettings({ scope: "stage", learningRate: 0.5 });
  assert.deepEqual([project.settings.learningRate, project.settings.augmentation], [0.5, false]);
  project.resetSettings();
  assert.deepEqual([project.settings.scope, project.settings.epochs, project.settings.learningRate], ["stage", 10, 0.00005]);
});

projectTest("a small device trains the whole network with smaller batches", (project) => {
  project.changeSettings({ scope: "all" });
  assert.deepEqual([project.settings.batchSize, project.limit], [4, 400]);
  project.changeSettings({ scope: "stage" });
  assert.equal(project.settings.batchSize, 8);
}, { limit: 400, small: true });

/** @type {[string, unknown][]} */
const BAD_SETTINGS = [
  ["epochs", 0], ["epochs", 1.5], ["epochs", NaN], ["epochs", "5"], ["batchSize", 65], ["learningRate", 0],
  ["learningRate", Infinity], ["validationShare", -0.1], ["validationShare", 0.6], ["seed", -1], ["seed", 2 ** 32],
  ["scope", "everything"], ["augmentation", 1],
];
projectTest("settings that can't be are refused, and nothing changes", (project) => {
  const before = project.settings;
  for (const [name, value] of BAD_SETTINGS) {
    assert.throws(() => project.changeSettings({ [name]: value }), { code: "setting" }, `${name}: ${value}`);
    assert.equal(project.settings, before);
  }
});

projectTest("training needs two classes with two samples each, and says which lacks one", (project) => {
  assert.deepEqual(project.reasonNotToTrain(), { code: "too-few-classes" });
  fill(project, "0", 5);
  assert.deepEqual(project.reasonNotToTrain(), { code: "too-few-classes" });
  fill(project, "3", 1);
  assert.deepEqual(project.reasonNotToTrain(), { code: "too-few-samples", label: "3" });
  fill(project, "3", 1);
  assert.equal(project.reasonNotToTrain(), null);
  project.setEnabled(idOf(project, "3"), false);
  assert.deepEqual(project.reasonNotToTrain(), { code: "too-few-classes" });
});

projectTest("a class without a sign trains the detector and is no class of the model", (project) => {
  const none = project.addClass("none").id;
  assert.throws(() => project.addClass("none"), { code: "label-taken" });
  for (const label of ["0", "3", "none"]) fill(project, label, 10);
  project.moveClass(none, -99);
  const digits = project.dataset();
  assert.deepEqual(digits.labels, ["0", "1", "2", "3", "4", "5"], "the digits are the digits still");
  assert.equal(project.teachesDetector(), true);
  for (const [{ ids, labels: indexes }, count] of /** @type {const} */ ([[digits.training, 8], [digits.validation, 2]])) {
    const without = ids.filter((_, position) => indexes[position] === digits.labels.length);
    assert.deepEqual([without.length, new Set(without.map((id) => project.sample(id)?.classId))], [count, new Set([none])]);
  }
  const restored = Project.restore(project.snapshot(), [...project.samples()], DEVICE);
  assert.equal(restored.fingerprint(), project.fingerprint());
  const off = project.fingerprint();
  project.setEnabled(none, false);
  assert.notEqual(project.fingerprint(), off);
  assert.equal(project.teachesDetector(), false);
  project.setEnabled(none, true);
  project.setEnabled(idOf(project, "3"), false);
  assert.deepEqual(project.reasonNotToTrain(), { code: "too-few-classes" }, "one sign and none are not two signs");
});

projectTest("the six digits keep all labels, other classes only those with samples", (project) => {
  fill(project, "0", 2);
  fill(project, "3", 2);
  assert.deepEqual(project.dataset().labels, ["0", "1", "2", "3", "4", "5"]);
  project.moveClass(idOf(project, "5"), -1);
  assert.deepEqual(project.dataset().labels, ["0", "3"], "another order is another head");
  project.moveClass(idOf(project, "5"), 1);
  const extra = project.addClass("6");
  assert.deepEqual(project.dataset().labels, ["0", "3"]);
  project.setEnabled(extra.id, false);
  assert.deepEqual(project.dataset().labels.length, 6);
  project.setEnabled(idOf(project, "3"), false);
  assert.deepEqual(project.dataset().labels, ["0"]);
});

test("the validation share is rounded, with one at least and two left to train", () => {
  for (const [count, share, expected] of /** @type {const} */ ([
    [1, 0.15, 0], [2, 0.5, 0], [3, 0.15, 0], [3, 0.5, 1], [4, 0.15, 1], [4, 0.05, 1], [4, 0, 0], [4, 0.5, 2], [10, 0.15, 2],
    [20, 0.15, 3], [100, 0.15, 15], [5, 0.01, 1],
  ])) {
    const project = Project.initial(DEVICE);
    project.changeSettings({ validationShare: share });
    fill(project, "0", count);
    const { training, validation } = project.split().get(idOf(project, "0")) ?? {};
    assert.deepEqual([training, validation], [count - expected, expected], `${count} at ${share}`);
  }
});

projectTest("no sample trains and checks, and each has its pixels and its label", (project) => {
  for (const [index, label] of labels(project).entries()) {
    for (let shade = 0; shade < 10; shade += 1) project.addSample(idOf(project, label), square(10 * index + shade), "draw");
  }
  const { labels: trained, training, validation } = project.dataset();
  assert.deepEqual([training.ids.length, validation.ids.length], [48, 12]);
  assert.equal(new Set([...training.ids, ...validation.ids]).size, 60);
  for (const { ids, labels: indexes, pixels } of [training, validation]) {
    assert.equal(pixels.length, ids.length * 16384);
    for (const [position, id] of ids.entries()) {
      const sample = project.sample(id);
      assert.equal(trained[/** @type {number} */ (indexes[position])], project.classes.find((each) => each.id === sample?.classId)?.label);
      assert.deepEqual(pixels.subarray(position * 16384, (position + 1) * 16384), sample?.pixels);
    }
    const times = ids.map((id) => project.sample(id)?.addedAt ?? NaN);
    assert.deepEqual(times, times.toSorted((a, b) => a - b));
  }
});

projectTest("adding a sample moves at most one other between the parts", (project) => {
  fill(project, "0", 4);
  for (let round = 0; round < 30; round += 1) {
    const before = new Set(project.dataset().validation.ids);
    fill(project, "0", 1);
    const after = new Set(project.dataset().validation.ids);
    assert.ok([...before].filter((id) => !after.has(id)).length <= 1);
  }
});

projectTest("a teaching set is recalled until one of its samples is gone", (project) => {
  fill(project, "0", 4);
  fill(project, "1", 4);
  const set = project.dataset();
  fill(project, "1", 1);
  assert.deepEqual(project.recallDataset(set), set);
  project.removeSample(String(set.training.ids[0]));
  assert.equal(project.recallDataset(set), null);
});

projectTest("the fingerprint changes with what a training reads, and with nothing else", (project) => {
  fill(project, "0", 4);
  fill(project, "1", 4);
  const start = project.fingerprint();
  const sampleId = String(samplesOf(project, "0")[0]?.id);
  const [one, five] = [idOf(project, "1"), idOf(project, "5")];
  const off = project.addClass("off").id;
  project.setEnabled(off, false);
  const set = (/** @type {Partial<Project["settings"]>} */ change) => () => {
    project.changeSettings(change);
    return () => project.resetSettings();
  };
  /** @type {[name: string, changes: boolean, change: () => (() => unknown)][]} */
  const changes = [
    ["a sample", true, () => project.removeSample(sampleId)],
    ["a sample of a disabled class", false, () => (fill(project, "off", 3), () => project.removeClass(off))],
    ["a label", true, () => (project.renameClass(five, "five"), () => project.renameClass(five, "5"))],
    ["a sample's class", true, () => project.moveSample(sampleId, one)],
    ["the seed", true, set({ seed: 3 })],
    ["the epochs", true, set({ epochs: 3 })],
    ["the share, with the same split", false, set({ validationShare: 0.16 })],
    ["the share, with another split", true, set({ validationShare: 0.5 })],
  ];
  for (const [name, differs, change] of changes) {
    const undo = change();
    assert.equal(project.fingerprint() !== start, differs, name);
    undo();
    assert.equal(project.fingerprint(), start, `${name}, undone`);
  }
});

/** @type {[string, (snapshot: any, samples: any[]) => void][]} */
const DAMAGES = [
  ["another version", (snapshot) => (snapshot.version = 2)],
  ["no classes", (snapshot) => delete snapshot.classes],
  ["too many classes", (snapshot) => snapshot.classes.push(...Array.from({ length: 25 }, (_, n) => ({ id: `${n}`, label: `c${n}`, enabled: true })))],
  ["a class twice", (snapshot) => snapshot.classes.push({ ...snapshot.classes[0], label: "x" })],
  ["a label twice", (snapshot) => (snapshot.classes[0].label = "1")],
  ["a label with a margin", (snapshot) => (snapshot.classes[0].label = " 0")],
  ["a class without its switch", (snapshot) => delete snapshot.classes[0].enabled],
  ["settings out of range", (snapshot) => (snapshot.settings.epochs = -1)],
  ["no settings", (snapshot) => delete snapshot.settings],
  ["a sample of no class", (_, samples) => (samples[0].classId = "nowhere")],
  ["a sample twice", (_, samples) => samples.push(samples[0])],
  ["a sample that is too small", (_, samples) => (samples[0].pixels = new Uint8Array(5))],
  ["a sample of plain numbers", (_, samples) => (samples[0].pixels = Array.from(samples[0].pixels))],
  ["a sample from elsewhere", (_, samples) => (samples[0].source = "telepathy")],
  ["a sample without a time", (_, samples) => (samples[0].addedAt = NaN)],
  ["null for a sample", (_, samples) => (samples[0] = null)],
];
projectTest("a plain form of what can't be is refused", (project) => {
  fill(project, "0", 2);
  for (const [name, damage] of DAMAGES) {
    const snapshot = structuredClone(project.snapshot());
    const samples = structuredClone([...project.samples()]);
    damage(snapshot, samples);
    assert.throws(() => Project.restore(snapshot, samples, DEVICE), { name: "SignetError", code: "project-format" }, name);
  }
});

projectTest("a project that is replaced is the other one, and old undos are void", (project) => {
  const [first = ""] = fill(project, "0", 2);
  const undo = project.removeSample(first);
  const other = Project.initial(DEVICE);
  other.addClass("rock");
  fill(other, "rock", 2);
  const heard = listen(project);
  project.replaceWith(other);
  assert.deepEqual(heard.map(([what]) => what), ["classes", "samples", "settings"]);
  undo();
  assert.deepEqual(project.snapshot(), other.snapshot());
  assert.equal(project.count, 2);
  fill(other, "rock", 1);
  assert.equal(project.count, 2, "they share nothing that changes");
});
