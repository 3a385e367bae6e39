// A worker that helps the one that classifies: the same module once more, on the same memory. It waits inside of the
// module for its share of a layer, and answers no message until it is dismissed.
import { textOf } from "./errors.js";
import { holdLivenessLock } from "./liveness.js";

/** @import { HelperAnswer, Shared } from "./threads.js" */

/** @param {HelperAnswer} answer */
const post = (answer) => postMessage(answer);

const told = holdLivenessLock((liveness) => post({ liveness }));

addEventListener("message", async (/** @type {MessageEvent<Shared>} */ { data: { module, memory } }) => {
  try {
    /** @type {import("./module.js").ThreadsModule} */
    const opened = await import(`../${"pkg/signet_cpu_threads.js"}`);
    await opened.default({ module_or_path: module, memory });
    await told;
    post({ isReady: true });
    try {
      opened.help();
    } catch (trap) {
      opened.poison(); // or the one that answers would wait for this one's share
      throw trap;
    }
    close();
  } catch (thrown) {
    post({ crash: textOf(Object(thrown).message ?? thrown) });
  }
}, { once: true });
