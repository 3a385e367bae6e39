// The tab "Look inside" where WebGPU serves, which is Chromium's software adapter here.

import assert from "node:assert/strict";
import { SOFTWARE_ADAPTER, onlyChromium, testWorld } from "./browser.js";
import { InsideTab } from "./inside.js";

const { server, visit, pageTest } = await testWorld({ softwareGpu: true });
// Shaders are compiled first, and each answer takes a while.
const SOFTWARE_GPU_MS = 180_000;
const LINK = "#inside?view=cut&set=examples&example=2";

/** What the tab answers whole, and with a cut. @param {InsideTab} tab */
async function answers(tab) {
  const whole = await tab.answer();
  await tab.flip("branch", "3b", 1);
  await tab.flip("skip", "4c", 2);
  return [whole, await tab.answer()];
}

pageTest("where WebGPU serves the tab computes there, too: with cuts and without as on the CPU, and its parts add up to the logit", {
  skip: onlyChromium(SOFTWARE_ADAPTER), timeout: 4 * SOFTWARE_GPU_MS, query: `?backend=webgpu${LINK}`, isReady: false,
}, async (signet) => {
  assert.equal((await signet.ready(SOFTWARE_GPU_MS)).backend, "webgpu");
  await signet.until("the view", () => signet.page.$(".inside-stage > .inside-view > *"), SOFTWARE_GPU_MS);
  const tab = await InsideTab.open(signet);
  const found = await answers(tab);
  assert.deepEqual(["cpu", "gpu"].map((device) => server.count(`/pkg/signet_${device}_inspect_bg.wasm`)), [0, 1]);
  await tab.to("why");
  const { sum, logit } = await tab.until("the exact map", async () => {
    const shown = await tab.dataset("inside-map");
    return shown["sum"] && shown;
  }, SOFTWARE_GPU_MS);
  assert.ok(Math.abs(Number(sum) - Number(logit)) < 1e-4, `${sum} and ${logit}`);
  assert.equal(await signet.error(), undefined);

  await visit({ query: `?backend=cpu${LINK}` }, async (other) => {
    const expected = await answers(await InsideTab.open(other));
    for (const [index, rows] of expected.entries()) {
      for (const [label, row] of Object.entries(rows)) {
        const difference = Math.abs((found[index]?.[label]?.logit ?? NaN) - row.logit);
        assert.ok(difference < 0.02, `${label}: ${difference}`);
      }
    }
    const [whole, cut] = expected;
    assert.notDeepEqual(cut, whole);
  });
});
