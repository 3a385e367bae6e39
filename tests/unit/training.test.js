import assert from "node:assert/strict";
import test from "node:test";
import { SignetError } from "../../www/recognizer/errors.js";
import { TrainingRun } from "../../www/teach/training.js";

/** @typedef {import("../../www/recognizer/protocol.js").Backend} Backend */
/** @typedef {import("../../www/teach/training.js").TrainAnswer} TrainAnswer */
/** @typedef {import("../../www/teach/training.js").TrainRequest} TrainRequest */
/** @typedef {import("../../www/teach/training.js").TrainStart} TrainStart */

const part = (/** @type {number} */ count) => ({
  ids: Array.from({ length: count }, (_, index) => `${index}`), pixels: new Uint8Array(count), labels: new Uint32Array(count),
});
const set = { labels: ["rock", "paper"], training: part(5), validation: part(2) };
/** @type {TrainStart["settings"]} */
const settings = { scope: "head", epochs: 3, batchSize: 2, learningRate: 0.001, augmentation: false, validationShare: 0.15, seed: 0 };
const score = (/** @type {number} */ loss) => ({ loss, accuracy: 1 - loss / 10 });
const record = (/** @type {number} */ epoch) => ({ epoch, training: score(1 / epoch), validation: [score(2 / epoch)], best: true });
/** @param {number} epoch @returns {TrainAnswer} */
const epochEvent = (epoch) => ({ kind: "event", event: { kind: "epoch", ...record(epoch) }, secondsLeft: 7 });
/** @type {TrainAnswer} */
const started = { kind: "started", history: [] };
const blob = (/** @type {string} */ text) => new Blob([text]);

/** A training's worker that does what the test says. */
class TrainWorker {
  /** @type {TrainRequest[]} */
  requests = [];
  terminated = false;
  /** @type {((event: MessageEvent) => void) | null} */
  onmessage = null;
  /** @type {((event: ErrorEvent) => void) | null} */
  onerror = null;
  /** @type {((event: MessageEvent) => void) | null} */
  onmessageerror = null;

  /** @param {any} message */
  postMessage(message) {
    this.requests.push(structuredClone(message));
  }

  terminate() {
    this.terminated = true;
  }

  /** @param {...TrainAnswer} answers */
  tell(...answers) {
    for (const data of answers) this.onmessage?.(/** @type {MessageEvent} */ ({ data }));
  }

  /** What it was started with. */
  get start() {
    const [first] = this.requests;
    assert.ok(first?.kind === "start");
    return first;
  }
}

/** @param {Partial<ConstructorParameters<typeof TrainingRun>[0]>} [options] */
async function begin(options = {}) {
  /** @type {TrainWorker[]} */
  const workers = [];
  /** @type {string[]} */
  const events = [];
  const run = new TrainingRun({
    createWorker: () => {
      const worker = new TrainWorker();
      workers.push(worker);
      return worker;
    },
    backend: "cpu", weights: new Uint8Array([1]), set, settings, ...options,
  });
  for (const name of ["saved", "moved"]) run.addEventListener(name, () => events.push(name));
  await null;
  /** The newest worker. */
  const worker = () => /** @type {TrainWorker} */ (workers.at(-1));
  return { run, workers, worker, events };
}

test("progress follows the worker to the end, and the worker goes", async () => {
  const { run, worker } = await begin();
  assert.equal(run.progress.state, "preparing");
  worker().tell(started, { kind: "event", event: { kind: "features", done: 3, total: 7 }, secondsLeft: null });
  assert.deepEqual([run.progress.state, run.progress.features, run.progress.epoch], ["running", { done: 3, total: 7 }, 0]);
  worker().tell({ kind: "event", event: { kind: "batch", epoch: 1, batch: 2, batches: 3, training: score(0.5) }, secondsLeft: 4 });
  const { epoch, epochs, batch, batches, loss, accuracy, secondsLeft } = run.progress;
  assert.deepEqual([epoch, epochs, batch, batches, loss, accuracy, secondsLeft], [1, 3, 2, 3, 0.5, 0.95, 4]);
  worker().tell(epochEvent(1));
  assert.deepEqual([run.progress.batch, run.progress.history], [3, [record(1)]]);
  const weights = blob("best");
  worker().tell({ kind: "finished", outcome: "done", weights, history: [record(1)] });
  assert.deepEqual(await run.finished, { outcome: "done", weights, history: [record(1)], error: null });
  assert.deepEqual([run.progress.state, run.progress.secondsLeft], ["done", null]);
  assert.ok(worker().terminated);
});

test("stop is asked of the worker, and what it answers is the outcome", async () => {
  const { run, worker } = await begin();
  worker().tell(started, epochEvent(1));
  run.stop();
  run.stop();
  assert.equal(run.progress.state, "stopping");
  assert.deepEqual(worker().requests.slice(1), [{ kind: "stop" }]);
  worker().tell(epochEvent(2));
  assert.equal(run.progress.state, "stopping");
  worker().tell({ kind: "finished", outcome: "stopped", weights: null, history: [] });
  assert.equal((await run.finished).outcome, "stopped");
});

test("a worker that doesn't stop in time is ended with the best that was saved", async () => {
  const { run, worker } = await begin({ stopLimitMs: 20 });
  const best = blob("best");
  worker().tell(started, epochEvent(1), { kind: "saved", checkpoint: blob("1"), best }, epochEvent(2));
  run.stop();
  assert.deepEqual(await run.finished, { outcome: "stopped", weights: best, history: [record(1)], error: null });
  assert.ok(worker().terminated);
});

test("a worker that is stopping has the time once more to hand over its weights", async () => {
  const { run, worker } = await begin({ stopLimitMs: 60 });
  run.stop();
  const wait = () => new Promise((resolve) => setTimeout(resolve, 40));
  await wait();
  worker().tell({ kind: "stopping" });
  await wait();
  const weights = blob("best");
  worker().tell({ kind: "finished", outcome: "stopped", weights, history: [] });
  assert.equal((await run.finished).weights, weights);
});

/** @type {[name: string, fail: (worker: TrainWorker) => void, code: string][]} */
const GPU_FAILURES = [
  ["loses its device", (worker) => worker.tell({ kind: "finished", outcome: "failed", weights: null, history: [],
    error: { code: "device", message: "lost" } }), "device"],
  ["traps", (worker) => worker.tell({ kind: "crash", message: "unreachable" }), "worker-crashed"],
  ["dies", (worker) => worker.onerror?.(/** @type {ErrorEvent} */ ({ message: "out of memory" })), "worker-crashed"],
];

for (const [name, fail, code] of GPU_FAILURES) {
  test(`when WebGPU ${name}, the CPU goes on from the last save, and it is said once`, async () => {
    const { run, workers, worker, events } = await begin({ backend: "webgpu" });
    /** @type {SignetError[]} */
    const reasons = [];
    run.addEventListener("moved", (event) => reasons.push(/** @type {CustomEvent} */ (event).detail));
    worker().tell(started, epochEvent(1), { kind: "saved", checkpoint: blob("after 1"), best: blob("best of 1") }, epochEvent(2));
    fail(worker());
    assert.deepEqual(reasons.map((reason) => reason.code), [code]);
    assert.ok(workers[0]?.terminated && workers.length === 2);
    assert.equal(await worker().start.resume?.checkpoint.text(), "after 1");
    assert.equal(worker().start.backend, "cpu");
    assert.deepEqual([run.progress.state, run.progress.backend, run.progress.history], ["preparing", "cpu", [record(1)]]);
    workers[0].tell(epochEvent(3));
    assert.equal(run.progress.history.length, 1, "the dead worker's last words are nobody's");
    worker().tell({ kind: "started", history: [record(1)] }, epochEvent(2));
    worker().tell({ kind: "finished", outcome: "done", weights: blob("best"), history: [record(1), record(2)] });
    assert.equal((await run.finished).outcome, "done");
    assert.deepEqual(events, ["saved", "moved"]);
  });
}

for (const told of /** @type {const} */ (["finished", "crash"])) {
  test(`the CPU goes on from what the lost worker handed over at last, told as ${told}`, async () => {
    const { worker } = await begin({ backend: "webgpu" });
    worker().tell(started, epochEvent(1), { kind: "saved", checkpoint: blob("after 1"), best: blob("best of 1") }, epochEvent(2));
    const saved = { checkpoint: blob("after 2"), best: blob("best of 2") };
    worker().tell(told === "crash" ? { kind: told, message: "unreachable", saved }
      : { kind: told, outcome: "failed", weights: null, history: [record(1), record(2)], error: { code: "device", message: "lost" }, saved });
    const { resume } = worker().start;
    assert.deepEqual([await resume?.checkpoint.text(), await resume?.best?.text()], ["after 2", "best of 2"]);
  });
}

test("what a lost device could still hand over is kept when the CPU doesn't come as far", async () => {
  const lost = /** @type {TrainAnswer} */ ({ kind: "finished", outcome: "failed", weights: blob("best of 2"), history: [record(1), record(2)],
    error: { code: "device", message: "lost" } });
  const saved = /** @type {TrainAnswer} */ ({ kind: "saved", checkpoint: blob("after 1"), best: blob("best of 1") });
  const resumed = /** @type {TrainAnswer} */ ({ kind: "started", history: [record(1)] });

  const stopped = await begin({ backend: "webgpu" });
  stopped.worker().tell(started, epochEvent(1), saved, epochEvent(2), lost, resumed);
  stopped.run.stop();
  stopped.worker().tell({ kind: "finished", outcome: "stopped", weights: blob("best of 1"), history: [record(1)] });
  const { outcome, weights, history } = await stopped.run.finished;
  assert.deepEqual([outcome, await weights?.text(), history], ["stopped", "best of 2", [record(1), record(2)]]);

  const finished = await begin({ backend: "webgpu" });
  finished.worker().tell(started, epochEvent(1), saved, epochEvent(2), lost, resumed);
  finished.worker().tell({ kind: "finished", outcome: "done", weights: blob("best of all"), history: [record(1)] });
  assert.equal(await (await finished.run.finished).weights?.text(), "best of all", "unless it has come to its end");
});

test("a training that nobody wants any more ends at once", async () => {
  const { run, worker } = await begin();
  worker().tell(started, epochEvent(1));
  run.discard();
  assert.ok(worker().terminated);
  assert.equal((await run.finished).outcome, "stopped");
});

test("a setting that is wrong is wrong on the CPU too", async () => {
  const { run, workers, worker } = await begin({ backend: "webgpu" });
  worker().tell({ kind: "finished", outcome: "failed", weights: null, history: [], error: { code: "setting", message: "epochs: 0" } });
  const { outcome, error } = await run.finished;
  assert.deepEqual([outcome, error?.code, workers.length], ["failed", "setting", 1]);
});

test("numbers that ran off end the training with the best before", async () => {
  const { run, worker } = await begin();
  const weights = blob("best of 1");
  worker().tell(started, epochEvent(1));
  worker().tell({ kind: "finished", outcome: "failed", weights, history: [record(1)], error: { code: "not-finite", message: "epoch 2" } });
  const outcome = await run.finished;
  assert.deepEqual([outcome.outcome, outcome.weights, outcome.error?.code], ["failed", weights, "not-finite"]);
});

test("the CPU is tried once more after a crash, from the start where nothing was saved, and then it is over", async () => {
  const { run, workers, worker } = await begin();
  worker().tell(started, { kind: "crash", message: "unreachable" });
  assert.equal(worker().start.resume, null);
  const best = blob("best of 1");
  worker().tell(started, epochEvent(1), { kind: "saved", checkpoint: blob("after 1"), best }, { kind: "crash", message: "again" });
  const outcome = await run.finished;
  assert.deepEqual([outcome.outcome, outcome.weights, outcome.history, outcome.error?.code], ["failed", best, [record(1)], "worker-crashed"]);
  assert.equal(workers.length, 2);
  assert.ok(workers.every(({ terminated }) => terminated));
});

test("a crash while it stops is a stop", async () => {
  const { run, workers, worker } = await begin();
  worker().tell(started);
  run.stop();
  worker().tell({ kind: "crash", message: "unreachable" });
  assert.deepEqual(await run.finished, { outcome: "stopped", weights: null, history: [], error: null });
  assert.equal(workers.length, 1);
});

test("where no worker can be made, the training fails", async () => {
  const { run } = await begin({ createWorker: () => { throw new Error("no workers here"); } });
  const { outcome, error } = await run.finished;
  assert.deepEqual([outcome, error?.code], ["failed", "worker-crashed"]);
});

test("an interrupted training starts with its save, and a crash before the next one goes back to it", async () => {
  const best = blob("best");
  const { run, worker } = await begin({ resume: { checkpoint: blob("after 1"), best } });
  assert.equal(await worker().start.resume?.checkpoint.text(), "after 1");
  worker().tell({ kind: "started", history: [record(1)] }, epochEvent(2));
  assert.equal(run.progress.history.length, 2);
  worker().tell({ kind: "crash", message: "unreachable" });
  assert.deepEqual(run.progress.history, [record(1)]);
  assert.equal(await worker().start.resume?.checkpoint.text(), "after 1");
  worker().tell({ kind: "crash", message: "again" });
  const outcome = await run.finished;
  assert.deepEqual([outcome.weights, outcome.history], [best, [record(1)]]);
});
