// What of the tab "Look inside" needs no browser: the address, the queue, receptive fields, colors.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { difference, extent, receptiveFields, strongest, zeroShare } from "../../www/inside/activations.js";
import { ANCHORS, scalesOf } from "../../www/inside/color.js";
import { Inspector, InspectorQueue } from "../../www/library/inspector.js";
import { BLOCKS, readFragment, writeFragment } from "../../www/inside/state.js";
import { WorkerStandIn } from "./stand-ins.js";

test("a link says the whole state, and what it can't say is passed over", () => {
  const initial = readFragment("");
  assert.equal(writeFragment(initial), "#inside");
  const full = { ...initial, view: /** @type {const} */ ("cut"), example: /** @type {const} */ ("4"), class: -1, place: "res3b_branch2a", channel: 17, stop: 2,
    cuts: [{ block: "3b", part: /** @type {const} */ ("branch") }, { block: "5a", part: /** @type {const} */ ("skip") }] };
  assert.deepEqual(readFragment(writeFragment(full)), full);
  for (const [stranger, expected] of /** @type {[string, object][]} */ ([
    ["#teach", {}], ["#inside?", {}], ["#inside?view=__proto__&example=9&place=%3Cb%3E&class=30&channel=1e3&stop=0.5&other=1", {}],
    ["#inside?cuts=3b-branch.6a-skip.3b-branch.2a-both.3a-skip-1&class=00005", { cuts: [{ block: "3b", part: "branch" }, { block: "3a", part: "skip" }], class: 5 }],
    [`#inside?view=cut&cuts=${"x".repeat(1e5)}`, { view: "cut" }],
  ])) assert.deepEqual(readFragment(stranger), { ...initial, ...expected }, stranger);
});

/** A network as small as one can be asked for its geometry: the convolutions of the real one's names and strides. */
const PLACES = /** @type {import("../../www/library/inspector-types.js").Place[]} */ ([
  { name: "stem", kind: "stem", convolutions: [{ name: "conv1", kernel: 7, stride: 2 }] },
  ...BLOCKS.map((name) => {
    const opens = name.endsWith("a");
    const stride = opens && name !== "2a" ? 2 : 1;
    const convolutions = [["2a", 1, stride], ["2b", 3, 1], ["2c", 1, 1], ...(opens ? [["1", 1, stride]] : [])]
      .map(([branch, kernel, stride]) => ({ name: `res${name}_branch${branch}`, kernel, stride, shortcut: branch === "1" }));
    return { name, kind: opens ? "convolutional" : "identity", convolutions };
  }),
  { name: "features", kind: "features", convolutions: [] },
]);

/** Which pixels of a row a value depends on, by following every connection back. @param {string} wanted @param {number} at */
function pixelsBehind(wanted, at) {
  const [, stage = "", letter = ""] = /^(\d)(\w)$/.exec(wanted) ?? [];
  const strides = BLOCKS.slice(0, BLOCKS.indexOf(stage + letter) + 1).map((name) => (name.endsWith("a") && name !== "2a" ? 2 : 1));
  let behind = new Set([at]);
  const back = (/** @type {number} */ kernel, /** @type {number} */ stride, /** @type {number} */ padding) => {
    behind = new Set([...behind].flatMap((value) => Array.from({ length: kernel }, (_, tap) => value * stride - padding + tap)));
  };
  for (const stride of strides.reverse()) {
    back(3, 1, 1);
    back(1, stride, 0);
  }
  back(3, 2, 0);
  back(7, 2, 3);
  return [...behind].filter((pixel) => pixel >= 0 && pixel < 64).sort((a, b) => a - b);
}

test("a receptive field is what following every connection back to the picture finds", () => {
  const fields = receptiveFields(PLACES);
  for (const [place, last] of /** @type {[string, number][]} */ ([["2a", 14], ["2c", 14], ["3a", 7], ["3d", 7], ["4a", 3]])) {
    for (const at of [0, 1, last]) {
      const pixels = pixelsBehind(place, at);
      const field = fields.get(place);
      assert.ok(field);
      assert.deepEqual(extent(field, at, 64), { from: pixels[0], to: (pixels.at(-1) ?? 0) + 1 }, `${place} ${at}`);
    }
  }
  assert.deepEqual(fields.get("stem"), { first: -3, size: 11, jump: 4 });
  assert.deepEqual(extent(fields.get("features") ?? { first: 0, size: 0, jump: 0 }, 0, 64), { from: 0, to: 64 });
  assert.equal(fields.get("res3a_branch1")?.size, fields.get("2c")?.size, "a shortcut sees no more than its input");
});

test("the strongest channels are those furthest from zero; what was added is the sum less what there was", () => {
  const maps = { channels: 3, height: 1, width: 2, values: Float32Array.of(1, 0, -3, 0, 0, 2) };
  assert.deepEqual(strongest(maps, 2), [1, 2]);
  assert.equal(zeroShare(maps), 0.5);
  assert.deepEqual([...difference(maps, { ...maps, values: Float32Array.of(1, 1, 1, 1, 1, 1) }).values], [0, -1, -4, -1, -1, 1]);
});

/** A worker that answers `call` with what it was given. @param {(method: string) => Promise<void> | void} [held] */
function queueOf(held = () => {}) {
  /** @type {string[]} */
  const asked = [];
  const queue = new InspectorQueue(() => new WorkerStandIn(async ({ kind, method, given }) => {
    if (kind !== "call") return { value: { labels: [], hasDetector: false, mirrors: true, places: [] } };
    asked.push(`${method} ${given[0]}`);
    await held(method);
    return { value: given };
  }));
  return { queue, asked };
}

test("of live requests the newest is answered, in turns with a measurement; a dropped one is null", async () => {
  const { queue, asked } = queueOf();
  await queue.load(new Blob([]));
  const gone = new AbortController();
  const answers = [
    queue.ask("answer", [1], { key: "live" }), queue.ask("answer", [2], { key: "live" }), queue.ask("score", [1], { background: true }),
    queue.ask("score", [2], { background: true }), queue.ask("answer", [3], { key: "live" }), queue.ask("maps", [1], { key: "maps" }),
    queue.ask("maps", [9], { signal: gone.signal }),
  ];
  gone.abort();
  assert.deepEqual((await Promise.all(answers)).map((answer) => answer?.[0] ?? null), [1, null, 1, 2, 3, 1, null]);
  assert.deepEqual(asked, ["answer 1", "score 1", "answer 3", "score 2", "maps 1"]);
  assert.equal(await queue.ask("answer", [4], { signal: gone.signal }), null);
});

test("a queue that is closed, or has another model, answers what it was asked with null", async () => {
  /** @type {() => void} */
  let release = () => {};
  const { queue, asked } = queueOf(() => new Promise((done) => { release = done; }));
  await queue.load(new Blob([]));
  const first = queue.ask("answer", [1]);
  const second = queue.ask("answer", [2]);
  await queue.load(new Blob([]));
  assert.deepEqual(await Promise.all([first, second]), [null, null]);
  const third = queue.ask("answer", [3]);
  await new Promise((done) => setTimeout(done, 20));
  release();
  assert.deepEqual(await third, [3]);
  assert.deepEqual(asked, ["answer 1", "answer 3"]);
  queue.close();
  void queue.ask("answer", [4]);
});

test("a queue that rests has no worker, and the next request loads the model anew; one that can't be loaded fails what was asked", async () => {
  /** @type {WorkerStandIn[]} */
  const workers = [];
  let isBroken = false;
  const queue = new InspectorQueue(() => {
    const worker = new WorkerStandIn(({ kind, given }) => {
      if (isBroken) return { error: { code: "weights-format", message: "injected" } };
      return { value: kind === "call" ? given : null };
    });
    workers.push(worker);
    return worker;
  });
  await queue.load(new Blob([]));
  assert.deepEqual(await queue.ask("answer", [1]), [1]);
  queue.rest();
  assert.deepEqual(workers.map(({ terminated }) => terminated), [true]);
  assert.deepEqual(await Promise.all([queue.ask("answer", [2]), queue.ask("answer", [3])]), [[2], [3]]);
  assert.deepEqual(workers.map(({ requests }) => requests.map(({ kind }) => kind)), [["init", "load", "call"], ["init", "load", "call", "call"]]);
  queue.rest();
  isBroken = true;
  await assert.rejects(queue.ask("answer", [4]), { code: "weights-format" });
  isBroken = false;
  assert.deepEqual(await queue.ask("answer", [5]), [5]);
  queue.close();
  assert.equal(workers.every(({ terminated }) => terminated), true);
});

test("WebGPU that doesn't open, or fails on the way, is replaced by the CPU, which answers what was asked", async () => {
  for (const failing of ["init", "load", "call"]) {
    /** @type {string[]} */
    const seen = [];
    const queue = new InspectorQueue(() => {
      let backend = "";
      return new WorkerStandIn((request) => {
        backend ||= request.backend;
        seen.push(`${backend} ${request.kind}`);
        if (backend === "webgpu" && request.kind === failing) return { error: { code: "device", message: "injected" } };
        return { value: request.given ?? null };
      });
    });
    await queue.load(new Blob([]), "webgpu");
    assert.equal(queue.backend, failing === "call" ? "webgpu" : "cpu");
    assert.deepEqual(await Promise.all([queue.ask("answer", [1]), queue.ask("answer", [2])]), [[1], [2]], failing);
    assert.equal(queue.backend, "cpu");
    assert.deepEqual(seen.slice(-4), ["cpu init", "cpu load", "cpu call", "cpu call"]);
  }
  // A request that is wrong is wrong on the CPU, too.
  const queue = new InspectorQueue(() => new WorkerStandIn(({ kind }) => (kind === "call" ? { error: { code: "setting", message: "injected" } } : { value: null })));
  await queue.load(new Blob([]), "webgpu");
  await assert.rejects(queue.ask("answer", [1]), { code: "setting" });
  assert.equal(queue.backend, "webgpu");
});

test("a score is measured in pieces, with progress, and adds up to the whole", async () => {
  const queue = new InspectorQueue(() => new WorkerStandIn(({ kind, given }) => {
    if (kind !== "call") return { value: null };
    const labels = /** @type {Uint32Array} */ (given[1]);
    return { value: { right: labels.filter((label) => label > 0).length, count: labels.length, margins: Float32Array.from(labels), labels } };
  }));
  await queue.load(new Blob([]));
  const ends = new AbortController();
  /** @type {number[]} */
  const progress = [];
  const labels = Uint32Array.from({ length: 10 }, (_, index) => index);
  const scores = await new Inspector(queue, ends.signal).score(new Uint8Array(10 * 16384), labels, [], { onProgress: (done) => progress.push(done) });
  assert.deepEqual(scores, { right: 9, count: 10, margins: Float32Array.from(labels), labels });
  assert.deepEqual(progress, [4, 8, 10]);
  ends.abort();
  assert.equal(await new Inspector(queue, ends.signal).score(new Uint8Array(16384), labels.slice(1), []), null);
});

test("each scale's lightness changes in even steps, in one direction", () => {
  const luminance = (/** @type {Uint8ClampedArray} */ scale, /** @type {number} */ step) => {
    const [r, g, b] = [0, 1, 2].map((channel) => ((scale[4 * step + channel] ?? 0) / 255) ** 2.2);
    return 116 * Math.cbrt(0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0)) - 16;
  };
  const gray = (/** @type {number} */ l) => /** @type {[number, number, number]} */ ([l, 0, 0]);
  const { one, both } = scalesOf({ one: [gray(0.2), gray(0.9)], negative: [gray(0.2), gray(0.9)], positive: [gray(0.2), gray(0.9)] });
  const steps = Array.from({ length: 15 }, (_, index) => luminance(one, 16 * (index + 1)) - luminance(one, 16 * index));
  assert.ok(Math.min(...steps) > 0.6 * Math.max(...steps), String(steps));
  assert.ok(Math.abs(luminance(both, 0) - luminance(both, 255)) < 1 && luminance(both, 127) < luminance(both, 0));
});

test("the scales are those of the command line's pictures", () => {
  const table = JSON.parse(readFileSync(new URL("../fixtures/scales.json", import.meta.url), "utf8"));
  for (const [name, scale] of Object.entries({ sequential: scalesOf(ANCHORS.dark).one, diverging: scalesOf(ANCHORS.light).both })) {
    assert.deepEqual(table[name].map((/** @type {number[]} */ [step = 0]) => [step, ...scale.slice(4 * step, 4 * step + 3)]), table[name], name);
  }
});
