// Finding elements of index.html, and making new ones. Text is always text: nothing here parses markup.
import { say } from "../i18n/language.js";
import { INPUT_SIDE } from "../recognizer/contract.js";

/**
 * The one element that a selector names; a missing one is a mistake in index.html.
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T}
 */
export function element(selector, type) {
  const found = document.querySelector(selector);
  if (!(found instanceof type)) throw new TypeError(`index.html has no ${type.name} ${selector}`);
  return found;
}

/** @param {string} selector */
export const part = (selector) => element(selector, HTMLElement);

/** @param {string} selector */
export const button = (selector) => element(selector, HTMLButtonElement);

/** @param {string} selector */
export const field = (selector) => element(selector, HTMLInputElement);

/**
 * A new element: its own properties, its data-* and other attributes, what it says in the language of the page (as
 * text, or in an attribute), what it listens to, and its children.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {{ data?: Record<string, string>, attributes?: Record<string, string>,
 *   says?: import("../i18n/language.js").Words | Partial<Record<"text" | "title" | "alt" | "aria-label" | "aria-roledescription", import("../i18n/language.js").Words>>,
 *   on?: Record<string, (event: any) => void> } & Partial<Omit<HTMLElementTagNameMap[K], "dataset" | "attributes">>} [given]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, { data = {}, attributes = {}, says = {}, on = {}, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  Object.assign(made.dataset, data);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  for (const [type, listener] of Object.entries(on)) made.addEventListener(type, listener);
  if (typeof says === "object") for (const [place, words] of Object.entries(says)) say(made, words, place === "text" ? "" : place);
  else say(made, says);
  made.append(...children);
  return made;
}

/**
 * Moves the focus on where `from` holds it and is hidden, disabled or removed next: the browser would leave it nowhere,
 * and whoever can't see the page would be at its top again.
 * @param {Element} from
 * @param {...(EventTarget | null | undefined)} to the first of them that can have it gets it
 */
export function passFocus(from, ...to) {
  if (!from.contains(document.activeElement)) return;
  const next = to.find((each) => each instanceof HTMLElement && each.checkVisibility() && !each.matches(":disabled"));
  if (next instanceof HTMLElement) next.focus({ preventScroll: true });
}

/**
 * For a part of the page that comes and goes.
 * @param {Element} box
 * @returns {() => void} called before it goes: the focus returns to where it came from, or else to the open tab
 */
export function returnsFocus(box) {
  /** @type {EventTarget | null} */
  let before = null;
  box.addEventListener("focusin", (event) => {
    const { relatedTarget } = /** @type {FocusEvent} */ (event);
    if (!(relatedTarget instanceof Node && box.contains(relatedTarget))) before = relatedTarget;
  });
  return () => passFocus(box, before, part("[role=tab][aria-selected=true]"));
}

/**
 * Makes `children` a list's first ones, in this order, and takes out what stood between them. What is there already is
 * not moved: it keeps the focus.
 * @param {Element} list
 * @param {Element[]} children
 * @param {Element | null} [end] what follows them
 */
export function arrange(list, children, end = null) {
  const kept = new Set([...children, end]);
  for (const child of [...list.children]) if (!kept.has(child)) child.remove();
  let next = end;
  for (const child of children.toReversed()) {
    if (child.parentNode !== list || child.nextElementSibling !== next) list.insertBefore(child, next);
    next = child;
  }
}

/** The outline of the central crop needs the picture's shape. @param {HTMLElement} frame @param {number} width @param {number} height */
export function showShape(frame, width, height) {
  frame.style.setProperty("--ratio", String(width && height ? width / height : 4 / 3));
  frame.classList.toggle("upright", height > width);
  frame.classList.toggle("whole", height === width);
}

/** A picture as the model sees it, 64x64 RGBA, on a canvas of its own. @param {Uint8Array} pixels */
export function pictureCanvas(pixels) {
  const canvas = make("canvas", { width: INPUT_SIDE, height: INPUT_SIDE, attributes: { "aria-hidden": "true" } });
  canvas.getContext("2d")?.putImageData(new ImageData(new Uint8ClampedArray(pixels), INPUT_SIDE, INPUT_SIDE), 0, 0);
  return canvas;
}

/** A file input, whose files may be the same ones again. @param {HTMLInputElement} input @param {(files: File[]) => void} onFiles */
export function listenToFiles(input, onFiles) {
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    input.value = ""; // choosing the same files again is a change too
    if (files.length > 0) onFiles(files);
  });
}

/** Hands a file to the person, as a download. @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const url = URL.createObjectURL(blob);
  make("a", { href: url, download: name }).click();
  // The browser has taken the address by then, also for a file of a hundred megabytes.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The styles of a part of the page that is loaded later. @param {URL} address */
export function loadStyle(address) {
  const link = make("link", { rel: "stylesheet", href: address.href });
  return new Promise((resolve, reject) => {
    link.onload = () => resolve(undefined);
    link.onerror = () => reject(new TypeError(`${address.pathname} did not arrive`));
    document.head.append(link);
  });
}
