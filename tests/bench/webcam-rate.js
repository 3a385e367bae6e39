// Whether the page keeps up with a webcam, and what it holds meanwhile: what `scripts/bench.sh webcam` prints.
import { execFileSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { argv } from "node:process";
import { descendants } from "./memory.js";
import { session } from "./session.js";
import { quantile } from "./statistics.js";
import { MACHINE, liveTable, megabytes, ms } from "./table.js";
import { RATE, film, startWebcam } from "./webcam.js";

const FRAMES = Number(argv[2] ?? 1000);
if (!(FRAMES > 0)) throw new Error(`${argv[2]} is not a number of frames`);

/** Everything of the browser on one core, its page and the page's workers among it. @param {number} root */
function pin(root) {
  for (const pid of descendants(root)) execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", "0", String(pid)]);
}

console.log(`${MACHINE}, CPU backend, a camera of ${RATE} frames/s, 640x480; ${FRAMES} frames classified in each row`);
console.log("resident: of the page's process with its workers after the frames; its own: without Chromium's code, which all of its processes share");
const row = liveTable("          before the camera", "cores", "classified/s", "camera/s", "not classified", "latency, ms", "fastest tenth",
  "resident, MB", "its own, MB", "load");
for (const [scene, before] of /** @type {const} */ ([["hand", "a hand"], ["room", "no hand, which looks thrice"]])) {
  for (const cores of [cpus().length, 1]) {
    await session({ camera: film(scene), everyMs: 1000 }, async ({ signet, watch, root }) => {
      if (cores === 1) pin(root);
      const { latencies, camera, seconds } = await (await startWebcam(signet))(FRAMES);
      const { resident, own } = watch.held();
      row(before, cores, (latencies.length / seconds).toFixed(1), (camera / seconds).toFixed(1), Math.max(0, camera - latencies.length),
        ms(quantile(latencies, 0.5)), ms(quantile(latencies, 0.1)), megabytes(resident), megabytes(own), Number(loadavg()[0]).toFixed(1));
    });
  }
}
