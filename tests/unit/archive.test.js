import assert from "node:assert/strict";
import test from "node:test";
import { openProject, saveProject } from "../../www/teach/archive.js";
import { readInterrupted } from "../../www/teach/fine-tuned.js";
import { Project } from "../../www/teach/project.js";
import { DEVICE, SETTINGS, blob, bytesOf, fineTuned, forged, headerEnd, headerOf, projectWith, record } from "./stand-ins.js";

/** @typedef {import("../../www/teach/fine-tuned.js").FineTunedModel} FineTunedModel */

/** A file of one sample and a model. @param {number} [samples] @param {Partial<FineTunedModel>} [model] */
const projectFile = async (samples = 1, model = {}) =>
  bytesOf(await saveProject({ project: projectWith(samples), fineTuned: { ...fineTuned(), ...model } }));

/** @param {BlobPart[]} parts of a file @param {RegExp} code @param {string} what */
async function assertRefused(parts, code, what) {
  const outcome = await openProject(new Blob(parts)).then(() => "opened", (error) => error.code);
  assert.match(outcome, code, what);
}

/** @param {Uint8Array<ArrayBuffer>} file @param {number} at @param {number} mask @param {RegExp} code */
async function assertRefusedAltered(file, at, mask, code) {
  const byte = Number(file[at]);
  file[at] = byte ^ mask;
  await assertRefused([file], code, `byte ${at} of ${file.length} altered by ${mask}`);
  file[at] = byte;
}

test("everything comes back from a file", async () => {
  for (const [samples, model] of /** @type {const} */ ([[3, fineTuned()], [2, null], [0, fineTuned()], [0, null]])) {
    const before = projectWith(samples, "<b>rock</b> & “paper”");
    before.changeSettings({ scope: "all", epochs: 3 });
    before.setEnabled(String(before.classes[4]?.id), false);
    const { project, fineTuned: opened } = await openProject(await saveProject({ project: before, fineTuned: model }));
    assert.deepEqual(project.snapshot(), before.snapshot());
    assert.equal(project.fingerprint(), before.fingerprint());
    for (const { id } of before.classes) assert.deepEqual(project.samplesOf(id), before.samplesOf(id));
    for (const { pixels } of project.samples()) assert.equal(pixels.buffer.byteLength, 16384);
    assert.deepEqual(opened && { ...opened, weights: await bytesOf(opened.weights) },
      model && { ...model, weights: await bytesOf(model.weights) });
  }
});

test("the file is a safetensors container", async () => {
  const file = await projectFile(2);
  const { __metadata__: metadata, ...tensors } = headerOf(file);
  assert.ok(Object.values(metadata).every((value) => typeof value === "string"));
  assert.deepEqual(tensors, {
    pixels: { dtype: "U8", shape: [2, 64, 64, 4], data_offsets: [0, 32768] },
    weights: { dtype: "U8", shape: [50], data_offsets: [32768, 32818] },
  });
  assert.equal(file.length, headerEnd(file) + 32818);
});

test("a file that is cut anywhere is refused as truncated, one with any byte altered is refused, and one with something behind it", async () => {
  const file = await projectFile();
  const [pixels, weights] = [headerEnd(file), headerEnd(file) + 16384];
  for (let at = 0; at < file.length; at += 1) {
    // One hash covers all pixels: some of them do, and every byte of the rest.
    if (at > pixels && at < weights - 1 && at % 13 !== 0) continue;
    await assertRefused([file.subarray(0, at)], /^project-truncated$/, `cut at ${at}`);
    for (const mask of at < pixels ? [0x01, 0x20, 0xff] : [0x01]) {
      await assertRefusedAltered(file, at, mask, /^project-(format|truncated|damaged)$/);
    }
  }
  await assertRefused([file, "x"], /^project-damaged$/, "one byte more");
  await openProject(new Blob([file]));
});

test("large parts are verified to their last byte", async () => {
  const size = 2 ** 21 + 7;
  const weights = new Blob([Uint8Array.from({ length: size }, (_, index) => index % 251)]);
  const file = await projectFile(70, { weights });
  const opened = await openProject(new Blob([file]));
  assert.deepEqual(opened.fineTuned && await bytesOf(opened.fineTuned.weights), await bytesOf(weights));
  assert.equal(opened.project.count, 70);
  for (const fromEnd of [1, 8, 2 ** 20 + 8, size, size + 1, size + 16384 * 6 + 1, size + 16384 * 70]) {
    await assertRefusedAltered(file, file.length - fromEnd, 1, /^project-damaged$/);
  }
});

test("other files are no project", async () => {
  const weights = '{"__metadata__":{"signet-labels":"[]"}}';
  const size = new Uint8Array(8).fill(0).with(0, weights.length);
  const huge = new Uint8Array([0, 0, 0, 2, 0, 0, 0, 0]);
  for (const parts of [["not a project at all"], [size, weights], [new Uint8Array(5000)], [huge, '{"__metadata__":{"signet-project":']]) {
    await assertRefused(parts, /^project-format$/, String(parts[0]));
  }
});

/** @type {[string, (text: string) => string][]} */
const FORGERIES = [
  ["a later version", (text) => text.replace('{"version":1', '{"version":2')],
  ["a label twice", (text) => text.replace('"label":"1"', '"label":"0"')],
  ["a scope of its own", (text) => text.replace('"scope":"head","imported"', '"scope":"tail","imported"')],
  ["a history of nonsense", (text) => text.replace('"accuracy":0.75', '"accuracy":"much"')],
  ["weights that are not described", (text) => text.replace(/"taught":\{.*\},"weightsBytes"/, '"taught":null,"weightsBytes"')],
  ["a description that is null", () => "null"],
  ["samples that are no list", (text) => text.replace(/"samples":\[.*?\],/, '"samples":7,')],
];
test("a well-formed file of what can't be is refused", async () => {
  const file = await projectFile();
  await openProject(await forged(file, (text) => text)); // the forger's hand is good
  for (const [name, forge] of FORGERIES) {
    const changed = await forged(file, (text) => {
      assert.notEqual(forge(text), text, "the forgery does something");
      return forge(text);
    });
    await assertRefused([changed], /^project-format$/, name);
  }
});

test("more samples than any device takes are refused", async () => {
  const snapshot = projectWith(0).snapshot();
  const classId = String(snapshot.classes[0]?.id);
  const full = new Project(snapshot, Array.from({ length: 1001 }, (_, index) => (
    { id: `s${index}`, classId, source: "draw", pixels: new Uint8Array(16384), addedAt: index })), DEVICE);
  await assertRefused([await saveProject({ project: full, fineTuned: null })], /^project-format$/, "1001 samples");
});

test("a file that went away is told as unreadable", async () => {
  const { size } = await saveProject({ project: projectWith(0), fineTuned: null });
  const gone = { size, slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException("gone", "NotReadableError")) }) };
  await assert.rejects(openProject(/** @type {any} */ (gone)), { code: "file-unreadable" });
});

test("on an insecure origin, where nothing is hashed, a project is saved and opened, and a secure one opens it too", async (t) => {
  const opens = async (/** @type {Uint8Array<ArrayBuffer>} */ file) => assert.equal((await openProject(new Blob([file]))).project.count, 2);
  const secure = await projectFile(2);
  const subtle = t.mock.getter(crypto, "subtle", () => /** @type {any} */ (undefined));
  const insecure = await projectFile(2);
  for (const file of [secure, insecure]) await opens(file);
  subtle.mock.restore();
  await opens(insecure);
});

const part = { ids: ["a"], labels: new Uint32Array([0]) };
const interrupted = () => ({
  checkpoint: blob("on its way"), fingerprint: "f", history: [record(1)], before: [record(1), record(2)],
  settings: { ...SETTINGS }, set: { labels: ["0"], training: part, validation: part },
});

test("an interrupted training comes back with the epochs that went before it", () => {
  const { before, history } = readInterrupted(interrupted());
  assert.deepEqual([before.length, history.length], [2, 1]);
  const { before: _, ...older } = interrupted();
  assert.deepEqual(readInterrupted(older).before, [], "earlier pages kept none");
});

/** @type {[name: string, damage: object, code?: string][]} */
const DAMAGES = [
  ["no checkpoint", { checkpoint: undefined }],
  ["an empty checkpoint", { checkpoint: new Blob([]) }],
  ["epochs before it that are none", { before: [{ epoch: 1 }] }],
  ["a history that is none", { history: "long" }],
  ["a label that it has not", { set: { labels: ["0"], training: { ids: ["a"], labels: new Uint32Array([2]) }, validation: part } }],
  ["a part without its labels", { set: { labels: ["0"], training: part, validation: { ids: ["a", "b"], labels: part.labels } } }],
  ["settings out of range", { settings: { ...SETTINGS, epochs: 0 } }, "setting"],
];
test("an interrupted training with damage is refused", () => {
  for (const [name, damage, code = "project-format"] of DAMAGES) {
    assert.throws(() => readInterrupted({ ...interrupted(), ...damage }), { name: "SignetError", code }, name);
  }
});
