// Hours of use in minutes: what `scripts/soak.sh` prints.
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { session } from "./session.js";
import { LEAST, drift, quantile } from "./statistics.js";
import { MACHINE, liveTable, megabytes, ms } from "./table.js";
import { SAMPLES, openWithSamples, rest, train } from "./teaching.js";
import { film, startWebcam } from "./webcam.js";

/** What is flat: memory may grow by so much, and what takes time may take so much longer. */
const MEMORY_AT_MOST = 1.05;
const LATENCY_AT_MOST = 1.15;
const WINDOW = 500;
/** Each of them in turn, as often as the last says; one training leaves what it leaves whatever its epochs are. */
const SCOPES = /** @type {const} */ ([{ scope: "head", epochs: 50, share: 0.8 }, { scope: "stage", epochs: 1, share: 0.2 }]);
/** The share of a window's frames that the machine's other work has held up least. */
const UNDISTURBED = 0.1;

const { values: options } = parseArgs({ options: {
  frames: { type: "string", default: "20000" },
  trainings: { type: "string", default: "30" },
} });
const [frames = 0, trainings = 0] = [options.frames, options.trainings].map((text) => {
  if (!/^\d+$/.test(text)) throw new Error(`${text} is not a number`);
  return Number(text);
});

const load = () => Number(loadavg()[0]).toFixed(1);

let isFlat = true;
/** @param {string} what @param {number[]} values @param {number} atMost */
function judge(what, values, atMost) {
  if (values.length < LEAST) return console.log(`${what}: too few rows to judge`);
  const found = drift(values, atMost);
  isFlat &&= found.isFlat;
  console.log(`${what}: last quarter ÷ second quarter ${found.ratio.toFixed(3)}, at most ${atMost}: ${found.isFlat ? "flat" : "NOT FLAT"}`);
}

/** @param {import("./session.js").Session} session */
async function soakWebcam({ signet, watch }) {
  console.log(`\n${frames} webcam frames; memory is the page's resident memory, ${megabytes(watch.now(), 0)} MB before the camera starts`);
  const row = liveTable("frames", "frames/s", "camera/s", "median, ms", "tenth, ms", "memory, MB", "load");
  const nextWindow = await startWebcam(signet);
  watch.takeMedian();
  /** @type {number[]} */
  const memory = [];
  /** @type {number[]} */
  const latency = [];
  for (let done = 0; done < frames;) {
    const { latencies, camera, seconds } = await nextWindow(Math.min(WINDOW, frames - done));
    done += latencies.length;
    const [held, tenth] = [watch.takeMedian(), quantile(latencies, UNDISTURBED)];
    memory.push(held);
    latency.push(tenth);
    row(done, (latencies.length / seconds).toFixed(1), (camera / seconds).toFixed(1), ms(quantile(latencies, 0.5)), ms(tenth), megabytes(held, 0), load());
  }
  judge("memory while the webcam runs", memory, MEMORY_AT_MOST);
  judge("latency of the fastest tenth of the frames", latency, LATENCY_AT_MOST);
}

console.log(`${MACHINE}, CPU backend`);
if (frames > 0) await session({ camera: film("both"), everyMs: 1000 }, soakWebcam);
for (const { scope, epochs, share } of SCOPES) {
  const count = Math.round(trainings * share);
  if (count === 0) continue;
  await session({}, async ({ signet, watch }) => {
    console.log(`\n${count} trainings: ${scope}, ${epochs} epochs, ${SAMPLES}`);
    const row = liveTable("training", "seconds", "at most, MB", "rest, MB", "load");
    const tab = await openWithSamples(signet);
    await tab.set({ scope, epochs });
    /** @type {number[]} */
    const left = [];
    for (let training = 1; training <= count; training += 1) {
      watch.takePeak();
      const { seconds } = await train(tab);
      await rest(signet);
      const peak = watch.takePeak();
      left.push(watch.now());
      row(training, seconds.toFixed(1), megabytes(peak, 0), megabytes(left.at(-1) ?? 0, 0), load());
    }
    judge("memory of the page at rest", left, MEMORY_AT_MOST);
  });
}
if (!isFlat) process.exitCode = 1;
