// Shortcuts. Single letters are off while a person types, and can be switched off altogether.

const SETTING = "signet.single-letter-shortcuts";

export class Shortcuts {
  #enabled = readSetting();

  /**
   * @param {{ onCapture: () => void, onStop: () => void, onHelp: () => void }} actions
   */
  constructor({ onCapture, onStop, onHelp }) {
    document.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (document.querySelector("dialog[open]")) return; // Esc closes it, the rest is not for the page behind
      if (event.key === "Escape") return onStop();
      if (!this.#enabled || isTyping(event.target)) return;
      if (event.key === "?") onHelp();
      else if (event.key.toLowerCase() === "c") onCapture();
    });
  }

  get enabled() {
    return this.#enabled;
  }

  set enabled(value) {
    this.#enabled = value;
    try {
      localStorage.setItem(SETTING, value ? "on" : "off");
    } catch {
      // Storage is blocked: the setting lasts as long as the page.
    }
  }
}

function readSetting() {
  try {
    return localStorage.getItem(SETTING) !== "off";
  } catch {
    return true;
  }
}

/** Letters pick an entry in a select, so that counts as typing too. @param {EventTarget | null} target */
function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  const isField = target.matches("textarea, select, input:not([type=range], [type=radio], [type=checkbox], [type=file])");
  return isField || target.isContentEditable;
}
