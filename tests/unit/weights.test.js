import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { Weights } from "../../www/recognizer/weights.js";

const BASE = "http://host.example/models/";
const BYTES = new Uint8Array([1, 2, 3, 4, 5, 6]);
const MANIFEST = { file: "model.bin", sha256: createHash("sha256").update(BYTES).digest("hex"), bytes: 6, labels: ["0", "1"] };

/** As much of the Cache API as is used, of one cache. */
function storageStandIn() {
  /** @type {Map<string, Response>} */
  const entries = new Map();
  const cache = {
    match: async (/** @type {string} */ key) => entries.get(key)?.clone(),
    put: async (/** @type {string} */ key, /** @type {Response} */ response) => void entries.set(key, response),
  };
  return { entries, open: async () => cache, delete: async () => entries.clear() };
}

const manifest = () => Response.json(MANIFEST);
const model = () => new Response(BYTES);
const missing = () => new Response("", { status: 404 });

/** @typedef {(range?: string) => Response | Promise<Response>} Answer */

/** Of a whole host unless told otherwise. @param {{ manifest?: Answer, model?: Answer, storage?: object }} [answers] */
function host({ storage, ...answers } = {}) {
  /** @type {Record<string, Answer>} */
  const files = { "manifest.json": answers.manifest ?? manifest, "model.bin": answers.model ?? model };
  /** @type {string[]} */
  const requests = [];
  const fetch = async (/** @type {any} */ url, /** @type {RequestInit} */ { headers } = {}) => {
    const name = String(url).slice(BASE.length);
    const range = new Headers(headers).get("range") ?? undefined;
    requests.push(range ? `${name} ${range}` : name);
    return (files[name] ?? missing)(range);
  };
  const weights = new Weights({ base: BASE, fetch, storage: /** @type {any} */ (storage), retryMs: 0, stallMs: 50 });
  return { weights, requests };
}

/** One answer after the other, the last again and again. @param {...Answer} answers @returns {Answer} */
const inTurn = (...answers) => (range) => {
  const answer = answers.length > 1 ? answers.shift() : answers[0];
  return (answer ?? missing)(range);
};

/** @param {Uint8Array<ArrayBuffer>[]} chunks @param {boolean} [breaks] */
function stream(chunks, breaks = false) {
  async function* sent() {
    yield* chunks;
    if (breaks) throw new TypeError("network error");
  }
  return new Response(/** @type {any} */ (sent())); // Node.js takes what can be iterated
}

test("a download tells its progress and returns the bytes, with or without storage", async () => {
  for (const storage of [undefined, storageStandIn()]) {
    const { weights } = host({ model: () => stream([BYTES.slice(0, 2), BYTES.slice(2)]), storage });
    /** @type {number[]} */
    const loaded = [];
    const got = await weights.get({ onProgress: (progress) => loaded.push(progress.loaded) });
    assert.deepEqual([got.bytes, got.source, loaded], [BYTES, "download", [0, 2, 6]]);
  }
});

test("a kept model is not downloaded again, and one that was removed is", async () => {
  const storage = storageStandIn();
  const { weights: first } = host({ storage });
  const got = await first.get();
  assert.equal(await first.stored(), false, "nothing is stored before a module accepted it");
  assert.equal(await first.keep(got), true);
  const { weights: second, requests } = host({ storage });
  assert.equal((await second.get()).source, "storage");
  assert.deepEqual(requests, ["manifest.json"]);
  await second.remove();
  assert.equal(await second.stored(), false);
  assert.equal((await second.get()).source, "download");
});

test("a fresh copy passes by the stored one and forgets it", async () => {
  const { weights, requests } = host({ storage: storageStandIn() });
  await weights.keep(await weights.get());
  assert.equal((await weights.get({ fresh: true })).source, "download");
  assert.equal(requests.filter((name) => name === "model.bin").length, 2);
  assert.equal(await weights.stored(), false);
});

test("a stored copy of another model is not used", async () => {
  const storage = storageStandIn();
  const { weights: before } = host({ storage });
  await before.keep(await before.get());
  const other = BYTES.map((byte) => byte + 1);
  const sha256 = createHash("sha256").update(other).digest("hex");
  const { weights: after } = host({ manifest: () => Response.json({ ...MANIFEST, sha256 }), model: () => new Response(other), storage });
  assert.equal((await after.get()).source, "download");
});

test("storage that refuses does not keep the model from being used", async () => {
  const open = async () => { throw new DOMException("full", "QuotaExceededError"); };
  const { weights } = host({ storage: { ...storageStandIn(), open } });
  assert.equal(await weights.keep(await weights.get()), false);
});

const html = () => new Response("<!doctype html>", { headers: { "content-type": "text/html; charset=utf-8" } });
const offline = () => Promise.reject(new TypeError("Failed to fetch"));
const first4 = BYTES.slice(0, 4);

/** @type {[name: string, code: string, answers: { manifest?: Answer, model?: Answer }][]} */
const FAILURES = [
  ["a missing manifest", "model-missing", { manifest: missing }],
  ["a page in place of the manifest", "model-missing", { manifest: html }],
  ["a manifest that is not JSON", "model-manifest", { manifest: () => new Response("{") }],
  ["a manifest that lacks its hash", "model-manifest", { manifest: () => Response.json({ ...MANIFEST, sha256: "" }) }],
  ["a manifest that is null", "model-manifest", { manifest: () => Response.json(null) }],
  ["no network", "model-network", { manifest: offline }],
  ["a missing model", "model-missing", { model: missing }],
  ["a page in place of the model", "model-missing", { model: html }],
  ["a network that went away", "model-network", { model: offline }],
  ["a server in trouble", "model-network", { model: () => new Response("", { status: 503 }) }],
  ["a model that is cut short", "model-truncated", { model: () => stream([first4]) }],
  ["a connection that breaks", "model-truncated", { model: () => stream([first4], true) }],
  ["a model with a wrong byte", "weights-hash", { model: () => new Response(BYTES.with(2, 9)) }],
  ["a model that is too long", "weights-hash", { model: () => stream([BYTES, BYTES]) }],
];
for (const [name, code, answers] of FAILURES) {
  test(`${name} is ${code}, and stores nothing`, async () => {
    const storage = storageStandIn();
    const { weights } = host({ ...answers, storage });
    await assert.rejects(weights.get(), { name: "SignetError", code });
    assert.equal(storage.entries.size, 0);
  });
}

test("a manifest that could not be read is asked for again", async () => {
  let isOffline = true;
  const { weights } = host({ manifest: () => (isOffline ? offline() : manifest()) });
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
    model: (range) => {
      const to = Number(breaks.shift());
      return range ? rest(Number(range.match(/\d+/)), to) : stream([BYTES.slice(0, to)], true);
    },
  });
  /** @type {string[]} */
  const told = [];
  const { bytes } = await weights.get({ onProgress: ({ loaded, waiting }) => told.push(`${loaded}${waiting ? " waiting" : ""}`) });
  assert.deepEqual(bytes, BYTES);
  assert.deepEqual(requests.slice(1), ["model.bin", ...[2, 3, 4, 5, 5].map((from) => `model.bin bytes=${from}-`)]);
  assert.ok(told.includes("5 waiting"), told.join());
});

test("where the host sends no rest, and where it sends another one, the download begins anew", async () => {
  for (const second of [model, () => rest(1, 6), () => new Response("", { status: 416 })]) {
    const { weights } = host({ model: inTurn(() => stream([BYTES.slice(0, 3)], true), second, model) });
    assert.deepEqual((await weights.get()).bytes, BYTES);
  }
});

test("a host that is silent is asked again, at any point, and told as a broken network where it stays silent", async () => {
  const silent = () => new Promise(() => {});
  const stalls = () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(BYTES.slice(0, 3)) }));
  for (const first of [silent, stalls]) {
    const { weights } = host({ model: inTurn(/** @type {Answer} */ (first), model) });
    assert.equal((await weights.get()).bytes.length, 6);
  }
  await assert.rejects(host({ manifest: /** @type {Answer} */ (silent) }).weights.get(), { code: "model-network" });
  await assert.rejects(host({ model: stalls }).weights.get(), { code: "model-truncated" });
});
