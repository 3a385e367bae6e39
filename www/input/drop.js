// Pictures that are pasted or dropped anywhere on the page.
import { isTyping } from "../ui/keyboard.js";

/**
 * The first picture, or failing that the first file, of a paste or a drop.
 * @param {DataTransfer | null} transfer
 * @returns {File | undefined}
 */
function fileOf(transfer) {
  const files = [...(transfer?.files ?? [])];
  return files.find(({ type }) => type.startsWith("image/")) ?? files[0];
}

/**
 * Listens for pictures that are pasted or dropped anywhere on the page.
 * @param {object} listener
 * @param {(file: File) => void} listener.onFile
 * @param {(code: "paste-empty" | "drop-empty") => void} listener.onNothing
 * @param {(dragging: boolean) => void} listener.onDragging
 * @param {(transfer: DataTransfer, event: Event) => boolean} listener.claim asked first: true where there is a
 *   better place for it
 */
export function listenForPictures({ onFile, onNothing, onDragging, claim }) {
  document.addEventListener("paste", (event) => {
    const file = fileOf(event.clipboardData);
    if (file) {
      event.preventDefault();
      if (event.clipboardData && claim(event.clipboardData, event)) return;
      onFile(file);
    } else if (!isTyping(event.target)) {
      onNothing("paste-empty");
    }
  });

  // Entering a child fires before leaving its parent: only the count tells when the pointer is really out.
  let depth = 0;
  const setDepth = (/** @type {number} */ value) => onDragging((depth = Math.max(0, value)) > 0);
  document.addEventListener("dragenter", () => setDepth(depth + 1));
  document.addEventListener("dragleave", () => setDepth(depth - 1));
  // Without this the browser would leave the page for the dropped file.
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    setDepth(0);
    if (event.dataTransfer && claim(event.dataTransfer, event)) return;
    const file = fileOf(event.dataTransfer);
    if (file) onFile(file);
    else onNothing("drop-empty");
  });
}
