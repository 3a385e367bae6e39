// Signet's own module, by the calls that its page makes.
import { openModule } from "../../../www/recognizer/module.js";

/** @typedef {import("./protocol.js").EngineFile} EngineFile */

const SIDE = 64;

/** @type {EngineFile["load"]} */
export const load = async (device, files) => open(await openModule(device), files, false);

/**
 * @param {Pick<import("../../../www/recognizer/module.js").SignetModule, "Classifier">} module
 * @param {import("./protocol.js").Files} files
 * @param {boolean} float32 whether it computes in floats what it could in integers
 * @returns {Promise<import("./protocol.js").Engine>}
 */
export async function open({ Classifier }, { weights }, float32) {
  const bytes = new Uint8Array(await (await fetch(weights)).arrayBuffer());
  const classifier = await Classifier.load(bytes, float32);
  // The page has every model prove itself before it calls it loaded.
  await classifier.selfCheck();
  return {
    async run(rgba, count) {
      if (count > 1) return (await classifier.classifyInputs(rgba)).flatMap((/** @type {{ probabilities: number[] }} */ { probabilities }) => probabilities);
      const picture = new ImageData(new Uint8ClampedArray(/** @type {ArrayBuffer} */ (rgba.buffer), rgba.byteOffset, rgba.length), SIDE, SIDE);
      return (await classifier.classify(picture)).probabilities;
    },
  };
}
