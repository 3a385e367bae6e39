// Teaching on the page, as the benchmarks do it: sixty samples, a training after the other, the page at rest between.
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hand, png } from "../e2e/pictures.js";
import { ROOT } from "../e2e/server.js";

/** @typedef {import("../e2e/signet.js").Signet} Signet */

const PER_CLASS = 10;
const LABELS = ["0", "1", "2", "3", "4", "5"];
const PHOTOS = join(ROOT, "../shared/data/signs/train");
const LIMIT_MS = 600_000;
/** What the samples are, in words. */
export const SAMPLES = `${LABELS.length * PER_CLASS} samples of ${LABELS.length} classes: ${existsSync(PHOTOS) ? "photos" : "painted hands"}`;

/** Ten files for each class. @param {string} folder @returns {Map<string, string[]>} */
export function samples(folder) {
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
export async function record(signet, files) {
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
export async function train(signet) {
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
export async function rest(signet) {
  const { page } = signet;
  await signet.until("the check of both models", async () => (await page.$('[data-testid="confusion-matrix"]')) ? true : undefined, LIMIT_MS);
  const session = await page.createCDPSession();
  for (const client of [session, ...page.workers().map((worker) => worker.client)]) {
    await client.send("HeapProfiler.collectGarbage").catch(() => {}); // a worker may end meanwhile
  }
  await session.detach();
  await new Promise((done) => setTimeout(done, 1000));
}

/** @param {Signet} signet @param {string} scope @param {number} epochs */
export async function choose(signet, scope, epochs) {
  await signet.page.select('[data-testid="scope"]', scope);
  await signet.page.locator('[data-testid="epochs"]').fill(String(epochs));
  await signet.page.keyboard.press("Tab");
}
