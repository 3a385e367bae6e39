// What the tests with other programs' readers share: the readers, where they are installed, and what Signet itself answers.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { env } from "node:process";
import { hand, png } from "../e2e/pictures.js";
import { MODEL_PATH, ROOT, WWW } from "../e2e/server.js";

/** What the tests write: ignored by git. scripts/test.sh interop installs the readers here, too. */
export const FOLDER = join(ROOT, "target/interop");
export const HERE = join(ROOT, "tests/interop");
/** The shipped weights. */
export const WEIGHTS = `${WWW}${MODEL_PATH}`;

const SIGNET = join(ROOT, "target/release/signet");
const ANSWERS = join(ROOT, "target/release/examples/answers");
const TAUGHT = join(ROOT, "target/release/examples/taught");
const PYTHON = env["PYTHON"] ?? join(FOLDER, "python/bin/python");
/** The Python with TensorFlow, which takes minutes to install: scripts/test.sh interop does. */
export const TENSORFLOW_PYTHON = env["TENSORFLOW_PYTHON"] ?? join(FOLDER, "tensorflow/bin/python");
/** Pythons with Keras: this one, and others that are named, such as one with tf.keras 2.15. */
export const KERAS_PYTHONS = [TENSORFLOW_PYTHON, ...(env["KERAS_PYTHON"]?.split(":") ?? [])];
const TRACT = join(FOLDER, "tract/release/tract-reader");
const MOST_OUTPUT = 1 << 28;

/** @typedef {{ file: string, label: string, probabilities: number[], logits: number[], sign: number, bounding_box: number[] }} Answer */
/** Rows of each output of a model. @typedef {Record<string, number[][]>} Outputs */

/** Why tests that need the command are skipped; false where it is built. */
export const NO_COMMAND = [SIGNET, ANSWERS, TAUGHT].every((path) => existsSync(path)) ? false
  : "signet is not built: scripts/test.sh native interop builds it";
export const NO_TRACT = existsSync(TRACT) ? false : "tract's reader is not built: scripts/test.sh interop builds it";

/** Why tests that need modules of Python are skipped; false where they are there. @param {string} modules with commas @param {string} [interpreter] */
export function noPython(modules, interpreter = PYTHON) {
  // Looked for and not imported: TensorFlow takes ten seconds. One that is there and broken is to fail.
  const search = `import importlib.util, sys; sys.exit(not all(map(importlib.util.find_spec, "${modules}".split(","))))`;
  const found = existsSync(interpreter) && spawnSync(interpreter, ["-c", search]).status === 0;
  return found ? false : `Python's ${modules} is not installed: scripts/test.sh interop installs it`;
}

/** What a program prints. @param {string} command @param {string[]} given */
export function run(command, given) {
  const { status, stdout, stderr } = spawnSync(command, given, { cwd: FOLDER, maxBuffer: MOST_OUTPUT, encoding: "utf8" });
  // Its arguments may be hundreds of files.
  assert.equal(status, 0, `${basename(command)} ${given.slice(0, 3).join(" ")}: ${stderr}`);
  return stdout;
}

/** @param {...string} given */
export const signet = (...given) => run(SIGNET, given);
/** Weights as a training of the last stage leaves them. @param {string} weights @param {string} out */
export const taught = (weights, out) => run(TAUGHT, [weights, out]);
/** A script of this folder, in the Python that scripts/test.sh installs. @param {string} script @param {...string} given */
export const python = (script, ...given) => pythonOf(PYTHON, script, ...given);
/** A script of this folder, in some Python. @param {string} interpreter @param {string} script @param {...string} given */
export const pythonOf = (interpreter, script, ...given) => run(interpreter, [join(HERE, "readers", script), ...given]);
/** @param {...string} given */
export const tract = (...given) => run(TRACT, given);

/** The sign-language photos to check with, with their folder's label; none where they are absent. @returns {string[]} */
export function photos() {
  return ["signs/val", "sign-language-digits/val"].flatMap((set) => {
    const folder = join(ROOT, "../shared/data", set);
    if (!existsSync(folder)) return [];
    return readdirSync(folder).sort().flatMap((label) => readdirSync(join(folder, label)).sort().map((name) => join(folder, label, name)));
  });
}

/** Pictures that are everywhere: painted hands, and the project's own files of every format. @returns {string[]} */
export function pictures() {
  mkdirSync(FOLDER, { recursive: true });
  const painted = [0, 1, 2, 3, 4, 5].flatMap((fingers) => [64, 150].map((side) => {
    const path = join(FOLDER, `hand-${fingers}-${side}.png`);
    writeFileSync(path, png(hand(fingers, side, side)));
    return path;
  }));
  const fixtures = join(ROOT, "tests/fixtures/pictures");
  // Of planes in separate scans the command asks for another file.
  const names = readdirSync(fixtures).filter((name) => name !== "planes.jpg").sort();
  return [...painted, ...names.map((name) => join(fixtures, name))];
}

/** What Signet answers in float32, and the inputs that each reader is given, in a file of the weights' name. @param {string[]} files @param {string} [weights] @returns {{ inputs: string, answers: Answer[] }} */
export function ownAnswers(files, weights = WEIGHTS) {
  const inputs = join(FOLDER, `${basename(weights, ".safetensors")}.rgb`);
  const answers = JSON.parse(run(ANSWERS, [weights, inputs, ...files]));
  assert.equal(answers.length, files.length);
  assert.equal(statSync(inputs).size, files.length * 64 * 64 * 3);
  return { inputs, answers };
}

/** The index of the largest number. @param {number[]} row */
export const best = (row) => row.indexOf(Math.max(...row));

/** @param {number[]} a @param {number[]} b */
const apart = (a, b) => Math.max(...a.map((value, index) => Math.abs(value - Number(b[index]))));

/**
 * A reader answers as Signet does: its labels, and each output within a tolerance.
 * @param {string} reader
 * @param {Outputs} outputs
 * @param {Answer[]} answers
 * @param {{ labels: number, tolerance: number }} limits the share of labels that are to be the same, the largest difference of a probability
 */
export function assertSame(reader, outputs, answers, { labels, tolerance }) {
  const { probabilities = [], sign = [], bounding_box: boxes = [] } = outputs;
  assert.deepEqual([probabilities.length, sign.length, boxes.length], Array(3).fill(answers.length), "a row for each picture");
  let [same, probability, presence, box] = [0, 0, 0, 0];
  answers.forEach((answer, index) => {
    const row = probabilities[index] ?? [];
    same += Number(best(row) === best(answer.probabilities));
    probability = Math.max(probability, apart(answer.probabilities, row));
    presence = Math.max(presence, apart([answer.sign], sign[index] ?? []));
    box = Math.max(box, apart(answer.bounding_box, boxes[index] ?? []));
  });
  console.log(`${reader}: ${same} of ${answers.length} labels, probabilities within ${probability.toExponential(1)}, presence ${presence.toExponential(1)}, bounding box ${box.toExponential(1)}`);
  assert.ok(same >= labels * answers.length, `${reader}: ${same} of ${answers.length} labels`);
  // A NaN is in no tolerance.
  assert.ok(probability <= tolerance && presence <= tolerance && box <= 10 * tolerance, `${reader}: ${probability}, ${presence}, ${box}`);
}
