// The language of the page: which one it is, its table of messages, and what on the page says something in it.
import { prefer, preference } from "../offline/preferences.js";
import { SignetError } from "../recognizer/errors.js";
import { en } from "./en.js";

/** @import { Messages } from "./en.js" */
/** Text that is the same in every language, such as a name, or what the table of the moment makes of it. @typedef {string | (() => string)} Words */
/** @typedef {{ name: string, rightToLeft?: boolean, load: () => Promise<Messages> }} Language */

/** Each is named in itself, and loaded when it is chosen. @satisfies {Record<string, Language>} */
export const LANGUAGES = {
  en: { name: "English", load: async () => en },
  de: { name: "Deutsch", load: async () => (await import("./de.js")).de },
  fr: { name: "Français", load: async () => (await import("./fr.js")).fr },
  es: { name: "Español", load: async () => (await import("./es.js")).es },
  ar: { name: "العربية", rightToLeft: true, load: async () => (await import("./ar.js")).ar },
  zh: { name: "中文", load: async () => (await import("./zh.js")).zh },
};

/** @typedef {keyof typeof LANGUAGES} Code */

const SETTING = "signet.language";

/** A start is not held up for longer: the page begins in English, and changes when the table is there. */
const TIMEOUT_MS = 3000;

/** The table of the language that is chosen. Whoever imports it sees the new one after a change. @type {Messages} */
export let messages = en;

/** @type {Code} */
let current = "en";
/** The last one that was asked for: a table that arrives after another choice is not used. @type {Code} */
let wanted = current;

/** The tables of parts of the page that are loaded later: each call resolves to what puts the part's table in place. @type {Set<(code: Code) => Promise<() => void>>} */
const further = new Set();

/** What elements say besides their data-text: for each of their places, what puts it there. @type {WeakMap<Element, Map<string, () => void>>} */
const spoken = new WeakMap();

/** @param {unknown} code @returns {code is Code} */
const isKnown = (code) => typeof code === "string" && Object.hasOwn(LANGUAGES, code);

/**
 * The person's own choice, else the first of the browser's languages that is here, else English.
 * @param {string | null} chosen
 * @param {readonly string[]} preferred such as "de-AT"
 */
export function pickLanguage(chosen, preferred) {
  const codes = [chosen, ...preferred.map((tag) => tag.toLowerCase().split("-")[0])];
  return codes.find(isKnown) ?? "en";
}

/** Before anything is said. A table that can't be had leaves the page in English. */
export async function startLanguage() {
  const arrived = become(pickLanguage(preference(SETTING), navigator.languages)).catch((cause) => console.info("Signet stays in English:", cause));
  await Promise.race([arrived, new Promise((done) => setTimeout(done, TIMEOUT_MS))]);
}

/** The person's choice, which changes every text on the page and nothing else. Throws `language-network`. @param {string} code */
export async function chooseLanguage(code) {
  if (!isKnown(code)) return;
  await become(code);
  prefer(SETTING, current); // which another choice, made meanwhile, may have changed
}

export const currentLanguage = () => current;

/** Whether the next thing in a row lies on the left. */
export const isRightToLeft = () => document.documentElement.dir === "rtl";

/** @param {Code} code */
async function become(code) {
  wanted = code;
  /** @type {Language} */
  const { load, rightToLeft = false } = LANGUAGES[code];
  const [table, ...putInPlace] = await Promise.all([load(), ...[...further].map((each) => each(code))]).catch((cause) => {
    throw new SignetError("language-network", `the table "${code}" did not arrive`, cause);
  });
  if (code !== wanted || code === current) return;
  current = code;
  messages = table;
  for (const put of putInPlace) put();
  Object.assign(document.documentElement, { lang: code, dir: rightToLeft ? "rtl" : "ltr" });
  translate(document);
}

/**
 * A room's own texts, in a table for each language.
 * @template T
 * @param {Record<Code, () => Promise<T>>} tables
 * @returns {{ words: () => T, loadWords: () => Promise<void> }} `words`: the table of the page's language, once `loadWords` has
 *   loaded it and has those of languages chosen later follow
 */
export function roomTable(tables) {
  /** @type {T} */
  let table;
  /** @param {Code} code */
  const load = async (code) => {
    const next = await tables[code]();
    return () => { table = next; };
  };
  return {
    words: () => table,
    async loadWords() {
      const code = current;
      (await load(code))();
      further.add(load);
      if (current !== code) (await load(current))(); // another language was chosen meanwhile
    },
  };
}

/**
 * Has an element say something, now and again in each language that is chosen later.
 * @param {Element} element
 * @param {Words} words
 * @param {string} [attribute] instead of as its text
 */
export function say(element, words, attribute = "") {
  const put = () => {
    const text = typeof words === "string" ? words : words();
    if (attribute) element.setAttribute(attribute, text);
    else element.textContent = text;
  };
  renderWith(element, put, attribute);
}

/**
 * The same for an element whose whole content is made anew.
 * @param {Element} element
 * @param {() => void} render
 * @param {string} [place] where it does so: a later one there takes over
 */
export function renderWith(element, render, place = "") {
  let places = spoken.get(element);
  if (!places) spoken.set(element, places = new Map());
  places.set(place, render);
  render();
}

/** Everything in `root` says what it says in the language of now; the pages have data-text, data-name and data-title. @param {ParentNode} root */
export function translate(root) {
  for (const element of root.querySelectorAll("*")) {
    const { text, name, title } = /** @type {HTMLElement} */ (element).dataset;
    if (text) element.replaceChildren(...withKeys(messageAt(text)));
    if (name) element.setAttribute("aria-label", messageAt(name));
    if (title) element.setAttribute("title", messageAt(title));
    spoken.get(element)?.forEach((render) => render());
  }
}

/** @param {string} path such as "help.title" */
function messageAt(path) {
  const found = path.split(".").reduce((table, key) => Object(table)[key], /** @type {unknown} */ (messages));
  if (typeof found !== "string") throw new TypeError(`no message ${path}`);
  return found;
}

/** What lies between two backticks is a key to press. @param {string} text */
const withKeys = (text) => text.split("`").map((piece, index) =>
  index % 2 === 0 ? piece : Object.assign(document.createElement("kbd"), { textContent: piece }));
