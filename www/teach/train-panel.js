// The middle column: the settings of a training, its buttons, how far it is. State to page, and presses to callbacks.
import { numberOf, plainNumber } from "../i18n/formats.js";
import { messages, say } from "../i18n/language.js";
import { RANGES } from "../library/settings.js";
import { button, element, field, part } from "../ui/dom.js";
import { showError } from "../ui/notices.js";

/** @import { Words } from "../i18n/language.js" */
/** @import { Scope, Settings } from "../library/settings.js" */

/** The number inputs and their settings. @type {[id: string, name: keyof typeof RANGES][]} */
const NUMBERS = [
  ["epochs", "epochs"], ["batch-size", "batchSize"], ["learning-rate", "learningRate"],
  ["validation-share", "validationShare"], ["seed", "seed"],
];

const scope = element("#scope", HTMLSelectElement);
const augmentation = field("#augmentation");
const train = button("#train");
const more = button("#train-more");
const stop = button("#stop");
const bar = element("#training-bar", HTMLProgressElement);
let isRunning = false;

/**
 * @param {object} actions
 * @param {(change: Partial<Settings>) => void} actions.onSettings throws `setting`
 * @param {() => void} actions.onReset
 * @param {() => void} actions.onTrain
 * @param {() => void} actions.onMore
 * @param {() => void} actions.onStop
 */
export function listenToPanel({ onSettings, onReset, onTrain, onMore, onStop }) {
  const change = (/** @type {Partial<Settings>} */ settings, putBack = () => {}) => {
    try {
      onSettings(settings);
    } catch (thrown) {
      putBack();
      showError(thrown);
    }
  };
  scope.addEventListener("change", () => change({ scope: /** @type {Scope} */ (scope.value) }));
  augmentation.addEventListener("change", () => change({ augmentation: augmentation.checked }));
  for (const [id, name] of NUMBERS) {
    const input = field(`#${id}`);
    const { min, max, whole } = RANGES[name];
    Object.assign(input, { min: String(min), max: String(max), step: whole ? "1" : "any" });
    input.addEventListener("beforeinput", writePlain);
    input.addEventListener("change", () => change({ [name]: numberOf(input.value, whole) }, () => { input.value = input.dataset["kept"] ?? ""; }));
  }
  button("#reset-defaults").addEventListener("click", onReset);
  train.addEventListener("click", onTrain);
  more.addEventListener("click", onMore);
  stop.addEventListener("click", onStop);
}

/** @param {Readonly<Settings>} settings @param {boolean} losesDetector whether a model that is taught so has no detector any more */
export function showSettings(settings, losesDetector) {
  scope.value = settings.scope;
  part("#scope-note").hidden = !losesDetector;
  say(part("#scope-note"), losesDetector ? () => messages.train.losesDetector : ""); // also where it is hidden, it describes
  augmentation.checked = settings.augmentation;
  for (const [id, name] of NUMBERS) {
    const input = field(`#${id}`);
    const kept = String(settings[name]);
    // What somebody is typing stays, unless the setting itself has changed.
    if (document.activeElement !== input || input.dataset["kept"] !== kept) input.value = kept;
    input.dataset["kept"] = kept;
  }
}

/**
 * Whether a training can start, with the reason why not, or how long it would take.
 * @param {{ can: boolean, line: Words, fineTuned: boolean, more: boolean }} state
 */
export function showReadiness({ can, line, fineTuned, more: canGoOn }) {
  train.disabled = isRunning || !can;
  const running = isRunning;
  say(train, () => running ? messages.train.running : fineTuned ? messages.train.again : messages.train.train);
  more.hidden = running || !canGoOn;
  more.disabled = !can;
  say(part("#train-reason"), running ? "" : line);
  part("#train-reason").dataset["blocked"] = String(!can && !running);
}

/** @param {boolean} running */
export function showRunning(running) {
  const pressed = running ? [train, more, part("#interrupted-resume")] : [stop];
  const hadFocus = pressed.some((control) => control === document.activeElement);
  isRunning = running;
  stop.hidden = !running;
  stop.disabled = false;
  train.disabled = running;
  for (const control of part("#advanced").querySelectorAll("input, button")) control.toggleAttribute("disabled", running);
  scope.disabled = running;
  say(train, () => (running ? messages.train.running : messages.train.again));
  if (running) more.hidden = true;
  // Whoever pressed the one by keyboard finds the other under the same finger.
  if (hadFocus) (running ? stop : train).focus();
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
export function showTraining({ state, line, epoch = 0, epochs = 0, loss = null, accuracy = null, share = 0 }) {
  Object.assign(part("#training-progress").dataset, { state, epoch, epochs, loss: loss ?? "", accuracy: accuracy ?? "" });
  say(part("#training-line"), line);
  if (share === null) bar.removeAttribute("value");
  else bar.value = share;
}

/** @param {boolean} isOld whether samples or settings have changed since the model was fine-tuned */
export function showOutOfDate(isOld) {
  part("#out-of-date").hidden = !isOld;
  say(part("#out-of-date"), isOld ? () => messages.train.outOfDate : "");
}

/**
 * A number field takes the digits and the comma of the browser's language, and drops others without a word, so that 0,001
 * would be 1.
 * @param {InputEvent} event
 */
function writePlain(event) {
  const { data } = event;
  const plain = data && plainNumber(data);
  // The command brings another such event, with nothing to change.
  if (plain && plain !== data && document.execCommand("insertText", false, plain)) event.preventDefault();
}
