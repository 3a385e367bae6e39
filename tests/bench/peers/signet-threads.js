// Signet's module with helpers, which are the page's own.
import { openModule } from "../../../www/recognizer/module.js";
import { open } from "./signet.js";

const HELPER = "/www/recognizer/helper.js";

/** @type {import("./protocol.js").EngineFile["load"]} */
export async function load(device, files, _, threads) {
  const module = await openModule(device, "threads");
  const engine = await open(module, files, false);
  const shared = module.toShare();
  for (let helper = 1; helper < threads; helper += 1) {
    const worker = new Worker(HELPER, { type: "module" });
    await new Promise((resolve, reject) => {
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.onmessage = ({ data }) => { if (data.isReady) resolve(undefined); };
      worker.postMessage(shared);
    });
  }
  module.setThreads(threads);
  return engine;
}
