// The page by keyboard: what has the focus, and the way to a control by Tab.

import assert from "node:assert/strict";

/** @typedef {import("./signet.js").Signet} Signet */

/** What has the focus. @param {Signet} signet */
export const focus = (signet) => signet.page.evaluate(() => {
  const element = /** @type {HTMLElement} */ (document.activeElement);
  const style = getComputedStyle(element);
  return {
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
