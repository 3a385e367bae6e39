// A line in every view for as long as something of the network is cut, so that nobody takes its answers for the whole network's.
import { say } from "../i18n/language.js";
import { make, passFocus } from "../ui/dom.js";

/** @import { Context } from "./context.js" */

/** @param {Context} context */
export function cutNotice(context) {
  const { state, words } = context;
  const line = make("p");
  const restore = make("button", { type: "button", data: { testid: "inside-restore" }, says: () => words().cut.restore, on: { click: () => state.set({ cuts: [] }) } });
  const box = make("div", { className: "teach-notice cut-notice", data: { testid: "inside-cuts" } }, line, restore);
  const show = () => {
    const { cuts } = context;
    if (cuts.length === 0) passFocus(box, document.querySelector(".inside-views [aria-pressed=true]"));
    box.hidden = cuts.length === 0;
    say(line, () => words().cut.notice(cuts.length, cuts.map(({ block, part }) => words().cut.parts[part](block)).join(", ")));
  };
  context.onState((changed) => { if (changed.has("cuts")) show(); });
  show();
  return box;
}
