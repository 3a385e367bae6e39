import assert from "node:assert/strict";
import test from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { CPU_LIMIT_MS, RETRY_MS } from "../../www/recognizer/backends.js";
import { SignetClient } from "../../www/recognizer/client.js";
import { newestOnly } from "../../www/ui/newest-only.js";
import { SignetError } from "../../www/recognizer/errors.js";
import { blob, picture, standIns } from "./stand-ins.js";

/** @typedef {import("../../www/recognizer/backends.js").BackendOptions} BackendOptions */
/** @typedef {import("../../www/recognizer/backends.js").Choice} Choice */
/** @typedef {import("../../www/recognizer/errors.js").ErrorCode} ErrorCode */
/** @typedef {import("./stand-ins.js").Reply} Reply */
/** @typedef {import("./stand-ins.js").Respond} Respond */

/** @param {ErrorCode} code */
const failure = (code) => ({ error: { code, message: "it failed" } });
const CRASH = { crash: "unreachable" };
const LOST = failure("device");

/**
 * A worker of a given speed. It knows which model is in which slot, and answers with its name, which a fine-tuned one's
 * weights are.
 * @param {number} latencyMs
 * @param {(request: any) => Reply | undefined | false} [first] answers instead where it has an answer
 * @param {number[]} [probabilities]
 * @returns {Respond}
 */
function computes(latencyMs, first = () => undefined, probabilities = [0.9, 0.1]) {
  /** @type {WeakMap<object, Map<string, string>>} */
  const held = new WeakMap();
  return async (request, worker) => {
    const own = first(request);
    if (own) return own;
    const models = held.get(worker) ?? new Map();
    held.set(worker, models);
    const { kind, slot } = request;
    if (kind === "load") {
      const name = request.source instanceof Blob ? await request.source.text() : "original";
      if (name === "damaged") return failure("weights-format");
      models.set(slot, name);
      return { value: { labels: [name], hasDetector: name === "finder" } };
    }
    if (kind === "unload") models.delete(slot);
    if (kind === "init" || kind === "unload") return { value: null };
    if (kind === "input") return { value: { input: { data: [latencyMs] }, width: 1, height: 1 } };
    const label = models.get(slot);
    if (!label) return failure("unexpected");
    if (kind === "self-check") return label === "unproven" ? failure("self-check") : { value: 0 };
    if (kind === "score") return { value: Array.from({ length: request.pixels.length / 16384 }, () => ({ probabilities: [latencyMs] })) };
    return { value: { label, probability: probabilities[0], probabilities, input: null, width: 1, height: 1, latencyMs } };
  };
}

/** @param {Partial<BackendOptions> & { cpu?: Respond, webgpu?: Respond }} [machine] of a slow CPU and a fast GPU unless told otherwise */
function start({ cpu = computes(50), webgpu = computes(5), ...options } = {}) {
  /** @type {Choice[]} */
  const choices = [];
  const made = { cpu: standIns(cpu), webgpu: standIns(webgpu) };
  const client = new SignetClient({
    requireWebGpu: async () => {},
    loadWeights: async () => ({ bytes: new Uint8Array([1]), source: "download" }),
    createWorker: (kind) => made[kind].createWorker(),
    onChoice: (choice) => choices.push(choice),
    ...options,
  });
  return {
    client, choices, workers: { cpu: made.cpu.workers, webgpu: made.webgpu.workers },
    /** The newest choice. */
    last: () => /** @type {Choice} */ (choices.at(-1)),
    /** Which model answers, and how fast. @param {Parameters<typeof client.classify>[1]} [how] */
    async answer(how) {
      const { label, latencyMs } = await client.classify(picture(), how);
      return [label, latencyMs];
    },
  };
}

/** The same once it is decided which backend serves. @param {Parameters<typeof start>[0]} [machine] */
async function settled(machine) {
  const started = start(machine);
  await started.client.settled;
  return started;
}

test("the CPU answers first, and WebGPU takes over when it is right and faster", async () => {
  const { client, choices, last, answer } = start();
  await client.ready;
  assert.deepEqual([choices[0]?.backend, choices[0]?.reason], ["cpu", "checking"]);
  await client.settled;
  assert.deepEqual([last().backend, last().latencyMs, last().otherMs, last().reason], ["webgpu", 5, 50, "faster"]);
  assert.deepEqual(await answer(), ["original", 5]);
});

test("the CPU answers while WebGPU is still being tried", async () => {
  const { client, workers, answer } = start({ webgpu: () => ({ silent: true }) });
  await client.ready;
  assert.deepEqual(await answer(), ["original", 50]);
  client.close();
  assert.ok(workers.cpu[0]?.terminated);
});

test("a slower WebGPU is timed once, and its worker is ended", async () => {
  const { workers: { webgpu: [gpu] }, last } = await settled({ webgpu: computes(3490) });
  assert.deepEqual([last().backend, last().otherMs, last().reason], ["cpu", 3490, "slower"]);
  assert.ok(gpu?.terminated);
  // One run that does not count and one that settles it.
  assert.equal(gpu.requests.filter(({ kind }) => kind === "classify").length, 2);
});

/** @type {[name: string, webgpu: Respond, reason: string][]} */
const UNFIT = [
  ["has other numbers", computes(5, undefined, [0.5, 0.5]), "gpu-disagrees"],
  ["answers NaN", computes(5, undefined, [NaN, NaN]), "gpu-disagrees"],
  ["fails its proof", computes(5, ({ kind }) => kind === "self-check" && failure("self-check")), "self-check"],
];
for (const [name, webgpu, reason] of UNFIT) {
  test(`a WebGPU that ${name} does not serve`, async () => {
    const { workers, last } = await settled({ webgpu });
    assert.deepEqual([last().backend, last().reason, last().lost], ["cpu", reason, false]);
    assert.ok(workers.webgpu[0]?.terminated);
  });
}

test("where WebGPU can't be tried no worker is started for it, and the reason is told", async () => {
  const requireWebGpu = async () => { throw new SignetError("gpu-adapter", "none"); };
  const { last, workers } = await settled({ requireWebGpu });
  assert.deepEqual([last().backend, last().latencyMs, last().reason], ["cpu", 50, "gpu-adapter"]);
  assert.equal(workers.webgpu.length, 0);
});

test("?backend=cpu never touches WebGPU", async () => {
  const { last, workers } = await settled({ backend: "cpu", requireWebGpu: async () => assert.fail("asked for WebGPU") });
  assert.deepEqual([last().backend, last().reason], ["cpu", "forced"]);
  assert.equal(workers.webgpu.length, 0);
});

test("?backend=webgpu fails rather than falling back", async () => {
  const requireWebGpu = async () => { throw new SignetError("gpu-missing", "none"); };
  const { client, workers, answer } = start({ backend: "webgpu", requireWebGpu });
  await assert.rejects(client.ready, { code: "gpu-missing" });
  await assert.rejects(answer(), { code: "gpu-missing" });
  assert.equal(workers.cpu.length, 0);
});

for (const [name, reply] of /** @type {const} */ ([["crashes", CRASH], ["loses its device", LOST]])) {
  test(`when the serving WebGPU ${name}, the CPU answers the open request, with the fine-tuned model, and serves from then on`, async () => {
    let isBroken = false;
    const { client, workers, last, answer } = await settled({ webgpu: computes(5, () => isBroken && reply) });
    await client.loadFurther(blob("rock"), "fine-tuned");
    assert.equal(last().backend, "webgpu");
    isBroken = true;
    assert.deepEqual(await answer({ keep: true }), ["rock", 50]);
    assert.deepEqual([last().backend, last().latencyMs, last().lost], ["cpu", 50, true]);
    assert.ok(workers.webgpu[0]?.terminated);
    assert.deepEqual(await answer(), ["rock", 50]);
  });
}

test("a CPU that is silent about what WebGPU left open has its limit of time, too", async (t) => {
  let isBroken = false;
  /** @type {import("./stand-ins.js").WorkerStandIn[]} */
  let workers = [];
  const cpu = computes(50, ({ kind }) => kind === "classify" && isBroken && workers.length === 1 && { silent: true });
  const { answer, workers: made } = await settled({ cpu, webgpu: computes(5, () => isBroken && LOST) });
  workers = made.cpu;
  isBroken = true;
  t.mock.timers.enable({ apis: ["setInterval"] });
  const answered = answer({ keep: true });
  for (let turns = 0; turns < 20; turns += 1) await turn();
  for (let ticks = 0; ticks < 4; ticks += 1) t.mock.timers.tick(CPU_LIMIT_MS / 4);
  assert.deepEqual(await answered, ["original", 50]);
});

test("a WebGPU whose device was lost is tried again after a while, and serves again; it is not tried for ever", async (t) => {
  let isBroken = false;
  const { client, workers, last, answer } = await settled({ webgpu: computes(5, () => isBroken && LOST) });
  await client.loadFurther(blob("rock"), "fine-tuned");
  let passed = 0;
  const { now } = performance;
  t.mock.method(performance, "now", () => now.call(performance) + passed);
  isBroken = true;
  assert.deepEqual(await answer({ keep: true }), ["rock", 50]);
  await answer();
  assert.equal(workers.webgpu.length, 1, "not at once");
  isBroken = false;
  passed += RETRY_MS;
  assert.deepEqual(await answer(), ["rock", 50]);
  while (last().backend === "cpu") await turn();
  assert.deepEqual([await answer(), last().reason, last().lost], [["rock", 5], "faster", false]);
  isBroken = true;
  for (let tries = 0; tries < 9; tries += 1) {
    passed += 100 * RETRY_MS;
    assert.deepEqual(await answer({ keep: true }), ["rock", 50]);
    for (let turns = 0; turns < 50; turns += 1) await turn();
  }
  assert.equal(workers.webgpu.length, 4);
});

test("a WebGPU that was demanded is started anew after its device was lost, and answers what was open", async () => {
  let losses = 0;
  const webgpu = computes(5, ({ kind }) => kind === "classify" && losses > 0 && (losses -= 1) === 0 && LOST);
  const { workers, answer } = await settled({ backend: "webgpu", webgpu });
  losses = 1;
  assert.deepEqual(await answer({ keep: true }), ["original", 5]);
  assert.deepEqual(workers.webgpu.map(({ terminated }) => terminated), [true, false]);
});

test("an error of the picture's is not WebGPU's fault", async () => {
  let isDamaged = false;
  const { last, answer } = await settled({ webgpu: computes(5, () => isDamaged && failure("picture-broken")) });
  isDamaged = true;
  await assert.rejects(answer({ keep: true }), { name: "SignetError", code: "picture-broken", message: "it failed" });
  assert.equal(last().backend, "webgpu");
});

for (const [refused, code] of /** @type {const} */ ([["load", "weights-format"], ["self-check", "self-check"]])) {
  test(`a stored model that is refused as ${code} is fetched again, once`, async () => {
    /** @type {boolean[]} */
    const asked = [];
    const { client } = start({
      backend: "cpu",
      cpu: computes(50, ({ kind }) => kind === refused && asked.length === 1 && failure(code)),
      loadWeights: async (fresh) => {
        asked.push(fresh);
        return { bytes: new Uint8Array([1]), source: fresh ? "download" : "storage" };
      },
    });
    await client.ready;
    assert.deepEqual(asked, [false, true]);
  });
}

for (const [name, kind, code] of /** @type {const} */ ([
  ["a downloaded model that is refused", "load", "weights-hash"], ["a module that is missing", "init", "module-missing"],
])) {
  test(`${name} fails the start with its own code`, async () => {
    const { client } = start({ cpu: computes(50, (request) => request.kind === kind && failure(code)) });
    await assert.rejects(client.ready, { code });
  });
}

test("each model has its own say on whether it finds hands, and the original's bytes are there for the trainer, once it is loaded", async () => {
  const { client } = start({ backend: "cpu" });
  assert.throws(() => client.original(), { code: "unexpected" });
  const finds = () => /** @type {const} */ (["original", "fine-tuned"]).map((which) => client.held(which)?.hasDetector ?? false);
  assert.deepEqual(finds(), [false, false], "nothing is known before it is loaded");
  await client.settled;
  assert.deepEqual(client.original().bytes, new Uint8Array([1]));
  assert.deepEqual(finds(), [false, false]);
  await client.loadFurther(blob("finder"), "fine-tuned");
  assert.deepEqual(finds(), [false, true]);
  await client.unload("fine-tuned");
  assert.deepEqual(finds(), [false, false]);
});

test("a crop goes with the request, and a picture's bytes are asked back where they will be used again, and nowhere else", async () => {
  const { workers: { cpu: [cpu] }, answer } = await settled({ backend: "cpu" });
  await answer({ crop: { at: "track", fresh: true }, recycle: true });
  await answer();
  const asked = cpu?.requests.filter(({ kind }) => kind === "classify").slice(-2);
  assert.deepEqual(asked?.map(({ crop, recycle }) => [crop.at, recycle]), [["track", true], ["center", false]]);
});

test("a fine-tuned model answers from then on, the original when it is asked for, and alone after a reset", async () => {
  const { client, workers, answer } = await settled({ backend: "cpu" });
  assert.deepEqual([client.held("fine-tuned")?.labels, client.held("original")?.labels, client.backend], [undefined, ["original"], "cpu"]);
  assert.deepEqual(await client.loadFurther(blob("rock"), "fine-tuned"), ["rock"]);
  assert.deepEqual(client.held("fine-tuned")?.labels, ["rock"]);
  assert.deepEqual(await answer(), ["rock", 50]);
  assert.deepEqual(await answer({ model: "original" }), ["original", 50]);
  await client.loadFurther(blob("paper"), "fine-tuned");
  assert.deepEqual(await answer({ model: "fine-tuned" }), ["paper", 50]);
  await client.unload("fine-tuned");
  assert.equal(client.held("fine-tuned"), null);
  assert.deepEqual(await answer(), ["original", 50]);
  await assert.rejects(answer({ model: "fine-tuned" }), { code: "unexpected" });
  const unloads = workers.cpu[0]?.requests.filter(({ kind }) => kind === "unload");
  assert.equal(unloads?.length, 2, "nothing of the two fine-tuned models stays");
});

for (const [name, code] of /** @type {const} */ ([["damaged", "weights-format"], ["unproven", "self-check"]])) {
  test(`a fine-tuned model that is ${name} leaves the one before it in use`, async () => {
    const { client, answer } = await settled();
    await client.loadFurther(blob("rock"), "fine-tuned");
    await assert.rejects(client.loadFurther(blob(name), "fine-tuned"), { code });
    assert.deepEqual(client.held("fine-tuned")?.labels, ["rock"]);
    assert.deepEqual(await answer(), ["rock", 5]);
  });
}

test("changes of the model happen in the order in which they were asked for", async () => {
  const { client, answer } = start({ backend: "cpu" });
  void client.loadFurther(blob("rock"), "fine-tuned");
  void client.loadFurther(blob("damaged"), "fine-tuned").catch(() => {});
  void client.unload("fine-tuned");
  await client.loadFurther(blob("paper"), "fine-tuned");
  assert.deepEqual(await answer(), ["paper", 50]);
});

test("a worker that takes a crashed one's place has the fine-tuned model", async () => {
  let crashes = 0;
  const cpu = computes(50, ({ kind, slot }) => kind === "classify" && slot !== "original" && (crashes += 1) === 1 && CRASH);
  const { client, workers, answer } = await settled({ backend: "cpu", cpu });
  await client.loadFurther(blob("rock"), "fine-tuned");
  assert.deepEqual(await answer({ keep: true }), ["rock", 50]);
  assert.equal(workers.cpu.length, 2);
});

test("a WebGPU that wins after a model was fine-tuned has it when it takes over", async () => {
  /** @type {(ready: void) => void} */
  let allow = () => {};
  const allowed = new Promise((resolve) => { allow = resolve; });
  const { client, answer } = start({ requireWebGpu: () => allowed });
  await client.loadFurther(blob("rock"), "fine-tuned");
  allow();
  await client.settled;
  assert.equal(client.backend, "webgpu");
  assert.deepEqual(await answer(), ["rock", 5]);
});

test("a WebGPU that can't prove the fine-tuned model is lost, and the CPU serves it", async () => {
  const webgpu = computes(5, ({ kind, slot }) => kind === "self-check" && slot !== "original" && failure("self-check"));
  const { client, last, answer } = await settled({ webgpu });
  assert.deepEqual(await client.loadFurther(blob("rock"), "fine-tuned"), ["rock"]);
  assert.deepEqual([last().backend, last().reason, last().lost], ["cpu", "self-check", true]);
  assert.deepEqual(await answer(), ["rock", 50]);
});

test("pictures are scored a few at a time, in between others, and with progress", async () => {
  const { client, workers, answer } = await settled();
  /** @type {number[]} */
  const progress = [];
  const scoring = client.score("original", new Uint8Array(20 * 16384), { onProgress: (done) => progress.push(done) });
  const frame = answer();
  assert.deepEqual((await scoring).map(({ probabilities }) => probabilities[0]), Array(20).fill(5));
  await frame;
  assert.deepEqual(progress, [8, 16, 20]);
  const kinds = workers.webgpu[0]?.requests.map(({ kind }) => kind).slice(-4);
  assert.deepEqual(kinds, ["score", "classify", "score", "score"]);
});

test("what a model sees of a picture is the CPU's, also while WebGPU serves", async () => {
  const { client } = await settled();
  assert.deepEqual([...(await client.input(picture())).input.data], [50]);
});

test("newest only: one run at a time, and calls during a run become one more", async () => {
  let [running, runs, most] = [0, 0, 0];
  /** @type {(() => void)[]} */
  const waiting = [];
  const offer = newestOnly(async () => {
    runs += 1;
    most = Math.max(most, running += 1);
    await new Promise((resolve) => waiting.push(() => resolve(undefined)));
    running -= 1;
  });
  for (let call = 0; call < 5; call += 1) offer();
  await turn();
  assert.equal(runs, 1);
  for (let end = 0; end < 2; end += 1) {
    waiting.shift()?.();
    await turn();
    assert.equal(runs, 2);
  }
  offer();
  await turn();
  assert.deepEqual([runs, most], [3, 1]);
});
