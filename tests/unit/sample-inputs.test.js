import assert from "node:assert/strict";
import test from "node:test";
import { SampleInputs } from "../../www/teach/sample-inputs.js";

/** @import { CropRequest } from "../../www/recognizer/protocol.js" */
/** @import { Signet } from "../../www/signet.js" */
/** @import { Purpose } from "../../www/teach/sample-inputs.js" */

const PICTURE = /** @type {const} */ ({ kind: "pixels", bytes: new Uint8Array(4 * 8 * 4), width: 8, height: 4 });

/**
 * A library that answers each way of looking with a presence, or takes none.
 * @param {{ presences?: Record<string, number>, hasDetector?: boolean, width?: number, height?: number, latencyMs?: number }} options
 */
function signetOf({ presences = {}, hasDetector = true, width = 8, height = 4, latencyMs = 5 }) {
  /** @type {string[]} */
  const asked = [];
  const answer = (/** @type {number} */ shade) => ({ input: { data: new Uint8ClampedArray(4).fill(shade) }, width, height });
  const signet = {
    ready: Promise.resolve(),
    held: () => ({ labels: [], hasDetector }),
    async input() {
      asked.push("middle");
      return answer(0);
    },
    /** @param {unknown} _ @param {{ crop: CropRequest, model: string, keep: boolean }} options */
    async predict(_, { crop, model, keep }) {
      assert.deepEqual([model, keep], ["original", true]);
      const name = crop.at === "track" ? `track ${crop.fresh ? "fresh" : "on"}` : crop.at;
      asked.push(name);
      await null;
      return { ...answer(asked.length), crop: { left: 1, top: 0, side: 3 }, presence: presences[name] ?? 0, latencyMs };
    },
  };
  return { asked, signet: /** @type {Signet} */ (/** @type {unknown} */ (signet)) };
}

/** @type {[name: string, purpose: Purpose, given: Parameters<typeof signetOf>[0] & { searches?: boolean }, asked: string[], crop: number][]} */
const CASES = [
  ["a photo whose hand a few crops find is looked at again, at the hand's own crop", { label: "3", source: "upload" },
    { presences: { "track fresh": 0.9, "track on": 0.9 } }, ["track fresh", "track on", "track on", "track on"], 3],
  ["a photo in which they find none is searched", { label: "3", source: "paste" }, { presences: { anywhere: 0.9 } }, ["track fresh", "anywhere"], 3],
  ["a photo in which no hand is found gives its middle", { label: "3", source: "upload" }, {}, ["track fresh", "anywhere", "middle"], 4],
  ["on a device on which a search takes seconds such a photo gives its middle", { label: "3", source: "upload" }, { presences: { anywhere: 0.9 }, latencyMs: 900 }, ["track fresh", "middle"], 4],
  ["of a picture without a sign it is the crop that most looks like one", { label: "none", source: "upload" }, {}, ["track fresh", "anywhere"], 3],
  ["a video's first image starts following the hand", { label: "3", source: "webcam", fresh: true }, { presences: { "track fresh": 0.9 } }, ["track fresh"], 3],
  ["a video's next image follows it", { label: "3", source: "webcam", fresh: false }, { presences: { "track on": 0.9 } }, ["track on"], 3],
  ["a video's image without a hand gives its middle", { label: "3", source: "webcam", fresh: false }, {}, ["track on", "middle"], 4],
  ["a drawing gives its middle", { label: "3", source: "draw" }, { presences: { "track fresh": 0.9 } }, ["middle"], 4],
  ["the person's own crop is taken", { label: "3", source: "upload", box: { left: 0, top: 0, side: 2 } }, {}, ["box"], 3],
  ["a model that will look at the middle is taught with it", { label: "thumb", source: "upload" }, { searches: false, presences: { "track fresh": 0.9 } }, ["middle"], 4],
  ["classes that are about to be there decide instead", { label: "3", source: "upload", searches: true }, { searches: false, presences: { "track fresh": 0.9, "track on": 0.9 } },
    ["track fresh", "track on", "track on", "track on"], 3],
  ["a picture of the network's own size stays as it is", { label: "3", source: "upload" }, { presences: { "track fresh": 0.9 }, width: 64, height: 64 }, ["track fresh", "middle"], 64],
  ["a network without a detector gives the middle", { label: "3", source: "upload" }, { hasDetector: false }, ["middle"], 4],
];

for (const [name, purpose, { searches = true, ...given }, asked, side] of CASES) {
  test(name, async () => {
    const { asked: found, signet } = signetOf(given);
    const input = await new SampleInputs(signet, () => 0.5, () => searches).of(PICTURE, purpose);
    assert.deepEqual(found, asked);
    assert.equal(input.crop.side, side);
    assert.ok(input.pixels instanceof Uint8Array);
  });
}

test("searches wait for each other, since the module follows one video at a time", async () => {
  const { asked, signet } = signetOf({ presences: { "track fresh": 0.9, "track on": 0.9 } });
  const inputs = new SampleInputs(signet, () => 0.5, () => true);
  await Promise.all([1, 2].map(() => inputs.of(PICTURE, { label: "3", source: "upload" })));
  const looks = ["track fresh", "track on", "track on", "track on"];
  assert.deepEqual(asked, [...looks, ...looks]);
});
