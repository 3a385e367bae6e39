// One class as a card: its name, its count, its three inputs, its images, its menu.
import { messages, renderWith, say } from "../i18n/language.js";
import { NO_SIGN } from "../recognizer/contract.js";
import { listenToFiles, make } from "../ui/dom.js";
import { isComposing } from "../ui/keyboard.js";
import { thumbnails } from "./thumbnails.js";

/** @import { SampleClass } from "../library/split.js" */
/** @import { Sample } from "./snapshot.js" */
/** @typedef {keyof import("../i18n/en.js").Messages["card"]["controls"]} Control */

/**
 * What a person does with a card; each is told which class it is about.
 * @typedef {object} CardActions
 * @property {(id: string, label: string) => string} onRename returns the name that the class has then
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

/** @typedef {ReturnType<typeof classCard>} ClassCard */

/** @param {string} id of the class @param {CardActions} actions */
export function classCard(id, actions) {
  let label = "";
  let isOff = false;
  let isRecording = false;

  const name = make("input", {
    type: "text", className: "class-name", dir: "auto", data: { testid: "class-name" }, autocomplete: "off", spellcheck: false,
    on: {
      change: () => { name.value = actions.onRename(id, name.value); },
      keydown: (/** @type {KeyboardEvent} */ event) => {
        if (isComposing(event)) return;
        if (event.key === "Enter") element.focus();
        if (event.key !== "Escape") return;
        event.preventDefault(); // it means this name, not the training
        showName();
        element.focus();
      },
    },
  });
  const count = make("span", { data: { testid: "sample-count" } });
  const split = make("span", { className: "split", data: { testid: "split" } });
  const record = recordButton(id, actions);
  const thumbs = thumbnails({ onOpen: actions.onOpenSample, onDelete: actions.onDeleteSample, onEmptied: () => element.focus() });
  const hint = make("p", { className: "card-hint" });
  /** What is opened in the card: the camera or the drawing pad, while it is this card's. */
  const place = make("div", { className: "card-place" });

  const showName = () => { name.value = messages.format.word(label); };
  const rename = () => {
    name.focus();
    name.select();
  };
  const enable = menuItem("", () => actions.onEnable(id, isOff), "class-enable");
  const up = menuItem(() => messages.card.up, () => actions.onMoveClass(id, -1), "class-up");
  const down = menuItem(() => messages.card.down, () => actions.onMoveClass(id, 1), "class-down");
  const menu = make("details", { className: "card-menu" },
    make("summary", { textContent: "⋯", data: { testid: "class-menu", control: "menu" } }),
    make("div", { className: "menu-items" },
      menuItem(() => messages.card.rename, rename, "class-rename"),
      ...fileButton(() => messages.card.folder, `class-folder-input-${id}`,
        { data: { testid: "class-folder-input", control: "folder" }, multiple: true, webkitdirectory: true }, (files) => actions.onFiles(id, files, true)),
      up, down, enable,
      menuItem(() => messages.delete, () => actions.onDeleteClass(id), "class-delete")));
  closeByItself(menu);

  const element = make("li", { className: "class-card", tabIndex: -1, data: { testid: "class-card", id } },
    make("div", { className: "card-head" },
      make("span", { className: "card-dot" }), name, make("p", { className: "card-count" }, count, split), menu),
    make("div", { className: "card-ways" },
      record,
      make("button", { type: "button", says: () => messages.webcam, data: { testid: "class-webcam", control: "webcam" }, on: { click: () => actions.onWebcam(id) } }),
      ...fileButton(() => messages.upload, `class-upload-input-${id}`,
        { data: { testid: "class-upload-input", control: "upload" }, multiple: true, accept: "image/*" }, (files) => actions.onFiles(id, files, false)),
      make("button", { type: "button", says: () => messages.draw, data: { testid: "class-draw", control: "draw" }, on: { click: () => actions.onDraw(id) } })),
    place, hint, thumbs.element);

  const nameRecord = () => say(record, () => messages.card.controls[isRecording ? "recording" : "hold"](label), "aria-label");

  return {
    element,
    place,
    rename,

    /** @param {SampleClass} sampleClass @param {{ index: number, of: number }} position */
    showClass({ label: newLabel, enabled }, { index, of }) {
      label = newLabel;
      isOff = !enabled;
      Object.assign(element.dataset, { label, colour: index % 6 });
      if (enabled) delete element.dataset["off"];
      else element.dataset["off"] = "";
      // What somebody is typing stays.
      renderWith(name, () => { if (document.activeElement !== name || name.value.trim() === label) showName(); }, "value");
      say(hint, () => (label === NO_SIGN ? messages.card.hintNoSign : messages.card.hint));
      say(name, () => messages.card.name(label), "aria-label");
      for (const control of /** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll("[data-control]"))) {
        const key = /** @type {Control} */ (control.dataset["control"]);
        say(control, () => messages.card.controls[key](label), "aria-label");
      }
      nameRecord();
      thumbs.showLabel(label);
      say(enable, () => (enabled ? messages.card.disable : messages.card.enable));
      up.disabled = index === 0;
      down.disabled = index === of - 1;
    },

    /** @param {Sample[]} samples newest first @param {(sample: Sample) => boolean} isShown the others are counted alone */
    showSamples(samples, isShown) {
      const shown = samples.filter(isShown);
      element.dataset["count"] = String(samples.length);
      say(count, () => messages.card.count(samples.length));
      hint.hidden = samples.length > 0;
      thumbs.element.hidden = shown.length === 0;
      thumbs.show(shown);
    },

    /** @param {{ training: number, validation: number } | undefined} parts */
    showSplit({ training, validation } = { training: 0, validation: 0 }) {
      say(split, () => {
        if (isOff) return messages.card.disabled;
        if (training + validation === 0) return "";
        return validation === 0 ? messages.card.allLearn : messages.card.split(training, validation);
      });
    },

    /** What goes on with its files, in place of the split. @param {import("../i18n/language.js").Words} line */
    showBusy(line) {
      element.classList.toggle("busy", line !== "");
      say(split, line);
    },

    /** @param {boolean} on */
    showRecording(on) {
      isRecording = on;
      element.classList.toggle("recording", on);
      say(record, () => (on ? messages.card.recording : messages.card.hold));
      nameRecord();
    },
  };
}

/** Held by a pointer, by Space or by Enter; a click that comes from none of them records one image. @param {string} id @param {CardActions} actions */
function recordButton(id, { onHold, onRelease, onOnce }) {
  let held = false;
  const hold = () => {
    if (held) return;
    held = true;
    onHold(id);
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
      click: (/** @type {PointerEvent} */ event) => { if (event.detail === 0) onOnce(id); },
    },
  });
}

/** @param {() => string} text @param {string} id @param {Parameters<typeof make<"input">>[1]} given @param {(files: File[]) => void} onFiles */
function fileButton(text, id, given, onFiles) {
  const input = make("input", { type: "file", className: "unseen", id, ...given });
  listenToFiles(input, onFiles);
  return [make("label", { className: "button", htmlFor: id, says: text }), input];
}

/** @param {HTMLDetailsElement} menu */
function closeByItself(menu) {
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
}

/** @param {import("../i18n/language.js").Words} text @param {() => void} onClick @param {string} testid */
function menuItem(text, onClick, testid) {
  return make("button", { type: "button", says: text, data: { testid }, on: { click: onClick } });
}
