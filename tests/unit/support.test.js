import assert from "node:assert/strict";
import test from "node:test";
import { requireLearningGpu, requireWebGpu } from "../../www/support.js";

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
