// Persistence: the project is stored in this browser by itself, and saved as a file when the person asks for one.
import { messages, say } from "../i18n/language.js";
import { button, download, field, listenToFiles, part, passFocus } from "../ui/dom.js";
import { showError, showToast } from "../ui/notices.js";
import { openProject, saveProject } from "./archive.js";
import { Project } from "./project.js";

/** @import { FineTunedModel } from "./fine-tuned.js" */
/** @import { Models } from "./models.js" */
/** @import { Store } from "./store.js" */

const FILE_NAME = "signet-project.signet";

export class Persistence {
  #parts;
  #onOpened;
  /** Whether something has changed since the project was opened or saved as a file. */
  #changed = false;

  /**
   * @param {{ project: Project, models: Models, store: Store }} parts
   * @param {(fineTuned: FineTunedModel | null) => Promise<void>} onOpened another project is here, with its model
   */
  constructor(parts, onOpened) {
    this.#parts = parts;
    this.#onOpened = onOpened;
    const { project, store } = parts;
    project.addEventListener("change", () => this.noteChange());
    button("#save-project").addEventListener("click", () => void this.save());
    listenToFiles(field("#open-project-input"), ([file]) => { if (file) void this.#open(file); });
    button("#store-take-over").addEventListener("click", () => void store.takeOver(project));
    store.onState(() => this.#showStore());
    this.#showStore();
  }

  /** The project, or the model that belongs to it, is no longer what the file holds. */
  noteChange() {
    this.#changed = true;
  }

  /** Whether closing the page would lose something: nothing is stored, or it is only on its way. */
  get isLosing() {
    const { project, store } = this.#parts;
    return this.#changed && project.count > 0 && (store.state !== "writing" || store.unsaved);
  }

  async save() {
    try {
      download(await saveProject({ project: this.#parts.project, fineTuned: this.#parts.models.fineTuned }), FILE_NAME);
      this.#changed = false;
      showToast(() => messages.samples.saved);
    } catch (thrown) {
      showError(thrown);
    }
  }

  /** The file takes the place of what is open, which can be brought back. @param {File} file */
  async #open(file) {
    try {
      const opened = await openProject(file);
      const { project, models: { fineTuned: fineTunedBefore } } = this.#parts;
      const before = Project.restore(project.snapshot(), [...project.samples()]);
      await this.#become(opened.project, opened.fineTuned);
      showToast(() => messages.samples.opened, before.count === 0 && !fineTunedBefore ? null : () => void this.#become(before, fineTunedBefore));
    } catch (thrown) {
      showError(thrown);
    }
  }

  /** @param {Project} project @param {FineTunedModel | null} fineTuned */
  async #become(project, fineTuned) {
    this.#parts.project.replaceWith(project);
    this.#changed = false;
    await this.#onOpened(fineTuned);
  }

  #showStore() {
    const { state, reason } = this.#parts.store;
    const isWriting = state === "writing";
    if (isWriting) passFocus(part("#store-notice"), button("#add-class"));
    part("#store-notice").hidden = isWriting;
    part("#store-notice").dataset["state"] = state;
    say(part("#store-line"), () => (state === "other-tab" ? messages.samples.otherTab : messages.errors[reason ?? "storage-unavailable"]));
    const takeOver = button("#store-take-over");
    takeOver.hidden = state !== "other-tab" && reason !== "storage-full";
    say(takeOver, () => (reason === "storage-full" ? messages.samples.tryAgain : messages.samples.keepThis));
  }
}
