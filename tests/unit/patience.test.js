import assert from "node:assert/strict";
import test from "node:test";
import { startTimeout } from "../../www/recognizer/timeout.js";

/** Nothing of this thread happens meanwhile, as in a page that is frozen. @param {number} ms */
const freeze = (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

test("a limit runs out after its time, once, and not when it was cleared", async () => {
  let late = 0;
  startTimeout(40, () => { late += 1; });
  clearInterval(startTimeout(20, () => { late += 10; }));
  assert.equal(late, 0);
  await pause(200);
  assert.equal(late, 1);
});

test("time in which nothing could happen here does not count", async () => {
  let late = false;
  const timeout = startTimeout(1000, () => { late = true; });
  for (let lids = 0; lids < 2; lids += 1) {
    freeze(1500);
    await pause(0);
  }
  assert.equal(late, false);
  clearInterval(timeout);
});
