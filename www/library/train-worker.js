// A training's worker: it lives for one training, so that its memory goes back whole.
import { holdLivenessLock } from "../recognizer/liveness.js";
import { openModule } from "../recognizer/module.js";
import { requireLearningGpu } from "../recognizer/support.js";
import { TrainLoop } from "./train-loop.js";

/** @import { TrainAnswer, TrainRequest } from "./training.js" */

/** @param {TrainAnswer} answer */
const post = (answer) => postMessage(answer);

const { port1, port2 } = new MessageChannel();
/** A message of our own waits behind those that are there. A timer would be slow in a hidden tab. @returns {Promise<void>} */
const pause = () => new Promise((resolve) => {
  port1.onmessage = () => resolve();
  port2.postMessage(null);
});

const told = holdLivenessLock((liveness) => postMessage({ liveness }));
let stopped = false;
/** @type {TrainLoop | undefined} */
let loop;
addEventListener("message", (/** @type {MessageEvent<TrainRequest>} */ { data }) => {
  if (data.kind === "stop") {
    stopped = true;
    return;
  }
  const { backend } = data;
  loop = new TrainLoop(data, { post, pause, isStopped: () => stopped, now: () => performance.now() });
  const able = told.then(() => backend === "webgpu" ? requireLearningGpu() : undefined);
  void loop.run(able.then(() => openModule(backend, "learn")));
});
// A trap inside a future that the module spawned itself surfaces only here.
addEventListener("unhandledrejection", (event) => loop?.crash(event.reason));
