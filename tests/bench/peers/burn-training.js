// The same step out of burn's own layers: `burn/lib.rs`, which scripts/bench.sh builds.

/** @typedef {import("./protocol.js").EngineFile} EngineFile */

/** @typedef {{ default(): Promise<unknown>, Training: new () => { step(rgba: Uint8Array): number } }} Module */

/** As a variable: it is there only once it has been built, and not for the type checker. */
const MODULE = "/target/bench/burn/signet_bench_burn.js";

/** @type {EngineFile["load"]} */
export async function load() {
  /** @type {Module} */
  const { default: start, Training } = await import(MODULE);
  await start();
  const training = new Training();
  return {
    async run(rgba) {
      const loss = training.step(rgba);
      if (!Number.isFinite(loss)) throw new Error(`the loss is ${loss}`);
      return [];
    },
  };
}
