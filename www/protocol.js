// What the page and its workers say to each other: messages, error codes, types.
// Everything may import this file, and it imports nothing.

/** @typedef {"cpu" | "webgpu"} Backend */

/**
 * A picture on its way to the module. `pixels` are RGBA bytes, row by row; `file` is an encoded picture
 * as it lies on disk. Either way the module alone crops and scales.
 * @typedef {{ kind: "pixels", bytes: Uint8Array<ArrayBuffer>, width: number, height: number }} PixelPicture
 * @typedef {{ kind: "file", bytes: Uint8Array<ArrayBuffer> }} FilePicture
 * @typedef {PixelPicture | FilePicture} Picture
 */

/** A part of a picture: a square by its upper left corner and its side, in pixels of the picture. @typedef {{ left: number, top: number, side: number }} Square */

/**
 * Where in a picture the model looks: at its central square; at a given one; wherever the hand is, for some twenty
 * times the work; or where the hand was in the video's last frame, of which a new video's first frame is `fresh`.
 * A file is looked at in its centre or anywhere. A model without a finder looks at the centre, whatever it is asked.
 * @typedef {{ at: "centre" } | { at: "square", square: Square } | { at: "anywhere" } | { at: "trail", fresh: boolean }} Look
 */

/**
 * @typedef {object} Prediction
 * @property {string} label
 * @property {number} probability
 * @property {number[]} probabilities in the order of the model's labels
 * @property {number} [sign] how probable it is that there is a sign at all; only from a model with a finder
 * @property {Square} [square] the part of the picture that the answer is about; likewise
 * @property {Uint8Array<ArrayBuffer>} view the 64x64 RGBA picture that the model saw
 * @property {number} width of the source picture
 * @property {number} height of the source picture
 * @property {number} latencyMs measured in the worker, around the call
 * @property {Uint8Array<ArrayBuffer>} [pixels] the picture's bytes, where they were asked back
 */

/** @typedef {{ view: Uint8Array<ArrayBuffer>, width: number, height: number }} SquareView  as in a Prediction */
/** @typedef {{ labels: string[], hasFinder: boolean }} LoadedModel  what `load` answers */

/**
 * What a worker is asked. A worker answers its requests one at a time, in the order of their arrival. It holds
 * any number of models, each in a slot of its own.
 * @typedef {{ kind: "init", backend: Backend }} InitRequest
 * @typedef {{ kind: "load", slot: string, source: Uint8Array<ArrayBuffer> | Blob, sha256?: string }} LoadRequest
 * @typedef {{ kind: "unload", slot: string }} UnloadRequest
 * @typedef {{ kind: "self-check", slot: string }} SelfCheckRequest
 * @typedef {{ kind: "classify", slot: string, picture: Picture, look?: Look, giveBack?: boolean }} ClassifyRequest
 * @typedef {{ kind: "score", slot: string, pixels: Uint8Array<ArrayBuffer> }} ScoreRequest  pixels: squares, one after another
 * @typedef {{ kind: "square", picture: Picture }} SquareRequest
 * @typedef {InitRequest | LoadRequest | UnloadRequest | SelfCheckRequest | ClassifyRequest | ScoreRequest
 *   | SquareRequest} RequestBody
 * @typedef {RequestBody & { id: number }} WorkerRequest
 */

/**
 * What a worker answers. `crash` has no id: the module is dead, and with it every open request. `pulse` neither: it
 * names the lock that the worker holds as long as it lives.
 * @typedef {{ id: number, ok: true, value: unknown }} Success
 * @typedef {{ id: number, ok: false, error: { code: ErrorCode, message: string } }} Failure
 * @typedef {{ crash: string }} Crash
 * @typedef {{ pulse: string }} Pulse
 * @typedef {Success | Failure | Crash | Pulse} WorkerAnswer
 */

/** @typedef {import("./pkg.d.ts").EpochRecord} EpochRecord */
/** @typedef {{ checkpoint: Blob, best: Blob | null }} SavedTraining  `best`: the weights of the best epoch so far */

/**
 * What a training's worker is asked: to start, once, and to stop.
 * @typedef {object} TrainStart
 * @property {"start"} kind
 * @property {Backend} backend
 * @property {Uint8Array<ArrayBuffer> | Blob} weights to start from
 * @property {import("./teach/split.js").TeachingSet} set
 * @property {import("./teach/settings.js").Settings} settings
 * @property {SavedTraining | null} resume goes on there, rather than from `weights`
 *
 * @typedef {TrainStart | { kind: "stop" }} TrainRequest
 */

/**
 * What a training's worker tells. `stopping`: the step under way has ended. `crash`: the module is dead. After a
 * failure `saved` is later than the last that was told by itself. `pulse`: as above.
 * @typedef {{ kind: "finished", outcome: "done" | "stopped" | "failed", weights: Blob | null,
 *   history: EpochRecord[], error?: { code: ErrorCode, message: string }, saved?: SavedTraining | null }} TrainFinished
 * @typedef {{ kind: "started", history: EpochRecord[] }
 *   | { kind: "event", event: import("./pkg.d.ts").TrainEvent, secondsLeft: number | null }
 *   | ({ kind: "saved" } & SavedTraining)
 *   | { kind: "stopping" }
 *   | TrainFinished
 *   | { kind: "crash", message: string, saved?: SavedTraining | null }
 *   | { kind: "pulse", pulse: string }} TrainAnswer
 */

export const ERROR_CODES = /** @type {const} */ ([
  // the wasm module's own
  "weights-hash", "weights-format", "weights-missing-tensor", "weights-unknown-tensor", "weights-shape",
  "weights-values", "picture-empty", "picture-size", "picture-format", "picture-broken", "picture-too-large",
  "self-check", "device",
  // fetching the module, the model and a table of messages
  "module-missing", "module-network", "module-broken",
  "model-missing", "model-network", "model-truncated", "model-manifest", "language-network",
  // the worker around the module
  "worker-crashed", "worker-timeout",
  // what the browser lacks
  "wasm-missing", "wasm-simd", "gpu-missing", "gpu-adapter", "gpu-feature", "gpu-disagrees",
  // ways in
  "camera-denied", "camera-none", "camera-busy", "camera-insecure", "camera-unsupported", "camera-lost", "camera-silent",
  "paste-empty", "drop-empty", "file-unreadable", "folder-empty",
  // training
  "setting", "not-finite", "training-interrupted",
  // a project, where it is kept, and its file
  "label-empty", "label-taken", "label-long", "classes-full", "samples-full",
  "storage-unavailable", "storage-full", "storage-newer", "storage-blocked",
  "project-format", "project-truncated", "project-damaged",
  "unexpected",
]);

/** @typedef {typeof ERROR_CODES[number]} ErrorCode */

/** A failure with a stable code. The sentence that a person reads is in the tables of www/languages, the message is the detail. */
export class SignetError extends Error {
  /**
   * @param {ErrorCode} code
   * @param {string} message
   * @param {unknown} [cause]
   */
  constructor(code, message, cause) {
    super(message, { cause });
    this.name = "SignetError";
    this.code = code;
  }
}

/** A value of any kind in words; some have none of their own. @param {unknown} value */
export function textOf(value) {
  try {
    return String(value);
  } catch {
    return typeof value;
  }
}

/**
 * Any thrown thing as a SignetError: known codes are kept, everything else is `unexpected`.
 * @param {unknown} thrown
 * @returns {SignetError}
 */
export function asSignetError(thrown) {
  if (thrown instanceof SignetError) return thrown;
  const { code, message } = /** @type {{ code?: unknown, message?: unknown }} */ (Object(thrown));
  const known = ERROR_CODES.find((candidate) => candidate === code);
  return new SignetError(known ?? "unexpected", typeof message === "string" ? message : textOf(thrown), thrown);
}
