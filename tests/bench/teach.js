// Fine-tuning on the page: what `scripts/bench.sh teach` prints.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { argv } from "node:process";
import { launch, visit } from "../e2e/browser.js";
import { hand, png } from "../e2e/pictures.js";
import { ROOT, TestServer } from "../e2e/server.js";
import { MemoryWatch } from "./memory.js";

/** @typedef {import("../e2e/signet.js").Signet} Signet */

const PER_CLASS = 10;
const LABELS = ["0", "1", "2", "3", "4", "5"];
const PHOTOS = join(ROOT, "../shared/data/signs/train");
const LIMIT_MS = 600_000;
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

/** Ten files for each class. @param {string} folder @returns {Map<string, string[]>} */
function samples(folder) {
  return new Map(LABELS.map((label) => {
    const at = (/** @type {number} */ index, /** @type {number} */ of) => Math.floor((index * of) / PER_CLASS);
    if (existsSync(PHOTOS)) {
      const names = readdirSync(join(PHOTOS, label)).sort();
      return [label, Array.from({ length: PER_CLASS }, (_, index) => join(PHOTOS, label, String(names[at(index, names.length)])))];
    }
    return [label, Array.from({ length: PER_CLASS }, (_, index) => {
      const path = join(folder, `${label}-${index}.png`);
      writeFileSync(path, png(hand(Number(label), 160 + 8 * index, 160, { background: [200 + 5 * index, 210, 190] })));
      return path;
    })];
  }));
}

/** @param {Signet} signet @param {Map<string, string[]>} files */
async function record(signet, files) {
  const { page } = signet;
  await signet.click("tab-teach");
  for (const [label, paths] of files) {
    const input = await page.$(`[data-testid="class-card"][data-label="${label}"] [data-testid="class-upload-input"]`);
    if (!input) throw new Error(`no card for ${label}`);
    await /** @type {import("puppeteer-core").ElementHandle<HTMLInputElement>} */ (input).uploadFile(...paths);
  }
  await signet.until("all samples", () => page.$$eval('[data-testid="class-card"]',
    (cards, wanted) => cards.every((card) => /** @type {HTMLElement} */ (card).dataset["count"] === wanted) || undefined,
    String(PER_CLASS)), 120_000);
}

/** @param {Signet} signet */
const progress = (signet) => signet.page.$eval('[data-testid="training-progress"]',
  (element) => ({ .../** @type {HTMLElement} */ (element).dataset }));

/**
 * Presses Train, and resolves when the taught model is in use.
 * @param {Signet} signet
 */
async function train(signet) {
  const start = performance.now();
  await signet.page.$eval('[data-testid="train"]', (button) => /** @type {HTMLElement} */ (button).click());
  const end = await signet.until("the end of the training", async () => {
    const now = await progress(signet);
    return ["done", "failed", "stopped"].includes(now["state"] ?? "") ? now : undefined;
  }, LIMIT_MS);
  if (end["state"] !== "done") throw new Error(`the training ended as ${end["state"]}`);
  return { ms: performance.now() - start, loss: Number(end["loss"]), accuracy: Number(end["accuracy"]), epochs: Number(end["epochs"]) };
}

/**
 * The page at rest: both models checked, the training's worker gone, what nobody holds any more thrown away.
 * @param {Signet} signet
 */
async function rest(signet) {
  const { page } = signet;
  await signet.until("the check of both models", async () => (await page.$('[data-testid="confusion-matrix"]')) ? true : undefined, LIMIT_MS);
  const session = await page.createCDPSession();
  for (const client of [session, ...page.workers().map((worker) => worker.client)]) {
    await client.send("HeapProfiler.collectGarbage").catch(() => {}); // a worker may end meanwhile
  }
  await session.detach();
  await new Promise((done) => setTimeout(done, 1000));
}

const folder = mkdtempSync(join(tmpdir(), "signet-bench-"));
const server = await TestServer.start();
const browser = await launch();
const files = samples(folder);
const watch = new MemoryWatch(browser.process()?.pid ?? 0);
try {
  console.log(`${await browser.version()}, CPU backend, ${cpus().length} x ${cpus()[0]?.model ?? "unknown CPU"}`);
  console.log(`${LABELS.length * PER_CLASS} samples of ${LABELS.length} classes: ${existsSync(PHOTOS) ? "photos" : "painted hands"}\n`);
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
      await signet.page.select('[data-testid="scope"]', scope);
      await signet.page.locator('[data-testid="epochs"]').fill(String(epochs));
      await signet.page.keyboard.press("Tab");
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
