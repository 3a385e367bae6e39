// Modules that stand in for the built ones to fail, or to be fast or slow, in a chosen way. All of them compute
// with the real CPU modules, so that their answers are right where they answer.

import { CPU_SCRIPTS } from "./server.js";

/** @typedef {import("./server.js").TestServer} TestServer */

/** What else a stand-in may do. */
const MEANS = `
  const fail = (code, message) => { throw Object.assign(new Error(message), { code }); };
  // As when the browser ends a worker: nobody hears of it.
  const die = () => { self.close(); return new Promise(() => {}); };
  // Takes all memory that a module may have, so that it gets no more itself.
  async function eat() {
    const { __wbindgen_malloc: allocate } = await start();
    for (let size = 2 ** 28; size >= 2 ** 12;) {
      try {
        allocate(size, 1);
      } catch {
        size >>= 1; // there is no piece of that size left
      }
    }
  }`;

/**
 * @param {string} changes to `classifier`, a real one, before it is handed out
 * @param {{ real?: "cpu" | "gpu", before?: string }} [how] `real`: which module it is of; `before` it starts
 */
const module = (changes, { real = "cpu", before = "" } = {}) => `
  import start, { Classifier as Real } from "./signet_${real}.js?real";
  export * from "./signet_${real}.js?real";
  ${before}
  export default start;
  ${MEANS}
  export class Classifier {
    static async load(...given) {
      const classifier = await Real.load(...given);
      ${changes}
      return classifier;
    }
  }`;

const QUICK = `
  const answers = new Map();
  const compute = classifier.classify.bind(classifier);
  classifier.classify = async (picture, crop) => {
    if (!(picture instanceof ImageData) || (crop && crop.at !== "center")) return compute(picture, crop);
    const start = performance.now();
    // A piece of the middle is enough to tell the tests' pictures apart, and costs no time.
    const { data, width, height } = picture;
    const key = width + ":" + data.subarray(data.length >> 1).subarray(0, 256).join();
    if (!answers.has(key)) answers.set(key, await compute(picture, crop));
    return { ...answers.get(key), latencyMs: performance.now() - start };
  };`;

/** What happens at a picture that comes as a file, before it is classified. @param {string} then */
const atFiles = (then) => `
  const classify = classifier.classify.bind(classifier);
  classifier.classify = async (picture, crop) => {
    if (!(picture instanceof ImageData)) { ${then} }
    return classify(picture, crop);
  };`;

/** Gets hold of the graphics `device` that the module opens. @param {string} [then] */
const deviceOpened = (then = "") => `
  let device;
  const open = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...given) {
    device = await open.apply(this, given);
    ${then}
    return device;
  };`;

/** A detector that knows the tests' painted hands by their colour, and calls everything else no sign. */
const FINDING = `
  Object.defineProperty(classifier, "hasDetector", { value: true });
  function handIn({ data, width, height }) {
    let [left, top, right, bottom, count] = [width, height, 0, 0, 0];
    for (let pixel = 0; pixel < width * height; pixel += 1) {
      if (data[pixel * 4] < data[pixel * 4 + 2] + 45) continue;
      const [x, y] = [pixel % width, Math.floor(pixel / width)];
      [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x + 1), Math.max(bottom, y + 1)];
      count += 1;
    }
    if (count < 100) return null;
    const side = Math.min(Math.max(right - left, bottom - top), width, height);
    const within = (start, length) => Math.max(0, Math.min(Math.round(start), length - side));
    return { left: within((left + right - side) / 2, width), top: within((top + bottom - side) / 2, height), side };
  }
  function centerOf({ width, height }) {
    const side = Math.min(width, height);
    return { left: (width - side) >> 1, top: (height - side) >> 1, side };
  }
  // Of a crop: whether there is any of the hand in it.
  function presenceIn({ data, width }, { left, top, side }) {
    const cut = new Uint8Array(side * side * 4);
    for (let row = 0; row < side; row += 1) {
      cut.set(data.subarray(((top + row) * width + left) * 4).subarray(0, side * 4), row * side * 4);
    }
    return handIn({ data: cut, width: side, height: side }) ? 0.97 : 0.02;
  }
  async function decoded(bytes) {
    const bitmap = await createImageBitmap(new Blob([bytes])).catch((cause) => {
      throw Object.assign(new Error(String(cause)), { code: "picture-format" });
    });
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height);
  }
  const compute = classifier.classify.bind(classifier);
  classifier.classify = async (given, { at, box } = { at: "center" }) => {
    const picture = given instanceof ImageData ? given : await decoded(given);
    const crop = at === "box" ? box : (at === "center" ? null : handIn(picture)) ?? centerOf(picture);
    return { ...await compute(picture, { at: "box", box: crop }), presence: presenceIn(picture, crop), crop };
  };`;

/**
 * @param {string} before a step: `epochs` are over, and `resumed` says whether it goes on from a save
 * @param {{ changes?: string, atStart?: string }} [more] `changes` to `trainer`, a real one; `atStart` comes before there is one
 */
const training = (before, { changes = "", atStart = "" } = {}) => `
  import start, { Trainer as Real } from "./signet_cpu_learn.js?real";
  export * from "./signet_cpu_learn.js?real";
  export default start;
  const trap = () => { throw new WebAssembly.RuntimeError("unreachable"); };
  ${MEANS}
  const oncePerEpoch = new Set();
  async function slowly(epochs, milliseconds) {
    if (oncePerEpoch.has(epochs)) return;
    oncePerEpoch.add(epochs);
    await new Promise((done) => setTimeout(done, milliseconds));
  }
  function changed(trainer, resumed) {
    const step = trainer.step.bind(trainer);
    ${changes}
    let epochs = 0;
    trainer.step = async () => {
      ${before}
      const event = await step();
      if (event.kind === "epoch") epochs += 1;
      return event;
    };
    return trainer;
  }
  export const Trainer = {
    async start(...given) {
      ${atStart}
      return changed(await Real.start(...given), false);
    },
    resume: async (...given) => changed(await Real.resume(...given), true),
  };`;

const STAND_INS = {
  /** Its numbers are wrong, and its check says so. */
  wrong: module(`classifier.selfCheck = async () => {
    throw Object.assign(new Error("the logits differ by 0.5"), { code: "self-check" });
  };`),
  /** Its check passes, but its answers are another network's. */
  disagreeing: module(`const compute = classifier.classify.bind(classifier);
    classifier.classify = async (...picture) => {
      const answer = await compute(...picture);
      return { ...answer, probabilities: answer.probabilities.toReversed() };
    };`),
  /** It traps in its check. */
  trapping: module(`classifier.selfCheck = async () => { throw new WebAssembly.RuntimeError("unreachable"); };`),
  /** It has a detector. */
  finding: module(FINDING),
  /** It sees a second hand beside it, too, wherever it looks for one. */
  findingTwo: module(FINDING + `
    const find = classifier.classify;
    classifier.classify = async (given, crop) => {
      const answer = await find(given, crop);
      return ["anywhere", "track"].includes(crop?.at) ? { ...answer, secondHand: { left: 40, top: 300, side: 120 } } : answer;
    };`),
  /** It has none, as a taught model. */
  findingNothing: module(`Object.defineProperty(classifier, "hasDetector", { value: false });
    const compute = classifier.classify.bind(classifier);
    classifier.classify = async (picture) => {
      const { presence, crop, ...answer } = await compute(picture);
      return answer;
    };`),
  /** It remembers pictures, and so is faster than the CPU at the second sight of one. */
  quick: module(QUICK),
  /** It is quick, and loses its device at the first file. */
  losing: module(QUICK + atFiles('throw Object.assign(new Error("the device was lost"), { code: "device" });')),
  /** It computes on the graphics device, is quick, and its device is taken away at the first file. */
  losingDevice: module(QUICK + atFiles("device.destroy();"), { real: "gpu", before: deviceOpened() }),
  /** Its graphics device has no memory for it. */
  starvingDevice: module("", { real: "gpu", before: deviceOpened(`
    const make = device.createBuffer.bind(device);
    device.createBuffer = (description) => make({ ...description, size: 2 ** 52 });`) }),
  /** It traps at a file. */
  trappingAtFiles: module(atFiles('throw new WebAssembly.RuntimeError("unreachable");')),
  /** It is ended at a file. */
  dyingAtFiles: module(atFiles("await die();")),
  /** It refuses a model that was taught, or is ended by it. */
  refusingTaught: module('if (given[0] instanceof Blob) fail("self-check", "the logits differ by 0.5");'),
  dyingAtTaught: module("if (given[0] instanceof Blob) await die();"),
  /** It runs out of memory at a file. */
  starvingAtFiles: module(atFiles("await eat();")),
  /** It trains for two epochs, and is ended. */
  dyingInTraining: training("if (epochs >= 2) await die();"),
  /** It traps, or is ended, while it writes down how far it is. */
  trappingInSave: training("", { changes: "trainer.checkpoint = async () => trap();" }),
  dyingInSave: training("", { changes: "trainer.checkpoint = die;" }),
  /** It has no memory left when it is to train. */
  starving: training("", { atStart: "await eat();" }),
  /** It traps as soon as it is to train. */
  trappingAtOnce: training("trap();"),
  /** It trains for two epochs, and traps. */
  trappingInTraining: training("if (epochs >= 2) trap();"),
  /** It trains for two epochs, of which the first was saved, traps, and traps again when it goes on from there. */
  trappingAfterSave: training("if (resumed || epochs >= 2) trap();"),
  /** It trains for three epochs, after which the loss is NaN. */
  runningOff: training('if (epochs >= 3) fail("not-finite", "the loss is NaN");'),
  /** It trains for two epochs that are long enough to be saved, and its device is gone. */
  losingInTraining: training('if (epochs >= 2) fail("device", "the device was lost"); await slowly(epochs, 1200);'),
  /** Each of its epochs takes more than half a second longer. */
  slowInTraining: training("await slowly(epochs, 600);"),
};

/** @typedef {"cpu" | "cpu_learn" | "gpu" | "gpu_learn"} Module */
/** @typedef {keyof typeof STAND_INS} StandIn */

/** Serves a stand-in for each of several modules. @param {TestServer} server @param {Partial<Record<Module, StandIn | [StandIn, times: number]>>} chosen */
export function standInAll(server, chosen) {
  for (const [which, given] of Object.entries(chosen)) {
    const [name, times] = /** @type {[StandIn, number?]} */ ([given].flat());
    standIn(server, /** @type {Module} */ (which), name, times);
  }
}

/**
 * Serves a stand-in in place of a built module, `times` times, and then the built one again.
 * @param {TestServer} server
 * @param {Module} which
 * @param {StandIn} name
 * @param {number} [times]
 */
export function standIn(server, which, name, times = Infinity) {
  let left = times;
  server.replace(which === "cpu" ? CPU_SCRIPTS : `/pkg/signet_${which}.js`, (request, response) => {
    if (request.url?.endsWith("?real") || left === 0) return server.serve(request, response);
    left -= 1;
    // Each of the CPU's modules stands behind its own stand-in.
    const own = String(request.url).replace(/^.*\/|\?.*$/g, "");
    const text = which === "cpu" ? STAND_INS[name].replaceAll("signet_cpu.js", own) : STAND_INS[name];
    response.writeHead(200, { "Content-Type": "text/javascript", "Cache-Control": "no-store" }).end(text);
  });
}
