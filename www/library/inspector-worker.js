// The worker of the tab "Look inside": a module that inspects, with one model.
import { bytesOf, release } from "../recognizer/bytes.js";
import { SignetError } from "../recognizer/errors.js";
import { openModule } from "../recognizer/module.js";
import { serve } from "../recognizer/serve.js";

/** @import { InspectorModule, LoadedInspector, ModuleInspector } from "./inspector-types.js" */
/** @import { RequestBody } from "../recognizer/protocol.js" */

/** @type {Promise<InspectorModule> | undefined} */
let module;
/** @type {Promise<ModuleInspector> | undefined} */
let loading;

/** @param {Extract<RequestBody, { kind: "init" | "load" | "call" }>} request @returns {Promise<unknown>} */
async function perform(request) {
  if (request.kind === "init") {
    module = /** @type {Promise<any>} */ (openModule(request.backend, "inspect"));
    await module;
    return null;
  }
  if (!module) throw new SignetError("unexpected", "the worker was asked before it was initialised");
  if (request.kind === "load") {
    const bytes = await bytesOf(request.source);
    loading = (await module).Inspector.load(bytes).finally(() => release(bytes)); // 12 MB, which the module has copied
    const loaded = await loading;
    return /** @type {LoadedInspector} */ ({ labels: loaded.labels, hasDetector: loaded.hasDetector, mirrors: loaded.mirrors, places: loaded.places() });
  }
  if (!loading) throw new SignetError("unexpected", "the worker was asked before it had a model");
  const { method, given } = request;
  const inspector = /** @type {any} */ (await loading);
  return inspector[method](...given);
}

serve(perform);
