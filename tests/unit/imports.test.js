import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { circlesOf } from "../../scripts/circles.js";
import { closureOf, importsOf } from "../../scripts/closure.js";
import { FILES as ELEMENT } from "../../www/element/files.js";

const WWW = fileURLToPath(new URL("../../www/", import.meta.url));

/** The rooms below each room: what its files may import besides one another. The entry points at the root may import all. @type {Record<string, string[]>} */
const BELOW = {
  recognizer: [],
  offline: [],
  i18n: ["offline", "recognizer"],
  ui: ["i18n", "offline", "recognizer"],
  input: ["ui", "i18n", "recognizer"],
  // The files of input that the library and the element use need no page.
  library: ["input", "recognizer"],
  // "" is signet.js, the library's door.
  element: ["", "library", "input", "recognizer"],
  node: ["", "library", "recognizer"],
  teach: ["", "library", "input", "ui", "i18n", "offline", "recognizer"],
  inside: ["", "library", "inside/words", "teach", "input", "ui", "i18n", "offline", "recognizer"],
  "inside/words": ["i18n"],
  interop: ["", "library", "interop/words", "element", "teach", "input", "ui", "i18n", "offline", "recognizer"],
  "interop/words": ["i18n"],
};

/** What Signet's own page is made of: its rooms, and what wires them. */
const PAGE = /^(i18n|ui|input|teach|inside|interop|offline)\/|^(main|bringing|help)\.js$/;
/** Of the library and the recognizer they use these besides signet.js: names, numbers and functions that no network is behind. */
const WORDS = [
  ...["answer", "bytes", "contract", "errors", "protocol", "sha256", "smoothing", "support"].map((name) => `recognizer/${name}.js`),
  ...["eta", "labels", "limits", "settings", "split"].map((name) => `library/${name}.js`),
];

/** @type {Map<string, string>} */
const TEXTS = new Map(readdirSync(WWW, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".js") && !path.startsWith("pkg/"))
  .map((path) => [path, readFileSync(join(WWW, path), "utf8")]));
/** What each file imports, types in comments (`import("...")`) included. @type {Map<string, string[]>} */
const IMPORTS = new Map([...TEXTS].map(([path, text]) => [path, [...text.matchAll(/(?:\bfrom |\bimport |\bimport\()"(\.[^"]+)"/g)]
    .map(([, address = ""]) => normalize(join(dirname(path), address)))
    .filter((address) => !address.startsWith("pkg/"))])); // types of the modules, which are generated

/** @param {string} path */
const roomOf = (path) => (path.includes("/") ? dirname(path) : "");

test("every import names a file that is there", () => {
  const files = new Set(IMPORTS.keys());
  assert.ok(files.size > 60);
  for (const [path, imports] of IMPORTS) for (const each of imports) assert.ok(files.has(each), `${path} imports ${each}`);
});

test("no file imports from a room that stands on its own", () => {
  const wrong = [...IMPORTS].flatMap(([path, imports]) => imports
    .filter((each) => roomOf(path) !== "" && roomOf(each) !== roomOf(path) && !BELOW[roomOf(path)]?.includes(roomOf(each)))
    .map((each) => `${path} imports ${each}`));
  assert.deepEqual(wrong, []);
});

test("no files import each other, in no circle", () => {
  assert.deepEqual(circlesOf(new Map([...IMPORTS].map(([path, imports]) => [path, new Set(imports)]))), []);
});

test("the library needs nothing of the page: no text, no part of its document", () => {
  const needed = closureOf(WWW, ["signet.js", "hand-sign.js"]);
  assert.ok(needed.includes("library/training.js") && needed.includes("library/inspector.js"));
  assert.deepEqual(needed.filter((path) => /^(ui|i18n|teach|inside|interop)\//.test(path) || (path.startsWith("offline/") && path !== "offline/trusted.js")), []);
});

test("the page reaches the network through signet.js alone", () => {
  for (const [path, text] of TEXTS) {
    const beside = importsOf(WWW, path).filter((each) => /^(recognizer|library)\//.test(each) && !WORDS.includes(each));
    if (PAGE.test(path)) assert.deepEqual(beside, [], `${path} imports them`);
    const mayStart = /^(signet|offline\/trusted|offline\/offline|node\/worker)\.js$/.test(path);
    assert.ok(mayStart || !/\bnew (Shared)?Worker\b|scriptAddress/.test(text), `${path} starts a worker`);
  }
  const behind = closureOf(WWW, WORDS).filter((path) => !WORDS.includes(path));
  assert.deepEqual(behind, [], "what is shared needs nothing that speaks to a worker");
});

test("element/files.js names what an element needs to answer, and no more", () => {
  const needed = closureOf(WWW, ["hand-sign.js", "recognizer/worker.js", "recognizer/helper.js"], { dynamic: false });
  assert.deepEqual(ELEMENT.filter((path) => !path.startsWith("pkg/")).sort(), needed);
});
