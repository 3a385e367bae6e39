// The images of one class, newest first: one line of them, or all. The arrow keys walk, Delete removes, and so does
// the cross in an image's corner.
import { isRightToLeft, messages, say } from "../i18n/language.js";
import { make, pictureCanvas } from "../ui/dom.js";

/** @import { Sample } from "./snapshot.js" */
/** @typedef {{ onOpen: (id: string) => void, onDelete: (id: string) => void, onEmptied: () => void }} Actions */

/** In one line; a phone shows 6 of them without scrolling, a desk 9. */
const IN_LINE = 24;

export class Thumbnails {
  element = make("div", { className: "thumbs", attributes: { role: "group" } });
  #actions;
  #more;
  /** Each image with its cross. @type {Map<string, HTMLElement>} */
  #shown = new Map();
  #all = false;
  /** @type {Sample[]} */
  #samples = [];
  #label = "";

  /** @param {Actions} actions */
  constructor(actions) {
    this.#actions = actions;
    this.#more = make("button", { type: "button", className: "thumbs-more", data: { testid: "show-all" },
      on: { click: () => this.#toggle() } });
    this.element.addEventListener("keydown", (event) => this.#press(event));
    this.element.addEventListener("click", ({ target }) => {
      const id = target instanceof Element && target.closest("[data-sample]")?.getAttribute("data-sample");
      if (id) this.#actions.onOpen(id);
    });
  }

  /** @param {Sample[]} samples newest first */
  show(samples) {
    this.#samples = samples;
    this.#render();
  }

  /** @param {string} label of the class */
  showLabel(label) {
    if (label === this.#label) return;
    this.#label = label;
    say(this.element, () => messages.card.images(label), "aria-label");
    this.#nameAll();
  }

  /** Numbered by age, so that a new image changes no other one's name. */
  #nameAll() {
    const label = this.#label;
    this.#samples.forEach(({ id, source }, index) => {
      const [thumb, cross] = this.#shown.get(id)?.children ?? [];
      if (!thumb || !cross) return;
      const number = this.#samples.length - index;
      say(thumb, () => messages.card.image(messages.card.sources[source], number, label), "aria-label");
      say(cross, () => messages.card.deleteImage(number, label), "aria-label");
    });
  }

  #toggle() {
    this.#all = !this.#all;
    this.#render();
    this.#more.focus({ preventScroll: true });
  }

  #render() {
    if (this.#samples.length <= IN_LINE) this.#all = false;
    const visible = this.#all ? this.#samples : this.#samples.slice(0, IN_LINE);
    const focused = this.#focusedIndex();
    const kept = new Set(visible.map(({ id }) => id));
    for (const [id, box] of this.#shown) {
      if (kept.has(id)) continue;
      box.remove();
      this.#shown.delete(id);
    }
    // From the last to the first, so that a new first one is one insertion and nothing else moves.
    /** @type {Element | null} */
    let next = this.#more.parentNode ? this.#more : null;
    visible.toReversed().forEach((sample) => {
      let box = this.#shown.get(sample.id);
      if (!box) this.#shown.set(sample.id, box = this.#boxOf(sample));
      if (box.nextElementSibling !== next || box.parentNode !== this.element) this.element.insertBefore(box, next);
      next = box;
    });
    this.#nameAll();
    const hidden = this.#samples.length - visible.length;
    this.element.classList.toggle("all", this.#all);
    if (hidden > 0 || this.#all) {
      say(this.#more, () => (this.#all ? messages.card.fewer : messages.card.all(this.#samples.length)));
      this.element.append(this.#more);
    } else {
      this.#more.remove();
    }
    // The row is entered at its newest image, unless somebody is in it.
    if (focused < 0) this.#thumbs().forEach((thumb, index) => { thumb.tabIndex = index === 0 ? 0 : -1; });
    // The focused one was removed: its neighbour takes the focus, so that Delete can be pressed again.
    if (focused >= 0 && this.#focusedIndex() < 0) this.#focus(Math.min(focused, visible.length - 1));
    if (focused >= 0 && visible.length === 0) this.#actions.onEmptied();
  }

  #focusedIndex() {
    return this.#thumbs().indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  }

  #thumbs() {
    return /** @type {HTMLButtonElement[]} */ ([...this.element.querySelectorAll("[data-sample]")]);
  }

  /** @param {number} index */
  #at(index) {
    return this.#thumbs()[index];
  }

  /** @param {number} index */
  #focus(index) {
    const thumb = this.#at(index);
    if (!thumb) return;
    for (const other of this.#thumbs()) other.tabIndex = -1;
    thumb.tabIndex = 0;
    thumb.focus();
    thumb.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** @param {Sample} sample */
  #boxOf({ id, pixels }) {
    const thumb = make("button", {
      type: "button",
      className: "thumb",
      tabIndex: -1,
      data: { sample: id, testid: "sample" },
      attributes: { "aria-keyshortcuts": "Delete M" },
    }, pictureCanvas(pixels));
    const cross = make("button", {
      type: "button",
      className: "thumb-delete",
      textContent: "×",
      tabIndex: -1, // the Delete key does it
      data: { testid: "thumb-delete" },
      says: { title: () => messages.delete },
      on: {
        click: () => this.#actions.onDelete(id),
        mousedown: (/** @type {Event} */ event) => event.preventDefault(), // it would take the focus along when it goes
      },
    });
    return make("span", { className: "thumb-box" }, thumb, cross);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const index = this.#focusedIndex();
    const id = this.#at(index)?.dataset["sample"];
    if (!id || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.#thumbs().length - 1;
    // Rows differ in length with the width; a row down is where the next one starts at the same place.
    const tops = this.#thumbs().map((thumb) => thumb.getBoundingClientRect().top);
    const perRow = this.#all ? tops.findIndex((top) => top > (tops[0] ?? 0)) : -1;
    const onward = isRightToLeft() ? -1 : 1;
    const step = { ArrowRight: onward, ArrowLeft: -onward, ArrowDown: Math.max(perRow, 1), ArrowUp: -Math.max(perRow, 1) }[event.key];
    if (step) this.#focus(Math.min(Math.max(index + step, 0), last));
    else if (event.key === "Home") this.#focus(0);
    else if (event.key === "End") this.#focus(last);
    else if (event.key === "Delete" || event.key === "Backspace") this.#actions.onDelete(id);
    else return;
    event.preventDefault();
  }
}
