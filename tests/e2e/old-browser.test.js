// Browsers that can't run the modules, for real: WebAssembly switched off in Firefox, and Chromium told to do without
// the processor's SIMD instructions. No browser can be told to do without relaxed SIMD: there the page is changed.

import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { launch, screenshot, testWorld } from "./browser.js";
import { write } from "./files.js";
import { hand, png } from "./pictures.js";
import { CPU_MODULES } from "./server.js";
import { TeachTab } from "./teach.js";

const file = write("three.png", png(hand(3, 320, 240)));
const { server, pageTest, visit } = await testWorld();

/** @type {[name: string, options: import("./browser.js").LaunchOptions, code: RegExp, sentence: RegExp][]} */
const BROWSERS = [
  ["Firefox without WebAssembly", { browser: "firefox", preferences: { "javascript.options.wasm": false } }, /^wasm-missing$/, /no WebAssembly.*Switch it on/],
  ["Chromium without SIMD", { browser: "chromium", flags: ["--js-flags=--no-enable-sse4-1"] }, /^wasm-simd$/, /lacks SIMD.*current/],
];

for (const [name, options, code, sentence] of BROWSERS) {
  const skip = /SIMD/.test(name) && process.arch !== "x64" && "only on x86-64 can SIMD be switched off";
  test(`${name}: the page says so at once, downloads nothing for it, and stays usable`, { skip }, async () => {
    const browser = await launch(options);
    const start = server.requests.length;
    try {
      await visit({ browser, query: "" }, async (signet) => {
        const { text } = await signet.failure(code);
        assert.match(text, sentence);
        const { state, text: status } = await signet.status();
        assert.deepEqual([state, status], ["error", "Not ready"]);
        await screenshot(signet.page, `old-browser-${name.replaceAll(" ", "-").toLowerCase()}`);

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
        const tab = new TeachTab(signet);
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
  assert.deepEqual(CPU_MODULES.map((path) => server.count(path)), [1, 0]);
});
