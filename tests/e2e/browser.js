// Chromium, and a visit to the page in it. A visit fails its test for every uncaught error,
// every message on the console's error level and every request to another origin.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { env, getuid } from "node:process";
import { after, afterEach } from "node:test";
import puppeteer from "puppeteer-core";
import { Signet } from "./signet.js";
import { ROOT, TestServer } from "./server.js";

/** @typedef {import("puppeteer-core").Browser} Browser */
/** @typedef {import("puppeteer-core").Page} Page */

const SCREENSHOTS = `${ROOT}tests/e2e/screenshots`;

const QUIET = [
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Whatever this machine speaks, the tests read English unless a visit asks for another language.
  "--lang=en-US",
  "--accept-lang=en-US",
  // A name for this machine that is not a secure context, as a page on a local network is.
  "--host-resolver-rules=MAP signet.test 127.0.0.1",
];
const NO_GPU = ["--disable-gpu"];
/** WebGPU without a GPU: the software adapter that Chromium brings. */
const SOFTWARE_GPU = [
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan,WebGPU",
  "--use-vulkan=swiftshader",
  "--ignore-gpu-blocklist",
];

/**
 * @param {{ softwareGpu?: boolean, camera?: string }} [options] `camera` is a Y4M file that plays as the webcam
 * @returns {Promise<Browser>}
 */
export function launch({ softwareGpu = false, camera } = {}) {
  const args = [...QUIET, ...(softwareGpu ? SOFTWARE_GPU : NO_GPU)];
  // Chromium's sandbox refuses to run as root, which containers usually are.
  if (getuid?.() === 0) args.push("--no-sandbox");
  if (camera) {
    args.push("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream");
    args.push(`--use-file-for-fake-video-capture=${camera}`);
  }
  return puppeteer.launch({ executablePath: env["CHROMIUM"] ?? "/usr/bin/chromium", headless: true, args });
}

/**
 * A server and a browser for the tests of one file, gone after them. What a test replaced on the server is
 * restored after it.
 * @param {Parameters<typeof launch>[0]} [options]
 */
export async function testWorld(options) {
  const server = await TestServer.start();
  const browser = await launch(options);
  afterEach(() => server.restore());
  after(async () => {
    await browser.close();
    await server.stop();
  });
  return { browser, server };
}

/**
 * @typedef {object} VisitOptions
 * @property {string} [query] such as `?backend=cpu`
 * @property {RegExp[]} [expectedErrors] console errors that this test provokes, by their text
 * @property {(page: Page) => Promise<unknown>} [before] runs before the page is opened
 * @property {boolean} [serviceWorker] lets the page have its service worker. Without, which is the default, what a
 *   test replaces on the server reaches the page at once
 * @property {string} [forbidden] an origin that this test tries to reach, and checks itself that it doesn't: DevTools
 *   tell of requests that never leave the browser, too
 * @property {string} [languages] the browser's, such as "de-AT,en"; English without
 * @property {boolean} [guide] as on a real first visit: the first-time guide is shown. Without, it counts as seen
 * @property {boolean} [insecure] opens the page under a name that is not a secure context
 * @property {{ width: number, height: number, hasTouch?: boolean, isMobile?: boolean }} [viewport]
 */

/**
 * Opens the page with an empty profile, hands it to `body`, and closes it.
 *
 * @param {Browser} browser
 * @param {TestServer} server
 * @param {VisitOptions} options
 * @param {(signet: Signet) => Promise<void>} body
 */
export async function visit(browser, server, options, body) {
  const { query = "", expectedErrors = [], before, serviceWorker = false, forbidden = "", languages, guide = false, insecure = false, viewport = { width: 1280, height: 800 } } = options;
  const origin = insecure ? server.insecureOrigin : server.origin;
  const context = await browser.createBrowserContext();
  /** @type {string[]} */
  const problems = [];
  const violationsBefore = server.violations.length;
  let finished = false;
  try {
    const page = await context.newPage();
    await page.setViewport(viewport);
    if (languages) await speak(page, languages);
    page.on("pageerror", (error) => problems.push(`uncaught: ${error instanceof Error ? error.stack : error}`));
    page.on("error", (error) => problems.push(`the tab crashed: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() !== "error") return;
      const text = `${message.text()} (${message.location().url ?? "no address"})`;
      if (!expectedErrors.some((expected) => expected.test(text))) problems.push(`console: ${text}`);
    });
    page.on("request", (request) => {
      const { protocol, origin: asked } = new URL(request.url());
      if (/^(http|ws)s?:$/.test(protocol) && ![origin, forbidden].includes(asked)) problems.push(`a request to ${request.url()}`);
    });
    if (!serviceWorker) {
      await page.evaluateOnNewDocument(() => {
        if ("serviceWorker" in navigator) navigator.serviceWorker.register = () => new Promise(() => {});
      });
    }
    if (!guide) await page.evaluateOnNewDocument(markGuideAsSeen);
    await before?.(page);
    await page.goto(`${origin}/${query}`);
    try {
      await body(new Signet(page));
      finished = true;
    } catch (error) {
      await screenshot(page, `failed-${new Date().toISOString().replaceAll(":", "-")}`).catch(() => {});
      // What the page itself complained of usually is the cause.
      if (problems.length > 0 && error instanceof Error) error.message += `\nThe page: ${problems.join("\n")}`;
      throw error;
    }
  } finally {
    await context.close();
    // Only then: a failing body has its own, better message.
    if (finished) {
      assert.deepEqual(problems, [], "the page had errors");
      assert.deepEqual(server.violations.slice(violationsBefore), [], "the page asked another origin");
    }
  }
}

/** In the page, before its own scripts. */
function markGuideAsSeen() {
  try {
    localStorage.setItem("signet.guide", "seen");
  } catch {
    // A document that is no page of ours, or a test that blocks storage.
  }
}

/** A browser that is set to other languages. @param {Page} page @param {string} acceptLanguage */
async function speak(page, acceptLanguage) {
  const devtools = await page.createCDPSession();
  await devtools.send("Emulation.setUserAgentOverride", { userAgent: await page.browser().userAgent(), acceptLanguage });
}

/**
 * @param {Page} page
 * @param {string} name
 */
export async function screenshot(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
}
