// Training on WebGPU, on Chromium's software adapter: the same outcome as on the CPU.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SOFTWARE_ADAPTER, onlyChromium, screenshot, testWorld, visit } from "./browser.js";
import { temporaryFolder } from "./files.js";
import { png } from "./pictures.js";
import { TeachTab, hands } from "./teach.js";

const write = temporaryFolder();
/** @param {number} fingers */
const files = (fingers) => hands(fingers, 4).map((picture, index) => write(`${fingers}-${index}.png`, png(picture)));
const fists = files(0);
const fives = files(5);
// The software adapter takes seconds for a picture, and the first run compiles its shaders.
const SOFTWARE_GPU_MS = 180_000;

const { browser, server } = await testWorld({ softwareGpu: true });

test("head and last stage end in the same accuracy on WebGPU as on the CPU", { skip: onlyChromium(SOFTWARE_ADAPTER), timeout: 4 * SOFTWARE_GPU_MS }, async () => {
  /** @type {Record<string, import("./teach.js").EpochShown[][]>} */
  const histories = {};
  for (const backend of ["cpu", "webgpu"]) {
    await visit(browser, server, { query: `?backend=${backend}` }, async (signet) => {
      const tab = await TeachTab.open(signet, SOFTWARE_GPU_MS);
      assert.equal((await signet.status()).backend, backend);
      await tab.upload("0", fists);
      await tab.upload("5", fives);
      histories[backend] = [];
      // So few steps have to be large ones: two of the last stage, eight of the head.
      for (const settings of /** @type {const} */ ([{ scope: "head", epochs: 8, "learning-rate": 0.01 }, { scope: "stage", epochs: 2, "learning-rate": 0.002 }])) {
        const start = Date.now();
        // All learn, so that both backends have the very same pictures to learn from.
        await tab.train({ ...settings, "validation-share": 0 }, SOFTWARE_GPU_MS);
        console.log(`${backend}, ${settings.scope}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
        histories[backend]?.push(await tab.history());
      }
      assert.equal((await signet.status()).backend, backend, "it has not moved to the CPU");
      assert.doesNotMatch(await tab.text("toast"), /WebGPU gave up/);
      await screenshot(signet.page, `teach-${backend}`);
    });
  }
  for (const [index, name] of ["head", "stage"].entries()) {
    const [cpu, gpu] = [histories["cpu"]?.[index]?.at(-1), histories["webgpu"]?.[index]?.at(-1)];
    console.log(`${name}: CPU ${JSON.stringify(cpu)}, WebGPU ${JSON.stringify(gpu)}`);
    assert.ok(cpu && gpu);
    assert.equal(gpu.accuracy, cpu.accuracy, name);
    assert.ok(cpu.accuracy > 0.9, `${name} learns: ${cpu.accuracy}`);
    assert.ok(Math.abs(gpu.loss - cpu.loss) < 0.05, `${name}: losses ${gpu.loss} and ${cpu.loss}`);
  }
});
