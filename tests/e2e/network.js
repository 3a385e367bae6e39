// The page and its network: when it can do without one, and none.

/** @typedef {import("puppeteer-core").Page} Page */
/** @typedef {import("./server.js").TestServer} TestServer */
/** @typedef {import("./signet.js").Signet} Signet */

/** Waits until the page says, in whatever language, that it can do without a network, and tells how. @param {Signet} signet @param {number} [timeout] */
export function available(signet, timeout = 120_000) {
  return signet.until("Available offline", async () => {
    const line = await signet.page.$eval(signet.selector("offline-status"), (line) => (/** @type {HTMLElement} */ (line).hidden ? "" : line.textContent));
    return line || undefined;
  }, timeout);
}

/** The addresses that lie in the browser's caches. @param {Page} page @returns {Promise<string[]>} */
export const cached = (page) => page.evaluate(async () => {
  const caught = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
  return caught.flat().map(({ url }) => url.slice(location.origin.length));
});

/** No network, for the browser and for real, while `body` runs. @param {Page} page @param {TestServer} server @param {() => Promise<void>} body */
export async function withoutNetwork(page, server, body) {
  await page.setOfflineMode(true);
  await server.stop();
  try {
    await body();
  } finally {
    await server.resume();
    await page.setOfflineMode(false);
  }
}
