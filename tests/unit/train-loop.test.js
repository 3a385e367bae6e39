import assert from "node:assert/strict";
import test from "node:test";
import { Eta } from "../../www/teach/eta.js";
import { TrainLoop } from "../../www/teach/train-loop.js";

/** @typedef {import("../../www/recognizer/module.js").LearningModule} LearningModule */
/** @typedef {import("../../www/pkg/signet_cpu_learn.js").TrainEvent} TrainEvent */
/** @typedef {import("../../www/teach/training.js").TrainAnswer} TrainAnswer */
/** @typedef {import("../../www/teach/training.js").TrainStart} TrainStart */

const part = (/** @type {number} */ count) => ({
  ids: Array.from({ length: count }, (_, index) => `${index}`), pixels: new Uint8Array(count), labels: new Uint32Array(count),
});
/** @type {TrainStart} */
const START = {
  kind: "start", backend: "cpu", weights: new Blob(["original"]), resume: null,
  set: { labels: ["rock", "paper"], training: part(4), validation: part(1) },
  settings: { scope: "head", epochs: 3, batchSize: 2, learningRate: 0.001, augmentation: false, validationShare: 0.15, seed: 0 },
};
const SCORE = { loss: 1, accuracy: 0.5 };
const text = (/** @type {Blob | null | undefined} */ blob) => blob?.text();
const coded = (/** @type {string} */ code) => Object.assign(new Error(`it was ${code}`), { code });

/**
 * A module whose trainer counts: two features, then two batches and an epoch each. Its first epoch is its best.
 * @param {object} [behaviour]
 * @param {number} [behaviour.epochs]
 * @param {boolean} [behaviour.goodStart] the start is scored, and no epoch is as good
 * @param {(step: number) => void} [behaviour.onStep] counted from 0; may throw
 * @param {Error} [behaviour.unreadable] thrown for the best weights
 */
function standIn({ epochs = 3, onStep = () => {}, unreadable, goodStart = false } = {}) {
  /** @type {{ weights?: string, resumed?: string, reads: number, onCheckpoint: () => void }} */
  const seen = { reads: 0, onCheckpoint: () => {} };
  const trainer = (/** @type {number} */ epochsBefore) => {
    /** @type {TrainEvent[]} */
    const events = [{ kind: "features", done: 1, total: 2 }, { kind: "features", done: 2, total: 2 }];
    /** @type {import("../../www/pkg/signet_cpu_learn.js").EpochRecord[]} */
    const records = Array.from({ length: epochs }, (_, index) => index + 1).map((epoch) => ({ epoch, training: SCORE, validation: [SCORE], best: !goodStart && epoch === 1 }));
    if (goodStart) events.push({ kind: "validation", epoch: 0, done: 1, total: 2 }, { kind: "start", validation: [SCORE] });
    for (const record of records.slice(epochsBefore)) {
      const { epoch } = record;
      for (const batch of [1, 2]) events.push({ kind: "batch", epoch, batch, batches: 2, training: SCORE });
      events.push({ kind: "epoch", ...record });
    }
    let [step, over] = [0, epochsBefore];
    return {
      step: async () => {
        onStep(step);
        const event = events[step] ?? { kind: "done" };
        step += 1;
        if (event.kind === "epoch") over += 1;
        return event;
      },
      history: () => records.slice(0, over),
      bestWeights: async () => {
        if (unreadable) throw unreadable;
        seen.reads += 1;
        if (goodStart) return new Blob(["the start"]);
        return over > 0 ? new Blob(["best of epoch 1"]) : undefined;
      },
      checkpoint: async () => {
        seen.onCheckpoint();
        return new Blob([`after ${step} steps`]);
      },
    };
  };
  const module = /** @type {LearningModule} */ (/** @type {unknown} */ ({
    Trainer: {
      start: async (/** @type {Blob} */ weights) => {
        seen.weights = await weights.text();
        return trainer(0);
      },
      resume: async (/** @type {Blob} */ checkpoint, /** @type {Blob | undefined} */ best) => {
        seen.resumed = `${await checkpoint.text()}, ${await best?.text()}`;
        if (seen.resumed.startsWith("damaged")) throw coded("weights-format");
        return trainer(1);
      },
    },
  }));
  return { module, seen };
}

/**
 * Runs it to its end, with a clock that only steps move.
 * @param {ReturnType<typeof standIn>} made
 * @param {Partial<TrainStart>} [start]
 * @param {{ stepMs?: number, saveMs?: number, stopAfter?: number }} [options] stop comes after so many steps
 */
async function run({ module, seen }, start = {}, { stepMs = 1, saveMs = 0, stopAfter = Infinity } = {}) {
  /** @type {TrainAnswer[]} */
  const answers = [];
  let [time, pauses] = [0, 0];
  seen.onCheckpoint = () => { time += saveMs; };
  const loop = new TrainLoop({ ...START, ...start }, {
    post: (answer) => answers.push(answer),
    isStopped: () => pauses >= stopAfter,
    pause: async () => { pauses += 1; time += stepMs; },
    now: () => time,
  });
  await loop.run(Promise.resolve(module));
  const last = answers.at(-1);
  const finished = /** @type {import("../../www/teach/training.js").TrainFinished} */ (last);
  assert.ok(last?.kind === "finished" || last?.kind === "crash");
  return { answers, finished, last, kinds: answers.map((answer) => (answer.kind === "event" ? answer.event.kind : answer.kind)) };
}

test("a training runs from the weights to its best epoch, which is read once", async () => {
  const made = standIn();
  const { kinds, finished } = await run(made, {}, { stepMs: 100, saveMs: 1000 });
  assert.equal(made.seen.weights, "original");
  const epoch = ["batch", "batch", "epoch"];
  assert.deepEqual(kinds, ["started", "features", "features", ...epoch, "saved", ...epoch, ...epoch, "finished"]);
  assert.deepEqual([finished.outcome, finished.history.length, await text(finished.weights)], ["done", 3, "best of epoch 1"]);
  assert.equal(made.seen.reads, 1);
});

test("quick steps are told ten times a second, every epoch among them", async () => {
  const { kinds } = await run(standIn(), {}, { stepMs: 1, saveMs: 30 });
  assert.deepEqual(kinds, ["started", "features", "features", "epoch", "saved", "epoch", "epoch", "finished"]);
});

/** @type {[name: string, start: Partial<TrainStart>, pace: { stepMs: number, saveMs: number }, savedAfter: number[]][]} */
const SAVES = [
  // Six epochs of three steps each, after two that look at pictures.
  ["and after every epoch that takes long", {}, { stepMs: 2000, saveMs: 500 }, [5, 8, 11, 14, 17]],
  ["and not again within five seconds", {}, { stepMs: 1000, saveMs: 0 }, [5, 11, 17]],
  ["and again when the time since then was worth ten saves", {}, { stepMs: 1000, saveMs: 1200 }, [5, 17]],
  ["and no more when a save takes longer than everything else", {}, { stepMs: 10, saveMs: 500 }, [5]],
];
for (const [name, start, pace, savedAfter] of SAVES) {
  test(`it is saved after the first epoch, ${name}`, async () => {
    const epochs = 6;
    const { answers } = await run(standIn({ epochs }), { ...start, settings: { ...START.settings, epochs } }, pace);
    const saved = answers.filter((answer) => answer.kind === "saved");
    assert.deepEqual(await Promise.all(saved.map(({ checkpoint }) => text(checkpoint))), savedAfter.map((steps) => `after ${steps} steps`));
    assert.equal(await text(saved[0]?.best), "best of epoch 1");
  });
}

/** @type {[name: string, fail: () => never][]} */
const LOSSES = [
  ["is lost", () => { throw coded("device"); }],
  ["takes the module along", () => { throw new WebAssembly.RuntimeError("unreachable"); }],
];
for (const [name, fail] of LOSSES) {
  test(`when a graphics device ${name}, the last epoch is handed over, or the second before of quicker ones`, async () => {
    const lost = async (/** @type {Partial<TrainStart>} */ start, /** @type {number} */ stepMs) => {
      const made = standIn({ epochs: 6, onStep: (step) => { if (step === 12) fail(); }});
      const { answers, last } = await run(made, { ...start, settings: { ...START.settings, epochs: 6 } }, { stepMs, saveMs: 300 });
      assert.equal(answers.filter(({ kind }) => kind === "saved").length, 1);
      return last && "saved" in last ? last.saved : undefined;
    };
    // Three epochs are over: after 5, 8 and 11 steps.
    const saved = await lost({ backend: "webgpu" }, 400);
    assert.deepEqual([await text(saved?.checkpoint), await text(saved?.best)], ["after 11 steps", "best of epoch 1"]);
    assert.equal(await text((await lost({ backend: "webgpu" }, 200))?.checkpoint), "after 11 steps", "1.2 s since the first");
    assert.equal(await lost({ backend: "webgpu" }, 10), null, "nothing since the first");
    assert.equal(await lost({}, 400), null, "the CPU can't be lost");
  });
}

test("an epoch that takes long is saved in its middle", async () => {
  const { answers } = await run(standIn(), {}, { stepMs: 30_000 });
  const [first] = answers.filter((answer) => answer.kind === "saved");
  assert.deepEqual([await text(first?.checkpoint), first?.best], ["after 3 steps", null]);
});

test("stop is obeyed after the step under way, with the best so far", async () => {
  const { kinds, finished } = await run(standIn(), {}, { stopAfter: 6 });
  assert.deepEqual(kinds.slice(-2), ["stopping", "finished"]);
  assert.deepEqual([finished.outcome, finished.history.length, await text(finished.weights)], ["stopped", 1, "best of epoch 1"]);
  assert.equal((await run(standIn(), {}, { stopAfter: 0 })).finished.weights, null);
});

test("where no epoch is as good as the start, the start is the outcome; before one has ended there is none", async () => {
  const { finished } = await run(standIn({ goodStart: true }));
  assert.deepEqual([finished.history.length, await text(finished.weights)], [3, "the start"]);
  const stopped = await run(standIn({ goodStart: true }), {}, { stopAfter: 6 });
  assert.deepEqual([stopped.finished.history.length, stopped.finished.weights], [0, null]);
});

test("numbers that run off end it with the best before", async () => {
  const made = standIn({ onStep: (step) => { if (step === 6) throw coded("not-finite"); } });
  const { finished } = await run(made);
  assert.deepEqual([finished.outcome, finished.error?.code, await text(finished.weights)], ["failed", "not-finite", "best of epoch 1"]);
});

test("where a lost device no longer gives the weights, the last that were read are the best", async () => {
  const made = standIn({ onStep: (step) => { if (step === 6) throw coded("device"); }, unreadable: coded("device") });
  const { finished } = await run(made, { resume: { checkpoint: new Blob(["checkpoint"]), best: new Blob(["earlier"]) } });
  assert.deepEqual([finished.error?.code, await text(finished.weights)], ["device", "earlier"]);
});

test("after a trap nothing is asked of the module any more", async () => {
  const made = standIn({ onStep: (step) => { if (step === 6) throw new WebAssembly.RuntimeError("unreachable"); } });
  const { last } = await run(made);
  assert.deepEqual(last, { kind: "crash", message: "unreachable", saved: null });
  assert.equal(made.seen.reads, 1, "for the save");
});

test("a saved training goes on where it was, and one that can't says so", async () => {
  const made = standIn();
  const { answers, finished } = await run(made, { resume: { checkpoint: new Blob(["checkpoint"]), best: new Blob(["earlier"]) } });
  assert.equal(made.seen.resumed, "checkpoint, earlier");
  assert.ok(answers[0]?.kind === "started" && answers[0].history.length === 1);
  assert.deepEqual([finished.history.length, await text(finished.weights)], [3, "earlier"]);
  const damaged = await run(standIn(), { resume: { checkpoint: new Blob(["damaged"]), best: null } });
  assert.deepEqual([damaged.finished.outcome, damaged.finished.error?.code], ["failed", "training-interrupted"]);
});

test("the time left comes from what the parts have cost, and is unknown until they have been measured twice", () => {
  const eta = new Eta({ scope: "stage", epochs: 2, batchSize: 2, pictures: 4, checked: 2, epochsDone: 0 });
  /** @type {[TrainEvent, ms: number, secondsLeft: number | null][]} */
  const steps = [
    [{ kind: "features", done: 3, total: 6 }, 9000, null],
    [{ kind: "features", done: 6, total: 6 }, 3000, null],
    [{ kind: "batch", epoch: 1, batch: 1, batches: 2, training: SCORE }, 9000, null],
    // Two batches of 2 s and a check that is taken to cost as much as a batch.
    [{ kind: "batch", epoch: 1, batch: 2, batches: 2, training: SCORE }, 2000, 6],
    [{ kind: "epoch", epoch: 1, training: SCORE, validation: [SCORE], best: true }, 500, 4.5],
    [{ kind: "batch", epoch: 2, batch: 1, batches: 2, training: SCORE }, 2000, 2.5],
  ];
  for (const [event, ms, secondsLeft] of steps) {
    eta.add(event, ms);
    assert.equal(eta.secondsLeft, secondsLeft);
  }
});

test("a head's time left is that of its pictures' features until it learns", () => {
  const eta = new Eta({ scope: "head", epochs: 50, batchSize: 16, pictures: 51, checked: 9, epochsDone: 0 });
  eta.add({ kind: "features", done: 8, total: 60 }, 9000);
  assert.equal(eta.secondsLeft, null);
  eta.add({ kind: "features", done: 20, total: 60 }, 600);
  assert.equal(eta.secondsLeft, 2);
});
