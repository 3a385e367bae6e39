import assert from "node:assert/strict";
import test from "node:test";
import { classify } from "../../www/recognizer/requests.js";

/** @typedef {import("../../www/recognizer/pkg.d.ts").Classifier} Classifier */
/** @typedef {import("../../www/recognizer/protocol.js").CropRequest} CropRequest */
/** @typedef {import("../../www/recognizer/protocol.js").Picture} Picture */

/** @type {Picture} */
const FRAME = { kind: "pixels", bytes: new Uint8Array(16), width: 2, height: 2 };
/** @type {Picture} */
const FILE = { kind: "file", bytes: new Uint8Array(9) };

/**
 * A classifier that notes what it is asked.
 * @param {object} options
 * @param {boolean} [options.hasFinder] absent from modules that are older than detectors
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

/** @type {[picture: Picture, crop: CropRequest, calls: unknown[][]][]} */
const CROPS = [
  [FRAME, { at: "center" }, [["classifyPixels", 2, 2]]],
  [FRAME, { at: "anywhere" }, [["locatePixels", 2, 2]]],
  [FRAME, { at: "track", fresh: false }, [["followPixels", 2, 2]]],
  [FRAME, { at: "track", fresh: true }, [["track", undefined], ["followPixels", 2, 2]]],
  [FRAME, { at: "box", box: { left: 7, top: 8, side: 9 } }, [["track", [7, 8, 9]], ["classifyWindow", 2, 2, [7, 8, 9]]]],
  [FILE, { at: "center" }, [["classifyFile"]]],
  [FILE, { at: "anywhere" }, [["locateFile"]]],
];

for (const [picture, crop, expected] of CROPS) {
  test(`a ${picture.kind} is classified ${JSON.stringify(crop)}`, async () => {
    const { model, calls, freed } = notes({ hasFinder: true });
    const answer = await classify(model, picture, crop);
    assert.deepEqual(calls, expected);
    assert.deepEqual([answer.presence, answer.crop], [0.75, { left: 4, top: 5, side: 6 }]);
    assert.equal(freed(), 1, "its memory is given back");
  });
}

for (const hasFinder of [false, undefined]) {
  test(`a model whose hasFinder is ${hasFinder} classifies the center, whatever it is asked`, async () => {
    for (const [picture, crop] of CROPS) {
      const { model, calls } = notes({ hasFinder });
      const answer = await classify(model, picture, crop);
      assert.deepEqual(calls, picture.kind === "file" ? [["classifyFile"]] : [["classifyPixels", 2, 2]]);
      assert.ok(!("presence" in answer) && !("crop" in answer));
    }
  });
}
