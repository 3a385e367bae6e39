// A start that fails: files that are damaged, missing or replaced, a network that goes away, falls silent or brings
// something else, browsers that can't run the modules. The page goes on by itself, or says what is missing, and a reload
// is all that it takes then.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { arch } from "node:process";
import { test } from "node:test";
import { staticFiles } from "../../scripts/serve.js";
import { assertAccessible } from "./access.js";
import { launch, testWorld } from "./browser.js";
import { write } from "./files.js";
import { hand, png } from "./pictures.js";
import { CPU_MODULES, CPU_SCRIPTS, MODEL_PATH, WWW, answering, failing, startPage } from "./server.js";
import { TeachTab } from "./teach.js";

/** @typedef {import("./server.js").Handler} Handler */
/** @typedef {import("./signet.js").Signet} Signet */
/** @typedef {{ name: string, paths: string | string[], code: RegExp, handler: Handler, errors?: RegExp[] }} Fault */

const file = write("one.png", png(hand(1, 200, 260)));
const MODEL = readFileSync(WWW + MODEL_PATH);
const LOST = [/ERR_(INTERNET_DISCONNECTED|CONNECTION|EMPTY|CONTENT_LENGTH|INCOMPLETE|FAILED|ABORTED)|Failed to load/];

const { server, pageTest, visit } = await testWorld();

/** Tries again sooner, and waits less for a host that is silent. */
const hasty = () => server.edit("/recognizer/weights.js", { "RETRY_MS = 1000": "RETRY_MS = 100", "STALL_MS = 20_000": "STALL_MS = 2_000" });

/** Presses a button that reloads the page, or else reloads it, and uses it. @param {Signet} signet @param {string | null} [button] */
async function reloadWorks(signet, button = "#error-reload") {
  const { page } = signet;
  await (button ? Promise.all([page.waitForNavigation(), page.click(button)]) : page.reload());
  await signet.uploadWorks(file);
}

/** A model with one wrong byte. */
function spoilt() {
  const bytes = Buffer.from(MODEL);
  const middle = bytes.length >> 1;
  bytes[middle] = Number(bytes[middle]) ^ 1;
  return answering(bytes, "application/octet-stream");
}

/** @type {Handler} */
const lost = (_, response) => void response.destroy();

/** @type {Handler} */
const breaking = (_, response) => {
  response.writeHead(200, { "Content-Length": MODEL.length });
  response.write(MODEL.subarray(0, 1_000_000), () => setTimeout(() => response.destroy(), 100));
};

/** @type {Fault[]} */
const MODELS = [
  { name: "a model with one wrong byte", paths: MODEL_PATH, code: /^weights-hash$/, handler: spoilt() },
  { name: "a model that is cut short", paths: MODEL_PATH, code: /^(model-truncated|weights-hash)$/, handler: answering(MODEL.subarray(0, 100_000), "application/octet-stream") },
  { name: "a model whose connection always breaks", paths: MODEL_PATH, code: /^(model-network|model-truncated)$/, handler: breaking, errors: [/ERR_(CONTENT_LENGTH|CONNECTION|EMPTY|INCOMPLETE)/] },
  { name: "a model that is not on the server", paths: MODEL_PATH, code: /^model-missing$/, handler: failing(404), errors: [/404/] },
  { name: "a page in place of the model", paths: MODEL_PATH, code: /^(model|weights)-/, handler: startPage },
  { name: "a manifest that is no manifest", paths: "/models/manifest.json", code: /^model-manifest$/, handler: answering('{"file": 3}', "application/json") },
];

/** @type {Fault[]} */
const MODULES = [
  { name: "a module that is not on the server", code: /^module-missing$/, handler: failing(404) },
  { name: "a module that a host answers with its start page", code: /^module-missing$/, handler: startPage },
  { name: "a module from a host in trouble", code: /^module-network$/, handler: failing(503) },
  { name: "a module that is another file", code: /^module-broken$/, handler: answering("export default 3;") },
  { name: "a module whose connection breaks", code: /^module-network$/, handler: lost },
].map((fault) => ({ ...fault, paths: CPU_SCRIPTS }));

/** @type {Fault[]} */
const SCRIPTS = [
  { name: "a script that is missing", paths: "/ui/view.js", handler: failing(404) },
  { name: "a script of a host in trouble", paths: "/main.js", handler: failing(503) },
  { name: "a script that is another page", paths: "/teach/store.js", handler: startPage },
  { name: "a script that is cut short", paths: "/recognizer/client.js", handler: answering("export class SignetClient {") },
  { name: "a script whose connection breaks", paths: "/ui/dom.js", handler: lost },
].map((fault) => ({ ...fault, code: /^page-incomplete$/ }));

/** The page tells a fault that it was loaded with, and once the file is right a reload is all it takes. @param {Signet} signet @param {Fault} fault @param {string | null} button that reloads */
async function isTold(signet, { name, code }, button) {
  const error = await signet.failure(code, 60_000); // after a few tries
  assert.ok(error.text.length > 20, `${name}: a sentence: "${error.text}"`);
  if (error.code === "page-incomplete") assert.match(error.text, /Check the connection, then reload/);
  assert.equal((await signet.status()).state, "error", name);
  if (error.code === "model-missing") await assertAccessible(signet, "a failed start");
  server.restore();
  await reloadWorks(signet, button);
}

for (const fault of MODELS) {
  pageTest(`${fault.name} is told, and once the file is right a reload is all it takes`, { isReady: false, expectedErrors: fault.errors, given: () => {
    hasty();
    server.replace(fault.paths, fault.handler);
  } }, (signet) => isTold(signet, fault, null));
}

for (const [what, faults, button, expectedErrors] of /** @type {[string, Fault[], string, RegExp[]][]} */ ([
  ["module", MODULES, "#error-reload", LOST], ["script", SCRIPTS, "#incomplete-reload", [/./]],
])) {
  pageTest(`a ${what} that is missing, broken, cut, of a host in trouble or another file is told, and once it is right a reload is all it takes`, { expectedErrors }, async (signet) => {
    for (const fault of faults) {
      server.replace(fault.paths, fault.handler);
      await signet.page.reload();
      await isTold(signet, fault, button);
    }
  });
}

pageTest("a module for teaching that does not come is told, the samples stay, and a later try works", { expectedErrors: LOST }, async (signet) => {
  const tab = await TeachTab.open(signet);
  await tab.addHands(3);
  for (const { name, code, handler } of MODULES) {
    server.replace("/pkg/signet_cpu_learn.js", handler);
    await signet.click("train");
    await signet.failure(code);
    await tab.becomes(`the end, with ${name}`, async () => (await tab.progress()).state, "failed");
    assert.deepEqual(await tab.samples(), [3, 0, 0, 0, 0, 3]);
    server.restore();
    await tab.train({ epochs: 1 });
    assert.equal(await signet.error(), undefined);
  }
});

pageTest("a host that is silent about a module is told as a broken network", { isReady: false, expectedErrors: LOST, given: () => {
  server.edit("/recognizer/module.js", { ": 90_000": ": 2_000" });
  server.replace(CPU_MODULES, () => {});
} }, async (signet) => {
  await signet.failure(/^module-network$/);
  server.restore();
  await reloadWorks(signet);
});

test("a script that does not come is told, and that is taken back when it comes after all", async () => {
  const script = server.hold("/ui/view.js");
  // The first script of all is only slow, of which nothing is said.
  let isSent = false;
  const guard = readFileSync(`${WWW}/offline/guard.js`, "utf8").replace("LATE_MS = 30000", "LATE_MS = 1000");
  server.replace("/offline/guard.js", (request, response) => void setTimeout(() => { isSent = true; answering(guard)(request, response); }, 2000));
  await visit({ expectedErrors: LOST, opened: "committed" }, async (signet) => {
    while (!isSent) {
      const said = await saidOfScripts(signet.page.mainFrame());
      assert.equal(isSent ? "" : said, "");
    }
    await signet.failure(/^page-incomplete$/);
    script.letIn();
    await signet.until("the page itself", () => signet.page.$eval("#incomplete", (notice) => /** @type {HTMLElement} */ (notice).hidden));
    await signet.uploadWorks(file);
  });
});

/**
 * A host that sends none of our headers, and some files as plain text.
 * @param {RegExp} files @param {Record<string, string>} [headers] its own
 * @returns {Handler}
 */
const plainTextHost = (files, headers = {}) => (request, response) => {
  const { writeHead } = response;
  const type = files.test(request.url ?? "") ? { "Content-Type": "text/plain" } : {};
  response.writeHead = /** @type {any} */ ((/** @type {number} */ status, /** @type {object} */ others) => writeHead.call(response, status, { ...others, ...type }));
  staticFiles(WWW, headers)(request, response);
};
const NOSNIFF = { "X-Content-Type-Options": "nosniff" };

/** What is said of scripts that don't run, each line behind its language. @param {import("puppeteer-core").Frame} frame */
const saidOfScripts = (frame) => frame.$$eval("#incomplete p, #unscripted p", (lines) => {
  const seen = /** @type {HTMLElement[]} */ (lines).filter((line) => line.checkVisibility());
  return seen.map(({ lang, innerText }) => `${lang}: ${innerText}`).join("\n");
}).catch(() => "");

test("a page opened as a file, in a frame without an origin, or whose scripts come as plain text, refused or not, says which it is and what to do, in the browser's language", async () => {
  const here = async () => {};
  // Where no script runs at all, nobody knows the language.
  const all = /^en: .*ran no script.*\nde: .*kein Skript.*\nes: .*\nfr: .*\nzh: .*\nar: .*Content-Type: text\/javascript/;
  /** @type {[name: string, open: (page: import("puppeteer-core").Page) => Promise<unknown>, sentences: [en: RegExp, de: RegExp], host?: Handler][]} */
  const ways = [
    ["a file", (page) => page.goto(pathToFileURL(`${WWW}/index.html`).href), [/^en: .*opened as a file.*over http.*$/, /^de: .*als Datei geöffnet.*$/]],
    ["a frame", (page) => page.goto(`${server.origin}/frame.html`), [/^en: .*sandboxed frame.*tab of its own.*$/, /^de: .*sandbox.*eigenen Tab.*$/]],
    ["plain text", here, [/^en: .*Content-Type: text\/javascript.*$/, /^de: .*Content-Type: text\/javascript.*$/], plainTextHost(/\.js$/)],
    ["plain text that is refused", here, [all, all], plainTextHost(/\.js$/, NOSNIFF)],
    ["plain text that is refused, of styles as well", here, [all, all], plainTextHost(/\.(js|css)$/, NOSNIFF)],
  ];
  for (const [index, languages] of ["en-US", "de-AT"].entries()) {
    for (const [name, open, sentences, host = staticFiles(WWW, {})] of ways) {
      server.policy = null;
      server.serve = host;
      server.replace("/frame.html", answering('<iframe sandbox="allow-scripts" src="/"></iframe>', "text/html"));
      await visit({ languages, expectedErrors: [/./] }, async (signet) => {
        await open(signet.page);
        const frame = () => signet.page.frames().at(-1) ?? signet.page.mainFrame();
        await signet.until(`the sentence for ${name} in ${languages}`, async () => sentences[index]?.test(await saidOfScripts(frame())));
      });
      server.restore();
    }
  }
});

const SENT = 5_000_000;

/**
 * A host that sends the first part of the model, does something, and sends what is asked for afterwards.
 * @param {(response: import("node:http").ServerResponse) => void} then
 */
function breaksOff(then) {
  /** Which part was asked for each time. @type {(string | undefined)[]} */
  const ranges = [];
  server.replace(MODEL_PATH, (request, response) => {
    ranges.push(request.headers.range);
    if (ranges.length > 1) return server.serve(request, response);
    response.writeHead(200, { "Content-Type": "application/octet-stream", "Content-Length": MODEL.length });
    response.write(MODEL.subarray(0, SENT), () => then(response));
  });
  return ranges;
}

test("a connection that breaks in the model's download is taken up where it was, and says so meanwhile; a silent host is asked again", async () => {
  for (const then of [lost, () => {}]) {
    if (then !== lost) hasty();
    const ranges = breaksOff((response) => setTimeout(() => then(/** @type {any} */ (null), response), 100));
    await visit({ expectedErrors: LOST }, async (signet) => {
      const said = await signet.watch("status");
      await signet.uploadWorks(file);
      assert.equal(ranges.length, 2);
      if (then !== lost) return;
      const from = Number(ranges[1]?.match(/^bytes=(\d+)-$/)?.[1]);
      assert.ok(from > 0 && from <= SENT, `the rest from ${from} on`);
      assert.ok((await said()).some((line) => /No connection at \d of 12\sMB/.test(line)), (await said()).join("; "));
    });
  }
});

test("a network that is off in the midst of the download is waited for", async () => {
  /** @type {string[]} */
  const arrived = [];
  const ranges = breaksOff(() => arrived.push("a part of the model"));
  // The module comes at the same time, and is not what this is about.
  server.replace(CPU_MODULES, (request, response) => {
    response.on("close", () => arrived.push("the module"));
    server.serve(request, response);
  });
  await visit({ expectedErrors: LOST }, async (signet) => {
    await signet.until("the module and a part of the model", async () => arrived.length === 2);
    await signet.page.setOfflineMode(true);
    await server.stop();
    await signet.until("the word about it", async () => /No connection/.test((await signet.status()).text));
    assert.equal(await signet.error(), undefined);
    await server.resume();
    await signet.page.setOfflineMode(false);
    await signet.uploadWorks(file);
    assert.match(String(ranges[1]), /^bytes=\d+-$/);
  });
});

test("a host that is in trouble for a moment is asked again, and one that stays in trouble is told", async () => {
  hasty();
  let left = 2;
  server.replace("/models/manifest.json", (request, response) => {
    left -= 1;
    (left < 0 ? server.serve : failing(503))(request, response);
  });
  await visit({ expectedErrors: LOST }, async (signet) => {
    await signet.uploadWorks(file);
    left = Infinity;
    await signet.page.reload();
    const { text } = await signet.failure(/^model-network$/);
    assert.match(text, /connection/);
    server.restore();
    await reloadWorks(signet);
  });
});

// Browsers that can't run the modules, for real: WebAssembly switched off in Firefox, and Chromium told to do without
// the processor's SIMD instructions. No browser can be told to do without relaxed SIMD: there the page is changed.

/** @type {[name: string, options: import("./browser.js").LaunchOptions, code: RegExp, sentence: RegExp][]} */
const BROWSERS = [
  ["Firefox without WebAssembly", { browser: "firefox", preferences: { "javascript.options.wasm": false } }, /^wasm-missing$/, /no WebAssembly.*Switch it on/],
  ["Chromium without SIMD", { browser: "chromium", flags: ["--js-flags=--no-enable-sse4-1"] }, /^wasm-simd$/, /lacks SIMD.*current/],
];

for (const [name, options, code, sentence] of BROWSERS) {
  const skip = /SIMD/.test(name) && arch !== "x64" && "only on x86-64 can SIMD be switched off";
  test(`${name}: the page says so at once, downloads nothing for it, and stays usable`, { skip }, async () => {
    const browser = await launch(options);
    const start = server.requests.length;
    try {
      await visit({ browser, query: "" }, async (signet) => {
        const { text } = await signet.failure(code);
        assert.match(text, sentence);
        const { state, text: status } = await signet.status();
        assert.deepEqual([state, status], ["error", "Not ready"]);

        // Each way in and the tab say the same, whenever they would need it, and no way leads to a wait without end.
        const said = async (/** @type {() => Promise<unknown>} */ action) => {
          await signet.page.locator("#error-dismiss").click();
          assert.equal(await signet.error(), undefined);
          await action();
          assert.match((await signet.failure(code)).text, sentence);
        };
        await said(() => signet.choose(file));
        await said(() => signet.page.locator('[data-testid="example"]').click());
        await signet.click("mode-draw");
        await said(() => signet.stroke([[0.3, 0.3], [0.7, 0.7]]));
        await signet.click("mode-webcam");
        assert.equal((await signet.status()).text, "Not ready");
        await signet.click("tab-teach");
        const tab = new TeachTab(signet.page);
        await tab.becomes("the cards", async () => (await tab.labels()).length, 6);
        await tab.rename("0", "fist");
        await tab.becomes("the name", async () => (await tab.labels())[0], "fist");
        await tab.give(tab.within("fist", "class-upload-input"), [file]);
        assert.match((await signet.failure(code)).text, sentence);
        assert.match(await tab.reason(), /model isn't there/);
      });
    } finally {
      await browser.close();
    }
    assert.deepEqual(server.requests.slice(start).filter((request) => /\.(wasm|safetensors)$/.test(request)), []);
  });
}

pageTest("without relaxed SIMD the page takes the module that needs none, and answers", {
  given: () => {
    server.requests.length = 0;
    // An instruction that no browser has.
    server.edit("/recognizer/support.js", { "0xfd, 0x85, 0x02": "0xfd, 0xff, 0x7f" });
  },
}, async (signet) => {
  await signet.uploadWorks(file);
  assert.deepEqual(CPU_MODULES.map((path) => server.count(path)), [1, 0, 0]);
});
