// What a module throws and says, of any shape: it becomes an error that can be told.
import assert from "node:assert/strict";
import test from "node:test";
import { asSignetError } from "../../www/recognizer/errors.js";
import { TrainLoop } from "../../www/teach/train-loop.js";
import { always, anything, assertSaid } from "./fuzz.js";

test("whatever is thrown becomes an error of ours", async () => {
  await always(anything(), (thrown) => assertSaid(asSignetError(thrown)), 1000);
});

const part = (/** @type {number} */ count) => ({
  ids: Array.from({ length: count }, (_, index) => `${index}`), pixels: new Uint8Array(count), labels: new Uint32Array(count),
});
const set = { labels: ["rock", "paper"], training: part(5), validation: part(2) };
/** @type {import("../../www/teach/settings.js").Settings} */
const settings = { scope: "head", epochs: 3, batchSize: 2, learningRate: 0.001, augmentation: false, validationShare: 0.15, seed: 0 };

test("whatever a module says of a step, the loop ends with an error that can be told", async () => {
  await always(anything(), async (said) => {
    /** @type {any[]} */
    const posted = [];
    let steps = 0;
    const trainer = { step: async () => said, history: () => [], bestWeights: async () => undefined, checkpoint: async () => new Blob(["1"]) };
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
