// Another version of the page, to be served in place of the first: the same files but for those that a test changes.

import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { WWW } from "./server.js";

const LARGE = /\.(wasm|safetensors)$/;

/**
 * A folder that is gone after the tests of the file that asked for it.
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
  "teach/train-worker.js": (before) => `// ${mark}\n${before}`,
});

/** What a page shows of the marks, each once; `""` is the first version. @param {import("puppeteer-core").Page} page @returns {Promise<string[]>} */
export async function marks(page) {
  return page.evaluate(async () => {
    const late = await (await fetch(new URL("teach/train-worker.js", document.scripts[document.scripts.length - 1]?.src))).text();
    return [...new Set([
      /^(\w+) Signet/.exec(document.title)?.[1] ?? "",
      getComputedStyle(document.documentElement).getPropertyValue("--deployment").trim(),
      document.documentElement.dataset["deployment"] ?? "",
      /^\/\/ (\w+)\n\/\//.exec(late)?.[1] ?? "",
    ])];
  });
}

/** The folder of a path, as a person would put the page into one. @param {string} prefix such as `/class/signet` @param {import("./server.js").Handler} serve @returns {import("./server.js").Handler} */
export const under = (prefix, serve) => (request, response) => {
  if (!request.url?.startsWith(`${prefix}/`)) return void response.writeHead(404).end();
  request.url = request.url.slice(prefix.length);
  serve(request, response);
};
