// A worker's lock is held, or known not to be, before anything else runs in the worker.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { holdLivenessLock } from "../../www/recognizer/liveness.js";

const own = Object.getOwnPropertyDescriptor(globalThis, "navigator");
afterEach(() => {
  if (own) Object.defineProperty(globalThis, "navigator", own);
  else Reflect.deleteProperty(globalThis, "navigator");
});

/** @param {unknown} locks */
const withLocks = (locks) => Object.defineProperty(globalThis, "navigator", { value: { locks }, configurable: true });

test("waits until the lock is held, and holds it", async () => {
  let grant = async () => {};
  withLocks({ request: (/** @type {string} */ _, /** @type {() => Promise<void>} */ callback) => new Promise(() => { grant = callback; }) });
  /** @type {string[]} */
  const seen = [];
  const held = holdLivenessLock((name) => { seen.push(name); }).then(() => { seen.push("held"); });
  await Promise.resolve();
  assert.equal(seen.length, 0, "neither told nor gone on before it is granted");
  void grant().then(() => seen.push("released"));
  await held;
  assert.match(String(seen[0]), /^signet-worker /);
  assert.deepEqual(seen.slice(1), ["held"], "and not released");
});

for (const [name, locks] of /** @type {const} */ ([
  ["are forbidden", { request: () => Promise.reject(new DOMException("no storage here", "SecurityError")) }],
  ["don't exist", undefined],
])) {
  test(`goes on untold where locks ${name}`, async () => {
    withLocks(locks);
    await holdLivenessLock(() => assert.fail("told"));
  });
}
