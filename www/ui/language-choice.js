// The list of languages in a page's header, by which a person chooses.
import { LANGUAGES, chooseLanguage, currentLanguage, renderWith } from "../i18n/language.js";
import { element, make } from "./dom.js";

/** @param {{ onChange: () => void, onError: (thrown: unknown) => void }} events */
export function connectLanguageChoice({ onChange, onError }) {
  const select = element("#language", HTMLSelectElement);
  select.append(...Object.entries(LANGUAGES).map(([value, { name }]) => make("option", { value, lang: value, textContent: name })));
  renderWith(select, () => { select.value = currentLanguage(); });
  select.addEventListener("change", async () => {
    try {
      await chooseLanguage(select.value);
      onChange();
    } catch (thrown) {
      select.value = currentLanguage();
      onError(thrown);
    }
  });
}
