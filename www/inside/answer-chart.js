// The answer to the picture of now: each class's logit, of the whole network and with the cuts.
import { messages, renderWith, say } from "../i18n/language.js";
import { make } from "../ui/dom.js";
import { announce } from "../ui/notices.js";
import { answerTo } from "../recognizer/answer.js";
import { NO_SIGN } from "../recognizer/contract.js";
import { answerWord } from "../ui/view.js";
import { words } from "./words.js";

/** @import { ShownInput } from "../input/inputs.js" */
/** @import { Answer } from "../library/inspector-types.js" */
/** @import { Context } from "./context.js" */

/** The answer with its probability and the margin of its logits. @param {Answer} answer @param {number} threshold */
export function answerLine(answer, threshold) {
  const label = answerTo(answer, threshold);
  const share = label === NO_SIGN ? 1 - (answer.presence ?? 1) : Math.max(...answer.probabilities);
  return words().cut.answered(answerWord(label), share, messages.format.twoDecimals(answer.margin));
}

export class AnswerChart {
  element;
  #context;
  /** @type {Answer | null} */
  #whole = null;
  /** @type {Answer | null} */
  #now = null;
  #lines = { whole: make("dd"), now: make("dd") };
  #list = make("table", { className: "logits" });
  #said = "";

  /** @param {Context} context */
  constructor(context) {
    this.#context = context;
    this.element = make("section", { className: "cut-answer", data: { testid: "inside-answer" }, says: { "aria-label": () => words().cut.answer } },
      make("h3", { says: () => words().cut.answer }),
      make("dl", { className: "cut-lines" },
        make("div", {}, make("dt", { says: () => words().cut.whole }), this.#lines.whole),
        make("div", {}, make("dt", { says: () => words().cut.now }), this.#lines.now)),
      this.#list, make("p", { className: "note", says: () => words().cut.logits }));
    renderWith(this.#list, () => this.#show());
    context.onInput((input) => void this.#askWhole(input));
    context.onAnswer((answer) => {
      this.#now = answer;
      if (context.cuts.length === 0) this.#whole = answer;
      this.#show();
    });
  }

  /** @param {ShownInput} input */
  async #askWhole(input) {
    if (this.#context.cuts.length === 0) return; // that's the answer itself
    const whole = await this.#context.inspector.answer(input.pixels, [], { key: "whole" });
    if (!whole) return;
    this.#whole = whole;
    this.#show();
  }

  #show() {
    const { labels } = this.#context;
    const threshold = this.#context.threshold();
    const lineOf = (/** @type {Answer | null} */ answer) => () => (answer ? answerLine(answer, threshold) : words().cut.noPicture);
    const [whole, now] = [this.#whole, this.#now];
    say(this.#lines.whole, lineOf(whole));
    say(this.#lines.now, lineOf(now));
    const all = [...(whole?.logits ?? []), ...(now?.logits ?? [])];
    const [least, most] = [Math.min(0, ...all), Math.max(0.001, ...all)];
    const share = (/** @type {number} */ value) => String((value - least) / (most - least));
    const { columns } = words().cut;
    this.#list.replaceChildren(
      make("thead", {}, make("tr", {}, ...[columns.class, "", columns.whole, columns.now].map((textContent) => make(textContent ? "th" : "td", { textContent })))),
      make("tbody", {}, ...labels.map((label, index) => {
        const bar = make("div", { className: "logit-bar", data: { colour: String(index % 6) } });
        for (const [name, value] of [["--zero", 0], ["--now", now?.logits[index] ?? 0], ["--whole", whole?.logits[index] ?? 0]]) bar.style.setProperty(String(name), share(Number(value)));
        const text = (/** @type {Answer | null} */ answer) => (answer ? messages.format.twoDecimals(answer.logits[index] ?? 0) : "–");
        return make("tr", { className: now?.label === label ? "top-class" : "", data: { testid: "inside-logit", label, logit: String(now?.logits[index] ?? ""), probability: String(now?.probabilities[index] ?? "") } },
          make("th", { scope: "row", dir: "auto", textContent: label }), make("td", {}, bar), make("td", { textContent: text(whole) }), make("td", { textContent: text(now) }));
      })));
    const answered = now ? answerTo(now, threshold) : "";
    Object.assign(this.element.dataset, now ? { label: now.label, answered, margin: String(now.margin), cuts: String(this.#context.cuts.length) } : {});
    if (answered && answered !== this.#said && !this.#context.input?.isLive) announce(answerWord(answered));
    this.#said = answered;
  }
}
