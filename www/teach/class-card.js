// One class as a card: its name, its count, its three inputs, its images, its menu.
import { messages, say } from "../i18n/language.js";
import { make } from "../ui/dom.js";
import { Thumbnails } from "./thumbnails.js";

/** @import { Sample, SampleClass } from "./snapshot.js" */
/** @typedef {keyof import("../i18n/en.js").Messages["card"]["controls"]} Control */

/**
 * What a person does with a card; each is told which class it is about.
 * @typedef {object} CardActions
 * @property {(id: string, label: string) => void} onRename
 * @property {(id: string, files: File[], isFolder: boolean) => void} onFiles
 * @property {(id: string) => void} onHold
 * @property {() => void} onRelease
 * @property {(id: string) => void} onOnce one image, for whoever can't hold a button
 * @property {(id: string) => void} onWebcam
 * @property {(id: string) => void} onDraw
 * @property {(id: string, delta: number) => void} onMoveClass
 * @property {(id: string, enabled: boolean) => void} onEnable
 * @property {(id: string) => void} onDeleteClass
 * @property {(sampleId: string) => void} onOpenSample
 * @property {(sampleId: string) => void} onDeleteSample
 */

export class ClassCard {
  element;
  #id;
  #actions;
  #name;
  #count = make("span", { data: { testid: "sample-count" } });
  #split = make("span", { className: "split", data: { testid: "split" } });
  #thumbs;
  #hint = make("p", { className: "card-hint", says: () => messages.card.hint });
  /** What is opened in the card: the camera or the drawing pad, while it is this card's. */
  place = make("div", { className: "card-place" });
  #enable;
  #up;
  #down;
  #record;
  /** Controls that each card has, so that they are told apart by its class. @type {[HTMLElement, Control][]} */
  #named = [];

  /** @param {SampleClass} sampleClass @param {CardActions} actions */
  constructor({ id, label }, actions) {
    this.#id = id;
    this.#actions = actions;
    this.#thumbs = new Thumbnails({ onOpen: actions.onOpenSample, onDelete: actions.onDeleteSample, onEmptied: () => this.element.focus() });
    this.#name = this.#nameField();
    this.#enable = menuItem("", () => actions.onEnable(id, this.#isOff), "class-enable");
    this.#up = menuItem(() => messages.card.up, () => actions.onMoveClass(id, -1), "class-up");
    this.#down = menuItem(() => messages.card.down, () => actions.onMoveClass(id, 1), "class-down");
    this.#record = this.#recordButton();
    this.element = make("li", { className: "class-card", tabIndex: -1, data: { testid: "class-card", id } },
      make("div", { className: "card-head" },
        make("span", { className: "card-dot" }), this.#name,
        make("p", { className: "card-count" }, this.#count, this.#split), this.#menu()),
      make("div", { className: "card-ways" },
        this.#record,
        this.#withClassName("webcam",
          make("button", { type: "button", says: () => messages.webcam, data: { testid: "class-webcam" }, on: { click: () => actions.onWebcam(id) } })),
        ...this.#fileButton(() => messages.upload, "class-upload-input", { multiple: true, accept: "image/*" }, false),
        this.#withClassName("draw",
          make("button", { type: "button", says: () => messages.draw, data: { testid: "class-draw" }, on: { click: () => actions.onDraw(id) } }))),
      this.place, this.#hint, this.#thumbs.element);
    this.#name.value = label;
  }

  /** @param {SampleClass} sampleClass @param {{ index: number, of: number }} place */
  showClass({ label, enabled }, { index, of }) {
    this.element.dataset["label"] = label;
    this.element.dataset["colour"] = String(index % 6);
    if (enabled) delete this.element.dataset["off"];
    else this.element.dataset["off"] = "";
    if (document.activeElement !== this.#name || this.#name.value.trim() === label) this.#name.value = label;
    say(this.#name, () => messages.card.name(label), "aria-label");
    for (const [control, key] of this.#named) say(control, () => messages.card.controls[key](label), "aria-label");
    this.#nameRecord();
    this.#thumbs.showLabel(label);
    say(this.#enable, () => (enabled ? messages.card.disable : messages.card.enable));
    this.#up.disabled = index === 0;
    this.#down.disabled = index === of - 1;
  }

  /** @param {Sample[]} samples newest first */
  showSamples(samples) {
    this.element.dataset["count"] = String(samples.length);
    say(this.#count, () => messages.card.count(samples.length));
    this.#hint.hidden = samples.length > 0;
    this.#thumbs.element.hidden = samples.length === 0;
    this.#thumbs.show(samples);
  }

  /** @param {{ training: number, validation: number } | undefined} split */
  showSplit(split) {
    const isOff = this.#isOff;
    const { training = 0, validation = 0 } = split ?? {};
    say(this.#split, () => {
      if (isOff) return messages.card.disabled;
      if (training + validation === 0) return "";
      return validation === 0 ? messages.card.allLearn : messages.card.split(training, validation);
    });
  }

  /** What goes on with its files, in place of the hint. @param {import("../i18n/language.js").Words} line */
  showBusy(line) {
    this.element.classList.toggle("busy", line !== "");
    say(this.#split, line);
  }

  get #isOff() {
    return "off" in this.element.dataset;
  }

  /** @param {boolean} on */
  showRecording(on) {
    this.element.classList.toggle("recording", on);
    say(this.#record, () => (on ? messages.card.recording : messages.card.hold));
    this.#nameRecord();
  }

  rename() {
    this.#name.focus();
    this.#name.select();
  }

  /** @template {HTMLElement} T @param {Control} key @param {T} control */
  #withClassName(key, control) {
    this.#named.push([control, key]);
    return control;
  }

  #nameRecord() {
    const key = this.element.classList.contains("recording") ? "recording" : "hold";
    const label = this.element.dataset["label"] ?? "";
    say(this.#record, () => messages.card.controls[key](label), "aria-label");
  }

  /** The name goes back to what it is. @param {string} label */
  restoreName(label) {
    this.#name.value = label;
  }

  #nameField() {
    const rename = () => this.#actions.onRename(this.#id, this.#name.value);
    return make("input", {
      type: "text", className: "class-name", dir: "auto", data: { testid: "class-name" }, autocomplete: "off", spellcheck: false,
      on: {
        change: rename,
        keydown: (/** @type {KeyboardEvent} */ event) => {
          if (event.key === "Enter") this.element.focus();
          if (event.key !== "Escape") return;
          event.preventDefault(); // it means this name, not the training
          this.#name.value = this.element.dataset["label"] ?? "";
          this.element.focus();
        },
      },
    });
  }

  /** Held by a pointer, by Space or by Enter; a click that comes from none of them records one image. */
  #recordButton() {
    const { onHold, onRelease, onOnce } = this.#actions;
    let held = false;
    const hold = () => {
      if (held) return;
      held = true;
      onHold(this.#id);
    };
    const release = () => {
      if (held) onRelease();
      held = false;
    };
    const isKey = (/** @type {KeyboardEvent} */ { key }) => key === " " || key === "Enter";
    return make("button", {
      type: "button", className: "record", says: () => messages.card.hold, data: { testid: "record" },
      on: {
        pointerdown: (/** @type {PointerEvent} */ event) => {
          if (event.button !== 0) return;
          /** @type {Element} */ (event.target).setPointerCapture(event.pointerId);
          hold();
        },
        pointerup: release,
        pointercancel: release,
        lostpointercapture: release,
        contextmenu: (/** @type {Event} */ event) => event.preventDefault(), // a long press asks for it
        keydown: (/** @type {KeyboardEvent} */ event) => {
          if (!isKey(event) || event.ctrlKey || event.metaKey || event.altKey) return;
          event.preventDefault();
          if (!event.repeat) hold();
        },
        keyup: (/** @type {KeyboardEvent} */ event) => {
          if (!isKey(event)) return;
          event.preventDefault();
          release();
        },
        blur: release,
        click: (/** @type {PointerEvent} */ event) => { if (event.detail === 0) onOnce(this.#id); },
      },
    });
  }

  /**
   * A label that looks like a button, and the file input that it opens.
   * @param {() => string} text
   * @param {string} testid
   * @param {{ multiple: boolean, accept?: string, webkitdirectory?: boolean }} properties
   * @param {boolean} isFolder
   */
  #fileButton(text, testid, properties, isFolder) {
    const id = `${testid}-${this.#id}`;
    const input = this.#withClassName(isFolder ? "folder" : "upload", make("input", {
      type: "file", className: "unseen", id, data: { testid }, ...properties,
      on: {
        change: () => {
          const files = [...(input.files ?? [])];
          input.value = ""; // choosing the same files again is a change too
          if (files.length > 0) this.#actions.onFiles(this.#id, files, isFolder);
        },
      },
    }));
    return [make("label", { className: "button", htmlFor: id, says: text }), input];
  }

  #menu() {
    const menu = make("details", { className: "card-menu" },
      this.#withClassName("menu", make("summary", { textContent: "⋯", data: { testid: "class-menu" } })),
      make("div", { className: "menu-items" },
        menuItem(() => messages.card.rename, () => this.rename(), "class-rename"),
        ...this.#fileButton(() => messages.card.folder, "class-folder-input", { multiple: true, webkitdirectory: true }, true),
        this.#up, this.#down, this.#enable,
        menuItem(() => messages.delete, () => this.#actions.onDeleteClass(this.#id), "class-delete")));
    const close = () => { menu.open = false; };
    menu.addEventListener("toggle", () => { if (menu.open) menu.lastElementChild?.scrollIntoView({ block: "nearest" }); });
    menu.addEventListener("click", ({ target }) => {
      if (!(target instanceof Element && target.closest(".menu-items"))) return;
      close();
      // What had the focus is hidden now, or was moved with its card.
      const { activeElement } = document;
      if (activeElement === document.body || menu.contains(activeElement)) menu.querySelector("summary")?.focus({ preventScroll: true });
    });
    menu.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) close();
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      event.preventDefault();
      close();
      menu.querySelector("summary")?.focus();
    });
    return menu;
  }
}

/** @param {import("../i18n/language.js").Words} text @param {() => void} onClick @param {string} testid */
function menuItem(text, onClick, testid) {
  return make("button", { type: "button", says: text, data: { testid }, on: { click: onClick } });
}
