// A person's hands, taught on the page: what `scripts/bench.sh person` prints.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { argv } from "node:process";
import { MODEL_PATH, ROOT, WWW } from "../e2e/server.js";
import { DIGITS, TeachTab } from "../e2e/teach.js";
import { session } from "./session.js";
import { MACHINE, liveTable } from "./table.js";

const HANDS = join(ROOT, "../shared/data/hands");
const SIGNET = join(ROOT, "target/release/signet");
/** Sources of one to three people, whom no training saw before the shipped weights' last one. */
const PEOPLE = ["ambrosini", "lionel", "lionel-wide"];
/** As many photos of each class are taught, or half of them where there are fewer. */
const TAUGHT = 10;
/** The most photos that are read afterwards, of each class. */
const READ = 30;
const LIMIT_MS = 600_000;

if (!existsSync(HANDS)) throw new Error("the photos of ../shared/data/hands are not here");

/** The photos of a source by label, without a sign under `none`, in an order that depends on nothing but their names. @param {string} source */
function photosOf(source) {
  /** @type {Map<string, string[]>} */
  const byLabel = new Map();
  for (const line of readFileSync(join(HANDS, "index.tsv"), "utf8").trim().split("\n").slice(1)) {
    const [file = "", of, label = ""] = line.split("\t");
    if (of === source) byLabel.set(label, [...(byLabel.get(label) ?? []), join(HANDS, file)]);
  }
  return byLabel;
}

/** Photos of a burst follow one another by name: spread evenly, the taught ones are of all bursts. @param {string[]} files */
function split(files) {
  const count = Math.min(TAUGHT, Math.floor(files.length / 2));
  const taught = Array.from({ length: count }, (_, index) => files[Math.floor((index * files.length) / count)] ?? "");
  return { taught, rest: files.filter((file) => !taught.includes(file)).slice(0, READ) };
}

/** The share that is answered right. @param {string} weights @param {{ file: string, label: string }[]} photos @param {string[]} flags */
function accuracy(weights, photos, ...flags) {
  const said = execFileSync(SIGNET, ["predict", "--json", ...flags, "--weights", weights, ...photos.map(({ file }) => file)], { maxBuffer: 2 ** 26 });
  /** @type {{ label: string }[]} */
  const answers = JSON.parse(said.toString());
  return answers.filter(({ label }, index) => label === photos[index]?.label).length / photos.length;
}

/** @param {number} share */
const percent = (share) => (100 * share).toFixed(1);

console.log(`${MACHINE}, CPU backend, ${TAUGHT} photos of each class taught to the head with the page's defaults, localized`);
const row = liveTable("source", "taught", "read", "before, %", "after, %", "after, forced, %");
const asked = argv.slice(2);
for (const source of PEOPLE.filter((each) => asked.length === 0 || asked.includes(each))) {
  const photos = photosOf(source);
  const parts = DIGITS.map((label) => ({ label, ...split(photos.get(label) ?? []) }));
  const taught = parts.reduce((sum, part) => sum + part.taught.length, 0);
  const rest = parts.flatMap(({ label, rest: files }) => files.map((file) => ({ file, label })));
  await session({}, async ({ signet }) => {
    const tab = await TeachTab.open(signet);
    for (const part of parts) {
      if (part.taught.length === 0) continue;
      await tab.give(tab.within(part.label, "class-upload-input"), part.taught);
      await signet.until(`samples of ${part.label}`, async () => (await tab.count(part.label)) === part.taught.length, LIMIT_MS);
    }
    await tab.start();
    await tab.reaches("done", LIMIT_MS);
    const weights = join(ROOT, "target/bench", `${source}.safetensors`);
    mkdirSync(dirname(weights), { recursive: true });
    rmSync(weights, { force: true });
    renameSync(await tab.downloaded(() => tab.click("export-model")), weights);
    row(source, String(taught), String(rest.length), percent(accuracy(join(WWW, MODEL_PATH), rest, "--localise")),
      percent(accuracy(weights, rest, "--localise")), percent(accuracy(weights, rest, "--localise", "--threshold", "0")));
  });
}
