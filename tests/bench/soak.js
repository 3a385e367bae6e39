// Hours of use in minutes: what `scripts/soak.sh` prints.
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launch, visit } from "../e2e/browser.js";
import { TestServer } from "../e2e/server.js";
import { LEAST, drift, quantile } from "./drift.js";
import { MemoryWatch } from "./memory.js";
import { SAMPLES, choose, record, rest, samples, train } from "./teaching.js";
import { Webcam, film } from "./webcam.js";

/** What is flat: memory may grow by so much, and what takes time may take so much longer. */
const MEMORY_AT_MOST = 1.05;
const LATENCY_AT_MOST = 1.15;
const WINDOW = 500;
const POLL_MS = 1000;
/**
 * Each of them in turn, as often as the last says; one training leaves what it leaves whatever its epochs are.
 * @type {{ scope: string, epochs: number, share: number }[]}
 */
const SCOPES = [{ scope: "head", epochs: 50, share: 0.8 }, { scope: "stage", epochs: 1, share: 0.2 }];
/** The share of a window's frames that the machine's other work has held up least. */
const UNDISTURBED = 0.1;

const { values: options } = parseArgs({ options: {
  frames: { type: "string", default: "20000" },
  trainings: { type: "string", default: "30" },
} });
const [frames = 0, trainings = 0] = [options.frames, options.trainings].map((text) => {
  if (!/^\d+$/.test(text)) throw new Error(`${text} is no number`);
  return Number(text);
});

const megabytes = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(0);
/** @param {(string | number)[]} cells */
const row = (...cells) => console.log(cells.map((cell) => String(cell).padStart(10)).join(" "));

let isFlat = true;
/** @param {string} what @param {number[]} values @param {number} atMost */
function judge(what, values, atMost) {
  if (values.length < LEAST) return console.log(`${what}: too few rows to judge`);
  const found = drift(values, atMost);
  isFlat &&= found.isFlat;
  console.log(`${what}: last quarter ÷ second quarter ${found.ratio.toFixed(3)}, at most ${atMost}: ${found.isFlat ? "flat" : "NOT FLAT"}`);
}

/** @param {string} folder @param {TestServer} server */
async function soakWebcam(folder, server) {
  const browser = await launch({ camera: film(join(folder, "both.y4m"), "both") });
  const watch = new MemoryWatch(browser.process()?.pid ?? 0, { everyMs: POLL_MS });
  try {
    await visit(browser, server, { query: "?backend=cpu" }, async (signet) => {
      await signet.ready();
      console.log(`\n${frames} webcam frames; memory is the page's resident memory, ${megabytes(watch.now())} MB before the camera starts`);
      row("frames", "frames/s", "camera/s", "median, ms", "tenth, ms", "memory, MB", "load");
      const webcam = await Webcam.start(signet);
      watch.takeMedian();
      /** @type {{ memory: number, latency: number }[]} */
      const windows = [];
      for (let done = 0; done < frames;) {
        const { frames: classified, camera, seconds, latencies } = await webcam.window(Math.min(WINDOW, frames - done));
        done += classified;
        const memory = watch.takeMedian();
        const latency = quantile(latencies, UNDISTURBED);
        windows.push({ memory, latency });
        row(done, (classified / seconds).toFixed(1), (camera / seconds).toFixed(1), quantile(latencies, 0.5).toFixed(1),
          latency.toFixed(1), megabytes(memory), Number(loadavg()[0]).toFixed(1));
      }
      judge("memory while the webcam runs", windows.map(({ memory }) => memory), MEMORY_AT_MOST);
      judge("latency of the fastest tenth of the frames", windows.map(({ latency }) => latency), LATENCY_AT_MOST);
    });
  } finally {
    watch.stop();
    await browser.close();
  }
}

/** @param {string} folder @param {TestServer} server */
async function soakTrainings(folder, server) {
  const browser = await launch();
  const watch = new MemoryWatch(browser.process()?.pid ?? 0);
  const files = samples(folder);
  try {
    for (const { scope, epochs, share } of SCOPES) {
      await visit(browser, server, { query: "?backend=cpu" }, async (signet) => {
        const count = Math.round(trainings * share);
        console.log(`\n${count} trainings: ${scope}, ${epochs} epochs, ${SAMPLES}`);
        row("training", "seconds", "at most, MB", "rest, MB", "load");
        await signet.ready();
        await record(signet, files);
        await choose(signet, scope, epochs);
        /** @type {number[]} */
        const left = [];
        for (let training = 1; training <= count; training += 1) {
          watch.takePeak();
          const { ms } = await train(signet);
          await rest(signet);
          const peak = watch.takePeak();
          left.push(watch.now());
          row(training, (ms / 1000).toFixed(1), megabytes(peak), megabytes(left.at(-1) ?? 0), Number(loadavg()[0]).toFixed(1));
        }
        judge("memory of the page at rest", left, MEMORY_AT_MOST);
      });
    }
  } finally {
    watch.stop();
    await browser.close();
  }
}

console.log(`${cpus().length} x ${cpus()[0]?.model ?? "unknown CPU"}, CPU backend`);
const folder = mkdtempSync(join(tmpdir(), "signet-soak-"));
const server = await TestServer.start();
try {
  if (frames > 0) await soakWebcam(folder, server);
  if (trainings > 0) await soakTrainings(folder, server);
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
if (!isFlat) process.exitCode = 1;
