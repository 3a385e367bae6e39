// A page that is used for long, in a browser of its own whose memory is watched.
import { launch, visit } from "../e2e/browser.js";
import { TestServer } from "../e2e/server.js";
import { MemoryWatch } from "./memory.js";

/** @typedef {{ signet: import("../e2e/signet.js").Signet, watch: MemoryWatch, root: number }} Session  `root`: the browser's process id */

/**
 * The page on the CPU, ready, until `body` ends.
 * @param {{ camera?: string, everyMs?: number }} options a film, and how often memory is looked at
 * @param {(session: Session) => Promise<void>} body
 */
export async function session({ camera, everyMs }, body) {
  const server = await TestServer.start();
  const browser = await launch({ camera });
  const root = browser.process()?.pid ?? 0;
  const watch = new MemoryWatch(root, { everyMs });
  try {
    await visit(browser, server, { query: "?backend=cpu" }, async (signet) => {
      await signet.ready();
      await body({ signet, watch, root });
    });
  } finally {
    watch.stop();
    await browser.close();
    await server.stop();
  }
}
