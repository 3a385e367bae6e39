// A page of others, which its own bundler makes one script of. The library's workers and modules are fetched from `base`.
import { Signet } from "signet";
import { HandSign } from "signet/hand-sign";
import * as tmImage from "signet/teachable";

/** @param {Signet} signet */
async function ask(signet) {
  const photo = await (await fetch("/photo.png")).blob();
  const { label } = await signet.classify(photo, { localize: true });
  const explained = await signet.explain(photo, { side: 2 });
  return { label, explained: explained.label };
}

async function start() {
  const options = { base: "/signet/", model: "/models/manifest.json" };
  const signet = await Signet.load(options);
  const asked = await ask(signet);
  signet.close();
  const model = await tmImage.load(options.model, { base: options.base });
  const classes = model.getTotalClasses();
  model.dispose();
  const element = /** @type {HandSign} */ (document.querySelector("hand-sign"));
  const shown = await element.classify(await (await fetch("/photo.png")).blob());
  return { ...asked, classes, element: shown.label };
}

Object.assign(globalThis, { result: start() });
