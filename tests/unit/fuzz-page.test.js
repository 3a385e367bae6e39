// Properties that hold for any input, tried with many: project files, stored records, manifests, and what a module
// throws and says. A test tries the same ones each time; `scripts/fuzz.sh` goes on with others (FUZZ_SEED) and more of
// them (FUZZ_RUNS).
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { env } from "node:process";
import test from "node:test";
import fc from "fast-check";
import { en } from "../../www/i18n/en.js";
import { LONGEST_LABEL } from "../../www/recognizer/contract.js";
import { ERROR_CODES, SignetError, asSignetError } from "../../www/recognizer/errors.js";
import { Weights } from "../../www/recognizer/weights.js";
import { openProject, saveProject } from "../../www/teach/archive.js";
import { readFineTuned, readInterrupted } from "../../www/teach/fine-tuned.js";
import { cleanLabel } from "../../www/library/labels.js";
import { Project } from "../../www/teach/project.js";
import { RANGES, SCOPES, changedSettings, checkSettings, defaultSettings } from "../../www/library/settings.js";
import { readSample, readSamples, readSnapshot, repairSnapshot } from "../../www/teach/snapshot.js";
import { TrainLoop } from "../../www/library/train-loop.js";
import { Threshold } from "../../www/ui/threshold.js";
import { DEVICE, SET, SETTINGS, blob, bytesOf, fineTuned, forged, headerOf, projectWith, record } from "./stand-ins.js";

const SEED = Number(env["FUZZ_SEED"] ?? 1);
const RUNS = Number(env["FUZZ_RUNS"] ?? 0);
/** No input may take longer. */
const LONGEST_MS = 2000;

/**
 * @template T
 * @param {fc.Arbitrary<T>} inputs
 * @param {(input: T) => unknown} property throws where it doesn't hold
 * @param {number} [runs] in a test
 */
async function always(inputs, property, runs = 300) {
  const timed = async (/** @type {T} */ input) => {
    const start = performance.now();
    await property(input);
    const took = performance.now() - start;
    assert.ok(took < LONGEST_MS, `it took ${took} ms`);
  };
  await fc.assert(fc.asyncProperty(inputs, timed), { numRuns: RUNS || runs, seed: SEED });
}

/**
 * Does something that may be refused, in words: an error of ours with one of some codes, and a sentence for it.
 * @template T
 * @param {() => T | Promise<T>} act
 * @param {RegExp} codes
 * @returns {Promise<T | undefined>} what it came to, nothing where it was refused
 */
async function orRefused(act, codes) {
  try {
    return await act();
  } catch (thrown) {
    assertSaid(thrown);
    assert.match(/** @type {SignetError} */ (thrown).code, codes);
    return undefined;
  }
}

/** An error as a person can be told. @param {unknown} thrown */
function assertSaid(thrown) {
  assert.ok(thrown instanceof SignetError, `no error of ours: ${/** @type {Error} */ (thrown)?.stack}`);
  assert.ok(ERROR_CODES.includes(thrown.code), `${thrown.code} is no code`);
  assert.ok(en.errors[thrown.code].split(" ").length >= 3, `${thrown.code} has no sentence`);
}

/** Values at which code breaks that expects others: those that JSON has, @type {any[]} */
const HOSTILE = [
  null, true, 0, -1, -0, 0.5, 1e308, 2 ** 31, 2 ** 53, "", "none", "__proto__", "\ud800", "x".repeat(1000), [], [null],
  {}, { toString: 1 }, { valueOf: 1, toString: null }, { length: 2 ** 40 }, { code: "setting", message: {} },
];
/** and those that messages and a browser's storage have besides. @type {any[]} */
const CLONED = [
  undefined, NaN, Infinity, 7n, new Date(NaN), new Map([[1, 2]]), new Set(), new Uint8Array(3), new Uint8Array(16384),
  new Uint32Array(2), new ArrayBuffer(8), new Blob([]), new Blob(["x"]), new Error("x"), Object.create(null), /x/,
];
const json = fc.oneof(fc.constantFrom(...HOSTILE), fc.jsonValue());
/** @type {fc.Arbitrary<any>} */
const anything = fc.oneof(fc.constantFrom(...HOSTILE), fc.constantFrom(...CLONED), fc.anything());

const GONE = Symbol("gone");

/** Each place of plain objects and arrays: what holds it, and the key there. @param {any} value @returns {[any, string][]} */
function places(value) {
  const isPlain = Array.isArray(value) || (value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype);
  return isPlain ? Object.entries(value).flatMap(([key, inner]) => [[value, key], ...places(inner)]) : [];
}

/** A document in which some places have another value, or are gone. @param {unknown} document @param {fc.Arbitrary<unknown>} values */
function edited(document, values) {
  const edit = fc.record({ place: fc.nat(), value: fc.option(values, { nil: GONE, freq: 5 }) });
  return fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) => {
    const holder = { document: structuredClone(document) };
    const all = places(holder);
    for (const { place, value } of edits) {
      const [parent, key] = all[place % all.length] ?? [holder, "document"];
      if (value === GONE) delete parent[key];
      else parent[key] = value;
    }
    return holder.document;
  });
}

/** A file with some changes: bytes that differ, pieces that are missing, doubled or cut off at the end. @param {Uint8Array} file */
function damaged(file) {
  const change = fc.record({
    kind: fc.constantFrom("set", "remove", "double", "cut"), at: fc.oneof(fc.nat(200), fc.nat(file.length - 1)),
    byte: fc.nat(255), length: fc.oneof(fc.constantFrom(1, 2, 8), fc.integer({ min: 1, max: 40 })),
  });
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    let bytes = Buffer.from(file);
    for (const { kind, at, byte, length } of changes) {
      const [before, piece, after] = [bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at + length)];
      if (kind === "set") piece.fill(byte);
      if (kind === "remove") bytes = Buffer.concat([before, after]);
      if (kind === "double") bytes = Buffer.concat([before, piece, piece, after]);
      if (kind === "cut") bytes = before;
    }
    return Uint8Array.from(bytes);
  });
}

const ORIGINAL = projectWith(2);
const FILE = await bytesOf(await saveProject({ project: ORIGINAL, fineTuned: fineTuned() }));

/** @param {Blob} file a project's, with two samples and a model */
async function openedWhole(file) {
  const opened = await orRefused(() => openProject(file), /^project-/);
  if (!opened) return undefined;
  assert.equal(opened.project.count, 2);
  readSnapshot(opened.project.snapshot());
  readSamples([...opened.project.samples()], [...opened.project.classes]);
  assert.ok(opened.fineTuned);
  readFineTuned(opened.fineTuned);
  return opened;
}

test("a project file with any damage, and any bytes, are refused by name, or are the file they were", async () => {
  await always(fc.oneof(damaged(FILE), fc.uint8Array({ maxLength: 300 })), async (bytes) => {
    const file = new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)]);
    if (await openedWhole(file)) assert.deepEqual(bytes, FILE, "only what has not changed is opened");
  }, 600);
});

test("a forged project file is refused by name or opened whole, also one whose description is no text", async () => {
  assert.ok(await openedWhole(await forged(FILE, (text) => text)), "the forger's hand is good");
  const description = JSON.parse(headerOf(FILE).__metadata__["signet-project"]);
  const texts = edited(description, json).map((each) => JSON.stringify(each));
  await always(texts, async (text) => void await openedWhole(await forged(FILE, () => text)));
  await always(json, async (text) => void await openedWhole(await forged(FILE, () => text)));
});

/** Any sequence of UTF-16, whole characters or not. */
const utf16 = fc.string({ maxLength: 60, unit: fc.oneof(fc.integer({ min: 0, max: 0xffff }),
  fc.constantFrom(0x20, 0x61, 0x200b, 0x202e, 0x301, 0xd83d, 0xdc4d, 0xfeff)).map((unit) => String.fromCharCode(unit)) });
const label = fc.oneof(utf16, fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }),
  fc.tuple(utf16, fc.nat(10_000)).map(([piece, count]) => piece.slice(0, 3).repeat(count)),
  fc.constantFrom("none", " none\u0000", "rock", "<b onclick=alert(1)>", "\u202egnp.exe", "e\u0301", "\u{1f468}\u200d\u{1f469}"));

test("a label of any Unicode is kept as a whole text that comes back from a file, or refused", async () => {
  await always(label, async (given) => {
    const clean = await orRefused(() => cleanLabel(given, ["rock"]), /^label-/);
    if (clean === undefined) return;
    assert.equal(cleanLabel(clean, ["rock"]), clean, "what is kept is kept as it is");
    assert.equal(new TextDecoder().decode(new TextEncoder().encode(clean)), clean);
    assert.equal(JSON.parse(JSON.stringify(clean)), clean);
    assert.equal(clean.normalize("NFC"), clean);
    assert.ok([...clean].length <= LONGEST_LABEL && clean !== "rock");
    assert.match(clean, /[^\p{Cc}\p{Cf}\p{Z}]/u, "something of it can be seen");
  }, 1500);
});

test("a project's labels stay different, whatever is typed, and come back from a file", async () => {
  await always(fc.array(label, { maxLength: 12 }), async (labels) => {
    const made = Project.initial(DEVICE);
    for (const each of labels) await orRefused(() => made.addClass(each), /^label-/);
    const kept = made.classes.map((each) => each.label);
    assert.equal(new Set(kept).size, kept.length);
    const { project: opened } = await openProject(await saveProject({ project: made, fineTuned: null }));
    assert.deepEqual(opened.classes.map((each) => each.label), kept);
  }, 100);
});

/** @param {import("../../www/library/settings.js").Settings} settings */
function assertSettings(settings) {
  assert.ok(SCOPES.includes(settings.scope) && typeof settings.augmentation === "boolean");
  for (const [name, { min, max, whole }] of Object.entries(RANGES)) {
    const value = Number(settings[/** @type {keyof typeof RANGES} */ (name)]);
    assert.ok(value >= min && value <= max && (!whole || Number.isInteger(value)), name);
  }
  assert.deepEqual(Object.keys(settings).sort(), Object.keys(defaultSettings("head")).sort());
}

test("settings from anywhere are within their ranges, or refused", async () => {
  await always(fc.oneof(edited(defaultSettings("stage"), anything), anything), async (value) => {
    const settings = await orRefused(() => checkSettings(value), /^setting$/);
    if (settings) assertSettings(settings);
    const changed = await orRefused(() => changedSettings(defaultSettings("head"), Object(value), true), /^setting$/);
    if (changed) assertSettings(changed);
  }, 1000);
});

test("a stored project of any shape is read or refused, and what is left of it is a project", async () => {
  const snapshots = fc.oneof(edited(ORIGINAL.snapshot(), anything), anything);
  const records = edited([...ORIGINAL.samples()], anything);
  await always(fc.tuple(snapshots, records), async ([snapshot, samples]) => {
    const read = await orRefused(() => readSnapshot(snapshot), /^project-format$/);
    if (read) assert.deepEqual(readSnapshot(read), read);
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
  const interrupted = { checkpoint: blob("c"), fingerprint: "abc", history: [record(1)], before: [],
    settings: defaultSettings("head"), set: { labels: ["a", "b"], training: plan, validation: plan } };
  /** @type {[document: object, read: (value: unknown) => object, codes: RegExp][]} */
  const documents = [[fineTuned(), readFineTuned, /^project-format$/], [interrupted, readInterrupted, /^(project-format|setting)$/]];
  for (const [document, read, codes] of documents) {
    assert.ok(read(document));
    await always(fc.oneof(edited(document, anything), anything), async (value) => {
      const found = await orRefused(() => read(value), codes);
      if (found) assert.deepEqual(read(found), found);
    }, 600);
  }
});

const BASE = "http://host.example/models/";
const MANIFEST = { file: "model.safetensors", sha256: createHash("sha256").update(new Uint8Array(6)).digest("hex"), bytes: 6, labels: ["0", "1"], threshold: 0.4 };
const FILES = ["http://", "https://elsewhere.example/model", "//elsewhere.example", "../secret", "/etc", "data:,x",
  "a/../../b", "\\\\elsewhere.example\\x", "model.safetensors", "sub/model.safetensors", ""];

/** A model's weights on a host with any manifest. @param {any} manifest */
function weightsOf(manifest) {
  /** @type {string[]} */
  const asked = [];
  const fetch = async (/** @type {any} */ url) => {
    asked.push(String(url));
    return new Response(asked.length === 1 ? manifest : new Uint8Array(6));
  };
  return { asked, weights: new Weights({ base: BASE, fetch, storage: /** @type {any} */ (null), retryMs: 0 }) };
}

test("a manifest of any content is read or refused, and its file is fetched from its folder alone", async () => {
  const moved = fc.record({ file: fc.constantFrom(...FILES), bytes: fc.constantFrom(6, 1, 2 ** 31, 2 ** 40, 2 ** 53 - 1) });
  await always(fc.oneof(edited(MANIFEST, json), moved.map((change) => ({ ...MANIFEST, ...change })), json), async (manifest) => {
    const { asked, weights } = weightsOf(JSON.stringify(manifest));
    const read = await orRefused(() => weights.manifest(), /^model-manifest$/);
    const got = await orRefused(() => weights.get(), /^(model-manifest|model-truncated|weights-hash)$/);
    assert.ok(asked.every((url) => url.startsWith(BASE)), asked.join());
    if (!read) return assert.equal(got, undefined);
    assert.ok(read.labels.every((each) => typeof each === "string"));
    assert.ok(read.threshold === undefined || (read.threshold >= 0 && read.threshold <= 1));
    if (got) assert.equal(got.bytes.length, read.bytes);
  }, 500);
});

test("any bytes are a manifest that is refused", async () => {
  await always(fc.uint8Array(), async (bytes) => {
    assert.equal(await orRefused(() => weightsOf(bytes).weights.manifest(), /^model-manifest$/), undefined);
  });
});

test("whatever is remembered as a threshold, it is a share", async () => {
  const texts = fc.oneof(fc.string(), fc.double().map(String), fc.constantFrom(null, "NaN", "1e999", "-0", "0x1"));
  await always(fc.tuple(texts, json), ([text, standard]) => {
    const threshold = new Threshold(() => ({ getItem: () => text, setItem() {}, removeItem() {} }));
    threshold.setDefault(/** @type {any} */ (standard));
    assert.ok(threshold.value >= 0 && threshold.value <= 1);
    threshold.reset();
    assert.ok(threshold.value >= 0 && threshold.value <= 1);
  });
});

test("whatever is thrown becomes an error of ours", async () => {
  await always(anything, (thrown) => assertSaid(asSignetError(thrown)), 1000);
});

test("whatever a module says of a step, the loop ends with an error that can be told", async () => {
  await always(anything, async (said) => {
    /** @type {any[]} */
    const posted = [];
    let steps = 0;
    const trainer = { step: async () => said, history: () => [], bestWeights: async () => undefined, checkpoint: async () => blob("1") };
    const loop = new TrainLoop(
      { kind: "start", backend: "cpu", weights: new Uint8Array(1), set: SET, settings: SETTINGS, resume: null },
      { post: (answer) => posted.push(answer), isStopped: () => (steps += 1) > 3, pause: async () => {}, now: () => 0 },
    );
    await loop.run(Promise.resolve(/** @type {any} */ ({ Trainer: { start: async () => trainer } })));
    const last = posted.at(-1);
    assert.equal(last.kind, "finished");
    if (last.error) assertSaid(asSignetError(last.error));
  });
});
