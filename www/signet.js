// The library: a model in a worker of its own, and what can be asked of it. Signet's own page stands on it, too.
import { scriptAddress } from "./offline/trusted.js";
import { DEFAULT_THRESHOLD } from "./recognizer/answer.js";
import { SignetClient } from "./recognizer/client.js";
import { SignetError } from "./recognizer/errors.js";
import { requireWebGpu, threadCounts, webAssemblyError } from "./recognizer/support.js";
import { answerOf } from "./library/answer.js";
import { modelOfManifest, modelSource } from "./library/model.js";
import { askAbout } from "./library/source.js";
import { Watch } from "./library/watch.js";

/** @import { Choice } from "./recognizer/backends.js" */
/** @import { WorkerLike } from "./recognizer/liveness.js" */
/** @import { FurtherModel, WhichModel } from "./recognizer/client.js" */
/** @import { Backend, Crop, CropRequest, LoadedModel, Picture, Prediction } from "./recognizer/protocol.js" */
/** @import { OnProgress } from "./recognizer/weights.js" */
/** @import { Script } from "./offline/trusted.js" */
/** @import { Answer } from "./library/answer.js" */
/** @import { ExplainOptions, Explanation } from "./library/explain.js" */
/** @import { FineTuneOptions, FineTuneResult, FineTuneSample } from "./library/fine-tune.js" */
/** @import { ModelSource } from "./library/model.js" */
/** @import { Settings } from "./library/settings.js" */
/** @import { Dataset } from "./library/split.js" */
/** @import { SavedTraining } from "./library/training.js" */
/** @import { Source } from "./library/source.js" */
/** @import { WatchOptions } from "./library/watch.js" */

/**
 * @typedef {object} SignetOptions
 * @property {string | URL} [base] the folder that has `recognizer/`, `pkg/` and `models/`, of the page's own origin; where
 *   this file lies unless told otherwise, which a bundler's output doesn't know
 * @property {string | URL | Blob | ModelSource} [model] a weights file or its address, or that of a manifest (`.json`),
 *   whose hash is then checked; `models/manifest.json` of the base unless told otherwise
 * @property {AbortSignal} [signal] gives up loading
 * @property {OnProgress} [onProgress] of the model's download; `total` is 0 where the host doesn't tell
 * @property {number} [threshold] below which presence there is no sign, 0 to 1; the model's own unless told otherwise
 * @property {Backend | "auto"} [backend] `cpu` unless told otherwise; `auto` takes WebGPU where it has proven right and faster
 * @property {number} [threads] that compute on the CPU, where the page is cross-origin isolated: as many as a trial finds worth their while unless
 *   told otherwise. 1 takes the module without threads
 * @property {boolean} [store] whether the browser keeps a model that has a manifest; true unless told otherwise
 * @property {(choice: Choice) => void} [onChoice] which backend serves, and why
 * @property {() => void} [onRestart] a worker has crashed, and another one has taken its place
 * @property {(script: Script, name: string) => WorkerLike} [createWorker] starts one of the base's scripts elsewhere than in a browser
 */

/**
 * @typedef {object} ClassifyOptions
 * @property {boolean | Crop} [localize] true looks for the hand in the whole picture, which takes some ten times as
 *   long; a crop is looked at alone; the central crop unless told otherwise
 * @property {number} [threshold] for this answer
 */

/** Apart from what it is used in: bundlers take `new URL("…", import.meta.url)` for a file of theirs. */
const HERE = import.meta.url;

export class Signet {
  #options;
  /** The folder of the files, ending with a slash. */
  #base;
  #threshold = DEFAULT_THRESHOLD;
  /** @type {Set<Watch>} */
  #watches = new Set();
  #videos = 0;
  /** @type {Promise<import("./library/explain.js").Explainer> | null} */
  #explainer = null;
  /** Ends what goes on when it is closed. */
  #closing = new AbortController();
  #client;

  /**
   * Resolves when it can answer. Rejects with a `SignetError`, or with the signal's reason.
   * @param {SignetOptions} [options]
   */
  static async load(options = {}) {
    const error = webAssemblyError();
    if (error) throw error;
    options.signal?.throwIfAborted();
    const signet = new this(options);
    try {
      await orAborted(signet.ready, options.signal);
      return signet;
    } catch (thrown) {
      signet.close();
      throw thrown;
    }
  }

  /** Begins to load. `ready` tells when it can answer. @param {SignetOptions} [options] */
  constructor(options = {}) {
    this.#options = options;
    const { model, signal, onProgress = () => {}, backend = "cpu", store = true, onChoice = () => {}, onRestart = () => {} } = options;
    const page = globalThis.document?.baseURI ?? HERE;
    this.#base = folderOf(options.base === undefined ? new URL("./", HERE) : new URL(options.base, page));
    if (!options.createWorker && new URL(this.#base).origin !== globalThis.origin) {
      throw new SignetError("setting", `base: ${this.#base} is of another origin than the page, and browsers start no workers from there: put the files beside the page`);
    }
    if (options.threshold !== undefined) this.threshold = options.threshold;
    const { threads } = options;
    if (threads !== undefined && !(Number.isInteger(threads) && threads > 0)) throw new SignetError("setting", `threads: ${threads} is no whole number from 1 on`);
    const source = modelSource(model, { base: this.#base, page, store });
    this.#client = new SignetClient({
      backend, requireWebGpu, onChoice, onRestart,
      createWorker: (kind) => this.#createWorker("recognizer/worker.js", `signet-${kind}`),
      createHelper: () => this.#createWorker("recognizer/helper.js", "signet-helper"),
      threads: threadCounts(threads),
      loadWeights: async (fresh) => {
        const { threshold } = await source.about();
        if (options.threshold === undefined && threshold !== undefined) this.#threshold = threshold;
        return source.get({ fresh, onProgress, signal: this.#until(signal) });
      },
      onModel: (loaded) => void source.keep(loaded),
    });
    this.#closing.signal.addEventListener("abort", () => this.#client.close());
  }

  /** A caller's signal, and the end of this. @param {AbortSignal} [signal] */
  #until(signal) {
    return AbortSignal.any([this.#closing.signal, ...signal ? [signal] : []]);
  }

  /** @param {Script} script @param {string} name @returns {WorkerLike} */
  #createWorker(script, name) {
    return this.#options.createWorker?.(script, name) ?? new Worker(scriptAddress(script, this.#base), { type: "module", name });
  }

  /** Resolves when it can answer. */
  get ready() {
    return this.#client.ready;
  }

  /** In the order of the model. */
  get labels() {
    return [...this.#client.held()?.labels ?? []];
  }

  /** Whether the model says if there is a sign, and where. */
  get hasDetector() {
    return this.#client.held()?.hasDetector ?? false;
  }

  /** What computes. */
  get backend() {
    return this.#client.backend;
  }

  /** Presence below it is answered with `none`. */
  get threshold() {
    return this.#threshold;
  }

  set threshold(value) {
    if (!(value >= 0 && value <= 1)) throw new SignetError("setting", `threshold: ${value} is not between 0 and 1`);
    this.#threshold = value;
  }

  /**
   * What a picture shows. Throws `picture-…`, `setting`, `worker-…` or `device`.
   * @param {Source} source
   * @param {ClassifyOptions} [options]
   * @returns {Promise<Answer>}
   */
  async classify(source, { localize = false, threshold = this.#threshold } = {}) {
    const crop = cropOf(localize);
    return askAbout(source, async (picture) => answerOf(await this.predict(picture, { keep: true, crop }), this.labels, threshold));
  }

  /**
   * Answers a video's frames, one after another, smoothed over the last moments, until it is stopped or `close` is called. The
   * video is the caller's: whoever opened a camera stops it.
   * @param {HTMLVideoElement} video
   * @param {(answer: Answer) => void} callback
   * @param {WatchOptions} [options]
   */
  watch(video, callback, options = {}) {
    const watch = new Watch(this, video, callback, { ...options, video: this.#videos += 1 });
    this.#watches.add(watch);
    void watch.finished.finally(() => this.#watches.delete(watch));
    return watch;
  }

  /**
   * Trains the model on samples, in a worker, and answers with the result from then on. Throws `setting`, `label-…`, `module-…`,
   * or what the training fails of; the model is the one from before then.
   * @param {Iterable<FineTuneSample>} samples
   * @param {FineTuneOptions} [options]
   * @returns {Promise<FineTuneResult>}
   */
  async fineTune(samples, options = {}) {
    const { fineTune } = await import("./library/fine-tune.js");
    await this.ready;
    const signal = this.#until(options.signal);
    signal.throwIfAborted();
    return fineTune(this.#client, samples, { ...options, signal, train: (task) => this.train(task) });
  }

  /** The model that was loaded answers again. */
  async reset() {
    await this.unload("fine-tuned");
  }

  /**
   * Which parts of a picture speak for a class. The module that inspects is fetched when it is first asked.
   * @param {Source | Answer} picture an answer's own input, or a picture, of which the central crop is looked at
   * @param {ExplainOptions} [options]
   * @returns {Promise<Explanation>}
   */
  async explain(picture, options = {}) {
    const { Explainer, inputOf } = await import("./library/explain.js");
    await this.ready;
    const signal = this.#until(options.signal);
    signal.throwIfAborted();
    this.#explainer ??= this.inspector().then((queue) => new Explainer(queue));
    this.#explainer.catch(() => { this.#explainer = null; }); // fetched again the next time
    return (await this.#explainer).explain(await inputOf(picture, this.#client), this.weights(), { ...options, signal });
  }

  // What an application asks that teaches and inspects by itself, as Signet's own page does

  /**
   * The module's own answer to a picture.
   * @param {Picture} picture
   * @param {Parameters<SignetClient["classify"]>[1]} [options]
   * @returns {Promise<Prediction>}
   */
  predict(picture, options) {
    return this.#client.classify(picture, options);
  }

  /** What the network reads of a picture. @param {Picture} picture @param {{ keep?: boolean }} [options] as of `predict` */
  input(picture, options) {
    return this.#client.input(picture, options);
  }

  /**
   * What a model says of inputs.
   * @param {WhichModel} which
   * @param {Uint8Array<ArrayBuffer>} pixels inputs (64x64 RGBA), one after another
   * @param {{ onProgress?: (done: number) => void }} [options]
   */
  score(which, pixels, options) {
    return this.#client.score(which, pixels, options);
  }

  /** What a model answers with; null where there is none, and no labels before the original is loaded. @param {WhichModel} [which] @returns {LoadedModel | null} */
  held(which) {
    return this.#client.held(which);
  }

  /** A model's weights file. Throws where there is none. @param {WhichModel} [which] the one that answers unless told otherwise */
  weights(which) {
    return this.#client.weights(which);
  }

  /**
   * Loads a model beside the original and proves it; the one of this name answers until then. Throws `weights-…` or `self-check`.
   * @param {Blob} weights
   * @param {FurtherModel} which
   * @returns {Promise<string[]>} its labels
   */
  loadFurther(weights, which) {
    return this.#client.loadFurther(weights, which);
  }

  /** @param {FurtherModel} which */
  async unload(which) {
    await this.#client.unload(which);
  }

  /**
   * A training that has a worker of its own and begins with its `start()`; whoever starts it loads what comes of it.
   * @param {{ set: Dataset, settings: Readonly<Settings>, weights?: Blob, resume?: SavedTraining | null }} task `weights`: what it starts from, the original unless told otherwise
   */
  async train({ weights, ...task }) {
    const { TrainingRun } = await import("./library/training.js");
    await this.ready;
    const run = new TrainingRun({
      ...task, weights: weights ?? this.weights("original"), backend: this.backend,
      createWorker: () => this.#createWorker("library/train-worker.js", "signet-training"),
    });
    return this.#closedWithThis(run, () => run.discard());
  }

  /** What looks inside a network that it loads, in a worker of its own. */
  async inspector() {
    const { InspectorQueue } = await import("./library/inspector.js");
    const queue = new InspectorQueue(() => this.#createWorker("library/inspector-worker.js", "signet-inspector"));
    return this.#closedWithThis(queue, () => queue.close());
  }

  /** Two networks that learn side by side, in a worker of their own. */
  async comparison() {
    const { Comparison } = await import("./library/comparison.js");
    const comparison = new Comparison(() => this.#createWorker("library/comparison-worker.js", "signet-comparison"));
    return this.#closedWithThis(comparison, () => comparison.close());
  }

  /** What reads and writes other programs' files, in a worker of its own. */
  async converter() {
    const { Converter } = await import("./library/converter.js");
    const converter = new Converter(() => this.#createWorker("library/converter-worker.js", "signet-converter"));
    return this.#closedWithThis(converter, () => converter.close());
  }

  /** @template T @param {T} opened @param {() => void} close @returns {T} */
  #closedWithThis(opened, close) {
    this.#closing.signal.throwIfAborted();
    this.#closing.signal.addEventListener("abort", close, { once: true });
    return opened;
  }

  /** Ends the workers, whose memory goes back whole, and every `watch`. What was asked fails. */
  close() {
    this.#closing.abort(new SignetError("worker-crashed", "Signet was closed"));
    for (const watch of this.#watches) watch.stop();
  }
}

/** @param {URL} base */
const folderOf = (base) => new URL(base.pathname.endsWith("/") ? "./" : `${base.pathname}/`, base).href;

/** @param {boolean | Crop} localize @returns {CropRequest} */
const cropOf = (localize) => (typeof localize === "object" ? { at: "box", box: localize } : { at: localize ? "anywhere" : "center" });

/** @template T @param {Promise<T>} work @param {AbortSignal} [signal] @returns {Promise<T>} */
const orAborted = (work, signal) => new Promise((resolve, reject) => {
  const abort = () => reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  work.then(resolve, reject).finally(() => signal?.removeEventListener("abort", abort));
});

export { SignetError, modelOfManifest };
