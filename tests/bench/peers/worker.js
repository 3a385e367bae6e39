// Runs one engine, and times it where it runs.

/** @typedef {import("./protocol.js").Answer} Answer */
/** @typedef {import("./protocol.js").Engine} Engine */
/** @typedef {import("./protocol.js").EngineFile} EngineFile */
/** @typedef {import("./protocol.js").Order} Order */

const SQUARE_BYTES = 64 * 64 * 4;

/** @type {Engine | undefined} */
let engine;
let squares = new Uint8Array();

/** @param {Order} order @returns {Promise<Answer>} */
async function perform(order) {
  if (order.kind === "load") {
    const { file, device, threads, files } = order;
    squares = new Uint8Array(await (await fetch(files.squares)).arrayBuffer());
    const start = performance.now();
    /** @type {EngineFile} */
    const opened = await import(`./${file}.js`);
    engine = await opened.load(device, files, squares, threads);
    return { ms: [performance.now() - start], probabilities: [] };
  }
  if (!engine) throw new Error("the engine was asked before it was loaded");
  const { first, count, runs } = order;
  const total = squares.length / SQUARE_BYTES;
  const ms = [];
  /** @type {ArrayLike<number>} */
  let probabilities = [];
  for (let run = 0; run < runs; run += 1) {
    const from = ((first + run) % (total - count + 1)) * SQUARE_BYTES;
    const rgba = squares.subarray(from, from + count * SQUARE_BYTES);
    const start = performance.now();
    probabilities = await engine.run(rgba, count);
    ms.push(performance.now() - start);
  }
  return { ms, probabilities: Array.from(probabilities) };
}

addEventListener("message", async (/** @type {MessageEvent<Order>} */ { data }) => {
  try {
    postMessage({ answer: await perform(data) });
  } catch (thrown) {
    postMessage({ error: thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown) });
  }
});
