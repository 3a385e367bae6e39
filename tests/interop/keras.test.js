// Files of Keras in Keras' hands: the course's notebook loads them unchanged, and answers as Signet does.
import assert from "node:assert/strict";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { FOLDER, KERAS_PYTHONS, NO_COMMAND, WEIGHTS, best, noPython, ownAnswers, photos, pictures, pythonOf, signet } from "./support.js";

/** @typedef {import("./support.js").Answer} Answer */

const FORMATS = { keras: "signet.keras", "keras-weights": "signet.weights.h5", "keras-h5": "signet.h5" };
const LARGEST = 95.5e6;
const TOLERANCE = 1e-4;

/** @type {{ inputs: string, answers: Answer[] }} */
let own;

before(() => {
  if (NO_COMMAND) return;
  mkdirSync(FOLDER, { recursive: true });
  own = ownAnswers([...pictures(), ...photos()]);
  for (const [format, name] of Object.entries(FORMATS)) signet("export", "--weights", WEIGHTS, "--format", format, "--out", name);
});

for (const [format, name] of Object.entries(FORMATS)) {
  test(`${format}: the file is no larger than its floats, and comes back with its labels`, { skip: NO_COMMAND }, () => {
    const { size } = statSync(join(FOLDER, name));
    console.log(`${name}: ${size} bytes`);
    assert.ok(size <= LARGEST, `${size} bytes`);
    const said = signet("import", join(FOLDER, name), "--out", "from-keras.safetensors");
    assert.match(said, /labels 0, 1, 2, 3, 4, 5/);
    const { answers } = ownAnswers(pictures(), join(FOLDER, "from-keras.safetensors"));
    answers.forEach(({ probabilities }, index) => {
      const { probabilities: expected = [] } = own.answers[index] ?? {};
      probabilities.forEach((value, at) => assert.ok(Math.abs(value - Number(expected[at])) <= TOLERANCE, `${index}: ${value} is not ${expected[at]}`));
    });
  });
}

for (const python of KERAS_PYTHONS) {
  test(`the notebook's network answers as Signet does: ${python}`, { skip: NO_COMMAND || noPython("numpy,tensorflow,keras", python) }, () => {
    const found = JSON.parse(pythonOf(python, "keras_reader.py", FOLDER, own.inputs));
    const ways = Object.entries(/** @type {Record<string, number[][]>} */ (found.answers));
    assert.ok(ways.length >= 5, `${ways.length} ways`);
    for (const [way, rows] of ways) {
      assert.equal(rows.length, own.answers.length);
      let [same, largest] = [0, 0];
      own.answers.forEach(({ probabilities }, index) => {
        const row = rows[index] ?? [];
        same += Number(best(row) === best(probabilities));
        for (const [at, value] of probabilities.entries()) largest = Math.max(largest, Math.abs(value - Number(row[at])));
      });
      console.log(`Keras ${found.keras}, ${way}: ${same} of ${rows.length} labels, probabilities within ${largest.toExponential(1)}`);
      assert.equal(same, rows.length, way);
      assert.ok(largest <= TOLERANCE, `${way}: ${largest}`);
    }
  });
}
