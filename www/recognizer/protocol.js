// What the page and its workers that classify or inspect say to each other.

import { INPUT_SIDE } from "./contract.js";

/** @import { ErrorCode } from "./errors.js" */

/** Inputs of the network are RGBA. */
export const INPUT_BYTES = 4 * INPUT_SIDE * INPUT_SIDE;

/** @typedef {"cpu" | "webgpu"} Backend */

/**
 * A picture on its way to the module. `pixels` are RGBA bytes, row by row; `file` is an encoded picture
 * as it lies on disk. Either way the module alone crops and scales.
 * @typedef {{ kind: "pixels", bytes: Uint8Array<ArrayBuffer>, width: number, height: number }} PixelPicture
 * @typedef {{ kind: "file", file: Blob }} FilePicture
 * @typedef {PixelPicture | FilePicture} Picture
 */

/** @typedef {import("../pkg/signet_cpu.js").Crop} Crop */
/** @typedef {import("../pkg/signet_cpu.js").CropRequest} CropRequest */
/** @typedef {import("../pkg/signet_cpu.js").Input} Input */
/** @typedef {import("../pkg/signet_cpu.js").InputAnswer} InputAnswer */

/**
 * The module's answer, with the picture's bytes (`pixels`) where they were asked back.
 * @typedef {import("../pkg/signet_cpu.js").Prediction & { pixels?: Uint8Array<ArrayBuffer> }} Prediction
 */

/** @typedef {{ labels: string[], hasDetector: boolean }} LoadedModel  what `load` answers */

/**
 * What a worker is asked. A worker answers its requests one at a time, in the order of their arrival. It holds
 * any number of models, each in a slot of its own. `score` has inputs, one after another. With `threads` the module is to
 * be the one whose memory helpers can share: `share` answers with what a helper starts it with, or fails with what has kept
 * it from being that one; `threads` says how many compute; `dismiss` has the helpers leave it. `call` is asked of the
 * workers in inside/ and interop/ alone: a method of what their module exports, and what that is given.
 * @typedef {{ kind: "init", backend: Backend, threads?: boolean }
 *   | { kind: "share" }
 *   | { kind: "threads", count: number }
 *   | { kind: "dismiss" }
 *   | { kind: "load", slot: string, source: Uint8Array<ArrayBuffer> | Blob }
 *   | { kind: "unload", slot: string }
 *   | { kind: "self-check", slot: string }
 *   | { kind: "classify", slot: string, picture: Picture, crop?: CropRequest, recycle?: boolean }
 *   | { kind: "score", slot: string, pixels: Uint8Array<ArrayBuffer> }
 *   | { kind: "input", picture: Picture }
 *   | { kind: "call", method: string, given: unknown[] }} RequestBody
 * @typedef {RequestBody & { id: number }} WorkerRequest
 */

/**
 * What a worker answers, and whether its memory has grown far beyond what its models need, which only another worker
 * changes. `crash` has no id: the module is dead, and with it every open request. `liveness` has none
 * either: it names the lock that the worker holds as long as it lives.
 * @typedef {{ id: number, ok: true, value: unknown, oversized?: boolean }} Success
 * @typedef {{ id: number, ok: false, error: { code: ErrorCode, message: string }, oversized?: boolean }} Failure
 * @typedef {{ crash: string }} Crash
 * @typedef {{ liveness: string }} Liveness
 * @typedef {Success | Failure | Crash | Liveness} WorkerAnswer
 */
