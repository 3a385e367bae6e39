import assert from "node:assert/strict";
import test from "node:test";
import { RELAXED_SIMD_MODULE, hasRelaxedSimd, requireLearningGpu, requireWebGpu } from "../../www/recognizer/support.js";

test("the module that asks for relaxed SIMD is right but for its one relaxed instruction", () => {
  const module = Buffer.from(RELAXED_SIMD_MODULE);
  const at = module.indexOf(Buffer.of(0xfd, 0x85, 0x02)); // f32x4.relaxed_madd
  assert.ok(at > 0 && at === module.length - 4);
  module.set([0xd2, 0x00], at + 1); // v128.bitselect, which takes as many numbers and is everywhere
  assert.ok(WebAssembly.validate(module));
});

test("what classifies on the CPU is the relaxed module where that one validates, and only there", async (t) => {
  /** @param {boolean} isThere @returns {Promise<string>} how the worker's module says what it could not open */
  async function opened(isThere) {
    const asked = t.mock.method(WebAssembly, "validate", () => isThere);
    assert.equal(hasRelaxedSimd(), isThere);
    assert.deepEqual(asked.mock.calls[0]?.arguments, [RELAXED_SIMD_MODULE]);
    // It chooses when it is loaded. Outside of a browser nothing can be fetched.
    const { openModule } = await import(`../../www/recognizer/module.js?${isThere}`);
    asked.mock.restore();
    const { message } = await openModule("cpu").then(assert.fail, (/** @type {Error} */ error) => error);
    return message.split(":")[0] ?? "";
  }
  assert.equal(await opened(true), "pkg/signet_cpu_relaxed.js");
  assert.equal(await opened(false), "pkg/signet_cpu.js");
});

/** @param {string[] | null} features of the one adapter; null where there is none */
const gpuWith = (features) => ({ requestAdapter: async () => features && { features: new Set(features) } });

test("a GPU without timestamp-query classifies, and doesn't learn", async () => {
  await requireWebGpu(gpuWith([]));
  await assert.rejects(requireLearningGpu(gpuWith([])), { code: "gpu-feature" });
  await requireLearningGpu(gpuWith(["timestamp-query"]));
});

test("without an adapter there is neither, and an adapter that can't be asked is none", async () => {
  const broken = { requestAdapter: () => Promise.reject(new Error("lost")) };
  for (const require of [requireWebGpu, requireLearningGpu]) {
    await assert.rejects(require(gpuWith(null)), { code: "gpu-adapter" });
    await assert.rejects(require(broken), { code: "gpu-adapter" });
  }
});
