// Modules that stand in for the built ones to fail, or to be fast or slow, in a chosen way. All of them compute
// with the real CPU module, so that their answers are right where they answer.

/** @typedef {import("./server.js").TestServer} TestServer */

/** @param {string} changes to `classifier`, a real one, before it is handed out */
const module = (changes) => `
  import start, { Classifier as Real } from "./signet_cpu.js?real";
  export default start;
  // An answer that outlives the module's own, which the worker frees.
  function copyOf(answer) {
    const { label, probability, probabilities, view, width, height } = answer;
    answer.free();
    return { label, probability, probabilities, view, width, height, free() {} };
  }
  export class Classifier {
    static async load(...given) {
      const classifier = await Real.load(...given);
      ${changes}
      return classifier;
    }
  }`;

const QUICK = `
  const answers = new Map();
  const compute = classifier.classifyPixels.bind(classifier);
  classifier.classifyPixels = async (rgba, width, height) => {
    // A piece of the middle is enough to tell the tests' pictures apart, and costs no time.
    const key = width + ":" + rgba.subarray(rgba.length >> 1).subarray(0, 256).join();
    if (!answers.has(key)) answers.set(key, copyOf(await compute(rgba, width, height)));
    return answers.get(key);
  };`;

/** @param {string} before a step: \`epochs` are over, and \`resumed\` says whether it goes on from a save */
const training = (before) => `
  import start, { Trainer as Real } from "./signet_cpu.js?real";
  export * from "./signet_cpu.js?real";
  export default start;
  const trap = () => { throw new WebAssembly.RuntimeError("unreachable"); };
  const fail = (code, message) => { throw Object.assign(new Error(message), { code }); };
  const oncePerEpoch = new Set();
  async function slowly(epochs, milliseconds) {
    if (oncePerEpoch.has(epochs)) return;
    oncePerEpoch.add(epochs);
    await new Promise((done) => setTimeout(done, milliseconds));
  }
  function changed(trainer, resumed) {
    const step = trainer.step.bind(trainer);
    let epochs = 0;
    trainer.step = async () => {
      ${before}
      const event = await step();
      if (JSON.parse(event).kind === "epoch") epochs += 1;
      return event;
    };
    return trainer;
  }
  export const Trainer = {
    start: async (...given) => changed(await Real.start(...given), false),
    resume: async (...given) => changed(await Real.resume(...given), true),
  };`;

const STAND_INS = {
  /** Its numbers are wrong, and its check says so. */
  wrong: module(`classifier.selfCheck = async () => {
    throw Object.assign(new Error("the logits differ by 0.5"), { code: "self-check" });
  };`),
  /** Its check passes, but its answers are another network's. */
  disagreeing: module(`const compute = classifier.classifyPixels.bind(classifier);
    classifier.classifyPixels = async (...picture) => {
      const answer = copyOf(await compute(...picture));
      return { ...answer, probabilities: [...answer.probabilities].reverse() };
    };`),
  /** It traps in its check. */
  trapping: module(`classifier.selfCheck = async () => { throw new WebAssembly.RuntimeError("unreachable"); };`),
  /** It remembers pictures, and so is faster than the CPU at the second sight of one. */
  quick: module(QUICK),
  /** It is quick, and loses its device at the first file. */
  losing: module(`${QUICK}
    classifier.classifyFile = async () => {
      throw Object.assign(new Error("the device was lost"), { code: "device" });
    };`),
  /** It fails when it is asked again before its last answer was freed. */
  thrifty: module(`let held = false;
    for (const name of ["classifyPixels", "classifyFile"]) {
      const compute = classifier[name].bind(classifier);
      classifier[name] = async (...picture) => {
        if (held) throw Object.assign(new Error("an answer was never freed"), { code: "device" });
        const answer = copyOf(await compute(...picture));
        held = true;
        return { ...answer, free() { held = false; } };
      };
    }`),
  /** It traps at a file. */
  trappingAtFiles: module(`classifier.classifyFile = async () => { throw new WebAssembly.RuntimeError("unreachable"); };`),
  /** It traps as soon as it is to train. */
  trappingAtOnce: training("trap();"),
  /** It trains for two epochs, and traps. */
  trappingInTraining: training("if (epochs >= 2) trap();"),
  /** It trains for two epochs, of which the first was saved, traps, and traps again when it goes on from there. */
  trappingAfterSave: training("if (resumed || epochs >= 2) trap();"),
  /** It trains for three epochs, after which the loss is no number. */
  runningOff: training('if (epochs >= 3) fail("not-finite", "the loss is NaN");'),
  /** It trains for two epochs that are long enough to be saved, and its device is gone. */
  losingInTraining: training('if (epochs >= 2) fail("device", "the device was lost"); await slowly(epochs, 1200);'),
  /** Each of its epochs takes a second longer. */
  slowInTraining: training("await slowly(epochs, 1000);"),
};

/**
 * Serves a stand-in in place of a built module, `times` times, and then the built one again.
 * @param {TestServer} server
 * @param {"cpu" | "gpu"} device
 * @param {keyof typeof STAND_INS} name
 * @param {number} [times]
 */
export function standIn(server, device, name, times = Infinity) {
  let left = times;
  server.replace(`/pkg/signet_${device}.js`, (request, response) => {
    if (request.url?.endsWith("?real") || left === 0) return server.serve(request, response);
    left -= 1;
    response.writeHead(200, { "Content-Type": "text/javascript", "Cache-Control": "no-store" }).end(STAND_INS[name]);
  });
}
