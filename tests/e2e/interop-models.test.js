// Models of Keras, brought in: what was understood is shown, statistics are computed anew of pictures, and the model answers.

import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { assertAccessible, misfits } from "./access.js";
import { testWorld } from "./browser.js";
import { write } from "./files.js";
import { ROOT } from "./server.js";
import { handFiles } from "./teach.js";

const { teachTest } = await testWorld();

/** A file that Keras has written, 16 times narrower than the course's. @param {string} name */
const keras = (name) => write(name, gunzipSync(readFileSync(join(ROOT, `tests/fixtures/keras/${name}.gz`))));

/** @param {import("./teach.js").TeachTab} tab @param {string} file */
async function bring(tab, file) {
  await tab.give(tab.selector("import-input"), [file]);
  await tab.until("the dialog", () => tab.page.$(tab.selector("import-model-dialog")));
}

/** @param {import("./teach.js").TeachTab} tab */
const notes = (tab) => tab.page.$$eval(`${tab.selector("model-notes")} li`, (items) => items.map((item) => /** @type {HTMLElement} */ (item).dataset["note"]));

/** @param {import("./teach.js").TeachTab} tab */
async function taken(tab) {
  await tab.click("model-take");
  await tab.becomes("the dialog to close", async () => (await tab.page.$(tab.selector("import-model-dialog"))) === null, true);
}

teachTest("a Keras model is shown with its classes, taken, and answers; cancelled, nothing changes", {}, async (tab) => {
  await bring(tab, keras("no-bias-four-classes-3.keras"));
  assert.match(await tab.text("model-labels"), /4 classes: .*0.*3/);
  assert.deepEqual(await notes(tab), ["labels-numbered"]);
  await assertAccessible(tab, "a model of Keras");
  assert.deepEqual(await misfits(tab), []);
  await tab.click("model-cancel");
  assert.equal(await tab.page.$eval("#model-name", (line) => line.textContent), "Original model: 0 to 5");
  await bring(tab, keras("no-bias-four-classes-3.keras"));
  await taken(tab);
  await tab.becomes("the model's classes", () => tab.page.$eval("#model-name", (line) => /** @type {HTMLElement} */ (line).title), "0, 1, 2, 3");
});

teachTest("statistics of a model that was written with training=True are computed anew of the samples", {}, async (tab) => {
  for (const digit of ["0", "1", "2", "3"]) await tab.add(digit, handFiles(Number(digit), 2));
  await bring(tab, keras("training-3.keras"));
  assert.deepEqual(await notes(tab), ["training-mode", "labels-numbered"]);
  await tab.click("model-samples");
  await tab.becomes("the statistics", async () => /The statistics of 8 images/.test(await tab.text("model-status")), true);
  await taken(tab);
  await tab.becomes("the model's classes", () => tab.page.$eval("#model-name", (line) => /** @type {HTMLElement} */ (line).title), "0, 1, 2, 3, 4, 5");
});

teachTest("Keras' network for ImageNet is taken in without its thousand classes, and trained further on other ones", { hands: 3 }, async (tab) => {
  await bring(tab, keras("applications-3.h5"));
  assert.deepEqual(await notes(tab), ["features-only", "border-differs"]);
  await taken(tab);
  await tab.says(/imported/);
  await tab.set({ epochs: 3 });
  await tab.click("train-more");
  await tab.reaches("done");
  // The narrow network of the fixture, and not the shipped one.
  assert.ok(statSync(await tab.exportModel()).size < 1e6);
});

teachTest("what is no model of this network is refused in a sentence, and what is there stays", {}, async (tab) => {
  await tab.add("0", handFiles(0, 2));
  const whole = gunzipSync(readFileSync(join(ROOT, "tests/fixtures/keras/unnamed-3.weights.h5.gz")));
  await tab.give(tab.selector("import-model-input"), [write("cut.h5", whole.subarray(0, whole.length / 2))]);
  await tab.failure(/^keras-format$/);
  assert.deepEqual(await tab.samples(), [2, 0, 0, 0, 0, 0]);
});
