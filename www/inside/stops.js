// The guided tour: five stops of one screen each. A stop is a state of the tab with a few sentences above it, so that a link
// to it is a lesson; the view `stops` lists them.
import { renderWith } from "../i18n/language.js";
import { make, passFocus } from "../ui/dom.js";
import { announce } from "../ui/notices.js";
import { STOPS, stateOfStop, writeFragment } from "./state.js";
import { words } from "./words.js";

/** @import { State } from "./state.js" */

const LAST = STOPS.length;

/** A picture of the person's own stays: then the lesson is about that. @param {State} state @param {number} stop */
const towards = (state, stop) => ({ ...stateOfStop(stop), ...(state.get("example") === "" && { example: /** @type {const} */ ("") }) });

/** @type {import("./context.js").View} */
export const stops = { mount(container, { state }) {
  container.append(make("p", { className: "note", says: () => words().stops.lead }),
    make("ol", { className: "stops-list" }, ...STOPS.map((_, index) => {
      const of = () => words().stops.list[index];
      const link = make("a", { href: writeFragment(stateOfStop(index + 1)), className: "stops-link", data: { testid: "inside-stop-link" }, says: () => of()?.title ?? "", on: { click: (event) => {
        event.preventDefault(); // the address changes with the state
        state.set(towards(state, index + 1));
      } } });
      return make("li", {}, link, make("p", { says: () => of()?.text ?? "" }));
    })));
} };

/** What stands above the view while a stop is open. @param {State} state @param {AbortSignal} signal */
export function stopBox(state, signal) {
  const heading = make("h3", { tabIndex: -1, data: { testid: "inside-stop-title" } });
  const [text, task] = [make("p", {}), make("p", { className: "stop-task" })];
  const go = (/** @type {number} */ stop) => state.set(stop === 0 ? { stop, view: "stops" } : towards(state, stop));
  const button = (/** @type {"back" | "next" | "leave"} */ name, /** @type {() => number} */ to, className = "") =>
    make("button", { type: "button", className, data: { testid: `inside-stop-${name}` }, says: () => words().stops[name], on: { click: () => go(to()) } });
  const back = button("back", () => Math.max(1, state.get("stop") - 1));
  const next = button("next", () => (state.get("stop") + 1) % (LAST + 1), "strong");
  const leave = button("leave", () => 0, "quiet");
  const box = make("aside", { className: "stop", hidden: true, data: { testid: "inside-stop" }, says: { "aria-label": () => words().shell.views.stops } },
    heading, text, task, make("div", { className: "stop-buttons" }, leave, back, next));
  const render = () => {
    const stop = state.get("stop");
    const said = words().stops.list[stop - 1];
    if (!said) {
      passFocus(box, document.querySelector("[data-testid=inside-to-stops]"));
      box.hidden = true;
      return;
    }
    box.hidden = false;
    box.dataset["stop"] = String(stop);
    heading.textContent = words().stops.position(stop, LAST, said.title);
    text.textContent = said.text;
    task.textContent = said.task;
    back.disabled = stop === 1;
    if (back.disabled) passFocus(back, next);
    next.textContent = stop === LAST ? words().stops.end : words().stops.next;
  };
  renderWith(box, render);
  state.onChange((changed) => {
    if (!changed.has("stop")) return;
    render();
    if (!box.hidden) announce(heading.textContent ?? "");
  }, signal);
  return box;
}
