// What a project may consist of, from files and from a browser's storage: any of it is read or refused, none of it half.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { openProject, saveProject } from "../../www/teach/archive.js";
import { cleanLabel } from "../../www/teach/labels.js";
import { LONGEST_LABEL } from "../../www/recognizer/contract.js";
import { Project } from "../../www/teach/project.js";
import { RANGES, SCOPES, changedSettings, checkSettings, defaultSettings } from "../../www/teach/settings.js";
import { readSample, readSamples, readSnapshot, repairSnapshot } from "../../www/teach/snapshot.js";
import { readInterrupted, readFineTuned } from "../../www/teach/fine-tuned.js";
import { sha256 } from "../../www/recognizer/sha256.js";
import { always, anything, damaged, edited, json, orRefused, utf16 } from "./fuzz.js";

const DEVICE = { limit: 1000, small: false };
const score = { loss: 0.5, accuracy: 0.75 };
const history = [{ epoch: 1, training: score, validation: [score], best: true }];

/** @returns {import("../../www/teach/fine-tuned.js").FineTunedModel} */
const fineTuned = () => ({ weights: new Blob(["weights"]), labels: ["rock", "paper"], fingerprint: "abc", history, scope: "head", imported: false });

function project() {
  const made = Project.initial(DEVICE);
  const { id } = made.addClass("rock");
  for (const shade of [1, 2]) made.addSample(id, new Uint8Array(16384).fill(shade), "draw");
  return made;
}

/** @param {Blob} blob */
const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer());
const ORIGINAL = project();
const FILE = await bytesOf(await saveProject({ project: ORIGINAL, fineTuned: fineTuned() }));
const HEADER = Number(new DataView(FILE.buffer).getBigUint64(0, true));
const DESCRIPTION = JSON.parse(JSON.parse(new TextDecoder().decode(FILE.subarray(8, 8 + HEADER))).__metadata__["signet-project"]);

/** A file as one who knows the format would forge it. @param {unknown} description @param {unknown} [text] in its place */
async function forged(description, text = JSON.stringify(description)) {
  const pixels = 2 * 16384;
  const weights = FILE.length - 8 - HEADER - pixels;
  const header = new TextEncoder().encode(JSON.stringify({
    __metadata__: { "signet-project": text, "signet-project-sha256": await sha256(new TextEncoder().encode(`${JSON.stringify(description)}`)) },
    pixels: { dtype: "U8", shape: [2, 64, 64, 4], data_offsets: [0, pixels] },
    weights: { dtype: "U8", shape: [weights], data_offsets: [pixels, pixels + weights] },
  }));
  const length = new DataView(new ArrayBuffer(8));
  length.setBigUint64(0, BigInt(header.length), true);
  return new Blob([length.buffer, header, FILE.slice(8 + HEADER)]);
}

/** @typedef {Awaited<ReturnType<typeof openProject>>} Opened */

/** @param {Opened | undefined} opened */
function assertWhole(opened) {
  if (!opened) return;
  assert.equal(opened.project.count, 2);
  readSnapshot(opened.project.snapshot());
  readSamples([...opened.project.samples()], [...opened.project.classes]);
  assert.ok(opened.fineTuned);
  readFineTuned(opened.fineTuned);
}

test("a project file with any damage is refused by name, or is the one it was", async () => {
  await always(damaged(FILE), async (bytes) => {
    const opened = await orRefused(() => openProject(new Blob([bytes])), /^project-/);
    if (!opened) return;
    assert.deepEqual(bytes, FILE, "only what has not changed is opened");
  });
});

test("a forged project file is refused by name or opened whole", async () => {
  assertWhole(await openProject(await forged(DESCRIPTION)));
  await always(edited(DESCRIPTION, json()), async (description) => {
    assertWhole(await orRefused(async () => openProject(await forged(description)), /^project-/));
  });
});

test("a file whose description is no text is refused by name", async () => {
  await always(json(), async (text) => {
    await orRefused(async () => openProject(await forged(DESCRIPTION, text)), /^project-/);
  });
});

test("any bytes are refused as a project", async () => {
  await always(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
    assert.equal(await orRefused(() => openProject(new Blob([/** @type {any} */ (bytes)])), /^project-/), undefined);
  });
});

const label = () => fc.oneof(utf16(), fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }),
  fc.tuple(utf16(3), fc.nat(10_000)).map(([piece, count]) => piece.repeat(count)),
  fc.constantFrom("none", " none\u0000", "rock", "<b onclick=alert(1)>", "\u202egnp.exe", "e\u0301", "\u{1f468}\u200d\u{1f469}"));

test("a label of any Unicode is kept as a whole text that comes back from a file, or refused", async () => {
  await always(label(), async (given) => {
    const clean = await orRefused(() => cleanLabel(given, ["rock"]), /^label-/);
    if (clean === undefined) return;
    assert.equal(cleanLabel(clean, ["rock"]), clean, "what is kept is kept as it is");
    assert.equal(new TextDecoder().decode(new TextEncoder().encode(clean)), clean);
    assert.equal(JSON.parse(JSON.stringify(clean)), clean);
    assert.equal(clean.normalize("NFC"), clean);
    assert.ok([...clean].length <= LONGEST_LABEL && clean !== "none" && clean !== "rock");
    assert.match(clean, /[^\p{Cc}\p{Cf}\p{Z}]/u, "something of it can be seen");
  }, 1500);
});

test("a project's labels stay different, whatever is typed, and come back from a file", async () => {
  await always(fc.array(label(), { maxLength: 12 }), async (labels) => {
    const made = Project.initial(DEVICE);
    for (const each of labels) await orRefused(() => made.addClass(each), /^label-/);
    const kept = made.classes.map((each) => each.label);
    assert.equal(new Set(kept).size, kept.length);
    const { project: opened } = await openProject(await saveProject({ project: made, fineTuned: null }));
    assert.deepEqual(opened.classes.map((each) => each.label), kept);
  }, 100);
});

/** @param {import("../../www/teach/settings.js").Settings} settings */
function assertSettings(settings) {
  assert.ok(SCOPES.includes(settings.scope) && typeof settings.augmentation === "boolean");
  for (const [name, { min, max, whole }] of Object.entries(RANGES)) {
    const value = Number(settings[/** @type {keyof typeof RANGES} */ (name)]);
    assert.ok(value >= min && value <= max && (!whole || Number.isInteger(value)), name);
  }
  assert.deepEqual(Object.keys(settings).sort(), Object.keys(defaultSettings("head")).sort());
}

test("settings from anywhere are within their ranges, or refused", async () => {
  const values = fc.oneof(edited(defaultSettings("stage"), anything()), anything());
  await always(values, async (value) => {
    const settings = await orRefused(() => checkSettings(value), /^setting$/);
    if (settings) assertSettings(settings);
    const changed = await orRefused(() => changedSettings(defaultSettings("head"), Object(value), true), /^setting$/);
    if (changed) assertSettings(changed);
  }, 1000);
});

const SNAPSHOT = ORIGINAL.snapshot();
const SAMPLES = [...ORIGINAL.samples()];

test("a stored project of any shape is read or refused, and what is left of it is a project", async () => {
  const records = fc.tuple(fc.oneof(edited(SNAPSHOT, anything()), anything()), edited(SAMPLES, anything()));
  await always(records, async ([snapshot, samples]) => {
    const read = await orRefused(() => readSnapshot(snapshot), /^project-format$/);
    if (read) assert.deepEqual(readSnapshot(read), read);
    /** @type {import("../../www/teach/snapshot.js").Sample[]} */
    const readable = [];
    for (const each of Array.isArray(samples) ? samples : [samples]) {
      const sample = await orRefused(() => readSample(each), /^project-format$/);
      if (sample) readable.push(sample);
    }
    const repaired = repairSnapshot(snapshot, readable);
    assert.deepEqual(readSnapshot(repaired), repaired);
    await orRefused(() => Project.restore(snapshot, Array.isArray(samples) ? samples : [], DEVICE), /^project-format$/);
  }, 600);
});

test("a taught model and an interrupted training of any shape are read or refused", async () => {
  const plan = { ids: ["a"], labels: new Uint32Array([1]) };
  const interrupted = { checkpoint: new Blob(["c"]), best: null, fingerprint: "abc", history, before: [],
    settings: { ...defaultSettings("head") }, set: { labels: ["a", "b"], training: plan, validation: plan } };
  assert.ok(readInterrupted(interrupted));
  await always(fc.oneof(edited(fineTuned(), anything()), anything()), async (value) => {
    const model = await orRefused(() => readFineTuned(value), /^project-format$/);
    if (model) assert.deepEqual(readFineTuned(model), model);
  }, 600);
  await always(fc.oneof(edited(interrupted, anything()), anything()), async (value) => {
    const training = await orRefused(() => readInterrupted(value), /^(project-format|setting)$/);
    if (training) assert.deepEqual(readInterrupted(training), training);
  }, 600);
});
