// Pages of a host's own that use the library or the element, each with what it must not do: an error that nobody
// expects, a request outside of the folder, anything that its content policy forbids.
import assert from "node:assert/strict";
import { platform } from "node:process";
import { MemoryWatch } from "../bench/memory.js";
import { staticFiles } from "../../scripts/serve.js";
import { WWW, answering, failing } from "./server.js";

/** @typedef {import("puppeteer-core").Browser} Browser */
/** @typedef {import("puppeteer-core").Page} Page */

/** The strictest policy under which the library works. */
export const STRICT = [
  "default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "worker-src 'self'", "style-src 'self'", "connect-src 'self'",
  "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'", "trusted-types signet",
].join("; ");

/** Three lines, and what a page needs besides. @param {string} body */
export const page = (body) => `<!doctype html>\n<html lang="en">\n<title>A page</title>\n${body}\n</html>`;

/**
 * @typedef {object} HostOptions
 * @property {string} [policy] a content policy of the page's own
 * @property {Record<string, string>} [headers] of every file
 * @property {RegExp[]} [expected] errors that the test provokes
 * @property {(page: Page) => Promise<unknown>} [before]
 */

/**
 * Opens a page, hands it to `body`, and closes it.
 * @param {Browser} browser
 * @param {string} address
 * @param {HostOptions} options
 * @param {(page: Page, requests: string[]) => Promise<void>} body
 */
export async function host(browser, address, { policy, expected = [], before }, body) {
  const { origin } = new URL(address);
  const context = await browser.createBrowserContext();
  /** @type {string[]} */
  const problems = [];
  /** @type {string[]} */
  const requests = [];
  const note = (/** @type {string} */ problem) => { if (!expected.some((each) => each.test(problem))) problems.push(problem); };
  try {
    const opened = await context.newPage();
    opened.on("pageerror", (error) => note(`uncaught: ${error instanceof Error ? error.stack : error}`));
    opened.on("console", (message) => { if (message.type() === "error") note(`console: ${message.text()} (${message.location().url ?? ""})`); });
    opened.on("request", (request) => {
      const { protocol, origin: asked, pathname } = new URL(request.url());
      if (!/^https?:$/.test(protocol)) return;
      requests.push(pathname);
      if (asked !== origin) problems.push(`a request to ${request.url()}`);
    });
    await opened.evaluateOnNewDocument(() => {
      const noted = /** @type {{ violations: string[], failures: string[][] }} */ (/** @type {unknown} */ (globalThis));
      noted.violations = [];
      noted.failures = [];
      // An element may fail before a test listens to it.
      document.addEventListener("error", (/** @type {any} */ { error }) => { if (error) noted.failures.push([error.name, error.code]); }, true);
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
        // Firefox holds its own wish for an icon to the page's policy.
        if (!blockedURI.endsWith("/favicon.ico")) noted.violations.push(`${effectiveDirective} ${blockedURI}`);
      });
    });
    await before?.(opened);
    await opened.goto(address);
    await body(opened, requests);
    const violations = await opened.evaluate(() => /** @type {any} */ (globalThis).violations);
    if (policy) assert.deepEqual(violations, [], "the policy forbids nothing of what it does");
    assert.deepEqual(problems, [], "the page had errors");
  } catch (error) {
    if (problems.length > 0 && error instanceof Error) error.message += `\nThe page: ${problems.join("\n")}`;
    throw error;
  } finally {
    await context.close();
  }
}

/**
 * Serves a page under a policy, and opens it.
 * @param {{ browser: Browser, server: import("./server.js").TestServer }} world
 * @param {string} html
 * @param {HostOptions} options
 * @param {(page: Page, requests: string[]) => Promise<void>} body
 */
export async function hosted({ browser, server }, html, options, body) {
  server.policy = options.policy ?? null;
  const { headers = {} } = options;
  server.serve = staticFiles(WWW, headers);
  server.replace("/host.html", (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    answering(page(html), "text/html")(request, response);
  });
  server.replace("/favicon.ico", failing(204));
  await host(browser, `${server.origin}/host.html`, options, body);
}

/** The next event of the page's first element. @param {Page} opened @param {"ready" | "hand-sign" | "error"} type @returns {Promise<any>} its detail; of an error its code */
export const event = (opened, type) => opened.evaluate((wanted) => new Promise((resolve, reject) => {
  const element = /** @type {any} */ (document.querySelector("hand-sign"));
  if (wanted === "ready" && element.signet) return resolve({ labels: element.signet.labels });
  const told = (/** @type {any} */ { detail, error }) => {
    const { input: _, ...plain } = detail ?? {};
    resolve(error ? error.code : plain);
  };
  element.addEventListener(wanted, told, { once: true });
  if (wanted !== "error") element.addEventListener("error", (/** @type {any} */ { error }) => reject(new Error(`${error.code}: ${error.message}`)), { once: true });
}), type);

/** What is in the shadow tree of the page's first element. @param {Page} opened @param {string} selector @returns {Promise<any>} */
export const inElement = async (opened, selector) => (await opened.evaluateHandle((wanted) => (
  document.querySelector("hand-sign")?.shadowRoot?.querySelector(wanted)), selector)).asElement();

/** Why memory isn't counted here, if it isn't. */
export const UNCOUNTED = platform !== "linux" && "memory is counted by Linux";
/** Megabytes by which 50 rounds may differ from 5: of those that garbage collectors leave behind, and less than one copy of the model with its worker. */
const FLAT = 40;

/** Runs the page's `rounds(count)`, 50 after 5: no worker is left, and no memory. @param {Browser} browser @param {Page} opened */
export async function assertFlat(browser, opened) {
  await opened.waitForFunction(() => "rounds" in globalThis);
  const devtools = await opened.createCDPSession();
  const watch = new MemoryWatch(browser.process()?.pid ?? 0);
  /** @param {number} count */
  const after = async (count) => {
    await opened.evaluate((wanted) => /** @type {any} */ (globalThis).rounds(wanted), count);
    for (let waited = 0; opened.workers().length > 0; waited += 50) {
      assert.ok(waited < 10_000, "the workers end");
      await new Promise((done) => setTimeout(done, 50));
    }
    await devtools.send("HeapProfiler.collectGarbage");
    await new Promise((done) => setTimeout(done, 1000));
    return watch.held().own / 1e6;
  };
  try {
    const before = await after(5);
    const later = await after(50);
    console.log(`${before.toFixed(0)} MB after 5 rounds, ${later.toFixed(0)} MB after 55`);
    assert.ok(later - before < FLAT, `${(later - before).toFixed(0)} MB more after 50 rounds`);
  } finally {
    watch.stop();
  }
}
