// The page by keyboard: what has the focus, and the way to a control by Tab.

import assert from "node:assert/strict";
import { TeachTab } from "./teach.js";

/** @typedef {import("./signet.js").Signet} Signet */

/** What has the focus. @param {Signet} signet */
export const focus = (signet) => signet.page.evaluate(() => {
  const element = /** @type {HTMLElement} */ (document.activeElement);
  const style = getComputedStyle(element);
  return {
    tag: element.tagName,
    hook: element.dataset["testid"] ?? "",
    label: /** @type {HTMLElement | null} */ (element.closest("[data-testid=class-card]"))?.dataset["label"] ?? "",
    sample: element.dataset["sample"] ?? "",
    inSight: style.outlineStyle !== "none" || style.boxShadow !== "none",
  };
});

/** Tab after Tab, until the focus is there. @param {Signet} signet @param {string} hook @param {string} [label] of the card */
export async function tabTo(signet, hook, label = "") {
  for (let step = 0; step < 150; step += 1) {
    const at = await focus(signet);
    if (at.hook === hook && at.label === label) return;
    await signet.page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not reach ${hook} ${label}`);
}

/** From the start of the page to its second tab. @param {Signet} signet @returns {Promise<TeachTab>} */
export async function teachByKeys(signet) {
  const tab = new TeachTab(signet);
  await signet.ready();
  await tabTo(signet, "tab-classify");
  await signet.page.keyboard.press("ArrowRight");
  await tab.becomes("the tab", async () => (await focus(signet)).hook, "tab-teach");
  return tab;
}
