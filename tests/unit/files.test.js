// Files that must say what others say: drawn pictures, links of documents, headers.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { COUNTS, example } from "../../scripts/draw-examples.js";
import { FRAMINGS, framing } from "../../scripts/draw-framings.js";
import { HEADERS } from "../../scripts/serve.js";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
/** @param {string} path */
const read = (path) => readFileSync(join(PROJECT, path), "utf8");

/** @type {[script: string, pictures: [path: string, drawn: string][]][]} */
const DRAWN = [
  ["draw-examples.js", COUNTS.map((count) => [`www/examples/${count}.svg`, example(count)])],
  ["draw-framings.js", FRAMINGS.map((name) => [`www/help/${name}.svg`, framing(name)])],
];
for (const [script, pictures] of DRAWN) {
  test(`each picture of scripts/${script} is in its file, is like no other, and asks nobody for anything`, () => {
    assert.ok(pictures.length >= 3 && new Set(pictures.map(([, drawn]) => drawn)).size === pictures.length);
    for (const [path, drawn] of pictures) {
      assert.equal(read(path), drawn, `${path}: run node scripts/${script}`);
      assert.doesNotMatch(drawn.replace('xmlns="http://www.w3.org/2000/svg"', ""), /href|url\(|https?:|<script|NaN/);
      if (path.includes("examples")) assert.match(drawn, /viewBox="0 0 (\d+) \1" width="\1" height="\1"/, "a square");
    }
  });
}

/** As the hosts of repositories make anchors of headings. @param {string} text */
const anchorsOf = (text) => [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
  heading.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-"));

test("every relative link of a document leads to a file, and to a heading of it", () => {
  let count = 0;
  for (const document of execFileSync("git", ["ls-files", "*.md"], { cwd: PROJECT, encoding: "utf8" }).trim().split("\n")) {
    for (const [, target = ""] of read(document).replace(/^```[^]*?^```/gm, "").matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path, anchor] = target.split("#");
      const file = path ? join(dirname(document), path) : document;
      assert.ok(existsSync(join(PROJECT, file)), `${document}: ${target}`);
      if (anchor) assert.ok(anchorsOf(read(file)).includes(anchor), `${document}: no heading for ${target}`);
      count += 1;
    }
  }
  assert.ok(count > 50, "the links were found");
});

test("SECURITY.md shows the headers that the server sends, and the page's own policy says the same where it can", () => {
  for (const [name, value] of Object.entries(HEADERS)) assert.ok(read("SECURITY.md").includes(`\n  ${name}: ${value}\n`), name);
  const [, own = ""] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(read("www/index.html")) ?? [];
  const directives = (/** @type {string} */ policy) =>
    policy.split("; ").filter((directive) => !/^(frame-ancestors|object-src|require-trusted|trusted-types)/.test(directive));
  assert.deepEqual(directives(own), directives(HEADERS["Content-Security-Policy"]));
});
