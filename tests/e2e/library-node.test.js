// The library in Node.js: no browser, the same modules.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { Signet } from "../../www/node/index.js";
import { write } from "./files.js";
import { hand, png } from "./pictures.js";
import { MANIFEST, MODEL_PATH, ROOT, WWW } from "./server.js";

const frame = hand(4, 220, 220);
const four = write("four.png", png(frame));

test("a file by its path or address, bytes, a blob and pixels are answered alike", async () => {
  const signet = await Signet.load();
  const bytes = new Uint8Array(readFileSync(four));
  const pixels = { data: new Uint8ClampedArray(frame.rgba), width: 220, height: 220 };
  const answers = [];
  for (const source of [four, pathToFileURL(four), bytes, new Blob([bytes]), /** @type {ImageData} */ (pixels)]) {
    const { label, probability, input } = await signet.classify(source);
    answers.push([label, probability, input.data.length]);
  }
  signet.close();
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.deepEqual([answers[0]?.[0], answers[0]?.[2]], ["4", 64 * 64 * 4]);
});

/** @type {[what: string, work: () => Promise<unknown>, code: string][]} */
const REFUSED = [
  ["a file that is not there", async () => (await Signet.load()).classify(`${four}.png`), "file-unreadable"],
  ["a file that is no picture", async () => (await Signet.load()).classify(`${WWW}/main.js`), "picture-format"],
  ["a model that is not there", () => Signet.load({ model: `${four}.safetensors` }), "model-missing"],
  ["a model that is none", () => Signet.load({ model: four }), "weights-format"],
  ["a folder without modules", () => Signet.load({ base: `${WWW}/icons`, model: `${WWW}${MODEL_PATH}` }), "worker-crashed"],
];
for (const [what, work, code] of REFUSED) test(`${what} is refused with its code`, () => assert.rejects(work, { name: "SignetError", code }));

test("it is fine-tuned on samples, explains, and is loaded again from the file", async () => {
  const signet = await Signet.load({ model: `${WWW}${MODEL_PATH}` });
  const samples = [1, 4].flatMap((fingers) => [0, 1, 2, 3].map((shade) => ({
    label: `${fingers} up`, image: new Blob([new Uint8Array(png(hand(fingers, 120 + 20 * shade, 120 + 20 * shade)))]) })));
  const { labels, weights } = await signet.fineTune(samples, { epochs: 10 });
  assert.deepEqual([labels, signet.labels], [["1 up", "4 up"], ["1 up", "4 up"]]);
  const answer = await signet.classify(four);
  const { cells, bias, logit, label } = await signet.explain(answer, { side: 2 });
  assert.ok(Math.abs(cells.reduce((sum, cell) => sum + cell, bias) - logit) < 1e-3);
  signet.close();
  const again = await Signet.load({ model: weights });
  const { probabilities } = await again.classify(four);
  again.close();
  assert.deepEqual([answer.label, label, probabilities], ["4 up", "4 up", answer.probabilities]);
});

test("a program that has asked all that it wanted ends, without a word to the library", () => {
  const script = `import { Signet } from ${JSON.stringify(pathToFileURL(`${ROOT}www/node/index.js`).href)};
    const signet = await Signet.load();
    console.log((await signet.classify(${JSON.stringify(four)})).label, signet.labels.length);`;
  const said = execFileSync("node", ["--input-type=module", "--eval", script], { timeout: 60_000 }).toString();
  assert.equal(said.trim(), `4 ${MANIFEST.labels.length}`);
});
