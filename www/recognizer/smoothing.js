// A video's answer: that of the last moments together, so that it doesn't flicker.

/** @import { Prediction } from "./protocol.js" */

/** After so long a frame counts 1/e of a new one: of two signs the second is answered before 150 ms are over. */
const DECAY_MS = 80;
/** By so much another label has to be more probable than the one that is answered, or presence beyond the threshold. */
const HYSTERESIS = 0.08;
/** What a frame without any sign counts. */
const LEAST_WEIGHT = 0.02;

export class Smoothing {
  /** Sums over the frames, each weighed by its age, those of the classes also by how sure the frame is. */
  #probabilities = /** @type {number[]} */ ([]);
  #weight = 0;
  #presence = 0;
  #frames = 0;
  #at = 0;
  /** The label of each class that some frame has named. @type {Map<number, string>} */
  #labels = new Map();
  #answered = -1;
  #wasSign = false;

  /** The next frame begins anew. */
  reset() {
    this.#probabilities = [];
    this.#weight = this.#presence = this.#frames = 0;
    this.#labels.clear();
    this.#answered = -1;
  }

  /**
   * The frame's prediction with the label and the probabilities of the last moments.
   * @template {Pick<Prediction, "label" | "probabilities" | "probability" | "presence">} T
   * @param {T} prediction
   * @param {number} threshold of presence
   * @param {number} now in milliseconds
   * @returns {T}
   */
  add(prediction, threshold, now) {
    const { probabilities, probability, label } = prediction;
    const isFirst = this.#frames === 0;
    const kept = isFirst ? 0 : Math.exp((this.#at - now) / DECAY_MS);
    this.#at = now;
    const weight = Math.max(LEAST_WEIGHT, probability * (prediction.presence ?? 1));
    this.#probabilities = probabilities.map((value, index) => kept * (this.#probabilities[index] ?? 0) + weight * value);
    this.#weight = kept * this.#weight + weight;
    this.#presence = kept * this.#presence + (prediction.presence ?? 1);
    this.#frames = kept * this.#frames + 1;

    const means = this.#probabilities.map((sum) => sum / this.#weight);
    const mean = (/** @type {number} */ index) => means[index] ?? 0;
    this.#labels.set(probabilities.indexOf(Math.max(...probabilities)), label);
    const [best = 0] = [...this.#labels.keys()].sort((a, b) => mean(b) - mean(a));
    if (this.#answered < 0 || mean(best) > mean(this.#answered) + HYSTERESIS) this.#answered = best;
    const smooth = { ...prediction, label: this.#labels.get(this.#answered) ?? label, probabilities: means, probability: mean(this.#answered) };
    if (prediction.presence === undefined) return smooth;

    // Between the threshold and the threshold with its hysteresis the answer stays what it was.
    const presence = this.#presence / this.#frames;
    const isSign = presence >= threshold + (isFirst ? 0 : this.#wasSign ? -HYSTERESIS : HYSTERESIS) * Math.min(threshold, 1 - threshold);
    this.#wasSign = isSign;
    return { ...smooth, presence: isSign ? Math.max(presence, threshold) : Math.min(presence, threshold - 1e-6) };
  }
}
