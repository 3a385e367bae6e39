import assert from "node:assert/strict";
import test from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { SignetClient } from "../../www/recognizer/client.js";
import { sharedMemory } from "../../www/recognizer/memory.js";
import { threadCounts } from "../../www/recognizer/support.js";
import { picture, standIns } from "./stand-ins.js";

/** @typedef {import("../../www/recognizer/backends.js").Choice} Choice */
/** @typedef {import("./stand-ins.js").Reply} Reply */
/** @typedef {import("./stand-ins.js").Respond} Respond */

const CRASH = { crash: "unreachable" };
const MISSING = /** @type {const} */ ({ error: { code: "module-missing", message: "404" } });

for (const [counts, isolated, cores, demanded] of /** @type {[number[], boolean, number, number?][]} */ ([
  [[1], false, 8], [[1], false, 8, 4],
  [[1], true, 1], [[1, 2], true, 2], [[1, 2], true, 3], [[1, 2, 3], true, 4], [[1, 2, 4], true, 5], [[1, 2, 4], true, 64],
  [[1], true, 8, 1], [[3], true, 2, 3], [[16], true, 8, 99],
])) {
  const where = `on ${cores} cores, ${isolated ? "" : "not "}isolated${demanded ? `, ${demanded} demanded` : ""}`;
  test(`threads that are tried ${where}: ${counts.join(", ")}`, (t) => {
    t.mock.method(WebAssembly, "validate", () => true);
    assert.deepEqual(threadCounts(demanded, { crossOriginIsolated: isolated, navigator: { hardwareConcurrency: cores } }), counts);
  });
}

test("without relaxed SIMD there is one thread", (t) => {
  t.mock.method(WebAssembly, "validate", () => false);
  assert.deepEqual(threadCounts(undefined, { crossOriginIsolated: true, navigator: { hardwareConcurrency: 4 } }), [1]);
});

for (const [grows, sizes] of /** @type {const} */ ([[true, [[64, 2048], [64, 512]]], [false, [[512, 512], [256, 256]]]])) {
  test(`shared memory that ${grows ? "grows" : "must not grow"} is asked for once more, smaller, where the browser refuses it, and then not again`, (t) => {
    /** @type {number[][]} */
    const asked = [];
    t.mock.method(WebAssembly, "Memory", function Memory(/** @type {any} */ { initial, maximum, shared }) {
      asked.push([initial / 16, maximum / 16]);
      assert.equal(shared, true);
      throw new RangeError("could not allocate memory");
    });
    assert.throws(() => sharedMemory(grows), RangeError);
    assert.deepEqual(asked, sizes);
  });
}

/**
 * A client whose CPU takes a time for each number of threads.
 * @param {object} [machine]
 * @param {number[]} [machine.threads]
 * @param {Record<number, number>} [machine.ms] by the number of threads
 * @param {(request: any) => Reply | undefined | false} [machine.first] of the worker that answers: instead, where it has an answer
 * @param {Respond} [machine.help] of a helper
 */
function start({ threads = [1, 2], ms = { 1: 20, 2: 11 }, first = () => undefined, help = () => ({ silent: true }) } = {}) {
  /** @type {Choice[]} */
  const choices = [];
  /** @type {WeakMap<object, number>} */
  const counts = new WeakMap();
  const cpu = standIns((request, worker) => {
    const own = first(request);
    if (own) return own;
    if (request.kind === "load") return { value: { labels: ["5"], hasDetector: false } };
    if (request.kind === "share") return { value: { module: "the module", memory: "its memory" } };
    if (request.kind === "threads") counts.set(worker, request.count);
    const latencyMs = ms[counts.get(worker) ?? 1];
    return { value: request.kind === "classify" ? { label: "5", probabilities: [1], latencyMs } : null };
  });
  const helpers = standIns(async (request, worker) => {
    if ((await help(request, worker)).silent) worker.tell({ isReady: true });
    return { silent: true };
  });
  let restarts = 0;
  const client = new SignetClient({
    backend: "cpu", threads, requireWebGpu: async () => {}, createWorker: cpu.createWorker, createHelper: helpers.createWorker,
    loadWeights: async () => ({ bytes: new Uint8Array([1]), source: "download" }),
    onChoice: (choice) => choices.push(choice), onRestart: () => { restarts += 1; },
  });
  return {
    client, workers: cpu.workers, helpers: helpers.workers, restarts: () => restarts,
    /** What the newest choice says. */
    said: () => { const { threads: count, latencyMs, threadsError } = /** @type {Choice} */ (choices.at(-1)); return [count, latencyMs, threadsError]; },
    answers: async () => (await client.classify(picture(), { keep: true })).latencyMs,
    /** What a worker was asked of threads, in short. @param {number} [which] */
    asked: (which = 0) => (cpu.workers[which]?.requests ?? []).filter(({ kind }) => ["share", "threads", "dismiss"].includes(kind))
      .map(({ kind, count }) => (kind === "threads" ? count : kind)),
  };
}

/** The same once the trial is over. @param {Parameters<typeof start>[0]} [machine] */
async function settled(machine) {
  const started = start(machine);
  await started.client.settled;
  return started;
}

test("helpers start behind the first answer, and as many threads compute as pay", async () => {
  const { client, helpers, said, answers, workers } = start({ threads: [1, 2, 4], ms: { 1: 20, 2: 11, 4: 10.5 } });
  await client.ready;
  assert.equal(helpers.length, 0);
  await client.settled;
  assert.deepEqual(said(), [2, 11, undefined], "four hardly gain anything");
  assert.equal(helpers.length, 3);
  assert.deepEqual(helpers[0]?.requests, [{ module: "the module", memory: "its memory" }]);
  assert.equal(await answers(), 11);
  assert.equal(workers[0]?.requests[0].threads, true);
  client.close();
  assert.ok(helpers.every(({ terminated }) => terminated));
});

test("where a second thread does not pay, its helper leaves the module before it ends", async () => {
  const started = start({ ms: { 1: 20, 2: 19 }, first: ({ kind }) => {
    if (kind === "dismiss") started.helpers[0]?.fail("it has ended");
    return undefined;
  } });
  const { client, helpers, said, asked } = started;
  await client.settled;
  assert.deepEqual(said(), [1, 20, undefined]);
  assert.deepEqual(asked().slice(-2), [1, "dismiss"]);
  assert.deepEqual(helpers.map(({ terminated }) => terminated), [true]);
});

test("a number that is demanded is taken without a trial, and 1 asks for no threads at all", async () => {
  const two = await settled({ threads: [2], ms: { 1: 20, 2: 30 } });
  assert.deepEqual([two.said(), two.asked()], [[2, 30, undefined], ["share", 2]]);
  const one = await settled({ threads: [1] });
  assert.deepEqual([one.said(), one.asked(), one.helpers.length], [[1, 20, undefined], [], 0]);
  assert.equal(one.workers[0]?.requests[0].threads, undefined);
});

/** @type {[name: string, machine: Parameters<typeof start>[0], helpers: number, error: string][]} */
const FAILURES = [
  ["the module can't share its memory", { first: ({ kind }) => kind === "share" && MISSING }, 0, "module-missing"],
  ["a helper's script fails", { help: (_, worker) => { worker.fail("404"); return {}; } }, 1, "worker-crashed"],
  ["a helper does not start the module", { help: (_, worker) => { worker.tell({ crash: "no memory" }); return {}; } }, 1, "worker-crashed"],
];
for (const [name, machine, count, error] of FAILURES) {
  test(`where ${name}, one thread answers, and says so`, async () => {
    const { said, answers, helpers, asked, restarts } = await settled(machine);
    assert.deepEqual(said(), [1, 20, error]);
    assert.equal(asked().at(-1), "dismiss");
    await turn();
    assert.deepEqual(helpers.map(({ terminated }) => terminated), new Array(count).fill(true));
    assert.deepEqual([await answers(), restarts()], [20, 0]);
  });
}

test("a helper that dies later leaves one thread that goes on, in the same worker", async () => {
  const { said, helpers: [helper], asked, workers, restarts } = await settled();
  assert.deepEqual(said(), [2, 11, undefined]);
  helper?.tell({ crash: "unreachable" });
  assert.deepEqual(said(), [1, 20, "worker-crashed"]);
  for (let turns = 0; turns < 4; turns += 1) await turn();
  assert.ok(helper?.terminated);
  assert.deepEqual([asked().at(-1), workers.length, restarts()], ["dismiss", 1, 0]);
});

test("after a crash the plain module takes over, with the request that was open", async () => {
  let isBroken = false;
  const { said, answers, helpers, workers, restarts, asked } = await settled({ first: ({ kind }) => {
    if (!isBroken || kind !== "classify") return false;
    isBroken = false;
    return CRASH;
  } });
  isBroken = true;
  assert.equal(await answers(), 20);
  assert.deepEqual([said(), restarts(), asked(1)], [[1, 20, "worker-crashed"], 1, []]);
  assert.equal(workers[1]?.requests[0].threads, false);
  assert.ok(helpers[0]?.terminated);
});

test("a module that crashes as soon as it starts is followed by the plain one", async () => {
  const { client, said, workers } = start({ first: ({ kind, threads }) => kind === "init" && threads && CRASH });
  await client.settled;
  assert.deepEqual([said(), workers.length], [[1, 20, "worker-crashed"], 2]);
});

test("a worker that is replaced because it was oversized is helped again", async () => {
  const { workers, helpers, asked, answers } = await settled();
  const open = answers();
  await turn();
  const [worker] = workers;
  worker?.tell({ id: worker.requests.at(-1).id, ok: true, value: { latencyMs: 11 }, oversized: true });
  await open;
  for (let turns = 0; turns < 6; turns += 1) await turn();
  assert.deepEqual([workers.length, asked(1)], [2, ["share", 2]]);
  assert.deepEqual(helpers.map(({ terminated }) => terminated), [true, false]);
  assert.equal(await answers(), 11);
});
