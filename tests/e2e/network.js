// The page and its network: when it can do without one, none at all, and another version of the page on the host.

import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { WWW } from "./server.js";

/** @typedef {import("puppeteer-core").Page} Page */
/** @typedef {import("./signet.js").Signet} Signet */

/** Waits until the page says, in whatever language, that it can do without a network, and tells how. @param {Signet} signet @param {RegExp} [words] that it says it with */
export const available = (signet, words = /./) => signet.until(`to be told ${words}`, async () => {
  const line = await signet.page.$eval(signet.selector("offline-status"), (line) => (/** @type {HTMLElement} */ (line).hidden ? "" : line.textContent ?? ""));
  return words.test(line) && line;
}, 120_000);

/** The addresses that lie in the browser's caches. @param {Page} page @returns {Promise<string[]>} */
export const cached = (page) => page.evaluate(async () => {
  const caught = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
  return caught.flat().map(({ url }) => url.slice(location.origin.length));
});

/** No network, for the browser and for real, while `body` runs. @param {Page} page @param {import("./server.js").TestServer} server @param {() => Promise<void>} body */
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

const LARGE = /\.(wasm|safetensors)$/;

/**
 * Another version of the page: a folder with the same files but for those that are changed, gone after the tests of the file that asked for it.
 * @param {Record<string, (before: Buffer) => string | Uint8Array>} changes by path
 */
export function deployment(changes) {
  const folder = mkdtempSync(join(tmpdir(), "signet-deployment-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(WWW, folder, { recursive: true, filter: (path) => !LARGE.test(path) });
  for (const path of readdirSync(WWW, { recursive: true }).map(String).filter((name) => LARGE.test(name))) {
    if (!(path in changes)) symlinkSync(join(WWW, path), join(folder, path));
  }
  for (const [path, change] of Object.entries(changes)) writeFileSync(join(folder, path), change(readFileSync(join(WWW, path))));
  return folder;
}

/** Marks in the page itself, its style, its script and a worker's script, which is fetched late. @param {string} mark */
export const marked = (mark) => deployment({
  "index.html": (before) => String(before).replace(/<title[^>]*>/, `$&${mark} `),
  "ui/style.css": (before) => `${before}\n:root { --deployment: ${mark}; }\n`,
  "main.js": (before) => `${before}\ndocument.documentElement.dataset.deployment = "${mark}";\n`,
  "library/train-worker.js": (before) => `// ${mark}\n${before}`,
});

/** What a page shows of the marks, each once; `""` is the first version. @param {Page} page @returns {Promise<string[]>} */
export const marks = (page) => page.evaluate(async () => {
  const late = await (await fetch(new URL("library/train-worker.js", document.scripts[document.scripts.length - 1]?.src))).text();
  return [...new Set([
    /^(\w+) Signet/.exec(document.title)?.[1] ?? "",
    getComputedStyle(document.documentElement).getPropertyValue("--deployment").trim(),
    document.documentElement.dataset["deployment"] ?? "",
    /^\/\/ (\w+)\n\/\//.exec(late)?.[1] ?? "",
  ])];
});
