import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("../../", import.meta.url));
const documents = execFileSync("git", ["ls-files", "*.md"], { cwd: project, encoding: "utf8" }).trim().split("\n");

/** As the hosts of repositories make an anchor of a heading. @param {string} heading */
const anchorOf = (heading) => heading.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-");

/** @param {string} file */
const anchorsOf = (file) => readFileSync(file, "utf8").split("\n").filter((line) => /^#+ /.test(line))
  .map((line) => anchorOf(line.replace(/^#+ /, "")));

test("every relative link of a document leads to a file, and to a heading of it", () => {
  let count = 0;
  for (const document of documents) {
    const text = readFileSync(join(project, document), "utf8").replace(/^```[^]*?^```/gm, "");
    for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path = "", anchor] = target.split("#");
      const file = path ? join(project, dirname(document), path) : join(project, document);
      assert.ok(existsSync(file), `${document}: ${target}`);
      if (anchor) assert.ok(anchorsOf(file).includes(anchor), `${document}: no heading for ${target}`);
      count += 1;
    }
  }
  assert.ok(count > 50, "the links were found");
});
