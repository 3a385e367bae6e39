// A browser, and a visit to the page in it. A visit fails its test for every uncaught error,
// every message on the console's error level and every request to another origin.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { env, getuid } from "node:process";
import { after, afterEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import puppeteer from "puppeteer-core";
import { DOWNLOADS } from "./files.js";
import { Signet } from "./signet.js";
import { INSECURE_HOST, ROOT, TestServer } from "./server.js";
import { standInAll } from "./stand-ins.js";
import { TeachTab } from "./teach.js";

/** @typedef {import("puppeteer-core").Browser} Browser */
/** @typedef {import("puppeteer-core").Page} Page */

/** The browser of this run; a test may still ask for one by name. */
const CHOSEN = env["SIGNET_BROWSER"] ?? "chromium";
const CPU = { query: "?backend=cpu" };
const SCREENSHOTS = `${ROOT}tests/e2e/screenshots`;

/** Why a test is skipped in Firefox; false in Chromium. @param {string} what the test needs and Firefox has not, or gives no test a hold of */
export const onlyChromium = (what) => CHOSEN === "firefox" && `only Chromium has ${what}`;
/** What many such tests need: to crash, to drop files from outside, to limit the disk, to choose dark colours. */
export const DEVTOOLS = "the DevTools protocol";
export const SOFTWARE_ADAPTER = "WebGPU without a graphics card";
export const CAMERA_FILE = "a file as the camera";

const QUIET = [
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Whatever this machine speaks, the tests read English unless a visit asks for another language.
  "--lang=en-US",
  "--accept-lang=en-US",
  `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`,
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

/** Firefox's own fake camera, which it doesn't ask anybody for. */
const FAKE_CAMERA = { "media.navigator.streams.fake": true, "media.navigator.permission.disabled": true };

/**
 * @typedef {object} LaunchOptions
 * @property {string} [browser] "chromium" or "firefox"; the one of this run unless told otherwise
 * @property {boolean} [softwareGpu] with WebGPU, in Chromium
 * @property {string} [camera] a Y4M file that plays as the webcam; Firefox shows a film of its own instead
 * @property {boolean} [asks] whether Chromium's webcam needs the permission that a test grants or denies
 * @property {string} [profile] a folder that keeps what Chromium keeps, also when it is killed
 * @property {string[]} [flags] more of Chromium's
 * @property {Record<string, string | number | boolean>} [preferences] more of Firefox's
 */

/** @param {LaunchOptions} [options] @returns {Promise<Browser>} */
export function launch({ browser = CHOSEN, ...options } = {}) {
  if (browser === "firefox") return firefox(options);
  assert.equal(browser, "chromium", "SIGNET_BROWSER is chromium or firefox");
  return chromium(options);
}

/** @param {LaunchOptions} options */
function chromium({ softwareGpu = false, camera, asks = false, profile, flags = [] }) {
  const args = [...QUIET, ...(softwareGpu ? SOFTWARE_GPU : NO_GPU), ...flags];
  // Chromium's sandbox refuses to run as root, which containers usually are.
  if (getuid?.() === 0) args.push("--no-sandbox");
  if (camera) {
    args.push("--use-fake-device-for-media-stream", ...(asks ? [] : ["--use-fake-ui-for-media-stream"]));
    args.push(`--use-file-for-fake-video-capture=${camera}`);
  }
  return puppeteer.launch({ executablePath: env["CHROMIUM"] ?? "/usr/bin/chromium", headless: true, args, userDataDir: profile });
}

/** @param {LaunchOptions} options */
function firefox({ camera, preferences }) {
  return puppeteer.launch({
    browser: "firefox",
    executablePath: env["FIREFOX"] ?? "/usr/bin/firefox-esr",
    headless: true,
    extraPrefsFirefox: { "network.dns.localDomains": INSECURE_HOST, ...(camera && FAKE_CAMERA), ...preferences },
  });
}

/**
 * @typedef {object} OwnOptions of a test
 * @property {string | false} [skip]
 * @property {number} [timeout] in milliseconds
 * @property {Browser} [browser] another one than the file's
 * @property {() => unknown} [given] what is arranged before the visit
 * @property {Parameters<typeof standInAll>[1]} [standIns] served in place of built modules
 * @property {boolean} [isReady] false: the test begins before the page can classify
 *
 * @typedef {OwnOptions & VisitOptions} TestOptions
 * @typedef {TestOptions & { hands?: number }} TeachOptions `hands`: how many images of a fist and of an open hand there are
 */

/**
 * A server and a browser for the tests of one file, gone after them, and such tests. What a test replaced on the
 * server is restored after it. A visit is on the CPU unless it asks for something else.
 * @param {LaunchOptions} [options]
 */
export async function testWorld(options) {
  const server = await TestServer.start();
  const browser = await launch(options);
  afterEach(() => server.restore());
  after(async () => {
    await browser.close();
    await server.stop();
  });

  /** A visit without a test of its own. @param {VisitOptions & { browser?: Browser }} options @param {(signet: Signet) => Promise<void>} body */
  const visitOnCpu = ({ browser: visited = browser, ...options }, body) => visit(visited, server, { ...CPU, ...options }, body);

  /** A test that is one visit. @param {string} name @param {TestOptions} options @param {(signet: Signet) => Promise<void>} body */
  function pageTest(name, { skip = false, timeout, given, standIns = {}, isReady = true, ...options }, body) {
    test(name, { skip, timeout }, async () => {
      standInAll(server, standIns);
      await given?.();
      await visitOnCpu(options, async (signet) => {
        if (isReady) await signet.ready();
        await body(signet);
      });
    });
  }

  /** A test that is one visit to the second tab. @param {string} name @param {TeachOptions} options @param {(tab: TeachTab) => Promise<void>} body */
  const teachTest = (name, { hands = 0, ...options }, body) => pageTest(name, { isReady: false, ...options }, async (signet) => {
    const tab = await TeachTab.open(signet);
    if (hands > 0) await tab.addHands(hands);
    await body(tab);
  });

  return { browser, server, visit: visitOnCpu, pageTest, teachTest };
}

/**
 * @typedef {object} VisitOptions
 * @property {string} [query] such as `?backend=cpu`
 * @property {RegExp[]} [expectedErrors] uncaught and console errors, and crashes of the tab, that this test provokes, by their text
 * @property {(page: Page) => Promise<unknown>} [before] runs before the page is opened
 * @property {boolean} [profile] opens the page in the browser's own profile, which stays; the browser may be gone afterwards
 * @property {boolean} [serviceWorker] lets the page have its service worker. Without, which is the default, what a
 *   test replaces on the server reaches the page at once
 * @property {string} [forbidden] an origin that this test tries to reach, and checks itself that it doesn't: DevTools
 *   tell of requests that never leave the browser, too
 * @property {string} [languages] the browser's, such as "de-AT,en"; English without
 * @property {boolean} [guide] as on a real first visit: the first-time guide is shown. Without, it counts as seen
 * @property {boolean} [insecure] opens the page under a name that is not a secure context
 * @property {{ width: number, height: number, hasTouch?: boolean, isMobile?: boolean }} [viewport]
 * @property {"load" | "domcontentloaded" | "committed"} [opened] when the body begins: a download that is held up may
 *   hold up `load`, and a script that is held up both
 */

/**
 * Opens the page, with an empty profile unless told otherwise, hands it to `body`, and closes it.
 *
 * @param {Browser} browser
 * @param {TestServer} server
 * @param {VisitOptions} options
 * @param {(signet: Signet) => Promise<void>} body
 */
export async function visit(browser, server, options, body) {
  const { query = "", expectedErrors = [], before, profile = false, serviceWorker = false, forbidden = "", languages, guide = false, insecure = false, viewport = { width: 1280, height: 800 }, opened = "load" } = options;
  const origin = insecure ? server.insecureOrigin : server.origin;
  const context = profile ? browser.defaultBrowserContext()
    : await browser.createBrowserContext({ downloadBehavior: { policy: "allow", downloadPath: DOWNLOADS } });
  /** @type {string[]} */
  const problems = [];
  const violationsBefore = server.violations.length;
  let finished = false;
  try {
    const page = await context.newPage();
    await page.setViewport(viewport);
    page.setDefaultNavigationTimeout(120_000); // a machine that does much else takes its time
    if (languages) {
      const devtools = await page.createCDPSession();
      await devtools.send("Emulation.setUserAgentOverride", { userAgent: await browser.userAgent(), acceptLanguage: languages });
    }
    const note = (/** @type {string} */ problem) => { if (!expectedErrors.some((expected) => expected.test(problem))) problems.push(problem); };
    page.on("pageerror", (error) => note(`uncaught: ${error instanceof Error ? error.stack : error}`));
    page.on("error", (error) => note(`the tab crashed: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") note(`console: ${message.text()} (${message.location().url ?? "no address"})`);
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
    const committed = new Promise((done) => void page.once("framenavigated", done));
    const loaded = page.goto(`${origin}/${query}`, { waitUntil: opened === "committed" ? "load" : opened });
    // Whether it ends is what such a test is about.
    await (opened === "committed" ? (loaded.catch(() => {}), committed) : loaded);
    try {
      await body(new Signet(page));
      finished = true;
    } catch (error) {
      await shoot(page, `failed-${new Date().toISOString().replaceAll(":", "-")}`).catch(() => {});
      // What the page itself complained of usually is the cause.
      if (problems.length > 0 && error instanceof Error) error.message += `\nThe page: ${problems.join("\n")}`;
      throw error;
    }
  } finally {
    if (!profile) await context.close();
    // Only then: a failing body has its own, better message.
    if (finished) {
      assert.deepEqual(problems, [], "the page had errors");
      assert.deepEqual(server.violations.slice(violationsBefore), [], "the page asked another origin");
    }
  }
}

/** Hides the page behind another one, freezes it for a while and brings it back. @param {Signet} signet @param {number} ms */
export async function closeLid({ page }, ms) {
  const cover = await page.browserContext().newPage();
  await cover.bringToFront();
  const devtools = await page.createCDPSession();
  await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
  await pause(ms);
  await devtools.send("Page.setWebLifecycleState", { state: "active" });
  await page.bringToFront();
  await cover.close();
}

/** Those that a debugger can ask: a helper waits within its module, and answers nobody. @param {Page} page */
export const askableWorkers = (page) => page.workers().filter((worker) => !worker.url().endsWith("/helper.js"));

/** In the page, before its own scripts. */
function markGuideAsSeen() {
  try {
    localStorage.setItem("signet.guide", "seen");
  } catch {
    // A document that is no page of ours, or a test that blocks storage.
  }
}

/** For people to look at, where SIGNET_SCREENSHOTS asks for them: hundreds take minutes. @param {Page} page @param {string} name */
export async function screenshot(page, name) {
  if (env["SIGNET_SCREENSHOTS"]) await shoot(page, name);
}

/** @param {Page} page @param {string} name */
async function shoot(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, optimizeForSpeed: true });
}
