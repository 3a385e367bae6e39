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

for (const [isThere, script] of /** @type {const} */ ([[true, "pkg/signet_cpu_relaxed.js"], [false, "pkg/signet_cpu.js"]])) {
  test(`what classifies on the CPU is ${script} where the relaxed module ${isThere ? "validates" : "does not"}`, async (t) => {
    const asked = t.mock.method(WebAssembly, "validate", () => isThere);
    assert.equal(hasRelaxedSimd(), isThere);
    assert.deepEqual(asked.mock.calls[0]?.arguments, [RELAXED_SIMD_MODULE]);
    // It chooses when it is loaded. Outside of a browser nothing can be fetched: the message begins with what it could not open.
    const { openModule } = await import(`../../www/recognizer/module.js?${isThere}`);
    await assert.rejects(openModule("cpu"), ({ message }) => message.startsWith(`${script}:`));
  });
}

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
    for (const gpu of [gpuWith(null), broken]) await assert.rejects(require(gpu), { code: "gpu-adapter" });
  }
});
