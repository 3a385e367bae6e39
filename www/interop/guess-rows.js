// The classes that a file of samples seems to have, a row each: three pictures, and what the person makes of it.
import { messages, say } from "../i18n/language.js";
import { cleanLabel } from "../library/labels.js";
import { NO_SIGN } from "../recognizer/contract.js";
import { SignetError } from "../recognizer/errors.js";
import { make, pictureCanvas } from "../ui/dom.js";
import { words } from "./words.js";

/** @import { SampleClass } from "../library/converter-types.js" */
/** @import { Project } from "../teach/project.js" */
/** @import { Chosen } from "./taking.js" */

/** As many pictures of a class are shown. */
const SHOWN = 3;
/** Values of the choice beside the ids of classes. */
const [OWN, NONE, OUT] = ["own", "none", "out"];

/**
 * @param {SampleClass} found
 * @param {Project} project
 * @param {object} events
 * @param {() => void} events.onChange
 * @param {(index: number) => Promise<Uint8Array>} events.input
 * @param {(index: number) => boolean} events.isTaken whether a picture is from where pictures are taken from
 */
function row({ label, pictures: all, isNoSign }, project, { onChange, input, isTaken }) {
  let pictures = all.filter(isTaken);
  const home = project.classes.find((each) => each.label === label);
  const name = make("input", { type: "text", className: "guess-name", dir: "auto", value: label, autocomplete: "off", spellcheck: false,
    data: { testid: "guess-name" }, says: { "aria-label": () => words().samples.nameOf(label) }, on: { input: onChange } });
  const choice = make("select", { data: { testid: "guess-goes" }, says: { "aria-label": () => words().samples.goes(label) } },
    make("option", { value: OWN, says: () => words().samples.own }),
    ...project.classes.filter((each) => each.label !== NO_SIGN).map((each) => new Option(each.label, each.id)),
    make("option", { value: NONE, says: () => messages.answer.none }),
    make("option", { value: OUT, says: () => words().samples.out }));
  choice.value = isNoSign || label === NO_SIGN ? NONE : home ? home.id : OWN;
  const show = () => {
    name.hidden = choice.value !== OWN;
    element.classList.toggle("left-out", choice.value === OUT);
  };
  choice.addEventListener("change", () => {
    show();
    onChange();
  });
  const thumbs = make("div", { className: "guess-thumbs", attributes: { "aria-hidden": "true" } });
  const count = make("span", { className: "guess-count" });
  const element = make("li", { className: "guess-class", data: { testid: "guess-class", label } },
    thumbs,
    make("p", { className: "guess-label" }, make("span", { dir: "auto", says: () => messages.format.word(label) }), " ", count),
    make("div", { className: "guess-choice" }, choice, name));
  const showCount = () => {
    element.dataset["count"] = String(pictures.length);
    say(count, () => words().samples.images(pictures.length));
  };
  show();
  showCount();

  return {
    element,

    /** Pictures are taken from elsewhere now. */
    follow() {
      pictures = all.filter(isTaken);
      showCount();
      thumbs.replaceChildren();
    },

    /** The first, the middle and the last of its pictures. @param {AbortSignal} signal */
    async preview(signal) {
      const places = new Set([0, pictures.length >> 1, pictures.length - 1].slice(0, Math.min(SHOWN, pictures.length)));
      for (const place of places) {
        // One that can't be read is told when it is taken.
        const pixels = await input(pictures[place] ?? 0).catch(() => null);
        if (signal.aborted) return;
        if (pixels) thumbs.append(pictureCanvas(pixels));
      }
    },

    /** Throws `label-empty` or `label-long`. @returns {Chosen | null} null where it is left out */
    get chosen() {
      if (choice.value === OUT || pictures.length === 0) return null;
      if (choice.value === NONE) return { label: NO_SIGN, pictures };
      if (choice.value === OWN) return { label: cleanLabel(name.value, []), pictures };
      const existing = project.classes.find(({ id }) => id === choice.value);
      if (!existing) throw new SignetError("unexpected", "the class is gone");
      return { label: existing.label, pictures };
    },

    leaveOut() {
      choice.value = OUT;
      show();
    },
  };
}

/** @typedef {ReturnType<typeof row>} Row */

export { row };
