// The way out for models, and in for those that others share: what the page opens when one of it is first used.
import { FILES as ELEMENT, THREADS } from "../element/files.js";
import { storeAlso } from "../offline/offline.js";
import { loadStyle } from "../ui/dom.js";
import { showError } from "../ui/notices.js";
import { ExportMenu } from "./export-menu.js";
import { FILES } from "./files.js";
import { openShareDialog } from "./share-link.js";
import { SharedModels } from "./shared-model.js";
import { loadWords } from "./words.js";

/** @import { Page } from "./page.js" */

export class Doors {
  #page;
  #shared;
  exportMenu;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    this.exportMenu = new ExportMenu(page);
    this.#shared = new SharedModels(page);
  }

  /** Loads what the room needs besides its scripts. @param {Page} page */
  static async start(page) {
    await Promise.all([loadWords(), loadStyle(new URL("share.css", import.meta.url))]);
    void storeAlso([...FILES, ...ELEMENT, ...THREADS]); // so that both work without a network from now on
    return new Doors(page);
  }

  /** A link to the model that was taught here. */
  share() {
    openShareDialog(this.#page).catch(showError);
  }

  /** A link that somebody else has made. @param {string} text */
  receive(text) {
    void this.#shared.receive(text);
  }
}
