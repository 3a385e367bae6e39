// The model's manifest, and what is kept between visits: any of it.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import fc from "fast-check";
import { Threshold } from "../../www/ui/threshold.js";
import { Weights } from "../../www/recognizer/weights.js";
import { always, edited, json, orRefused } from "./fuzz.js";

const BASE = "http://host.example/models/";
const MANIFEST = { file: "model.safetensors", sha256: createHash("sha256").update(new Uint8Array(6)).digest("hex"), bytes: 6, labels: ["0", "1"], threshold: 0.4 };

const files = () => fc.constantFrom("http://", "https://elsewhere.example/model", "//elsewhere.example", "../secret", "/etc",
  "data:,x", "a/../../b", "\\\\elsewhere.example\\x", "model.safetensors", "sub/model.safetensors", "");

test("a manifest of any content is read or refused, and its file is fetched from its folder alone", async () => {
  const manifests = fc.oneof(
    edited(MANIFEST, json()),
    fc.tuple(files(), fc.constantFrom(6, 1, 2 ** 31, 2 ** 40, 2 ** 53 - 1)).map(([file, bytes]) => ({ ...MANIFEST, file, bytes })),
    json(),
  );
  await always(manifests, async (manifest) => {
    /** @type {string[]} */
    const asked = [];
    const fetch = async (/** @type {any} */ url) => {
      asked.push(String(url));
      return asked.length === 1 ? new Response(JSON.stringify(manifest)) : new Response(new Uint8Array(6));
    };
    const weights = new Weights({ base: BASE, fetch, storage: /** @type {any} */ (null), retryMs: 0 });
    const read = await orRefused(() => weights.manifest(), /^model-manifest$/);
    const got = await orRefused(() => weights.get(), /^(model-manifest|model-truncated|weights-hash)$/);
    assert.ok(asked.every((url) => url.startsWith(BASE)), asked.join());
    if (!read) return assert.equal(got, undefined);
    assert.ok(read.labels.every((label) => typeof label === "string"));
    assert.ok(read.threshold === undefined || (read.threshold >= 0 && read.threshold <= 1));
    if (got) assert.equal(got.bytes.length, read.bytes);
  }, 500);
});

test("any bytes are a manifest that is refused", async () => {
  await always(fc.uint8Array(), async (bytes) => {
    const fetch = async () => new Response(/** @type {any} */ (bytes));
    const weights = new Weights({ base: BASE, fetch, storage: /** @type {any} */ (null), retryMs: 0 });
    assert.equal(await orRefused(() => weights.manifest(), /^model-manifest$/), undefined);
  });
});

test("whatever is remembered as a threshold, it is a share", async () => {
  const texts = fc.oneof(fc.string(), fc.double().map(String), fc.constantFrom(null, "NaN", "1e999", "-0", "0x1"));
  await always(fc.tuple(texts, json()), ([text, standard]) => {
    const threshold = new Threshold(() => ({ getItem: () => text, setItem() {}, removeItem() {} }));
    threshold.setDefault(/** @type {any} */ (standard));
    assert.ok(threshold.value >= 0 && threshold.value <= 1);
    threshold.reset();
    assert.ok(threshold.value >= 0 && threshold.value <= 1);
  });
});
