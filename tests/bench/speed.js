// Signet beside other engines in one browser: what `scripts/bench.sh speed` prints.
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { launch } from "../e2e/browser.js";
import { MANIFEST } from "../e2e/server.js";
import { RELAXED_SIMD_MODULE } from "../../www/recognizer/support.js";
import { TOLERANCES, compare, firstAnswers, inArena, interleave, serveProject } from "./arena.js";
import { PEERS, TRAININGS, contestants, versions } from "./engines.js";
import { nativeRuns } from "./native.js";
import { FOLDER, prepare } from "./prepare.js";
import { moduleSize } from "./sizes.js";
import { MACHINE, columns, megabytes, range } from "./table.js";
import { visits } from "./visit.js";

/** @typedef {import("../e2e/server.js").TestServer} TestServer */
/** @typedef {import("./arena.js").Place} Place */
/** @typedef {import("./engines.js").Contestant} Contestant */
/** @typedef {import("./peers/protocol.js").Device} Device */
/** @typedef {import("./statistics.js").Summary} Summary */

const { values: options } = parseArgs({ options: {
  webgpu: { type: "boolean", default: false },
  "no-cpu": { type: "boolean", default: false },
  rounds: { type: "string" },
  peers: { type: "string", default: PEERS.join(",") },
} });
const peers = options.peers.split(",").filter(Boolean);
const unknown = peers.find((peer) => !PEERS.includes(peer));
if (unknown) throw new Error(`${unknown} is no peer: ${PEERS.join(", ")}`);
if (options.rounds !== undefined && !/^[1-9]\d*$/.test(options.rounds)) throw new Error(`--rounds ${options.rounds} is not a number`);
const rounds = options.rounds === undefined ? {} : { rounds: Number(options.rounds) };

/** V8 compiles what is hot a second time, within the first thirty runs or so. */
const WARM_UP = 40;
/** @type {Record<Device, { plans: import("./arena.js").Plan[], fresh: number, singly: number }>} */
const PLANS = {
  cpu: { plans: [{ count: 1, warmUp: WARM_UP, rounds: 15, runs: 8 }, { count: 8, warmUp: WARM_UP, rounds: 15, runs: 2 }], fresh: 3, singly: 8 },
  // Seconds a run on a software adapter, which nothing makes faster: shaders are compiled in the first one.
  webgpu: { plans: [{ count: 1, warmUp: 1, rounds: 3, runs: 1 }, { count: 8, warmUp: 0, rounds: 1, runs: 1 }], fresh: 1, singly: 1 },
};
const TRAINING_PLAN = { count: 8, warmUp: 3, rounds: 5, runs: 1 };
const VISITS = 3;
const THREADS = 2;
const NOT_ASKED = { skipped: "not asked for" };
/** Of a machine with nothing else to do, this script apart. */
const IDLE_LOAD = 0.5;

const load = Number(loadavg()[0]);
const { files, model } = prepare();
const racing = peers.filter((peer) => peer !== "ort-int8" || files.onnxInt8);
const largest = Math.max(...model.reference.logits);
const powers = model.reference.logits.map((logit) => Math.exp(logit - largest));
const known = powers.map((power) => power / powers.reduce((sum, each) => sum + each, 0));

/** Whatever has been measured when something fails is worth keeping. @type {Record<string, unknown>} */
const result = { date: new Date().toISOString(), weights: MANIFEST };
function note(/** @type {Record<string, unknown>} */ found) {
  Object.assign(result, found);
  writeFileSync(`${FOLDER}/speed.json`, `${JSON.stringify(result, null, 2)}\n`);
}

/** In the page. */
async function adapterInWords() {
  const { gpu } = /** @type {{ gpu?: { requestAdapter(): Promise<{ info: Record<string, string> } | null> } }} */ (/** @type {unknown} */ (navigator));
  const { vendor, architecture, device, description } = (await gpu?.requestAdapter())?.info ?? {};
  return [vendor, architecture, device, description].filter(Boolean).join(" ") || "none";
}

/** @param {Summary | undefined} mine @param {Summary | undefined} base */
const ratio = (mine, base) => (Number(mine?.median) / Number(base?.median)).toFixed(2);

/** Measures and prints one row an engine; ratios are its time in Signet's, which is the first. @param {Place} place @param {Contestant[]} chosen @param {Device} device @param {string} [name] in the file of results */
async function measure(place, chosen, device, name = device) {
  const { fresh, singly } = PLANS[device];
  const plans = PLANS[device].plans.map((plan) => ({ ...plan, ...rounds }));
  // Compressing keeps a core busy, so it ends before anything is timed.
  const sizes = chosen.map(({ module }) => moduleSize(module));
  const about = await inArena(place, async (arena) => {
    for (const contestant of chosen) await arena.load(contestant);
    const { differences, agree, measure: peer } = await compare(arena, chosen, { singly, known });
    const told = Object.entries(differences).map(([name, difference]) => `${name} ${difference.toExponential(1)}`).join(", ");
    console.log(`largest difference of a probability from ${peer}'s, of at most ${TOLERANCES.float32} in float32 and ` +
      `${TOLERANCES.integer} in integers, ${TOLERANCES.int8} where activations have 8 bits: ${told}`);
    if (!agree) throw new Error("the engines do not agree, so their times mean nothing");
    /** @type {Record<string, Summary>[]} */
    const times = [];
    for (const plan of plans) times.push(await interleave(arena, chosen, plan));
    const adapter = device === "webgpu" ? await arena.page.evaluate(adapterInWords) : undefined;
    return { adapter, largestDifference: differences, tolerances: TOLERANCES, measure: peer, plans, times };
  });
  const { times: [one = {}, eight = {}], ...section } = about;
  const firsts = await firstAnswers(place, chosen, fresh);
  const engines = chosen.map(({ name: engine, arithmetic, setup }, index) => (
    { name: engine, arithmetic, setup, batch1: one[engine], batch8: eight[engine], ...firsts[index], module: sizes[index] }));
  note({ [name]: { ...section, engines } });
  if (section.adapter) console.log(`adapter: ${section.adapter}`);
  console.log(`\n${columns([
    ["engine", "arithmetic", "1 square, ms", "ratio", "8 squares, ms each", "ratio", "load, ms", "first answer, ms", "module, MB", "brotli"],
    ...engines.map(({ name, arithmetic, batch1, batch8, load: loaded, first, module }) => [
      name, arithmetic, range(batch1), ratio(batch1, engines[0]?.batch1), range(batch8, 8), ratio(batch8, engines[0]?.batch8),
      range(loaded), range(first), megabytes(module?.raw), megabytes(module?.brotli),
    ]),
  ])}`);
}

/** @param {Place} place @param {string} cpuModule */
async function measureCpu(place, cpuModule) {
  console.log("\nCPU, one thread");
  await measure(place, contestants("cpu", racing, cpuModule), "cpu");
  console.log(`ratio: the engine's time in Signet's; above 1 Signet is faster. ` +
    `Weights: ${megabytes(MANIFEST.bytes)} MB (Signet, ${MANIFEST.precision}); float32 for the peers.\n` +
    "signet cpu computes in integers: signet float32 is the row to compare with peers in float32, signet cpu the one with int8.");
}

/** What is no race of engines. @param {Place} place */
async function measureRest(place) {
  const page = await visits(place.browser, VISITS);
  note({ page });
  console.log(`\n${columns([
    ["the page, CPU backend", "ready, ms", "first prediction, ms", "over the network, MB"],
    ...Object.entries(page).map(([visit, { ready, prediction, bytes }]) =>
      [visit, range(ready), range(prediction), megabytes(bytes)]),
  ])}\nfrom the navigation; the server does not compress; the prediction looks for the hand in the whole picture`);

  const steps = await inArena(place, async (arena) => {
    for (const training of TRAININGS) await arena.load(training);
    return interleave(arena, TRAININGS, TRAINING_PLAN);
  });
  note({ trainingStep: { plan: TRAINING_PLAN, setups: TRAININGS.map(({ name, setup }) => ({ name, setup })), ms: steps } });
  console.log(`\n${columns([
    ["training step of the whole network, 8 squares, CPU", "ms", "ratio"],
    ...Object.entries(steps).map(([name, step]) => [name, range(step), ratio(step, Object.values(steps)[0])]),
  ])}`);

  const native = nativeRuns();
  note({ native });
  for (const [name, run] of Object.entries(native)) {
    console.log(`native ${name}: ${"skipped" in run ? `skipped, ${run.skipped}` : JSON.stringify(run.result)}`);
  }
}

/** Tells what it runs on. @param {Place} place @returns {Promise<string>} Signet's module that the browser takes on the CPU, as www/recognizer/module.js chooses */
async function introduce({ browser }) {
  const chromium = await browser.version();
  const page = await browser.newPage();
  const isRelaxed = await page.evaluate((bytes) => WebAssembly.validate(new Uint8Array(bytes)), [...RELAXED_SIMD_MODULE]);
  await page.close();
  const cpuModule = isRelaxed ? "signet_cpu_relaxed" : "signet_cpu";
  const machine = { cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length, load, node: process.version };
  const packages = versions([...contestants("cpu", racing, cpuModule), ...(options.webgpu ? contestants("webgpu", racing, cpuModule) : [])]);
  note({ machine, chromium, cpuModule, packages });
  console.log(`${MACHINE}, ${chromium}, Node ${machine.node}`);
  console.log(Object.entries(packages).map(([name, version]) => `${name} ${version}`).join(", "));
  console.log(`Signet's module on the CPU, as its page would choose here: ${cpuModule}`);
  if (load > IDLE_LOAD) console.log(`The machine is busy (load ${load.toFixed(1)}): only ratios count.`);
  return cpuModule;
}

const server = await serveProject({ isIsolated: false });
const isolated = await serveProject({ isIsolated: true });

/** @template T @param {boolean} softwareGpu @param {(place: Place) => Promise<T>} body @param {TestServer} [from] */
async function inBrowser(softwareGpu, body, { origin } = server) {
  const browser = await launch({ softwareGpu });
  try {
    return await body({ browser, origin, files });
  } finally {
    await browser.close();
  }
}

try {
  const cpuModule = await inBrowser(false, introduce);
  if (options["no-cpu"]) note({ cpu: NOT_ASKED });
  else {
    await inBrowser(false, (place) => measureCpu(place, cpuModule));
    console.log(`\nCPU, ${THREADS} threads, and one of Signet's`);
    await inBrowser(false, (place) => measure(place, contestants("cpu", racing, cpuModule, THREADS), "cpu", "threads"), isolated);
    await inBrowser(false, measureRest);
  }
  if (!options.webgpu) note({ webgpu: NOT_ASKED });
  else {
    console.log("\nWebGPU, Chromium's software adapter: it proves the answers, and is a weak proxy for speed");
    await inBrowser(true, (place) => measure(place, contestants("webgpu", racing, cpuModule), "webgpu"));
  }
  console.log("\nAll numbers are in target/bench/speed.json.");
} finally {
  await server.stop();
  await isolated.stop();
}
