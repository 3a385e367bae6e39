// The page and the native command are one network: the same pictures, the same probabilities. So are the page's modules.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { testWorld } from "./browser.js";
import { NO_PHOTOS, assertNative, photos, predictNatively, runSignet, write } from "./files.js";
import { hand, paint, png } from "./pictures.js";
import { CPU_MODULES, CPU_SCRIPTS, MANIFEST, MODEL_PATH, WWW } from "./server.js";

const TOLERANCE = 1e-4;

const { server, visit } = await testWorld();

/** Classifies files one after the other in one visit. @param {string[]} files */
async function predictInPage(files) {
  /** @type {import("./signet.js").Shown[]} */
  const answers = [];
  await visit({}, async (signet) => {
    await signet.ready();
    await signet.click("mode-upload");
    for (const file of files) answers.push(await signet.upload(file));
  });
  return answers;
}

/**
 * Compares answers with the command's. Where there is no hand, classes are told apart by little, and what rounding differs between
 * integer activations grows to 2.3e-4.
 * @param {string[]} files @param {import("./signet.js").Shown[]} page @param {string[]} [handless] those of the files that show no hand
 */
function assertAllNative(files, page, handless = []) {
  const differences = predictNatively(files).map((native, index) => {
    const tolerance = handless.includes(native.file) ? 5e-4 : 1e-4;
    return assertNative(/** @type {import("./signet.js").Shown} */ (page[index]), native, { tolerance });
  });
  console.log(`largest difference between page and command over ${files.length} pictures: ${Math.max(...differences)}`);
}

/** A fixed sequence of bytes that look random: a linear congruential generator. */
function noise() {
  let state = 7;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
}

test("the page answers as signet predict does, on pictures of every shape that are painted here", async () => {
  const random = noise();
  const pictures = [
    ...[0, 1, 2, 3, 4, 5].map((fingers) => hand(fingers, 64, 64)),
    hand(5, 640, 480),
    hand(2, 91, 317, { skin: [120, 82, 62], background: [60, 90, 60] }),
    hand(4, 40, 40),
    hand(3, 150, 150, { background: [0, 0, 0, 90] }),
    paint(200, 120, (x, y) => [255 * x, 255 * y, 255 * (1 - x)]),
    paint(128, 128, () => [random(), random(), random()]),
    paint(1, 1, () => [10, 200, 30]),
  ];
  const files = pictures.map((picture, index) => write(`picture-${index}.png`, png(picture)));
  assertAllNative(files, await predictInPage(files), files.slice(-3));
});

test("30 photos of the validation set through the page: at least 28 right, and as signet predict says", {
  skip: NO_PHOTOS,
}, async () => {
  const chosen = photos(5);
  assert.equal(chosen.length, 30);
  const files = chosen.map(({ file }) => file);
  const page = await predictInPage(files);
  const wrong = chosen.filter(({ label }, index) => page[index]?.label !== label);
  console.log(`${chosen.length - wrong.length} of ${chosen.length} photos are right`);
  // First: a wrong answer that the command gives too is the model's, and not the page's.
  assertAllNative(files, page);
  assert.ok(wrong.length <= 2, `wrong: ${JSON.stringify(wrong)}`);
});

test("the modules with relaxed SIMD answer as the plain one does in float32, and are the page's", async () => {
  // A tile of 4 pixels has 32 multiply-adds; an address that happens to look like one is rare.
  const [plain, ...relaxed] = CPU_MODULES.map((path) => readFileSync(WWW + path).toString("latin1").split("\xfd\x85\x02").length - 1);
  assert.ok(relaxed.every((count) => count >= 32) && Number(plain) < 8, `multiply-adds: ${plain} and ${relaxed}`);

  const squares = Buffer.concat([0, 1, 2, 3, 4, 5].map((fingers) => hand(fingers, 64, 64).rgba)).toString("base64");
  await visit({}, async ({ page }) => {
    const [first, ...others] = await page.evaluate(async (scripts, model, base64) => {
      const rgba = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const weights = new Uint8Array(await (await fetch(model)).arrayBuffer());
      return Promise.all(scripts.map(async (script) => {
        const { default: start, Classifier } = await import(script);
        await start();
        const classifier = await Classifier.load(weights, true);
        await classifier.selfCheck();
        return /** @type {number[][]} */ ((await classifier.classifyInputs(rgba)).map((/** @type {{ probabilities: number[] }} */ { probabilities }) => probabilities)).flat();
      }));
    }, CPU_SCRIPTS.map((path) => server.origin + path), MODEL_PATH, squares);
    assert.ok(first && others.length === 2 && first.length === 6 * MANIFEST.labels.length);
    assert.deepEqual(others[1], others[0], "threads change nothing");
    // Logarithms of probabilities are logits but for what a picture's have in common.
    const largest = Math.max(...first.map((value, at) => Math.abs(Math.log(value) - Math.log(Number(others[0]?.[at])))));
    console.log(`largest difference between a logit of the plain and the relaxed modules: ${largest}`);
    assert.ok(largest < TOLERANCE, `${largest}`);
    assert.equal(await page.evaluate(async (address) => (await import(address)).hasRelaxedSimd(), `${server.origin}/recognizer/support.js`), true);
  });
});

test("the page's module scores each cut on the check set as signet lesion does, to a picture", async () => {
  const file = `${WWW}/inside/check-set.jpg`;
  const native = runSignet("lesion", "--weights", WWW + MODEL_PATH, "--check-set", file, "--json");
  const script = `${WWW}/pkg/signet_cpu_inspect`;
  const { default: start, Inspector } = await import(`${script}.js`);
  await start({ module_or_path: readFileSync(`${script}_bg.wasm`) });
  const inspector = await Inspector.load(readFileSync(WWW + MODEL_PATH));
  const { pixels, labels } = inspector.checkSet(readFileSync(file));
  const truths = Uint32Array.from(labels, (label) => inspector.labels.indexOf(label));
  /** @param {{ block: string, part: string }[]} cuts @param {{ right: number, margin: number }} expected */
  const assertScores = async (cuts, expected) => {
    const { right, count, margins } = await inspector.score(pixels, truths, cuts);
    const what = JSON.stringify(cuts);
    assert.equal(count, native.images);
    assert.equal(right, expected.right, what);
    const margin = margins.reduce((/** @type {number} */ sum, /** @type {number} */ one) => sum + one, 0) / count;
    assert.ok(Math.abs(margin - expected.margin) < 1e-3, `${what}: ${margin}, not ${expected.margin}`);
  };
  await assertScores([], native.whole);
  assert.equal(native.blocks.length, 16);
  for (const { block, branch, skip } of native.blocks) {
    await assertScores([{ block, part: "branch" }], branch);
    await assertScores([{ block, part: "skip" }], skip);
  }
  for (const { count, seed, blocks, left } of native.random) {
    const cuts = inspector.randomCuts(count, seed);
    assert.deepEqual(cuts.map((/** @type {{ block: string }} */ cut) => cut.block), blocks);
    await assertScores(cuts, left);
  }
});
