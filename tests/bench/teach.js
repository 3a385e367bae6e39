// Fine-tuning on the page: what `scripts/bench.sh teach` prints.
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { argv } from "node:process";
import { launch, visit } from "../e2e/browser.js";
import { TestServer } from "../e2e/server.js";
import { MemoryWatch } from "./memory.js";
import { SAMPLES, choose, record, rest, samples, train } from "./teaching.js";

/** What the issue of this feature asked for: seconds of each scope, megabytes of the page. @type {Record<string, number>} */
const GOALS = { head: 8, stage: 60, all: 150 };
const MEMORY_GOAL = 1500;
/**
 * Trainings one after another, which leave no more behind than the first two. What one leaves does not depend on
 * its epochs, so few are enough where each takes long.
 * @type {{ scope: string, epochs: number }[]}
 */
const ROWS = [{ scope: "head", epochs: 50 }, { scope: "stage", epochs: 2 }];
const TRAININGS_IN_A_ROW = 10;
const COMPARED_WITH = 2;
const asked = argv.slice(2);
const scopes = asked.length > 0 ? asked : Object.keys(GOALS);
const unknown = scopes.find((scope) => !(scope in GOALS));
if (unknown) throw new Error(`${unknown} is no scope: head, stage or all`);

const megabytes = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(0);
const seconds = (/** @type {number} */ ms) => (ms / 1000).toFixed(1);

const folder = mkdtempSync(join(tmpdir(), "signet-bench-"));
const server = await TestServer.start();
const browser = await launch();
const files = samples(folder);
const watch = new MemoryWatch(browser.process()?.pid ?? 0);
try {
  console.log(`${await browser.version()}, CPU backend, ${cpus().length} x ${cpus()[0]?.model ?? "unknown CPU"}`);
  console.log(`${SAMPLES}\n`);
  console.log("scope   epochs   seconds   goal   training loss   accuracy   page at most      goal");
  for (const scope of scopes) {
    await visit(browser, server, { query: "?backend=cpu" }, async (signet) => {
      await signet.ready();
      await record(signet, files);
      await signet.page.select('[data-testid="scope"]', scope);
      watch.takePeak();
      const { ms, loss, accuracy, epochs } = await train(signet);
      console.log(`${scope.padEnd(7)} ${String(epochs).padStart(6)} ${seconds(ms).padStart(9)} ${String(GOALS[scope]).padStart(6)}` +
        `${loss.toFixed(4).padStart(16)} ${(100 * accuracy).toFixed(1).padStart(8)} % ${megabytes(watch.takePeak()).padStart(11)} MB ${String(MEMORY_GOAL).padStart(6)} MB`);
    });
  }
  for (const { scope, epochs } of ROWS.filter((row) => scopes.includes(row.scope))) {
    await visit(browser, server, { query: "?backend=cpu" }, async (signet) => {
      console.log(`\n${TRAININGS_IN_A_ROW} trainings in a row: ${scope}, ${epochs} epochs\ntraining   seconds   page at most      goal   page at rest`);
      await signet.ready();
      await record(signet, files);
      await choose(signet, scope, epochs);
      /** Bytes of the page at rest after each training. @type {number[]} */
      const left = [];
      for (let training = 1; training <= TRAININGS_IN_A_ROW; training += 1) {
        const { ms } = await train(signet);
        await rest(signet);
        const peak = watch.takePeak();
        left.push(watch.now());
        console.log(`${String(training).padStart(8)} ${seconds(ms).padStart(9)} ${megabytes(peak).padStart(11)} MB ${String(MEMORY_GOAL).padStart(6)} MB ` +
          `${megabytes(left.at(-1) ?? 0).padStart(11)} MB`);
      }
      const ratio = (left.at(-1) ?? NaN) / (left[COMPARED_WITH - 1] ?? NaN);
      console.log(`page at rest after ${TRAININGS_IN_A_ROW} ÷ after ${COMPARED_WITH}: ${ratio.toFixed(2)}   goal 1.00`);
    });
  }
} finally {
  watch.stop();
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
