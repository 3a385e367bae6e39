import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { Weights } from "../../www/recognizer/weights.js";

const BASE = "http://host.example/models/";
const BYTES = new Uint8Array([1, 2, 3, 4, 5, 6]);
const MANIFEST = { file: "model.bin", sha256: createHash("sha256").update(BYTES).digest("hex"), bytes: 6, labels: ["0", "1"] };

/** As much of the Cache API as is used. */
class StorageStandIn {
  /** @type {Map<string, Map<string, Response>>} */
  caches = new Map();

  /** @param {string} name */
  async open(name) {
    const entries = this.caches.get(name) ?? new Map();
    this.caches.set(name, entries);
    return {
      match: async (/** @type {string} */ key) => entries.get(key)?.clone(),
      put: async (/** @type {string} */ key, /** @type {Response} */ response) => void entries.set(key, response),
    };
  }

  /** @param {string} name */
  async delete(name) {
    return this.caches.delete(name);
  }
}

/**
 * @param {Record<string, (range?: string) => Response | Promise<Response>>} answers by file name
 * @param {StorageStandIn} [storage]
 */
function host(answers, storage) {
  /** @type {string[]} */
  const requests = [];
  const fetch = async (/** @type {any} */ url, /** @type {RequestInit} */ { headers } = {}) => {
    const name = String(url).slice(BASE.length);
    const range = new Headers(headers).get("range") ?? undefined;
    requests.push(range ? `${name} ${range}` : name);
    const answer = answers[name] ?? (() => new Response("", { status: 404 }));
    return answer(range);
  };
  const weights = new Weights({ base: BASE, fetch, storage: /** @type {any} */ (storage), retryMs: 0, stallMs: 50 });
  return { weights, requests };
}

const manifest = () => Response.json(MANIFEST);
const model = () => new Response(BYTES);

/** @param {Uint8Array<ArrayBuffer>[]} chunks @param {boolean} [breaks] */
function stream(chunks, breaks = false) {
  const left = [...chunks];
  return new Response(new ReadableStream({
    pull(controller) {
      const chunk = left.shift();
      if (chunk) controller.enqueue(chunk);
      else if (breaks) controller.error(new TypeError("network error"));
      else controller.close();
    },
  }));
}

test("a download tells its progress and returns the bytes, with or without storage", async () => {
  for (const storage of [undefined, new StorageStandIn()]) {
    const { weights } = host({
      "manifest.json": manifest,
      "model.bin": () => stream([BYTES.slice(0, 2), BYTES.slice(2)]),
    }, storage);
    /** @type {number[]} */
    const loaded = [];
    const got = await weights.get({ onProgress: (progress) => loaded.push(progress.loaded) });
    assert.deepEqual([...got.bytes], [...BYTES]);
    assert.equal(got.source, "download");
    assert.deepEqual(loaded, [0, 2, 6]);
  }
});

test("a kept model is not downloaded again, and one that was removed is", async () => {
  const storage = new StorageStandIn();
  const first = host({ "manifest.json": manifest, "model.bin": model }, storage);
  const got = await first.weights.get();
  assert.equal(await first.weights.stored(), false, "nothing is stored before a module accepted it");
  assert.equal(await first.weights.keep(got), true);
  const second = host({ "manifest.json": manifest, "model.bin": model }, storage);
  assert.equal((await second.weights.get()).source, "storage");
  assert.deepEqual(second.requests, ["manifest.json"]);
  await second.weights.remove();
  assert.equal(await second.weights.stored(), false);
  assert.equal((await second.weights.get()).source, "download");
});

test("a fresh copy passes by the stored one and forgets it", async () => {
  const storage = new StorageStandIn();
  const { weights, requests } = host({ "manifest.json": manifest, "model.bin": model }, storage);
  await weights.keep(await weights.get());
  assert.equal((await weights.get({ fresh: true })).source, "download");
  assert.equal(requests.filter((name) => name === "model.bin").length, 2);
  assert.equal(await weights.stored(), false);
});

test("a stored copy of another model is not used", async () => {
  const storage = new StorageStandIn();
  const before = host({ "manifest.json": manifest, "model.bin": model }, storage);
  await before.weights.keep(await before.weights.get());
  const other = BYTES.map((byte) => byte + 1);
  const after = host({
    "manifest.json": () => Response.json({ ...MANIFEST, sha256: createHash("sha256").update(other).digest("hex") }),
    "model.bin": () => new Response(other),
  }, storage);
  assert.equal((await after.weights.get()).source, "download");
});

test("storage that refuses does not keep the model from being used", async () => {
  const storage = new StorageStandIn();
  storage.open = async () => { throw new DOMException("full", "QuotaExceededError"); };
  const { weights } = host({ "manifest.json": manifest, "model.bin": model }, storage);
  const got = await weights.get();
  assert.equal(await weights.keep(got), false);
});

const html = () => new Response("<!doctype html>", { headers: { "content-type": "text/html; charset=utf-8" } });
const offline = () => Promise.reject(new TypeError("Failed to fetch"));

/** @type {[name: string, code: string, answers: Record<string, () => Response | Promise<Response>>][]} */
const FAILURES = [
  ["a missing manifest", "model-missing", {}],
  ["a page in place of the manifest", "model-missing", { "manifest.json": html }],
  ["a manifest that is not JSON", "model-manifest", { "manifest.json": () => new Response("{") }],
  ["a manifest that lacks its hash", "model-manifest", { "manifest.json": () => Response.json({ ...MANIFEST, sha256: "" }) }],
  ["a manifest that is null", "model-manifest", { "manifest.json": () => Response.json(null) }],
  ["no network", "model-network", { "manifest.json": offline }],
  ["a missing model", "model-missing", { "manifest.json": manifest }],
  ["a page in place of the model", "model-missing", { "manifest.json": manifest, "model.bin": html }],
  ["a network that went away", "model-network", { "manifest.json": manifest, "model.bin": offline }],
  ["a server in trouble", "model-network", { "manifest.json": manifest, "model.bin": () => new Response("", { status: 503 }) }],
  ["a model that is cut short", "model-truncated", { "manifest.json": manifest, "model.bin": () => stream([BYTES.slice(0, 4)]) }],
  ["a connection that breaks", "model-truncated", { "manifest.json": manifest, "model.bin": () => stream([BYTES.slice(0, 4)], true) }],
  ["a model with a wrong byte", "weights-hash", { "manifest.json": manifest, "model.bin": () => new Response(BYTES.with(2, 9)) }],
  ["a model that is too long", "weights-hash", { "manifest.json": manifest, "model.bin": () => stream([BYTES, BYTES]) }],
];

for (const [name, code, answers] of FAILURES) {
  test(`${name} is ${code}, and stores nothing`, async () => {
    const storage = new StorageStandIn();
    const { weights } = host(answers, storage);
    await assert.rejects(weights.get(), { name: "SignetError", code });
    assert.deepEqual([...storage.caches.values()].flatMap((entries) => [...entries]), []);
  });
}

test("a manifest that could not be read is asked for again", async () => {
  let isOffline = true;
  const { weights } = host({
    "manifest.json": () => (isOffline ? offline() : manifest()),
    "model.bin": model,
  });
  await assert.rejects(weights.get(), { code: "model-network" });
  isOffline = false;
  assert.equal((await weights.get()).source, "download");
});

/** The rest of the model, as a host sends it that can. @param {number} from @param {number} to */
const rest = (from, to) => new Response(stream([BYTES.slice(from, to)], to < BYTES.length).body, {
  status: 206, headers: { "content-range": `bytes ${from}-5/6` } });

test("a download that breaks off goes on where it was, however often, and tells that it waits", async () => {
  const breaks = [2, 3, 4, 5, 5, 6];
  const { weights, requests } = host({
    "manifest.json": manifest,
    "model.bin": (range) => {
      const to = Number(breaks.shift());
      return range ? rest(Number(range.match(/\d+/)), to) : stream([BYTES.slice(0, to)], true);
    },
  });
  /** @type {string[]} */
  const told = [];
  const { bytes } = await weights.get({ onProgress: ({ loaded, waiting }) => told.push(`${loaded}${waiting ? " waiting" : ""}`) });
  assert.deepEqual([...bytes], [...BYTES]);
  assert.deepEqual(requests.slice(1), ["model.bin", ...[2, 3, 4, 5, 5].map((from) => `model.bin bytes=${from}-`)]);
  assert.ok(told.includes("5 waiting"), told.join());
});

test("where the host sends no rest, and where it sends another one, the download begins anew", async () => {
  for (const second of [() => model(), () => rest(1, 6), () => new Response("", { status: 416 })]) {
    let answers = 0;
    const { weights } = host({
      "manifest.json": manifest,
      "model.bin": () => ((answers += 1) === 1 ? stream([BYTES.slice(0, 3)], true) : answers === 2 ? second() : model()),
    });
    assert.deepEqual([...(await weights.get()).bytes], [...BYTES]);
  }
});

test("a host that is silent is asked again, at any point, and told as a broken network where it stays silent", async () => {
  const silent = () => new Promise(() => {});
  const stalls = () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(BYTES.slice(0, 3)) }));
  for (const [first, second] of /** @type {const} */ ([[silent, model], [stalls, model]])) {
    let answers = 0;
    const { weights } = host({ "manifest.json": manifest, "model.bin": () => /** @type {any} */ ((answers += 1) === 1 ? first() : second()) });
    assert.equal((await weights.get()).bytes.length, 6);
  }
  await assert.rejects(host({ "manifest.json": /** @type {any} */ (silent) }).weights.get(), { code: "model-network" });
  await assert.rejects(host({ "manifest.json": manifest, "model.bin": stalls }).weights.get(), { code: "model-truncated" });
});
