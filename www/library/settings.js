// The settings of a training: their defaults for each scope, and what they may be.
import { SignetError, textOf } from "../recognizer/errors.js";

/** @typedef {"head" | "stage" | "all"} Scope */
/**
 * @typedef {{ scope: Scope, epochs: number, batchSize: number, learningRate: number, augmentation: boolean,
 *   validationShare: number, seed: number }} Settings
 */

const SHARED = { validationShare: 0.15, seed: 0 };
/** @type {Record<Scope, Settings>} */
const DEFAULTS = {
  head: { scope: "head", epochs: 150, batchSize: 16, learningRate: 0.004, augmentation: true, ...SHARED },
  stage: { scope: "stage", epochs: 10, batchSize: 8, learningRate: 0.00005, augmentation: false, ...SHARED },
  all: { scope: "all", epochs: 5, batchSize: 8, learningRate: 0.00002, augmentation: false, ...SHARED },
};
/** Training the whole network keeps every activation of a batch in memory. */
const SMALL_BATCH = 4;

export const SCOPES = /** @type {Scope[]} */ (Object.keys(DEFAULTS));
const NAMES = /** @type {(keyof Settings)[]} */ (Object.keys(DEFAULTS.head));

/** The numbers' ranges, both ends included. */
export const RANGES = {
  epochs: { min: 1, max: 1000, whole: true },
  batchSize: { min: 1, max: 64, whole: true },
  learningRate: { min: 1e-7, max: 1, whole: false },
  validationShare: { min: 0, max: 0.5, whole: false },
  seed: { min: 0, max: 0xffffffff, whole: true },
};

/**
 * @param {Scope} scope
 * @param {boolean} [small] for a device with little memory
 */
export function defaultSettings(scope, small = false) {
  const settings = { ...DEFAULTS[scope] };
  if (small && scope === "all") settings.batchSize = SMALL_BATCH;
  return Object.freeze(settings);
}

/**
 * The settings in `value` and nothing else of it. Throws `setting` that names the first one out of range.
 * @param {unknown} value
 */
export function checkSettings(value) {
  const given = /** @type {Record<string, unknown>} */ (Object(value));
  const wrong = (/** @type {string} */ name) => new SignetError("setting", `${name}: ${textOf(given[name])}`);
  if (!SCOPES.some((scope) => scope === given["scope"])) throw wrong("scope");
  if (typeof given["augmentation"] !== "boolean") throw wrong("augmentation");
  for (const [name, { min, max, whole }] of Object.entries(RANGES)) {
    const number = given[name];
    const good = typeof number === "number" && number >= min && number <= max && (!whole || Number.isInteger(number));
    if (!good) throw wrong(name);
  }
  const settings = Object.fromEntries(NAMES.map((name) => [name, given[name]]));
  return Object.freeze(/** @type {Settings} */ (settings));
}

/**
 * `settings` after a change. A new scope brings its defaults for what the person has left alone. Throws `setting`.
 * @param {Readonly<Settings>} settings
 * @param {Partial<Settings>} change
 * @param {boolean} small
 */
export function changedSettings(settings, change, small) {
  const { scope = settings.scope } = change;
  if (scope === settings.scope) return checkSettings({ ...settings, ...change });
  if (!SCOPES.includes(scope)) throw new SignetError("setting", `scope: ${textOf(scope)}`);
  const before = defaultSettings(settings.scope, small);
  const after = defaultSettings(scope, small);
  const untouched = NAMES.filter((name) => settings[name] === before[name]);
  const moved = Object.fromEntries(untouched.map((name) => [name, after[name]]));
  return checkSettings({ ...settings, ...moved, ...change });
}
