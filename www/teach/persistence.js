// Persistence: the project is stored in this browser by itself, and saved as a file when the person asks for one.
import { messages, say } from "../i18n/language.js";
import { button, download, field, listenToFiles, part, passFocus } from "../ui/dom.js";
import { showError, showToast } from "../ui/notices.js";
import { openProject, saveProject } from "./archive.js";
import { Project } from "./project.js";

/** @import { FineTunedModel } from "./fine-tuned.js" */
/** @import { Models } from "./models.js" */
/** @import { ProjectChange } from "./project.js" */
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
    // Settings alone are quickly chosen again.
    project.addEventListener("change", (event) => {
      if (/** @type {ProjectChange} */ (event).what !== "settings" || project.count > 0) this.noteChange();
    });
    button("#save-project").addEventListener("click", () => void this.save());
    listenToFiles(field("#open-project-input"), ([file]) => { if (file) void this.open(file); });
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
    const { store } = this.#parts;
    return this.#changed && (store.state !== "writing" || store.unsaved);
  }

  async save() {
    const { project, models } = this.#parts;
    const changed = this.#changed;
    // The file has the project of now: what changes while it is written is not in it.
    this.#changed = false;
    try {
      download(await saveProject({ project, fineTuned: models.fineTuned }), FILE_NAME);
      showToast(() => messages.samples.saved);
    } catch (thrown) {
      this.#changed ||= changed;
      showError(thrown);
    }
  }

  /** The file takes the place of what is open, which can be brought back. @param {File} file */
  async open(file) {
    try {
      const opened = await openProject(file);
      const { project, models: { fineTuned: fineTunedBefore } } = this.#parts;
      const [before, changed] = [Project.restore(project.snapshot(), [...project.samples()]), this.#changed];
      await this.#become(opened.project, opened.fineTuned);
      showToast(() => messages.samples.opened, before.count === 0 && !fineTunedBefore ? null : () => void this.#become(before, fineTunedBefore, changed));
    } catch (thrown) {
      showError(thrown);
    }
  }

  /** @param {Project} project @param {FineTunedModel | null} fineTuned @param {boolean} [changed] whether no file holds it */
  async #become(project, fineTuned, changed = false) {
    this.#parts.project.replaceWith(project);
    this.#changed = changed;
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
