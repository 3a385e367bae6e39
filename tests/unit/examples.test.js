import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { COUNTS, example } from "../../scripts/draw-examples.js";
import { FRAMINGS, framing } from "../../scripts/draw-framings.js";

test("the examples are those that scripts/draw-examples.js draws", () => {
  for (const count of COUNTS) {
    const file = readFileSync(new URL(`../../www/examples/${count}.svg`, import.meta.url), "utf8");
    assert.equal(file, example(count), `${count}.svg: run node scripts/draw-examples.js`);
  }
});

test("each example is a square picture of its own that asks nobody for anything", () => {
  const pictures = COUNTS.map(example);
  assert.equal(new Set(pictures).size, COUNTS.length);
  for (const picture of pictures) {
    assert.match(picture, /viewBox="0 0 (\d+) \1" width="\1" height="\1"/);
    assert.doesNotMatch(picture.replace('xmlns="http://www.w3.org/2000/svg"', ""), /href|url\(|https?:|<script|NaN/);
  }
});

test("the help page's pictures are those that scripts/draw-framings.js draws, and ask nobody for anything", () => {
  assert.equal(new Set(FRAMINGS.map(framing)).size, 3);
  for (const name of FRAMINGS) {
    const file = readFileSync(new URL(`../../www/help/${name}.svg`, import.meta.url), "utf8");
    assert.equal(file, framing(name), `${name}.svg: run node scripts/draw-framings.js`);
    assert.doesNotMatch(file.replace('xmlns="http://www.w3.org/2000/svg"', ""), /href|url\(|https?:|<script|NaN/);
  }
});
