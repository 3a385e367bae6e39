import assert from "node:assert/strict";
import test from "node:test";
import { SignetClient, newestOnly } from "../../www/client.js";
import { SignetError } from "../../www/protocol.js";
import { WorkerStandIn, picture, prediction } from "./worker-stand-in.js";

/** @typedef {import("../../www/client.js").Choice} Choice */
/** @typedef {import("../../www/protocol.js").Backend} Backend */
/** @typedef {import("./worker-stand-in.js").Respond} Respond */

/**
 * A worker that computes at a given speed.
 * @param {number} latencyMs
 * @param {number[]} [probabilities]
 * @returns {Respond}
 */
const computes = (latencyMs, probabilities) => (request) => {
  if (request.kind === "load") return { value: ["0", "1"] };
  if (request.kind === "self-check") return { value: 1e-6 };
  return { value: request.kind === "classify" ? prediction(latencyMs, probabilities) : null };
};

/**
 * @param {object} machine
 * @param {Respond} [machine.cpu]
 * @param {Respond} [machine.webgpu]
 * @param {Backend | "auto"} [machine.backend]
 * @param {() => Promise<void>} [machine.requireWebGpu]
 * @param {(fresh: boolean) => Promise<import("../../www/weights.js").Model>} [machine.loadWeights]
 */
function start({ cpu = computes(50), webgpu = computes(5), backend = "auto", requireWebGpu = async () => {}, loadWeights }) {
  /** @type {Choice[]} */
  const choices = [];
  /** @type {Record<Backend, WorkerStandIn[]>} */
  const workers = { cpu: [], webgpu: [] };
  const client = new SignetClient({
    backend,
    requireWebGpu,
    loadWeights: loadWeights ?? (async () => ({ bytes: new Uint8Array([1]), sha256: "a", source: "download" })),
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

test("a stored model that is refused is fetched again, once", async () => {
  /** @type {boolean[]} */
  const asked = [];
  const { client } = start({
    backend: "cpu",
    cpu: (request, worker) => request.kind === "load" && request.sha256 === "stale"
      ? { error: { code: "weights-hash", message: "differs" } }
      : computes(50)(request, worker),
    loadWeights: async (fresh) => {
      asked.push(fresh);
      return { bytes: new Uint8Array([1]), sha256: fresh ? "new" : "stale", source: fresh ? "download" : "storage" };
    },
  });
  await client.ready;
  assert.deepEqual(asked, [false, true]);
});

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
