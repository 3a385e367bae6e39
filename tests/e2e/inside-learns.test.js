// How it learns: two networks trained side by side in the page, on drawn hands and on the person's samples. The norms that
// it shows are those of the module, which crates/core and crates/wasm/learn hold to burn's gradients.

import assert from "node:assert/strict";
import { assertAccessible, misfits, smallTargets } from "./access.js";
import { testWorld } from "./browser.js";
import { InsideTab } from "./inside.js";
import { openTables, openView, steps, stepsTaken } from "./learns.js";

/** @typedef {import("./signet.js").Signet} Signet */

const { pageTest, teachTest } = await testWorld();

/** @param {Signet} signet @param {"a" | "b"} network the norms that are drawn, in the order of the layers */
const norms = (signet, network) => signet.page.$$eval(`${signet.selector(`learns-norms-${network}`)} .bar`, (bars) => bars.map((bar) => Number(/** @type {SVGElement} */ (bar).dataset["norm"])));

/** A table's body, cell by cell. @param {Signet} signet @param {string} table */
const cells = (signet, table) => signet.page.$$eval(`${signet.selector(table)} tbody tr`, (rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? "")));

pageTest("two networks of 8 layers learn, with a norm for each layer, and a link and the switches begin anew", {}, async (signet) => {
  const { page } = signet;
  await openView(signet, "depth=8");
  assert.deepEqual([await steps(signet), (await norms(signet, "a")).length], [0, 0], "nothing is drawn that was not measured");
  await openTables(signet);
  await signet.click("learns-step");
  await stepsTaken(signet, 1);
  const initial = await Promise.all([norms(signet, "a"), norms(signet, "b")]);
  for (const each of initial) {
    assert.equal(each.length, 8);
    assert.ok(each.every((norm) => norm > 0 && Number.isFinite(norm)), `${each}`);
  }
  assert.notDeepEqual(initial[0], initial[1]);
  const [first] = await cells(signet, "learns-loss-table");

  await signet.click("learns-train");
  await stepsTaken(signet, 60);
  await signet.click("learns-train");
  assert.match(await signet.text("learns-line"), /^\d+ steps\. Loss: network A [\d.]+, network B [\d.]+\.$/);
  const rows = await cells(signet, "learns-loss-table");
  const last = rows.slice(-8);
  for (const column of [1, 3]) {
    const mean = last.reduce((sum, row) => sum + Number(row[column]), 0) / last.length;
    assert.ok(mean < 0.8 * Number(first?.[column]), `the loss fell from ${first?.[column]} to ${mean}`);
  }
  const table = await cells(signet, "learns-norm-table");
  assert.deepEqual(table.map(([name]) => name), ["conv1", ...["2a", "3a"].flatMap((block) => ["2a", "2b", "2c"].map((branch) => `res${block}_branch${branch}`)), "fc"]);
  assert.ok(table.every((row) => row.length === 6 && row.every(Boolean)));
  assert.notDeepEqual(await norms(signet, "a"), initial[0], "they are those of the newest step");
  assert.match(await signet.text("learns-found"), /Network A: skips, batch norm.*3×3 kernel.*Network B: no skips, batch norm.*answers are right/);
  assert.match(await page.$eval("[data-claim=degradation] .here", (here) => here.textContent ?? ""), /after \d+ steps: a loss of [\d.]+ with skips, of [\d.]+ without/);

  // A switch measures anew at once; the address says it.
  await page.locator(`${signet.selector("learns-b-batchNorm")}`).click();
  await signet.until("a new start", async () => (await steps(signet)) === 1, 60_000);
  await signet.until("the address", () => page.evaluate(() => location.hash.includes("b=plain")));
  assert.deepEqual(await norms(signet, "a"), initial[0], "the same seed gives the same gradients");
  assert.match(await page.$eval("[data-claim=glorot] .here", (here) => here.textContent ?? ""), /^Here, in Network B, they (don't )?vanish: /);

  // Deep plain networks without batch norm: the gradients vanish, and the page says so.
  await page.select(signet.selector("learns-depth"), "50");
  await signet.until("50 layers", async () => (await norms(signet, "b")).length === 50, 60_000);
  assert.ok(Math.max(...await norms(signet, "b")) < 1e-6);
  assert.match(await page.$eval("[data-claim=glorot] .here", (here) => here.textContent ?? ""), /they vanish: .*×\s10⁻/);

  await signet.click("learns-reset");
  assert.deepEqual([await steps(signet), await signet.text("learns-found")], [0, ""]);
});

pageTest("the view is everybody's: axe, on a phone, and by keys", { viewport: { width: 390, height: 844, hasTouch: true, isMobile: true } }, async (signet) => {
  const { page } = signet;
  await openView(signet, "depth=8");
  await page.focus(signet.selector("learns-step"));
  await page.keyboard.press("Enter");
  await stepsTaken(signet, 1);
  await openTables(signet);
  assert.deepEqual([await misfits(signet), await smallTargets(signet)], [[], []]);
  await assertAccessible(signet, "two networks, measured once");
  const labels = await page.$$eval(".learns-charts svg", (drawings) => drawings.map((drawing) => drawing.getAttribute("aria-label") ?? ""));
  assert.match(labels[0] ?? "", /Loss after 1 step: network A/);
  assert.match(labels[1] ?? "", /Gradients of Network A: the norm is /);
});

teachTest("the person's own samples are learned from, and leaving the view ends its worker", { hands: 4 }, async (tab) => {
  const { page } = tab;
  await openView(tab, "depth=8&on=samples");
  assert.equal(await tab.value("learns-on"), "samples");
  await openTables(tab);
  await tab.click("learns-train");
  await stepsTaken(tab, 3);
  const ofTwo = (await cells(tab, "learns-loss-table")).map(([, loss]) => Number(loss));
  assert.ok(ofTwo.every((loss) => loss < 6 && loss > 0));
  await tab.until("the worker", async () => page.workers().some((worker) => /comparison-worker/.test(worker.url())));
  await tab.click("inside-to-path");
  await tab.until("no worker", async () => !page.workers().some((worker) => /comparison-worker/.test(worker.url())));
  await new InsideTab(page).allDrawn(); // by the network that had rested meanwhile
});
