// The tab "Look inside" for everybody: by keyboard alone, with nothing cut off, too small or in the way, in every language.

import assert from "node:assert/strict";
import { assertAccessible, misfits, smallTargets } from "./access.js";
import { DEVTOOLS, onlyChromium, screenshot, testWorld } from "./browser.js";
import { EXAMPLES, InsideTab, PHONE, at } from "./inside.js";
import { focus, focusOn, tabTo } from "./keyboard.js";

const { pageTest } = await testWorld();
const skip = onlyChromium(DEVTOOLS);

pageTest("by keyboard alone: the tab, a place, its values, the switches", at(EXAMPLES, { skip }), async (signet) => {
  const { page } = signet;
  await signet.ready();
  const tab = await InsideTab.open(signet);
  await page.focus(signet.selector("tab-inside"));
  await page.keyboard.press("ArrowLeft");
  await focusOn(signet, "tab-teach");
  await page.keyboard.press("End");
  await focusOn(signet, "tab-inside");
  await tab.mounted();
  await tab.allDrawn();
  await tabTo(signet, "inside-place", "", "ArrowRight");
  await page.keyboard.press("Enter");
  await tab.shows("inside-open", { place: "2a" });
  assert.equal((await focus(signet)).hook, "inside-place", "the focus stays");
  await tabTo(signet, "inside-channel");
  assert.ok((await focus(signet)).inSight || (await page.$eval(".look-box:has(:focus-visible)", () => true)));
  const heard = await signet.watch("announcer");
  for (const key of /** @type {const} */ (["ArrowDown", "ArrowDown", "ArrowRight"])) await page.keyboard.press(key);
  await tab.shows("inside-words", { row: "1", column: "1" });
  await tab.until("to hear the value", async () => (await heard()).some((line) => /Row 2, column 2: /.test(line)));
  await tabTo(signet, "inside-all", "", "Enter");
  assert.ok(await tab.visible("inside-mosaic"));

  await tab.to("cut");
  await tab.answer();
  await tabTo(signet, "inside-branch", "", "ArrowRight");
  await page.keyboard.press("ArrowDown");
  assert.equal((await focus(signet)).hook, "inside-skip");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Space");
  await tab.shows("inside-answer", { cuts: "1" });
  assert.equal(await page.$eval(tab.selector("inside-branch"), (element) => element.getAttribute("aria-checked")), "false");
  await tabTo(signet, "inside-restore", "", "Enter");
  await tab.shows("inside-answer", { cuts: "0" });
  assert.notEqual((await focus(signet)).tag, "BODY", "a button that goes hands the focus on");
});

/** Each state of the tab that looks different. @param {InsideTab} tab */
async function* states(tab) {
  await tab.allDrawn();
  yield "the stem";
  await tab.follow("#inside?place=4a&example=2&cuts=3b-branch");
  await tab.shows("inside-open", { place: "4a" });
  await tab.page.locator(tab.selector("inside-all")).click();
  yield "a convolutional block with all its channels, cut elsewhere";
  await tab.follow("#inside?place=features&example=2");
  await tab.shows("inside-open", { place: "features" });
  await tab.page.locator(".features summary").click();
  yield "the features";
  await tab.follow("#inside?view=cut&set=examples&cuts=3b-branch.4b-skip&example=2");
  await tab.mounted("cut");
  await tab.page.locator(tab.selector("inside-any-branch")).click();
  yield "a measurement";
  await tab.until("the table", () => tab.page.$(`${tab.selector("inside-lesion")}[data-block="5c"][data-accuracy]`), 120_000);
  await tab.checked();
  yield "the cuts and their table";
}

for (const [name, options] of Object.entries({ desk: {}, phone: { viewport: PHONE }, arabic: { languages: "ar", viewport: PHONE }, french: { languages: "fr" } })) {
  pageTest(`no state has a violation, is cut off, overlaps or is too small for a finger: ${name}`, at("?example=2", { skip, timeout: 300_000, ...options }), async (signet) => {
    const tab = await InsideTab.open(signet);
    /** @type {string[]} */
    const faults = [];
    for await (const state of states(tab)) {
      await assertAccessible(tab, state);
      faults.push(...(await misfits(tab)).map((line) => `${state}: ${line}`));
      if (options !== undefined && "viewport" in options) faults.push(...(await smallTargets(tab)).map((line) => `${state}: ${line}`));
      await screenshot(tab.page, `inside-${name}-${state.replaceAll(/[ ,]+/g, "-")}`);
    }
    assert.deepEqual(faults, []);
  });
}
