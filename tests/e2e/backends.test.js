// Which backend serves, by ?backend= and by what the browser offers; WebGPU is Chromium's software adapter.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { SOFTWARE_ADAPTER, launch, onlyChromium, testWorld } from "./browser.js";
import { assertNative, predictNatively, write } from "./files.js";
import { available, cached } from "./network.js";
import { hand, png } from "./pictures.js";
import { failing } from "./server.js";
import { standIn } from "./stand-ins.js";
import { TeachTab } from "./teach.js";

/** @typedef {import("./signet.js").Signet} Signet */

const file = write("five.png", png(hand(5, 300, 300)));
// The software adapter takes seconds for a picture, and the first run compiles its shaders.
const SOFTWARE_GPU_MS = 180_000;
const skip = onlyChromium(SOFTWARE_ADAPTER);
const timeout = 4 * SOFTWARE_GPU_MS;
const AUTO = "?backend=auto";
const WEBGPU = "?backend=webgpu";

const { server, pageTest, visit } = await testWorld({ softwareGpu: true });
const plain = await launch();
after(() => plain.close());

/** Uploads the file and compares the answer with the command's. @param {Signet} signet @param {number} [tolerance] */
async function answersAsNative(signet, tolerance = 1e-4) {
  await signet.click("mode-upload");
  const shown = await signet.upload(file, SOFTWARE_GPU_MS);
  assertNative(shown, predictNatively([file])[0], { tolerance });
  return shown;
}

/** Waits until the page has decided which backend serves. @param {Signet} signet */
const settled = (signet) => signet.until("the outcome of the trial", async () => {
  const status = await signet.status();
  return status.state === "ready" && /\d ms/.test(status.text) && !/Trying/.test(status.text) && status;
}, SOFTWARE_GPU_MS);

/** What of the module that learns on WebGPU is stored. @param {Signet} signet */
const learningModule = async ({ page }) => (await cached(page)).filter((path) => path.includes("signet_gpu_learn"));

pageTest("?backend=cpu serves on the CPU and asks for no GPU module", { skip }, async (signet) => {
  assert.equal((await signet.status()).backend, "cpu");
  await answersAsNative(signet);
  assert.equal(server.count("/pkg/signet_gpu_bg.wasm"), 0);
});

test("?backend=webgpu serves on the GPU and agrees with the native network; what learns there is stored by this visit, and by none on the CPU", { skip, timeout }, async () => {
  await visit({ serviceWorker: true }, async (signet) => {
    await signet.ready();
    await available(signet);
    assert.deepEqual(await learningModule(signet), []);
  });
  await visit({ query: WEBGPU, serviceWorker: true }, async (signet) => {
    assert.equal((await signet.ready(SOFTWARE_GPU_MS)).backend, "webgpu");
    await answersAsNative(signet, 1e-3);
    assert.match((await signet.status()).text, /WebGPU/);
    await available(signet);
    await signet.until("the GPU module in storage", async () => (await learningModule(signet)).length === 2, 240_000);
  });
});

pageTest("?backend=auto answers on the CPU at once, tries the GPU behind it and says why the faster one serves", { skip, timeout, query: AUTO, isReady: false }, async (signet) => {
  assert.equal((await signet.ready()).backend, "cpu", "the CPU is ready first");
  const first = await answersAsNative(signet);
  // A software adapter agrees with the CPU and is slower, on any machine.
  const { text, backend } = await settled(signet);
  assert.match(text, /WebGPU.*same answer.*\d/);
  assert.equal(backend, "cpu");
  assert.equal(await signet.error(), undefined, "a slower GPU is no error");
  assert.deepEqual((await answersAsNative(signet)).bars, first.bars);
});

pageTest("without WebGPU ?backend=auto serves on the CPU and says so without an error, and ?backend=webgpu does not fall back", { browser: plain, query: AUTO, isReady: false }, async (signet) => {
  assert.equal((await signet.ready()).backend, "cpu");
  await answersAsNative(signet);
  assert.match((await settled(signet)).text, /no WebGPU/i);
  assert.equal(await signet.error(), undefined);
  await signet.page.goto(`${server.origin}/${WEBGPU}`);
  const error = await signet.failure(/^(gpu-|device)/);
  assert.match(error.text, /GPU/);
  assert.equal((await signet.status()).state, "error");
});

/** What speaks for a GPU module, or against it, without a real one. */
const TRIALS = /** @type {const} */ ([
  { name: "computes wrong numbers", module: "wrong", backend: "cpu", reason: /wrong numbers/ },
  { name: "answers otherwise than the CPU", module: "disagreeing", backend: "cpu", reason: /other answers/ },
  { name: "traps", module: "trapping", backend: "cpu", reason: /crashed/ },
  { name: "is not there", module: null, backend: "cpu", reason: /not built/ },
  { name: "agrees and is faster", module: "quick", backend: "webgpu", reason: /^WebGPU, [\d.,]+ ms.*CPU.*\d+ ms/ },
  { name: "is lost while it serves", module: "losing", backend: "webgpu", reason: /^WebGPU/ },
]);

pageTest("a GPU module that is wrong, traps or is missing leaves ?backend=auto on the CPU, with the reason; one that agrees and is faster takes over; one that is lost hands over", { skip, expectedErrors: [/404/] }, async (signet) => {
  for (const { name, module, backend, reason } of TRIALS) {
    if (module) standIn(server, "gpu", module);
    else server.replace("/pkg/signet_gpu.js", failing(404));
    await signet.page.goto(`${server.origin}/${AUTO}`);
    await signet.ready();
    const status = await settled(signet);
    assert.equal(status.backend, backend, name);
    assert.match(status.text, reason);
    assert.equal(await signet.error(), undefined);
    await answersAsNative(signet);
  }
  const { text, backend } = await signet.status();
  assert.equal(backend, "cpu");
  assert.match(text, /CPU.*lost/);

  standIn(server, "gpu", "wrong");
  await signet.page.goto(`${server.origin}/${WEBGPU}`);
  await signet.failure(/^self-check$/);
  assert.equal((await signet.status()).state, "error", "it does not fall back where WebGPU is demanded");
});

pageTest("a graphics device that is taken away in earnest while it serves hands over to the CPU, with the reason", { skip, timeout, query: AUTO, standIns: { gpu: "losingDevice" } }, async (signet) => {
  assert.equal((await settled(signet)).backend, "webgpu");
  await answersAsNative(signet);
  const { text, backend } = await signet.status();
  assert.equal(backend, "cpu");
  assert.match(text, /WebGPU lost its device|GPU module crashed/);
});

pageTest("a graphics device without memory, in earnest, leaves ?backend=auto on the CPU, with the reason", {
  skip, timeout, query: AUTO, standIns: { gpu: "starvingDevice" }, expectedErrors: [/GPU|memory|buffer|device/i],
}, async (signet) => {
  const { text, backend } = await settled(signet);
  console.log(text);
  assert.equal(backend, "cpu");
  assert.match(text, /WebGPU (did not start|computes wrong numbers|took too long)|GPU module (crashed|does not start)/);
  await answersAsNative(signet);
  assert.equal(await signet.error(), undefined);
});

// Eight steps have to be large ones. The other scopes are compared by the tests of the boundary, in seconds where the page takes minutes.
const SETTINGS = /** @type {const} */ ({ scope: "head", epochs: 8, "learning-rate": 0.01 });

test("a head ends in the same accuracy on WebGPU as on the CPU", { skip, timeout }, async () => {
  /** @type {Record<string, import("./teach.js").EpochShown | undefined>} */
  const ends = {};
  for (const backend of ["cpu", "webgpu"]) {
    await visit({ query: `?backend=${backend}` }, async (signet) => {
      const tab = await TeachTab.open(signet, SOFTWARE_GPU_MS);
      assert.equal((await signet.status()).backend, backend);
      await tab.addHands(4);
      const start = Date.now();
      // All learn, so that both backends have the very same pictures to learn from.
      await tab.train({ ...SETTINGS, "validation-share": 0 }, SOFTWARE_GPU_MS);
      console.log(`${backend}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
      ends[backend] = (await tab.history()).at(-1);
      assert.equal((await signet.status()).backend, backend, "it has not moved to the CPU");
      assert.doesNotMatch(await tab.text("toast"), /WebGPU gave up/);
    });
  }
  const { cpu, webgpu } = ends;
  console.log(`CPU ${JSON.stringify(cpu)}, WebGPU ${JSON.stringify(webgpu)}`);
  assert.ok(cpu && webgpu);
  assert.equal(webgpu.accuracy, cpu.accuracy);
  assert.ok(cpu.accuracy > 0.9, `it learns: ${cpu.accuracy}`);
  assert.ok(Math.abs(webgpu.loss - cpu.loss) < 0.05, `losses ${webgpu.loss} and ${cpu.loss}`);
});

pageTest("a training whose graphics device is lost goes on on the CPU from the last epoch, and says so", { skip, query: WEBGPU, standIns: { gpu: "quick", gpu_learn: "losingInTraining" } }, async (signet) => {
  const tab = await TeachTab.open(signet);
  await tab.addHands(4);
  assert.equal((await signet.status()).backend, "webgpu");
  await tab.set({ epochs: 6 });
  const epochs = await signet.watch("training-progress", "data-epoch");
  await tab.start();
  await tab.says(/CPU/);
  await tab.reaches("done");
  assert.equal((await tab.history()).length, 6);
  const shown = await epochs();
  assert.deepEqual(shown.slice(shown.lastIndexOf("0")).slice(0, 2), ["0", "3"], `two epochs were over: ${shown}`);
  assert.equal(await signet.error(), undefined, "that is no error");
  await tab.classify(file);
});
