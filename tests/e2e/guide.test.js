// The first-time guide, which must be in nobody's way, and the help page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible } from "./axe.js";
import { screenshot, testWorld, visit } from "./browser.js";
import { temporaryFolder } from "./files.js";
import { focus, tabTo } from "./keys.js";
import { hand, png } from "./pictures.js";
import { MODEL_PATH } from "./server.js";
import { en } from "../../www/i18n/en.js";
import { de } from "../../www/i18n/de.js";

/** @typedef {import("./signet.js").Signet} Signet */

const write = temporaryFolder();
const photo = write("four.png", png(hand(4, 480, 360)));
const noPicture = write("notes.png", "no picture at all");

const { browser, server } = await testWorld();

const FIRST = { query: "?backend=cpu", guide: true };
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844, hasTouch: true, isMobile: true };

/** The step that is shown, by its title; null where there is no guide to be seen. @param {Signet} signet */
const step = (signet) => signet.page.$eval(signet.selector("guide"), (guide) =>
  (guide.checkVisibility() ? (guide.querySelector("#guide-title")?.textContent ?? "") : null));

const titles = en.guide.steps.map(({ title }) => title);

/** What the guide points at, by hook or class. @param {Signet} signet */
const pointedAt = (signet) => signet.page.$$eval(".pointed-at", (elements) => elements
  .filter((element) => element.checkVisibility() && getComputedStyle(element).outlineStyle === "dashed")
  .map((element) => /** @type {HTMLElement} */ (element).dataset["testid"] ?? element.className.split(" ")[0]));

test("a first visit shows three steps that point at what they speak of; the second visit shows none", async () => {
  await visit(browser, server, FIRST, async (signet) => {
    await signet.ready();
    assert.equal((await focus(signet)).tag, "BODY", "it takes no focus");
    assert.equal(await step(signet), titles[0]);
    assert.deepEqual(await pointedAt(signet), ["segments"]);
    await signet.click("guide-next");
    assert.equal(await step(signet), titles[1]);
    await signet.upload(photo);
    assert.deepEqual(await pointedAt(signet), ["hand-square", "prediction"]);
    await screenshot(signet.page, "guide-answer");
    await signet.click("guide-back");
    assert.equal(await step(signet), titles[0]);
    await signet.click("guide-next");
    await signet.click("guide-next");
    assert.equal(await step(signet), titles[2]);
    assert.deepEqual(await pointedAt(signet), ["tab-teach"]);
    await signet.click("guide-next");
    assert.equal(await step(signet), null);
    assert.deepEqual(await pointedAt(signet), []);
  });
  await visit(browser, server, FIRST, async (signet) => {
    await signet.ready();
    assert.equal(await step(signet), titles[0], "another person");
    await signet.page.reload();
    await signet.ready();
    assert.equal(await step(signet), null, "who was here before");
  });
});

test("by keyboard alone: on, back, done, and the focus is never lost", async () => {
  await visit(browser, server, FIRST, async (signet) => {
    const { keyboard } = signet.page;
    await signet.ready();
    await tabTo(signet, "guide-next");
    await keyboard.press("Enter");
    assert.equal(await step(signet), titles[1]);
    assert.equal((await focus(signet)).hook, "guide-next");
    await tabTo(signet, "tab-classify"); // around the page
    await tabTo(signet, "guide-back");
    await keyboard.press("Space");
    assert.equal(await step(signet), titles[0]);
    assert.equal((await focus(signet)).hook, "guide-next", "there is no way back any more");
    for (const title of [titles[1], titles[2], null]) {
      await keyboard.press("Enter");
      assert.equal(await step(signet), title);
    }
    assert.equal((await focus(signet)).hook, "tab-classify");
  });
});

test("a screen reader finds it by its name, and each step is said politely", async () => {
  await visit(browser, server, FIRST, async (signet) => {
    await signet.ready();
    const guide = await signet.page.$("::-p-aria([role=\"complementary\"])");
    assert.equal(await guide?.evaluate((element) => element.getAttribute("aria-label")), en.guide.label);
    const said = () => guide?.$eval("[aria-live=polite][aria-atomic=true]", (element) => element.textContent?.replace(/\s+/g, " "));
    for (const [index, { title, text }] of en.guide.steps.entries()) {
      assert.equal((await said())?.trim(), `${en.guide.position(index + 1, 3)}${title} ${text}`);
      await signet.click("guide-next");
    }
  });
});

test("axe-core finds no violation in any step, nor on the help page", async () => {
  await visit(browser, server, FIRST, async (signet) => {
    await signet.ready();
    for (const title of titles) {
      assert.equal(await step(signet), title);
      await assertAccessible(signet, title);
      await signet.click("guide-next");
    }
    await signet.page.goto(`${server.origin}/help.html`);
    await signet.page.waitForSelector("#language option");
    await assertAccessible(signet, "the help page");
  });
});

test("skipped before the model has arrived, it stays skipped", async () => {
  const model = server.hold(MODEL_PATH);
  await visit(browser, server, FIRST, async (signet) => {
    assert.equal(await step(signet), titles[0]);
    await signet.page.reload();
    assert.equal(await step(signet), titles[0], "a visit on which nothing worked doesn't count");
    await signet.click("guide-skip");
    assert.equal(await step(signet), null);
    model.letIn();
    await signet.page.reload();
    await signet.ready();
    assert.equal(await step(signet), null);
  });
});

test("Escape skips it, after whatever else it has to end", async () => {
  await visit(browser, server, FIRST, async (signet) => {
    const { keyboard } = signet.page;
    await signet.ready();
    await signet.upload(photo);
    await signet.page.focus(".hand");
    await keyboard.press("+");
    const owner = () => signet.page.$eval(".hand", (square) => /** @type {HTMLElement} */ (square).dataset["state"]);
    assert.equal(await owner(), "yours");
    await keyboard.press("Escape");
    assert.notEqual(await owner(), "yours");
    assert.equal(await step(signet), titles[0], "the square was meant");
    await keyboard.press("Escape");
    assert.equal(await step(signet), null);
    assert.ok(await signet.page.$eval(".hand", (square) => square === document.activeElement), "the focus stays");
  });
  await visit(browser, server, FIRST, async (signet) => {
    await signet.ready();
    await tabTo(signet, "guide-skip");
    await signet.page.keyboard.press("Escape");
    assert.equal(await step(signet), null);
    assert.equal((await focus(signet)).hook, "tab-classify");
  });
});

test("it gives way to an error and to the second tab, and the help shows it again", async () => {
  await visit(browser, server, FIRST, async (signet) => {
    await signet.ready();
    await signet.choose(noPicture);
    await signet.failure(/^picture-/);
    assert.equal(await step(signet), null);
    assert.deepEqual(await pointedAt(signet), []);
    await signet.page.click("#error-dismiss");
    assert.equal(await step(signet), titles[0]);

    await signet.click("tab-teach");
    assert.equal(await step(signet), null);
    await signet.click("tab-classify");
    assert.equal(await step(signet), titles[0]);
    await signet.click("guide-next");
    await signet.click("guide-next");
    await signet.click("tab-teach");
    await signet.click("tab-classify");
    assert.equal(await step(signet), null, "the last step was done");

    await signet.click("tab-teach");
    await signet.click("help-open");
    await signet.click("guide-again");
    assert.equal(await step(signet), titles[0]);
    assert.equal((await focus(signet)).hook, "guide-next");
    await signet.click("guide-skip");
    assert.equal(await step(signet), null);
  });
});

test("where storage is blocked it is shown once in each visit, and nothing fails", async () => {
  const block = () => Object.defineProperty(window, "localStorage", { get() { throw new DOMException("blocked", "SecurityError"); } });
  await visit(browser, server, { ...FIRST, before: (page) => page.evaluateOnNewDocument(block) }, async (signet) => {
    await signet.ready();
    await signet.click("guide-skip");
    await signet.upload(photo);
    assert.equal(await step(signet), null);
    await signet.page.reload();
    await signet.ready();
    assert.equal(await step(signet), titles[0]);
  });
});

/**
 * Of the hooks that lie within the window, those whose middle is theirs, and those that something covers.
 * @param {Signet} signet
 */
const hooksInSight = (signet) => signet.page.evaluate((hooks) => {
  /** @type {{ free: string[], covered: string[] }} */
  const found = { free: [], covered: [] };
  for (const hook of hooks) {
    for (const element of document.querySelectorAll(`[data-testid="${hook}"]`)) {
      const { left, top, width, height } = element.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      if (!element.checkVisibility({ visibilityProperty: true }) || width < 2 || x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue;
      const there = document.elementFromPoint(x, y);
      found[there && element.contains(there) ? "free" : "covered"].push(hook);
    }
  }
  return found;
}, ["status", "mode-webcam", "mode-upload", "mode-draw", "webcam-toggle", "draw-canvas", "draw-clear", "model-view", "prediction",
  "bar", "tab-teach", "guide-next", "guide-skip"]);

for (const viewport of [DESK, PHONE, { ...PHONE, width: 360, height: 740 }]) {
  const size = `${viewport.width}x${viewport.height}`;
  test(`no step covers a control or pushes it out of sight at ${size}, in either direction`, async () => {
    for (const languages of ["en", "de"]) {
      await visit(browser, server, { ...FIRST, viewport, languages }, async (signet) => {
        await signet.ready();
        for (const [index, mode] of ["webcam", "upload", "draw"].entries()) {
          await signet.click(`mode-${mode}`);
          await signet.page.evaluate(() => scrollTo(0, 0));
          for (const direction of ["ltr", "rtl"]) {
            await signet.page.evaluate((dir) => { document.documentElement.dir = dir; }, direction);
            const { free, covered } = await hooksInSight(signet);
            assert.deepEqual(covered, [], `${mode}, step ${index + 1}, ${languages}, ${direction}`);
            const needed = ["status", "mode-webcam", "mode-upload", "mode-draw", "tab-teach", "guide-next",
              ...(viewport.height < 800 ? [] : mode === "webcam" ? ["webcam-toggle"] : mode === "draw" ? ["draw-canvas"] : [])];
            assert.deepEqual(needed.filter((hook) => !free.includes(hook)), [], `out of sight: ${mode}, ${languages}, ${direction}`);
            const outside = await signet.page.$$eval("#guide, #guide *", (parts) => parts.filter((part) => {
              const { left, right } = part.getBoundingClientRect();
              return left < 0 || right > document.documentElement.clientWidth;
            }).map(({ id }) => id));
            assert.deepEqual(outside, [], `beyond the window's edge: ${mode}, ${languages}, ${direction}`);
          }
          await signet.page.evaluate(() => { document.documentElement.dir = "ltr"; });
          await screenshot(signet.page, `guide-${viewport.width}-${languages}-${index + 1}`);
          await signet.click("guide-next");
        }
        assert.equal(await step(signet), null);
      });
    }
  });
}

test("the help opens the help page beside the page, where nothing is lost", async () => {
  await visit(browser, server, { query: "?backend=cpu" }, async (signet) => {
    await signet.ready();
    await signet.upload(photo);
    const { label, sequence } = await signet.shown();
    await signet.click("help-open");
    await signet.click("help-page");
    const target = await signet.page.browserContext().waitForTarget((each) => each.url() === `${server.origin}/help.html`);
    const page = await target.page();
    assert.ok(page);
    await page.waitForSelector("#language option");
    assert.equal(await page.evaluate(() => window.opener), null);
    const after = await signet.shown(); // a photo may have been looked at again, more closely
    assert.equal(after.label, label);
    assert.ok(after.sequence >= sequence, "the page was not loaded anew");
  });
});

for (const viewport of [DESK, PHONE]) {
  test(`the help page reads well at ${viewport.width}x${viewport.height}, light and dark, in each language`, async () => {
    for (const [languages, table] of /** @type {const} */ ([["en", en], ["de", de]])) {
      await visit(browser, server, { query: "help.html", viewport, languages }, async ({ page }) => {
        await page.waitForSelector("#language option"); // its script has run
        assert.equal(await page.title(), table.helpPage.title);
        const seen = await page.evaluate(() => ({
          wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          text: document.body.innerText,
          pictures: [...document.images].map(({ naturalWidth }) => naturalWidth > 0),
        }));
        assert.equal(seen.wide, 0, "it scrolls sideways");
        assert.ok(seen.text.includes(table.helpPage.privacy.points[0] ?? ""));
        assert.deepEqual(seen.pictures, Array(5).fill(true));
        await page.evaluate(() => { document.documentElement.dir = "rtl"; });
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, "from right to left");
        await page.evaluate(() => { document.documentElement.dir = "ltr"; });
        for (const value of ["light", "dark"]) {
          await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
          await screenshot(page, `help-${viewport.width}-${languages}-${value}`);
        }
      });
    }
  });
}

test("on the help page Tab reaches every link, each leads somewhere, and the language can be chosen there", async () => {
  await visit(browser, server, { query: "help.html" }, async (signet) => {
    const { page } = signet;
    await page.waitForSelector("#language option");
    const links = await page.$$eval("a", (all) => all.map((link) => link.getAttribute("href") ?? ""));
    assert.equal(links.length, 10);
    /** @type {(string | null)[]} */
    const reached = [];
    for (let presses = 0; presses < links.length + 1; presses += 1) {
      await page.keyboard.press("Tab");
      reached.push(await page.evaluate(() => document.activeElement?.getAttribute("href") ?? null));
    }
    assert.deepEqual(reached.filter((href) => href !== null), links);
    for (const href of links.filter((href) => href.startsWith("#"))) {
      assert.equal(await page.$$eval(href, (found) => found.filter((each) => each.querySelector("h2")).length), 1, href);
    }
    await page.focus('a[href="#privacy"]');
    await page.keyboard.press("Enter");
    await signet.until("the last section", () => page.evaluate(() => {
      const { top } = document.querySelector("#privacy")?.getBoundingClientRect() ?? { top: -1 };
      return top >= 0 && top < innerHeight && scrollY > 0 ? true : undefined;
    }));

    await page.select(signet.selector("language"), "de");
    await signet.until("German", async () => ((await page.title()) === de.helpPage.title ? true : undefined));
    await page.click(signet.selector("open-signet"));
    await page.waitForSelector(signet.selector("tab-teach"));
    await signet.ready();
    assert.equal(page.url(), `${server.origin}/`);
  });
});
