// What stands in for workers, and what tests of trainings and of projects begin with.

import { sha256 } from "../../www/recognizer/sha256.js";
import { Project } from "../../www/teach/project.js";

/** @typedef {import("../../www/recognizer/errors.js").ErrorCode} ErrorCode */

/** @typedef {{ value?: unknown, error?: { code: ErrorCode, message: string }, crash?: string, silent?: true }} Reply */
/** @typedef {(request: any, worker: WorkerStandIn) => Reply | Promise<Reply>} Respond */

/** A worker that answers as it is told, one request after another, in this thread. */
export class WorkerStandIn {
  /** @type {any[]} */
  requests = [];
  terminated = false;
  /** @type {((event: MessageEvent) => void) | null} */
  onmessage = null;
  /** @type {((event: ErrorEvent) => void) | null} */
  onerror = null;
  /** @type {((event: MessageEvent) => void) | null} */
  onmessageerror = null;
  #respond;
  #queue = Promise.resolve();

  /** @param {Respond} respond */
  constructor(respond) {
    this.#respond = respond;
  }

  /** @param {any} message @param {any[]} transfer */
  postMessage(message, transfer) {
    const request = structuredClone(message, { transfer });
    this.requests.push(request);
    this.#queue = this.#queue.then(async () => {
      const { silent, crash, error, value } = await this.#respond(request, this);
      if (silent || this.terminated) return;
      if (crash !== undefined) this.tell({ crash });
      else this.tell({ id: request.id, ...(error ? { ok: false, error } : { ok: true, value }) });
    });
  }

  /** @param {...object} messages */
  tell(...messages) {
    for (const data of messages) this.onmessage?.(/** @type {MessageEvent} */ ({ data }));
  }

  /** As a worker whose script fails. @param {string} message */
  fail(message) {
    this.onerror?.(/** @type {ErrorEvent} */ ({ message, preventDefault() {} }));
  }

  terminate() {
    this.terminated = true;
  }
}

/** Starts stand-ins and keeps them for the test to look at. @param {Respond} [respond] silent unless told otherwise */
export function standIns(respond = () => ({ silent: true })) {
  /** @type {WorkerStandIn[]} */
  const workers = [];
  const createWorker = () => {
    const worker = new WorkerStandIn(respond);
    workers.push(worker);
    return worker;
  };
  return { workers, createWorker };
}

/** @param {number} [byte] @returns {import("../../www/recognizer/protocol.js").PixelPicture} */
export const picture = (byte = 7) => ({ kind: "pixels", bytes: new Uint8Array(4).fill(byte), width: 1, height: 1 });

/** @param {string} text */
export const blob = (text) => new Blob([text]);

/** A part of a dataset, whose samples have names and no pixels to speak of. @param {number} count */
const part = (count) => ({
  ids: Array.from({ length: count }, (_, index) => `${index}`), pixels: new Uint8Array(count), labels: new Uint32Array(count),
});
export const SET = { labels: ["rock", "paper"], training: part(5), validation: part(2) };
/** @type {import("../../www/library/settings.js").Settings} */
export const SETTINGS = {
  scope: "head", epochs: 3, batchSize: 2, learningRate: 0.001, augmentation: false, validationShare: 0.15, seed: 0,
};
export const SCORE = { loss: 0.5, accuracy: 0.75 };
/** @param {number} epoch @param {boolean} [best] */
export const record = (epoch, best = true) => ({ epoch, training: SCORE, validation: [SCORE], best });

export const DEVICE = { limit: 1000, small: false };

/** The first project with a class more that has samples, no two alike. @param {number} samples @param {string} [label] */
export function projectWith(samples, label = "rock") {
  const project = Project.initial(DEVICE);
  const { id } = project.addClass(label);
  for (let index = 0; index < samples; index += 1) {
    project.addSample(id, Uint8Array.from({ length: 16384 }, (_, byte) => (byte * 7 + index) & 255), "upload");
  }
  return project;
}

/** @returns {import("../../www/teach/fine-tuned.js").FineTunedModel} */
export const fineTuned = () => ({
  weights: new Blob([Uint8Array.from({ length: 50 }, (_, index) => index)]),
  labels: ["rock", "<img src=x onerror=alert(1)>"],
  fingerprint: "abc", history: [record(1)], scope: "head", imported: false,
});

/** @param {Blob} given */
export const bytesOf = async (given) => new Uint8Array(await given.arrayBuffer());

/** Where a project file's header ends. @param {Uint8Array<ArrayBuffer>} file */
export const headerEnd = (file) => 8 + Number(new DataView(file.buffer).getBigUint64(0, true));

/** @param {Uint8Array<ArrayBuffer>} file */
export const headerOf = (file) => JSON.parse(new TextDecoder().decode(file.subarray(8, headerEnd(file))));

/**
 * A project file with another description, as one who knows the format would forge it.
 * @param {Uint8Array<ArrayBuffer>} file
 * @param {(text: string) => unknown} change text, unless the forger is mistaken
 */
export async function forged(file, change) {
  const header = headerOf(file);
  const text = change(header.__metadata__["signet-project"]);
  const hashed = new TextEncoder().encode(typeof text === "string" ? text : JSON.stringify(text));
  header.__metadata__ = { "signet-project": text, "signet-project-sha256": await sha256(hashed) };
  const encoded = new TextEncoder().encode(JSON.stringify(header));
  const size = new DataView(new ArrayBuffer(8));
  size.setBigUint64(0, BigInt(encoded.length), true);
  return new Blob([size.buffer, encoded, file.subarray(headerEnd(file))]);
}
