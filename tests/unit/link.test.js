import assert from "node:assert/strict";
import test from "node:test";
import { WorkerLink } from "../../www/recognizer/link.js";
import { SignetError } from "../../www/recognizer/errors.js";
import { picture, standIns } from "./worker-stand-in.js";

/** @param {number} [byte] */
const classify = (byte) => /** @type {const} */ ({ kind: "classify", slot: "original", picture: picture(byte) });

test("answers find their requests by id, in whatever order they come", async () => {
  const { workers, createWorker } = standIns(() => ({ silent: true }));
  const link = new WorkerLink({ createWorker });
  const first = link.request(classify());
  const second = link.request(classify());
  const [worker] = workers;
  assert.ok(worker);
  const [one, two] = worker.requests;
  assert.ok(one && two && one.id !== two.id);
  worker.answer({ id: two.id, ok: true, value: "second" });
  worker.answer({ id: one.id, ok: true, value: "first" });
  worker.answer({ id: 999, ok: true, value: "nobody's" });
  assert.deepEqual(await Promise.all([first, second]), ["first", "second"]);
});

test("bytes are transferred, unless they are to be kept", async () => {
  const { createWorker } = standIns(() => ({ value: null }));
  const link = new WorkerLink({ createWorker });
  const [moved, kept] = [classify(), classify()];
  await link.request(moved);
  await link.request(kept, { keep: true });
  assert.equal(moved.picture.bytes.length, 0);
  assert.equal(kept.picture.bytes.length, 4);
  const [scored, again] = [new Uint8Array(8), new Uint8Array(8)];
  await link.request({ kind: "score", slot: "original", pixels: scored });
  await link.request({ kind: "score", slot: "original", pixels: again }, { keep: true });
  assert.deepEqual([scored.length, again.length], [0, 8]);
});

test("a model is unloaded for good: no replacement loads it again, and a blob is never copied", async () => {
  const { workers, createWorker } = standIns((request) =>
    request.kind === "classify" && workers.length === 1 ? { crash: "unreachable" } : { value: null });
  const link = new WorkerLink({ createWorker });
  const source = new Blob(["weights"]);
  for (const slot of ["first", "second"]) await link.boot({ kind: "load", slot, source });
  await link.unload("first");
  await link.request(classify(), { keep: true });
  const loads = workers[1]?.requests.filter((request) => request.kind === "load") ?? [];
  assert.deepEqual(loads.map(({ slot }) => slot), ["second"]);
  assert.ok(loads[0]?.source instanceof Blob);
  assert.equal(await loads[0].source.text(), "weights");
});

test("a failure arrives as an error with its code", async () => {
  const { createWorker } = standIns(() => ({ error: { code: "picture-format", message: "not a picture" } }));
  await assert.rejects(new WorkerLink({ createWorker }).request(classify()), (error) => {
    assert.ok(error instanceof SignetError);
    assert.deepEqual([error.code, error.message], ["picture-format", "not a picture"]);
    return true;
  });
});

test("a crashed worker is replaced, booted as the first was, and repeats what was kept", async () => {
  const { workers, createWorker } = standIns((request) =>
    request.kind === "classify" && workers.length === 1 ? { crash: "unreachable" } : { value: request.kind });
  const link = new WorkerLink({ createWorker });
  await link.boot({ kind: "init", backend: "cpu" });
  await link.boot({ kind: "load", slot: "original", source: new Uint8Array([1, 2, 3]) });
  const lost = link.request(classify(1));
  const kept = link.request(classify(2), { keep: true });
  await assert.rejects(lost, { code: "worker-crashed" });
  assert.equal(await kept, "classify");
  const [first, second] = workers;
  assert.ok(first?.terminated && second && workers.length === 2);
  assert.deepEqual(second.requests.map(({ kind }) => kind), ["init", "load", "classify"]);
  const [, load, repeated] = second.requests;
  assert.ok(load?.kind === "load" && repeated?.kind === "classify" && repeated.picture.kind === "pixels");
  assert.deepEqual(load.source, new Uint8Array([1, 2, 3]));
  assert.deepEqual([...repeated.picture.bytes], [2, 2, 2, 2]);
});

test("a request that crashes two workers fails, and the next one is answered", async () => {
  const { workers, createWorker } = standIns((request) =>
    request.kind === "classify" && request.picture.kind === "pixels" && request.picture.bytes[0] === 6 ? { crash: "unreachable" } : { value: "fine" });
  const link = new WorkerLink({ createWorker });
  await link.boot({ kind: "init", backend: "cpu" });
  await assert.rejects(link.request(classify(6), { keep: true }), { code: "worker-crashed" });
  assert.equal(workers.length, 2);
  assert.equal(await link.request(classify(7)), "fine");
  assert.equal(workers.length, 3);
});

test("a worker whose script fails counts as crashed", async () => {
  const { workers, createWorker } = standIns(() => ({ silent: true }));
  const open = new WorkerLink({ createWorker }).request(classify());
  workers[0]?.fail("blocked by a policy");
  await assert.rejects(open, { code: "worker-crashed", message: "blocked by a policy" });
});

test("a worker that can't be created fails the request", async () => {
  const link = new WorkerLink({ createWorker: () => { throw new Error("no workers here"); } });
  await assert.rejects(link.request(classify()), { code: "worker-crashed" });
});

test("a link that does not replace closes with the crash, and says so once", async () => {
  const { createWorker } = standIns(() => ({ crash: "device lost" }));
  /** @type {SignetError[]} */
  const crashes = [];
  const link = new WorkerLink({ createWorker, replace: false, onCrash: (error) => crashes.push(error) });
  await assert.rejects(link.request(classify(), { keep: true }), { code: "worker-crashed" });
  await assert.rejects(link.request(classify(), { keep: true }), { code: "worker-crashed" });
  assert.deepEqual(crashes.map(({ message }) => message), ["device lost"]);
});

test("no answer within the limit is a timeout, and an answer in time is none", async () => {
  const { createWorker } = standIns((request) => (request.kind === "self-check" ? { value: 0 } : { silent: true }));
  const link = new WorkerLink({ createWorker, replace: false });
  assert.equal(await link.request({ kind: "self-check", slot: "original" }, { limitMs: 1000 }), 0);
  await assert.rejects(link.request(classify(), { limitMs: 5 }), { code: "worker-timeout" });
});

/** Locks that a test releases by hand, by their names. @type {Map<string, () => void>} */
const locks = new Map();
Object.defineProperty(globalThis, "navigator", { configurable: true, value: { locks: {
  request: (/** @type {string} */ name, /** @type {() => void} */ granted) => new Promise((done) => locks.set(name, () => done(granted()))),
} } });

test("a worker that was ended without a word is noticed by its lock, and replaced", async () => {
  const { workers, createWorker } = standIns(() => (workers.length === 1 ? { silent: true } : { value: "fine" }));
  /** @type {string[]} */
  const crashes = [];
  const link = new WorkerLink({ createWorker, onCrash: ({ message }) => crashes.push(message) });
  const kept = link.request(classify(), { keep: true });
  workers[0]?.answer({ liveness: "first" });
  locks.get("first")?.();
  assert.equal(await kept, "fine");
  assert.deepEqual([workers.length, crashes.length], [2, 1]);
  // The lock of one that has been replaced since is nobody's.
  locks.get("first")?.();
  assert.equal(await link.request(classify()), "fine");
  assert.equal(workers.length, 2);
});

test("a request that is repeated has its limit again", async () => {
  const { workers, createWorker } = standIns(() => ({ silent: true }));
  const link = new WorkerLink({ createWorker });
  await assert.rejects(link.request(classify(), { keep: true, limitMs: 8 }), { code: "worker-timeout" });
  assert.equal(workers.length, 2);
});
