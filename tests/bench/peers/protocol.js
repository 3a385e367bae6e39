// What the page, the worker and the engines of this folder say to one another.

/** @typedef {import("../prepare.js").Files} Files */
/** @typedef {"cpu" | "webgpu"} Device */

/**
 * @typedef {object} Engine
 * @property {(rgba: Uint8Array, count: number) => Promise<ArrayLike<number>>} run squares to probabilities, a row each
 */

/**
 * What each file of an engine exports.
 * @typedef {object} EngineFile
 * @property {(device: Device, files: Files, squares: Uint8Array, threads: number) => Promise<Engine>} load
 */

/**
 * @typedef {{ kind: "load", file: string, device: Device, threads: number, files: Files } |
 *           { kind: "run", first: number, count: number, runs: number }} Order
 */

/** @typedef {{ ms: number[], probabilities: number[] }} Answer `probabilities` are those of the last run */
export {};
