// The help page. Its sentences are in help.html and in the tables, so all there is to do is their language.
import { messages, say, startLanguage } from "./i18n/language.js";
import { asSignetError } from "./recognizer/errors.js";
import { part } from "./ui/dom.js";
import { connectLanguageChoice } from "./ui/language-choice.js";

await startLanguage();

const notice = part("#language-error");
connectLanguageChoice({
  onChange: () => { notice.hidden = true; },
  onError: (thrown) => {
    const { code } = asSignetError(thrown);
    say(notice, () => messages.errors[code]);
    notice.hidden = false;
  },
});
