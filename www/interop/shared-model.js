// A model that somebody else has shared by a link: told before it is opened, tried beside the person's own, closed without a trace.
// What a link says comes from anybody: it is shown as text, as short as labels are.
import { messages, say } from "../i18n/language.js";
import { openDialog } from "../teach/dialogs.js";
import { make, part, passFocus } from "../ui/dom.js";
import { announce, showError } from "../ui/notices.js";
import { words } from "./words.js";

/** @import { OpenedLink } from "../pkg/signet_cpu_convert.js" */
/** @import { Page } from "./page.js" */

/** A link that hasn't been answered is replaced by a newer one. */
export class SharedModels {
  #page;
  /** @type {HTMLDialogElement | null} */
  #question = null;
  #switch = make("input", { type: "checkbox", data: { testid: "shared-switch" }, attributes: { role: "switch" }, on: { change: () => this.#choose() } });
  #line = make("p", { data: { testid: "shared-line" } });
  #notice = make("div", { className: "shared-model", hidden: true, data: { testid: "shared-model" }, attributes: { role: "group" }, says: { "aria-label": () => words().share.shared.title } },
    this.#line,
    make("div", { className: "shared-actions" },
      make("label", { className: "switch" }, this.#switch, make("span", { says: () => words().share.shared.use })),
      make("button", { type: "button", data: { testid: "shared-close" }, says: () => words().share.shared.close, on: { click: () => this.#close() } })));

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    part("#model-bar").before(this.#notice);
    page.models.follow(() => this.#show());
  }

  /** Reads a link, asks, and opens it. @param {string} text */
  async receive(text) {
    const { signet } = this.#page;
    const converter = await signet.converter();
    try {
      await signet.ready;
      const opened = /** @type {OpenedLink} */ (await converter.call("openHeadLink", decoded(text), signet.weights("original")));
      converter.close();
      if (!await this.#asked(opened)) return;
      const { weights, labels, source, threshold } = opened;
      await this.#page.models.openShared({ weights: new Blob([weights]), labels, source, threshold: threshold === undefined ? null : { given: threshold, chosen: null } });
      announce(messages.model.shared(opened.labels));
    } catch (thrown) {
      converter.close();
      showError(thrown);
    }
  }

  /** @param {OpenedLink} opened @returns {Promise<boolean>} */
  #asked({ labels, source }) {
    this.#question?.close();
    const said = () => words().share.question;
    return new Promise((done) => {
      const dialog = openDialog(() => said().title, { testid: "shared-question" },
        make("p", { says: () => (source ? said().from(source) : said().fromNobody) }),
        make("ul", { className: "shared-labels", data: { testid: "shared-labels" }, says: { "aria-label": () => said().labels } },
          ...labels.map((label) => make("li", { dir: "auto", textContent: label }))),
        make("p", { className: "note", says: () => said().line }),
        make("div", { className: "dialog-actions" },
          make("button", { type: "button", data: { testid: "shared-no" }, says: () => said().no, on: { click: () => dialog.close() } }),
          make("button", { type: "button", className: "primary", data: { testid: "shared-open" }, says: () => said().yes, on: { click: () => dialog.close("yes") } })));
      this.#question = dialog;
      dialog.addEventListener("close", () => done(dialog.returnValue === "yes"));
    });
  }

  #choose() {
    const { models } = this.#page;
    models.use(this.#switch.checked ? "shared" : models.isUsable ? "fine-tuned" : "original");
  }

  #close() {
    passFocus(this.#notice, part("#model-switch"), part("[role=tab][aria-selected=true]"));
    this.#page.models.closeShared();
    announce(words().share.shared.closed);
  }

  #show() {
    const { shared, inUse } = this.#page.models;
    this.#notice.hidden = !shared;
    this.#switch.checked = inUse === "shared";
    if (!shared) return;
    const { labels, source } = shared;
    say(this.#line, () => messages.model.shared(labels) + (source ? ` (${words().share.shared.source(source)})` : ""));
  }
}

/** Programs that pass links on write some characters as %XX. @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // which is refused by what is wrong with it
  }
}
