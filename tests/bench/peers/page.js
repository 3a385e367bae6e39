// The page around the engines: a worker for each, asked one at a time.

/** @typedef {import("./protocol.js").Answer} Answer */
/** @typedef {import("./protocol.js").Order} Order */

/** @type {Map<string, Worker>} */
const workers = new Map();

/**
 * Puppeteer waits three minutes for a call's end, and a run on a software adapter can take longer: the answer comes by
 * a call of its own, of a function that the benchmark put here.
 * @param {string} name
 * @param {Order} order
 */
function ask(name, order) {
  const { answered } = /** @type {{ answered(answer: Answer | null, error: string): void }} */ (/** @type {unknown} */ (globalThis));
  const worker = workers.get(name) ?? new Worker(new URL("worker.js", import.meta.url), { type: "module", name });
  workers.set(name, worker);
  worker.onmessage = ({ data }) => answered(data.answer ?? null, data.error ?? "");
  worker.onerror = ({ message }) => answered(null, message);
  worker.postMessage(order);
}

Object.assign(globalThis, { ask });
