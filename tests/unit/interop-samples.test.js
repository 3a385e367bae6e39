import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { openProjects, originOf } from "../../www/interop/sample-sources.js";
import { Seen, fitted, readPictures } from "../../www/interop/taking.js";
import { ERROR_CODES, SignetError } from "../../www/recognizer/errors.js";
import { openProject, saveProject } from "../../www/teach/archive.js";
import { isLeftover } from "../../www/teach/leftovers.js";
import { Project } from "../../www/teach/project.js";
import { DEVICE } from "./stand-ins.js";

/** @typedef {import("../../www/interop/sample-sources.js").SampleSource} SampleSource */

/** @param {number} shade */
const square = (shade) => new Uint8Array(64 * 64 * 4).fill(shade);

const labels = (/** @type {Project} */ project) => project.classes.map(({ label }) => label);

/** A project's file with a class for each label. @param {string} name @param {Record<string, number[]>} shades */
async function projectFile(name, shades) {
  const project = Project.initial(DEVICE);
  project.addMany(Object.entries(shades).flatMap(([label, its]) => its.map((shade) => ({ label, pixels: square(shade), source: /** @type {const} */ ("webcam") }))));
  return new File([await saveProject({ project, fineTuned: null })], name);
}

/** @param {Partial<SampleSource>} parts @returns {SampleSource} */
const source = (parts) => ({ name: "a.zip", ways: [], input: async (_, index) => square(index), hand: async (_, index) => square(index), originOf: () => "a.zip", origins: new Map(), ...parts });

test("many samples come with the classes that they need, and go with them in one step", () => {
  const project = Project.initial(DEVICE);
  const kept = project.addSample(String(project.classes[3]?.id), square(9), "draw");
  /** @type {string[]} */
  const heard = [];
  project.addEventListener("change", (event) => heard.push(/** @type {import("../../www/teach/project.js").ProjectChange} */ (event).what));
  const undo = project.addMany([
    { label: "3", pixels: square(1), source: "upload", origin: "a.zip" },
    { label: " rock ", pixels: square(2), source: "upload" },
    { label: "rock", pixels: square(3), source: "upload" },
  ]);
  assert.deepEqual(labels(project), ["0", "1", "2", "3", "4", "5", "rock"]);
  assert.deepEqual([project.count, heard], [4, ["classes", "samples"]]);
  assert.deepEqual(project.samplesOf(String(project.classes[3]?.id)).map(({ origin }) => origin), ["a.zip", undefined]);
  project.removeSample(String(project.samplesOf(String(project.classes[6]?.id))[0]?.id));
  undo();
  assert.deepEqual([labels(project).length, project.count, [...project.samples()][0]?.id], [6, 1, kept.id]);
  undo();
  assert.equal(project.count, 1, "once");
});

test("what has something of the person's in it stays when it is undone", () => {
  const project = Project.initial(DEVICE);
  const undo = project.addMany([{ label: "rock", pixels: square(1), source: "upload" }]);
  const rock = String(project.classes[6]?.id);
  project.addSample(rock, square(2), "draw");
  undo();
  assert.deepEqual([labels(project).at(-1), project.samplesOf(rock).length], ["rock", 1]);
});

test("all or none: too many samples or classes, and a name that is none, change nothing", () => {
  const many = (/** @type {number} */ count, label = (/** @type {number} */ _) => "3") => Array.from({ length: count }, (_, index) => ({ label: label(index), pixels: square(1), source: /** @type {const} */ ("upload") }));
  for (const [given, code] of /** @type {const} */ ([[many(5), "samples-full"], [many(25, (index) => `c${index}`), "classes-full"], [many(1, () => " "), "label-empty"]])) {
    const project = Project.initial({ ...DEVICE, limit: code === "samples-full" ? 4 : 100 });
    assert.throws(() => project.addMany(given), { code });
    assert.deepEqual([project.count, labels(project).length], [0, 6]);
  }
});

test("where a sample came from is in the file, and a file without it opens as before", async () => {
  const project = Project.initial(DEVICE);
  project.addMany([{ label: "3", pixels: square(1), source: "upload", origin: "ann <b>" }, { label: "3", pixels: square(2), source: "upload" }]);
  const opened = await openProject(await saveProject({ project, fineTuned: null }));
  assert.deepEqual([...opened.project.samples()].map((sample) => ["origin" in sample, sample.origin]), [[true, "ann <b>"], [false, undefined]]);
  const [first] = project.samples();
  for (const origin of ["", 7, "x".repeat(81)]) assert.throws(() => Project.restore(project.snapshot(), [{ ...first, origin }]), { code: "project-format" });
});

test("projects are one: classes of one name are one class, and each image knows its project", async () => {
  const files = [await projectFile("ann.signet", { 0: [1, 2], rock: [3] }), await projectFile("bob.signet", { 0: [4], paper: [5] })];
  const opened = await openProjects(files, (_, open) => open());
  const [way] = opened.ways;
  const found = way?.classes.map(({ label, pictures }) => [label, pictures.map((index) => opened.originOf(index)).join()]).filter(([, its]) => its);
  assert.deepEqual(found, [["0", "ann,ann,bob"], ["rock", "ann"], ["paper", "bob"]]);
  assert.deepEqual([...opened.origins], [["ann", 3], ["bob", 2]]);
  assert.deepEqual(await opened.input(0, way?.classes[0]?.pictures[0] ?? 0), square(1), "the oldest first");
});

test("a project that is damaged is named, and none is taken", async () => {
  const files = [await projectFile("ann.signet", { 0: [1] }), new File(["what is this, then, which is longer"], "bob.signet")];
  await assert.rejects(openProjects(files, (_, open) => open()), (/** @type {SignetError} */ error) => error.code === "project-format" && error.message.startsWith("bob.signet"));
});

test("of more pictures than fit, as many of each class are taken, spread over all that it has", () => {
  const classes = [{ label: "a", pictures: [...Array(100).keys()] }, { label: "b", pictures: [200, 201] }, { label: "c", pictures: [...Array(50).keys()] }];
  assert.equal(fitted(classes, 152), classes);
  const [a, b, c] = fitted(classes, 22);
  assert.deepEqual(a?.pictures, [0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
  assert.deepEqual(b?.pictures, [200, 201]);
  assert.equal(c?.pictures.length, 10);
  assert.deepEqual(fitted(classes, 0).flatMap(({ pictures }) => pictures), []);
});

test("pictures come in their order; one that is there already is left out, and one that can't be read keeps nobody", async () => {
  const seen = new Seen();
  seen.add("a", square(4));
  const input = async (/** @type {number} */ _, /** @type {number} */ index) => {
    await new Promise((done) => { setTimeout(done, (7 * index) % 5); });
    if (index === 2) throw new SignetError("picture-broken", "two");
    return square(index === 5 ? 1 : index);
  };
  /** @type {number[]} */
  const progress = [];
  const { incoming, twice, refused } = await readPictures(source({ input }), 0, [{ label: "a", pictures: [1, 2, 3, 4, 5] }, { label: "b", pictures: [4] }],
    { seen, findsHands: false, onProgress: (done) => progress.push(done), signal: new AbortController().signal });
  assert.deepEqual(incoming.map(({ label, pixels, origin }) => [label, pixels[0], origin]), [["a", 1, "a.zip"], ["a", 3, "a.zip"], ["b", 4, "a.zip"]]);
  assert.deepEqual([twice, refused.map(({ message }) => message), progress], [2, ["two"], [1, 2, 3, 4, 5, 6]]);
});

test("where the hand is looked for, that is done for the class that a picture goes to", async () => {
  /** @type {string[]} */
  const asked = [];
  const hand = async (/** @type {number} */ way, /** @type {number} */ index, /** @type {string} */ label) => {
    asked.push(`${way} ${index} ${label}`);
    return square(100 + index);
  };
  const { incoming } = await readPictures(source({ hand }), 1, [{ label: "3", pictures: [7] }, { label: "none", pictures: [8] }],
    { seen: new Seen(), findsHands: true, onProgress: () => {}, signal: new AbortController().signal });
  assert.deepEqual([asked, incoming.map(({ pixels }) => pixels[0])], [["1 7 3", "1 8 none"], [107, 108]]);
});

test("reading ends when it is cancelled, and when there is nobody to read", async () => {
  const cancel = new AbortController();
  const options = { seen: new Seen(), findsHands: false, onProgress: () => cancel.abort(), signal: cancel.signal };
  await assert.rejects(readPictures(source({}), 0, [{ label: "a", pictures: [...Array(50).keys()] }], options), { name: "AbortError" });
  const input = async () => { throw new SignetError("worker-crashed", "gone"); };
  await assert.rejects(readPictures(source({ input }), 0, [{ label: "a", pictures: [1] }], { ...options, signal: new AbortController().signal }), { code: "worker-crashed" });
});

test("a file's name is kept as text of a limited length", () => {
  assert.deepEqual([originOf("a\u0000b.zip"), originOf(""), originOf("x".repeat(200)).length, originOf(`${"x".repeat(79)}\u{1f44b}`).length], ["a b.zip", "?", 80, 79]);
});

test("the page knows each code of what the converter refuses", () => {
  const source = readFileSync(new URL("../../crates/interop/src/error.rs", import.meta.url), "utf8");
  const codes = [...source.matchAll(/=> "([a-z0-9-]+)"/g)].map(([, code]) => code);
  assert.ok(codes.length >= 7);
  assert.deepEqual(codes.filter((code) => !ERROR_CODES.some((known) => known === code)), []);
});

test("folders that are opened here and archives that are read there have the same leftovers", () => {
  const source = readFileSync(new URL("../../crates/interop/src/samples/names.rs", import.meta.url), "utf8");
  const [, list = ""] = /LEFTOVERS: \[&str; \d+\] = \[([^\]]*)\]/.exec(source) ?? [];
  const names = [...list.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name);
  assert.ok(names.length > 6);
  for (const name of [...names, ".DS_Store"]) assert.ok(isLeftover(name), name);
  for (const name of ["photo.jpg", "3", "MACOSX", "train"]) assert.ok(!isLeftover(name), name);
});
