import assert from "node:assert/strict";
import test from "node:test";
import { TrainingRun } from "../../www/library/training.js";
import { SET, SETTINGS, blob, record, standIns } from "./stand-ins.js";

/** @typedef {import("./stand-ins.js").WorkerStandIn} WorkerStandIn */

const epoch = (/** @type {number} */ number) => ({ kind: "event", event: { kind: "epoch", ...record(number) }, secondsLeft: 7 });
const started = { kind: "started", history: [] };
const resumed = { kind: "started", history: [record(1)] };
const crash = { kind: "crash", message: "unreachable" };
const saved = (/** @type {number} */ epochs) => ({ checkpoint: blob(`after ${epochs}`), best: blob(`best of ${epochs}`) });
const save = { kind: "saved", ...saved(1) };

/** A worker's last word. @param {"done" | "stopped"} outcome @param {string | null} weights @param {number} [epochs] */
const finished = (outcome, weights, epochs = 0) =>
  ({ kind: "finished", outcome, weights: weights && blob(weights), history: [record(1), record(2)].slice(0, epochs) });
/** @param {string} code @param {string | null} [weights] @param {number} [epochs] */
const failed = (code, weights = null, epochs = 0) =>
  ({ ...finished("done", weights, epochs), outcome: "failed", error: { code, message: "it failed" } });

/** @param {Partial<ConstructorParameters<typeof TrainingRun>[0]>} [options] */
async function begin(options = {}) {
  const { workers, createWorker } = standIns();
  const run = new TrainingRun({ createWorker, backend: "cpu", weights: new Uint8Array([1]), set: SET, settings: SETTINGS, ...options });
  /** @type {string[]} */
  const events = [];
  for (const name of ["saved", "moved"]) {
    run.addEventListener(name, (event) => {
      const { detail } = /** @type {CustomEvent} */ (event);
      events.push(detail.code ? `${name}: ${detail.code}` : name);
    });
  }
  run.start();
  return {
    run, workers, events,
    /** The newest worker says so. @param {...object} answers */
    tell: (...answers) => workers.at(-1)?.tell(...answers),
    /** What the newest worker was started with. */
    start: () => workers.at(-1)?.requests[0],
    /** What comes of it, the weights by their text. */
    async outcome() {
      const { outcome, weights, history, error } = await run.finished;
      return { outcome, weights: await weights?.text(), epochs: history.length, error: error?.code };
    },
  };
}

const STOPPED = { outcome: "stopped", weights: undefined, epochs: 0, error: undefined };

test("progress follows the worker to the end, and the worker goes", async () => {
  const { run, workers, tell, outcome } = await begin();
  assert.equal(run.progress.state, "preparing");
  tell(started, { kind: "event", event: { kind: "features", done: 3, total: 7 }, secondsLeft: null });
  assert.deepEqual([run.progress.state, run.progress.features, run.progress.epoch], ["running", { done: 3, total: 7 }, 0]);
  const batch = { epoch: 1, batch: 2, batches: 3, training: { loss: 0.4, accuracy: 0.95 } };
  tell({ kind: "event", event: { kind: "batch", ...batch }, secondsLeft: 4 });
  const { epoch: number, epochs, batch: done, batches, loss, accuracy, secondsLeft } = run.progress;
  assert.deepEqual([number, epochs, done, batches, loss, accuracy, secondsLeft], [1, 3, 2, 3, 0.4, 0.95, 4]);
  tell(epoch(1));
  assert.deepEqual([run.progress.batch, run.progress.history], [3, [record(1)]]);
  tell(finished("done", "best", 1));
  assert.deepEqual(await outcome(), { outcome: "done", weights: "best", epochs: 1, error: undefined });
  assert.deepEqual([run.progress.state, run.progress.secondsLeft], ["done", null]);
  assert.ok(workers[0]?.terminated);
});

test("stop is asked of the worker, and what it answers is the outcome", async () => {
  const { run, workers, tell, outcome } = await begin();
  tell(started, epoch(1));
  run.stop();
  run.stop();
  assert.equal(run.progress.state, "stopping");
  assert.deepEqual(workers[0]?.requests.slice(1), [{ kind: "stop" }]);
  tell(epoch(2));
  assert.equal(run.progress.state, "stopping");
  tell(finished("stopped", null));
  assert.deepEqual(await outcome(), STOPPED);
});

test("a worker that doesn't stop in time is ended with the best that was saved", async () => {
  const { run, workers, tell, outcome } = await begin({ stopLimitMs: 20 });
  tell(started, epoch(1), save, epoch(2));
  run.stop();
  assert.deepEqual(await outcome(), { ...STOPPED, weights: "best of 1", epochs: 1 });
  assert.ok(workers[0]?.terminated);
});

test("a worker that is stopping has the time once more to hand over its weights", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const { run, tell, outcome } = await begin({ stopLimitMs: 60 });
  run.stop();
  t.mock.timers.tick(40);
  tell({ kind: "stopping" });
  t.mock.timers.tick(40);
  tell(finished("stopped", "best"));
  assert.equal((await outcome()).weights, "best");
});

/** @type {[name: string, fail: (worker: WorkerStandIn) => void, code: string][]} */
const GPU_FAILURES = [
  ["loses its device", (worker) => worker.tell(failed("device")), "device"],
  ["traps", (worker) => worker.tell(crash), "worker-crashed"],
  ["dies", (worker) => worker.fail("out of memory"), "worker-crashed"],
];
for (const [name, fail, code] of GPU_FAILURES) {
  test(`when WebGPU ${name}, the CPU goes on from the last save, and it is said once`, async () => {
    const { run, workers, events, tell, start, outcome } = await begin({ backend: "webgpu" });
    tell(started, epoch(1), save, epoch(2));
    const [gpu] = workers;
    assert.ok(gpu);
    fail(gpu);
    assert.ok(gpu.terminated && workers.length === 2);
    assert.deepEqual([await start().resume.checkpoint.text(), start().backend], ["after 1", "cpu"]);
    assert.deepEqual([run.progress.state, run.progress.backend, run.progress.history], ["preparing", "cpu", [record(1)]]);
    gpu.tell(epoch(3));
    assert.equal(run.progress.history.length, 1, "the dead worker's last words are nobody's");
    tell(resumed, epoch(2), finished("done", "best", 2));
    assert.equal((await outcome()).outcome, "done");
    assert.deepEqual(events, ["saved", `moved: ${code}`]);
  });
}

for (const last of [failed("device", null, 2), crash]) {
  test(`the CPU goes on from what the lost worker handed over at last, told as ${last.kind}`, async () => {
    const { tell, start } = await begin({ backend: "webgpu" });
    tell(started, epoch(1), save, epoch(2), { ...last, saved: saved(2) });
    const { checkpoint, best } = start().resume;
    assert.deepEqual([await checkpoint.text(), await best.text()], ["after 2", "best of 2"]);
  });
}

test("what a lost device could still hand over is kept when the CPU doesn't come as far, unless it has come to its end", async () => {
  for (const isDone of [false, true]) {
    const { run, tell, outcome } = await begin({ backend: "webgpu" });
    tell(started, epoch(1), save, epoch(2), failed("device", "best of 2", 2));
    tell(resumed);
    if (!isDone) run.stop();
    tell(isDone ? finished("done", "best of all", 1) : finished("stopped", "best of 1", 1));
    const { history } = await run.finished;
    assert.deepEqual(await outcome(), isDone ? { outcome: "done", weights: "best of all", epochs: 1, error: undefined }
      : { outcome: "stopped", weights: "best of 2", epochs: 2, error: undefined });
    assert.deepEqual(history, [record(1), record(2)].slice(0, isDone ? 1 : 2));
  }
});

test("a training that nobody wants any more ends at once", async () => {
  const { run, workers, tell, outcome } = await begin();
  tell(started, epoch(1));
  run.discard();
  assert.ok(workers[0]?.terminated);
  assert.equal((await outcome()).outcome, "stopped");
});

/** @type {[name: string, backend: "cpu" | "webgpu", code: string, weights: string | undefined][]} */
const HOPELESS = [
  ["a setting that is wrong is wrong on the CPU too", "webgpu", "setting", undefined],
  ["numbers that ran off end the training with the best before", "cpu", "not-finite", "best of 1"],
];
for (const [name, backend, code, weights] of HOPELESS) {
  test(name, async () => {
    const { workers, tell, outcome } = await begin({ backend });
    tell(started, epoch(1), failed(code, weights ?? null, 1));
    assert.deepEqual(await outcome(), { outcome: "failed", weights, epochs: 1, error: code });
    assert.equal(workers.length, 1);
  });
}

test("the CPU is tried once more after a crash, from the start where nothing was saved, and then it is over", async () => {
  const { workers, tell, start, outcome } = await begin();
  tell(started, crash);
  assert.equal(start().resume, null);
  tell(started, epoch(1), save, crash);
  assert.deepEqual(await outcome(), { outcome: "failed", weights: "best of 1", epochs: 1, error: "worker-crashed" });
  assert.deepEqual(workers.map(({ terminated }) => terminated), [true, true]);
});

test("a crash while it stops is a stop", async () => {
  const { run, workers, tell, outcome } = await begin();
  tell(started);
  run.stop();
  tell(crash);
  assert.deepEqual(await outcome(), STOPPED);
  assert.equal(workers.length, 1);
});

test("where no worker can be made, the training fails", async () => {
  const { outcome } = await begin({ createWorker: () => { throw new Error("no workers here"); } });
  assert.deepEqual(await outcome(), { ...STOPPED, outcome: "failed", error: "worker-crashed" });
});

test("an interrupted training starts with its save, and a crash before the next one goes back to it", async () => {
  const { run, tell, start, outcome } = await begin({ resume: saved(1) });
  assert.equal(await start().resume.checkpoint.text(), "after 1");
  tell(resumed, epoch(2));
  assert.equal(run.progress.history.length, 2);
  tell(crash);
  assert.deepEqual(run.progress.history, [record(1)]);
  assert.equal(await start().resume.checkpoint.text(), "after 1");
  tell(crash);
  assert.deepEqual(await outcome(), { outcome: "failed", weights: "best of 1", epochs: 1, error: "worker-crashed" });
});
