// "Look inside": why the network says so, what it knows, the guided stops, and pictures to take along; by mouse, by keyboard and
// with a finger, for everybody.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { assertAccessible, misfits, smallTargets } from "./access.js";
import { CAMERA_FILE, DEVTOOLS, onlyChromium, testWorld } from "./browser.js";
import { DOWNLOADS, write } from "./files.js";
import { placed, squareThat } from "./find.js";
import { InsideTab, PHONE, at } from "./inside.js";
import { focusOn, tabTo } from "./keyboard.js";
import { hand, png, y4m } from "./pictures.js";
import { TeachTab, handFiles } from "./teach.js";

/** @typedef {import("./signet.js").Signet} Signet */
/** @typedef {{ method: string, label: string, sum: string, logit: string, words: string }} MapShown */

const LONG_MS = 90_000;
const film = write("hand.y4m", y4m([hand(2, 320, 240), hand(5, 320, 240)], 2));
const aside = write("aside.png", png(placed(hand(3, 240, 240), 380, 60, { width: 640, height: 360 })));

const { pageTest } = await testWorld({ camera: film });

/** The map that is shown, once it is there. @param {Signet} signet @param {Partial<MapShown>} expected @returns {Promise<MapShown>} */
const mapThat = (signet, expected) => signet.until(`a map ${JSON.stringify(expected)}`, async () => {
  const shown = await signet.page.evaluate(() => {
    const { method = "", label = "", sum = "", logit = "" } = /** @type {HTMLElement | null} */ (document.querySelector("[data-testid=inside-map]"))?.dataset ?? {};
    return { method, label, sum, logit, words: document.querySelector("[data-testid=inside-words]")?.textContent ?? "" };
  });
  return shown.method !== "" && Object.entries(expected).every(([name, value]) => shown[/** @type {keyof MapShown} */ (name)] === value) && shown;
}, LONG_MS);

/** @param {Signet} signet @param {string} method */
const choose = (signet, method) => signet.page.locator(`[data-testid=inside-method][data-method=${method}]`).click();

/** @param {Signet} signet @param {string} hook @returns {Promise<Record<string, string | undefined>>} */
const data = (signet, hook) => signet.page.$$eval(signet.selector(hook), ([element]) => ({ .../** @type {HTMLElement | undefined} */ (element)?.dataset }));

/** The middle of a cell of the challenge. @param {Signet} signet @param {number} cell */
async function middleOf(signet, cell) {
  const found = await signet.page.$(`[data-cell="${cell}"]`);
  await found?.scrollIntoView();
  const box = await found?.boundingBox();
  assert.ok(box);
  return /** @type {const} */ ([box.x + box.width / 2, box.y + box.height / 2]);
}

/** Opens the view anew, makes each kind of map in turn, and tells where the challenge's grid is whenever something has changed: with a map and without. @param {Signet} signet */
async function gridWhileMapsCome(signet) {
  const { page } = signet;
  await signet.click("inside-to-path");
  await signet.until("the path", () => page.$("[data-testid=inside-place]"));
  const noted = await page.evaluateHandle(() => {
    /** @type {{ method: string, map: boolean, top: number }[]} */
    const tops = [];
    const note = () => {
      const grid = document.querySelector("[data-testid=challenge-grid]")?.getBoundingClientRect();
      const method = document.querySelector("[data-testid=inside-method][aria-pressed=true]")?.getAttribute("data-method") ?? "";
      if (grid?.height) tops.push({ method, map: document.querySelector("[data-testid=inside-map][data-method]") !== null, top: grid.top + scrollY });
    };
    new MutationObserver(note).observe(document.body, { attributes: true, childList: true, characterData: true, subtree: true });
    return tops;
  });
  await signet.click("inside-to-why");
  for (const method of ["exact", "finest", "occlusion"]) {
    await choose(signet, method);
    await mapThat(signet, { method });
  }
  return noted.jsonValue();
}

/** The challenge stays where it is when a map comes above it. @param {Signet} signet */
async function assertNothingMoves(signet) {
  const places = await gridWhileMapsCome(signet);
  for (const method of ["exact", "finest", "occlusion"]) {
    const of = places.filter((place) => place.method === method);
    assert.deepEqual([of.some(({ map }) => !map), of.some(({ map }) => map)], [true, true], `${method}: seen before its map and after`);
    assert.equal(new Set(of.map(({ top }) => Math.round(top))).size, 1, `${method}: the grid is at ${JSON.stringify(of)}`);
  }
}

/** Waits until so many cells are blurred, and the answer to them is there. @param {Signet} signet @param {number} count */
const blurred = (signet, count) => signet.until(`${count} blurred cells and their answer`, async () => {
  const { blurred, label, flipped } = await data(signet, "challenge");
  return blurred === String(count) && label && { label, isFlipped: flipped === "true" };
}, LONG_MS);

/** Does what downloads a picture. @param {Signet} signet @param {"svg" | "png"} format @returns {Promise<Buffer>} */
async function saved(signet, format) {
  await signet.click(`inside-save-${format}`);
  const name = await signet.until(`a file ${format}`, async () => readdirSync(DOWNLOADS).find((each) => each.endsWith(`.${format}`)));
  const path = join(DOWNLOADS, name);
  await signet.until("all of it", async () => readFileSync(path).length > 0);
  const content = readFileSync(path);
  rmSync(path);
  return content;
}

/** Nothing that axe knows of, and nothing that is cut off, overlaps, or is too small for a finger. @param {Signet} signet @param {string} state */
async function assertForAll(signet, state) {
  await assertAccessible(signet, state);
  assert.deepEqual(await misfits(signet), [], state);
  if (signet.page.viewport()?.isMobile) assert.deepEqual(await smallTargets(signet), [], state);
}

pageTest("the parts of the map add up to the logit, for each class and for there being a sign, and finer ones to the mean of theirs", at("?view=why&example=4"), async (signet) => {
  await mapThat(signet, { method: "exact", label: "4" });
  const logits = [];
  for (const [value, label] of [["0", "0"], ["3", "3"], ["5", "5"], ["-1", "presence"], ["", "4"]]) {
    await signet.page.select(signet.selector("inside-class"), value ?? "");
    const { sum, logit, words } = await mapThat(signet, { method: "exact", label: label ?? "" });
    assert.ok(sum !== "" && Math.abs(Number(sum) - Number(logit)) <= 1e-4, `${label}: ${sum} and ${logit}`);
    assert.match(words, new RegExp(value === "-1" ? "a sign: (upper|lower) (left|right), \\d+%" : `${label}.*(upper|lower) (left|right), \\d+%`));
    // Four quadrants, the bias and the logit, in figures that add up but for their rounding.
    const figures = (await signet.page.$$eval("[data-testid=inside-sum] b", (found) => found.map((each) => Number((each.textContent ?? "").replace("−", "-")))));
    assert.equal(figures.length, 6);
    assert.ok(Math.abs(figures.slice(0, 5).reduce((all, each) => all + each, 0) - (figures[5] ?? 0)) < 0.03, `${figures}`);
    logits.push(Number(logit));
  }
  assert.equal(Math.max(...logits.slice(0, 3), Number(logits[4])), logits[4], "the answer's logit is the largest");
  for (const [method, side] of /** @type {const} */ ([["finer", 4], ["finest", 8]])) {
    await choose(signet, method);
    const { sum, logit } = await mapThat(signet, { method, label: "4" });
    assert.ok(Math.abs(Number(sum) - Number(logit)) <= 1e-4, `${method}: ${sum} and ${logit}`);
    assert.equal((await signet.page.$$("[data-testid=inside-map] rect")).length, side * side);
  }
  await signet.becomes("the map's address", () => signet.page.evaluate(() => location.hash), "#inside?view=why&example=4&map=finest");
});

pageTest("occlusion is measured on a photo and lies on it where the crop was, until it is switched off; what hides it is told in the map's name", at("?view=why&map=occlusion"), async (signet) => {
  await mapThat(signet, { method: "occlusion" });
  await signet.upload(aside);
  await squareThat(signet, "found");
  const { label } = await signet.shown();
  const place = () => signet.page.$eval(signet.selector("inside-overlay"), (overlay) => { const { x, y, width, height } = overlay.getBoundingClientRect(); return [x, y, width, height]; }).catch(() => []);
  await signet.until("the map on the hand", async () => {
    const { box } = await squareThat(signet, "found"); // which moves to its place
    const [x = NaN, y = NaN, width = NaN, height = NaN] = await place();
    return Math.abs(x - box.x) < 3 && Math.abs(y - box.y) < 3 && Math.abs(width - box.width) < 3 && Math.abs(height - box.height) < 3;
  }, LONG_MS);
  const { words } = await mapThat(signet, { method: "occlusion", label: label === "none" ? "presence" : label });
  const [name] = await signet.page.$$eval("[data-testid=inside-map] svg", ([drawing]) => [drawing?.getAttribute("aria-label") ?? ""]);
  assert.ok(name?.includes(words), `the picture has its words: ${name}`);
  assert.equal((await signet.page.$$(".why-table td")).length, 64, "and its table");
  await signet.click("inside-on-picture");
  assert.deepEqual(await place(), []);
  await signet.click("inside-on-picture");
  await signet.click("inside-to-knows");
  await signet.becomes("the map to go with its view", place, []);
});

pageTest("on the webcam the map follows the hand, exact in each frame and by occlusion more slowly, in the mirror as the video is", at("?view=why", { skip: onlyChromium(CAMERA_FILE) }), async (signet) => {
  await signet.goLive(3);
  const noted = await signet.watch("inside-map", "data-logit");
  await signet.until("other maps", async () => new Set(await noted()).size > 3, LONG_MS);
  assert.ok(await signet.page.$eval("#webcam-frame", (frame) => frame.querySelector("[data-testid=inside-overlay]") !== null));
  const isMirrored = await signet.page.$eval("#webcam-frame", (frame) => frame.classList.contains("mirrored"));
  assert.equal(await signet.page.$eval(signet.selector("inside-overlay"), (overlay) => overlay.classList.contains("mirrored")), isMirrored);
  await choose(signet, "occlusion");
  await mapThat(signet, { method: "occlusion" });
  await signet.live(2); // the answers go on meanwhile
  // A game needs a picture that stays: the frame that is asked for.
  await signet.click("challenge-take");
  await blurred(signet, 0);
});

pageTest("the challenge by mouse: a drag blurs cells, all of them flip the answer, a click takes one back, and the map's order needs no more than a random one", at("?view=why&example=3"), async (signet) => {
  const { page } = signet;
  await mapThat(signet, {});
  assert.deepEqual(await blurred(signet, 0), { label: "3", isFlipped: false });
  await assertNothingMoves(signet);
  await blurred(signet, 0);
  await page.mouse.move(...await middleOf(signet, 0));
  await page.mouse.down();
  for (const [row, from, to] of Array.from({ length: 8 }, (_, row) => (row % 2 ? [row, 7, 0] : [row, 0, 7]))) {
    await page.mouse.move(...await middleOf(signet, 8 * Number(row) + Number(from)), { steps: 2 });
    await page.mouse.move(...await middleOf(signet, 8 * Number(row) + Number(to)), { steps: 16 });
  }
  await page.mouse.up();
  const { label, isFlipped } = await blurred(signet, 64);
  assert.ok(isFlipped && label !== "3", `all blurred it is ${label}`);
  assert.match(await signet.text("challenge-line"), /64 cells blurred, and the answer has become/);
  await page.mouse.click(...await middleOf(signet, 20));
  await blurred(signet, 63);
  await signet.click("challenge-compare");
  const { map, random } = await signet.until("both orders", async () => {
    const { map, random } = await data(signet, "challenge-orders");
    return map && random && { map: Number(map), random: Number(random) };
  }, LONG_MS);
  console.log(`the answer flips after ${map} cells in the map's order, ${random} at random`);
  assert.ok(map >= 1 && map <= random, `${map} in the map's order, ${random} at random`);
  await signet.click("challenge-clear");
  assert.deepEqual(await blurred(signet, 0), { label: "3", isFlipped: false });
});

pageTest("why and the challenge by keyboard: the map is chosen, cells are blurred and cleared with arrows and Space, and named", at("?view=why&example=5"), async (signet) => {
  const { page } = signet;
  await blurred(signet, 0);
  await tabTo(signet, "inside-class");
  await page.keyboard.press("ArrowDown");
  await mapThat(signet, { label: "0" });
  await tabTo(signet, "challenge-grid");
  for (const key of /** @type {const} */ (["ArrowDown", "ArrowRight", "Space", "ArrowRight", "Enter", "ArrowLeft", "Space"])) await page.keyboard.press(key);
  await blurred(signet, 1);
  const [current, selected] = await page.$eval(signet.selector("challenge-grid"), (grid) => [
    document.getElementById(grid.getAttribute("aria-activedescendant") ?? "")?.getAttribute("aria-label"),
    [...grid.querySelectorAll("[aria-selected=true]")].map((cell) => cell.getAttribute("aria-label")).join()]);
  assert.deepEqual([current, selected], ["Row 2, column 2: clear", "Row 2, column 3: blurred"]);
  await tabTo(signet, "challenge-clear", "", "Enter");
  await blurred(signet, 0);
  await focusOn(signet, "challenge-grid");
});

pageTest("a finger blurs cells on a phone and doesn't scroll the page by it; each state of why and the tour fits and has no violation", at("?view=why&example=3&map=finest", { viewport: PHONE, skip: onlyChromium(DEVTOOLS) }), async (signet) => {
  const { page } = signet;
  await mapThat(signet, { method: "finest" });
  await blurred(signet, 0);
  await assertNothingMoves(signet);
  await choose(signet, "finest");
  await mapThat(signet, { method: "finest" });
  await blurred(signet, 0);
  const [from, to] = [await middleOf(signet, 24), await middleOf(signet, 27)];
  const before = await page.evaluate(() => scrollY);
  await page.touchscreen.touchStart(...from);
  for (let step = 1; step <= 6; step += 1) await page.touchscreen.touchMove(from[0] + ((to[0] - from[0]) * step) / 6, from[1]);
  await page.touchscreen.touchEnd();
  await blurred(signet, 4);
  assert.equal(await page.evaluate(() => scrollY), before);
  await page.click(".why-details summary");
  await assertForAll(signet, "why, on a phone");
  await signet.click("inside-to-stops");
  await assertForAll(signet, "the stops, on a phone");
  await page.locator("[data-testid=inside-stop-link]").click();
  await signet.until("the first stop", async () => (await data(signet, "inside-stop"))["stop"] === "1");
  await assertForAll(signet, "a stop, on a phone");
});

pageTest("what it knows of a person's samples: the nearest of the picture, all in two dimensions, by mouse and keyboard, and one whose label is wrong stands out", { query: "?backend=cpu#teach", skip: onlyChromium(DEVTOOLS) }, async (signet) => {
  const { page } = signet;
  const tab = await TeachTab.open(signet);
  const [first = "", ...fists] = handFiles(0, 6);
  await tab.add("0", fists);
  await tab.add("5", [...handFiles(5, 5), first]);
  await tab.upload(first);
  await signet.click("tab-inside");
  await signet.click("inside-to-knows");
  await signet.until("the samples", async () => (await page.$$(signet.selector("inside-sample"))).length === 11, LONG_MS);
  assert.match(await signet.text("inside-source"), /^Your 11 samples/);
  // The picture is one of six fists, of which one is in the wrong class: these are the nearest six, the very nearest first.
  const nearest = await signet.until("neighbours", () => page.$$eval("[data-testid=inside-nearest] li", (found) => found.map((each) => ({ .../** @type {HTMLElement} */ (each).dataset }))).then((found) => found.length === 6 && found), LONG_MS);
  assert.deepEqual(nearest.map(({ label }) => label).sort(), ["0", "0", "0", "0", "0", "5"]);
  const similarities = nearest.map(({ similarity }) => Number(similarity));
  assert.deepEqual(similarities, similarities.toSorted((one, other) => other - one));
  assert.ok((similarities[0] ?? 0) > 0.5 && (similarities[0] ?? 2) <= 1.0001, `${similarities}`);
  assert.equal((await data(signet, "inside-doubts"))["count"], "1");
  assert.match(await signet.text("inside-doubts"), /1 label is in doubt/);
  const doubtful = await page.$$eval(".scatter-mark.doubtful", (marks) => marks.map((mark) => [mark.getAttribute("data-label"), mark.getAttribute("aria-label"), mark.querySelectorAll("path").length]));
  assert.deepEqual(doubtful, [["5", "Labelled 5, but its nearest neighbours are 0", 1]]);
  await page.click(".scatter-mark.doubtful circle");
  await signet.until("the sample", async () => /Labelled 5/.test(await signet.text("inside-opened")));
  await tabTo(signet, "inside-plane");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await signet.becomes("the opened sample", async () => (await data(signet, "inside-opened"))["index"], "0");
  const before = await page.$eval(signet.selector("inside-plane"), (plane) => plane.getAttribute("aria-activedescendant"));
  for (const key of /** @type {const} */ (["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"])) await page.keyboard.press(key);
  await page.keyboard.press("End");
  assert.notEqual(await page.$eval(signet.selector("inside-plane"), (plane) => plane.getAttribute("aria-activedescendant")), before);
  // It is looked into as any picture is, pixel by pixel: nothing is nearer to it than itself.
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await signet.becomes("the first sample", async () => (await data(signet, "inside-opened"))["index"], "0");
  await signet.click("inside-look");
  await signet.until("its own neighbour", () => page.$eval("[data-testid=inside-nearest] li", (one) => {
    const { index, similarity } = /** @type {HTMLElement} */ (one).dataset;
    return index === "0" && Number(similarity) > 0.9999;
  }), LONG_MS);
  await assertForAll(signet, "what it knows");
});

pageTest("without samples it is the check set, and says so", at("?view=knows&example=2", { viewport: PHONE, skip: onlyChromium(DEVTOOLS) }), async (signet) => {
  await signet.until("the samples", async () => (await signet.page.$$(signet.selector("inside-sample"))).length === 60, LONG_MS);
  assert.match(await signet.text("inside-source"), /You have no samples yet. These are 60 samples/);
  const labels = await signet.until("neighbours", () => signet.page.$$eval("[data-testid=inside-nearest] li", (found) => found.map((each) => each.getAttribute("data-label"))).then((found) => found.length === 6 && found), LONG_MS);
  assert.ok(labels.filter((label) => label === "2").length >= 4, `the nearest of a two are ${labels}`);
  await assertForAll(signet, "the check set, on a phone");
});

pageTest("the tour by keyboard: each of five stops opens its view in its state, a link to one is enough, and leaving it takes nothing along", at("?stop=1"), async (signet) => {
  const { page } = signet;
  const viewShown = () => page.evaluate(() => /** @type {HTMLElement | null} */ (document.querySelector("[data-testid=inside-view]"))?.dataset["view"]);
  const titles = new Set();
  for (const [stop, view, hash] of /** @type {const} */ ([["1", "path", "stop=1"], ["2", "path", "stop=2"], ["3", "path", "stop=3"], ["4", "cut", "stop=4"], ["5", "why", "stop=5"]])) {
    await signet.becomes("the stop", async () => (await data(signet, "inside-stop"))["stop"], stop);
    await signet.becomes("its view", viewShown, view);
    await signet.becomes("its address", () => page.evaluate(() => location.hash), `#inside?${hash}`);
    titles.add(await signet.text("inside-stop-title"));
    if (stop === "4") assert.equal(await page.$eval('[data-testid=inside-block][data-block="4b"]', (block) => block.getAttribute("data-skip")), "off");
    if (stop === "5") await mapThat(signet, { method: "occlusion", label: "3" });
    if (stop === "5") await assertForAll(signet, "the last stop");
    await tabTo(signet, "inside-stop-next", "", "Enter");
  }
  assert.equal(titles.size, 5);
  await signet.becomes("all stops", viewShown, "stops");
  assert.equal(await signet.visible("inside-stop"), false);
  assert.equal((await page.$$(signet.selector("inside-stop-link"))).length, 5);
  await focusOn(signet, "inside-to-stops");
});

pageTest("a view is saved as SVG and as PNG, with its title, its figures and the page's name, and asks nobody for anything", at("?view=why&example=3", { skip: onlyChromium("a folder for downloads") }), async (signet) => {
  const { words } = await mapThat(signet, { method: "exact", label: "3" });
  const svg = (await saved(signet, "svg")).toString("utf8");
  for (const said of ["<title>Why</title>", "Signet", "Three, ", "lower right", ...words.split(" ").slice(0, 2)]) assert.ok(svg.includes(said), said);
  assert.doesNotMatch(svg.replaceAll(/xmlns(:\w+)?="[^"]+"|>[^<]*</g, ""), /https?:|url\((?!#)|@import|<script|foreignObject|NaN/, "all of it is in it");
  assert.ok((svg.match(/href="data:image\/png/g) ?? []).length >= 2, "pictures stay pictures");
  const [, width = NaN, height = NaN] = (/^<svg [^>]*width="(\d+)" height="(\d+)"/.exec(svg) ?? []).map(Number);
  assert.ok(width > 600 && height > 500, `${width}x${height}`);
  const file = await saved(signet, "png");
  assert.equal(file.subarray(1, 4).toString("latin1"), "PNG");
  assert.deepEqual([file.readUInt32BE(16), file.readUInt32BE(20)], [2 * width, 2 * height]);
});

pageTest("what scrolls sideways on a phone is in the picture whole, and lies on the page as before", at("?view=cut&example=3", { viewport: PHONE, skip: onlyChromium("a folder for downloads") }), async (signet) => {
  const { page } = signet;
  await signet.until("the table", () => page.$("[data-testid=inside-lesion][data-block='5c']"));
  // While the check set is measured it has a line more.
  await (await InsideTab.open(signet)).checked();
  const layout = () => page.$eval(".table-scroll:has(.lesions)", (box) => [box.scrollWidth, box.clientWidth, box.scrollLeft, Math.round(scrollY), document.documentElement.scrollHeight]);
  await page.$eval(".table-scroll:has(.lesions)", (box) => { box.scrollIntoView(); box.scrollLeft = 90; });
  await page.$eval(signet.selector("inside-save-svg"), (button) => button.scrollIntoView());
  const before = await layout();
  const [whole = 0, shown = 0, left] = before;
  assert.ok(whole > shown + 90 && left === 90, `the table scrolls: ${before}`);
  const svg = (await saved(signet, "svg")).toString("utf8");
  assert.deepEqual(await layout(), before);
  const reader = await page.browserContext().newPage();
  await reader.setContent(svg);
  const { width, names, cut, bars } = await reader.evaluate(() => {
    const { left, right } = /** @type {Element} */ (document.querySelector("svg")).getBoundingClientRect();
    const texts = [...document.querySelectorAll("text")];
    const cut = texts.filter((text) => {
      const [place, clip] = [text.getBoundingClientRect(), text.closest("svg svg")?.getBoundingClientRect()];
      return place.left < left || place.right > right || (clip && (place.left < clip.left - 1 || place.right > clip.right + 1));
    });
    const bars = [...document.querySelectorAll("rect")].filter((each) => each.getBoundingClientRect().height === 12).length;
    return { width: right - left, bars, names: texts.map(({ textContent }) => textContent), cut: cut.map(({ textContent }) => textContent) };
  });
  await reader.close();
  assert.ok(width > whole, `${width} pixels for a table of ${whole}`);
  for (const block of ["2a", "4f", "5c"]) assert.ok(names.filter((name) => name === block).length >= 2, `${block} is in the strip and in the table`);
  assert.deepEqual(cut, []);
  assert.ok(bars >= 6, "each class has its bar");
});
