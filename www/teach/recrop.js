// The dialog in which a person moves a sample's crop over the picture that it came from.
import { messages } from "../i18n/language.js";
import { CropBox } from "../input/crop-box.js";
import { make, showShape } from "../ui/dom.js";
import { openDialog } from "./dialogs.js";

/** @import { Crop } from "../recognizer/protocol.js" */
/** @import { Original } from "./sample-import.js" */

/**
 * @param {Original} original
 * @returns {Promise<Crop | null>} in pixels of the picture; null where it was not moved
 */
export function chooseCrop({ file, crop, width, height }) {
  const address = URL.createObjectURL(file);
  const frame = make("div", { className: "frame" }, make("img", { src: address, says: { alt: () => messages.card.cropPicture } }));
  showShape(frame, width, height);
  const use = make("button", { type: "button", className: "primary", disabled: true, says: () => messages.card.cropUse, data: { testid: "crop-use" },
    on: { click: () => dialog.close("use") } });
  const box = new CropBox({
    onChosen: () => { use.disabled = false; },
    onReleased: () => {
      use.disabled = true;
      box.show(frame, crop, { width, height }, "found");
    },
  });
  const dialog = openDialog(() => messages.card.cropTitle, { testid: "crop-dialog" },
    make("p", { says: () => messages.card.cropHow }),
    make("div", { className: "crop-stage" }, frame),
    make("div", { className: "dialog-actions" },
      make("button", { type: "button", says: () => messages.cancel, data: { testid: "crop-cancel" }, on: { click: () => dialog.close() } }),
      use));
  box.listenTo(frame);
  box.show(frame, crop, { width, height }, "found");
  return new Promise((done) => {
    dialog.addEventListener("close", () => {
      URL.revokeObjectURL(address);
      done(dialog.returnValue === "use" ? box.yours : null);
    });
  });
}
