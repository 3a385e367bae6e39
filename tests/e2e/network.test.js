// A network that goes away, falls silent or brings something else, at a first visit: the page goes on by itself, or
// says what is missing and has a button.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { screenshot, testWorld, visit } from "./browser.js";
import { temporaryFolder } from "./files.js";
import { hand, png } from "./pictures.js";
import { CPU_MODULES, CPU_SCRIPTS, MODEL_PATH, WWW } from "./server.js";
import { TeachTab, hands } from "./teach.js";

/** @typedef {import("./server.js").Handler} Handler */
/** @typedef {import("./signet.js").Signet} Signet */

const write = temporaryFolder();
const file = write("one.png", png(hand(1, 200, 260)));
const LOST = [/ERR_(INTERNET_DISCONNECTED|CONNECTION|EMPTY|CONTENT_LENGTH|INCOMPLETE|FAILED|ABORTED)|Failed to load/];
const CPU = { query: "?backend=cpu", expectedErrors: LOST };
const MODEL = readFileSync(WWW + MODEL_PATH);
const SENT = 5_000_000;

const { browser, server } = await testWorld();

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

/** Presses a button that reloads the page. @param {Signet} signet @param {string} button */
const reload = ({ page }, button) => Promise.all([page.waitForNavigation(), page.click(button)]);

/** @param {Signet} signet */
async function works(signet) {
  await signet.ready();
  await signet.click("mode-upload");
  await signet.upload(file);
  assert.equal(await signet.error(), undefined);
}

test("a connection that breaks in the model's download is taken up where it was, and says so meanwhile", async () => {
  const ranges = breaksOff((response) => setTimeout(() => response.destroy(), 100));
  await visit(browser, server, CPU, async (signet) => {
    const said = await signet.watch("status");
    await works(signet);
    assert.equal(ranges.length, 2);
    const from = Number(ranges[1]?.match(/^bytes=(\d+)-$/)?.[1]);
    assert.ok(from > 0 && from <= SENT, `the rest from ${from} on`);
    assert.ok((await said()).some((line) => /No connection at \d of 24\sMB/.test(line)), (await said()).join("; "));
  });
});

test("a network that is off in the midst of the download is waited for", async () => {
  /** @type {() => void} */
  let arrived = () => {};
  const begun = new Promise((done) => { arrived = () => done(undefined); });
  const ranges = breaksOff((response) => {
    arrived();
    response.on("close", () => {});
  });
  // The module comes at the same time, and is not what this is about.
  const module = new Promise((done) => {
    server.replace(CPU_MODULES, (request, response) => {
      response.on("close", done);
      server.serve(request, response);
    });
  });
  await visit(browser, server, CPU, async (signet) => {
    await Promise.all([begun, module]);
    await signet.page.setOfflineMode(true);
    await server.stop();
    await signet.until("the word about it", async () => (/No connection/.test((await signet.status()).text) ? true : undefined));
    await screenshot(signet.page, "fault-offline-download");
    assert.equal(await signet.error(), undefined);
    await server.resume();
    await signet.page.setOfflineMode(false);
    await works(signet);
    assert.match(String(ranges[1]), /^bytes=\d+-$/);
  });
});

test("a host that falls silent in the model's download is asked again", async () => {
  const ranges = breaksOff(() => {});
  await visit(browser, server, CPU, async (signet) => {
    await works(signet);
    assert.equal(ranges.length, 2);
  });
});

test("a host that is in trouble for a moment is asked again, and one that stays in trouble is told", async () => {
  let answers = 0;
  const inTrouble = (/** @type {number} */ times) => {
    answers = 0;
    server.replace("/models/manifest.json", (request, response) => {
      answers += 1;
      if (answers > times) return server.serve(request, response);
      response.writeHead(503).end();
    });
  };
  inTrouble(2);
  await visit(browser, server, CPU, async (signet) => {
    await works(signet);
    inTrouble(Infinity);
    await signet.page.reload();
    const { text } = await signet.failure(/^model-network$/);
    assert.match(text, /connection/);
    server.restore();
    await reload(signet, "#error-reload");
    await works(signet);
  });
});

/** @type {[name: string, code: RegExp, handler: Handler][]} */
const BAD_MODULES = [
  ["that a host answers with its start page", /^module-missing$/, (_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html>")],
  ["from a host in trouble", /^module-network$/, (_, response) => response.writeHead(503).end()],
  ["that is another file", /^module-broken$/, (_, response) => response.writeHead(200, { "Content-Type": "text/javascript" }).end("export default 3;")],
  ["whose connection breaks", /^module-network$/, (_, response) => response.destroy()],
];

for (const [name, code, handler] of BAD_MODULES) {
  test(`a module ${name} is told, to who classifies and to who teaches, and a later try works`, async () => {
    server.replace(CPU_SCRIPTS, handler);
    await visit(browser, server, CPU, async (signet) => {
      await signet.failure(code);
      assert.equal((await signet.status()).state, "error");
      server.restore();
      await reload(signet, "#error-reload");
      await works(signet);

      server.replace("/pkg/signet_cpu_learn.js", handler);
      const tab = await TeachTab.open(signet);
      for (const [label, fingers] of /** @type {const} */ ([["0", 0], ["5", 5]])) {
        await tab.upload(label, hands(fingers, 3).map((picture, index) => write(`${label}-${index}.png`, png(picture))));
      }
      await signet.click("train");
      await signet.failure(code);
      await tab.becomes("the end", async () => (await tab.progress()).state, "failed");
      assert.deepEqual([await tab.count("0"), await tab.count("5")], [3, 3]);
      server.restore();
      await tab.train({ epochs: 2 });
      assert.equal(await signet.error(), undefined);
    });
  });
}

test("a host that is silent about a module is told as a broken network", async () => {
  const module = readFileSync(`${WWW}/recognizer/module.js`, "utf8");
  const hasty = module.replaceAll(": 90_000", ": 2_000");
  assert.notEqual(hasty, module);
  server.replace("/recognizer/module.js", (_, response) => response.writeHead(200, { "Content-Type": "text/javascript", "Cache-Control": "no-store" }).end(hasty));
  server.replace(CPU_MODULES, () => {});
  await visit(browser, server, CPU, async (signet) => {
    await signet.failure(/^module-network$/);
    server.restore();
    await reload(signet, "#error-reload");
    await works(signet);
  });
});

/** @type {[name: string, path: string, handler: Handler][]} */
const BAD_PAGES = [
  ["that is missing", "/ui/view.js", (_, response) => response.writeHead(404).end()],
  ["of a host in trouble", "/main.js", (_, response) => response.writeHead(503).end()],
  ["that is another page", "/teach/store.js", (_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html>")],
  ["that is cut short", "/recognizer/client.js", (_, response) => response.writeHead(200, { "Content-Type": "text/javascript" }).end("export class SignetClient {")],
  ["whose connection breaks", "/ui/dom.js", (_, response) => response.destroy()],
];

for (const [name, path, handler] of BAD_PAGES) {
  test(`a page with a script ${name} says that it is incomplete, and a reload is all it takes`, async () => {
    server.replace(path, handler);
    await visit(browser, server, { ...CPU, expectedErrors: [/./] }, async (signet) => {
      const { text } = await signet.failure(/^page-incomplete$/);
      assert.match(text, /Check the connection, then reload/);
      assert.equal((await signet.status()).state, "error");
      server.restore();
      await reload(signet, "#incomplete-reload");
      await works(signet);
    });
  });
}

test("a page with a script that does not come says so, and is taken back when it comes after all", async () => {
  const script = server.hold("/ui/view.js");
  /** @type {import("./browser.js").VisitOptions} */
  const hasty = {
    ...CPU,
    opened: "committed",
    before: (page) => page.evaluateOnNewDocument(() => {
      const wait = globalThis.setTimeout;
      Object.assign(globalThis, { setTimeout: (/** @type {() => void} */ work, /** @type {number} */ ms) => wait(work, ms === 30_000 ? 1000 : ms) });
    }),
  };
  await visit(browser, server, hasty, async (signet) => {
    await signet.failure(/^page-incomplete$/);
    await screenshot(signet.page, "fault-incomplete");
    script.letIn();
    await signet.until("the page itself", () => signet.page.$eval("#incomplete", (notice) => /** @type {HTMLElement} */ (notice).hidden || undefined));
    await works(signet);
  });
});
