// Properties that hold for any input, tried with many. A test tries the same ones each time; `scripts/fuzz.sh` goes
// on with others (FUZZ_SEED) and more of them (FUZZ_RUNS).
import assert from "node:assert/strict";
import fc from "fast-check";
import { en } from "../../www/i18n/en.js";
import { ERROR_CODES, SignetError } from "../../www/recognizer/errors.js";

const numberOf = (/** @type {string | undefined} */ text) => (text === undefined ? undefined : Number(text));
const SEED = numberOf(process.env["FUZZ_SEED"]) ?? 1;
const RUNS = numberOf(process.env["FUZZ_RUNS"]);
/** No input may take longer. */
const LONGEST_MS = 2000;

/**
 * @template T
 * @param {fc.Arbitrary<T>} inputs
 * @param {(input: T) => unknown} property throws where it doesn't hold
 * @param {number} [runs] in a test
 */
export async function always(inputs, property, runs = 300) {
  const timed = async (/** @type {T} */ input) => {
    const start = performance.now();
    await property(input);
    const took = performance.now() - start;
    assert.ok(took < LONGEST_MS, `it took ${took} ms`);
  };
  await fc.assert(fc.asyncProperty(inputs, timed), { numRuns: RUNS ?? runs, seed: SEED });
}

/**
 * Does something that may be refused, in words: an error of ours with one of some codes, and a sentence for it.
 * @template T
 * @param {() => T | Promise<T>} act
 * @param {RegExp} codes
 * @returns {Promise<T | undefined>} what it came to, nothing where it was refused
 */
export async function orRefused(act, codes) {
  try {
    return await act();
  } catch (thrown) {
    assertSaid(thrown);
    assert.match(/** @type {SignetError} */ (thrown).code, codes);
    return undefined;
  }
}

/** An error as a person can be told. @param {unknown} thrown */
export function assertSaid(thrown) {
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

export const json = () => fc.oneof(fc.constantFrom(...HOSTILE), fc.jsonValue());
/** @returns {fc.Arbitrary<unknown>} */
export const anything = () => fc.oneof(fc.constantFrom(...HOSTILE), fc.constantFrom(...CLONED), fc.anything());

/** Any sequence of UTF-16, whole characters or not. */
export const utf16 = (maxLength = 60) =>
  fc.array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(0x20, 0x61, 0x200b, 0x202e, 0x301, 0xd83d, 0xdc4d, 0xfeff)), { maxLength })
    .map((units) => String.fromCharCode(...units));

/**
 * A document in which some places have another value, or are gone.
 * @param {unknown} document of plain objects and arrays
 * @param {fc.Arbitrary<unknown>} values
 */
export function edited(document, values) {
  const edit = fc.record({ place: fc.nat(), value: fc.option(values, { nil: GONE, freq: 5 }) });
  return fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) => {
    const holder = { document: copyOf(document) };
    for (const { place, value } of edits) {
      const all = places(holder);
      const [parent, key] = /** @type {[any, string]} */ (all[place % all.length] ?? [holder, "document"]);
      if (value === GONE) delete parent[key];
      else parent[key] = copyOf(value);
    }
    return holder.document;
  });
}

const GONE = Symbol("gone");

/** @param {unknown} value @returns {value is object} */
const isPlain = (value) => Array.isArray(value) || (value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype);

/** Each place of a document by what holds it and the key there. @param {object} value @returns {[object, string][]} */
const places = (value) => Object.entries(value).flatMap(([key, inner]) => [
  /** @type {[object, string]} */ ([value, key]), ...(isPlain(inner) ? places(inner) : []),
]);

/** What is not plain stays what it is. @param {any} value @returns {any} */
function copyOf(value) {
  if (!isPlain(value)) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copyOf(inner)]));
}

/** A file with some changes: bytes that differ, pieces that are missing, doubled or cut off at the end. @param {Uint8Array} file */
export function damaged(file) {
  const at = fc.oneof(fc.nat(200), fc.nat(Math.max(file.length - 1, 0)));
  const change = fc.oneof(
    fc.record({ kind: fc.constant("set"), at, byte: fc.nat(255), length: fc.constantFrom(1, 2, 8) }),
    fc.record({ kind: fc.constantFrom("remove", "double"), at, byte: fc.constant(0), length: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ kind: fc.constant("cut"), at, byte: fc.constant(0), length: fc.constant(0) }),
  );
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    let bytes = [...file];
    for (const { kind, at: start, byte, length } of changes) {
      if (kind === "set") bytes.fill(byte, start, start + length);
      if (kind === "remove") bytes.splice(start, length);
      if (kind === "double") bytes.splice(start, 0, ...bytes.slice(start, start + length));
      if (kind === "cut") bytes = bytes.slice(0, start);
    }
    return Uint8Array.from(bytes);
  });
}
