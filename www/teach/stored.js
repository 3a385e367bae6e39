// The database in this browser: opened, read with distrust and a record at a time, and written.
import { SignetError } from "../recognizer/errors.js";
import { readInterrupted, readFineTuned } from "./fine-tuned.js";
import { readSample, readSamples, readSnapshot, repairSnapshot } from "./snapshot.js";

/** @import { FineTunedModel, Interrupted } from "./fine-tuned.js" */
/** @import { Sample, Snapshot } from "./snapshot.js" */

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

const NAME = "signet";
/** Samples by their id, each a record of its own, so that adding one writes one. */
const SAMPLES = "samples";
/** One record of each name: "project", "taught", "training", "revision". */
const RECORDS = "records";
/** A record that the browser could not give back. */
const UNREADABLE = Symbol("unreadable");

/** @param {unknown} thrown @returns {SignetError} */
export function asStorageError(thrown) {
  if (thrown instanceof SignetError) return thrown;
  const { name, message } = /** @type {{ name?: unknown, message?: unknown }} */ (Object(thrown));
  const code = name === "QuotaExceededError" ? "storage-full"
    : name === "VersionError" ? "storage-newer" : "storage-unavailable";
  return new SignetError(code, `${String(name ?? "Error")}: ${String(message ?? thrown)}`, thrown);
}

/**
 * Throws `storage-newer` where a later version of the page has been, `storage-blocked` where a tab with an earlier
 * version does not let go, or what the browser refuses with.
 * @param {IDBFactory | null | undefined} factory
 * @param {number} version
 * @param {number} limitMs some browsers answer never, where others would fail
 * @returns {Promise<IDBDatabase>}
 */
export function openDatabase(factory, version, limitMs) {
  return new Promise((resolve, reject) => {
    if (!factory) throw new Error("there is no IndexedDB");
    const request = factory.open(NAME, version); // throws where storage is forbidden
    let isBlocked = false;
    request.onblocked = () => { isBlocked = true; };
    const timer = setTimeout(() => {
      // It may still come, and then would hold up other tabs.
      request.onsuccess = () => request.result.close();
      const late = new Error(`IndexedDB did not answer within ${limitMs} ms`);
      reject(isBlocked ? new SignetError("storage-blocked", late.message, late) : late);
    }, limitMs);
    request.onupgradeneeded = () => {
      // At a first visit, or after an earlier version of the page, whose records stay.
      const { result } = request;
      if (!result.objectStoreNames.contains(SAMPLES)) result.createObjectStore(SAMPLES, { keyPath: "id" });
      if (!result.objectStoreNames.contains(RECORDS)) result.createObjectStore(RECORDS);
    };
    answer(request).then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = (event) => {
      event.preventDefault(); // whoever waits decides what the failure means for the transaction
      reject(request.error);
    };
  });
}

/**
 * Does `work` in one transaction: all of it is stored, or nothing.
 * @template T
 * @param {IDBDatabase} database
 * @param {IDBTransactionMode} mode
 * @param {(samples: IDBObjectStore, records: IDBObjectStore) => Promise<T>} work
 */
async function transact(database, mode, work) {
  // Strict: what is told to be stored also outlives a battery that runs out.
  const transaction = database.transaction([SAMPLES, RECORDS], mode, { durability: "strict" });
  const ended = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error ?? new Error("the transaction was aborted"));
  });
  ended.catch(() => {}); // awaited below, unless the work fails before
  try {
    const value = await work(transaction.objectStore(SAMPLES), transaction.objectStore(RECORDS));
    await ended;
    return value;
  } catch (thrown) {
    if (transaction.error) throw transaction.error;
    try {
      transaction.abort();
    } catch {
      // It has ended by itself.
    }
    throw thrown;
  }
}

/** The blob's files can be gone though its record is there. @param {...(Blob | null)} blobs */
async function requireReadable(...blobs) {
  for (const blob of blobs) await blob?.slice(-1).arrayBuffer();
}

/** One at a time: getAll would fail for all records where one is damaged. @param {IDBObjectStore} store */
async function recordsOf(store) {
  const keys = await answer(store.getAllKeys());
  const values = await Promise.all(keys.map((key) => answer(store.get(key)).catch(() => UNREADABLE)));
  return new Map(keys.map((key, index) => [key, values[index]]));
}

/** @param {IDBDatabase} database @returns {Promise<Stored>} */
export async function readStored(database) {
  const [sampleRecords, others] = await transact(database, "readonly", async (samples, records) =>
    [await recordsOf(samples), await recordsOf(records)]);
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
    await requireReadable(training.checkpoint);
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
 * All of it or nothing. Throws Conflict, or what the browser refuses with.
 * @param {IDBDatabase} database
 * @param {object} writing
 * @param {unknown} writing.expected the revision that has to be there: otherwise nothing is written
 * @param {boolean} writing.replaces whether everything that is there goes, whatever its revision
 * @param {string} writing.revision that is there afterwards
 * @param {Sample[]} writing.put
 * @param {IDBValidKey[]} writing.remove
 * @param {Map<string, unknown>} writing.records null removes one
 */
export function writeStored(database, { expected, replaces, revision, put, remove, records }) {
  return transact(database, "readwrite", async (sampleStore, recordStore) => {
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
