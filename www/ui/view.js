// The answer: the seal, the bars, the input that the model saw, the threshold below which there is no sign.
import { messages, say } from "../i18n/language.js";
import { SURE, answerTo } from "../recognizer/answer.js";
import { INPUT_SIDE, NO_SIGN } from "../recognizer/contract.js";
import { element, field, make, part } from "./dom.js";
import { announce } from "./notices.js";

/** @import { Prediction } from "../recognizer/protocol.js" */
/** @typedef {"webcam" | "upload" | "draw"} Mode */

/** With more classes than this the bars get narrow. */
const WIDE_BARS = 8;
/** As many classes have colors of their own; the next ones begin anew. */
const COLORS = 6;
/** What the seal shows where there is no sign. */
const NO_SEAL = "–";

/** Where nobody hovers, nobody drops or pastes either. @type {"touch" | "desk"} */
export const PLACE = matchMedia("(hover: none) and (pointer: coarse)").matches ? "touch" : "desk";

const { dataset } = part("[data-testid=prediction]");
const bars = part(".bars");
const modelView = element("#model-view", HTMLCanvasElement);
let sequence = 0;
/** The label that was announced last. */
let announced = "";
/** Whether it was announced that there are two hands. */
let areTwoAnnounced = false;
/** @type {Mode} */
let mode = "upload";
let threshold = 0;
/** What is answered now, so that another threshold can answer it anew. @type {Prediction | null} */
let answered = null;

/** One bar for each class, in the model's order. @param {string[]} labels */
export function showLabels(labels) {
  bars.classList.toggle("many", labels.length > WIDE_BARS);
  bars.classList.toggle("wordy", labels.some((label) => label.length > 2));
  bars.replaceChildren(...labels.map((label) => make("li", { data: { testid: "bar", label, probability: "0" } },
    make("span", { className: "bar-name", dir: "auto", textContent: label, title: label }),
    make("span", { className: "bar-track" }, make("span", { className: "bar-fill" })),
    make("span", { className: "bar-value", textContent: "–" }))));
}

/** @param {Prediction} prediction @param {{ isFinal?: boolean }} [options] one that isn't is not worth announcing */
export function showPrediction(prediction, { isFinal = true } = {}) {
  answered = prediction;
  sequence += 1;
  dataset.sequence = String(sequence);
  modelView.getContext("2d")?.putImageData(prediction.input, 0, 0);
  showAnswer(prediction, isFinal);
}

/** @param {Prediction} prediction @param {boolean} isFinal */
function showAnswer(prediction, isFinal) {
  const { probability, probabilities, presence, secondHand, latencyMs } = prediction;
  const label = answerTo(prediction, threshold);
  const isNone = label === NO_SIGN;
  const areTwo = !isNone && secondHand !== undefined;
  const advised = mode;
  const shown = /** @type {HTMLElement[]} */ ([...bars.children]);
  shown.forEach((bar, index) => fillBar(bar, probabilities[index] ?? 0, bar.dataset.label === label));
  bars.classList.toggle("muted", isNone);
  const word = () => answerWord(label);
  part(".seal-label").textContent = isNone ? NO_SEAL : monogramOf(label);
  say(part(".answer-word"), () => (probability < SURE && !isNone ? messages.answer.perhaps(word()) : word()));
  showFigures(true);
  // Two numbers, whatever is answered: whether there is a sign at all, and if there is, how probable the class is.
  part("#answer-presence").hidden = presence === undefined;
  say(part("#answer-presence"), () => messages.answer.presence(presence ?? 1));
  say(part("#answer-probability"), () => messages.answer.probability(wordOf(prediction.label), probability));
  say(part("#answer-latency"), () => messages.format.milliseconds(latencyMs));
  say(part(".answer-advice"), isNone ? () => messages.answer.advice[advised] : areTwo ? () => messages.answer.twoHands : "");
  if (isFinal && label !== announced) announce(word());
  if (isFinal && areTwo && !areTwoAnnounced) announce(messages.answer.twoHands);
  if (isFinal) [announced, areTwoAnnounced] = [label, areTwo];
  Object.assign(dataset, { label, probability: String(probability), latencyMs: latencyMs.toFixed(1) });
  if (isNone) delete dataset.class;
  else dataset.class = String(shown.findIndex((bar) => bar.dataset.label === label) % COLORS);
  if (presence === undefined) delete dataset.sign;
  else dataset.sign = String(presence);
}

/** There is nothing to recognize. @param {Mode} next */
export function clearPrediction(next) {
  mode = next;
  answered = null;
  for (const key of ["label", "probability", "latencyMs", "class", "sign"]) delete dataset[key];
  bars.classList.remove("muted");
  for (const bar of bars.children) fillBar(/** @type {HTMLElement} */ (bar), 0, false);
  for (const value of bars.querySelectorAll(".bar-value")) say(value, "–");
  part(".seal-label").textContent = "";
  say(part(".answer-word"), "");
  showFigures(false);
  say(part(".answer-hint"), () => {
    const { answer, input } = messages;
    return { webcam: answer.webcamHint, upload: input.upload[PLACE].hint, draw: answer.advice.draw }[next];
  });
  say(part(".answer-advice"), "");
  modelView.getContext("2d")?.clearRect(0, 0, INPUT_SIDE, INPUT_SIDE);
  announced = "";
  areTwoAnnounced = false;
}

/** The figures of an answer, or else the hint how to get one. @param {boolean} isAnswered */
function showFigures(isAnswered) {
  part(".answer-figures").hidden = !isAnswered;
  part(".answer-hint").hidden = isAnswered;
}

/** @param {HTMLElement} bar @param {number} probability @param {boolean} isTop */
function fillBar(bar, probability, isTop) {
  bar.dataset.probability = String(probability);
  bar.classList.toggle("top-class", isTop);
  bar.style.setProperty("--share", String(probability));
  const value = bar.querySelector(".bar-value");
  if (value) say(value, () => messages.format.percent(probability));
}

/** Whether the model in use says if there is a sign: only then there is a threshold. @param {boolean} hasDetector @param {boolean} isFineTuned */
export function showDetector(hasDetector, isFineTuned) {
  part("#threshold-row").hidden = !hasDetector;
  part("#no-detector").hidden = hasDetector || !isFineTuned;
  say(part("#webcam-advice"), () => (hasDetector ? messages.answer.advice.webcam : messages.input.holdInside));
}

/** Another threshold answers anew what is shown, unless another model is about to. @param {{ value: number, isDefault: boolean }} chosen @param {boolean} [isAnswering] */
export function showThreshold({ value, isDefault }, isAnswering = true) {
  threshold = value;
  const shown = () => messages.format.wholePercent(value);
  field("#threshold").value = String(value * 100);
  say(field("#threshold"), shown, "aria-valuetext");
  say(part("#threshold-value"), shown);
  element("#threshold-reset", HTMLButtonElement).disabled = isDefault;
  if (answered && isAnswering) showAnswer(answered, true);
}

/** A label as a word: "Three" for "3"; other labels are words already. @param {string} label */
export const wordOf = (label) => (/^[0-5]$/.test(label) && messages.answer.digits[Number(label)]) || label;

/** What is answered, as a word. @param {string} label or none, as `answerTo` gives it */
export const answerWord = (label) => (label === NO_SIGN ? messages.answer.none : wordOf(label));

/** What a seal has room for: "3", and the initials of longer labels, as on a signet ring. @param {string} label */
function monogramOf(label) {
  if ([...label].length <= 2) return label;
  const initials = label.split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? "");
  return initials.join("").toUpperCase();
}
