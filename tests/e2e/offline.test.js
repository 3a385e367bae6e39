// What stays after the first visit: the model, and the whole page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { screenshot, testWorld, visit } from "./browser.js";
import { temporaryFolder } from "./files.js";
import { hand, png } from "./pictures.js";
import { MODEL_PATH } from "./server.js";

/** @typedef {import("./signet.js").Signet} Signet */

const write = temporaryFolder();
const file = write("two.png", png(hand(2, 240, 240)));

const { browser, server } = await testWorld();

/** Waits until the page may be closed without losing what it keeps. @param {Signet} signet */
async function kept(signet) {
  await signet.until("the service worker", () =>
    signet.page.evaluate(async () => ((await navigator.serviceWorker.ready).active?.state === "activated" ? true : undefined)));
  await signet.until("the model in the cache", () =>
    signet.page.evaluate(async (path) => {
      const found = await caches.match(new URL(path, location.href), { ignoreSearch: true });
      return found ? true : undefined;
    }, `.${MODEL_PATH}`));
}

test("the model is downloaded once, and told apart from the cache", async () => {
  const start = server.requests.length;
  await visit(browser, server, { query: "?backend=cpu" }, async (signet) => {
    await signet.ready();
    assert.equal(server.count(MODEL_PATH, start), 1, "the first visit downloads the model");
    await kept(signet);
    const second = server.requests.length;
    await signet.page.reload();
    await signet.ready();
    assert.equal(server.count(MODEL_PATH, second), 0, "the second does not");
    const text = await signet.page.evaluate(() => document.body.innerText);
    assert.match(text, /storage|kept/i);
  });
});

test("a first visit is enough to classify with the network off", async () => {
  const options = { query: "?backend=cpu", expectedErrors: [/ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|FAILED)/] };
  await visit(browser, server, options, async (signet) => {
    await signet.ready();
    await kept(signet);
    // Both: the browser is told, and there really is no server.
    await signet.page.setOfflineMode(true);
    await server.stop();
    try {
      await signet.page.reload();
      await signet.ready();
      await signet.click("mode-upload");
      await signet.upload(file);
      await signet.click("mode-draw");
      await signet.prediction(() => signet.stroke([[0.3, 0.3], [0.7, 0.7]]));
      assert.match(await signet.page.evaluate(() => document.body.innerText), /offline|network off|without (a|the) network/i);
      await screenshot(signet.page, "offline");
    } finally {
      await server.resume();
    }
  });
});

test("Remove downloaded model removes it, and the next visit downloads it again", async () => {
  await visit(browser, server, { query: "?backend=cpu" }, async (signet) => {
    await signet.ready();
    await kept(signet);
    // A confirmation, where there is one, is accepted.
    signet.page.on("dialog", (dialog) => dialog.accept());
    await signet.page.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });
    await signet.page.locator("::-p-text(Remove downloaded model)").click();
    await signet.until("an empty cache", () =>
      signet.page.evaluate(async (path) => {
        const found = await caches.match(new URL(path, location.href), { ignoreSearch: true });
        return found ? undefined : true;
      }, `.${MODEL_PATH}`));
    const start = server.requests.length;
    await signet.page.reload();
    await signet.ready();
    assert.equal(server.count(MODEL_PATH, start), 1);
  });
});
