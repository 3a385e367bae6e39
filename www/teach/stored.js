// What lies in this browser's storage: how it is read, with distrust and a record at a time, and how it is written.
import { SignetError } from "../recognizer/errors.js";
import { answer, transact } from "./database.js";
import { readInterrupted, readFineTuned } from "./fine-tuned.js";
import { readSample, readSamples, readSnapshot, repairSnapshot } from "./snapshot.js";

/** @import { FineTunedModel, Interrupted } from "./fine-tuned.js" */
/** @import { Sample, Snapshot } from "./snapshot.js" */

/** Samples by their id, each a record of its own, so that adding one writes one. */
const SAMPLES = "samples";
/** One record of each name: "project", "taught", "training", "revision". */
const RECORDS = "records";

/** At a first visit, and for a database that an earlier version of the page has left: its records stay. @param {IDBDatabase} database */
export function createStores(database) {
  const missing = (/** @type {string} */ name) => !database.objectStoreNames.contains(name);
  if (missing(SAMPLES)) database.createObjectStore(SAMPLES, { keyPath: "id" });
  if (missing(RECORDS)) database.createObjectStore(RECORDS);
}

/**
 * @typedef {object} Loaded
 * @property {Snapshot} snapshot
 * @property {Sample[]} samples
 * @property {FineTunedModel | null} fineTuned
 * @property {Interrupted | null} interrupted
 * @property {string[]} refused the names of damaged records, which were left out
 */

/**
 * @typedef {object} Stored
 * @property {unknown} revision of the last write, whichever tab did it
 * @property {Map<IDBValidKey, string | null>} classOf the class of each stored sample, null for a damaged one
 * @property {Loaded | null} loaded null when nothing is stored
 */

/** A record that the browser could not give back. */
const UNREADABLE = Symbol("unreadable");

/** @param {IDBDatabase} database */
function readRecords(database) {
  return transact(database, "readonly", async (transaction) => {
    // One at a time: getAll would fail for all of them where one is damaged.
    const records = async (/** @type {string} */ name) => {
      const store = transaction.objectStore(name);
      const keys = await answer(store.getAllKeys());
      const values = await Promise.all(keys.map((key) => answer(store.get(key)).catch(() => UNREADABLE)));
      return new Map(keys.map((key, index) => [key, values[index]]));
    };
    return { samples: await records(SAMPLES), others: await records(RECORDS) };
  });
}

/** The blob's files can be gone though its record is there. @param {...(Blob | null)} blobs */
async function requireReadable(...blobs) {
  for (const blob of blobs) await blob?.slice(-1).arrayBuffer();
}

/** @param {IDBDatabase} database @returns {Promise<Stored>} */
export async function readStored(database) {
  const { samples: sampleRecords, others } = await readRecords(database);
  const revision = others.get("revision");
  /** @type {Stored["classOf"]} */
  const classOf = new Map();
  if (sampleRecords.size === 0 && !["project", "taught", "training"].some((name) => others.has(name))) {
    return { revision, classOf, loaded: null };
  }
  /** @type {string[]} */
  const refused = [];
  /** @type {<T>(name: string, read: () => Promise<T>) => Promise<T | null>} */
  const attempt = async (name, read) => {
    try {
      return await read();
    } catch {
      refused.push(name);
      return null;
    }
  };
  /** @type {Sample[]} */
  const readable = [];
  for (const [key, record] of sampleRecords) {
    const sample = await attempt(`${SAMPLES}/${String(key)}`, async () => readSample(record));
    classOf.set(key, sample?.classId ?? null);
    if (sample) readable.push(sample);
  }
  const project = others.get("project");
  const snapshot = (others.has("project") && await attempt("project", async () => readSnapshot(project)))
    || repairSnapshot(project, readable);
  /** @type {Sample[]} */
  const samples = [];
  for (const sample of readable) {
    const fits = await attempt(`${SAMPLES}/${sample.id}`, async () => readSamples([sample], snapshot.classes));
    if (fits) samples.push(sample);
    else classOf.set(sample.id, null);
  }
  const fineTuned = others.has("taught") ? await attempt("taught", async () => {
    const model = readFineTuned(others.get("taught"));
    await requireReadable(model.weights);
    return model;
  }) : null;
  const interrupted = others.has("training") ? await attempt("training", async () => {
    const training = readInterrupted(others.get("training"));
    await requireReadable(training.checkpoint, training.best);
    return training;
  }) : null;
  return { revision, classOf, loaded: { snapshot, samples, fineTuned, interrupted, refused } };
}

/** Thrown when what is stored is not what the writer last saw. */
export class Conflict extends SignetError {
  constructor() {
    super("unexpected", "another tab has written since");
  }
}

/**
 * @typedef {object} Writing
 * @property {unknown} expected the revision that has to be there: otherwise nothing is written
 * @property {boolean} replaces whether everything that is there goes, whatever its revision
 * @property {string} revision that is there afterwards
 * @property {Sample[]} put
 * @property {IDBValidKey[]} remove
 * @property {Map<string, unknown>} records null removes one
 */

/**
 * All of it or nothing. Throws Conflict, or why the browser refuses.
 * @param {IDBDatabase} database
 * @param {Writing} writing
 */
export function writeStored(database, { expected, replaces, revision, put, remove, records }) {
  return transact(database, "readwrite", async (transaction) => {
    const sampleStore = transaction.objectStore(SAMPLES);
    const recordStore = transaction.objectStore(RECORDS);
    if (replaces) {
      sampleStore.clear();
      recordStore.clear();
    } else if ((await answer(recordStore.get("revision"))) !== expected) {
      throw new Conflict();
    }
    for (const sample of put) sampleStore.put(sample);
    for (const key of remove) sampleStore.delete(key);
    for (const [name, value] of records) {
      if (value === null) recordStore.delete(name);
      else recordStore.put(value, name);
    }
    recordStore.put(revision, "revision");
  });
}
