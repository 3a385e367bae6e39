// The middle column: the settings of a training, its buttons, how far it is. State to page, and presses to callbacks.
import { messages, say } from "../i18n/language.js";
import { button, element, field, part } from "../ui/dom.js";
import { showError } from "../ui/notices.js";
import { RANGES } from "./settings.js";

/** @import { Words } from "../i18n/language.js" */
/** @import { Scope, Settings } from "./settings.js" */

/**
 * @typedef {object} PanelActions
 * @property {(change: Partial<Settings>) => void} onSettings throws `setting`
 * @property {() => void} onReset
 * @property {() => void} onTrain
 * @property {() => void} onMore
 * @property {() => void} onStop
 */

/** The number inputs and their settings. @type {[id: string, name: keyof typeof RANGES][]} */
const NUMBERS = [
  ["epochs", "epochs"], ["batch-size", "batchSize"], ["learning-rate", "learningRate"],
  ["validation-share", "validationShare"], ["seed", "seed"],
];

export class TrainPanel {
  #scope = element("#scope", HTMLSelectElement);
  #augmentation = field("#augmentation");
  #train = button("#train");
  #more = button("#train-more");
  #stop = button("#stop");
  #progress = part("#training-progress");
  #bar = element("#training-bar", HTMLProgressElement);
  #running = false;

  /** @param {PanelActions} actions */
  constructor({ onSettings, onReset, onTrain, onMore, onStop }) {
    const change = (/** @type {Partial<Settings>} */ settings, /** @type {() => void} */ putBack) => {
      try {
        onSettings(settings);
      } catch (thrown) {
        putBack();
        showError(thrown);
      }
    };
    this.#scope.addEventListener("change", () => change({ scope: /** @type {Scope} */ (this.#scope.value) }, () => {}));
    this.#augmentation.addEventListener("change", () => change({ augmentation: this.#augmentation.checked }, () => {}));
    for (const [id, name] of NUMBERS) {
      const input = field(`#${id}`);
      const { min, max, whole } = RANGES[name];
      Object.assign(input, { min: String(min), max: String(max), step: whole ? "1" : "any" });
      input.addEventListener("change", () => change({ [name]: input.valueAsNumber }, () => { input.value = input.dataset["kept"] ?? ""; }));
    }
    button("#reset-defaults").addEventListener("click", onReset);
    this.#train.addEventListener("click", onTrain);
    this.#more.addEventListener("click", onMore);
    this.#stop.addEventListener("click", onStop);
  }

  /** What was kept is here: until now a change would have been lost to it. */
  start() {
    part(".train").inert = false;
  }

  /** @param {Readonly<Settings>} settings */
  showSettings(settings) {
    this.#scope.value = settings.scope;
    this.#augmentation.checked = settings.augmentation;
    for (const [id, name] of NUMBERS) {
      const input = field(`#${id}`);
      input.dataset["kept"] = String(settings[name]);
      if (document.activeElement !== input || input.valueAsNumber !== settings[name]) input.value = String(settings[name]);
    }
  }

  /**
   * Whether a training can start, with the reason why not, or how long it would take.
   * @param {{ can: boolean, line: Words, fineTuned: boolean, more: boolean }} state
   */
  showReadiness({ can, line, fineTuned, more }) {
    this.#train.disabled = this.#running || !can;
    const running = this.#running;
    say(this.#train, () => running ? messages.train.running : fineTuned ? messages.train.again : messages.train.train);
    this.#more.hidden = this.#running || !more;
    this.#more.disabled = !can;
    say(part("#train-reason"), running ? "" : line);
    part("#train-reason").dataset["blocked"] = String(!can && !this.#running);
  }

  /** @param {boolean} running */
  showRunning(running) {
    const pressed = running ? [this.#train, this.#more, part("#interrupted-resume")] : [this.#stop];
    const hadFocus = pressed.some((control) => control === document.activeElement);
    this.#running = running;
    this.#stop.hidden = !running;
    this.#stop.disabled = false;
    this.#train.disabled = running;
    for (const control of part("#advanced").querySelectorAll("input, button")) control.toggleAttribute("disabled", running);
    this.#scope.disabled = running;
    say(this.#train, () => (running ? messages.train.running : messages.train.again));
    if (running) this.#more.hidden = true;
    // Whoever pressed the one by keyboard finds the other under the same finger.
    if (hadFocus) (running ? this.#stop : this.#train).focus();
  }

  /** The press was heard; the step that runs is finished first. */
  showStopping() {
    this.#stop.disabled = true;
  }

  /**
   * @param {object} state
   * @param {"idle" | "running" | "stopped" | "done" | "failed"} state.state
   * @param {Words} state.line
   * @param {number} [state.epoch]
   * @param {number} [state.epochs]
   * @param {number | null} [state.loss]
   * @param {number | null} [state.accuracy]
   * @param {number | null} [state.share] of the work that is done; null where nobody knows
   */
  showProgress({ state, line, epoch = 0, epochs = 0, loss = null, accuracy = null, share = 0 }) {
    Object.assign(this.#progress.dataset, { state, epoch: String(epoch), epochs: String(epochs),
      loss: loss === null ? "" : String(loss), accuracy: accuracy === null ? "" : String(accuracy) });
    say(part("#training-line"), line);
    if (share === null) this.#bar.removeAttribute("value");
    else this.#bar.value = share;
  }

  /** @param {boolean} isOld whether samples or settings have changed since the model was fine-tuned */
  showOutOfDate(isOld) {
    part("#out-of-date").hidden = !isOld;
    say(part("#out-of-date"), isOld ? () => messages.train.outOfDate : "");
  }
}
