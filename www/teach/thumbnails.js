// The images of one class, newest first: one line of them, or all. The arrow keys walk, Delete removes, and so does
// the cross in an image's corner.
import { isRightToLeft, messages, say } from "../i18n/language.js";
import { arrange, make, pictureCanvas } from "../ui/dom.js";

/** @import { Sample } from "./snapshot.js" */
/** @typedef {{ onOpen: (id: string) => void, onDelete: (id: string) => void, onEmptied: () => void }} Actions */

/** In one line; a phone shows 6 of them without scrolling, a desk 9. */
const IN_LINE = 24;

/** @param {Actions} actions */
export function thumbnails({ onOpen, onDelete, onEmptied }) {
  const element = make("div", { className: "thumbs", attributes: { role: "group" } });
  /** Each image with its cross. @type {Map<string, HTMLElement>} */
  const boxes = new Map();
  /** @type {Sample[]} */
  let samples = [];
  let label = "";
  let showsAll = false;
  const more = make("button", { type: "button", className: "thumbs-more", data: { testid: "show-all" }, on: { click: () => {
    showsAll = !showsAll;
    render();
    more.focus({ preventScroll: true });
  } } });

  const thumbs = () => /** @type {HTMLButtonElement[]} */ ([...element.querySelectorAll("[data-sample]")]);
  const focusedIndex = () => thumbs().indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));

  /** @param {number} index */
  function focus(index) {
    const thumb = thumbs()[index];
    if (!thumb) return;
    for (const other of thumbs()) other.tabIndex = -1;
    thumb.tabIndex = 0;
    thumb.focus();
    thumb.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** Numbered by age, so that a new image changes no other one's name. */
  function nameAll() {
    samples.forEach(({ id, source, origin }, index) => {
      const [thumb, cross] = boxes.get(id)?.children ?? [];
      if (!thumb || !cross) return;
      const number = samples.length - index;
      say(thumb, () => messages.card.image(messages.card.sources[source], number, label), "aria-label");
      say(cross, () => messages.card.deleteImage(number, label), "aria-label");
      if (origin) say(thumb, () => messages.card.from(origin), "title");
    });
  }

  function render() {
    if (samples.length <= IN_LINE) showsAll = false;
    const visible = showsAll ? samples : samples.slice(0, IN_LINE);
    const focused = focusedIndex();
    const shown = visible.map((sample) => boxes.get(sample.id) ?? boxOf(sample, onDelete));
    boxes.clear();
    visible.forEach(({ id }, index) => boxes.set(id, /** @type {HTMLElement} */ (shown[index])));
    arrange(element, shown, more.parentNode ? more : null);
    nameAll();
    element.classList.toggle("all", showsAll);
    if (samples.length > visible.length || showsAll) {
      say(more, () => (showsAll ? messages.card.fewer : messages.card.all(samples.length)));
      element.append(more);
    } else {
      more.remove();
    }
    // The row is entered at its newest image, unless somebody is in it.
    if (focused < 0) thumbs().forEach((thumb, index) => { thumb.tabIndex = index === 0 ? 0 : -1; });
    // The focused one was removed: its neighbour takes the focus, so that Delete can be pressed again.
    if (focused >= 0 && focusedIndex() < 0) focus(Math.min(focused, visible.length - 1));
    if (focused >= 0 && visible.length === 0) onEmptied();
  }

  element.addEventListener("click", ({ target }) => {
    const id = target instanceof Element && target.closest("[data-sample]")?.getAttribute("data-sample");
    if (id) onOpen(id);
  });
  element.addEventListener("keydown", (event) => {
    const index = focusedIndex();
    const id = thumbs()[index]?.dataset["sample"];
    if (!id || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = thumbs().length - 1;
    // Rows differ in length with the width; a row down is where the next one starts at the same place.
    const tops = thumbs().map((thumb) => thumb.getBoundingClientRect().top);
    const perRow = Math.max(showsAll ? tops.findIndex((top) => top > (tops[0] ?? 0)) : 1, 1);
    const onward = isRightToLeft() ? -1 : 1;
    const step = { ArrowRight: onward, ArrowLeft: -onward, ArrowDown: perRow, ArrowUp: -perRow }[event.key];
    if (step) focus(Math.min(Math.max(index + step, 0), last));
    else if (event.key === "Home") focus(0);
    else if (event.key === "End") focus(last);
    else if (event.key === "Delete" || event.key === "Backspace") onDelete(id);
    else return;
    event.preventDefault();
  });

  return {
    element,

    /** @param {Sample[]} newestFirst */
    show(newestFirst) {
      samples = newestFirst;
      render();
    },

    /** @param {string} newLabel of the class */
    showLabel(newLabel) {
      if (newLabel === label) return;
      label = newLabel;
      say(element, () => messages.card.images(label), "aria-label");
      nameAll();
    },
  };
}

/** @param {Sample} sample @param {Actions["onDelete"]} onDelete */
function boxOf({ id, pixels }, onDelete) {
  return make("span", { className: "thumb-box" },
    make("button", {
      type: "button",
      className: "thumb",
      tabIndex: -1,
      data: { sample: id, testid: "sample" },
      attributes: { "aria-keyshortcuts": "Delete M" },
    }, pictureCanvas(pixels)),
    make("button", {
      type: "button",
      className: "thumb-delete",
      textContent: "×",
      tabIndex: -1, // the Delete key does it
      data: { testid: "thumb-delete" },
      says: { title: () => messages.delete },
      on: {
        click: () => onDelete(id),
        mousedown: (/** @type {Event} */ event) => event.preventDefault(), // it would take the focus along when it goes
      },
    }));
}
