// Six drawn signs to try, one for each class of the shipped model.
import { SignetError, asSignetError } from "../recognizer/errors.js";
import { make, part } from "../ui/dom.js";
import { exampleLine } from "../ui/words.js";

const LABELS = ["0", "1", "2", "3", "4", "5"];

/**
 * Puts them on the page.
 * @param {object} events
 * @param {(file: File) => void} events.onChosen
 * @param {(error: SignetError) => void} events.onError
 */
export function offerExamples({ onChosen, onError }) {
  part("#examples").append(...LABELS.map((label) => {
    const address = new URL(`../examples/${label}.svg`, import.meta.url).href;
    const choose = () => fetchExample(address, label).then(onChosen, (thrown) => onError(asSignetError(thrown)));
    return make("button", { type: "button", className: "example", data: { testid: "example", label }, on: { click: choose } },
      make("img", { src: address, says: { alt: () => exampleLine(label) }, width: 44, height: 44, draggable: false }));
  }));
}

/** A file like any that a person chooses: it goes the same way. @param {string} address @param {string} label */
async function fetchExample(address, label) {
  const response = await fetch(address).catch((cause) => {
    throw new SignetError("file-unreadable", `${address}: no answer`, cause);
  });
  if (!response.ok) throw new SignetError("file-unreadable", `${address}: the host answered ${response.status}`);
  // Its type is ours to say: some hosts don't know that of a vector picture.
  return new File([await response.arrayBuffer()], exampleLine(label), { type: "image/svg+xml" });
}
