// Upload, drop, paste and draw; and pictures that need care.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { DEVTOOLS, onlyChromium, screenshot, testWorld, visit } from "./browser.js";
import { temporaryFolder } from "./files.js";
import { hand, paint, png, turnedClockwise, withOrientation } from "./pictures.js";
import { MANIFEST } from "./server.js";
import { meanDifference } from "./signet.js";
import { standIn } from "./stand-ins.js";

/** @typedef {import("./signet.js").Signet} Signet */

const write = temporaryFolder();
const threeFingers = hand(3, 320, 240);
const file = write("three.png", png(threeFingers));

const { browser, server } = await testWorld();

const CPU = { query: "?backend=cpu" };

/**
 * The picture in a format that the browser encodes.
 * @param {Signet} signet
 * @param {import("./pictures.js").Picture} picture
 * @param {string} type
 */
async function encoded(signet, picture, type) {
  const address = await signet.page.evaluate(
    async (source, wanted) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = document.createElement("canvas");
      canvas.width = image.width;
      canvas.height = image.height;
      canvas.getContext("2d")?.drawImage(image, 0, 0);
      return canvas.toDataURL(wanted, 0.95);
    },
    `data:image/png;base64,${png(picture).toString("base64")}`,
    type,
  );
  assert.ok(address.startsWith(`data:${type};`), `Chromium encodes ${type}`);
  return Buffer.from(address.slice(address.indexOf(",") + 1), "base64");
}

test("an uploaded picture is classified, with a bar for each class and the picture that the model saw", async () => {
  await visit(browser, server, CPU, async (signet) => {
    await signet.ready();
    await signet.click("mode-upload");
    const shown = await signet.upload(file);
    assert.deepEqual(Object.keys(shown.bars), MANIFEST.labels);
    const best = Math.max(...Object.values(shown.bars));
    assert.ok(Math.abs(shown.probability - best) < 1e-6, "the top label is the longest bar");
    assert.equal(shown.bars[shown.label], best);
    // The background of the painted hand, in the corner of the model's square.
    const view = await signet.modelView();
    assert.ok(meanDifference(view.slice(0, 4), [226, 222, 214, 255]) < 3, `the corner is ${view.slice(0, 4)}`);
    await screenshot(signet.page, "upload");
  });
});

test("the same picture dropped on the page gives the same answer", { skip: onlyChromium(DEVTOOLS) }, async () => {
  await visit(browser, server, CPU, async (signet) => {
    await signet.ready();
    await signet.click("mode-upload");
    const uploaded = await signet.upload(file);
    const devtools = await signet.page.createCDPSession();
    const dropped = await signet.prediction(async () => {
      const data = { items: [], files: [file], dragOperationsMask: 1 };
      for (const type of /** @type {const} */ (["dragEnter", "dragOver", "drop"])) {
        await devtools.send("Input.dispatchDragEvent", { type, x: 640, y: 400, data });
      }
    });
    assert.deepEqual(dropped.bars, uploaded.bars);
  });
});

test("the same picture pasted with Ctrl+V gives the same answer", { skip: onlyChromium("pictures in the clipboard without a screen") }, async () => {
  await visit(browser, server, CPU, async (signet) => {
    await signet.page.browserContext().overridePermissions(server.origin, ["clipboard-read", "clipboard-sanitized-write"]);
    await signet.ready();
    await signet.click("mode-upload");
    const uploaded = await signet.upload(file);
    await signet.page.bringToFront();
    await signet.page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      await navigator.clipboard.write([new ClipboardItem({ "image/png": new Blob([bytes], { type: "image/png" }) })]);
    }, readFileSync(file).toString("base64"));
    const pasted = await signet.prediction(async () => {
      await signet.page.keyboard.down("Control");
      await signet.page.keyboard.press("KeyV", { commands: ["Paste"] });
      await signet.page.keyboard.up("Control");
    });
    assert.equal(pasted.label, uploaded.label);
    assert.ok(Math.abs(pasted.probability - uploaded.probability) < 1e-4);
  });
});

test("a drawing is classified while it is drawn, undrawn by clear, and can be drawn again", async () => {
  await visit(browser, server, CPU, async (signet) => {
    await signet.ready();
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
      return [[32, 56], [32, 13], [44, 13]].every(isDark) ? true : undefined;
    });
    await screenshot(signet.page, "draw");
    await signet.click("draw-clear");
    await signet.until("an empty canvas", async () => ((await pixels()) === 1 ? true : undefined));
    await signet.prediction(() => signet.stroke([[0.5, 0.5]]));
    assert.ok((await pixels()) > 1, "a touch leaves a dot");
    await signet.click("draw-clear");
    await signet.prediction(() => signet.stroke([[0.2, 0.2], [0.8, 0.8]]));
  });
});

test("an answer's memory in the module is given back before the next picture", async () => {
  standIn(server, "cpu", "thrifty");
  await visit(browser, server, CPU, async (signet) => {
    await signet.ready();
    await signet.click("mode-upload");
    await signet.upload(file);
    await signet.upload(file);
    await signet.click("mode-draw");
    await signet.prediction(() => signet.stroke([[0.2, 0.2], [0.8, 0.8]]));
    assert.equal(await signet.error(), undefined);
  });
});

test("JPEG and WebP are read as the same picture as PNG", async () => {
  await visit(browser, server, CPU, async (signet) => {
    await signet.ready();
    await signet.click("mode-upload");
    await signet.upload(file);
    const fromPng = await signet.modelView();
    for (const type of ["jpeg", "webp"]) {
      await signet.upload(write(`three.${type}`, await encoded(signet, threeFingers, `image/${type}`)));
      const difference = meanDifference(await signet.modelView(), fromPng);
      assert.ok(difference < 4, `${type} differs by ${difference} steps of 255`);
    }
  });
});

test("a photo that was stored sideways is turned as its EXIF orientation says", async () => {
  await visit(browser, server, CPU, async (signet) => {
    await signet.ready();
    await signet.click("mode-upload");
    // Not symmetric in any direction: red above, blue below, a white corner.
    const upright = paint(256, 256, (x, y) => (x < 0.3 && y < 0.3 ? [255, 255, 255] : y < 0.5 ? [200, 30, 30] : [30, 30, 200]));
    // Turned three times, so that one more quarter clockwise (orientation 6) brings it back.
    const sideways = turnedClockwise(turnedClockwise(turnedClockwise(upright)));
    const jpeg = await encoded(signet, sideways, "image/jpeg");
    await signet.upload(write("upright.png", png(upright)));
    const expected = await signet.modelView();
    await signet.upload(write("sideways.jpg", withOrientation(jpeg, 6)));
    const turned = meanDifference(await signet.modelView(), expected);
    assert.ok(turned < 6, `with its orientation it differs by ${turned}`);
    await signet.upload(write("unmarked.jpg", withOrientation(jpeg, 1)));
    const unturned = meanDifference(await signet.modelView(), expected);
    assert.ok(unturned > 20, `without it must differ, and differs by ${unturned}`);
  });
});

test("a transparent picture is seen over white", async () => {
  await visit(browser, server, CPU, async (signet) => {
    await signet.ready();
    await signet.click("mode-upload");
    const clear = hand(2, 200, 200, { background: [0, 0, 0, 0] });
    const white = hand(2, 200, 200, { background: [255, 255, 255] });
    const overWhite = await signet.upload(write("white.png", png(white)));
    const transparent = await signet.upload(write("clear.png", png(clear)));
    assert.equal(transparent.label, overWhite.label);
    assert.ok(Math.abs(transparent.probability - overWhite.probability) < 1e-3);
  });
});
