// What is left of the page after a visit: the model, and the whole page, which then does without a network.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DEVTOOLS, SOFTWARE_ADAPTER, launch, onlyChromium, screenshot, testWorld, visit } from "./browser.js";
import { under } from "./deployment.js";
import { temporaryFolder } from "./files.js";
import { available, withoutNetwork } from "./network.js";
import { hand, png } from "./pictures.js";
import { CPU_MODULES, MODEL_PATH, WWW } from "./server.js";
import { Signet } from "./signet.js";
import { TeachTab, hands } from "./teach.js";
import { staticFiles } from "../../scripts/serve.js";
import { de } from "../../www/i18n/de.js";

/** @typedef {import("puppeteer-core").Page} Page */

const write = temporaryFolder();
const file = write("two.png", png(hand(2, 240, 240)));
const OFFLINE_ERRORS = [/ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|FAILED)/];
const CPU = { query: "?backend=cpu", serviceWorker: true };

const { browser, server } = await testWorld();

/** The addresses that lie in the browser's caches. @param {Page} page @returns {Promise<string[]>} */
const cached = (page) => page.evaluate(async () => {
  const caught = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
  return caught.flat().map(({ url }) => url.slice(location.origin.length));
});

test("the model is downloaded once, and told apart from the cache", async () => {
  const start = server.requests.length;
  await visit(browser, server, CPU, async (signet) => {
    await signet.ready();
    assert.equal(server.count(MODEL_PATH, start), 1, "the first visit downloads the model");
    await available(signet);
    const copies = (await cached(signet.page)).filter((path) => path.includes(".safetensors"));
    assert.equal(copies.length, 1, `it is kept once: ${copies}`);
    const second = server.requests.length;
    await signet.page.reload();
    await signet.ready();
    assert.equal(server.count(MODEL_PATH, second), 0, "the second does not");
    const text = await signet.page.evaluate(() => document.body.innerText);
    assert.match(text, /storage|kept/i);
  });
});

test("of the two modules that classify on the CPU only the one that this browser runs is fetched and stored", async () => {
  const start = server.requests.length;
  await visit(browser, server, CPU, async (signet) => {
    await signet.ready();
    await available(signet);
    const isRelaxed = await signet.page.evaluate(async (address) => (await import(address)).hasRelaxedSimd(), `${server.origin}/support.js`);
    assert.deepEqual(CPU_MODULES.map((path) => server.count(path, start) > 0), [!isRelaxed, isRelaxed]);
    const stored = await cached(signet.page);
    assert.deepEqual(CPU_MODULES.map((path) => stored.some((url) => url.endsWith(path))), [!isRelaxed, isRelaxed]);
  });
});

test("the help page is there with the network off, pictures and language included", async () => {
  await visit(browser, server, { ...CPU, languages: "de", expectedErrors: OFFLINE_ERRORS }, async (signet) => {
    const { page } = signet;
    await signet.ready();
    await available(signet);
    await withoutNetwork(page, server, async () => {
      await page.goto(`${server.origin}/help.html`);
      await signet.until("German", async () => ((await page.title()) === de.helpPage.title ? true : undefined));
      assert.ok((await page.$$eval("img", (images) => images.map((image) => image.naturalWidth > 0))).every(Boolean));
      const version = await page.$eval("script", (script) => script.src);
      assert.match(version, /\/version-\w+\/help\.js$/, "of the version that is stored");
    });
  });
});

test("a first visit is enough to classify and to teach with the network off", async () => {
  await visit(browser, server, { ...CPU, expectedErrors: OFFLINE_ERRORS }, async (signet) => {
    await signet.ready();
    assert.equal(await available(signet), "Available offline");
    await screenshot(signet.page, "offline-available");
    await withoutNetwork(signet.page, server, async () => {
      await signet.page.reload();
      await signet.ready();
      await signet.click("mode-upload");
      await signet.upload(file);
      await signet.prediction(() => signet.page.locator('[data-testid="example"][data-label="5"]').click());
      await signet.click("mode-draw");
      await signet.prediction(() => signet.stroke([[0.3, 0.3], [0.7, 0.7]]));
      await available(signet);
      const tab = await TeachTab.open(signet);
      for (const [label, fingers] of /** @type {const} */ ([["0", 0], ["5", 5]])) {
        await tab.upload(label, hands(fingers, 4).map((picture, index) => write(`${label}-${index}.png`, png(picture))));
      }
      await tab.train({ epochs: 3 });
      assert.equal((await tab.progress()).epoch, 3);
      assert.equal(await signet.error(), undefined);
      await screenshot(signet.page, "offline");
    });
  });
});

test("a later visit in another tab, with the server gone, has everything", async () => {
  await visit(browser, server, CPU, async (signet) => {
    await signet.ready();
    await available(signet);
    await server.stop();
    try {
      const page = await signet.page.browserContext().newPage();
      const later = new Signet(page);
      await page.goto(`${server.origin}/?backend=cpu`);
      await later.ready();
      await later.click("mode-upload");
      await later.upload(file);
      await available(later);
    } finally {
      await server.resume();
    }
  });
});

test("it works in any folder of a host, and two copies of the page leave each other alone", async () => {
  const [first, second] = ["/class/signet", "/other"].map((prefix) => ({ prefix, serve: under(prefix, staticFiles(WWW)) }));
  assert.ok(first && second);
  server.serve = (request, response) => {
    if (request.url === "/") return void response.writeHead(200, { "Content-Type": "text/html" }).end('<!doctype html><link rel="icon" href="data:,">');
    (request.url?.startsWith(first.prefix) ? first : second).serve(request, response);
  };
  await visit(browser, server, { serviceWorker: true }, async (signet) => {
    for (const { prefix } of [first, second]) {
      await signet.page.goto(`${server.origin}${prefix}/?backend=cpu`);
      await signet.ready();
      await available(signet);
    }
    await server.stop();
    try {
      for (const { prefix } of [first, second]) {
        await signet.page.goto(`${server.origin}${prefix}/?backend=cpu`);
        await signet.ready();
        await signet.click("mode-upload");
        await signet.upload(file);
      }
    } finally {
      await server.resume();
    }
  });
});

test("Remove downloaded model leaves no copy of it, and the next visit downloads it again", async () => {
  await visit(browser, server, CPU, async (signet) => {
    await signet.ready();
    await available(signet);
    assert.ok((await cached(signet.page)).some((path) => path.includes(".safetensors")));
    const usage = () => signet.page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
    const before = await usage();
    // A confirmation, where there is one, is accepted.
    signet.page.on("dialog", (dialog) => dialog.accept());
    await signet.page.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });
    await signet.page.locator("::-p-text(Remove downloaded model)").click();
    await signet.until("no copy", async () => ((await cached(signet.page)).some((path) => path.includes(".safetensors")) ? undefined : true));
    assert.equal(await signet.page.$eval(signet.selector("offline-status"), (line) => line.checkVisibility()), false);
    // The browser gives the room back when it has forgotten who read the file last, about half a minute later.
    await signet.until("the room back", async () => (before - (await usage()) > 20e6 ? true : undefined), 120_000);
    const start = server.requests.length;
    await signet.page.reload();
    await signet.ready();
    assert.equal(server.count(MODEL_PATH, start), 1);
    await available(signet);
  });
});

test("a cache that was cleared behind the page's back is built anew from the network", async () => {
  await visit(browser, server, CPU, async (signet) => {
    await signet.ready();
    await available(signet);
    await signet.page.evaluate(async () => {
      for (const name of await caches.keys()) await caches.delete(name);
    });
    await signet.page.reload();
    const again = (/** @type {() => Promise<unknown>} */ ask) => ask().then(() => true, () => undefined);
    await signet.until("the page", () => again(() => signet.page.$eval(signet.selector("status"), () => true)));
    await signet.ready();
    await available(signet);
    assert.ok((await cached(signet.page)).length > 50);
  });
});

test("a stored page that does not start is forgotten, and a reload fetches it anew", async () => {
  for (const damaged of [["/recognizer/worker.js"], CPU_MODULES]) {
    await visit(browser, server, { ...CPU, expectedErrors: [/./] }, async (signet) => {
      await signet.ready();
      await available(signet);
      await signet.page.evaluate(async (paths) => {
        for (const name of await caches.keys()) {
          const cache = await caches.open(name);
          const found = (await cache.keys()).find(({ url }) => paths.some((path) => url.endsWith(path)));
          const type = found?.url.endsWith(".js") ? "text/javascript" : "application/wasm";
          if (found) await cache.put(found, new Response("damaged", { headers: { "content-type": type } }));
        }
      }, damaged);
      await withoutNetwork(signet.page, server, async () => {
        await signet.page.reload();
        await signet.failure(/^(module|worker)-/);
        await new Promise((done) => setTimeout(done, 1_000));
        assert.ok((await cached(signet.page)).some((path) => path.includes("/version-")), "without a network nothing is given away");
      });
      await signet.page.reload();
      await signet.failure(/^(module|worker)-/);
      await signet.until("nothing stored", async () => ((await cached(signet.page)).some((path) => path.includes("/version-")) ? undefined : true));
      await signet.page.reload();
      await signet.ready();
      await available(signet);
    });
  }
});

test("without a service worker, or with one that can't store everything, the page works and promises nothing", async () => {
  const failures = /** @type {const} */ ([["/service-worker.js", 404], ["/pkg/precache.js", 404], ["/icons/seal.svg", 503], ["/ui/keyboard.js", 200]]);
  for (const [path, status] of failures) {
    server.restore();
    let asked = 0;
    server.replace(path, (request, response) => {
      // The page itself gets what it needs; what is stored afterwards is not what the list says.
      if (path === "/ui/keyboard.js" && (asked += 1) === 1) return server.serve(request, response);
      response.writeHead(status, { "Content-Type": "text/javascript" }).end("// of another version");
    });
    const options = { ...CPU, expectedErrors: [/404|503/] };
    await visit(browser, server, options, async (signet) => {
      await signet.ready();
      const stored = () => signet.page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active ? true : undefined);
      await assert.rejects(signet.until("a service worker", stored, 4_000), /not after/);
      assert.equal(await signet.page.$eval(signet.selector("offline-status"), (line) => line.checkVisibility()), false);
      assert.deepEqual((await cached(signet.page)).filter((address) => !address.includes(".safetensors")), [], path);
      await signet.click("mode-upload");
      await signet.upload(file);
    });
  }
});

test("the module that learns on WebGPU is stored by a visit on which WebGPU serves, and by no other", { skip: onlyChromium(SOFTWARE_ADAPTER) }, async () => {
  const softwareGpu = await launch({ softwareGpu: true });
  try {
    await visit(softwareGpu, server, CPU, async (signet) => {
      await signet.ready();
      await available(signet);
      assert.deepEqual((await cached(signet.page)).filter((path) => path.includes("signet_gpu_learn")), []);
    });
    await visit(softwareGpu, server, { serviceWorker: true, query: "?backend=webgpu" }, async (signet) => {
      await signet.ready(240_000);
      await available(signet);
      await signet.until("the GPU module in storage", async () => {
        const stored = (await cached(signet.page)).filter((path) => path.includes("signet_gpu_learn"));
        return stored.length === 2 ? true : undefined;
      }, 240_000);
    });
  } finally {
    await softwareGpu.close();
  }
});

test("it can be installed as an app: a manifest, icons of the sizes it names, nothing missing", { skip: onlyChromium(DEVTOOLS) }, async () => {
  await visit(browser, server, CPU, async (signet) => {
    await signet.ready();
    await available(signet);
    const devtools = await signet.page.createCDPSession();
    const { errors, data } = await devtools.send("Page.getAppManifest");
    assert.deepEqual(errors, []);
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    // Windows without a profile on the disk, as the tests' are, can't keep an app.
    assert.deepEqual(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito"), []);
    const { icons } = JSON.parse(data ?? "{}");
    const sizes = await signet.page.evaluate((/** @type {string[]} */ sources) => Promise.all(sources.map(async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    })), icons.map((/** @type {{ src: string }} */ { src }) => src));
    for (const [index, { sizes: named }] of icons.entries()) if (named !== "any") assert.equal(sizes[index], named);
  });
});
