// A step of Signet's training of the whole network: a run is one batch of all the squares.
import { openModule } from "../../../www/recognizer/module.js";

/** @typedef {import("./protocol.js").EngineFile} EngineFile */

const SQUARE_BYTES = 64 * 64 * 4;
/** More than any measurement needs; each has one batch. */
const EPOCHS = 1000;

/** @type {EngineFile["load"]} */
export async function load(device, { weights }, squares) {
  const { Classifier, Trainer } = await openModule(device, "learn");
  const bytes = new Uint8Array(await (await fetch(weights)).arrayBuffer());
  const classifier = await Classifier.load(bytes);
  const { labels } = classifier;
  classifier.free();
  const count = squares.length / SQUARE_BYTES;
  const trainer = await Trainer.start(bytes, {
    labels,
    training: squares,
    trainingLabels: Uint32Array.from({ length: count }, (_, index) => index % labels.length),
    validation: new Uint8Array(),
    validationLabels: new Uint32Array(),
  }, { scope: "all", epochs: EPOCHS, batchSize: count, learningRate: 1e-5, augmentation: false, seed: 0 });
  return {
    async run() {
      // Between batches the trainer ends an epoch, which takes next to nothing.
      for (;;) if ((await trainer.step()).kind === "batch") return [];
    },
  };
}
