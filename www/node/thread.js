// A worker's script in a thread of Node.js, which knows no workers of the web: what the scripts of the page use of one.
import { readFile } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";

const port = /** @type {import("node:worker_threads").MessagePort} */ (parentPort);
const fetchOfNode = fetch;

/** The pixels of a picture, as a browser's `ImageData` has them. */
class Pixels {
  /** @param {Uint8ClampedArray} data @param {number} width @param {number} [height] */
  constructor(data, width, height = data.length / 4 / width) {
    Object.assign(this, { data, width, height });
  }
}

Object.assign(globalThis, {
  self: globalThis,
  ImageData: Pixels,
  /** @param {unknown} message @param {{ transfer?: import("node:worker_threads").TransferListItem[] }} [options] */
  postMessage: (message, { transfer = [] } = {}) => port.postMessage(message, transfer),
  /** @param {string} type @param {(event: object) => void} listener */
  addEventListener(type, listener) {
    if (type === "message") port.on("message", (data) => listener({ data }));
    if (type === "unhandledrejection") process.on("unhandledRejection", (reason) => listener({ reason, preventDefault() {} }));
  },
  /** Node.js fetches no files. @param {string | URL | Request} address @param {RequestInit} [options] */
  async fetch(address, options) {
    const url = new URL(address instanceof Request ? address.url : address);
    if (url.protocol !== "file:") return fetchOfNode(address, options);
    const bytes = await readFile(url).catch(() => null);
    return bytes ? new Response(bytes, { headers: { "content-type": "application/wasm" } }) : new Response(null, { status: 404 });
  },
});

await import(workerData);
