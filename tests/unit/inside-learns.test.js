// What the view "How it learns" makes of its measurements, without a browser.
import assert from "node:assert/strict";
import test from "node:test";
import { casesOf, decadesOf, flowOf, niceTop, powerOf, smoothed, standingOf, tenTo, thinned } from "../../www/inside/learns-findings.js";
import { areEnough, setOf } from "../../www/inside/learns-pictures.js";
import { VARIANTS, readFragment, writeFragment } from "../../www/inside/state.js";
import { INPUT_BYTES } from "../../www/recognizer/protocol.js";

/** Two blocks between a stem and a head; kernels of the norm 2. */
const LAYERS = [7, 1, 3, 1, 1, 3, 1, 1].map((kernel, index) => ({ name: `layer ${index}`, kernel, input: 8, output: 8, norm: 2 }));

test("gradients grow, shrink or keep their size by the 3x3 kernels of the first and the last block, and vanish where nothing changes", () => {
  for (const [norms, expected] of /** @type {[number[], Partial<import("../../www/inside/learns-findings.js").Flow>][]} */ ([
    [[9, 1, 40, 1, 1, 4, 1, 1], { first: 40, last: 4, course: "grows", times: 10, change: 0.2, isLost: false, vanishes: false }],
    [[9, 1, 4, 1, 1, 4.8, 1, 1], { course: "even", times: 1.2, vanishes: false }],
    [[1, 1, 1, 1, 1, 40, 1, 1], { course: "shrinks", times: 40, vanishes: false }],
    [[1, 1, 0.1, 1, 1, 40, 1, 1], { course: "shrinks", vanishes: true }],
    [[3e-3, 1e-3, 1e-3, 1e-3, 1e-3, 1e-3, 1e-3, 1e-3], { course: "even", change: 1.5e-5, isLost: false, vanishes: true }],
    [Array(8).fill(3e-10), { course: "even", isLost: true, vanishes: true }],
  ])) {
    const found = flowOf(LAYERS, norms, 0.01);
    for (const [name, value] of Object.entries(expected)) {
      const own = /** @type {any} */ (found)[name];
      if (typeof value === "number") assert.ok(Math.abs(own - value) < 1e-9 * Math.max(1, value), `${name} of ${norms} is ${own}`);
      else assert.equal(own, value, `${name} of ${norms}`);
    }
  }
});

test("a network stands where its last ten steps are, and is given up where it measured nothing more", () => {
  const step = (/** @type {number} */ step, /** @type {number[]} */ losses) => (
    { step, networks: losses.map((loss) => (Number.isNaN(loss) ? null : { loss, accuracy: loss / 100, norms: [] })) });
  const steps = Array.from({ length: 20 }, (_, index) => step(index + 1, [index + 1, index < 3 ? 7 : NaN]));
  assert.deepEqual(standingOf(steps, 0), { loss: 15.5, accuracy: 0.155, givenUpAt: null });
  assert.deepEqual(standingOf(steps, 1), { loss: 7, accuracy: 0.07, givenUpAt: 4 });
  assert.deepEqual(smoothed([2, 4, 6]), [2, 3, 4]);
  assert.equal(smoothed(Array.from({ length: 12 }, (_, index) => index)).at(-1), 6.5);
});

test("a claim is about the network that has what it speaks of, and losses are compared where only the skips differ", () => {
  for (const [a, b, steps, expected] of /** @type {const} */ ([
    ["skips-norm", "norm", 30, { bare: null, normed: 1, pair: [0, 1] }],
    ["skips-norm", "norm", 29, { bare: null, normed: 1, pair: null }],
    ["plain", "skips", 99, { bare: 0, normed: null, pair: [1, 0] }],
    ["norm", "plain", 99, { bare: 1, normed: 0, pair: null }],
    ["skips", "skips", 99, { bare: null, normed: null, pair: null }],
  ])) assert.deepEqual(casesOf([a, b], steps), expected, `${a}, ${b}, ${steps}`);
});

test("axes hold what is drawn, and a norm that is tiny or zero has its text", () => {
  assert.deepEqual(decadesOf([3e-10, 4e-11, 0]), [-11, -9]);
  assert.deepEqual(decadesOf([0.5, 4400]), [-1, 4]);
  assert.deepEqual(decadesOf([0, 0]), [-1, 1]);
  assert.deepEqual([0.03, 1.79, 5, 5.1, 99].map(niceTop), [0.05, 2, 5, 10, 100]);
  assert.deepEqual([3.24e-10, 1e-3, 9.96e-5, 12_345].map(powerOf), [[3.2, -10], [1, -3], [1, -4], [1.2, 4]]);
  assert.deepEqual([-10, 0, 25].map(tenTo), ["10⁻¹⁰", "10⁰", "10²⁵"]);
  assert.deepEqual(thinned([1, 2, 3], 3), [1, 2, 3]);
  assert.deepEqual(thinned(Array.from({ length: 101 }, (_, index) => index), 5), [0, 25, 50, 75, 100]);
});

test("the person's samples are enough from eight of two classes on, and become inputs with their classes' indices", () => {
  const of = (/** @type {string} */ labels) => [...labels].map((label) => ({ label }));
  assert.deepEqual([of("aaaabbb"), of("aaaaaaaaa"), of("aaaaaaab")].map(areEnough), [false, false, true]);
  const inputs = [1, 2, 3].map((value) => new Uint8Array(INPUT_BYTES).fill(value));
  const { pixels, labels, classes } = setOf(inputs, ["5", "0", "5"]);
  assert.deepEqual([[...labels], classes, pixels.length], [[1, 0, 1], 2, 3 * INPUT_BYTES]);
  assert.deepEqual([0, INPUT_BYTES, 3 * INPUT_BYTES - 1].map((at) => pixels[at]), [1, 2, 3]);
});

test("a link says what the networks are, and what it can't say is passed over", () => {
  assert.deepEqual(Object.values(VARIANTS), [[true, true], [true, false], [false, true], [false, false]].map(([skips, batchNorm]) => ({ skips, batchNorm })));
  const values = { ...readFragment(""), view: /** @type {const} */ ("learns"), depth: /** @type {const} */ ("50"), a: /** @type {const} */ ("skips"), b: /** @type {const} */ ("plain"), on: /** @type {const} */ ("samples") };
  assert.deepEqual(readFragment(writeFragment(values)), values);
  assert.deepEqual(readFragment("#inside?depth=9&a=toString&b=__proto__&on=all"), readFragment(""));
});
