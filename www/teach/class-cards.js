// The cards of all classes. A change of the project touches the cards that it is about, and no other.
import { arrange, part } from "../ui/dom.js";
import { classCard } from "./class-card.js";

/** @import { CardActions, ClassCard } from "./class-card.js" */
/** @import { Project, ProjectChange } from "./project.js" */
/** @import { Sample } from "./snapshot.js" */

export class ClassCards {
  #list = part("#class-cards");
  #project;
  #actions;
  #isShown;
  /** @type {Map<string, ClassCard>} */
  #cards = new Map();
  /** The card that was used last: what is pasted goes there. */
  #used = "";

  /** @param {Project} project @param {CardActions} actions @param {(sample: Sample) => boolean} isShown */
  constructor(project, actions, isShown) {
    this.#project = project;
    this.#actions = actions;
    this.#isShown = isShown;
    for (const type of ["focusin", "pointerdown"]) {
      this.#list.addEventListener(type, ({ target }) => this.use(this.classAt(target)));
    }
    project.addEventListener("change", (event) => {
      const { what, classIds } = /** @type {ProjectChange} */ (event);
      if (what === "classes") this.#showClasses();
      if (what === "samples") this.showImages(classIds);
      this.showSplits(what === "samples" ? classIds : undefined);
    });
    this.#showClasses();
    document.addEventListener("pointerdown", ({ target }) => {
      // A menu is left by a press anywhere else.
      for (const menu of this.#list.querySelectorAll("details.card-menu[open]")) {
        if (target instanceof Node && !menu.contains(target)) menu.removeAttribute("open");
      }
    });
  }

  /** @param {string | undefined} id */
  card(id) {
    return id ? this.#cards.get(id) : undefined;
  }

  /** The class whose card holds an element. @param {EventTarget | null} target @returns {string} or "" */
  classAt(target) {
    const card = target instanceof Element ? target.closest("[data-testid=class-card]") : null;
    return card?.getAttribute("data-id") ?? "";
  }

  /** The class that was used last, if it is still there. */
  get used() {
    return this.#cards.has(this.#used) ? this.#used : "";
  }

  /** @param {string} id of the class that is used now; "" when something else is */
  use(id) {
    if (id === this.#used) return;
    this.card(this.#used)?.element.classList.remove("used");
    this.#used = id;
    this.card(id)?.element.classList.add("used");
  }

  #showClasses() {
    const { classes } = this.#project;
    const cards = classes.map((sampleClass, index) => {
      const old = this.#cards.get(sampleClass.id);
      const card = old ?? classCard(sampleClass.id, this.#actions);
      card.showClass(sampleClass, { index, of: classes.length });
      if (!old) card.showSamples(this.#project.samplesOf(sampleClass.id), this.#isShown);
      return card;
    });
    this.#cards = new Map(cards.map((card, index) => [classes[index]?.id ?? "", card]));
    arrange(this.#list, cards.map(({ element }) => element));
  }

  /** The images that are to be shown. @param {string[]} [ids] of classes */
  showImages(ids = [...this.#cards.keys()]) {
    for (const id of ids) this.card(id)?.showSamples(this.#project.samplesOf(id), this.#isShown);
  }

  /** How images are split, also in place of what else was said there. @param {string[]} [ids] of classes */
  showSplits(ids = [...this.#cards.keys()]) {
    const split = this.#project.split();
    for (const id of ids) this.card(id)?.showSplit(split.get(id));
  }
}
