// The tab's texts: a table for each language, loaded with the tab, in the language of the page.
import { roomTable } from "../i18n/language.js";

/** @import { Code } from "../i18n/language.js" */
/** @import { Words } from "./words/en.js" */

/** @satisfies {Record<Code, () => Promise<Words>>} */
export const TABLES = {
  en: async () => (await import("./words/en.js")).en,
  de: async () => (await import("./words/de.js")).de,
  fr: async () => (await import("./words/fr.js")).fr,
  es: async () => (await import("./words/es.js")).es,
  ar: async () => (await import("./words/ar.js")).ar,
  zh: async () => (await import("./words/zh.js")).zh,
};

export const { words, loadWords } = roomTable(TABLES);
