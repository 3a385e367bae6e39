// IndexedDB as promises: opening a database, one transaction, the reason of a failure.
import { SignetError } from "../recognizer/errors.js";

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
 * version does not let go, `storage-unavailable` for everything else.
 * @param {IDBFactory | null | undefined} factory
 * @param {object} options
 * @param {string} options.name
 * @param {number} options.version
 * @param {(database: IDBDatabase) => void} options.create builds the object stores that are missing; what is in the
 *   others stays
 * @param {number} options.limitMs some browsers answer never, where others would fail
 * @returns {Promise<IDBDatabase>}
 */
export function openDatabase(factory, { name, version, create, limitMs }) {
  return new Promise((resolve, reject) => {
    if (!factory) throw asStorageError(new Error("there is no IndexedDB"));
    const request = openRequest(factory, name, version);
    let isBlocked = false;
    request.onblocked = () => { isBlocked = true; };
    const timer = setTimeout(() => {
      // It may still come, and then would hold up other tabs.
      request.onsuccess = () => request.result.close();
      const late = new Error(`IndexedDB did not answer within ${limitMs} ms`);
      reject(isBlocked ? new SignetError("storage-blocked", late.message, late) : asStorageError(late));
    }, limitMs);
    request.onupgradeneeded = () => create(request.result);
    request.onerror = (event) => {
      event.preventDefault();
      clearTimeout(timer);
      reject(asStorageError(request.error));
    };
    request.onsuccess = () => {
      clearTimeout(timer);
      resolve(request.result);
    };
  });
}

/** Browsers that forbid storage throw here. @param {IDBFactory} factory @param {string} name @param {number} version */
function openRequest(factory, name, version) {
  try {
    return factory.open(name, version);
  } catch (thrown) {
    throw asStorageError(thrown);
  }
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
export function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = (event) => {
      // Whoever waits for this answer decides what its failure means for the transaction.
      event.preventDefault();
      reject(request.error);
    };
  });
}

/**
 * Does `work` in one transaction: all of it is stored, or nothing. Throws a SignetError.
 * @template T
 * @param {IDBDatabase} database
 * @param {IDBTransactionMode} mode
 * @param {(transaction: IDBTransaction) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function transact(database, mode, work) {
  try {
    // Strict: what is told to be stored also outlives a battery that runs out.
    const transaction = database.transaction([...database.objectStoreNames], mode, { durability: "strict" });
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error ?? new Error("the transaction was aborted"));
    });
    ended.catch(() => {}); // awaited below, unless the work fails before
    try {
      const value = await work(transaction);
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
  } catch (thrown) {
    throw asStorageError(thrown);
  }
}
