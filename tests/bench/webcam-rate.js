// Whether the page keeps up with a webcam, and what it holds meanwhile: what `scripts/bench.sh webcam` prints.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { argv } from "node:process";
import { launch, visit } from "../e2e/browser.js";
import { TestServer } from "../e2e/server.js";
import { MemoryWatch, descendants } from "./memory.js";
import { columns, megabytes } from "./table.js";
import { quantile } from "./drift.js";
import { RATE, Webcam, film } from "./webcam.js";

/** @typedef {{ scene: "hand" | "room", before: string, pinned: boolean }} Case */

const FRAMES = Number(argv[2] ?? 1000);
if (!(FRAMES > 0)) throw new Error(`${argv[2]} is no number of frames`);
/** @type {Case[]} */
const CASES = [
  { scene: "hand", before: "a hand", pinned: false },
  { scene: "hand", before: "a hand", pinned: true },
  { scene: "room", before: "no hand, which looks thrice", pinned: false },
  { scene: "room", before: "no hand, which looks thrice", pinned: true },
];

/** Everything of the browser on one core, its page and the page's workers among it. @param {number} root */
function pin(root) {
  for (const pid of descendants(root)) execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", "0", String(pid)]);
}

/** @param {Case} which @param {string} folder @param {TestServer} server */
async function measure({ scene, before, pinned }, folder, server) {
  const browser = await launch({ camera: film(join(folder, `${scene}.y4m`), scene) });
  const root = browser.process()?.pid ?? 0;
  const watch = new MemoryWatch(root, { everyMs: 1000 });
  /** @type {string[]} */
  let cells = [];
  try {
    if (pinned) pin(root);
    await visit(browser, server, { query: "?backend=cpu" }, async (signet) => {
      await signet.ready();
      const webcam = await Webcam.start(signet);
      const { frames, camera, seconds, latencies } = await webcam.window(FRAMES);
      const { resident, own } = watch.held();
      cells = [before, pinned ? "1" : String(cpus().length), (frames / seconds).toFixed(1), (camera / seconds).toFixed(1),
        String(Math.max(0, camera - frames)), `${quantile(latencies, 0.5).toFixed(1)} (${quantile(latencies, 0.1).toFixed(1)})`,
        megabytes(resident), megabytes(own), Number(loadavg()[0]).toFixed(1)];
    });
  } finally {
    watch.stop();
    await browser.close();
  }
  return cells;
}

const folder = mkdtempSync(join(tmpdir(), "signet-bench-"));
const server = await TestServer.start();
try {
  console.log(`${cpus().length} x ${cpus()[0]?.model ?? "unknown CPU"}, CPU backend, a camera of ${RATE} frames/s, 640x480; ${FRAMES} frames classified in each row`);
  const rows = [["before the camera", "cores", "classified/s", "camera/s", "not classified", "latency, ms (fastest tenth)", "resident, MB", "its own, MB", "load"]];
  for (const one of CASES) {
    rows.push(await measure(one, folder, server));
    console.log(`\n${columns(rows)}`);
  }
  console.log("\nresident: of the page's process with its workers after the frames; its own: without Chromium's code, which all of its processes share");
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
