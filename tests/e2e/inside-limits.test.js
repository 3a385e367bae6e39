// What the tab "Look inside" may take: frames until a switch is in the answer, seconds, and memory.

import assert from "node:assert/strict";
import { platform } from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { MemoryWatch } from "../bench/memory.js";
import { CAMERA_FILE, askableWorkers, launch, onlyChromium, testWorld } from "./browser.js";
import { write } from "./files.js";
import { InsideTab, at } from "./inside.js";
import { stepsTaken } from "./learns.js";
import { hand, y4m } from "./pictures.js";

/** @typedef {import("./signet.js").Signet} Signet */

const CAMERA = write("inside.y4m", y4m([hand(4, 640, 480), hand(4, 640, 480)], 30));
const { visit, pageTest } = await testWorld({ camera: CAMERA });

pageTest("on a live webcam a switch is in the answer within two frames, and the maps follow", at("?view=cut", { skip: onlyChromium(CAMERA_FILE) }), async (signet) => {
  const tab = await InsideTab.open(signet);
  await tab.checked();
  await signet.goLive(5);
  await tab.answer();
  const frames = await signet.page.evaluate(async () => {
    const [answer, shown] = ["inside-answer", "prediction"].map((name) => /** @type {HTMLElement} */ (document.querySelector(`[data-testid="${name}"]`)));
    const toggles = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-testid=inside-branch]"));
    const found = [];
    for (const [index, toggle] of [...toggles].slice(0, 8).entries()) {
      const [before, started] = [Number(shown?.dataset["sequence"]), performance.now()];
      toggle.click();
      while (answer?.dataset["cuts"] !== String(index + 1)) await new Promise((done) => requestAnimationFrame(done));
      found.push({ frames: Number(shown?.dataset["sequence"]) - before, ms: Math.round(performance.now() - started) });
      await new Promise((done) => setTimeout(done, 200));
    }
    return found;
  });
  console.log(`from a switch to its answer: ${frames.map(({ frames: count, ms }) => `${count} frames, ${ms} ms`).join("; ")}`);
  assert.ok(frames.filter(({ frames: count }) => count <= 2).length >= 6, JSON.stringify(frames));

  await tab.to("path");
  await tab.allDrawn();
  const maps = await signet.page.evaluate(async () => {
    const shown = /** @type {HTMLElement} */ (document.querySelector('[data-testid="prediction"]'));
    const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector("[data-testid=inside-channel]"));
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const put = context.putImageData.bind(context);
    let count = 0;
    context.putImageData = (/** @type {any[]} */ ...given) => { count += 1; return /** @type {any} */ (put)(...given); };
    const before = Number(shown.dataset["sequence"]);
    await new Promise((done) => setTimeout(done, 3000));
    return { maps: count / 3, answers: (Number(shown.dataset["sequence"]) - before) / 3 };
  });
  console.log(`live: ${maps.maps.toFixed(1)} passes with all maps a second beside ${maps.answers.toFixed(1)} answers`);
  assert.ok(maps.maps > 0.5);
  await signet.click("webcam-toggle");
});

/** Without it the figures tell when garbage was collected last: 20 MB more or less. @param {Signet} signet */
async function collectGarbage({ page }) {
  const isolates = [await page.createCDPSession(), ...askableWorkers(page).map((worker) => worker.client)];
  // A worker may end meanwhile, and its memory with it.
  for (const isolate of isolates) await isolate.send("HeapProfiler.collectGarbage").catch(() => {});
  await pause(1500);
}

/** What a person does in each view, to its end. @type {Record<string, (tab: InsideTab) => Promise<unknown>>} */
const USES = {
  path: async () => {},
  cut: async (tab) => {
    await tab.checked();
    await tab.flip("branch", "3b", 1);
    await tab.checked();
  },
  why: async (tab) => {
    for (const method of ["exact", "finest", "occlusion"]) {
      await tab.page.locator(`[data-testid=inside-method][data-method=${method}]`).click();
      await tab.until(`the map ${method}`, () => tab.page.$(`[data-testid=inside-map][data-method=${method}]`), 60_000);
    }
    await tab.click("challenge-compare");
    await tab.until("both orders", () => tab.page.$("[data-testid=challenge-orders]:not([data-random=''])"), 60_000);
  },
  knows: (tab) => tab.until("the samples", async () => (await tab.page.$$(`${tab.selector("inside-sample")}, ${tab.selector("inside-nearest")} li`)).length === 66, 60_000),
  learns: async (tab) => {
    await tab.page.select(tab.selector("learns-depth"), "50");
    await tab.click("learns-train");
    await stepsTaken(tab, 20);
  },
};

for (const [view, use] of Object.entries(USES)) {
  pageTest(`the view ${view} takes at most 100 MB more while it is open, after all that it does`, { skip: platform !== "linux" && "/proc is Linux's" }, async () => {
    const measured = await launch({});
    const watch = new MemoryWatch(measured.process()?.pid ?? 0, { everyMs: 200 });
    try {
      await visit({ browser: measured }, async (signet) => {
        await signet.prediction(() => signet.page.locator('[data-testid="example"][data-label="2"]').click());
        await collectGarbage(signet);
        const before = watch.held().own;
        const tab = await InsideTab.open(signet);
        await tab.allDrawn();
        if (view !== "path") await tab.to(view);
        await use(tab);
        await collectGarbage(signet);
        const open = watch.held().own;
        await signet.click("tab-classify");
        await collectGarbage(signet);
        const megabytes = (/** @type {number} */ bytes) => Math.round(bytes / 1e6);
        console.log(`memory of ${view}: ${megabytes(before)} MB before, ${megabytes(open)} MB open, ${megabytes(watch.held().own)} MB after`);
        assert.ok(open - before < 100e6, `${megabytes(open - before)} MB more`);
      });
    } finally {
      watch.stop();
      await measured.close();
    }
  });
}
