// The page on a desktop, on a phone and on a small one, light and dark, by keyboard and by name.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DEVTOOLS, onlyChromium, screenshot, testWorld, visit } from "./browser.js";
import { temporaryFolder } from "./files.js";
import { hand, png } from "./pictures.js";
import { assertNoOverflow } from "./signet.js";

const write = temporaryFolder();
const file = write("four.png", png(hand(4, 480, 360)));

const { browser, server } = await testWorld();

const VIEWPORTS = [
  { width: 1280, height: 800 },
  { width: 390, height: 844, hasTouch: true, isMobile: true },
  { width: 360, height: 740, hasTouch: true, isMobile: true },
];

for (const viewport of VIEWPORTS) {
  const size = `${viewport.width}x${viewport.height}`;
  test(`nothing scrolls sideways at ${size}, in any way in, light and dark`, { skip: onlyChromium(DEVTOOLS) }, async () => {
    await visit(browser, server, { query: "?backend=cpu", viewport }, async (signet) => {
      await signet.ready();
      for (const scheme of ["light", "dark"]) {
        await signet.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
        for (const mode of ["webcam", "upload", "draw"]) {
          await signet.click(`mode-${mode}`);
          if (mode === "upload") await signet.upload(file);
          await assertNoOverflow(signet, `${mode} at ${size}`);
          await screenshot(signet.page, `layout-${viewport.width}-${mode}-${scheme}`);
        }
      }
    });
  });
}

test("dark is dark and light is light", { skip: onlyChromium(DEVTOOLS) }, async () => {
  await visit(browser, server, { query: "?backend=cpu" }, async (signet) => {
    await signet.ready();
    /** @type {number[]} */
    const brightness = [];
    for (const scheme of ["light", "dark"]) {
      await signet.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      brightness.push(await signet.page.evaluate(async () => {
        await new Promise((done) => setTimeout(done, 500)); // a transition of the colours, if there is one
        const canvas = document.createElement("canvas");
        const context = canvas.getContext("2d");
        if (!context) throw new Error("no 2d context");
        context.fillStyle = "#fff"; // what lies behind a transparent page
        context.fillRect(0, 0, 1, 1);
        for (const element of [document.documentElement, document.body]) {
          context.fillStyle = getComputedStyle(element).backgroundColor;
          context.fillRect(0, 0, 1, 1);
        }
        const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
        return (red + green + blue) / 3;
      }));
    }
    const [light = 0, dark = 255] = brightness;
    assert.ok(light > 180 && dark < 80, `the background's brightness is ${light} and ${dark}`);
  });
});

test("every control has a name that a screen reader can say", { skip: onlyChromium(DEVTOOLS) }, async () => {
  await visit(browser, server, { query: "?backend=cpu" }, async (signet) => {
    await signet.ready();
    for (const mode of ["webcam", "upload", "draw"]) {
      await signet.click(`mode-${mode}`);
      /** @type {string[]} */
      const nameless = [];
      const roles = new Set(["button", "link", "textbox", "combobox", "slider", "checkbox", "radio", "tab", "switch", "spinbutton", "image", "img"]);
      const visitNode = (/** @type {import("puppeteer-core").SerializedAXNode} */ node) => {
        if (roles.has(node.role) && !node.name?.trim()) nameless.push(JSON.stringify(node).slice(0, 200));
        node.children?.forEach(visitNode);
      };
      const tree = await signet.page.accessibility.snapshot();
      assert.ok(tree);
      visitNode(tree);
      assert.deepEqual(nameless, [], `nameless in ${mode}`);
    }
  });
});

test("the whole way from opening to a choice of a way in goes by keyboard, with the focus in sight", async () => {
  await visit(browser, server, { query: "?backend=cpu" }, async (signet) => {
    await signet.ready();
    /** @type {string[]} */
    const reached = [];
    for (let step = 0; step < 40; step += 1) {
      await signet.page.keyboard.press("Tab");
      const focus = await signet.page.evaluate(() => {
        const element = document.activeElement;
        if (!(element instanceof HTMLElement) || element === document.body) return null;
        const style = getComputedStyle(element);
        const visible = style.outlineStyle !== "none" || style.boxShadow !== "none";
        return { hook: element.dataset["testid"] ?? "", visible, html: element.outerHTML.slice(0, 120) };
      });
      if (!focus) continue;
      reached.push(focus.hook);
      if (focus.hook.startsWith("mode-")) assert.ok(focus.visible, `no focus ring: ${focus.html}`);
    }
    // The ways in may be single buttons, or one group that the arrow keys walk.
    assert.ok(reached.some((hook) => hook.startsWith("mode-")), `Tab reaches ${reached}`);
  });
});

test("zooming is not switched off", async () => {
  await visit(browser, server, { query: "?backend=cpu" }, async (signet) => {
    const content = await signet.page.$eval('meta[name="viewport"]', (meta) => meta.getAttribute("content") ?? "");
    assert.match(content, /width=device-width/);
    assert.doesNotMatch(content, /user-scalable\s*=\s*(no|0)|maximum-scale/);
  });
});
