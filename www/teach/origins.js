// Where images came from, once some came in files: a choice shows those of one source alone, such as one pupil's project, and a button takes
// them away in one step.
import { messages, say } from "../i18n/language.js";
import { button, element, make, part, passFocus } from "../ui/dom.js";

/** @import { Project } from "./project.js" */
/** @import { Sample } from "./snapshot.js" */
/** @import { Undos } from "./undos.js" */

/** What is chosen: all images, those that came in no file, or those of a file. @typedef {{ all: true } | { all: false, origin: string | undefined }} Choice */

const ALL = Object.freeze({ all: /** @type {const} */ (true) });

export class Origins {
  #project;
  #undos;
  #onChoice;
  #row = part("#origins");
  #select = element("#origin", HTMLSelectElement);
  #remove = button("#origin-remove");
  /** @type {Choice} */
  #choice = ALL;
  /** In the order of the options. @type {Choice[]} */
  #choices = [];
  #count = 0;

  /** @param {Project} project @param {Undos} undos @param {() => void} onChoice other images are to be shown */
  constructor(project, undos, onChoice) {
    this.#project = project;
    this.#undos = undos;
    this.#onChoice = onChoice;
    this.#select.addEventListener("change", () => this.#choose(this.#choices[this.#select.selectedIndex] ?? ALL));
    this.#remove.addEventListener("click", () => this.#removeThese());
  }

  /** Whether an image is one of those that are to be shown. @param {Sample} sample */
  shows({ origin }) {
    return this.#choice.all || origin === this.#choice.origin;
  }

  /** After each change of the project's images. */
  follow() {
    const { count } = this.#project;
    // What has just come is to be seen.
    const hasGrown = count > this.#count;
    this.#count = count;
    const counts = this.#counts();
    this.#row.hidden = counts.size < 2;
    if (!this.#choice.all && (hasGrown || this.#row.hidden || !counts.has(this.#choice.origin))) this.#choose(ALL);
    else if (!this.#row.hidden) this.#show(counts);
  }

  /** How many images came from where: in a file of that name, or, undefined, in none. */
  #counts() {
    /** @type {Map<string | undefined, number>} */
    const counts = new Map();
    for (const { origin } of this.#project.samples()) counts.set(origin, (counts.get(origin) ?? 0) + 1);
    return counts;
  }

  /** @param {Choice} choice */
  #choose(choice) {
    this.#choice = choice;
    this.#show(this.#counts());
    this.#onChoice();
  }

  /** @param {Map<string | undefined, number>} counts */
  #show(counts) {
    const sorted = [...counts].sort(([a = ""], [b = ""]) => a.localeCompare(b, document.documentElement.lang, { numeric: true }));
    this.#choices = [ALL, ...sorted.map(([origin]) => ({ all: /** @type {const} */ (false), origin }))];
    this.#select.replaceChildren(
      make("option", { says: () => messages.samples.origins.all }),
      ...sorted.map(([origin, count]) => make("option", { says: () => (origin === undefined ? messages.samples.origins.own(count) : messages.samples.origins.of(origin, count)) })));
    this.#select.selectedIndex = this.#choices.findIndex((each) => this.#isChosen(each));
    const chosen = this.#choice.all ? 0 : (counts.get(this.#choice.origin) ?? 0);
    if (chosen === 0) passFocus(this.#remove, this.#select, button("#add-class"));
    this.#remove.hidden = chosen === 0;
    say(this.#remove, () => messages.samples.origins.remove(chosen));
  }

  /** @param {Choice} choice */
  #isChosen(choice) {
    return choice.all ? this.#choice.all : !this.#choice.all && choice.origin === this.#choice.origin;
  }

  #removeThese() {
    const ids = [...this.#project.samples()].filter((sample) => this.shows(sample)).map(({ id }) => id);
    this.#undos.add(() => messages.samples.origins.removed(ids.length), this.#project.removeSamples(ids));
  }
}
