// The page in other languages: chosen by the browser and by hand, with nothing lost, cut off or on the wrong side.

import assert from "node:assert/strict";
import { test } from "node:test";
import { misfits } from "./access.js";
import { DEVTOOLS, onlyChromium, screenshot, testWorld } from "./browser.js";
import { write } from "./files.js";
import { InsideTab } from "./inside.js";
import { openTables, openView, stepsTaken } from "./learns.js";
import { hand, png } from "./pictures.js";
import { failing } from "./server.js";
import { renamedModel, throughDoors } from "./share.js";
import { TeachTab, handFiles } from "./teach.js";
import { LANGUAGES } from "../../www/i18n/language.js";
import { en } from "../../www/i18n/en.js";
import { de } from "../../www/i18n/de.js";

/** @typedef {import("./signet.js").Signet} Signet */
/** @typedef {import("../../www/i18n/en.js").Messages} Messages */

const photo = write("four.png", png(hand(4, 480, 360)));
const [twos, fives] = [handFiles(2, 4), handFiles(5, 4)];

const { server, visit, pageTest, teachTest } = await testWorld();

/** @param {Signet} signet */
const shownLanguage = (signet) => signet.page.evaluate(() => {
  const { lang, dir } = document.documentElement;
  const select = /** @type {HTMLSelectElement} */ (document.querySelector("[data-testid=language]"));
  return { lang, dir, selected: select.value, tab: document.querySelector("#tab-teach")?.textContent };
});

/** Waits until the page speaks it. @param {Signet} signet @param {string} language */
const speaks = (signet, language) => signet.becomes("the language", async () => (await shownLanguage(signet)).lang, language);

/** Has it speak another one. @param {Signet} signet @param {string} language */
async function choose(signet, language) {
  await signet.page.select(signet.selector("language"), language);
  await speaks(signet, language);
}

const GERMAN = { lang: "de", dir: "ltr", selected: "de", tab: de.tabs.teach };
const ENGLISH = { lang: "en", dir: "", selected: "en", tab: en.tabs.teach };

/** Each piece of text that a person or a screen reader meets, whether it is shown now or later. @param {Signet} signet @returns {Promise<string[]>} */
const texts = (signet) => signet.page.evaluate(() => {
  const found = new Set();
  for (const element of document.querySelectorAll("body *")) {
    for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) found.add(node.textContent?.trim());
    for (const name of ["aria-label", "title", "alt"]) found.add(element.getAttribute(name)?.trim());
  }
  return [...found].filter((text) => text !== undefined && text !== "" && text !== null);
});

/** The messages of a table that are no functions and that the other table says differently. @param {Messages} table @param {Messages} other */
function ownWords(table, other) {
  /** @param {object} each @returns {unknown[]} */
  const flat = (each) => Object.values(each).flatMap((value) => (typeof value === "object" ? flat(value) : [value]));
  const others = new Set(flat(other));
  return new Set(flat(table).filter((value) => typeof value === "string" && !others.has(value)));
}

/** What of a language's own words the page still has. @param {Signet} signet @param {Messages} table @param {Messages} other */
async function assertNone(signet, table, other) {
  const own = ownWords(table, other);
  assert.deepEqual((await texts(signet)).filter((text) => own.has(text)), [], `what stayed in ${table.title}`);
}

pageTest("the browser's language chooses, with its region and after ones that nobody has translated", { skip: onlyChromium(DEVTOOLS), languages: "la,de-AT,en" }, async (signet) => {
  assert.deepEqual(await shownLanguage(signet), GERMAN);
  assert.equal(await signet.page.title(), de.title);
});

teachTest("a choice by hand changes every text, keeps all there is, also in a training, and comes back with the next visit", {}, async (tab) => {
  await tab.add("2", twos);
  await tab.add("5", fives);
  await tab.press("2", "class-draw");
  await tab.upload(photo);
  const before = await tab.shown();

  await choose(tab, "de");
  await assertNone(tab, en, de);
  assert.deepEqual(await tab.shown(), before, "the answer is still there");
  assert.equal(await tab.count("2"), 4);
  assert.match(await tab.text("prediction"), /\d,\d\s%/);
  assert.equal(await (await tab.part("2", "sample-count")).evaluate((line) => line.textContent), de.card.count(4));
  assert.match(await tab.text("train-reason"), /Dauert auf diesem Gerät etwa/);

  await tab.page.reload();
  await TeachTab.open(tab);
  assert.equal((await shownLanguage(tab)).lang, "de");
  assert.equal(await tab.count("5"), 4);
  await choose(tab, "en");
  await assertNone(tab, de, en);

  await tab.set({ scope: "head", epochs: 40 });
  await tab.start();
  await choose(tab, "de");
  await tab.reaches("done", 120_000);
  assert.match(await tab.text("training-progress"), /Fertig/);
  await tab.until("the matrix", () => tab.page.$(tab.selector("confusion-matrix")));
  await assertNone(tab, en, de);
  await choose(tab, "en");
  await tab.until("English", async () => /right on/.test(await tab.text("score")));
});

pageTest("a language that can't be loaded leaves the page in the one it has, and says what to do", {
  skip: onlyChromium(DEVTOOLS), languages: "de", expectedErrors: [/i18n\/de\.js/],
  given: () => server.replace("/i18n/de.js", failing(503)),
}, async (signet) => {
  assert.equal((await shownLanguage(signet)).lang, "en");
  await signet.page.select(signet.selector("language"), "de");
  await signet.failure(/^language-network$/);
  assert.deepEqual(await shownLanguage(signet), ENGLISH);
});

test("a language that is slow to come holds nothing up, and is there when it has come", { skip: onlyChromium(DEVTOOLS) }, async () => {
  const german = server.hold("/i18n/de.js");
  await visit({ languages: "de", opened: "domcontentloaded" }, async (signet) => {
    await signet.ready();
    assert.deepEqual(await shownLanguage(signet), ENGLISH);
    german.letIn();
    await speaks(signet, "de");
    assert.deepEqual(await shownLanguage(signet), GERMAN);
  });
});

const WINDOWS = [{ width: 1280, height: 800 }, { width: 900, height: 800 }, { width: 390, height: 844 }, { width: 360, height: 740 }];

teachTest("no text is cut off or out of its place in any language, on a desk, a tablet and phones", { skip: onlyChromium(DEVTOOLS) }, async (tab) => {
  await tab.add("2", twos);
  await tab.upload(photo);
  /** @type {string[]} */
  const found = [];
  for (const language of Object.keys(LANGUAGES)) {
    await choose(tab, language);
    for (const window of WINDOWS) {
      await tab.page.setViewport(window);
      for (const name of ["classify", "teach"]) {
        await tab.page.$eval(tab.selector(`tab-${name}`), (button) => /** @type {HTMLElement} */ (button).click());
        const where = `${language} ${name} at ${window.width}`;
        found.push(...(await misfits(tab)).map((each) => `${where}: ${each}`));
        await screenshot(tab.page, `language-${language}-${name}-${window.width}`);
      }
    }
    await tab.page.$eval(tab.selector("help-open"), (button) => /** @type {HTMLElement} */ (button).click());
    found.push(...(await misfits(tab)).map((each) => `${language} help: ${each}`));
    await screenshot(tab.page, `language-${language}-help`);
    await tab.page.keyboard.press("Escape");
  }
  assert.deepEqual(found, []);
});

pageTest("no text of two networks that learn is cut off or out of its place in any language, measured or not", { skip: onlyChromium(DEVTOOLS), timeout: 240_000 }, async (signet) => {
  const { page } = signet;
  await openView(signet, "depth=8");
  /** @type {string[]} */
  const found = [];
  for (const state of ["idle", "measured"]) {
    if (state === "measured") {
      await signet.click("learns-step");
      await stepsTaken(signet, 1);
      await openTables(signet);
    }
    const said = new Set();
    for (const language of Object.keys(LANGUAGES)) {
      await choose(signet, language);
      said.add(await signet.text("learns-line"));
      for (const window of WINDOWS) {
        await page.setViewport(window);
        const where = `${language} learns, ${state}, at ${window.width}`;
        found.push(...(await misfits(signet)).map((each) => `${where}: ${each}`));
        await screenshot(page, `language-${language}-learns-${state}-${window.width}`);
      }
    }
    assert.equal(said.size, Object.keys(LANGUAGES).length, `${state}: each language says it in its own words: ${[...said]}`);
  }
  assert.deepEqual(found, []);
});

/** The views of "Look inside" and the stops of its tour: a link to each, and what is there when it is whole. @type {[link: string, whole: string][]} */
const INSIDE = [
  ["place=3a&example=2&cuts=3b-branch", "[data-testid=inside-channel]"],
  ["place=features&example=2", "[data-testid=inside-features-table] tbody tr"],
  ["place=stem&example=2", "[data-testid=inside-filters]"],
  ["view=cut&set=examples&cuts=3b-branch&example=2", "[data-testid=inside-check][data-state=idle][data-accuracy]"],
  ["view=why&example=3", "[data-testid=inside-map][data-method=exact]"],
  ["view=why&map=finest&class=-1&example=3", "[data-testid=inside-map][data-method=finest]"],
  ["view=why&map=occlusion&example=3", "[data-testid=inside-map][data-method=occlusion]"],
  ["view=knows&example=2", "[data-testid=inside-nearest] li"],
  ["view=stops", "[data-testid=inside-stop-link]"],
  ...Array.from({ length: 5 }, (_, index) => /** @type {[string, string]} */ ([`stop=${index + 1}&example=2`, `[data-testid=inside-stop][data-stop="${index + 1}"]`])),
];

pageTest("no text of what looks inside is cut off or out of its place in any language, on a desk and a phone", { skip: onlyChromium(DEVTOOLS), timeout: 600_000, query: "?backend=cpu#inside?example=2" }, async (signet) => {
  const { page } = signet;
  const tab = await InsideTab.open(signet);
  await tab.allDrawn();
  /** @type {string[]} */
  const found = [];
  for (const [link, whole] of INSIDE) {
    await tab.follow(`#inside?${link}`);
    await signet.until(link, () => page.$(whole), 60_000);
    await page.$$eval(".inside details", (all) => all.forEach((each) => { each.open = true; }));
    for (const language of Object.keys(LANGUAGES)) {
      await choose(signet, language);
      for (const window of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
        await page.setViewport(window);
        found.push(...(await misfits(signet)).map((each) => `${language} ${link} at ${window.width}: ${each}`));
        await screenshot(page, `language-${language}-inside-${link}-${window.width}`.replaceAll(/[^\w]+/g, "-"));
      }
    }
  }
  assert.deepEqual(found, []);
});

teachTest("no text of what goes in and out is cut off or out of its place in any language, on a desk and a phone", { skip: onlyChromium(DEVTOOLS), hands: 1 }, async (tab) => {
  await tab.importModel(renamedModel(["a", "b", "c", "d", "e", "f"]));
  await tab.until("the import", async () => (await tab.modelInUse()) === "taught");
  /** @type {string[]} */
  const found = [];
  for (const language of Object.keys(LANGUAGES)) {
    await choose(tab, language);
    for await (const state of throughDoors(tab)) {
      for (const window of [{ width: 390, height: 844 }, { width: 1280, height: 800 }]) {
        await tab.page.setViewport(window);
        found.push(...(await misfits(tab)).map((each) => `${language} ${state} at ${window.width}: ${each}`));
        await screenshot(tab.page, `language-${language}-${state}-${window.width}`.replaceAll(/[^\w]+/g, "-"));
      }
    }
  }
  assert.deepEqual(found, []);
});

teachTest("in Arabic the page runs from right to left, and pictures, the matrix and numbers don't", { skip: onlyChromium(DEVTOOLS), languages: "ar-EG,en" }, async (tab) => {
  assert.equal((await shownLanguage(tab)).dir, "rtl");
  await tab.add("2", twos);
  await tab.upload(photo);
  const { lefts, directions, figures } = await tab.page.evaluate(() => {
    const left = (/** @type {string} */ selector) => document.querySelector(selector)?.getBoundingClientRect().left ?? NaN;
    const direction = (/** @type {string} */ selector) => getComputedStyle(/** @type {Element} */ (document.querySelector(selector))).direction;
    return {
      lefts: [left(".samples"), left(".train"), left(".try")],
      directions: ["main", "#upload-frame", "#webcam-frame", ".chart"].map(direction),
      figures: document.querySelector(".answer-figures")?.textContent ?? "",
    };
  });
  assert.ok(Number(lefts[0]) > Number(lefts[1]) && Number(lefts[1]) > Number(lefts[2]), `columns at ${lefts}`);
  assert.deepEqual(directions, ["rtl", "ltr", "ltr", "ltr"]);
  assert.match(figures, /[0-9]/, "the digits of the labels");
  assert.doesNotMatch(figures, /[٠-٩]/);

  // The arrows go where they point.
  const focusedLeft = () => tab.page.evaluate(() => document.activeElement?.getBoundingClientRect().left ?? NaN);
  await tab.page.focus(tab.within("2", "sample"));
  const newest = await focusedLeft();
  await tab.page.keyboard.press("ArrowLeft");
  assert.ok((await focusedLeft()) < newest, "an image further left has the focus");
  await tab.page.keyboard.press("ArrowRight");
  assert.equal(await focusedLeft(), newest);
  await tab.page.focus(tab.selector("tab-teach"));
  await tab.page.keyboard.press("ArrowRight");
  assert.equal(await tab.page.evaluate(() => document.activeElement?.id), "tab-classify");
});
