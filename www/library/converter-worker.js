// The worker that reads and writes other programs' files: the module that converts.
import { SignetError } from "../recognizer/errors.js";
import { openModule } from "../recognizer/module.js";
import { serve } from "../recognizer/serve.js";

/** @import { RequestBody } from "../recognizer/protocol.js" */
/** @import { ConvertModule } from "./converter-types.js" */

/** @type {Promise<ConvertModule> | undefined} */
let module;

/** @param {Extract<RequestBody, { kind: "init" | "call" }>} request @returns {Promise<unknown>} */
async function perform(request) {
  if (request.kind === "init") {
    module = /** @type {Promise<any>} */ (openModule("cpu", "convert"));
    await module;
    return null;
  }
  if (!module) throw new SignetError("unexpected", "the worker was asked before it was initialised");
  const { method, given } = request;
  return /** @type {any} */ (await module)[method](...given);
}

serve(perform);
