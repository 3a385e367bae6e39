// A line in each view of the network's answers for as long as something of the network is cut, so that nobody takes its answers for the whole network's.
import { say } from "../i18n/language.js";
import { make, passFocus } from "../ui/dom.js";
import { words } from "./words.js";

/** @import { Context } from "./context.js" */

/** @import { Cut } from "../library/inspector-types.js" */

/** What is cut, in a sentence. @param {readonly Cut[]} cuts */
export const cutLine = (cuts) => words().cut.notice(cuts.length, cuts.map(({ block, part }) => words().cut.parts[part](block)).join(", "));

/** @param {Context} context */
export function cutNotice(context) {
  const { state } = context;
  const line = make("p");
  const restore = make("button", { type: "button", data: { testid: "inside-restore" }, says: () => words().cut.restore, on: { click: () => state.set({ cuts: [] }) } });
  const box = make("div", { className: "teach-notice cut-notice", data: { testid: "inside-cuts" } }, line, restore);
  const show = () => {
    const { cuts } = context;
    if (cuts.length === 0) passFocus(box, document.querySelector(".inside-views [aria-pressed=true]"));
    box.hidden = cuts.length === 0;
    say(line, () => cutLine(cuts));
  };
  context.onState((changed) => { if (changed.has("cuts")) show(); });
  show();
  return box;
}
