// What the page and its workers that classify say to each other.

/** @import { ErrorCode } from "./errors.js" */

/** The network reads inputs of 64x64 pixels, RGBA. */
export const INPUT_SIDE = 64;
export const INPUT_BYTES = 4 * INPUT_SIDE * INPUT_SIDE;

/** @typedef {"cpu" | "webgpu"} Backend */

/**
 * A picture on its way to the module. `pixels` are RGBA bytes, row by row; `file` is an encoded picture
 * as it lies on disk. Either way the module alone crops and scales.
 * @typedef {{ kind: "pixels", bytes: Uint8Array<ArrayBuffer>, width: number, height: number }} PixelPicture
 * @typedef {{ kind: "file", bytes: Uint8Array<ArrayBuffer> }} FilePicture
 * @typedef {PixelPicture | FilePicture} Picture
 */

/** A square part of a picture: its upper left corner and its side, in pixels of the picture. @typedef {{ left: number, top: number, side: number }} Crop */

/**
 * Which crop of a picture is classified: the central one; a given box; the one around the hand, for some twenty
 * times the work; or where the hand was in the video's last frame, of which a new video's first frame is `fresh`.
 * Of a file only `center` and `anywhere`. A model without a detector always classifies the central crop.
 * @typedef {{ at: "center" } | { at: "box", box: Crop } | { at: "anywhere" } | { at: "track", fresh: boolean }} CropRequest
 */

/**
 * @typedef {object} Prediction
 * @property {string} label
 * @property {number} probability
 * @property {number[]} probabilities in the order of the model's labels
 * @property {number} [presence] how probable it is that there is a sign at all; only from a model with a detector
 * @property {Crop} [crop] the part of the picture that the answer is about; likewise
 * @property {Uint8Array<ArrayBuffer>} input the 64x64 RGBA picture that the model saw
 * @property {number} width of the source picture
 * @property {number} height of the source picture
 * @property {number} latencyMs measured in the worker, around the call
 * @property {Uint8Array<ArrayBuffer>} [pixels] the picture's bytes, where they were asked back
 */

/** @typedef {{ input: Uint8Array<ArrayBuffer>, width: number, height: number }} Input  as in a Prediction */
/** @typedef {{ labels: string[], hasDetector: boolean }} LoadedModel  what `load` answers */

/**
 * What a worker is asked. A worker answers its requests one at a time, in the order of their arrival. It holds
 * any number of models, each in a slot of its own.
 * @typedef {{ kind: "init", backend: Backend }} InitRequest
 * @typedef {{ kind: "load", slot: string, source: Uint8Array<ArrayBuffer> | Blob }} LoadRequest
 * @typedef {{ kind: "unload", slot: string }} UnloadRequest
 * @typedef {{ kind: "self-check", slot: string }} SelfCheckRequest
 * @typedef {{ kind: "classify", slot: string, picture: Picture, crop?: CropRequest, recycle?: boolean }} ClassifyRequest
 * @typedef {{ kind: "score", slot: string, pixels: Uint8Array<ArrayBuffer> }} ScoreRequest  pixels: inputs, one after another
 * @typedef {{ kind: "input", picture: Picture }} InputRequest
 * @typedef {InitRequest | LoadRequest | UnloadRequest | SelfCheckRequest | ClassifyRequest | ScoreRequest
 *   | InputRequest} RequestBody
 * @typedef {RequestBody & { id: number }} WorkerRequest
 */

/**
 * What a worker answers. `crash` has no id: the module is dead, and with it every open request. `liveness` has none
 * either: it names the lock that the worker holds as long as it lives.
 * @typedef {{ id: number, ok: true, value: unknown }} Success
 * @typedef {{ id: number, ok: false, error: { code: ErrorCode, message: string } }} Failure
 * @typedef {{ crash: string }} Crash
 * @typedef {{ liveness: string }} Liveness
 * @typedef {Success | Failure | Crash | Liveness} WorkerAnswer
 */
