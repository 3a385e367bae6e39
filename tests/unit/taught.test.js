import assert from "node:assert/strict";
import test from "node:test";
import { defaultSettings } from "../../www/teach/settings.js";
import { readInterrupted } from "../../www/teach/fine-tuned.js";

const epoch = (/** @type {number} */ number) => ({ epoch: number, training: { loss: 1 / number, accuracy: 0.5 }, validation: [], best: true });
const part = { ids: ["a"], labels: new Uint32Array([0]) };
const kept = () => ({
  checkpoint: new Blob(["on its way"]), best: null, fingerprint: "f", history: [epoch(1)], before: [epoch(1), epoch(2)],
  settings: defaultSettings("head"), set: { labels: ["0"], training: part, validation: part },
});

test("an interrupted training comes back with the epochs that went before it", () => {
  const { before, history } = readInterrupted(kept());
  assert.deepEqual([before.length, history.length], [2, 1]);
  const { before: _, ...older } = kept();
  assert.deepEqual(readInterrupted(older).before, [], "earlier pages kept none");
});

/** @type {[name: string, damage: (record: any) => unknown][]} */
const DAMAGES = [
  ["no checkpoint", (record) => delete record.checkpoint],
  ["an empty checkpoint", (record) => (record.checkpoint = new Blob([]))],
  ["best weights that are text", (record) => (record.best = "best")],
  ["epochs before it that are none", (record) => (record.before = [{ epoch: 1 }])],
  ["a history that is none", (record) => (record.history = "long")],
  ["a label that it has not", (record) => (record.set.training = { ids: ["a"], labels: new Uint32Array([1]) })],
  ["a part without its labels", (record) => (record.set.validation = { ids: ["a", "b"], labels: new Uint32Array([0]) })],
];
for (const [name, damage] of DAMAGES) {
  test(`an interrupted training with ${name} is refused`, () => {
    const record = kept();
    damage(record);
    assert.throws(() => readInterrupted(record), { name: "SignetError", code: "project-format" });
  });
}

test("an interrupted training with settings out of range is refused", () => {
  const record = { ...kept(), settings: { ...defaultSettings("head"), epochs: 0 } };
  assert.throws(() => readInterrupted(record), { code: "setting" });
});
