// Which backend serves, by ?backend= and by what the browser offers.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { SOFTWARE_ADAPTER, launch, onlyChromium, screenshot, visit } from "./browser.js";
import { predictNatively, temporaryFolder } from "./files.js";
import { hand, png } from "./pictures.js";
import { TestServer } from "./server.js";
import { standIn } from "./stand-ins.js";

const write = temporaryFolder();
const file = write("five.png", png(hand(5, 300, 300)));
// The software adapter takes seconds for a picture, and the first run compiles its shaders.
const SOFTWARE_GPU_MS = 180_000;

/** @type {import("puppeteer-core").Browser} */
let plain;
/** @type {import("puppeteer-core").Browser} */
let softwareGpu;
/** @type {TestServer} */
let server;
before(async () => {
  server = await TestServer.start();
  plain = await launch();
  softwareGpu = await launch({ softwareGpu: true });
});
afterEach(() => server.restore());
after(async () => {
  await plain?.close();
  await softwareGpu?.close();
  await server?.stop();
});

/**
 * @param {import("./signet.js").Shown} shown
 * @param {number} tolerance
 */
function assertNative(shown, tolerance) {
  const [native] = predictNatively([file]);
  assert.ok(native);
  assert.equal(shown.label, native.label);
  const page = Object.values(shown.bars);
  const largest = Math.max(...native.probabilities.map((value, index) => Math.abs(value - Number(page[index]))));
  assert.ok(largest < tolerance, `differs from signet predict by ${largest}`);
}

/** Waits until the page has decided which backend serves. @param {import("./signet.js").Signet} signet */
function settled(signet) {
  return signet.until("the outcome of the trial", async () => {
    const status = await signet.status();
    const decided = status.state === "ready" && /\d ms/.test(status.text) && !/Trying/.test(status.text);
    return decided ? status : undefined;
  }, SOFTWARE_GPU_MS);
}

test("?backend=cpu serves on the CPU and asks for no GPU module", { skip: onlyChromium(SOFTWARE_ADAPTER) }, async () => {
  const start = server.requests.length;
  await visit(softwareGpu, server, { query: "?backend=cpu" }, async (signet) => {
    const status = await signet.ready();
    assert.equal(status.backend, "cpu");
    await signet.click("mode-upload");
    assertNative(await signet.upload(file), 1e-4);
    assert.equal(server.count("/pkg/signet_gpu_bg.wasm", start), 0);
  });
});

test("?backend=webgpu serves on the GPU and agrees with the native network", { skip: onlyChromium(SOFTWARE_ADAPTER), timeout: 2 * SOFTWARE_GPU_MS }, async () => {
  await visit(softwareGpu, server, { query: "?backend=webgpu" }, async (signet) => {
    const status = await signet.ready(SOFTWARE_GPU_MS);
    assert.equal(status.backend, "webgpu");
    await signet.click("mode-upload");
    const shown = await signet.upload(file, SOFTWARE_GPU_MS);
    assertNative(shown, 1e-3);
    assert.match((await signet.status()).text, /WebGPU/);
    await screenshot(signet.page, "backend-webgpu");
  });
});

test("?backend=auto answers on the CPU at once, tries the GPU behind it and says why the faster one serves", {
  skip: onlyChromium(SOFTWARE_ADAPTER),
  timeout: 2 * SOFTWARE_GPU_MS,
}, async () => {
  await visit(softwareGpu, server, { query: "?backend=auto" }, async (signet) => {
    const status = await signet.ready();
    assert.equal(status.backend, "cpu", "the CPU is ready first");
    await signet.click("mode-upload");
    const first = await signet.upload(file, SOFTWARE_GPU_MS);
    assertNative(first, 1e-4);
    // A software adapter agrees with the CPU and is slower, on any machine.
    const { text, backend } = await settled(signet);
    assert.match(text, /WebGPU.*same answer.*\d/);
    assert.equal(backend, "cpu");
    assert.equal(await signet.error(), undefined, "a slower GPU is no error");
    const second = await signet.upload(file, SOFTWARE_GPU_MS);
    assert.deepEqual(second.bars, first.bars);
    await screenshot(signet.page, "backend-auto");
  });
});

test("without WebGPU ?backend=auto serves on the CPU and says so without an error", async () => {
  await visit(plain, server, { query: "?backend=auto" }, async (signet) => {
    assert.equal((await signet.ready()).backend, "cpu");
    await signet.click("mode-upload");
    assertNative(await signet.upload(file), 1e-4);
    assert.match((await settled(signet)).text, /no WebGPU/i);
    assert.equal(await signet.error(), undefined);
  });
});

test("without WebGPU ?backend=webgpu says so instead of falling back", async () => {
  await visit(plain, server, { query: "?backend=webgpu" }, async (signet) => {
    const error = await signet.failure(/^(gpu-|device)/);
    assert.match(error.text, /GPU/);
    assert.equal((await signet.status()).state, "error");
    await screenshot(signet.page, "backend-webgpu-missing");
  });
});

/** What speaks for a GPU, or against it, without a real one. */
const TRIALS = /** @type {const} */ ([
  ["computes wrong numbers", "wrong", /wrong numbers/],
  ["answers otherwise than the CPU", "disagreeing", /other answers/],
  ["traps", "trapping", /crashed/],
]);
for (const [name, module, reason] of TRIALS) {
  test(`a GPU module that ${name} leaves ?backend=auto on the CPU, with the reason`, { skip: onlyChromium(SOFTWARE_ADAPTER) }, async () => {
    standIn(server, "gpu", module);
    await visit(softwareGpu, server, { query: "?backend=auto" }, async (signet) => {
      await signet.ready();
      const { text, backend } = await settled(signet);
      assert.match(text, reason);
      assert.equal(backend, "cpu");
      assert.equal(await signet.error(), undefined);
      await signet.click("mode-upload");
      assertNative(await signet.upload(file), 1e-4);
    });
  });
}

test("a GPU module that is not there leaves ?backend=auto on the CPU, with the reason", { skip: onlyChromium(SOFTWARE_ADAPTER) }, async () => {
  server.replace("/pkg/signet_gpu.js", (_, response) => response.writeHead(404).end());
  await visit(softwareGpu, server, { query: "?backend=auto", expectedErrors: [/404/] }, async (signet) => {
    await signet.ready();
    assert.match((await settled(signet)).text, /not built/);
    await signet.click("mode-upload");
    assertNative(await signet.upload(file), 1e-4);
    assert.equal(await signet.error(), undefined);
  });
});

test("?backend=webgpu with wrong numbers says so instead of falling back", { skip: onlyChromium(SOFTWARE_ADAPTER) }, async () => {
  standIn(server, "gpu", "wrong");
  await visit(softwareGpu, server, { query: "?backend=webgpu" }, async (signet) => {
    await signet.failure(/^self-check$/);
    assert.equal((await signet.status()).state, "error");
  });
});

test("a GPU module that agrees and is faster takes over", { skip: onlyChromium(SOFTWARE_ADAPTER) }, async () => {
  standIn(server, "gpu", "quick");
  await visit(softwareGpu, server, { query: "?backend=auto" }, async (signet) => {
    await signet.ready();
    const { text, backend } = await settled(signet);
    assert.equal(backend, "webgpu");
    assert.match(text, /^WebGPU, [\d.,]+ ms.*CPU.*\d+ ms/);
    await signet.click("mode-upload");
    assertNative(await signet.upload(file), 1e-4);
  });
});

test("a GPU that is lost while it serves hands over to the CPU, and the picture is answered", { skip: onlyChromium(SOFTWARE_ADAPTER) }, async () => {
  standIn(server, "gpu", "losing");
  await visit(softwareGpu, server, { query: "?backend=auto" }, async (signet) => {
    await signet.ready();
    assert.equal((await settled(signet)).backend, "webgpu");
    await signet.click("mode-upload");
    assertNative(await signet.upload(file), 1e-4);
    const { text, backend } = await signet.status();
    assert.equal(backend, "cpu");
    assert.match(text, /CPU.*lost/);
  });
});

test("a graphics device that is taken away in earnest while it serves hands over to the CPU, with the reason", { timeout: 3 * SOFTWARE_GPU_MS }, async () => {
  standIn(server, "gpu", "losingDevice");
  await visit(softwareGpu, server, { query: "?backend=auto" }, async (signet) => {
    await signet.ready();
    assert.equal((await settled(signet)).backend, "webgpu");
    await signet.click("mode-upload");
    assertNative(await signet.upload(file, SOFTWARE_GPU_MS), 1e-4);
    const { text, backend } = await signet.status();
    assert.equal(backend, "cpu");
    assert.match(text, /WebGPU lost its device|GPU module crashed/);
  });
});

test("a graphics device without memory, in earnest, leaves ?backend=auto on the CPU, with the reason", { timeout: 3 * SOFTWARE_GPU_MS }, async () => {
  standIn(server, "gpu", "starvingDevice");
  await visit(softwareGpu, server, { query: "?backend=auto", expectedErrors: [/GPU|memory|buffer|device/i] }, async (signet) => {
    await signet.ready();
    const { text, backend } = await settled(signet);
    console.log(text);
    assert.equal(backend, "cpu");
    assert.match(text, /WebGPU (did not start|computes wrong numbers|took too long)|GPU module (crashed|does not start)/);
    await signet.click("mode-upload");
    assertNative(await signet.upload(file), 1e-4);
    assert.equal(await signet.error(), undefined);
  });
});
