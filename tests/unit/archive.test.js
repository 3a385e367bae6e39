import assert from "node:assert/strict";
import test from "node:test";
import { openProject, saveProject } from "../../www/teach/archive.js";
import { Project } from "../../www/teach/project.js";
import { sha256 } from "../../www/recognizer/sha256.js";

/** @typedef {import("../../www/teach/fine-tuned.js").FineTunedModel} FineTunedModel */

const DEVICE = { limit: 1000, small: false };
const REFUSALS = ["project-format", "project-truncated", "project-damaged"];

/** @param {number} samples @param {string} [label] */
function project(samples, label = "rock") {
  const made = Project.initial(DEVICE);
  const { id } = made.addClass(label);
  for (let index = 0; index < samples; index += 1) {
    made.addSample(id, Uint8Array.from({ length: 16384 }, (_, byte) => (byte * 7 + index) & 255), "upload");
  }
  return made;
}

/** @returns {FineTunedModel} */
const fineTuned = () => ({
  weights: new Blob([Uint8Array.from({ length: 50 }, (_, index) => index)]),
  labels: ["rock", "<img src=x onerror=alert(1)>"],
  fingerprint: "abc",
  history: [{ epoch: 1, training: { loss: 0.5, accuracy: 0.75 }, validation: [{ loss: 0.6, accuracy: 0.5 }], best: true }],
  scope: "head",
  imported: false,
});

/** @param {Blob} blob */
const bytes = async (blob) => new Uint8Array(await blob.arrayBuffer());

/** @param {Uint8Array<ArrayBuffer>} file @param {(text: string) => string} change to the description */
async function rewritten(file, change) {
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  const text = change(header.__metadata__["signet-project"]);
  header.__metadata__ = {
    "signet-project": text,
    "signet-project-sha256": await sha256(new TextEncoder().encode(text)),
  };
  const encoded = new TextEncoder().encode(JSON.stringify(header));
  const size = new DataView(new ArrayBuffer(8));
  size.setBigUint64(0, BigInt(encoded.length), true);
  return new Blob([size.buffer, encoded, file.subarray(8 + length)]);
}

/** @param {Blob} file @param {string} what @returns {Promise<string>} the code */
async function refusal(file, what) {
  const outcome = await openProject(file).then(() => "opened", (error) => error.code);
  assert.ok(REFUSALS.includes(outcome), `${what}: ${outcome}`);
  return outcome;
}

test("everything comes back from a file", async () => {
  for (const [samples, model] of /** @type {const} */ ([[3, fineTuned()], [2, null], [0, fineTuned()], [0, null]])) {
    const before = project(samples, "<b>rock</b> & “paper”");
    before.changeSettings({ scope: "all", epochs: 3 });
    const opened = await openProject(await saveProject({ project: before, fineTuned: model }));
    assert.deepEqual(opened.project.snapshot(), before.snapshot());
    assert.equal(opened.project.fingerprint(), before.fingerprint());
    for (const { id } of before.classes) assert.deepEqual(opened.project.samplesOf(id), before.samplesOf(id));
    for (const { pixels } of opened.project.samples()) assert.equal(pixels.buffer.byteLength, 16384);
    if (!model) {
      assert.equal(opened.fineTuned, null);
      continue;
    }
    const { weights, ...about } = /** @type {FineTunedModel} */ (opened.fineTuned);
    const { weights: weightsBefore, ...aboutBefore } = model;
    assert.deepEqual(about, aboutBefore);
    assert.deepEqual(await bytes(weights), await bytes(weightsBefore));
  }
});

test("the file is a safetensors container", async () => {
  const file = await bytes(await saveProject({ project: project(2), fineTuned: fineTuned() }));
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  const { __metadata__: metadata, ...tensors } = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  assert.ok(Object.values(metadata).every((value) => typeof value === "string"));
  assert.deepEqual(tensors, {
    pixels: { dtype: "U8", shape: [2, 64, 64, 4], data_offsets: [0, 32768] },
    weights: { dtype: "U8", shape: [50], data_offsets: [32768, 32818] },
  });
  assert.equal(file.length, 8 + length + 32818);
});

test("a file that is cut anywhere is refused as truncated", async () => {
  const file = await bytes(await saveProject({ project: project(1), fineTuned: fineTuned() }));
  const pixelsStart = 8 + Number(new DataView(file.buffer).getBigUint64(0, true));
  for (let length = 0; length < file.length; length += 1) {
    if (length > pixelsStart && length < pixelsStart + 16384 && length % 13 !== 0) continue;
    assert.equal(await refusal(new Blob([file.subarray(0, length)]), `cut at ${length}`), "project-truncated");
  }
});

test("a file with any byte altered is refused", async () => {
  const file = await bytes(await saveProject({ project: project(1), fineTuned: fineTuned() }));
  const pixelsStart = 8 + Number(new DataView(file.buffer).getBigUint64(0, true));
  const weightsStart = pixelsStart + 16384;
  for (let index = 0; index < file.length; index += 1) {
    // One hash covers all pixels: some of them do, and every byte of the rest.
    if (index > pixelsStart && index < weightsStart - 1 && index % 13 !== 0) continue;
    for (const mask of index < pixelsStart ? [0x01, 0x20, 0xff] : [0x01]) {
      file[index] = /** @type {number} */ (file[index]) ^ mask;
      await refusal(new Blob([file]), `byte ${index} altered by ${mask}`);
      file[index] = /** @type {number} */ (file[index]) ^ mask;
    }
  }
  await openProject(new Blob([file]));
});

test("large parts are verified to their last byte", async () => {
  const size = 2 ** 21 + 7;
  const weights = new Blob([Uint8Array.from({ length: size }, (_, index) => index % 251)]);
  const file = await bytes(await saveProject({ project: project(70), fineTuned: { ...fineTuned(), weights } }));
  const opened = await openProject(new Blob([file]));
  assert.deepEqual(await bytes(/** @type {FineTunedModel} */ (opened.fineTuned).weights), await bytes(weights));
  assert.equal(opened.project.count, 70);
  for (const fromEnd of [1, 8, 2 ** 20 + 8, size, size + 1, size + 16384 * 6 + 1, size + 16384 * 70]) {
    const at = file.length - fromEnd;
    file[at] = /** @type {number} */ (file[at]) ^ 1;
    assert.equal(await refusal(new Blob([file]), `${fromEnd} from the end`), "project-damaged");
    file[at] = /** @type {number} */ (file[at]) ^ 1;
  }
});

test("a file with something behind it is damaged", async () => {
  const file = await saveProject({ project: project(1), fineTuned: null });
  assert.equal(await refusal(new Blob([file, "x"]), "one byte more"), "project-damaged");
});

test("other files are no project", async () => {
  const weights = '{"__metadata__":{"signet-labels":"[]"}}';
  const size = new Uint8Array(8).fill(0).with(0, weights.length);
  const huge = new Uint8Array([0, 0, 0, 2, 0, 0, 0, 0]);
  for (const parts of [["not a project at all"], [size, weights], [new Uint8Array(5000)], [huge, '{"__metadata__":{"signet-project":']]) {
    assert.equal(await refusal(new Blob(parts), String(parts[0])), "project-format");
  }
});

/** @type {[string, (text: string) => string][]} */
const FORGERIES = [
  ["a later version", (text) => text.replace('{"version":1', '{"version":2')],
  ["a label twice", (text) => text.replace('"label":"1"', '"label":"0"')],
  ["the reserved label", (text) => text.replace('"label":"1"', '"label":"none"')],
  ["settings out of range", (text) => text.replace('"epochs":50', '"epochs":0')],
  ["a sample of no class", (text) => text.replace(/"classId":"\w+"/, '"classId":"x"')],
  ["a scope of its own", (text) => text.replace('"scope":"head","imported"', '"scope":"tail","imported"')],
  ["a history of nonsense", (text) => text.replace('"accuracy":0.75', '"accuracy":"much"')],
  ["weights that are not described", (text) => text.replace(/"taught":\{.*\},"weightsBytes"/, '"taught":null,"weightsBytes"')],
  ["a description that is null", () => "null"],
  ["samples that are no list", (text) => text.replace(/"samples":\[.*?\],/, '"samples":7,')],
];
for (const [name, forge] of FORGERIES) {
  test(`a well-formed file with ${name} is refused`, async () => {
    const file = await bytes(await saveProject({ project: project(1), fineTuned: fineTuned() }));
    await openProject(await rewritten(file, (text) => text)); // the forger's hand is good
    const forged = await rewritten(file, (text) => {
      assert.notEqual(forge(text), text, "the forgery does something");
      return forge(text);
    });
    assert.equal(await refusal(forged, name), "project-format");
  });
}

test("more samples than any device takes are refused", async () => {
  const many = project(0);
  const { id } = /** @type {{ id: string }} */ (many.classes[0]);
  const full = new Project(many.snapshot(), Array.from({ length: 1001 }, (_, index) => (
    { id: `s${index}`, classId: id, source: "draw", pixels: new Uint8Array(16384), addedAt: index })), DEVICE);
  assert.equal(await refusal(await saveProject({ project: full, fineTuned: null }), "1001 samples"), "project-format");
});

test("a file that went away is told as unreadable", async () => {
  const file = await saveProject({ project: project(0), fineTuned: null });
  const gone = { size: file.size, slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException("gone", "NotReadableError")) }) };
  await assert.rejects(openProject(/** @type {any} */ (gone)), { code: "file-unreadable" });
});

test("on an insecure origin, where nothing is hashed, a project is saved and opened, and a secure one opens it too", async (t) => {
  const secure = await saveProject({ project: project(2), fineTuned: fineTuned() });
  const subtle = t.mock.getter(crypto, "subtle", () => /** @type {any} */ (undefined));
  const insecure = await saveProject({ project: project(2), fineTuned: fineTuned() });
  for (const file of [secure, insecure]) assert.equal((await openProject(file)).project.count, 2);
  subtle.mock.restore();
  assert.equal((await openProject(insecure)).project.count, 2);
});
