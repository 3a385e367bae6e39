import assert from "node:assert/strict";
import test from "node:test";
import { Eta } from "../../www/library/eta.js";
import { TrainLoop } from "../../www/library/train-loop.js";
import { SCORE, SET, SETTINGS, blob, record } from "./stand-ins.js";

/** @typedef {import("../../www/pkg/signet_cpu_learn.js").TrainEvent} TrainEvent */
/** @typedef {import("../../www/library/training.js").TrainAnswer} TrainAnswer */
/** @typedef {import("../../www/library/training.js").TrainStart} TrainStart */

const text = (/** @type {Blob | null | undefined} */ given) => given?.text();
const coded = (/** @type {string} */ code) => Object.assign(new Error(`it was ${code}`), { code });

/**
 * A module whose trainer counts: two features, then two batches and an epoch each. Its first epoch is its best.
 * @param {object} [behaviour]
 * @param {number} [behaviour.epochs]
 * @param {boolean} [behaviour.goodStart] the start is scored, and no epoch is as good
 * @param {[step: number, thrown: Error]} [behaviour.failure] in that step, counted from 0
 * @param {Error} [behaviour.unreadable] thrown for the best weights
 */
function standIn({ epochs = 3, failure, unreadable, goodStart = false } = {}) {
  const seen = { weights: "", resumed: "", reads: 0, onCheckpoint: () => {} };
  const trainer = (/** @type {number} */ epochsBefore) => {
    /** @type {TrainEvent[]} */
    const events = [{ kind: "features", done: 1, total: 2 }, { kind: "features", done: 2, total: 2 }];
    if (goodStart) events.push({ kind: "validation", epoch: 0, done: 1, total: 2 }, { kind: "start", validation: [SCORE] });
    const records = Array.from({ length: epochs }, (_, index) => record(index + 1, !goodStart && index === 0));
    for (const each of records.slice(epochsBefore)) {
      for (const batch of [1, 2]) events.push({ kind: "batch", epoch: each.epoch, batch, batches: 2, training: SCORE });
      events.push({ kind: "epoch", ...each });
    }
    let [step, over] = [0, epochsBefore];
    return {
      async step() {
        if (step === failure?.[0]) throw failure[1];
        const event = events[step] ?? { kind: "done" };
        step += 1;
        if (event.kind === "epoch") over += 1;
        return event;
      },
      history: () => records.slice(0, over),
      async bestWeights() {
        if (unreadable) throw unreadable;
        seen.reads += 1;
        if (goodStart) return blob("the start");
        return over > 0 ? blob("best of epoch 1") : undefined;
      },
      async checkpoint() {
        seen.onCheckpoint();
        return blob(`after ${step} steps`);
      },
    };
  };
  const Trainer = {
    async start(/** @type {Blob} */ weights) {
      seen.weights = await weights.text();
      return trainer(0);
    },
    async resume(/** @type {Blob} */ checkpoint, /** @type {Blob} */ weights) {
      seen.resumed = `${await checkpoint.text()}, ${await weights.text()}`;
      if (seen.resumed.startsWith("damaged")) throw coded("weights-format");
      return trainer(1);
    },
  };
  return { module: /** @type {any} */ ({ Trainer }), seen };
}

/**
 * Runs it to its end, with a clock that only steps move.
 * @param {ReturnType<typeof standIn>} made
 * @param {{ backend?: "webgpu", epochs?: number, resume?: [checkpoint: string, best?: string] }} [start]
 * @param {{ stepMs?: number, saveMs?: number, stopAfter?: number }} [options] stop comes after so many steps
 */
async function run({ module, seen }, { backend, epochs = 3, resume } = {}, { stepMs = 1, saveMs = 0, stopAfter = Infinity } = {}) {
  const [checkpoint, best] = resume ?? [];
  /** @type {TrainStart} */
  const start = {
    kind: "start", backend: backend ?? "cpu", weights: blob("original"), set: SET, settings: { ...SETTINGS, epochs },
    resume: checkpoint ? { checkpoint: blob(checkpoint), best: best ? blob(best) : null } : null,
  };
  /** @type {TrainAnswer[]} */
  const answers = [];
  let [time, pauses] = [0, 0];
  seen.onCheckpoint = () => { time += saveMs; };
  const loop = new TrainLoop(start, {
    post: (answer) => answers.push(answer),
    isStopped: () => pauses >= stopAfter,
    pause: async () => { pauses += 1; time += stepMs; },
    now: () => time,
  });
  await loop.run(Promise.resolve(module));
  const last = answers.at(-1);
  assert.ok(last?.kind === "finished" || last?.kind === "crash");
  const { outcome, history, weights, error } = /** @type {import("../../www/library/training.js").TrainFinished} */ (last);
  return {
    answers, last, kinds: answers.map((answer) => (answer.kind === "event" ? answer.event.kind : answer.kind)),
    saves: answers.filter((answer) => answer.kind === "saved"),
    /** What came of it, the weights by their text. */
    finished: { outcome, epochs: history?.length, weights: await text(weights), code: error?.code },
  };
}

test("a training runs from the weights to its best epoch, which is read once", async () => {
  const made = standIn();
  const { kinds, finished } = await run(made, {}, { stepMs: 100, saveMs: 1000 });
  assert.equal(made.seen.weights, "original");
  const epoch = ["batch", "batch", "epoch"];
  assert.deepEqual(kinds, ["started", "features", "features", ...epoch, "saved", ...epoch, ...epoch, "finished"]);
  assert.deepEqual(finished, { outcome: "done", epochs: 3, weights: "best of epoch 1", code: undefined });
  assert.equal(made.seen.reads, 1);
});

test("quick steps are told ten times a second, every epoch among them", async () => {
  const { kinds } = await run(standIn(), {}, { stepMs: 1, saveMs: 30 });
  assert.deepEqual(kinds, ["started", "features", "features", "epoch", "saved", "epoch", "epoch", "finished"]);
});

/** @type {[name: string, pace: { stepMs: number, saveMs: number }, savedAfter: number[]][]} */
const SAVES = [
  // Six epochs of three steps each, after two that look at pictures.
  ["and after every epoch that takes long", { stepMs: 2000, saveMs: 500 }, [5, 8, 11, 14, 17]],
  ["and not again within five seconds", { stepMs: 1000, saveMs: 0 }, [5, 11, 17]],
  ["and again when the time since then was worth ten saves", { stepMs: 1000, saveMs: 1200 }, [5, 17]],
  ["and no more when a save takes longer than everything else", { stepMs: 10, saveMs: 500 }, [5]],
];
for (const [name, pace, savedAfter] of SAVES) {
  test(`it is saved after the first epoch, ${name}`, async () => {
    const { saves } = await run(standIn({ epochs: 6 }), { epochs: 6 }, pace);
    assert.deepEqual(await Promise.all(saves.map(({ checkpoint }) => text(checkpoint))), savedAfter.map((steps) => `after ${steps} steps`));
    assert.equal(await text(saves[0]?.best), "best of epoch 1");
  });
}

const TRAP = new WebAssembly.RuntimeError("unreachable");

for (const [name, thrown] of /** @type {const} */ ([["is lost", coded("device")], ["takes the module along", TRAP]])) {
  test(`when a graphics device ${name}, the last epoch is handed over, or the second before of quicker ones`, async () => {
    /** @type {[backend: "webgpu" | undefined, stepMs: number, checkpoint: string | undefined][]} */
    const cases = [
      // Three epochs are over: after 5, 8 and 11 steps.
      ["webgpu", 400, "after 11 steps"],
      ["webgpu", 200, "after 11 steps"], // 1.2 s since the first
      ["webgpu", 10, undefined], // nothing since the first
      [undefined, 400, undefined], // the CPU can't be lost
    ];
    for (const [backend, stepMs, checkpoint] of cases) {
      const made = standIn({ epochs: 6, failure: [12, thrown] });
      const { saves, last } = await run(made, { backend, epochs: 6 }, { stepMs, saveMs: 300 });
      assert.equal(saves.length, 1);
      assert.ok("saved" in last && last.saved !== undefined);
      assert.deepEqual([await text(last.saved?.checkpoint), await text(last.saved?.best)],
        [checkpoint, checkpoint && "best of epoch 1"], `${backend} ${stepMs}`);
    }
  });
}

test("an epoch that takes long is saved in its middle", async () => {
  const { saves: [first] } = await run(standIn(), {}, { stepMs: 30_000 });
  assert.deepEqual([await text(first?.checkpoint), first?.best], ["after 3 steps", null]);
});

const goodStart = true;
/** @type {[name: string, behaviour: Parameters<typeof standIn>[0], start: Parameters<typeof run>[1], stopAfter: number, finished: [outcome: string, epochs: number, weights?: string, code?: string]][]} */
const OUTCOMES = [
  ["stop is obeyed after the step under way, with the best so far", {}, {}, 6, ["stopped", 1, "best of epoch 1"]],
  ["before an epoch has ended there is nothing", {}, {}, 0, ["stopped", 0]],
  ["where no epoch is as good as the start, the start is the outcome", { goodStart }, {}, Infinity, ["done", 3, "the start"]],
  ["and not before an epoch has ended", { goodStart }, {}, 6, ["stopped", 0]],
  ["numbers that run off end it with the best before", { failure: [6, coded("not-finite")] }, {}, Infinity,
    ["failed", 1, "best of epoch 1", "not-finite"]],
  ["where a lost device no longer gives the weights, the last that were read are the best",
    { failure: [6, coded("device")], unreadable: coded("device") }, { resume: ["checkpoint", "earlier"] }, Infinity, ["failed", 2, "earlier", "device"]],
  ["a saved training that can't go on says so", {}, { resume: ["damaged"] }, Infinity, ["failed", 0, undefined, "training-interrupted"]],
];
for (const [name, behaviour, start, stopAfter, [outcome, epochs, weights, code]] of OUTCOMES) {
  test(name, async () => {
    const { kinds, finished } = await run(standIn(behaviour), start, { stopAfter });
    assert.deepEqual(finished, { outcome, epochs, weights, code });
    assert.equal(kinds.at(-2) === "stopping", outcome === "stopped");
  });
}

test("after a trap nothing is asked of the module any more", async () => {
  const made = standIn({ failure: [6, TRAP] });
  const { last } = await run(made);
  assert.deepEqual(last, { kind: "crash", message: "unreachable", saved: null });
  assert.equal(made.seen.reads, 1, "for the save");
});

test("a saved training goes on where it was", async () => {
  for (const [best, weights] of /** @type {const} */ ([["earlier", "earlier"], [undefined, "best of epoch 1"]])) {
    const made = standIn();
    const { answers, finished } = await run(made, { resume: best ? ["checkpoint", best] : ["checkpoint"] });
    assert.equal(made.seen.resumed, "checkpoint, original");
    assert.ok(answers[0]?.kind === "started" && answers[0].history.length === 1);
    assert.deepEqual([finished.epochs, finished.weights], [3, weights]);
  }
});

/** @type {[name: string, about: ConstructorParameters<typeof Eta>[0], steps: [event: TrainEvent, ms: number, secondsLeft: number | null][]][]} */
const TIMES_LEFT = [
  ["the time left comes from what the parts have cost, and is unknown until they have been measured twice",
    { scope: "stage", epochs: 2, batchSize: 2, pictures: 4, checked: 2, epochsDone: 0 }, [
      [{ kind: "features", done: 3, total: 6 }, 9000, null],
      [{ kind: "features", done: 6, total: 6 }, 3000, null],
      [{ kind: "batch", epoch: 1, batch: 1, batches: 2, training: SCORE }, 9000, null],
      // Two batches of 2 s and a check that is taken to cost as much as a batch.
      [{ kind: "batch", epoch: 1, batch: 2, batches: 2, training: SCORE }, 2000, 6],
      [{ kind: "epoch", ...record(1) }, 500, 4.5],
      [{ kind: "batch", epoch: 2, batch: 1, batches: 2, training: SCORE }, 2000, 2.5],
    ]],
  ["a head's time left is that of its pictures' features until it learns",
    { scope: "head", epochs: 50, batchSize: 16, pictures: 51, checked: 9, epochsDone: 0 }, [
      [{ kind: "features", done: 8, total: 60 }, 9000, null],
      [{ kind: "features", done: 20, total: 60 }, 600, 2],
    ]],
];
for (const [name, about, steps] of TIMES_LEFT) {
  test(name, () => {
    const eta = new Eta(about);
    for (const [event, ms, secondsLeft] of steps) {
      eta.add(event, ms);
      assert.equal(eta.secondsLeft, secondsLeft);
    }
  });
}
