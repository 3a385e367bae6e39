import assert from "node:assert/strict";
import test from "node:test";
import { SignetClient, newestOnly } from "../../www/recognizer/client.js";
import { SignetError } from "../../www/recognizer/errors.js";
import { WorkerStandIn, picture, prediction } from "./worker-stand-in.js";

/** @typedef {import("../../www/recognizer/backends.js").Choice} Choice */
/** @typedef {import("../../www/recognizer/protocol.js").Backend} Backend */
/** @typedef {import("./worker-stand-in.js").Respond} Respond */

/**
 * A worker that computes at a given speed.
 * @param {number} latencyMs
 * @param {number[]} [probabilities]
 * @returns {Respond}
 */
const computes = (latencyMs, probabilities) => (request) => {
  if (request.kind === "load") return { value: { labels: ["0", "1"], hasDetector: false } };
  if (request.kind === "self-check") return { value: 1e-6 };
  return { value: request.kind === "classify" ? prediction(latencyMs, probabilities) : null };
};

/**
 * @param {object} machine
 * @param {Respond} [machine.cpu]
 * @param {Respond} [machine.webgpu]
 * @param {Backend | "auto"} [machine.backend]
 * @param {() => Promise<void>} [machine.requireWebGpu]
 * @param {(fresh: boolean) => Promise<import("../../www/recognizer/weights.js").Model>} [machine.loadWeights]
 */
function start({ cpu = computes(50), webgpu = computes(5), backend = "auto", requireWebGpu = async () => {}, loadWeights }) {
  /** @type {Choice[]} */
  const choices = [];
  /** @type {Record<Backend, WorkerStandIn[]>} */
  const workers = { cpu: [], webgpu: [] };
  const client = new SignetClient({
    backend,
    requireWebGpu,
    loadWeights: loadWeights ?? (async () => ({ bytes: new Uint8Array([1]), source: "download" })),
    createWorker: (kind) => {
      const worker = new WorkerStandIn(kind === "cpu" ? cpu : webgpu);
      workers[kind].push(worker);
      return worker;
    },
    onChoice: (choice) => choices.push(choice),
  });
  return { client, choices, workers, last: () => /** @type {Choice} */ (choices.at(-1)) };
}

test("the CPU answers first, and WebGPU takes over when it is right and faster", async () => {
  const { client, choices, last } = start({});
  await client.ready;
  assert.deepEqual([choices[0]?.backend, choices[0]?.reason], ["cpu", "checking"]);
  await client.settled;
  assert.deepEqual([last().backend, last().latencyMs, last().otherMs, last().reason], ["webgpu", 5, 50, "faster"]);
  assert.equal((await client.classify(picture())).latencyMs, 5);
});

test("the CPU answers while WebGPU is still being tried", async () => {
  const { client, workers } = start({ webgpu: () => ({ silent: true }) });
  await client.ready;
  assert.equal((await client.classify(picture())).latencyMs, 50);
  client.close();
  assert.ok(workers.cpu[0]?.terminated);
});

test("a slower WebGPU is timed once, and its worker is ended", async () => {
  const { client, workers, last } = start({ webgpu: computes(3490) });
  await client.settled;
  assert.deepEqual([last().backend, last().otherMs, last().reason], ["cpu", 3490, "slower"]);
  assert.ok(workers.webgpu[0]?.terminated);
  // One run that does not count and one that settles it.
  assert.equal(workers.webgpu[0].requests.filter(({ kind }) => kind === "classify").length, 2);
});

test("a WebGPU with other numbers does not serve", async () => {
  const { client, last } = start({ webgpu: computes(5, [0.5, 0.5]) });
  await client.settled;
  assert.deepEqual([last().backend, last().reason], ["cpu", "gpu-disagrees"]);
});

test("a WebGPU that answers NaN does not serve", async () => {
  const { client, last } = start({ webgpu: computes(5, [NaN, NaN]) });
  await client.settled;
  assert.deepEqual([last().backend, last().reason], ["cpu", "gpu-disagrees"]);
});

test("a WebGPU that fails its proof does not serve", async () => {
  const { client, last, workers } = start({
    webgpu: (request, worker) => request.kind === "self-check"
      ? { error: { code: "self-check", message: "off by 3" } }
      : computes(5)(request, worker),
  });
  await client.settled;
  assert.deepEqual([last().backend, last().reason, last().lost], ["cpu", "self-check", false]);
  assert.ok(workers.webgpu[0]?.terminated);
});

test("where WebGPU can't be tried no worker is started for it, and the reason is told", async () => {
  const requireWebGpu = async () => { throw new SignetError("gpu-adapter", "none"); };
  const { client, last, workers } = start({ requireWebGpu });
  await client.settled;
  assert.deepEqual([last().backend, last().latencyMs, last().reason], ["cpu", 50, "gpu-adapter"]);
  assert.equal(workers.webgpu.length, 0);
});

test("?backend=cpu never touches WebGPU", async () => {
  const requireWebGpu = async () => assert.fail("asked for WebGPU");
  const { client, last, workers } = start({ backend: "cpu", requireWebGpu });
  await client.settled;
  assert.deepEqual([last().backend, last().reason], ["cpu", "forced"]);
  assert.equal(workers.webgpu.length, 0);
});

test("?backend=webgpu fails rather than falling back", async () => {
  const requireWebGpu = async () => { throw new SignetError("gpu-missing", "none"); };
  const { client, workers } = start({ backend: "webgpu", requireWebGpu });
  await assert.rejects(client.ready, { code: "gpu-missing" });
  await assert.rejects(client.classify(picture()), { code: "gpu-missing" });
  assert.equal(workers.cpu.length, 0);
});

for (const [name, reply] of /** @type {const} */ ([
  ["crashes", { crash: "unreachable" }],
  ["loses its device", { error: { code: "device", message: "lost" } }],
])) {
  test(`when the serving WebGPU ${name}, the CPU answers the open request and serves from then on`, async () => {
    let broken = false;
    const { client, last, workers } = start({
      webgpu: (request, worker) => (broken ? reply : computes(5)(request, worker)),
    });
    await client.settled;
    assert.equal(last().backend, "webgpu");
    broken = true;
    assert.equal((await client.classify(picture(), { keep: true })).latencyMs, 50);
    assert.deepEqual([last().backend, last().latencyMs, last().lost], ["cpu", 50, true]);
    assert.ok(workers.webgpu[0]?.terminated);
    assert.equal((await client.classify(picture())).latencyMs, 50);
  });
}

test("an error of the picture's is not WebGPU's fault", async () => {
  let damaged = false;
  const { client, last } = start({
    webgpu: (request, worker) => damaged
      ? { error: { code: "picture-broken", message: "cut short" } }
      : computes(5)(request, worker),
  });
  await client.settled;
  damaged = true;
  await assert.rejects(client.classify(picture(), { keep: true }), { code: "picture-broken" });
  assert.equal(last().backend, "webgpu");
});

for (const refused of /** @type {const} */ ([["load", "weights-format"], ["self-check", "self-check"]])) {
  test(`a stored model that is refused as ${refused[1]} is fetched again, once`, async () => {
    const [kind, code] = refused;
    /** @type {boolean[]} */
    const asked = [];
    const { client } = start({
      backend: "cpu",
      cpu: (request, worker) => request.kind === kind && asked.length === 1
        ? { error: { code, message: "differs" } }
        : computes(50)(request, worker),
      loadWeights: async (fresh) => {
        asked.push(fresh);
        return { bytes: new Uint8Array([1]), source: fresh ? "download" : "storage" };
      },
    });
    await client.ready;
    assert.deepEqual(asked, [false, true]);
  });
}

test("a downloaded model that is refused fails the start", async () => {
  const { client } = start({
    backend: "cpu",
    cpu: (request) => (request.kind === "load" ? { error: { code: "weights-hash", message: "differs" } } : { value: null }),
  });
  await assert.rejects(client.ready, { code: "weights-hash" });
});

test("a module that is missing fails the start with its own code", async () => {
  const { client } = start({
    cpu: () => ({ error: { code: "module-missing", message: "404" } }),
  });
  await assert.rejects(client.ready, { code: "module-missing" });
});

// A fine-tuned model. Its weights are the name of what it answers.

const fineTunedWeights = (/** @type {string} */ name) => new Blob([name]);

/**
 * A worker that knows which model is in which slot, and answers with the name of it.
 * @param {number} latencyMs
 * @param {Respond} [first] answers instead where it has an answer
 * @returns {Respond}
 */
function holdsModels(latencyMs, first = () => ({})) {
  /** @type {WeakMap<WorkerStandIn, Map<string, string>>} */
  const held = new WeakMap();
  return async (request, worker) => {
    const own = await first(request, worker);
    if (Object.keys(own).length > 0) return own;
    const models = held.get(worker) ?? new Map();
    held.set(worker, models);
    if (request.kind === "load") {
      const name = request.source instanceof Blob ? await request.source.text() : "original";
      if (name === "damaged") return { error: { code: "weights-format", message: "not weights" } };
      models.set(request.slot, name);
      return { value: { labels: [name], hasDetector: name === "finder" } };
    }
    if (request.kind === "unload") models.delete(request.slot);
    if (request.kind === "init" || request.kind === "unload") return { value: null };
    if (request.kind === "input") return { value: { input: { data: [latencyMs] }, width: 1, height: 1 } };
    const name = models.get(request.slot);
    if (!name) return { error: { code: "unexpected", message: `no model ${request.slot}` } };
    if (request.kind === "self-check" && name === "unproven") return { error: { code: "self-check", message: "off" } };
    if (request.kind === "self-check") return { value: 0 };
    if (request.kind === "score") return { value: Array.from({ length: request.pixels.length / 16384 }, () => [latencyMs]) };
    return { value: { ...prediction(latencyMs), label: name } };
  };
}

test("each model has its own say on whether it finds hands, and a crop goes with the request", async () => {
  const { client, workers } = start({ backend: "cpu", cpu: holdsModels(50) });
  assert.equal(client.hasDetector("original"), false, "nothing is known before it is loaded");
  await client.settled;
  assert.deepEqual([client.hasDetector("original"), client.hasDetector("fine-tuned")], [false, false]);
  await client.loadFineTuned(fineTunedWeights("finder"));
  assert.deepEqual([client.hasDetector("original"), client.hasDetector("fine-tuned")], [false, true]);
  await client.classify(picture(), { crop: { at: "track", fresh: true } });
  await client.classify(picture());
  const crops = workers.cpu[0]?.requests.flatMap((request) => (request.kind === "classify" ? [request.crop?.at] : []));
  assert.deepEqual(crops?.slice(-2), ["track", "center"]);
  await client.unloadFineTuned();
  assert.equal(client.hasDetector("fine-tuned"), false);
});

test("a picture's bytes are asked back where they will be used again, and nowhere else", async () => {
  const { client, workers } = start({ backend: "cpu", cpu: holdsModels(50) });
  await client.settled;
  await client.classify(picture(), { recycle: true });
  await client.classify(picture());
  const asked = workers.cpu[0]?.requests.flatMap((request) => (request.kind === "classify" ? [request.recycle] : []));
  assert.deepEqual(asked?.slice(-2), [true, false]);
});

test("a fine-tuned model answers from then on, the original when it is asked for, and alone after a reset", async () => {
  const { client, workers } = start({ backend: "cpu", cpu: holdsModels(50) });
  await client.settled;
  assert.deepEqual([client.fineTunedLabels, client.labels, client.backend], [null, ["original"], "cpu"]);
  assert.deepEqual(await client.loadFineTuned(fineTunedWeights("rock")), ["rock"]);
  assert.deepEqual(client.fineTunedLabels, ["rock"]);
  assert.equal((await client.classify(picture())).label, "rock");
  assert.equal((await client.classify(picture(), { model: "original" })).label, "original");
  await client.loadFineTuned(fineTunedWeights("paper"));
  assert.equal((await client.classify(picture(), { model: "fine-tuned" })).label, "paper");
  await client.unloadFineTuned();
  assert.equal(client.fineTunedLabels, null);
  assert.equal((await client.classify(picture())).label, "original");
  await assert.rejects(client.classify(picture(), { model: "fine-tuned" }), { code: "unexpected" });
  const kinds = workers.cpu[0]?.requests.map(({ kind }) => kind) ?? [];
  assert.equal(kinds.filter((kind) => kind === "unload").length, 2, "nothing of the two fine-tuned models stays");
});

for (const [name, code] of /** @type {const} */ ([["damaged", "weights-format"], ["unproven", "self-check"]])) {
  test(`a fine-tuned model that is ${name} leaves the one before it in use`, async () => {
    const { client } = start({ cpu: holdsModels(50), webgpu: holdsModels(5) });
    await client.settled;
    await client.loadFineTuned(fineTunedWeights("rock"));
    await assert.rejects(client.loadFineTuned(fineTunedWeights(name)), { code });
    assert.deepEqual(client.fineTunedLabels, ["rock"]);
    const answer = await client.classify(picture());
    assert.deepEqual([answer.label, answer.latencyMs], ["rock", 5]);
  });
}

test("changes of the model happen in the order in which they were asked for", async () => {
  const { client } = start({ backend: "cpu", cpu: holdsModels(50) });
  void client.loadFineTuned(fineTunedWeights("rock"));
  void client.loadFineTuned(fineTunedWeights("damaged")).catch(() => {});
  void client.unloadFineTuned();
  await client.loadFineTuned(fineTunedWeights("paper"));
  assert.equal((await client.classify(picture())).label, "paper");
});

test("a worker that takes a crashed one's place has the fine-tuned model", async () => {
  let crashed = false;
  const { client, workers } = start({
    backend: "cpu",
    cpu: holdsModels(50, (request) => {
      if (crashed || request.kind !== "classify" || request.slot === "original") return {};
      crashed = true;
      return { crash: "unreachable" };
    }),
  });
  await client.settled;
  await client.loadFineTuned(fineTunedWeights("rock"));
  assert.equal((await client.classify(picture(), { keep: true })).label, "rock");
  assert.equal(workers.cpu.length, 2);
});

test("a WebGPU that wins after a model was fine-tuned has it when it takes over", async () => {
  /** @type {(ready: void) => void} */
  let allow = () => {};
  const allowed = new Promise((resolve) => { allow = resolve; });
  const { client } = start({ cpu: holdsModels(50), webgpu: holdsModels(5), requireWebGpu: () => allowed });
  await client.loadFineTuned(fineTunedWeights("rock"));
  allow();
  await client.settled;
  assert.equal(client.backend, "webgpu");
  const answer = await client.classify(picture());
  assert.deepEqual([answer.label, answer.latencyMs], ["rock", 5]);
});

test("a WebGPU that can't prove the fine-tuned model is lost, and the CPU serves it", async () => {
  const { client, last } = start({
    cpu: holdsModels(50),
    webgpu: holdsModels(5, (request) =>
      request.kind === "self-check" && request.slot !== "original" ? { error: { code: "self-check", message: "off" } } : {}),
  });
  await client.settled;
  assert.deepEqual(await client.loadFineTuned(fineTunedWeights("rock")), ["rock"]);
  assert.deepEqual([last().backend, last().reason, last().lost], ["cpu", "self-check", true]);
  const answer = await client.classify(picture());
  assert.deepEqual([answer.label, answer.latencyMs], ["rock", 50]);
});

test("when WebGPU is lost, the CPU has the fine-tuned model", async () => {
  let lost = false;
  const { client } = start({
    cpu: holdsModels(50),
    webgpu: holdsModels(5, () => (lost ? { error: { code: "device", message: "lost" } } : {})),
  });
  await client.settled;
  await client.loadFineTuned(fineTunedWeights("rock"));
  lost = true;
  const answer = await client.classify(picture(), { keep: true });
  assert.deepEqual([answer.label, answer.latencyMs], ["rock", 50]);
});

test("pictures are scored a few at a time, in between others, and with progress", async () => {
  const { client, workers } = start({ cpu: holdsModels(50), webgpu: holdsModels(5) });
  await client.settled;
  /** @type {number[]} */
  const progress = [];
  const scoring = client.score("original", new Uint8Array(20 * 16384), { onProgress: (done) => progress.push(done) });
  const frame = client.classify(picture());
  assert.deepEqual((await scoring).map(([value]) => value), Array(20).fill(5));
  await frame;
  assert.deepEqual(progress, [8, 16, 20]);
  const kinds = workers.webgpu[0]?.requests.map(({ kind }) => kind).slice(-4);
  assert.deepEqual(kinds, ["score", "classify", "score", "score"]);
});

test("what a model sees of a picture is the CPU's, also while WebGPU serves", async () => {
  const { client } = start({ cpu: holdsModels(50), webgpu: holdsModels(5) });
  await client.settled;
  assert.deepEqual([...(await client.input(picture())).input.data], [50]);
});

test("the original's bytes are there for the trainer once it is loaded", async () => {
  const { client } = start({ backend: "cpu" });
  assert.throws(() => client.original(), { code: "unexpected" });
  await client.ready;
  assert.deepEqual(client.original().bytes, new Uint8Array([1]));
});

test("newest only: one run at a time, and calls during a run become one more", async () => {
  let [running, runs, most] = [0, 0, 0];
  /** @type {(() => void)[]} */
  const waiting = [];
  const offer = newestOnly(async () => {
    running += 1;
    runs += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => waiting.push(() => resolve(undefined)));
    running -= 1;
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  for (let call = 0; call < 5; call += 1) offer();
  await turn();
  assert.equal(runs, 1);
  waiting.shift()?.();
  await turn();
  assert.equal(runs, 2);
  waiting.shift()?.();
  await turn();
  offer();
  await turn();
  assert.deepEqual([runs, most], [3, 1]);
});
