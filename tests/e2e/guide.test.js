// The first-time guide, which must be in nobody's way, and the help page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible } from "./access.js";
import { testWorld } from "./browser.js";
import { write } from "./files.js";
import { focus, tabTo } from "./keyboard.js";
import { hand, png } from "./pictures.js";
import { MODEL_PATH } from "./server.js";
import { en } from "../../www/i18n/en.js";
import { de } from "../../www/i18n/de.js";

/** @typedef {import("./signet.js").Signet} Signet */

const photo = write("four.png", png(hand(4, 480, 360)));
const noPicture = write("notes.png", "no picture at all");

const { server, visit, pageTest } = await testWorld();

const FIRST = { guide: true };
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

pageTest("a first visit shows three steps that point at what they speak of; the second visit shows none", FIRST, async (signet) => {
  const shows = async (/** @type {number | null} */ index, /** @type {string[]} */ ...pointed) => (
    assert.deepEqual([await step(signet), await pointedAt(signet)], [index === null ? null : titles[index], pointed]));
  assert.equal((await focus(signet)).tag, "BODY", "it takes no focus");
  await shows(0, "segments");
  await signet.click("guide-next");
  await signet.upload(photo);
  await shows(1, "hand-square", "prediction");
  await signet.click("guide-back");
  await shows(0, "segments");
  await signet.click("guide-next");
  await signet.click("guide-next");
  await shows(2, "tab-teach");
  await signet.click("guide-next");
  await shows(null);
  await signet.reload();
  await shows(null);
});

pageTest("by keyboard alone: on, back, done, and the focus is never lost", FIRST, async (signet) => {
  const { keyboard } = signet.page;
  await tabTo(signet, "guide-next", "", "Enter");
  assert.equal(await step(signet), titles[1]);
  assert.equal((await focus(signet)).hook, "guide-next");
  await tabTo(signet, "tab-classify"); // around the page
  await tabTo(signet, "guide-back", "", "Space");
  assert.equal(await step(signet), titles[0]);
  assert.equal((await focus(signet)).hook, "guide-next", "there is no way back any more");
  for (const title of [titles[1], titles[2], null]) {
    await keyboard.press("Enter");
    assert.equal(await step(signet), title);
  }
  assert.equal((await focus(signet)).hook, "tab-classify");
});

pageTest("a screen reader finds it by its name, each step is said politely and has no violation, nor has the help page", FIRST, async (signet) => {
  const guide = await signet.page.$("::-p-aria([role=\"complementary\"])");
  assert.equal(await guide?.evaluate((element) => element.getAttribute("aria-label")), en.guide.label);
  const said = () => guide?.$eval("[aria-live=polite][aria-atomic=true]", (element) => element.textContent?.replace(/\s+/g, " "));
  for (const [index, { title, text }] of en.guide.steps.entries()) {
    assert.equal((await said())?.trim(), `${en.guide.position(index + 1, 3)}${title} ${text}`);
    await assertAccessible(signet, title);
    await signet.click("guide-next");
  }
  await signet.page.goto(`${server.origin}/help.html`);
  await signet.page.waitForSelector("#language option");
  await assertAccessible(signet, "the help page");
});

test("skipped before the model has arrived, it stays skipped", async () => {
  const model = server.hold(MODEL_PATH);
  await visit(FIRST, async (signet) => {
    assert.equal(await step(signet), titles[0]);
    await signet.page.reload();
    assert.equal(await step(signet), titles[0], "a visit on which nothing worked doesn't count");
    await signet.click("guide-skip");
    assert.equal(await step(signet), null);
    model.letIn();
    await signet.reload();
    assert.equal(await step(signet), null);
  });
});

pageTest("Escape skips it, after whatever else it has to end", FIRST, async (signet) => {
  const { keyboard } = signet.page;
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

  await signet.click("help-open");
  await signet.click("guide-again");
  await tabTo(signet, "guide-skip", "", "Escape");
  assert.equal(await step(signet), null);
  assert.equal((await focus(signet)).hook, "tab-classify");
});

pageTest("it gives way to an error and to the second tab, and the help shows it again", FIRST, async (signet) => {
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

pageTest("where storage is blocked it is shown once in each visit, and nothing fails", { ...FIRST, before: (page) => page.evaluateOnNewDocument(
  () => Object.defineProperty(window, "localStorage", { get() { throw new DOMException("blocked", "SecurityError"); } })),
}, async (signet) => {
  await signet.click("guide-skip");
  await signet.upload(photo);
  assert.equal(await step(signet), null);
  await signet.reload();
  assert.equal(await step(signet), titles[0]);
});

/** Of the hooks that lie within the window, those whose middle is theirs, and those that something covers. @param {Signet} signet */
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
  pageTest(`no step covers a control or pushes it out of sight at ${viewport.width}x${viewport.height}, in either language and direction`, { ...FIRST, viewport }, async (signet) => {
    const turn = (/** @type {string} */ direction) => signet.page.evaluate((dir) => { document.documentElement.dir = dir; }, direction);
    for (const [index, mode] of ["webcam", "upload", "draw"].entries()) {
      await signet.click(`mode-${mode}`);
      for (const [language, { guide }] of Object.entries({ en, de })) {
        await signet.page.select(signet.selector("language"), language);
        await signet.until(language, async () => (await step(signet)) === guide.steps[index]?.title);
        await signet.page.evaluate(() => scrollTo(0, 0));
        for (const direction of ["rtl", "ltr"]) {
          await turn(direction);
          const where = `${mode}, step ${index + 1}, ${language}, ${direction}`;
          const { free, covered } = await hooksInSight(signet);
          assert.deepEqual(covered, [], where);
          const needed = ["status", "mode-webcam", "mode-upload", "mode-draw", "tab-teach", "guide-next",
            ...(viewport.height < 800 ? [] : mode === "webcam" ? ["webcam-toggle"] : mode === "draw" ? ["draw-canvas"] : [])];
          assert.deepEqual(needed.filter((hook) => !free.includes(hook)), [], `out of sight: ${where}`);
          const outside = await signet.page.$$eval("#guide, #guide *", (parts) => parts.filter((part) => {
            const { left, right } = part.getBoundingClientRect();
            return left < 0 || right > document.documentElement.clientWidth;
          }).map(({ id }) => id));
          assert.deepEqual(outside, [], `beyond the window's edge: ${where}`);
        }
      }
      await signet.click("guide-next");
    }
    assert.equal(await step(signet), null);
  });
}

pageTest("the help opens the help page beside the page, where nothing is lost", {}, async (signet) => {
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

for (const viewport of [DESK, PHONE]) {
  pageTest(`the help page reads well at ${viewport.width}x${viewport.height}, in each language`, { query: "help.html", viewport, isReady: false }, async (signet) => {
    const { page } = signet;
    await page.waitForSelector("#language option"); // its script has run
    for (const [language, { helpPage }] of Object.entries({ en, de })) {
      await page.select(signet.selector("language"), language);
      await signet.until(language, async () => (await page.title()) === helpPage.title);
      assert.ok((await page.evaluate(() => document.body.innerText)).includes(helpPage.privacy.points[0] ?? ""));
      assert.deepEqual(await page.evaluate(() => [...document.images].map(({ naturalWidth }) => naturalWidth > 0)), Array(5).fill(true));
      for (const dir of ["rtl", "ltr"]) {
        const [wide, window] = await page.evaluate((dir) => {
          document.documentElement.dir = dir;
          return [document.documentElement.scrollWidth, document.documentElement.clientWidth];
        }, dir);
        assert.equal(wide, window, `${dir} scrolls sideways`);
      }
    }
  });
}

pageTest("on the help page Tab reaches every link, each leads somewhere, and the language can be chosen there", { query: "help.html", isReady: false }, async (signet) => {
  const { page } = signet;
  await page.waitForSelector("#language option");
  const links = await page.$$eval("a", (all) => all.map((link) => link.getAttribute("href") ?? ""));
  assert.equal(links.length, 11);
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
    return top >= 0 && top < innerHeight && scrollY > 0;
  }));

  await page.select(signet.selector("language"), "de");
  await signet.until("German", async () => (await page.title()) === de.helpPage.title);
  await page.click(signet.selector("open-signet"));
  await page.waitForSelector(signet.selector("tab-teach"));
  await signet.ready();
  assert.equal(page.url(), `${server.origin}/`);
});
