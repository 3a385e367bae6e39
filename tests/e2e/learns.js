// The view "How it learns", by its hooks.

/** @typedef {import("./signet.js").Signet} Signet */

/** The view, with what a link says of it. @param {Signet} signet @param {string} settings */
export async function openView(signet, settings) {
  await signet.page.evaluate((fragment) => { location.hash = fragment; }, `#inside?view=learns&${settings}`);
  await signet.until("the view", () => signet.page.$(signet.selector("learns-train")), 120_000);
}

/** How many are drawn. @param {Signet} signet */
export const steps = (signet) => signet.page.$eval(signet.selector("learns-losses"), (drawing) => Number(/** @type {SVGElement} */ (drawing).dataset["points"]));

/** @param {Signet} signet @param {number} count */
export const stepsTaken = (signet, count) => signet.until(`${count} steps`, async () => (await steps(signet)) >= count, 240_000);

/** Shows the tables beside the charts. @param {Signet} signet */
export const openTables = (signet) => signet.page.$$eval(".learns-charts details", (all) => all.forEach((each) => { each.open = true; }));
