import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { WorkerLink } from "../../www/recognizer/link.js";
import { startTimeout } from "../../www/recognizer/timeout.js";
import { picture, standIns } from "./stand-ins.js";

/** @param {number} [byte] */
const classify = (byte) => /** @type {const} */ ({ kind: "classify", slot: "original", picture: picture(byte) });
const CRASH = { crash: "unreachable" };

/** @param {import("./stand-ins.js").Respond} [respond] @param {Partial<ConstructorParameters<typeof WorkerLink>[0]>} [options] */
function linkTo(respond, options) {
  const { workers, createWorker } = standIns(respond);
  return { workers, link: new WorkerLink({ createWorker, ...options }) };
}

test("bytes are transferred, unless they are to be kept", async () => {
  const { link } = linkTo(() => ({ value: null }));
  for (const keep of [false, true]) {
    const request = classify();
    const pixels = new Uint8Array(8);
    await link.request(request, { keep });
    await link.request({ kind: "score", slot: "original", pixels }, { keep });
    assert.deepEqual([request.picture.bytes.length, pixels.length], keep ? [4, 8] : [0, 0]);
  }
});

test("a crashed worker is replaced, booted as the first was without what was unloaded, and repeats what was kept", async () => {
  const { workers, link } = linkTo(({ kind }) => (kind === "classify" && workers.length === 1 ? CRASH : { value: kind }));
  await link.boot({ kind: "init", backend: "cpu" });
  await link.boot({ kind: "load", slot: "bytes", source: new Uint8Array([1, 2, 3]) });
  for (const slot of ["gone", "blob"]) await link.boot({ kind: "load", slot, source: new Blob(["weights"]) });
  await link.unload("gone");
  const lost = link.request(classify(1));
  const kept = link.request(classify(2), { keep: true });
  await assert.rejects(lost, { code: "worker-crashed" });
  assert.equal(await kept, "classify");
  assert.deepEqual(workers.map(({ terminated }) => terminated), [true, false]);
  const [init, bytes, blob, classified, ...others] = workers[1]?.requests ?? [];
  assert.deepEqual([init.kind, bytes.slot, blob.slot, classified.kind, others], ["init", "bytes", "blob", "classify", []]);
  assert.deepEqual([bytes.source, classified.picture.bytes], [new Uint8Array([1, 2, 3]), new Uint8Array([2, 2, 2, 2])]);
  assert.ok(blob.source instanceof Blob, "it is never copied");
  assert.equal(await blob.source.text(), "weights");
});

test("a request that crashes two workers fails, and the next one is answered", async () => {
  const { workers, link } = linkTo(({ picture: given }) => (given?.bytes[0] === 6 ? CRASH : { value: "fine" }));
  await link.boot({ kind: "init", backend: "cpu" });
  await assert.rejects(link.request(classify(6), { keep: true }), { code: "worker-crashed" });
  assert.equal(workers.length, 2);
  assert.equal(await link.request(classify(7)), "fine");
  assert.equal(workers.length, 3);
});

test("the request that a worker crashes at is to blame: nineteen others that wait behind it are answered", async () => {
  const { workers, link } = linkTo(({ picture: given }) => (given?.bytes[0] === 6 ? CRASH : { value: given?.bytes[0] }));
  const bytes = Array.from({ length: 20 }, (_, index) => index);
  const settled = await Promise.allSettled(bytes.map((byte) => link.request(classify(byte), { keep: true })));
  assert.deepEqual(settled.map((each) => (each.status === "fulfilled" ? each.value : each.reason.code)), bytes.with(6, /** @type {any} */ ("worker-crashed")));
  assert.equal(workers.length, 3);
});

test("a worker whose memory has grown too large is replaced, booted as it was, once nothing is open in it", async () => {
  const { workers, link } = linkTo(({ kind }) => (kind === "init" ? { value: null } : { silent: true }));
  await link.boot({ kind: "init", backend: "cpu" });
  const [first, second] = [link.request(classify(1)), link.request(classify(2))];
  const answer = (/** @type {number} */ index) => workers[0]?.tell({ id: workers[0].requests[index].id, ok: true, value: index, oversized: true });
  answer(1);
  assert.deepEqual([await first, workers.length], [1, 1]);
  answer(2);
  assert.deepEqual([await second, workers.map(({ terminated }) => terminated)], [2, [true, false]]);
  assert.deepEqual(workers[1]?.requests.map(({ kind }) => kind), ["init"]);
});

test("a worker whose script fails counts as crashed", async () => {
  const { workers, link } = linkTo();
  const open = link.request(classify());
  workers[0]?.fail("blocked by a policy");
  await assert.rejects(open, { code: "worker-crashed", message: "blocked by a policy" });
});

test("a worker that can't be created fails the request", async () => {
  const { link } = linkTo(undefined, { createWorker: () => { throw new Error("no workers here"); } });
  await assert.rejects(link.request(classify()), { code: "worker-crashed" });
});

test("a link that does not replace closes with the crash, and says so once", async () => {
  /** @type {string[]} */
  const crashes = [];
  const { link } = linkTo(() => CRASH, { replace: false, onCrash: ({ message }) => crashes.push(message) });
  for (let request = 0; request < 2; request += 1) {
    await assert.rejects(link.request(classify(), { keep: true }), { code: "worker-crashed" });
  }
  assert.deepEqual(crashes, ["unreachable"]);
});

test("no answer within the limit is a timeout, also of a request that is repeated, and an answer in time is none", async () => {
  const { workers, link } = linkTo(({ kind }) => (kind === "self-check" ? { value: 0 } : { silent: true }));
  assert.equal(await link.request({ kind: "self-check", slot: "original" }, { limitMs: 1000 }), 0);
  await assert.rejects(link.request(classify(), { keep: true, limitMs: 8 }), { code: "worker-timeout" });
  assert.equal(workers.length, 2);
});

test("a worker that was ended without a word is noticed by its lock, and replaced", async () => {
  /** Releases a lock, by its name. @type {Map<string, () => void>} */
  const release = new Map();
  const request = (/** @type {string} */ name, /** @type {() => void} */ granted) => (
    new Promise((done) => release.set(name, () => done(granted()))));
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { locks: { request } } });
  /** @type {string[]} */
  const crashes = [];
  const { workers, link } = linkTo(() => (workers.length === 1 ? { silent: true } : { value: "fine" }),
    { onCrash: ({ message }) => crashes.push(message) });
  const kept = link.request(classify(), { keep: true });
  workers[0]?.tell({ liveness: "first" });
  release.get("first")?.();
  assert.equal(await kept, "fine");
  assert.deepEqual([workers.length, crashes.length], [2, 1]);
  // The lock of one that has been replaced since is nobody's.
  release.get("first")?.();
  assert.equal(await link.request(classify()), "fine");
  assert.equal(workers.length, 2);
});

test("a limit runs out after its time, once, and not when it was cleared", async () => {
  let late = 0;
  startTimeout(40, () => { late += 1; });
  clearInterval(startTimeout(20, () => { late += 10; }));
  assert.equal(late, 0);
  while (late === 0) await pause(20);
  await pause(60);
  assert.equal(late, 1);
});

/** Nothing of this thread happens meanwhile, as in a page behind a closed lid. @param {number} ms */
const freeze = (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

test("time in which nothing could happen here does not count", async () => {
  const timeout = startTimeout(400, () => assert.fail("it is not late"));
  for (let lids = 0; lids < 2; lids += 1) {
    freeze(600);
    await pause(0);
  }
  clearInterval(timeout);
});
