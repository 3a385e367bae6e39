// axe-core on the page as it stands, in light and in dark.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** @typedef {import("./signet.js").Signet} Signet */
/** @typedef {typeof globalThis & { axe?: typeof import("axe-core") }} WithAxe */

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What of axe-core's rules hold a page to WCAG 2.2 AA and to good practice. @type {import("axe-core").RunOnly} */
const ALL = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
/** The only ones that the scheme makes a difference to: the elements are the same in both. @type {import("axe-core").RunOnly} */
const COLOURS = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

/** Fails for each violation, in both colour schemes. @param {Signet} signet @param {string} state what the page shows, for the message */
export async function assertAccessible({ page }, state) {
  /** @type {string[]} */
  const problems = [];
  for (const [scheme, runOnly] of /** @type {const} */ ([["light", ALL], ["dark", COLOURS]])) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    // Evaluated by DevTools: the page's own content policy, under which all this runs, lets no script in.
    if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(SOURCE);
    problems.push(...await page.evaluate(async (runOnly, scheme) => {
      const { axe } = /** @type {WithAxe} */ (globalThis);
      if (!axe) throw new Error("axe-core did not start");
      // A colour on its way to another one is neither of them.
      const changing = document.getAnimations().filter((each) => each instanceof CSSTransition);
      await Promise.allSettled(changing.map(({ finished }) => finished));
      const { violations, passes } = await axe.run(document, { runOnly, resultTypes: ["violations"], preload: false });
      if (passes.length === 0) throw new Error("no rule of axe-core found anything to look at");
      return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary = "" }) => (
        `${scheme}: ${id} (${help}): ${target.join(" ")}: ${failureSummary.replace(/\s+/g, " ")}`)));
    }, runOnly, scheme));
  }
  await page.emulateMediaFeatures([]);
  assert.deepEqual(problems, [], `axe-core on ${state}`);
}
