// Signet beside other engines in one browser: what `scripts/bench.sh speed` prints.
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { launch } from "../e2e/browser.js";
import { MANIFEST } from "../e2e/server.js";
import { Arena, TOLERANCES, compare, firstAnswers, interleave, serveProject } from "./arena.js";
import { PEERS, contestants, versions } from "./engines.js";
import { nativeRuns } from "./native.js";
import { FOLDER, prepare } from "./prepare.js";
import { moduleSize } from "./sizes.js";
import { columns, megabytes, range, sectionTable } from "./table.js";
import { visits } from "./visit.js";
import { RELAXED_SIMD_MODULE } from "../../www/recognizer/support.js";

/** @typedef {import("./arena.js").Plan} Plan */
/** @typedef {import("./engines.js").Contestant} Contestant */
/** @typedef {import("./peers/protocol.js").Device} Device */
/** @typedef {import("./sizes.js").Size} Size */
/** @typedef {import("./statistics.js").Summary} Summary */

/**
 * One engine's row.
 * @typedef {object} Row
 * @property {string} name
 * @property {import("./engines.js").Arithmetic} arithmetic
 * @property {string} setup
 * @property {Summary} batch1 milliseconds a run
 * @property {Summary} batch8 milliseconds a run of eight
 * @property {Summary} load from nothing to ready, weights fetched from this machine
 * @property {Summary} first the first answer after that
 * @property {Size} module
 */

/** @typedef {{ adapter?: string, largestDifference: Record<string, number>, tolerances: Record<string, number>, measure: string, plans: Plan[], engines: Row[] }} Section */

const { values: options } = parseArgs({ options: {
  webgpu: { type: "boolean", default: false },
  "no-cpu": { type: "boolean", default: false },
  rounds: { type: "string" },
  peers: { type: "string", default: PEERS.join(",") },
} });
const peers = options.peers.split(",").filter(Boolean);
const unknown = peers.find((peer) => !PEERS.includes(peer));
if (unknown) throw new Error(`${unknown} is no peer: ${PEERS.join(", ")}`);
if (options.rounds !== undefined && !/^[1-9]\d*$/.test(options.rounds)) throw new Error(`--rounds ${options.rounds} is no number`);

/** V8 compiles what is hot a second time, within the first thirty runs or so. */
const WARM_UP = 40;
/** @type {Record<Device, { batch1: Omit<Plan, "count">, batch8: Omit<Plan, "count">, fresh: number, singly: number }>} */
const PLANS = {
  cpu: { batch1: { warmUp: WARM_UP, rounds: 15, runs: 8 }, batch8: { warmUp: WARM_UP, rounds: 15, runs: 2 }, fresh: 3, singly: 8 },
  // Seconds a run on a software adapter, which nothing makes faster: shaders are compiled in the first one.
  webgpu: { batch1: { warmUp: 1, rounds: 3, runs: 1 }, batch8: { warmUp: 0, rounds: 1, runs: 1 }, fresh: 1, singly: 1 },
};
/** What both have in common. @type {Omit<Contestant, "name" | "file" | "setup">} */
const TRAINED = { family: "signet", device: "cpu", arithmetic: "float32", packages: [], module: [] };
/** Signet's first. @type {Contestant[]} */
const TRAININGS = [
  { ...TRAINED, name: "signet", file: "signet-training", setup: "signet_cpu_learn, batch norm folded" },
  { ...TRAINED, name: "burn's own layers", file: "burn-training", setup: "burn on Flex, batch norm behind each convolution" },
];
const TRAINING_PLAN = { count: 8, warmUp: 3, rounds: 5, runs: 1 };
const VISITS = 3;
const NOT_ASKED = { skipped: "not asked for" };
/** Of a machine with nothing else to do, this script apart. */
const IDLE_LOAD = 0.5;

const loadBefore = Number(loadavg()[0]);
const { files, model } = prepare();
const largest = Math.max(...model.reference.logits);
const powers = model.reference.logits.map((logit) => Math.exp(logit - largest));
const known = powers.map((power) => power / powers.reduce((sum, each) => sum + each, 0));

/**
 * @param {import("puppeteer-core").Browser} browser
 * @param {string} origin
 * @param {Contestant[]} chosen
 * @param {Device} device
 * @returns {Promise<Section>}
 */
async function measure(browser, origin, chosen, device) {
  const { batch1, batch8, fresh, singly } = PLANS[device];
  const rounds = options.rounds === undefined ? {} : { rounds: Number(options.rounds) };
  const plans = [{ count: 1, ...batch1, ...rounds }, { count: 8, ...batch8, ...rounds }];
  // Compressing keeps every core busy, so it ends before anything is timed.
  /** @type {Size[]} */
  const modules = [];
  for (const { module } of chosen) modules.push(await moduleSize(module));
  const arena = await Arena.open(browser, origin, files);
  try {
    for (const contestant of chosen) await arena.load(contestant);
    const adapter = device === "webgpu" ? { adapter: await arena.adapter() } : {};
    const { differences, agree, measure: peer } = await compare(arena, chosen, { singly, known });
    const told = Object.entries(differences).map(([name, difference]) => `${name} ${difference.toExponential(1)}`).join(", ");
    console.log(`largest difference of a probability from ${peer}'s, of at most ${TOLERANCES.float32} in float32 and ` +
      `${TOLERANCES.integer} in integers: ${told}`);
    if (!agree) throw new Error("the engines do not agree, so their times mean nothing");
    /** @type {Record<string, Summary>[]} */
    const times = [];
    for (const plan of plans) times.push(await interleave(arena, chosen, plan));
    const firsts = await firstAnswers(browser, origin, files, chosen, fresh);
    const engines = chosen.map(({ name, arithmetic, setup }, index) => {
      const [one, eight] = times.map((summaries) => summaries[name]);
      const found = firsts[name];
      const module = modules[index];
      if (!one || !eight || !found || !module) throw new Error(`${name} was not measured`);
      return { name, arithmetic, setup, batch1: one, batch8: eight, load: found.load, first: found.first, module };
    });
    return { ...adapter, largestDifference: differences, tolerances: TOLERANCES, measure: peer, plans, engines };
  } finally {
    await arena.close();
  }
}

/** @param {import("puppeteer-core").Browser} browser @param {string} origin */
async function trainingSteps(browser, origin) {
  const arena = await Arena.open(browser, origin, files);
  try {
    for (const training of TRAININGS) await arena.load(training);
    return await interleave(arena, TRAININGS, TRAINING_PLAN);
  } finally {
    await arena.close();
  }
}

/** Whatever has been measured when something fails is worth keeping. @type {Record<string, unknown>} */
const result = { date: new Date().toISOString(), weights: MANIFEST };
function note(/** @type {Record<string, unknown>} */ found) {
  Object.assign(result, found);
  writeFileSync(`${FOLDER}/speed.json`, `${JSON.stringify(result, null, 2)}\n`);
}

/** @param {string} origin @param {string} cpuModule */
async function measureCpu(origin, cpuModule) {
  const browser = await launch();
  try {
    const chosen = contestants("cpu", peers, cpuModule);
    console.log("\nCPU, one thread");
    const cpu = await measure(browser, origin, chosen, "cpu");
    note({ cpu });
    console.log(`\n${sectionTable(cpu)}\nratio: the engine's time in Signet's; above 1 Signet is faster. ` +
      `Weights: ${megabytes(MANIFEST.bytes)} MB (Signet, int8); float32 for the peers.\n` +
      "The peers compute in float32, signet cpu in integers: signet float32 is the row that compares like with like.");

    const steps = await trainingSteps(browser, origin);
    note({ trainingStep: { plan: TRAINING_PLAN, setups: TRAININGS.map(({ name, setup }) => ({ name, setup })), ms: steps } });
    const own = Object.values(steps)[0]?.median ?? NaN;
    console.log(`\n${columns([
      ["training step of the whole network, 8 squares, CPU", "ms", "ratio"],
      ...Object.entries(steps).map(([name, step]) => [name, range(step), (step.median / own).toFixed(2)]),
    ])}`);

    const page = await visits(browser, VISITS);
    note({ page });
    console.log(`\n${columns([
      ["the page, CPU backend", "ready, ms", "first prediction, ms", "over the network, MB"],
      ...Object.entries(page).map(([cache, { ready, prediction, bytes }]) =>
        [`${cache} cache`, range(ready), range(prediction), megabytes(bytes)]),
    ])}\nfrom the navigation; the server does not compress; the prediction looks for the hand in the whole picture`);
  } finally {
    await browser.close();
  }
}

function measureNatively() {
  const native = nativeRuns();
  note({ native });
  for (const [name, run] of Object.entries(native)) {
    console.log(`native ${name}: ${"skipped" in run ? `skipped, ${run.skipped}` : JSON.stringify(run.result)}`);
  }
}

/** @param {string} origin @param {string} cpuModule */
async function measureGpu(origin, cpuModule) {
  const browser = await launch({ softwareGpu: true });
  try {
    console.log("\nWebGPU, Chromium's software adapter: it proves the answers, and is a weak proxy for speed");
    const webgpu = await measure(browser, origin, contestants("webgpu", peers, cpuModule), "webgpu");
    note({ webgpu });
    console.log(`adapter: ${webgpu.adapter}\n\n${sectionTable(webgpu)}`);
  } finally {
    await browser.close();
  }
}

/** Tells what it runs on. @returns {Promise<string>} Signet's module that the browser takes on the CPU, as www/recognizer/module.js chooses */
async function introduce() {
  const browser = await launch();
  const chromium = await browser.version();
  const page = await browser.newPage();
  const isRelaxed = await page.evaluate((bytes) => WebAssembly.validate(new Uint8Array(bytes)), [...RELAXED_SIMD_MODULE]);
  await browser.close();
  const cpuModule = isRelaxed ? "signet_cpu_relaxed" : "signet_cpu";
  const machine = { cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length, load: loadBefore, node: process.version };
  const packages = versions([...contestants("cpu", peers, cpuModule), ...(options.webgpu ? contestants("webgpu", peers, cpuModule) : [])]);
  note({ machine, chromium, cpuModule, packages });
  console.log(`${machine.cores} x ${machine.cpu}, ${chromium}, Node ${machine.node}`);
  console.log(Object.entries(packages).map(([name, version]) => `${name} ${version}`).join(", "));
  console.log(`Signet's module on the CPU, as its page would choose here: ${cpuModule}`);
  if (loadBefore > IDLE_LOAD) console.log(`The machine is busy (load ${loadBefore.toFixed(1)}): only ratios count.`);
  return cpuModule;
}

const cpuModule = await introduce();
const server = await serveProject();
try {
  if (options["no-cpu"]) {
    note({ cpu: NOT_ASKED });
  } else {
    await measureCpu(server.origin, cpuModule);
    measureNatively();
  }
  if (options.webgpu) await measureGpu(server.origin, cpuModule);
  else note({ webgpu: NOT_ASKED });
  console.log("\nAll numbers are in target/bench/speed.json.");
} finally {
  server.stop();
}
