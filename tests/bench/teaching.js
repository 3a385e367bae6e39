// Teaching on the page, as the benchmarks do it: sixty samples, a training after the other, the page at rest between.
import { askableWorkers } from "../e2e/browser.js";
import { NO_PHOTOS, photos } from "../e2e/files.js";
import { DIGITS, TeachTab, handFiles } from "../e2e/teach.js";

/** @typedef {import("../e2e/signet.js").Signet} Signet */

const PER_CLASS = 10;
const LIMIT_MS = 600_000;
/** What the samples are, in words. */
export const SAMPLES = `${DIGITS.length * PER_CLASS} samples of ${DIGITS.length} classes: ${NO_PHOTOS ? "painted hands" : "photos"}`;

/** The second tab with all samples. @param {Signet} signet */
export async function openWithSamples(signet) {
  const tab = await TeachTab.open(signet);
  const given = NO_PHOTOS ? [] : photos(PER_CLASS, "train");
  for (const label of DIGITS) {
    const own = given.filter((photo) => photo.label === label).map(({ file }) => file);
    const input = /** @type {import("puppeteer-core").ElementHandle<HTMLInputElement>} */ (await tab.part(label, "class-upload-input"));
    await input.uploadFile(...(NO_PHOTOS ? handFiles(Number(label), PER_CLASS) : own));
    await tab.counts(label, PER_CLASS);
  }
  return tab;
}

/** Trains until the taught model is in use. @param {TeachTab} tab */
export async function train(tab) {
  const start = performance.now();
  await tab.start();
  const { loss, accuracy, epochs } = await tab.reaches("done", LIMIT_MS);
  return { seconds: (performance.now() - start) / 1000, loss, accuracy, epochs };
}

/** The page at rest: both models checked, the training's worker gone, what nobody holds any more thrown away. @param {Signet} signet */
export async function rest(signet) {
  const { page } = signet;
  await signet.until("the check of both models", () => page.$(signet.selector("confusion-matrix")), LIMIT_MS);
  const devtools = await page.createCDPSession();
  for (const client of [devtools, ...askableWorkers(page).map((worker) => worker.client)]) {
    await client.send("HeapProfiler.collectGarbage").catch(() => {}); // a worker may end meanwhile
  }
  await devtools.detach();
  await new Promise((done) => setTimeout(done, 1000));
}
