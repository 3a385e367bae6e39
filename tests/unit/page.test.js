import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";

const WWW = new URL("../../www/", import.meta.url);

test("every file of the page is stored for a visit without a network", () => {
  const list = /const PAGE = \[([^\]]*)\]/.exec(readFileSync(new URL("sw.js", WWW), "utf8"))?.[1] ?? "";
  const stored = new Set([...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name));
  const files = ["", "teach/", "examples/"].flatMap((folder) => readdirSync(new URL(folder || ".", WWW), { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(html|css|js|svg)$/.test(entry.name) && entry.name !== "sw.js")
    .map(({ name }) => folder + name));
  assert.deepEqual(files.filter((name) => !stored.has(name)), []);
});

test("every error code has a sentence, and no two share one", async () => {
  const { ERROR_CODES } = await import("../../www/protocol.js");
  const { ERROR_SENTENCES } = await import("../../www/words.js");
  const sentences = ERROR_CODES.map((code) => ERROR_SENTENCES[code]);
  assert.ok(sentences.every((sentence) => sentence.length > 20));
  assert.equal(new Set(sentences).size, ERROR_CODES.length);
});
