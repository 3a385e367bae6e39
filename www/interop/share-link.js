// A link to the model that was taught here: its head in the address's fragment, which browsers send to nobody.
import { messages, say } from "../i18n/language.js";
import { LONGEST_LABEL } from "../recognizer/contract.js";
import { asSignetError } from "../recognizer/errors.js";
import { openDialog } from "../teach/dialogs.js";
import { make } from "../ui/dom.js";
import { announce } from "../ui/notices.js";
import { qrDrawing } from "./qr-drawing.js";
import { words } from "./words.js";

/** @import { HeadLink } from "../pkg/signet_cpu_convert.js" */
/** @import { Page } from "./page.js" */

/** The page's own address, up to where the link's text begins. */
const addressBefore = () => `${location.origin}${location.pathname}#model=`;

/** @param {Page} page */
export async function openShareDialog({ signet, models, threshold }) {
  const { fineTuned } = models;
  if (!fineTuned) return;
  const said = () => words().share.link;
  const converter = await signet.converter();
  let link = "";
  const status = make("p", { className: "note", attributes: { role: "status" } });
  const address = make("textarea", { readOnly: true, rows: 3, dir: "ltr", spellcheck: false, data: { testid: "share-address" }, says: { "aria-label": () => said().address },
    on: { focus: () => address.select() } });
  const copy = make("button", { type: "button", className: "primary", disabled: true, data: { testid: "share-copy" }, says: () => said().copy, on: { click: () => void copyLink() } });
  const send = make("button", { type: "button", disabled: true, hidden: !("share" in navigator), data: { testid: "share-send" }, says: () => said().send, on: { click: () => void sendLink() } });
  const length = make("p", { className: "note" });
  const code = make("div", { className: "share-code" });
  const source = make("input", { type: "text", maxLength: LONGEST_LABEL, autocomplete: "off", dir: "auto", data: { testid: "share-source" }, on: { change: () => void write() } });
  const dialog = openDialog(() => said().title, { testid: "share-dialog" },
    make("p", { says: () => said().intro }),
    make("label", { className: "stacked" }, make("span", { says: () => said().source }), source),
    address, status, length,
    make("div", { className: "dialog-actions" }, copy, send,
      make("button", { type: "button", says: () => messages.close, on: { click: () => dialog.close() } })),
    code);
  dialog.classList.add("share-dialog");
  dialog.addEventListener("close", () => converter.close());

  async function write() {
    say(status, () => said().writing);
    copy.disabled = send.disabled = true;
    try {
      await signet.ready;
      const about = { source: source.value, threshold: threshold("fine-tuned"), address: addressBefore() };
      show(await converter.call("headLink", fineTuned?.weights, signet.weights("original"), about));
    } catch (thrown) {
      if (!dialog.isConnected) return; // closed meanwhile
      address.value = link = "";
      code.replaceChildren();
      say(length, "");
      const { code: errorCode } = asSignetError(thrown);
      status.dataset.code = errorCode;
      status.setAttribute("role", "alert");
      say(status, () => (errorCode === "setting" ? messages.errors["label-long"] : messages.errors[errorCode]));
    }
  }

  /** @param {HeadLink} made */
  function show({ text, qr }) {
    address.value = link = addressBefore() + text;
    copy.disabled = send.disabled = false;
    delete status.dataset.code;
    status.setAttribute("role", "status");
    say(status, () => said().ready);
    say(length, () => said().length(link.length));
    const classes = fineTuned?.labels.length ?? 0;
    code.replaceChildren(...(qr
      ? [make("p", { className: "note", says: () => said().code }), qrDrawing(qr, () => said().codeName)]
      : [make("p", { className: "note", data: { testid: "share-no-code" }, says: () => (classes > 2 ? said().noCode(classes) : said().noCodeForDetector) })]));
  }

  async function copyLink() {
    try {
      await navigator.clipboard.writeText(link);
    } catch {
      // Browsers give the clipboard to secure pages alone, or ask first.
      address.select();
      say(status, () => said().copyYourself);
      return;
    }
    say(status, () => said().copied);
    announce(said().copied);
  }

  const sendLink = () => navigator.share({ title: messages.title, url: link }).catch((thrown) => {
    if (thrown?.name !== "AbortError") say(status, () => said().copyYourself);
  });

  void write();
}
