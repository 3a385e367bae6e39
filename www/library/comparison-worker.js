// The worker of two networks that learn side by side: the learning module, with one comparison at a time.
import { SignetError } from "../recognizer/errors.js";
import { openModule } from "../recognizer/module.js";
import { serve } from "../recognizer/serve.js";

/** @import { LearningModule } from "../recognizer/module.js" */
/** @import { RequestBody } from "../recognizer/protocol.js" */

/** @type {Promise<LearningModule> | undefined} */
let module;
/** @type {import("../pkg/signet_cpu_learn.js").Comparison | undefined} */
let comparison;

/** @param {Extract<RequestBody, { kind: "init" | "call" }>} request @returns {Promise<unknown>} */
async function perform(request) {
  if (request.kind === "init") {
    module = openModule("cpu", "learn");
    await module;
    return null;
  }
  if (!module) throw new SignetError("unexpected", "the worker was asked before it was initialised");
  if (request.method === "start") {
    comparison?.free();
    comparison = undefined;
    const { Comparison } = await module;
    comparison = await Comparison.start(.../** @type {Parameters<typeof Comparison.start>} */ (request.given));
    return comparison.layers();
  }
  if (!comparison) throw new SignetError("unexpected", "a step before the start");
  return comparison.step();
}

serve(perform);
