// The page enlarged, narrow, under a finger, without motion, and without its colours.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DEVTOOLS, onlyChromium, screenshot, testWorld, visit } from "./browser.js";
import { temporaryFolder } from "./files.js";
import { misfits, smallTargets } from "./fits.js";
import { hand, png } from "./pictures.js";
import { MODEL_PATH } from "./server.js";
import { standIn } from "./stand-ins.js";
import { TeachTab, hands } from "./teach.js";

/** @typedef {import("./signet.js").Signet} Signet */

const CPU = { query: "?backend=cpu" };
const write = temporaryFolder();
/** @param {number} fingers @param {number} count */
const files = (fingers, count) => hands(fingers, count).map((picture, index) => write(`${fingers}-${index}.png`, png(picture)));
const four = write("four.png", png(hand(4, 480, 360)));
const noPicture = write("no-picture.png", Buffer.from("this is no picture"));
const LONG = "a name of forty letters, as long as it’s";

const { browser, server } = await testWorld();

/** Through both tabs; yields a name where there is something new to look at. @param {Signet} signet @returns {AsyncGenerator<string>} */
async function* through(signet) {
  const { keyboard } = signet.page;
  await signet.ready();
  await signet.upload(four);
  yield "an answer";
  await signet.click("mode-draw");
  await signet.prediction(() => signet.stroke([[0.3, 0.3], [0.7, 0.7]]));
  yield "a drawing";
  await signet.click("mode-webcam");
  yield "the webcam";
  await signet.click("mode-upload");
  await signet.choose(noPicture);
  await signet.failure(/^picture-/);
  yield "an error";
  await signet.click("help-open");
  yield "the help";
  await keyboard.press("Escape");

  const tab = await TeachTab.open(signet);
  await tab.upload("0", files(0, 4));
  await tab.upload("5", files(5, 26));
  await tab.rename("5", LONG);
  yield "images";
  await tab.press("0", "class-menu");
  yield "a class's menu";
  await keyboard.press("Escape");
  await tab.press("0", "class-draw");
  yield "the pad in a card";
  await tab.press("0", "class-draw");
  await tab.train({ epochs: 3 });
  await tab.score();
  await signet.page.click("#hood summary");
  yield "a training that is done";
  await tab.classify(four);
  yield "a taught model's answer";
  await tab.press("0", "sample");
  yield "an opened image";
  await signet.click("delete-sample");
  yield "a deletion that can be undone";
}

test("at 200 % zoom, and with letters of twice the size, nothing is cut off, overlaps or scrolls sideways", { skip: onlyChromium(DEVTOOLS) }, async () => {
  await visit(browser, server, CPU, async (signet) => {
    const { page } = signet;
    const devtools = await page.createCDPSession();
    /** The browser's own setting, which the page has to follow. @param {number} pixels */
    const letters = async (pixels) => {
      await devtools.send("Page.setFontSizes", { fontSizes: { standard: pixels } });
      await signet.until(`letters of ${pixels} pixels`, async () => (
        (await page.evaluate(() => getComputedStyle(document.body).fontSize)) === `${pixels}px` ? true : undefined));
    };
    /** @type {string[]} */
    const faults = [];
    for await (const state of through(signet)) {
      // A window of 1280x800 at 200 %.
      await page.setViewport({ width: 640, height: 400, deviceScaleFactor: 2 });
      faults.push(...(await misfits(signet)).map((line) => `${state} at 200 %: ${line}`));
      await screenshot(page, `access-zoom-${state.replaceAll(" ", "-")}`);
      await page.setViewport({ width: 1280, height: 800 });
      await letters(32);
      faults.push(...(await misfits(signet)).map((line) => `${state} with large letters: ${line}`));
      await screenshot(page, `access-letters-${state.replaceAll(" ", "-")}`);
      await letters(16);
    }
    assert.deepEqual(faults, []);
  });
});

test("360 pixels wide nothing is cut off, overlaps or scrolls sideways, and a finger hits every control", { skip: onlyChromium(DEVTOOLS) }, async () => {
  const phone = { width: 360, height: 740, hasTouch: true, isMobile: true };
  await visit(browser, server, { ...CPU, viewport: phone }, async (signet) => {
    /** @type {string[]} */
    const faults = [];
    for await (const state of through(signet)) {
      faults.push(...[...(await misfits(signet)), ...(await smallTargets(signet))].map((line) => `${state}: ${line}`));
      await screenshot(signet.page, `access-360-${state.replaceAll(" ", "-")}`);
    }
    assert.deepEqual(faults, []);
  });
});

/** What moves by itself, or would at its next change. @param {Signet} signet */
const motions = ({ page }) => page.evaluate(() => {
  const moving = document.getAnimations().map((each) => `${each instanceof CSSAnimation ? each.animationName : "a transition"} runs`);
  const seconds = (/** @type {string} */ list) => Math.max(...list.split(",").map(parseFloat));
  const would = [...document.querySelectorAll("*")].flatMap((element) => [null, "::before", "::after"].flatMap((pseudo) => {
    const { transitionDuration, animationName, animationDuration } = getComputedStyle(element, pseudo);
    const isStill = seconds(transitionDuration) <= 0.01 && (animationName === "none" || seconds(animationDuration) <= 0.01);
    return isStill ? [] : [`${element.tagName}.${element.className}${pseudo ?? ""}`];
  }));
  return [...moving, ...would];
});

test("who asks for less motion gets none, where otherwise there is some", { skip: onlyChromium(DEVTOOLS) }, async () => {
  const model = server.hold(MODEL_PATH);
  standIn(server, "cpu_learn", "slowInTraining");
  await visit(browser, server, { ...CPU, opened: "domcontentloaded" }, async (signet) => {
    const still = async (/** @type {string} */ state) => {
      assert.notDeepEqual(await motions(signet), [], `${state} moves`);
      await signet.page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
      assert.deepEqual(await motions(signet), [], `${state} with reduced motion`);
      await signet.page.emulateMediaFeatures([]);
    };
    await signet.until("the request for the model", async () => model.isAsked() || undefined);
    await still("loading");
    model.letIn();
    await signet.ready();
    await signet.upload(four);
    await still("an answer");
    const tab = await TeachTab.open(signet);
    await tab.upload("0", files(0, 4));
    await tab.upload("5", files(5, 4));
    await tab.start();
    await still("a training");
  });
});

test("what a colour says is also said by a word, a number or a dash; and it is still to be seen in the system's colours", { skip: onlyChromium(DEVTOOLS) }, async () => {
  await visit(browser, server, CPU, async (signet) => {
    const { page } = signet;
    const tab = await TeachTab.open(signet);
    await tab.upload("0", files(0, 8));
    await tab.upload("5", files(5, 8));
    await tab.choose("3", "class-enable");
    await tab.train({ epochs: 6, "validation-share": 0.3 });
    await tab.score();
    await tab.classify(four);

    const told = await page.evaluate(() => {
      const texts = (/** @type {string} */ selector) => [...document.querySelectorAll(selector)].map((each) => each.textContent?.trim() ?? "");
      const dashes = (/** @type {string} */ curve) => [...document.querySelectorAll(`.chart .curve.${curve}`)].map((each) => getComputedStyle(each).strokeDasharray);
      return {
        bars: texts(".bars li .bar-name").map((name, index) => [name, texts(".bars li .bar-value")[index] ?? ""]),
        cells: texts(".confusion td button"), status: texts(".status-text"), off: texts("[data-off] .split"),
        learning: dashes("training"), checking: dashes("validation"), legend: texts(".legend span"),
      };
    });
    assert.deepEqual(told.bars.map(([name]) => name), ["0", "5"]);
    assert.ok(told.bars.every(([, value]) => /^[\d.]+%$/.test(value ?? "")), JSON.stringify(told.bars));
    assert.ok(told.cells.length >= 2 && told.cells.every((text) => /^\d+$/.test(text)), `the cells say ${told.cells}`);
    assert.match(told.status[0] ?? "", /^CPU/);
    assert.deepEqual(told.off, ["disabled"]);
    assert.deepEqual([told.learning, told.checking].map((dashes) => [...new Set(dashes)]), [["none"], ["5px, 4px"]]);
    assert.deepEqual(told.legend, ["learning", "checking"]);

    const devtools = await page.createCDPSession();
    for (const scheme of ["light", "dark"]) {
      await devtools.send("Emulation.setEmulatedMedia", { features: [{ name: "forced-colors", value: "active" }, { name: "prefers-color-scheme", value: scheme }] });
      assert.equal(await page.evaluate(() => matchMedia("(forced-colors: active)").matches), true);
      await screenshot(page, `access-forced-${scheme}`);
      const seen = await page.evaluate(() => {
        const colour = (/** @type {string} */ selector, /** @type {"backgroundColor" | "stroke" | "borderTopWidth"} */ which = "backgroundColor", pseudo = "") => {
          const element = document.querySelector(selector);
          if (!element) throw new Error(`there is no ${selector}`);
          return getComputedStyle(element, pseudo)[which];
        };
        const canvas = getComputedStyle(document.body).backgroundColor;
        return {
          canvas,
          told: [colour("[aria-selected=true]"), colour("[data-mode][aria-pressed=true]"), colour(".bar-fill"), colour(".chart .curve", "stroke"), colour("#model-switch")],
          knob: colour("#model-switch", "backgroundColor", "::before"), switch: colour("#model-switch"),
          plain: [colour("[aria-selected=false]"), colour("[data-mode][aria-pressed=false]")],
          edges: [colour(".bar-track", "borderTopWidth"), colour(".confusion td button", "borderTopWidth"), colour(".training-progress progress", "borderTopWidth"), colour("#model-switch", "borderTopWidth")],
        };
      });
      assert.ok(seen.told.every((each) => each !== seen.canvas), JSON.stringify(seen));
      assert.notEqual(seen.knob, seen.switch);
      assert.ok(seen.plain.every((each) => !seen.told.slice(0, 2).includes(each)), JSON.stringify(seen));
      assert.ok(seen.edges.every((each) => each !== "0px"), JSON.stringify(seen));
      await signet.click("tab-classify");
      await screenshot(page, `access-forced-${scheme}-classify`);
      await signet.click("mode-draw");
      await screenshot(page, `access-forced-${scheme}-draw`);
      await signet.click("mode-upload");
      await signet.click("tab-teach");
    }
  });
});
