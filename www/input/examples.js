// Six drawn signs to try, one for each class of the shipped model.
import { messages } from "../i18n/language.js";
import { DIGITS } from "../recognizer/contract.js";
import { SignetError } from "../recognizer/errors.js";
import { make, part } from "../ui/dom.js";
import { showError } from "../ui/notices.js";
import { wordOf } from "../ui/view.js";

const nameOf = (/** @type {string} */ label) => messages.input.example(wordOf(label));

const addressOf = (/** @type {string} */ label) => new URL(`../examples/${label}.svg`, import.meta.url).href;

/** Puts them on the page. @param {(file: File, label: string) => void} onChosen */
export function offerExamples(onChosen) {
  part("#examples").append(...DIGITS.map((label) => {
    const address = addressOf(label);
    const choose = () => chooseExample(label).then((file) => onChosen(file, label), showError);
    return make("button", { type: "button", className: "example", data: { testid: "example", label }, on: { click: choose } },
      make("img", { src: address, says: { alt: () => nameOf(label) }, width: 44, height: 44, draggable: false }));
  }));
}

/** A file like any that a person chooses: it goes the same way. Throws `file-unreadable`. @param {string} label */
export async function chooseExample(label) {
  const address = addressOf(label);
  const response = await fetch(address).catch((cause) => {
    throw new SignetError("file-unreadable", `${address}: no answer`, cause);
  });
  if (!response.ok) throw new SignetError("file-unreadable", `${address}: the host answered ${response.status}`);
  // Its type is ours to say: some hosts don't know that of a vector picture.
  return new File([await response.arrayBuffer()], nameOf(label), { type: "image/svg+xml" });
}
