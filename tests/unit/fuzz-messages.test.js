// Messages between the page and its workers, of any shape and in any order: nothing is thrown where nobody catches it,
// and whoever waits for an answer gets one.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { WorkerLink } from "../../www/recognizer/link.js";
import { asSignetError } from "../../www/recognizer/errors.js";
import { TrainLoop } from "../../www/teach/train-loop.js";
import { TrainingRun } from "../../www/teach/training.js";
import { always, anything, assertSaid, edited } from "./fuzz.js";
import { picture, standIns } from "./worker-stand-in.js";

const score = { loss: 0.5, accuracy: 0.75 };
const record = { epoch: 1, training: score, validation: [score], best: true };

test("whatever is thrown becomes an error of ours", async () => {
  await always(anything(), (thrown) => assertSaid(asSignetError(thrown)), 1000);
});

test("whatever a worker answers, every request ends, and the next worker is asked", async () => {
  const answers = fc.oneof(
    edited({ id: 1, ok: true, value: 1 }, anything()),
    edited({ id: 2, ok: false, error: { code: "picture-broken", message: "cut short" } }, anything()),
    edited({ crash: "unreachable" }, anything()),
    edited({ pulse: "a lock" }, anything()),
    fc.record({ id: fc.integer({ min: -1, max: 5 }), ok: fc.boolean(), value: anything(), error: anything() }),
    anything(),
  );
  await always(fc.array(answers, { maxLength: 6 }), async (said) => {
    const { workers, createWorker } = standIns(() => ({ silent: true }));
    const link = new WorkerLink({ createWorker });
    const kept = { keep: true };
    const requests = [1, 2, 3].map((byte) =>
      link.request({ kind: "classify", slot: "original", picture: picture(byte) }, byte === 1 ? kept : {}));
    const outcomes = requests.map((request) => request.then(() => null, (thrown) => assertSaid(thrown)));
    for (const answer of said) workers.at(-1)?.answer(/** @type {any} */ (answer));
    // What is still open is answered: twice, for a reply that comes again is nobody's.
    for (const _ of [1, 2]) {
      const worker = workers.at(-1);
      for (const { id } of worker?.requests ?? []) worker?.answer({ id, ok: true, value: null });
    }
    await Promise.all(outcomes);
    const next = link.request({ kind: "unload", slot: "original" });
    const worker = workers.at(-1);
    worker?.answer({ id: worker.requests.at(-1)?.id ?? 0, ok: true, value: "next" });
    assert.equal(await next, "next");
  });
});

/** The scope of a worker's script, and what it posts. */
function workerScope() {
  /** @type {((event: { data: unknown }) => void)[]} */
  const listeners = [];
  /** @type {any[]} */
  const posted = [];
  const scope = /** @type {any} */ (globalThis);
  const before = { addEventListener: scope.addEventListener, postMessage: scope.postMessage };
  scope.addEventListener = (/** @type {string} */ kind, /** @type {any} */ listener) => { if (kind === "message") listeners.push(listener); };
  scope.postMessage = (/** @type {unknown} */ message) => posted.push(message);
  const tell = (/** @type {unknown} */ data) => listeners.forEach((listener) => listener({ data }));
  return { posted, tell, restore: () => Object.assign(scope, before) };
}

const asked = () => fc.oneof(
  edited({ kind: "classify", slot: "original", picture: picture(), look: { at: "centre" }, id: 1 }, anything()),
  edited({ kind: "load", slot: "original", source: new Uint8Array(3), sha256: "ab", id: 2 }, anything()),
  edited({ kind: "score", slot: "original", pixels: new Uint8Array(3), id: 3 }, anything()),
  fc.record({ kind: fc.constantFrom("init", "toString", "square", "unload", "self-check"), id: fc.nat(9), backend: fc.constantFrom("toString", "gpu", "") }),
  anything(),
);

test("whatever a worker is asked, it answers what it can and goes on", async () => {
  const { posted, tell, restore } = workerScope();
  try {
    await import("../../www/recognizer/worker.js");
    let id = 100;
    await always(fc.array(asked(), { maxLength: 5 }), async (requests) => {
      posted.length = 0;
      for (const request of requests) tell(request);
      id += 1;
      tell({ kind: "self-check", slot: "original", id });
      while (!posted.some((answer) => answer.id === id)) await new Promise((resolve) => setImmediate(resolve));
      for (const answer of posted) {
        assert.ok("crash" in answer || Number.isSafeInteger(answer.id), "an answer has the id of a request");
        if (answer.ok === false) assertSaid(asSignetError(answer.error));
      }
    }, 100);
  } finally {
    restore();
  }
});

test("whatever a training's worker is told, it starts one training at most", async () => {
  const { posted, tell, restore } = workerScope();
  try {
    await import("../../www/teach/train-worker.js");
    await always(anything(), (message) => tell(message), 300);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(posted, []);
    const start = { kind: "start", backend: "cpu", weights: new Uint8Array(1), set, settings, resume: null };
    for (const _ of [1, 2, 3]) tell(start);
    while (posted.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(posted.map(({ kind, outcome }) => [kind, outcome]), [["finished", "failed"]]);
  } finally {
    restore();
  }
});

const part = (/** @type {number} */ count) => ({
  ids: Array.from({ length: count }, (_, index) => `${index}`), pixels: new Uint8Array(count), labels: new Uint32Array(count),
});
const set = { labels: ["rock", "paper"], training: part(5), validation: part(2) };
/** @type {import("../../www/teach/settings.js").Settings} */
const settings = { scope: "head", epochs: 3, batchSize: 2, learningRate: 0.001, augmentation: false, validationShare: 0.15, seed: 0 };

test("whatever a training's worker says, the training ends with an outcome, and its progress is one", async () => {
  const answers = fc.oneof(
    edited({ kind: "started", history: [record] }, anything()),
    edited({ kind: "event", event: { kind: "epoch", ...record }, secondsLeft: 3 }, anything()),
    edited({ kind: "event", event: { kind: "batch", epoch: 1, batch: 2, batches: 3, training: score }, secondsLeft: null }, anything()),
    edited({ kind: "event", event: { kind: "features", done: 1, total: 2 }, secondsLeft: null }, anything()),
    edited({ kind: "saved", checkpoint: new Blob(["c"]), best: null }, anything()),
    edited({ kind: "finished", outcome: "stopped", weights: null, history: [record], error: { code: "device", message: "lost" }, saved: null }, anything()),
    edited({ kind: "crash", message: "unreachable", saved: null }, anything()),
    edited({ kind: "pulse", pulse: "a lock" }, anything()),
    anything(),
  );
  await always(fc.tuple(fc.constantFrom("cpu", "webgpu"), fc.array(answers, { maxLength: 6 })), async ([backend, said]) => {
    /** @type {any[]} */
    const workers = [];
    const createWorker = () => {
      const worker = { postMessage() {}, terminate() {}, onmessage: null, onerror: null, onmessageerror: null };
      workers.push(worker);
      return worker;
    };
    const run = new TrainingRun({ createWorker, backend: /** @type {any} */ (backend), weights: new Uint8Array(1), set, settings });
    await null;
    for (const data of said) {
      workers.at(-1).onmessage({ data });
      const { state, history, secondsLeft } = run.progress;
      assert.ok(["preparing", "running", "done", "stopped", "failed"].includes(state), state);
      assert.ok(Array.isArray(history) && history.every(({ training }) => Number.isFinite(training.loss)));
      assert.ok(secondsLeft === null || Number.isFinite(secondsLeft));
    }
    run.discard();
    const { outcome, weights, history, error } = await run.finished;
    assert.ok(["done", "stopped", "failed"].includes(outcome));
    assert.ok((weights === null || weights instanceof Blob) && Array.isArray(history));
    if (error) assertSaid(error);
  }, 600);
});

test("whatever a module says of a step, the loop ends with an error that can be told", async () => {
  const texts = fc.oneof(anything().map((value) => { try { return JSON.stringify(value) ?? ""; } catch { return "{"; } }), fc.string());
  await always(texts, async (text) => {
    /** @type {any[]} */
    const posted = [];
    let steps = 0;
    const trainer = { step: async () => text, history: () => "[]", bestWeights: async () => undefined, checkpoint: async () => new Uint8Array(1) };
    const loop = new TrainLoop(
      { kind: "start", backend: "cpu", weights: new Uint8Array(1), set, settings, resume: null },
      { post: (answer) => posted.push(answer), isStopped: () => (steps += 1) > 3, pause: async () => {}, now: () => 0 },
    );
    await loop.run(Promise.resolve(/** @type {any} */ ({ Trainer: { start: async () => trainer } })));
    const last = posted.at(-1);
    assert.equal(last.kind, "finished");
    if (last.error) assertSaid(asSignetError(last.error));
  });
});
