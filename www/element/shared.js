// Models that elements share: for each base and model one worker and one copy, as long as some element needs it.
import { Signet } from "../signet.js";

/** @import { Progress } from "../recognizer/weights.js" */
/** @import { SignetOptions } from "../signet.js" */

/** An element that was moved in the page is gone for a moment: a model that nobody needs any more stays so long. */
const LINGER_MS = 1000;

/**
 * @typedef {object} Shared
 * @property {SignetOptions["base"]} base
 * @property {SignetOptions["model"]} model
 * @property {Promise<Signet>} loading
 * @property {Set<object>} users
 * @property {Set<(progress: Progress) => void>} listeners
 * @property {Progress | null} progress the last that was told
 * @property {AbortController} ending
 */

/** @type {Set<Shared>} */
const all = new Set();

/**
 * A model for `user`, loaded unless another one has it already.
 * @param {object} user
 * @param {Pick<SignetOptions, "base" | "model">} which addresses as strings
 * @param {(progress: Progress) => void} onProgress
 * @returns {Promise<Signet>}
 */
export function acquire(user, { base, model }, onProgress) {
  const shared = [...all].find((each) => each.base === base && each.model === model) ?? load({ base, model });
  shared.users.add(user);
  shared.listeners.add(onProgress);
  if (shared.progress) onProgress(shared.progress);
  const over = () => shared.listeners.delete(onProgress);
  shared.loading.then(over, over);
  return shared.loading;
}

/** It is needed no more: without another user it ends. @param {object} user */
export function release(user) {
  for (const shared of all) {
    if (!shared.users.delete(user) || shared.users.size > 0) continue;
    setTimeout(() => { if (shared.users.size === 0) end(shared); }, LINGER_MS);
  }
}

/** @param {Pick<SignetOptions, "base" | "model">} which @returns {Shared} */
function load({ base, model }) {
  const ending = new AbortController();
  /** @type {Shared} */
  const shared = { base, model, users: new Set(), listeners: new Set(), progress: null, ending, loading: Signet.load({
    base, model, signal: ending.signal,
    onProgress: (progress) => {
      shared.progress = progress;
      for (const listener of shared.listeners) listener(progress);
    },
  }) };
  all.add(shared);
  // A failed one is tried again by the next element that wants it.
  shared.loading.catch(() => all.delete(shared));
  return shared;
}

/** @param {Shared} shared */
function end(shared) {
  if (!all.delete(shared)) return;
  shared.ending.abort();
  shared.loading.then((signet) => signet.close(), () => {});
}
