// All state of the tab "Look inside", which is in the address: a link is a lesson. Links are anybody's: what can't be
// is passed over.
import { DIGITS } from "../recognizer/contract.js";

/** @import { Cut } from "../library/inspector-types.js" */

export const VIEWS = /** @type {const} */ (["path", "cut", "why", "knows", "learns", "stops"]);
/** @typedef {typeof VIEWS[number]} View */

/** How a map of the evidence is made. */
export const METHODS = /** @type {const} */ (["exact", "finer", "finest", "occlusion"]);

/** The sixteen blocks, as the course names them. */
export const BLOCKS = Object.freeze(["2a", "2b", "2c", "3a", "3b", "3c", "3d", "4a", "4b", "4c", "4d", "4e", "4f", "5a", "5b", "5c"]);

/** What the cuts can be measured on. */
export const SETS = /** @type {const} */ (["composed", "examples", "samples"]);

/**
 * @template T
 * @typedef {{ initial: T, read: (text: string) => T | undefined, write?: (value: T) => string }} Field `read` gives undefined for what can't be; a value that is `initial` isn't written
 */

/** What each of the two networks that learn side by side has. */
export const VARIANTS = Object.freeze({
  "skips-norm": { skips: true, batchNorm: true },
  skips: { skips: true, batchNorm: false },
  norm: { skips: false, batchNorm: true },
  plain: { skips: false, batchNorm: false },
});
/** @typedef {keyof typeof VARIANTS} VariantName */
const VARIANT_NAMES = /** @type {VariantName[]} */ (Object.keys(VARIANTS));
/** How deep they are: layers with weights. */
export const DEPTHS = /** @type {const} */ (["8", "14", "20", "26", "38", "50"]);

/** @template T @param {T} initial @param {(text: string) => T | undefined} read @param {(value: T) => string} [write] @returns {Field<T>} */
const field = (initial, read, write = String) => ({ initial, read, write });
/** @template {string} T @param {readonly T[]} names @param {T} initial @returns {Field<T>} */
const oneOf = (names, initial) => field(initial, (text) => names.find((name) => name === text));
/** @param {number} least @param {number} most @param {number | null} initial */
const whole = (least, most, initial) => field(initial, (text) => {
  const value = Number(text);
  return /^-?\d{1,6}$/.test(text) && value >= least && value <= most ? value : undefined;
});

/** What a link can say. A view's own settings are further rows. */
export const FIELDS = {
  view: oneOf(VIEWS, "path"),
  /** The example hand that is shown, or "" for a picture of the person's own, which is in no link. */
  example: oneOf(["", ...DIGITS], ""),
  cuts: field(/** @type {readonly Cut[]} */ ([]), readCuts, (cuts) => cuts.map(({ block, part }) => `${block}-${part}`).join(".")),
  /** The check set. */
  set: oneOf(SETS, "composed"),
  /** Of which class: its index, -1 for that there is a sign at all, null for the one that is answered. */
  class: whole(-1, 29, null),
  /** A place, or one of its convolutions. */
  place: field("stem", (text) => (/^[\w-]{1,32}$/.test(text) ? text : undefined)),
  /** Null: the strongest one. */
  channel: whole(0, 2047, null),
  /** Of the evidence. */
  map: oneOf(METHODS, "exact"),
  /** Of the guided ones; 0: none. */
  stop: field(0, (text) => (/^[1-5]$/.test(text) ? Number(text) : undefined)),
  /** Of the networks that learn side by side, what they have and what they learn from. */
  depth: oneOf(DEPTHS, "20"),
  a: oneOf(VARIANT_NAMES, "skips-norm"),
  b: oneOf(VARIANT_NAMES, "norm"),
  on: oneOf(["drawn", "samples"], "drawn"),
};

/** @typedef {{ -readonly [K in keyof typeof FIELDS]: (typeof FIELDS)[K]["initial"] }} Values */

/** What each guided stop shows: a link to it needs to say no more than its number, and where the person has gone on from there. @type {readonly Partial<Values>[]} */
export const STOPS = Object.freeze([
  { view: "path", example: "3", place: "stem" },
  { view: "path", example: "3", place: "3b" },
  { view: "path", example: "3", place: "3a" },
  { view: "cut", example: "3", cuts: [{ block: "4b", part: "skip" }] },
  { view: "why", example: "3", map: "occlusion" },
]);

/** What is so where a link doesn't say otherwise. @param {number} stop @returns {Values} */
const defaults = (stop) => ({ .../** @type {Values} */ (Object.fromEntries(Object.entries(FIELDS).map(([name, { initial }]) => [name, initial]))), ...STOPS[stop - 1] });

/** All that a guided stop sets. @param {number} stop 1 to 5 @returns {Values} */
export const stateOfStop = (stop) => ({ ...defaults(stop), stop });

/** @param {string} text such as "3b-branch.5a-skip" @returns {Cut[]} */
function readCuts(text) {
  const cuts = new Map();
  for (const each of text.split(".")) {
    const [block = "", part = ""] = each.split("-");
    if (BLOCKS.includes(block) && (part === "branch" || part === "skip")) cuts.set(each, { block, part });
  }
  return [...cuts.values()];
}

/** @param {string} fragment of an address, such as "#inside?view=cut" @returns {Values} */
export function readFragment(fragment) {
  const given = new URLSearchParams(/^#inside\?(.*)$/s.exec(fragment)?.[1] ?? "");
  const otherwise = defaults(FIELDS.stop.read(given.get("stop") ?? "") ?? 0);
  const values = Object.entries(FIELDS).map(([name, { read }]) => {
    const text = given.get(name);
    return [name, (text === null ? undefined : read(text)) ?? otherwise[/** @type {keyof Values} */ (name)]];
  });
  return /** @type {Values} */ (Object.fromEntries(values));
}

/** @param {Values} values */
export function writeFragment(values) {
  const said = new URLSearchParams();
  const otherwise = { ...defaults(values.stop), stop: 0 };
  for (const [name, { write = String }] of /** @type {[keyof Values, Field<any>][]} */ (Object.entries(FIELDS))) {
    const text = write(values[name]);
    if (text !== write(otherwise[name])) said.set(name, text);
  }
  return said.size > 0 ? `#inside?${said}` : "#inside";
}

/** Browsers refuse an address that changes more than a hundred times in half a minute. */
const PERIOD_MS = 400;

/** @typedef {(changed: Set<keyof Values>) => void} Listener */

export class State {
  /** @type {Values} */
  #values = readFragment("");
  /** @type {Set<Listener>} */
  #listeners = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @template {keyof Values} K @param {K} name @returns {Values[K]} */
  get(name) {
    return this.#values[name];
  }

  /** @param {Partial<Values>} change */
  set(change) {
    if (this.#become({ ...this.#values, ...change })) this.#timer ??= setTimeout(() => this.write(), PERIOD_MS);
  }

  /** @param {Listener} listener @param {AbortSignal} signal ends it */
  onChange(listener, signal) {
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
  }

  /** What the address says, where it says something of this tab; the tab's name alone leaves it as it was. */
  follow() {
    if (location.hash.startsWith("#inside?")) this.#become(readFragment(location.hash));
    this.write();
  }

  /** The address of now, at once. */
  write() {
    this.leave();
    history.replaceState(null, "", writeFragment(this.#values));
  }

  /** Another tab has the address now. */
  leave() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** @param {Values} values @returns {boolean} whether that is a change */
  #become(values) {
    const before = this.#values;
    this.#values = values;
    const text = (/** @type {keyof Values} */ name, /** @type {Values} */ of) => /** @type {Field<any>} */ (FIELDS[name]).write?.(of[name]);
    const changed = new Set(/** @type {(keyof Values)[]} */ (Object.keys(FIELDS)).filter((name) => text(name, before) !== text(name, values)));
    if (changed.size > 0) for (const listener of [...this.#listeners]) listener(changed);
    return changed.size > 0;
  }
}
