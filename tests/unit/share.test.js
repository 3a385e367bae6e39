import assert from "node:assert/strict";
import test from "node:test";
import { FILES, THREADS } from "../../www/element/files.js";
import { loadWords } from "../../www/interop/words.js";
import { indexHtml, pageFile } from "../../www/interop/export-page.js";

Object.assign(globalThis, { document: { documentElement: { dir: "" } } });
await loadWords();

test("a page of one's own is twenty lines that nobody's labels can change, and says what to do where no script runs", () => {
  const html = indexHtml(["<script>alert(1)</script>", "\"&'", "three"], 0.65);
  assert.ok(html.trimEnd().split("\n").length <= 21, html);
  assert.equal(html.split("<script").length - 1, 1);
  assert.match(html, /&#60;script&#62;alert\(1\)&#60;\/script&#62;, &#34;&#38;&#39;, three/);
  assert.match(html, /<hand-sign camera model="model\.safetensors" threshold="0\.65">\n {4}<p>If this text stays/);
  assert.match(html, /default-src 'none'; script-src 'self' 'wasm-unsafe-eval'/);
});

test("a page of one's own has the element's files, the model and its labels, all of this page's origin", async () => {
  /** @type {string[]} */
  const asked = [];
  const { fetch } = globalThis;
  globalThis.fetch = /** @type {typeof fetch} */ (async (address) => {
    asked.push(String(address));
    return new Response("content");
  });
  /** @type {{ name: string, bytes: Uint8Array }[]} */
  let entries = [];
  const converter = /** @type {any} */ ({ call: async (/** @type {string} */ name, /** @type {any} */ given) => {
    assert.equal(name, "writeZip");
    entries = given;
    return new Uint8Array(1);
  } });
  const optional = [...THREADS, "pkg/LICENSES.txt"];
  const exported = /** @type {const} */ ({ which: "original", weights: new Blob(["weights"]), labels: ["a", "b"], trained: "head", fileName: "signet" });
  try {
    await pageFile(converter, { ...exported, labels: ["a", "b"] }, 0.5);
    assert.deepEqual(entries.map(({ name }) => name), ["index.html", "labels.txt", "model.safetensors", ...FILES, ...optional]);
    const [, labels, model] = entries.map(({ bytes }) => new TextDecoder().decode(bytes));
    assert.deepEqual([labels, model], ["a\nb\n", "weights"]);
    const www = new URL("../../www/", import.meta.url).href;
    assert.deepEqual(asked, [...FILES, ...optional].map((path) => www + path));
    globalThis.fetch = /** @type {typeof fetch} */ (async (address) => new Response("", { status: optional.some((path) => String(address).endsWith(path)) ? 404 : 200 }));
    await pageFile(converter, { ...exported, labels: [] }, 0.5);
    assert.deepEqual(entries.map(({ name }) => name).slice(3), FILES, "a host without threads and licences");
    globalThis.fetch = /** @type {typeof fetch} */ (async () => new Response("", { status: 404 }));
    await assert.rejects(pageFile(converter, { ...exported, labels: [] }, 0.5), { code: "module-missing" });
  } finally {
    globalThis.fetch = fetch;
  }
});
