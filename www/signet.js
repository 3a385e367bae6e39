// The library: a model in a worker of its own, and what can be asked of it. Signet's own page stands on it, too.
import { scriptAddress } from "./offline/trusted.js";
import { DEFAULT_THRESHOLD } from "./recognizer/answer.js";
import { SignetClient } from "./recognizer/client.js";
import { SignetError } from "./recognizer/errors.js";
import { requireWebGpu, threadCounts, webAssemblyError } from "./recognizer/support.js";
import { answerOf } from "./library/answer.js";
import { modelSource } from "./library/model.js";
import { askAbout } from "./library/source.js";
import { Watch } from "./library/watch.js";

/** @import { Choice } from "./recognizer/backends.js" */
/** @import { WorkerLike } from "./recognizer/liveness.js" */
/** @import { Backend, Crop, CropRequest, Picture, Prediction } from "./recognizer/protocol.js" */
/** @import { OnProgress } from "./recognizer/weights.js" */
/** @import { Script } from "./offline/trusted.js" */
/** @import { Answer } from "./library/answer.js" */
/** @import { ExplainOptions, Explanation } from "./library/explain.js" */
/** @import { FineTuneOptions, FineTuneResult, FineTuneSample } from "./library/fine-tune.js" */
/** @import { ModelSource } from "./library/model.js" */
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
  /** @type {import("./library/explain.js").Explainer | null} */
  #explainer = null;
  /** Ends what goes on when it is closed. */
  #closing = new AbortController();
  /** The client of the workers, for a page that follows them itself. */
  client;

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
    this.client = new SignetClient({
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
    this.#closing.signal.addEventListener("abort", () => this.client.close());
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
    return this.client.ready;
  }

  /** In the order of the model. */
  get labels() {
    return [...this.client.fineTunedLabels ?? this.client.labels];
  }

  /** Whether the model says if there is a sign, and where. */
  get hasDetector() {
    return this.client.hasDetector(this.client.fineTunedLabels ? "fine-tuned" : "original");
  }

  /** What computes. */
  get backend() {
    return this.client.backend;
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
   * The module's own answer to a picture, as `SignetClient` gives it.
   * @param {Picture} picture
   * @param {Parameters<SignetClient["classify"]>[1]} [options]
   * @returns {Promise<Prediction>}
   */
  predict(picture, options) {
    return this.client.classify(picture, options);
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
    return fineTune(this.client, samples, { ...options, signal, createWorker: () => this.#createWorker("teach/train-worker.js", "signet-training") });
  }

  /** The model that was loaded answers again. */
  async reset() {
    await this.client.unloadFineTuned();
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
    this.#explainer ??= new Explainer(() => this.#createWorker("inside/inspector-worker.js", "signet-inspector"), this.#closing.signal);
    return this.#explainer.explain(await inputOf(picture, this.client), this.client.fineTunedFile ?? this.client.originalFile(), { ...options, signal });
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

export { SignetError };
