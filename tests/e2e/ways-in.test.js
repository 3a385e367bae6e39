// Upload, drop, paste and draw; pictures that need care, and files that are none.

import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { after } from "node:test";
import { deflateSync } from "node:zlib";
import { DEVTOOLS, launch, onlyChromium, testWorld } from "./browser.js";
import { write } from "./files.js";
import { blackPng, bmp, claiming, exif, hand, hidingPng, jpegWithProfile, paint, png, profile, turnedClockwise, twoComponentJpeg, webpWithOrientation, withOrientation } from "./pictures.js";
import { MANIFEST, ROOT } from "./server.js";
import { meanDifference } from "./signet.js";

/** @typedef {import("./signet.js").Signet} Signet */

const threeFingers = hand(3, 320, 240);
const file = write("three.png", png(threeFingers));

const { pageTest, teachTest } = await testWorld();

/** The picture in a format that the browser encodes. @param {Signet} signet @param {import("./pictures.js").Picture} picture @param {string} type */
async function encoded(signet, picture, type) {
  const address = await signet.page.evaluate(async (source, wanted) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    canvas.getContext("2d")?.drawImage(image, 0, 0);
    return canvas.toDataURL(wanted, 0.95);
  }, `data:image/png;base64,${png(picture).toString("base64")}`, type);
  assert.ok(address.startsWith(`data:${type};`), `Chromium encodes ${type}`);
  return Buffer.from(address.slice(address.indexOf(",") + 1), "base64");
}

/** The part of the preview in the box of the answer, as small as the model sees it. @param {Signet} signet @returns {Promise<number[]>} */
async function shownPicture(signet) {
  const box = signet.selector("hand-square");
  await signet.until("the end of the search", () => signet.page.$eval(box, (found) => /** @type {HTMLElement} */ (found).dataset.state !== "looking"));
  return signet.page.$eval("#upload-image", (image, box) => {
    const shown = /** @type {HTMLImageElement} */ (image);
    const { left, top, side } = /** @type {HTMLElement} */ (document.querySelector(box)).dataset;
    const context = Object.assign(document.createElement("canvas"), { width: 64, height: 64 }).getContext("2d");
    if (!context) throw new Error("no 2d context");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, 64, 64);
    const scale = 64 / Number(side);
    const { naturalWidth: width, naturalHeight: height } = shown;
    context.drawImage(shown, -Number(left) * scale, -Number(top) * scale, width * scale, height * scale);
    return [...context.getImageData(0, 0, 64, 64).data];
  }, box);
}

pageTest("an uploaded picture is classified, with a bar for each class and the picture that the model saw, the same one as JPEG and WebP", {}, async (signet) => {
  await signet.click("mode-upload");
  const shown = await signet.upload(file);
  assert.deepEqual(Object.keys(shown.bars), MANIFEST.labels);
  const best = Math.max(...Object.values(shown.bars));
  assert.ok(Math.abs(shown.probability - best) < 1e-6, "the top label is the longest bar");
  assert.equal(shown.bars[shown.label], best);
  // The background of the painted hand, in the corner of the model's square.
  const view = await signet.modelView();
  assert.ok(meanDifference(view.slice(0, 4), [226, 222, 214, 255]) < 3, `the corner is ${view.slice(0, 4)}`);
  for (const type of ["jpeg", "webp"]) {
    await signet.upload(write(`three.${type}`, await encoded(signet, threeFingers, `image/${type}`)));
    const difference = meanDifference(await signet.modelView(), view);
    assert.ok(difference < 4, `${type} differs by ${difference} steps of 255`);
  }
  // Asked again after its file is gone.
  const gone = write("gone.png", png(hand(3, 640, 480)));
  await signet.upload(gone);
  await shownPicture(signet);
  rmSync(gone);
  for (const pressed of ["false", "true"]) {
    await signet.prediction(() => signet.click("find-hand"));
    assert.equal(await signet.page.$eval("#find-hand", (button) => button.getAttribute("aria-pressed")), pressed);
  }
  assert.equal(await signet.error(), undefined);
});

pageTest("a photo that was stored sideways is turned as its EXIF orientation says, and a transparent one is seen over white", {}, async (signet) => {
  await signet.click("mode-upload");
  // Not symmetric in any direction: red above, blue below, a white corner.
  const upright = paint(256, 256, (x, y) => (x < 0.3 && y < 0.3 ? [255, 255, 255] : y < 0.5 ? [200, 30, 30] : [30, 30, 200]));
  // Turned three times, so that one more quarter clockwise (orientation 6) brings it back.
  const jpeg = await encoded(signet, turnedClockwise(turnedClockwise(turnedClockwise(upright))), "image/jpeg");
  await signet.upload(write("upright.png", png(upright)));
  const expected = await signet.modelView();
  await signet.upload(write("sideways.jpg", withOrientation(jpeg, 6)));
  const turned = meanDifference(await signet.modelView(), expected);
  assert.ok(turned < 6, `with its orientation it differs by ${turned}`);
  await signet.upload(write("unmarked.jpg", withOrientation(jpeg, 1)));
  const unturned = meanDifference(await signet.modelView(), expected);
  assert.ok(unturned > 20, `without it must differ, and differs by ${unturned}`);

  const overWhite = await signet.upload(write("white.png", png(hand(2, 200, 200, { background: [255, 255, 255] }))));
  const transparent = await signet.upload(write("clear.png", png(hand(2, 200, 200, { background: [0, 0, 0, 0] }))));
  assert.equal(transparent.label, overWhite.label);
  assert.ok(Math.abs(transparent.probability - overWhite.probability) < 1e-3);
});

const fixture = (/** @type {string} */ name) => readFileSync(`${ROOT}tests/fixtures/pictures/${name}`);
// Not symmetric in any direction, and of colours that tell channels and tones apart.
const scene = paint(256, 256, (x, y) => (x < 0.3 && y < 0.3 ? [255, 255, 255] : y < 0.5 ? [200, 30 + 90 * x, 30] : [30, 60, 200 - 90 * x]));
const mapped = (/** @type {(rgb: number[], channel: number) => number} */ value) => ({
  ...scene, rgba: scene.rgba.map((own, at) => (at % 4 === 3 ? own : value([...scene.rgba.subarray(at - (at % 4), at - (at % 4) + 3)], at % 4))),
});
const linear = mapped((rgb, channel) => 255 * (Number(rgb[channel]) / 255) ** 2.2);
const swapped = mapped((rgb, channel) => Number(rgb[(channel + 1) % 3])); // red has what green should have
const uint32s = (/** @type {number[]} */ ...values) => Buffer.concat(values.map((value) => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(Math.round(value)); return bytes; }));
const gamma = (/** @type {number} */ value) => /** @type {[string, Buffer]} */ (["gAMA", uint32s(value * 1e5)]);
const icc = (/** @type {Uint8Array} */ content) => /** @type {[string, Buffer]} */ (["iCCP", Buffer.concat([Buffer.from("icc\0\0"), deflateSync(content)])]);
const primaries = /** @type {[string, Buffer]} */ (["cHRM", uint32s(...[0.3127, 0.329, 0.3, 0.6, 0.15, 0.06, 0.64, 0.33].map((value) => value * 1e5))]);
const lying = turnedClockwise(turnedClockwise(turnedClockwise(scene)));
const clearBelow = { ...scene, rgba: scene.rgba.map((value, at) => (at % 4 === 3 && at > scene.rgba.length / 2 ? 0 : value)) };
const largeScreen = fixture("paletted.gif");
largeScreen.set([120, 0, 90, 0], 6);
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" fill="#da8"/><rect x="25" y="5" width="9" height="30" fill="#16c"/></svg>`;

/** Pictures that browsers, the module or both read in ways of their own. `is`: what every browser makes of it, where they agree. @type {[name: string, bytes: Uint8Array | string, is?: import("./pictures.js").Picture][]} */
const SHOWN = [
  ["plain.png", png(scene), scene],
  ["linear.png", png(linear, [gamma(1)]), scene],
  ["linear-beside-srgb.png", png(scene, [["sRGB", Buffer.from([0])], gamma(1)])],
  ["primaries.png", png(swapped, [gamma(1 / 2.2), primaries]), scene],
  ["primaries-alone.png", png(swapped, [primaries])],
  ["profile-linear.png", png(linear, [icc(profile(1))]), scene],
  ["profile-swapped.png", png(swapped, [icc(profile(2.2, [1, 2, 0]))]), scene],
  ["profile-damaged.png", png(linear, [icc(profile(1).subarray(0, 150)), gamma(1)])],
  ["profile.jpg", jpegWithProfile(fixture("upright.jpg"), profile(1))],
  ["planes.jpg", fixture("planes.jpg")],
  ["progressive-without-end.jpg", fixture("progressive.jpg").subarray(0, -2)],
  ["cut.jpg", fixture("upright.jpg").subarray(0, -120)],
  ["hidden.png", hidingPng(scene, paint(256, 256, () => [0, 0, 0])), scene],
  ["sideways.png", png(lying, [["eXIf", exif(6)]]), scene],
  ["sideways.webp", webpWithOrientation(fixture("lossy.webp"), 6, { width: 90, height: 60 })],
  ["mask.bmp", bmp(clearBelow, { mask: 0xff000000 })],
  ["no-mask.bmp", bmp(clearBelow), scene],
  ["profile.bmp", bmp(linear, { icc: profile(1) })],
  ["gamma.bmp", bmp(linear, { gamma: 1 })],
  ["large-screen.gif", largeScreen],
  ["viewbox.svg", svg],
];

const firefox = await launch({ browser: "firefox" });
after(() => firefox.close());
for (const [name, visited] of /** @type {const} */ ([["Chromium", undefined], ["Firefox", firefox]])) {
  pageTest(`${name} shows of each picture what the model sees, whoever decodes it; of a WebP that is cut neither shows anything`, { browser: visited, timeout: 240_000, expectedErrors: [/^uncaught: Error: Image corrupt or truncated/] }, async (signet) => {
    await signet.click("mode-upload");
    /** @type {Map<import("./pictures.js").Picture, number[]>} */
    const expected = new Map();
    for (const [name, bytes, is] of SHOWN) {
      await signet.upload(write(name, bytes));
      // There is no hand to be found, and a search may end elsewhere where tones differ by little.
      await signet.prediction(() => signet.click("find-hand"));
      const shown = await shownPicture(signet);
      const seen = await signet.modelView();
      if (is && !expected.has(is)) expected.set(is, seen);
      for (const [what, other] of /** @type {const} */ ([["is shown", shown], ["it is", (is && expected.get(is)) ?? seen]])) {
        assert.ok(meanDifference(seen, other) < 6, `${name}: what is seen and what ${what} differ by ${meanDifference(seen, other)}`);
      }
    }
    // The person's own crop of a vector picture that has no size of its own.
    await signet.page.focus(signet.selector("hand-square"));
    for (const key of /** @type {const} */ (["-", "-", "-", "ArrowRight", "ArrowRight"])) await signet.prediction(() => signet.page.keyboard.press(key));
    assert.ok(meanDifference(await signet.modelView(), await shownPicture(signet)) < 6);
    for (const whole of [fixture("lossy.webp"), fixture("lossless.webp")]) {
      await signet.choose(write("cut.webp", whole.subarray(0, 0.9 * whole.length)));
      assert.match((await signet.failure(/^picture-cut$/)).text, /cut short.*Copy or download it again/);
      await signet.upload(file);
    }
  });
}

pageTest("the same picture dropped on the page, or pasted with Ctrl+V, gives the same answer", { skip: onlyChromium(DEVTOOLS) }, async (signet) => {
  await signet.click("mode-upload");
  const uploaded = await signet.upload(file);
  const dropped = await signet.prediction(() => signet.drop([file], 640, 400));
  assert.deepEqual(dropped.bars, uploaded.bars);
  const pasted = await signet.prediction(() => signet.paste(file));
  assert.equal(pasted.label, uploaded.label);
  assert.ok(Math.abs(pasted.probability - uploaded.probability) < 1e-4);
});

pageTest("a drawing is classified while it is drawn, undrawn by clear, and can be drawn again", {}, async (signet) => {
  await signet.click("mode-draw");
  const pixels = () => signet.page.$eval(signet.selector("draw-canvas"), (element) => {
    const canvas = /** @type {HTMLCanvasElement} */ (element);
    const { data } = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
  assert.equal(await pixels(), 1, "the canvas starts empty");
  const drawn = await signet.prediction(() => signet.stroke([[0.5, 0.9], [0.5, 0.2], [0.6, 0.5], [0.7, 0.2]]));
  assert.ok(MANIFEST.labels.includes(drawn.label) || drawn.label === "none");
  assert.ok((await pixels()) > 1, "the stroke is on the canvas");
  // The first answers are to the stroke's beginning; one of them is to the whole of it.
  await signet.until("the model saw the whole stroke", async () => {
    const view = await signet.modelView();
    const isDark = (/** @type {number[]} */ [x = 0, y = 0]) => Math.min(...view.slice((y * 64 + x) * 4, (y * 64 + x) * 4 + 3)) < 195;
    return [[32, 56], [32, 13], [44, 13]].every(isDark);
  });
  await signet.click("draw-clear");
  await signet.until("an empty canvas", async () => (await pixels()) === 1);
  await signet.prediction(() => signet.stroke([[0.5, 0.5]]));
  assert.ok((await pixels()) > 1, "a touch leaves a dot");
  await signet.click("draw-clear");
  await signet.prediction(() => signet.stroke([[0.2, 0.2], [0.8, 0.8]]));

  // Undo in mid-stroke, as Ctrl+Z or a second finger does: that stroke is gone, and the rest of it adds nothing to the one before.
  const ink = () => signet.page.$eval(signet.selector("draw-canvas"), (canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL());
  const before = await ink();
  const pad = await (await signet.page.$(signet.selector("draw-canvas")))?.boundingBox();
  assert.ok(pad);
  const { mouse } = signet.page;
  await mouse.move(pad.x + 0.2 * pad.width, pad.y + 0.8 * pad.height);
  await mouse.down();
  await mouse.move(pad.x + 0.4 * pad.width, pad.y + 0.8 * pad.height);
  assert.notEqual(await ink(), before);
  await signet.page.$eval("#draw-undo", (undo) => /** @type {HTMLElement} */ (undo).click());
  await mouse.move(pad.x + 0.8 * pad.width, pad.y + 0.8 * pad.height, { steps: 3 });
  await mouse.up();
  assert.equal(await ink(), before);
});

const NOTES = "Milk, bread and a lemon.\n";
const upright = readFileSync(`${ROOT}/tests/fixtures/pictures/upright.jpg`);
const TOO_LARGE = /^picture-too-large$/;
/** Files that are no pictures, and pictures of more pixels than any has. @type {[fileName: string, content: () => Buffer | string, code: RegExp][]} */
const BAD_PICTURES = [
  ["notes.jpg", () => NOTES, /^picture-/],
  ["empty.png", () => "", /^(picture-|file-)/],
  ["half.png", () => png(threeFingers).subarray(0, png(threeFingers).length >> 1), /^picture-/],
  ["bomb.png", () => blackPng(50_000, 50_000), TOO_LARGE],
  ["panorama.jpg", () => claiming(upright, 12_000, 9000), TOO_LARGE],
];

/** Notes the milliseconds from each choice of a file to its refusal, by the page's own clock. @param {Signet} signet */
async function timeRefusals(signet) {
  const times = await signet.page.evaluateHandle((input, error) => {
    /** @type {number[]} */
    const noted = [];
    let chosenAt = NaN;
    document.querySelector(input)?.addEventListener("change", () => { chosenAt = performance.now(); }, { capture: true });
    const alert = /** @type {HTMLElement} */ (document.querySelector(error));
    new MutationObserver(() => {
      if (alert.hidden || Number.isNaN(chosenAt)) return;
      noted.push(performance.now() - chosenAt);
      chosenAt = NaN;
    }).observe(alert, { attributes: true });
    return noted;
  }, signet.selector("upload-input"), signet.selector("error"));
  return () => times.jsonValue();
}

pageTest("files that are no pictures are told, those of too many pixels within two seconds, and a good one still works", {}, async (signet) => {
  await signet.click("mode-upload");
  const times = await timeRefusals(signet);
  for (const [name, content, code] of BAD_PICTURES) {
    await signet.choose(write(name, content()));
    const error = await signet.failure(code);
    assert.match(error.text, error.code === "picture-too-large" ? /too large: 100 megapixels/ : /.{21}/, name);
    await signet.upload(file);
    assert.equal(await signet.error(), undefined, `${name}: a good picture takes the error away`);
    assert.equal((await signet.status()).state, "ready");
  }
  const took = await times();
  assert.equal(took.length, BAD_PICTURES.length);
  assert.ok(took.every((ms, index) => BAD_PICTURES[index]?.[2] !== TOO_LARGE || ms < 2000), `it took ${took} ms`);

  await signet.choose(write("notes.jpg", NOTES));
  await signet.failure(/^picture-/);
  await signet.click("mode-draw");
  assert.equal(await signet.error(), undefined, "another way in takes the error away");
});

/** A PNG of whose pixels the checksum is wrong. */
function withWrongChecksum() {
  const bytes = png(threeFingers);
  const at = bytes.length - 12 - 4; // that of the pixels, before the end
  bytes[at] = Number(bytes[at]) ^ 1;
  return bytes;
}

pageTest("files that are damaged or cut, and that every browser shows, are answered as they are shown; of which most is missing, are refused", {}, async (signet) => {
  await signet.click("mode-upload");
  const jpeg = await encoded(signet, threeFingers, "image/jpeg");
  const cut = (/** @type {Buffer} */ whole, /** @type {number} */ share) => whole.subarray(0, Math.floor(share * whole.length));
  /** @type {[name: string, whole: Buffer, damaged: Buffer, difference: number][]} */
  const shown = [
    ["without-end.png", png(threeFingers), png(threeFingers).subarray(0, -12), 0],
    ["checksum.png", png(threeFingers), withWrongChecksum(), 0],
    ["cut.png", png(threeFingers), cut(png(threeFingers), 0.9), 12],
    ["cut.gif", fixture("paletted.gif"), cut(fixture("paletted.gif"), 0.9), 25],
    ["cut.jpg", jpeg, cut(jpeg, 0.9), 25],
  ];
  for (const [name, whole, damaged, most] of shown) {
    await signet.upload(write(`whole-${name}`, whole));
    const expected = await signet.modelView();
    await signet.upload(write(name, damaged));
    const difference = meanDifference(await signet.modelView(), expected);
    assert.ok(difference <= most, `${name} differs by ${difference}`);
    if (name === "cut.png") assert.match(await signet.text("toast"), /cut short: only its upper (89|90)% could be read/);
    assert.equal(await signet.error(), undefined);
  }
  await signet.choose(write("little.png", cut(png(threeFingers), 0.4)));
  await signet.failure(/^picture-cut$/);
});

teachTest("of twenty files the one at which the decoder panics is named as damaged, a HEIC photo as one, and the others arrive", {}, async (tab) => {
  const good = Array.from({ length: 19 }, (_, index) => write(`good-${index}.png`, png(hand(5, 100 + index, 100))));
  const bad = write("panics.jpg", twoComponentJpeg());
  await tab.give(tab.within("5", "class-upload-input"), [...good.slice(0, 3), bad, ...good.slice(3)]);
  await tab.counts("5", 19);
  const { text } = await tab.failure(/^picture-(broken|format)$/);
  assert.match(text, /^19 images added, 1 not: panics\.jpg\./);
  await tab.give(tab.within("5", "class-upload-input"), [write("photo.heic", "\0\0\0\x18ftypheic\0\0\0\0mif1heic")]);
  assert.match((await tab.failure(/^picture-heic$/)).text, /HEIC.*JPEG/);
  await tab.classify(file);
  assert.equal(await tab.error(), undefined);
});

/** The page in a browser that makes noise of what is read from a canvas. @param {"low bits" | "random"} noise */
const noisy = (noise) => (/** @type {import("puppeteer-core").Page} */ page) => page.evaluateOnNewDocument((noise) => {
  for (const context of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
    const read = context.prototype.getImageData;
    context.prototype.getImageData = /** @param {[number, number, number, number]} given */ function (...given) {
      const pixels = read.apply(this, given);
      if (Reflect.get(globalThis, "isAllowed")) return pixels;
      pixels.data.forEach((value, index) => {
        pixels.data[index] = noise === "random" ? (index * 7919) % 256 : value ^ (index % 4 === 3 ? 0 : index & 1);
      });
      return pixels;
    };
  }
}, noise);

for (const noise of /** @type {const} */ (["low bits", "random"])) {
  pageTest(`a browser that makes noise of canvases, ${noise}: the same answer, or a sentence until it is allowed`, { before: noisy(noise) }, async (signet) => {
    await signet.click("mode-upload");
    await signet.upload(file);
    await signet.click("mode-draw");
    const draw = () => signet.stroke([[0.5, 0.9], [0.5, 0.2], [0.6, 0.5], [0.7, 0.2]]);
    const allow = () => signet.page.evaluate(() => void Reflect.set(globalThis, "isAllowed", true));
    if (noise === "random") {
      await draw();
      assert.match((await signet.failure(/^canvas-random$/)).text, /fingerprinting.*Allow/);
      await allow();
      await signet.click("draw-clear");
      await signet.prediction(draw);
      return;
    }
    const { label } = await signet.prediction(draw);
    await allow();
    await signet.click("draw-clear");
    assert.equal((await signet.prediction(draw)).label, label);
  });
}
