// Fine-tuning on the page: what `scripts/bench.sh teach` prints.
import { argv } from "node:process";
import { session } from "./session.js";
import { MACHINE, liveTable, megabytes } from "./table.js";
import { SAMPLES, openWithSamples, train } from "./teaching.js";

/** @typedef {"head" | "stage" | "all"} Scope */

/** @type {Scope[]} */
const SCOPES = ["head", "stage", "all"];
const unknown = argv.slice(2).find((asked) => !SCOPES.some((scope) => scope === asked));
if (unknown) throw new Error(`${unknown} is no scope: ${SCOPES.join(", ")}`);

console.log(`${MACHINE}, CPU backend, ${SAMPLES}, the page's defaults`);
const row = liveTable("scope", "epochs", "seconds", "training loss", "accuracy, %", "page at most, MB");
for (const scope of SCOPES.filter((each) => argv.length <= 2 || argv.includes(each))) {
  await session({}, async ({ signet, watch }) => {
    const tab = await openWithSamples(signet);
    await tab.set({ scope });
    watch.takePeak();
    const { seconds, loss, accuracy, epochs } = await train(tab);
    row(scope, epochs, seconds.toFixed(1), loss.toFixed(4), (100 * accuracy).toFixed(1), megabytes(watch.takePeak(), 0));
  });
}
