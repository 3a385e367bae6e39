// Everybody's page: no violation that axe-core knows of, nothing cut off where it is enlarged or narrow, every control
// within reach of a finger, no motion for who asks for none, and no colour that alone says something.

import assert from "node:assert/strict";
import { assertAccessible, misfits, smallTargets } from "./access.js";
import { DEVTOOLS, onlyChromium, screenshot, testWorld } from "./browser.js";
import { write } from "./files.js";
import { placed, squareThat } from "./find.js";
import { InsideTab } from "./inside.js";
import { tabTo } from "./keyboard.js";
import { openTables, openView, stepsTaken } from "./learns.js";
import { hand, paint, png, y4m } from "./pictures.js";
import { MODEL_PATH } from "./server.js";
import { throughDoors } from "./share.js";
import { standIn } from "./stand-ins.js";
import { TeachTab, handFiles } from "./teach.js";

/** @typedef {import("./signet.js").Signet} Signet */
/** @typedef {{ name: string, width: number, height: number, zoom?: number, letters?: number, mobile?: boolean }} Size */

const three = write("three.png", png(placed(hand(3, 240, 240), 240, 60, { width: 640, height: 360 })));
const blank = write("blank.png", png(paint(320, 240, () => [226, 222, 214])));
const noPicture = write("no-picture.png", "this is no picture");
const noModel = write("no-model.safetensors", "this is no model");
const film = write("hand.y4m", y4m(Array(10).fill(hand(2, 320, 240)), 10));
const LONG = "a name of forty letters, as long as it’s";
const skip = onlyChromium(DEVTOOLS);

const { server, pageTest, teachTest } = await testWorld({ camera: film });

/** Through the first tab, as a person goes; yields a name where there is something new to look at. @param {Signet} signet @returns {AsyncGenerator<string>} */
async function* classifying(signet) {
  const { page } = signet;
  yield "ready to upload";
  await signet.upload(three);
  await squareThat(signet, "found");
  yield "an answer, with the square that was found";
  await page.focus(signet.selector("hand-square"));
  await signet.prediction(() => page.keyboard.press("ArrowLeft"));
  yield "a square of the person's own";
  await signet.upload(blank);
  await squareThat(signet, "missing");
  assert.equal((await signet.shown()).label, "none");
  yield "no sign";
  await signet.choose(noPicture);
  await signet.failure(/^picture-/);
  yield "an error";
  await page.click(".error summary");
  yield "an error's details";
  await signet.click("mode-draw");
  yield "ready to draw";
  await signet.prediction(() => signet.stroke([[0.3, 0.3], [0.7, 0.7]]));
  yield "a drawing";
  await signet.click("mode-webcam");
  yield "ready for the webcam";
  await signet.prediction(() => signet.click("webcam-toggle"));
  yield "the webcam";
  await page.click("#webcam-capture");
  yield "a held frame of the webcam";
  await signet.click("webcam-toggle");
  await page.evaluate(() => {
    const { mediaDevices } = navigator;
    const ask = mediaDevices.getUserMedia;
    mediaDevices.getUserMedia = () => {
      mediaDevices.getUserMedia = ask;
      return Promise.reject(new DOMException("injected", "NotAllowedError"));
    };
  });
  await signet.click("webcam-toggle");
  await signet.failure(/^camera-denied$/);
  yield "a webcam that is denied";
  await signet.click("help-open");
  yield "the help";
  await page.keyboard.press("Escape");
}

/** Through classes and their images, likewise. @param {TeachTab} tab @returns {AsyncGenerator<string>} */
async function* collecting(tab) {
  const { page } = tab;
  yield "no images";
  await tab.add("0", handFiles(0, 4));
  await tab.add("5", handFiles(5, 26));
  await tab.rename("5", LONG);
  await tab.counts(LONG, 26);
  yield "images, more than one line of them";
  await tab.press(LONG, "show-all");
  yield "all images of a class";
  await tab.press("3", "class-menu");
  yield "a class's menu";
  await tab.press("3", "class-enable");
  yield "a class that is switched off";
  await tab.menu("2", "class-delete");
  yield "the question before a class goes";
  await tab.click("confirm-no");
  await tab.press("0", "class-draw");
  yield "the drawing pad in a card";
  await tab.press("0", "class-webcam");
  await tab.until("the camera", () => page.$("[data-testid=recorder][data-state=live]"));
  yield "the camera in a card";
  await page.focus(tab.within("0", "record"));
  await page.keyboard.down("Space");
  await tab.until("an image", async () => (await tab.count("0")) > 4);
  yield "recording";
  await page.keyboard.up("Space");
  await tab.press("0", "recorder-close");
  await tab.press("0", "sample");
  yield "an image that is opened";
  await tab.click("delete-sample");
  await tab.appears("undo");
  yield "a deletion that can be undone";
  await tab.rename("0", "1");
  await tab.failure(/^label-taken$/);
  yield "a name that is refused";
  await tab.importModel(noModel);
  await tab.failure(/^weights-/);
  yield "a file that is no model";
}

/** Through a training and what comes of it, likewise. @param {TeachTab} tab @returns {AsyncGenerator<string>} */
async function* training(tab) {
  const { page } = tab;
  page.on("dialog", (dialog) => void dialog.accept()); // a training is left
  standIn(server, "cpu_learn", "slowInTraining");
  await tab.set({ epochs: 1000 });
  await tab.start();
  await tab.inEpoch(2);
  yield "a training under way";
  await tab.kept((await tab.samples()).reduce((sum, count) => sum + count), ["project", "training"]);
  server.restore();
  await page.reload();
  await TeachTab.open(tab);
  await tab.appears("interrupted");
  yield "a training that was interrupted";
  await tab.click("discard");
  await tab.train({ epochs: 12, "validation-share": 0.4 });
  await tab.score();
  await page.click("#hood summary");
  yield "a training that is done, its matrix and each epoch's numbers";
  await tab.click("cell");
  yield "the images of a cell of the matrix";
  await page.keyboard.press("Escape");
  await tab.set({ epochs: 13 });
  await tab.appears("out-of-date");
  await tab.classify(three);
  yield "an answer of a taught model that is out of date";
  await tab.click("tab-classify");
  yield "the taught model in the first tab";
}

/** Through two networks that learn side by side, by keyboard. @param {Signet} signet @returns {AsyncGenerator<string>} */
async function* learning(signet) {
  await openView(signet, "depth=8");
  yield "two networks, not yet measured";
  await tabTo(signet, "learns-step", "", "Enter");
  await stepsTaken(signet, 1);
  await openTables(signet);
  yield "two networks, measured once, with their tables";
  await tabTo(signet, "learns-train", "", "Enter");
  await stepsTaken(signet, 20);
  await tabTo(signet, "learns-train", "", "Enter");
  yield "two networks that have learned";
}

/** @param {Signet} signet @returns {AsyncGenerator<string>} */
async function* through(signet) {
  yield* classifying(signet);
  const tab = await TeachTab.open(signet);
  yield* collecting(tab);
  yield* training(tab);
  yield* learning(signet);
  yield* throughDoors(tab);
}

/** The last one is that of the journey itself. @type {Size[]} */
const SIZES = [
  { name: "at 200 %", width: 640, height: 400, zoom: 2 },
  { name: "with letters of twice the size", width: 1280, height: 800, letters: 32 },
  { name: "at 390 pixels", width: 390, height: 844, mobile: true },
  { name: "at 360 pixels", width: 360, height: 740, mobile: true },
  { name: "on a desk", width: 1280, height: 800 },
];

/** What of a state does not fit, in all sizes, in light and dark. @param {Signet} signet @param {string} state */
async function faultsOf(signet, state) {
  const { page } = signet;
  const devtools = await page.createCDPSession();
  /** @type {string[]} */
  const faults = [];
  for (const { name, width, height, zoom = 1, letters = 16, mobile = false } of SIZES) {
    // By hand: the page would be loaded anew for a change of puppeteer's own viewport to a phone.
    await devtools.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: zoom, mobile });
    await devtools.send("Emulation.setTouchEmulationEnabled", { enabled: mobile });
    // The browser's own setting, which the page has to follow.
    await devtools.send("Page.setFontSizes", { fontSizes: { standard: letters } });
    await signet.becomes("the letters' size", () => page.evaluate(() => getComputedStyle(document.body).fontSize), `${letters}px`);
    for (const value of ["dark", "light"]) {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
      faults.push(...(await misfits(signet)).map((line) => `${state} ${name}, ${value}: ${line}`));
    }
    if (mobile) faults.push(...(await smallTargets(signet)).map((line) => `${state} ${name}: ${line}`));
    await screenshot(page, `access-${name}-${state}`.replaceAll(/[^\w]+/g, "-"));
  }
  await page.emulateMediaFeatures([]);
  await devtools.detach();
  return faults;
}

pageTest("no state of a tab has a violation; on a desk, enlarged to 200 %, with letters of twice the size and on phones nothing is cut off, overlaps or scrolls sideways, and a finger hits every control", { skip, standIns: { cpu: "finding" } }, async (signet) => {
  const content = await signet.page.$eval('meta[name="viewport"]', (meta) => meta.getAttribute("content") ?? "");
  assert.match(content, /width=device-width/);
  assert.doesNotMatch(content, /user-scalable\s*=\s*(no|0)|maximum-scale/, "zooming is not switched off");
  /** @type {string[]} */
  const faults = [];
  for await (const state of through(signet)) {
    await assertAccessible(signet, state);
    faults.push(...await faultsOf(signet, state));
  }
  assert.deepEqual(faults, []);
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

const model = { isAsked: () => false, letIn: () => {} };

pageTest("who asks for less motion gets none, where otherwise there is some; a page that loads has no violation", {
  skip, isReady: false, opened: "domcontentloaded", standIns: { cpu_learn: "slowInTraining" }, given: () => Object.assign(model, server.hold(MODEL_PATH)),
}, async (signet) => {
  const still = async (/** @type {string} */ state) => {
    assert.notDeepEqual(await motions(signet), [], `${state} moves`);
    await signet.page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
    assert.deepEqual(await motions(signet), [], `${state} with reduced motion`);
    await signet.page.emulateMediaFeatures([]);
  };
  await signet.until("the request for the model", async () => model.isAsked());
  assert.equal((await signet.status()).state, "loading");
  await assertAccessible(signet, "loading");
  await still("loading");
  model.letIn();
  await signet.ready();
  await signet.upload(three);
  await still("an answer");
  const tab = await TeachTab.open(signet);
  await tab.addHands(4);
  await tab.start();
  await still("a training");
  await InsideTab.open(signet);
  await still("look inside");
});

teachTest("what a colour says is also said by a word, a number or a dash; and it is still to be seen in the system's colours", { skip, hands: 8 }, async (tab) => {
  const { page } = tab;
  await tab.menu("3", "class-enable");
  await tab.train({ epochs: 6, "validation-share": 0.3 });
  await tab.score();
  await tab.classify(three);

  const told = await page.evaluate(() => {
    const texts = (/** @type {string} */ selector) => [...document.querySelectorAll(selector)].map((each) => each.textContent?.trim() ?? "");
    const dashes = (/** @type {string} */ curve) => [...document.querySelectorAll(`.chart .curve.${curve}`)].map((each) => getComputedStyle(each).strokeDasharray);
    return {
      bars: texts(".bars li .bar-name"), values: texts(".bars li .bar-value"), cells: texts(".confusion td button"), status: texts(".status-text"),
      off: texts("[data-off] .split"), learning: dashes("training"), checking: dashes("validation"), legend: texts(".legend span"),
    };
  });
  assert.deepEqual(told.bars, ["0", "5"]);
  assert.ok(told.values.length === 2 && told.values.every((value) => /^[\d.]+%$/.test(value)), JSON.stringify(told.values));
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
      return {
        canvas: getComputedStyle(document.body).backgroundColor,
        told: [colour("[aria-selected=true]"), colour("[data-mode][aria-pressed=true]"), colour(".bar-fill"), colour(".chart .curve", "stroke"), colour("#model-switch")],
        knob: colour("#model-switch", "backgroundColor", "::before"), switch: colour("#model-switch"),
        plain: [colour("[aria-selected=false]"), colour("[data-mode][aria-pressed=false]")],
        edges: [".bar-track", ".confusion td button", ".training-progress progress", "#model-switch"].map((selector) => colour(selector, "borderTopWidth")),
      };
    });
    assert.ok(seen.told.every((each) => each !== seen.canvas), JSON.stringify(seen));
    assert.notEqual(seen.knob, seen.switch);
    assert.ok(seen.plain.every((each) => !seen.told.slice(0, 2).includes(each)), JSON.stringify(seen));
    assert.ok(seen.edges.every((each) => each !== "0px"), JSON.stringify(seen));
    await tab.click("tab-classify");
    await screenshot(page, `access-forced-${scheme}-classify`);
    await tab.click("mode-draw");
    await screenshot(page, `access-forced-${scheme}-draw`);
    await tab.click("mode-upload");
    await tab.click("tab-teach");
  }
});

/** What in each view of "Look inside" tells something by its color, and what it must differ from. @type {Record<string, [told: string, property: string, from?: string][]>} */
const INSIDE_COLORS = {
  path: [[".strip-arc", "stroke"], [".strip-place[aria-pressed=true]", "border-top-color", ".strip-place[aria-pressed=false]"]],
  cut: [[".strip-arc", "stroke"], [".cut-switch[aria-checked=true]", "border-top-color"], [".cut-switch[aria-checked=true]", "border-top-style", ".cut-switch[aria-checked=false]"], [".logit-bar", "border-top-color"], [".logit-bar::before", "background-color"], [".logit-bar::after", "background-color"]],
  why: [[".inside [data-method][aria-pressed=true]", "background-color", ".inside [data-method][aria-pressed=false]"], [".challenge-cell[aria-selected=true]", "background-image", ".challenge-cell[aria-selected=false]"], [".why-total", "border-inline-start-color"]],
  knows: [[".scatter-dot", "fill"], [".scatter-label", "fill", ".scatter-dot"]],
  learns: [[".learns-charts .curve.a", "stroke"], [".learns-charts .curve.a:not(.faint)", "stroke-dasharray", ".learns-charts .curve.b:not(.faint)"], [".learns-charts .bar.a", "fill"], [".learns-charts .bar.b", "fill"], [".learns-charts .before", "stroke", ".learns-charts .bar.a"]],
  stops: [[".stops-link", "color"]],
};

pageTest("in the system's colours each view of Look inside still tells what its colours tell", { skip, query: "?backend=cpu#inside?example=3&cuts=3b-branch" }, async (signet) => {
  const { page } = signet;
  const tab = await InsideTab.open(signet);
  const devtools = await page.createCDPSession();
  for (const [view, told] of Object.entries(INSIDE_COLORS)) {
    if (view === "learns") {
      await openView(signet, "depth=8");
      await signet.click("learns-step");
      await stepsTaken(signet, 1);
    } else {
      await tab.to(view);
    }
    if (view === "why") await page.locator("[data-cell='9']").click();
    await signet.until("what tells something", async () => (await Promise.all(told.flatMap(([what, , from = what]) => [what, from]).map((each) => page.$(each.split("::")[0] ?? "")))).every(Boolean), 60_000);
    for (const scheme of ["light", "dark"]) {
      await devtools.send("Emulation.setEmulatedMedia", { features: [{ name: "forced-colors", value: "active" }, { name: "prefers-color-scheme", value: scheme }] });
      const found = await page.evaluate((told) => {
        const valueOf = (/** @type {string} */ selector, /** @type {string} */ property) => {
          const [element = "", pseudo] = selector.split("::");
          return getComputedStyle(/** @type {Element} */ (document.querySelector(element)), pseudo && `::${pseudo}`).getPropertyValue(property);
        };
        const canvas = getComputedStyle(document.body).backgroundColor;
        return told.map(([what, property, from]) => ({ what, property, value: valueOf(what, property), other: from ? valueOf(from, property) : canvas }));
      }, told);
      for (const { what, property, value, other } of found) {
        assert.ok(value !== other && !/^(0px|none|rgba\(0, 0, 0, 0\))$/.test(property === "stroke-dasharray" ? "" : value), `${view}, ${scheme}: ${property} of ${what} is ${value} beside ${other}`);
      }
      await page.$eval(".inside", (box) => box.scrollIntoView());
      await screenshot(page, `access-forced-${scheme}-inside-${view}`);
    }
    await devtools.send("Emulation.setEmulatedMedia", { features: [] });
  }
});

teachTest("what goes in and out is to be seen in the system's colours, and a QR code stays black on white", { skip, hands: 8 }, async (tab) => {
  const { page } = tab;
  await tab.keepOnly(["0", "5"]); // a larger model's code has no room
  await tab.train({ epochs: 6 });
  const devtools = await page.createCDPSession();
  await devtools.send("Emulation.setEmulatedMedia", { features: [{ name: "forced-colors", value: "active" }, { name: "prefers-color-scheme", value: "dark" }] });
  let [dialogs, codes] = [0, 0];
  for await (const state of throughDoors(tab)) {
    await screenshot(page, `access-forced-${state}`.replaceAll(/[^\w]+/g, "-"));
    const seen = await page.evaluate(() => {
      const styles = (/** @type {string} */ selector) => [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility()).map((each) => getComputedStyle(each));
      return {
        canvas: getComputedStyle(document.body).backgroundColor,
        edges: styles("dialog[open], dialog[open] button, dialog[open] select, .guess-class, .shared-labels li, .shared-model").map(({ borderTopWidth }) => borderTopWidth),
        switched: styles(".shared-model input:checked").map(({ backgroundColor }) => backgroundColor),
        code: styles(".share-qr svg *").map(({ fill }) => fill), dialogs: styles("dialog[open]").length,
      };
    });
    assert.ok(seen.edges.every((each) => each !== "0px"), `${state}: ${JSON.stringify(seen)}`);
    assert.ok(seen.switched.every((each) => each !== seen.canvas), `${state}: ${JSON.stringify(seen)}`);
    if (seen.code.length > 0) assert.deepEqual(seen.code, ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]);
    dialogs += seen.dialogs;
    codes += Number(seen.code.length > 0);
  }
  assert.deepEqual([dialogs, codes], [3, 1]);
});

pageTest("dark is dark and light is light", { skip }, async ({ page }) => {
  const brightness = [];
  for (const value of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
    brightness.push(await page.evaluate(async () => {
      await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
      const context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
      // What lies behind a transparent page is white.
      for (const colour of ["#fff", ...[document.documentElement, document.body].map((element) => getComputedStyle(element).backgroundColor)]) {
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
      }
      return context.getImageData(0, 0, 1, 1).data.subarray(0, 3).reduce((sum, colour) => sum + colour / 3, 0);
    }));
  }
  const [light = 0, dark = 255] = brightness;
  assert.ok(light > 180 && dark < 80, `the background's brightness is ${light} and ${dark}`);
});
