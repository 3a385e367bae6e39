// "No sign", the square around the hand, and the examples. What the page makes of a finder is tested with a stand-in
// that knows painted hands by their colour; what the shipped model finds, where it has a finder.

import assert from "node:assert/strict";
import { CAMERA_FILE, onlyChromium, testWorld } from "./browser.js";
import { write } from "./files.js";
import { drag, finds, overlap, placed, pointsOf, said, square, squareThat } from "./find.js";
import { hand, paint, png, y4m } from "./pictures.js";
import { MANIFEST } from "./server.js";
import { meanDifference } from "./signet.js";

/** @typedef {import("./signet.js").Signet} Signet */

const NO_FINDER = "threshold" in MANIFEST ? false : "the shipped model has no finder";

const FRAME = { width: 640, height: 480 };
/** A hand in the upper right of a frame: its picture is 240 wide, the hand itself starts at (360, 30). */
const offCentre = placed(hand(3, 240, 240), 390, 20, FRAME);
const photo = write("off-centre.png", png(offCentre));
const inTheMiddle = write("middle.png", png(hand(3, 200, 200)));
const blank = write("blank.png", png(paint(640, 480, () => [205, 210, 214])));
const camera = write("off-centre.y4m", y4m([offCentre, offCentre], 10));

const { pageTest, teachTest } = await testWorld({ camera });

/** @param {Signet} signet @param {number} percent */
const setThreshold = (signet, percent) => signet.page.locator(signet.selector("threshold")).fill(String(percent));

pageTest("a picture without a sign is answered with none, what to do, and bars that stay in their order; an empty canvas is none, and so is one that was cleared", { standIns: { cpu: "finding" } }, async (signet) => {
  const announced = await signet.watch("announcer");
  const three = await signet.upload(inTheMiddle);
  assert.ok(MANIFEST.labels.includes(three.label));
  await signet.upload(blank);
  await squareThat(signet, "missing");
  const shown = await signet.shown();
  // Presence and the class's probability are two numbers, by their names: that of a class is no certainty of "none".
  assert.deepEqual([shown.label, shown.probability], ["none", Math.max(...Object.values(shown.bars))]);
  assert.deepEqual(Object.keys(shown.bars), MANIFEST.labels);
  const { sign, text } = await said(signet);
  assert.ok(Math.abs(Number(sign) - 0.02) < 1e-6, `data-sign is ${sign}`);
  assert.match(text, /Presence of a sign: 2\.0%/);
  assert.match(text, new RegExp(`Probability of \\S+: ${(100 * shown.probability).toFixed(1)}%`));
  assert.match(text, /No sign/);
  assert.match(text, /one hand/);
  assert.equal((await announced()).filter((line) => line === "No sign").length, 1, "announced once");

  const none = () => signet.until("no sign", async () => (await signet.shown()).label === "none");
  await signet.click("mode-draw");
  await none();
  await signet.stroke([[0.5, 0.9], [0.5, 0.2]]);
  await signet.until("a sign", async () => MANIFEST.labels.includes((await signet.shown()).label));
  await signet.click("draw-clear");
  await none();
  assert.equal(await square(signet), undefined, "nothing is looked for on a drawing");
});

pageTest("the slider moves the answer without another look, is remembered, and can be reset", { standIns: { cpu: "finding" } }, async (signet) => {
  const shown = await signet.upload(inTheMiddle);
  await squareThat(signet, "found");
  const label = async () => (await signet.shown()).label;
  await setThreshold(signet, 99);
  assert.equal(await label(), "none");
  await setThreshold(signet, 90);
  assert.equal(await label(), shown.label);
  assert.equal((await signet.shown()).sequence, shown.sequence, "it is the same prediction");
  await setThreshold(signet, 100);
  await signet.reload();
  assert.equal(await signet.value("threshold"), "100");
  assert.equal((await signet.upload(inTheMiddle)).label, "none");
  await signet.click("threshold-reset");
  assert.ok(MANIFEST.labels.includes(await label()));
  await signet.reload();
  assert.ok(MANIFEST.labels.includes((await signet.upload(inTheMiddle)).label), "a reset is remembered, too");
});

const TWO_HANDS = "Two hands: the answer is for the larger one.";
/** How often it was announced: what comes at the same moment is read out in one, the latest last. @param {string[]} announced */
const timesTwoHands = (announced) => announced.filter((text) => text.endsWith(TWO_HANDS)).length;

/** Whether the box around a second hand is shown, and where: its left and width as shares of the picture's. @param {Signet} signet */
const secondHand = ({ page, selector }) => page.$eval(selector("second-hand"), (element) => {
  const box = element.getBoundingClientRect();
  const frame = /** @type {Element} */ (element.parentElement).getBoundingClientRect();
  return element.checkVisibility() ? [(box.x - frame.x) / frame.width, box.width / frame.width].map((share) => Math.round(100 * share)) : null;
});

pageTest("of two hands the page says that the larger is answered, announces it once, and frames the other, until the square is the person's", { standIns: { cpu: "findingTwo" } }, async (signet) => {
  const announced = await signet.watch("announcer");
  await signet.upload(photo);
  await squareThat(signet, "found");
  assert.ok((await said(signet)).text.includes(TWO_HANDS));
  assert.deepEqual(await secondHand(signet), [6, 19]);
  await setThreshold(signet, 100);
  assert.ok(!(await said(signet)).text.includes(TWO_HANDS), "without a sign there is no hand");
  await signet.click("threshold-reset");
  await signet.click("find-hand");
  await squareThat(signet, "yours");
  assert.equal(await secondHand(signet), null);
  await signet.until("an answer to that square", async () => !(await said(signet)).text.includes(TWO_HANDS));
  assert.equal(timesTwoHands(await announced()), 2, "once for each time that it began");
});

pageTest("on the webcam two hands are announced once, and the second one is framed in the mirror", { skip: onlyChromium(CAMERA_FILE), standIns: { cpu: "findingTwo" } }, async (signet) => {
  const announced = await signet.watch("announcer");
  await signet.click("mode-webcam");
  await signet.click("webcam-toggle");
  await squareThat(signet, "found");
  await signet.live(5);
  assert.deepEqual(await secondHand(signet), [75, 19]);
  assert.equal(timesTwoHands(await announced()), 1);
});

pageTest("the hand is found on the webcam, the square lies on it in the mirrored preview, and is the person's by a drag or by keys until they give it back", { skip: onlyChromium(CAMERA_FILE), standIns: { cpu: "finding" } }, async (signet) => {
  await signet.click("mode-webcam");
  await signet.click("webcam-toggle");
  const found = await squareThat(signet, "found");
  // The painted hand's middle is right of the frame's, and so in the mirror left of the preview's.
  assert.ok(Math.abs(found.left + found.side / 2 - 510) < 12, `in the frame it is at ${JSON.stringify(found)}`);
  const at = await pointsOf(signet, "webcam");
  const expected = at(1 - 510 / 640, 0);
  await signet.until("the square to come to rest", async () => {
    const { box } = await squareThat(signet, "found");
    return Math.abs(box.x + box.width / 2 - expected.x) < 12;
  });
  assert.ok(await finds(signet));
  assert.equal(await signet.page.$eval("#webcam-frame .square", (outline) => outline.checkVisibility()), false);
  // In the lower right of the mirrored preview, which is the lower left of the frame: there is no hand.
  await drag(signet, at(0.6, 0.55), at(0.9, 0.95));
  const yours = await squareThat(signet, "yours");
  assert.ok(Math.abs(yours.side - 192) < 8, `its side is ${yours.side}`);
  assert.ok(Math.abs(yours.left - (640 * 0.4 - yours.side)) < 8, `its left is ${yours.left}`);
  assert.equal(await finds(signet), false);
  await signet.until("no sign there", async () => (await signet.shown()).label === "none");
  await signet.live(3);
  assert.deepEqual((await square(signet))?.left, yours.left, "it stays where it was put");

  // Moved by its inside, resized by a corner, which leaves the one across where it is.
  const { box } = yours;
  await drag(signet, { x: box.x + box.width / 2, y: box.y + box.height / 2 }, { x: box.x + box.width / 2 - 40, y: box.y + box.height / 2 - 30 });
  const moved = await squareThat(signet, "yours", ({ left }) => left !== yours.left);
  assert.equal(moved.side, yours.side);
  assert.ok(moved.left > yours.left && moved.top < yours.top, "left in the mirror is right in the frame");
  await drag(signet, { x: moved.box.x, y: moved.box.y }, { x: moved.box.x + 30, y: moved.box.y + 30 });
  const smaller = await squareThat(signet, "yours", ({ side }) => side < moved.side);
  assert.ok(Math.abs(smaller.box.x + smaller.box.width - moved.box.x - moved.box.width) < 3);

  await signet.click("find-hand");
  const again = await squareThat(signet, "found");
  assert.ok(again.left > 300 && (await finds(signet)));
  await signet.click("find-hand");
  assert.ok((await squareThat(signet, "yours")).left > 300, "or it is held where it was found");

  // By keys; Esc gives it back before it stops the webcam.
  await signet.click("find-hand");
  const before = await squareThat(signet, "found");
  const press = async (/** @type {import("puppeteer-core").KeyInput[]} */ ...keys) => {
    for (const key of keys) await signet.page.keyboard.press(key);
  };
  await signet.page.focus(signet.selector("hand-square"));
  await press("ArrowRight", "ArrowDown");
  const stepped = await squareThat(signet, "yours");
  assert.ok(stepped.left < before.left, "right in the mirror is left in the frame");
  assert.ok(stepped.top > before.top);
  await press("+");
  const larger = await squareThat(signet, "yours", ({ side }) => side > stepped.side);
  await press("-", "-");
  await squareThat(signet, "yours", ({ side }) => side < larger.side);
  await press("Escape");
  await squareThat(signet, "found");
  await press("Escape");
  await signet.until("the webcam to stop", async () => !(await square(signet)));

  await signet.click("webcam-toggle");
  await squareThat(signet, "found");
  await signet.click("webcam-toggle");
  await signet.until("no square without a picture", async () => !(await square(signet)));
  assert.equal(await signet.visible("find-hand"), false);
});

pageTest("a hand anywhere in a photo is found after its middle was read, and another part can be dragged out", { standIns: { cpu: "finding" } }, async (signet) => {
  const first = await signet.upload(photo);
  const middle = await signet.modelView();
  const found = await squareThat(signet, "found");
  assert.ok(Math.abs(found.left + found.side / 2 - 510) < 12, JSON.stringify(found));
  const second = await signet.shown();
  assert.ok(second.sequence > first.sequence && MANIFEST.labels.includes(second.label));
  assert.ok(meanDifference(await signet.modelView(), middle) > 3, "the model saw another part");

  const at = await pointsOf(signet, "upload");
  const { label } = await signet.prediction(() => drag(signet, at(0.05, 0.5), at(0.3, 0.9)));
  await squareThat(signet, "yours", ({ left }) => Math.abs(left - 32) < 6);
  assert.equal(label, "none");
  await signet.click("find-hand");
  await squareThat(signet, "found");
  assert.ok(MANIFEST.labels.includes((await signet.shown()).label));
  // A new picture is looked at afresh.
  await signet.click("find-hand");
  await squareThat(signet, "yours");
  await signet.upload(inTheMiddle);
  await squareThat(signet, "found");
});

pageTest("a finger draws the square on a phone, and doesn't scroll the page by it", { standIns: { cpu: "finding" }, viewport: { width: 390, height: 844, hasTouch: true, isMobile: true } }, async (signet) => {
  await signet.upload(photo);
  await squareThat(signet, "found");
  const at = await pointsOf(signet, "upload");
  const scrolled = () => signet.page.evaluate(() => scrollY);
  const before = await scrolled();
  const [from, to] = [at(0.05, 0.95), at(0.45, 0.3)];
  await signet.page.touchscreen.touchStart(from.x, from.y);
  for (let step = 1; step <= 6; step += 1) {
    await signet.page.touchscreen.touchMove(from.x + ((to.x - from.x) * step) / 6, from.y + ((to.y - from.y) * step) / 6);
  }
  await signet.page.touchscreen.touchEnd();
  const yours = await squareThat(signet, "yours");
  assert.ok(yours.left < 60 && yours.side > 200, JSON.stringify(yours));
  assert.equal(await scrolled(), before);
});

pageTest("a model without a finder has no slider, no square to drag and no none: the outline stays", { standIns: { cpu: "findingNothing" } }, async (signet) => {
  assert.ok(MANIFEST.labels.includes((await signet.upload(blank)).label));
  for (const name of ["threshold", "find-hand"]) assert.equal(await signet.visible(name), false, name);
  assert.equal(await square(signet), undefined);
  assert.equal((await said(signet)).sign, null);
  assert.ok(await signet.page.$eval("#upload-frame .square", (outline) => outline.checkVisibility()));
  await signet.click("mode-draw");
  await new Promise((done) => setTimeout(done, 500));
  assert.equal((await signet.shown()).label, "", "an empty canvas is not asked about");
});

pageTest("six examples, one for each sign, by mouse and by keyboard, all read right", {}, async (signet) => {
  const examples = await signet.page.$$(signet.selector("example"));
  const labels = await signet.page.$$eval(signet.selector("example"), (buttons) =>
    buttons.map((button) => /** @type {HTMLElement} */ (button).dataset["label"]));
  assert.deepEqual(labels, ["0", "1", "2", "3", "4", "5"]);
  const names = await signet.page.$$eval(`${signet.selector("example")} img`, (images) => images.map((image) => image.getAttribute("alt")));
  assert.equal(new Set(names).size, 6, `each has a name of its own: ${names}`);
  /** @type {string[]} */
  const answers = [];
  for (const [index, example] of examples.entries()) {
    const shown = await signet.prediction(async () => {
      if (index % 2) return example.click();
      await example.focus();
      await signet.page.keyboard.press("Enter");
    });
    answers.push(shown.label);
    console.log(`example ${index}: read as ${shown.label}, ${(shown.probability * 100).toFixed(1)} %`);
    const colours = new Set(await signet.modelView());
    assert.ok(colours.size > 20, "the picture that the model saw is shown");
  }
  assert.deepEqual(answers, labels);
  // From the drawing pad, too: the picture is shown where pictures are.
  await signet.click("mode-draw");
  // The empty canvas has its answer first.
  await signet.until("no sign", async () => (await signet.shown()).label === "none");
  assert.equal((await signet.prediction(() => /** @type {NonNullable<typeof examples[4]>} */ (examples[4]).click())).label, "4");
  assert.ok(await signet.page.$eval("#upload-frame", (frame) => frame.checkVisibility()));
});

// What the shipped model finds

/** Uploads a file, and waits for the end of the search. @param {Signet} signet @param {string} file */
async function searched(signet, file) {
  await signet.upload(file);
  return signet.until(`the end of the search in ${file}`, async () => {
    const found = await square(signet);
    return found && found.state !== "looking" && found;
  });
}

pageTest("the shipped model sees no sign in a blank picture, in noise and on an empty canvas, and finds an example's hand anywhere in a larger picture", { skip: NO_FINDER }, async (signet) => {
  let state = 7;
  const random = () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24);
  const noise = write("noise.png", png(paint(320, 240, () => [random(), random(), random()])));
  for (const file of [blank, noise]) {
    await searched(signet, file);
    assert.equal((await signet.shown()).label, "none", file);
  }
  await signet.click("mode-draw");
  await signet.until("no sign", async () => (await signet.shown()).label === "none");

  await signet.click("mode-upload");
  const side = 200;
  let right = 0;
  for (const [index, [left, top]] of /** @type {const} */ ([[20, 20], [420, 30], [30, 270], [400, 280], [210, 160], [330, 90]]).entries()) {
    const data = await signet.page.evaluate(async (address, left, top, side) => {
      const image = new Image();
      image.src = address;
      await image.decode();
      const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
      const context = canvas.getContext("2d");
      if (!context) throw new Error("no 2d context");
      context.fillStyle = "#f1ede4"; // the examples' paper
      context.fillRect(0, 0, 640, 480);
      context.drawImage(image, left, top, side, side);
      return canvas.toDataURL("image/png").split(",")[1] ?? "";
    }, `examples/${index}.svg`, left, top, side);
    const found = await searched(signet, write(`anywhere-${index}.png`, Buffer.from(data, "base64")));
    const { label } = await signet.shown();
    const shared = overlap(found, { left, top, side });
    console.log(`example ${index} at ${left}, ${top}: ${found.state}, read as ${label}, overlap ${shared.toFixed(2)}`);
    if (label === String(index) && shared > 0.25) right += 1;
  }
  assert.ok(right >= 5, `${right} of 6 were found and read right`);
});

teachTest("a sample of a photo is the crop where the hand is; a person moves it over the photo by key, and undo brings it back", { standIns: { cpu: "finding" } }, async (tab) => {
  const shown = () => tab.page.$eval(tab.within("3", "sample"), (button) => {
    const canvas = /** @type {HTMLCanvasElement} */ (button.querySelector("canvas"));
    return [...(canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [])];
  });
  const boxOf = () => tab.page.$eval("[data-testid=crop-dialog] .hand", (element) => {
    const { state, left, top, side } = /** @type {HTMLElement} */ (element).dataset;
    return { state, left: Number(left), top: Number(top), side: Number(side) };
  });
  await tab.add("3", [photo]);
  const found = await shown();
  await tab.press("3", "sample");
  await tab.click("recrop");
  const before = await boxOf();
  assert.equal(before.state, "found");
  assert.ok(before.left > FRAME.width / 4, `at ${before.left}: not the middle of the photo, which begins at 80`);
  assert.ok(await tab.disabled("crop-use"), "nothing has been chosen");

  await tab.page.focus("[data-testid=crop-dialog] .hand");
  for (const key of /** @type {const} */ (["ArrowLeft", "ArrowLeft", "+"])) await tab.page.keyboard.press(key);
  const after = await boxOf();
  assert.ok(after.state === "yours" && after.left < before.left && after.side > before.side, JSON.stringify({ before, after }));
  await tab.click("crop-use");
  await tab.until("another crop", async () => (await tab.count("3")) === 1 && meanDifference(found, await shown()) > 1);
  await tab.until("the dialogs to close", async () => (await tab.page.$$("dialog[open]")).length === 0);
  await tab.page.keyboard.down("Control");
  await tab.page.keyboard.press("z");
  await tab.page.keyboard.up("Control");
  await tab.until("the first crop", async () => meanDifference(found, await shown()) === 0);
});
