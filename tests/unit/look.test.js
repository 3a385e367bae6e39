import assert from "node:assert/strict";
import test from "node:test";
import { classify } from "../../www/recognizer/requests.js";

/** @typedef {import("../../www/recognizer/pkg.d.ts").Classifier} Classifier */
/** @typedef {import("../../www/recognizer/protocol.js").Look} Look */
/** @typedef {import("../../www/recognizer/protocol.js").Picture} Picture */

/** @type {Picture} */
const FRAME = { kind: "pixels", bytes: new Uint8Array(16), width: 2, height: 2 };
/** @type {Picture} */
const FILE = { kind: "file", bytes: new Uint8Array(9) };

/**
 * A classifier that notes what it is asked.
 * @param {object} options
 * @param {boolean} [options.hasFinder] absent from modules that are older than finders
 */
function notes({ hasFinder }) {
  /** @type {unknown[][]} */
  const calls = [];
  let freed = 0;
  const answering = (/** @type {string} */ name) => async (/** @type {unknown[]} */ ...given) => {
    calls.push([name, ...given.filter((part) => !(part instanceof Uint8Array)).map((part) => ArrayBuffer.isView(part) ? [...new Uint32Array(part.buffer)] : part)]);
    const found = hasFinder ? { sign: 0.75, window: Uint32Array.of(4, 5, 6) } : {};
    return { label: "2", probability: 0.5, probabilities: Float32Array.of(0.5, 0.5), view: new Uint8Array(4), width: 2, height: 2, ...found, free: () => { freed += 1; } };
  };
  const names = ["classifyPixels", "classifyFile", "classifyWindow", "locatePixels", "locateFile", "followPixels"];
  const model = /** @type {Classifier} */ (/** @type {unknown} */ ({
    ...(hasFinder === undefined ? {} : { hasFinder }),
    ...Object.fromEntries(names.map((name) => [name, answering(name)])),
    track: (/** @type {Uint32Array | undefined} */ window) => calls.push(["track", window && [...window]]),
  }));
  return { model, calls, freed: () => freed };
}

/** @type {[picture: Picture, look: Look, calls: unknown[][]][]} */
const LOOKS = [
  [FRAME, { at: "centre" }, [["classifyPixels", 2, 2]]],
  [FRAME, { at: "anywhere" }, [["locatePixels", 2, 2]]],
  [FRAME, { at: "trail", fresh: false }, [["followPixels", 2, 2]]],
  [FRAME, { at: "trail", fresh: true }, [["track", undefined], ["followPixels", 2, 2]]],
  [FRAME, { at: "square", square: { left: 7, top: 8, side: 9 } }, [["track", [7, 8, 9]], ["classifyWindow", 2, 2, [7, 8, 9]]]],
  [FILE, { at: "centre" }, [["classifyFile"]]],
  [FILE, { at: "anywhere" }, [["locateFile"]]],
];

for (const [picture, look, expected] of LOOKS) {
  test(`a ${picture.kind} is looked at ${JSON.stringify(look)}`, async () => {
    const { model, calls, freed } = notes({ hasFinder: true });
    const answer = await classify(model, picture, look);
    assert.deepEqual(calls, expected);
    assert.deepEqual([answer.sign, answer.square], [0.75, { left: 4, top: 5, side: 6 }]);
    assert.equal(freed(), 1, "its memory is given back");
  });
}

for (const hasFinder of [false, undefined]) {
  test(`a model whose hasFinder is ${hasFinder} looks at the centre, whatever it is asked`, async () => {
    for (const [picture, look] of LOOKS) {
      const { model, calls } = notes({ hasFinder });
      const answer = await classify(model, picture, look);
      assert.deepEqual(calls, picture.kind === "file" ? [["classifyFile"]] : [["classifyPixels", 2, 2]]);
      assert.ok(!("sign" in answer) && !("square" in answer));
    }
  });
}
