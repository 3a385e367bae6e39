// The page and its network: when it can do without one, and none.

/** @typedef {import("puppeteer-core").Page} Page */
/** @typedef {import("./server.js").TestServer} TestServer */
/** @typedef {import("./signet.js").Signet} Signet */

/** Waits until the page says that it can do without a network. @param {Signet} signet @param {number} [timeout] */
export function available(signet, timeout = 120_000) {
  return signet.until("Available offline", async () => {
    const text = await signet.page.$eval(signet.selector("offline-status"), (line) => /** @type {HTMLElement} */ (line).innerText);
    return /^Available offline/.test(text) ? text : undefined;
  }, timeout);
}

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
