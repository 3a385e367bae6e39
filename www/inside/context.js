// What a view of the tab is given, and what of it ends with the view.
import { pictureCanvas } from "../ui/dom.js";
import { words } from "./words.js";

/** @import { ShownInput } from "../input/inputs.js" */
/** @import { Comparison } from "../library/comparison.js" */
/** @import { Answer, Cut, LoadedInspector, Place } from "../library/inspector-types.js" */
/** @import { InspectorQueue } from "../library/inspector.js" */
/** @import { State } from "./state.js" */

/**
 * A sample of the person's own.
 * @typedef {{ id: string, label: string, pixels: Uint8Array }} Sample
 */

/**
 * A view: it puts itself into the container, of which export.js makes pictures. It ends with `context.signal`, after which the
 * container is emptied; whatever it has asked or listens to through the context ends by itself.
 * @typedef {{ mount(container: HTMLElement, context: Context): void }} View
 */

/** What all of the tab shares. */
export class Shared {
  /** @type {ShownInput | null} */
  input = null;
  /** To the input that is shown, with the cuts of now; null until it is there. @type {Answer | null} */
  answer = null;
  /** @type {Set<(input: ShownInput) => void>} */
  inputListeners = new Set();
  /** @type {Set<(answer: Answer, input: ShownInput) => void>} */
  answerListeners = new Set();

  /**
   * @param {object} parts
   * @param {InspectorQueue} parts.queue
   * @param {() => Promise<Comparison>} parts.comparison two networks that learn side by side
   * @param {State} parts.state
   * @param {() => Sample[]} parts.samples
   * @param {(label: string) => Promise<Uint8Array>} parts.example the input of an example hand
   * @param {() => number} parts.threshold below it the answer is no sign
   * @param {(file: File) => void} parts.receive shows a picture, as if it were uploaded
   */
  constructor({ queue, comparison, state, samples, example, threshold, receive }) {
    this.queue = queue;
    this.comparison = comparison;
    this.state = state;
    this.samples = samples;
    this.example = example;
    this.threshold = threshold;
    this.receive = receive;
  }
}

/** Of one view while it is open. */
export class Context {
  #shared;

  /**
   * @param {Shared} shared
   * @param {LoadedInspector} loaded
   * @param {{ which: import("../recognizer/client.js").WhichModel, weights: Blob }} model
   * @param {AbortSignal} signal
   */
  constructor(shared, { labels, hasDetector, mirrors, places }, model, signal) {
    this.#shared = shared;
    /** The network, for this view only. */
    this.inspector = shared.queue.until(signal);
    /** In computing order: "stem", "2a" to "5c", "features". @type {Place[]} */
    this.places = places;
    /** The model's labels. */
    this.labels = labels;
    this.hasDetector = hasDetector;
    /** Whether finer maps are of mirrored pictures, too. */
    this.mirrors = mirrors;
    /** The model in use, and its weights file. Another one closes the view and opens it anew. */
    this.model = model;
    this.state = shared.state;
    /** Aborted when the view is closed. */
    this.signal = signal;
    /** The tab's texts in the page's language. */
    this.words = words;
    /** The person's samples, of all classes. */
    this.samples = shared.samples;
    /** Two networks that learn side by side; whoever opens it closes it. */
    this.comparison = shared.comparison;
    /** The input of an example hand: 64x64 RGBA. */
    this.example = shared.example;
    /** The presence below which the answer is no sign. */
    this.threshold = shared.threshold;
  }

  /** Shows a sample in all views, pixel by pixel as it is. @param {Sample} sample */
  async show({ pixels, label }) {
    const png = await new Promise((done) => pictureCanvas(pixels).toBlob(done));
    if (png && !this.signal.aborted) this.#shared.receive(new File([png], `${label}.png`, { type: png.type }));
  }

  /** What is shown now, or null. */
  get input() {
    return this.#shared.input;
  }

  /** The network's answer to it, with the cuts of now; null until it is there. */
  get answer() {
    return this.#shared.answer;
  }

  /** @returns {readonly Cut[]} */
  get cuts() {
    return this.state.get("cuts");
  }

  /** Called now, where there is an input, and with each next one: of a webcam with each frame. @param {(input: ShownInput) => void} listener */
  onInput(listener) {
    this.#listen(this.#shared.inputListeners, listener);
    if (this.input) listener(this.input);
  }

  /** Called now, where there is an answer, and with each next one. @param {(answer: Answer, input: ShownInput) => void} listener */
  onAnswer(listener) {
    this.#listen(this.#shared.answerListeners, listener);
    if (this.answer && this.input) listener(this.answer, this.input);
  }

  /** Called with the names of what has changed. @param {import("./state.js").Listener} listener */
  onState(listener) {
    this.state.onChange(listener, this.signal);
  }

  /** @template T @param {Set<T>} listeners @param {T} listener */
  #listen(listeners, listener) {
    listeners.add(listener);
    this.signal.addEventListener("abort", () => listeners.delete(listener), { once: true });
  }
}
