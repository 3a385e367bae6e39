// axe-core on the page in its states, light and dark, each reached as a person reaches it. Several states share a visit.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible } from "./axe.js";
import { DEVTOOLS, onlyChromium, testWorld, visit } from "./browser.js";
import { temporaryFolder } from "./files.js";
import { placed, squareThat } from "./find.js";
import { hand, paint, png, y4m } from "./pictures.js";
import { MODEL_PATH } from "./server.js";
import { Signet } from "./signet.js";
import { standIn } from "./stand-ins.js";
import { TeachTab, hands } from "./teach.js";

const CPU = { query: "?backend=cpu" };
const write = temporaryFolder();
/** @param {number} fingers @param {number} count */
const files = (fingers, count) => hands(fingers, count).map((picture, index) => write(`${fingers}-${index}.png`, png(picture)));
const three = write("three.png", png(placed(hand(3, 240, 240), 240, 60, { width: 640, height: 360 })));
const blank = write("blank.png", png(paint(320, 240, () => [226, 222, 214])));
const noPicture = write("no-picture.png", Buffer.from("this is no picture"));
const noModel = write("no-model.safetensors", Buffer.from("this is no model"));
const film = write("hand.y4m", y4m(Array(10).fill(hand(2, 320, 240)), 10));

const { browser, server } = await testWorld({ camera: film });

/** @param {TeachTab} tab */
async function addTwoClasses(tab) {
  await tab.upload("0", files(0, 4));
  await tab.upload("5", files(5, 4));
}

test("the first tab has no violation: while it loads, in each way in, with an answer and without, in errors and help", { skip: onlyChromium(DEVTOOLS) }, async () => {
  standIn(server, "cpu", "finding");
  const model = server.hold(MODEL_PATH);
  await visit(browser, server, { ...CPU, opened: "domcontentloaded" }, async (signet) => {
    const { page } = signet;
    const look = (/** @type {string} */ state) => assertAccessible(signet, state);
    await signet.until("the request for the model", async () => model.isAsked() || undefined);
    assert.equal((await signet.status()).state, "loading");
    await look("loading");
    model.letIn();
    await signet.ready();
    await look("ready to upload");

    await signet.upload(three);
    await squareThat(signet, "found");
    await look("an answer, with the square that was found");
    await page.focus(signet.selector("hand-square"));
    await signet.prediction(() => page.keyboard.press("ArrowLeft"));
    await look("a square of the person's own");
    await signet.upload(blank);
    await squareThat(signet, "missing");
    assert.equal((await signet.shown()).label, "none");
    await look("no sign");

    await signet.choose(noPicture);
    await signet.failure(/^picture-/);
    await look("an error");
    await page.click(".error summary");
    await look("an error's details");

    await signet.click("mode-draw");
    await look("ready to draw");
    await signet.prediction(() => signet.stroke([[0.3, 0.3], [0.7, 0.7]]));
    await look("a drawing");

    await signet.click("mode-webcam");
    await look("ready for the webcam");
    await signet.prediction(() => signet.click("webcam-toggle"));
    await look("the webcam");
    await page.click("#webcam-capture");
    await look("a held frame of the webcam");
    await signet.click("webcam-toggle");
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("injected", "NotAllowedError"));
    });
    await signet.click("webcam-toggle");
    await signet.failure(/^camera-denied$/);
    await look("a webcam that is denied");

    await signet.click("help-open");
    await look("the help");
  });
});

test("the first steps and the help page have no violation", { skip: onlyChromium(DEVTOOLS) }, async () => {
  await visit(browser, server, { ...CPU, guide: true }, async (signet) => {
    await signet.ready();
    for (const step of [1, 2, 3]) {
      await signet.until(`step ${step}`, async () => ((await signet.page.$(`[data-testid=guide][data-step="${step}"]`)) ? true : undefined));
      await assertAccessible(signet, `step ${step} of the guide`);
      await signet.click("guide-next");
    }
    await signet.page.goto(`${server.origin}/help.html`);
    await assertAccessible(signet, "the help page");
  });
});

test("a start that fails has no violation", { skip: onlyChromium(DEVTOOLS) }, async () => {
  server.replace(MODEL_PATH, (_, response) => void response.writeHead(404).end());
  await visit(browser, server, { ...CPU, expectedErrors: [/404/] }, async (signet) => {
    await signet.failure(/^model-missing$/);
    await assertAccessible(signet, "a failed start");
  });
});

test("teaching has no violation: classes and images, the camera and the pad in a card, menus, dialogs, what can be undone", { skip: onlyChromium(DEVTOOLS) }, async () => {
  await visit(browser, server, CPU, async (signet) => {
    const { page } = signet;
    const look = (/** @type {string} */ state) => assertAccessible(signet, state);
    const tab = await TeachTab.open(signet);
    await look("no images");
    await addTwoClasses(tab);
    await tab.upload("3", files(3, 26));
    await look("images, more than one line of them");
    await tab.press("3", "show-all");
    await look("all images of a class");
    await tab.press("0", "class-menu");
    await look("a class's menu");
    await tab.press("0", "class-enable");
    await look("a class that is switched off");
    await tab.choose("5", "class-delete");
    await look("the question before a class goes");
    await signet.click("confirm-no");
    await tab.press("5", "class-draw");
    await look("the drawing pad in a card");
    await tab.press("5", "class-webcam");
    await signet.until("the camera", async () => ((await page.$("[data-testid=recorder][data-state=live]")) ? true : undefined));
    await look("the camera in a card");
    await page.focus(tab.within("5", "record"));
    await page.keyboard.down("Space");
    await signet.until("an image", async () => ((await tab.count("5")) > 4 ? true : undefined));
    await look("recording");
    await page.keyboard.up("Space");
    await tab.press("5", "recorder-close");
    await tab.press("0", "sample");
    await look("an image that is opened");
    await signet.click("delete-sample");
    await signet.until("the way back", async () => ((await tab.visible("undo")) ? true : undefined));
    await look("a deletion that can be undone");
    await tab.rename("0", "5");
    await signet.failure(/^label-taken$/);
    await look("a name that is refused");
    await tab.importModel(noModel);
    await signet.failure(/^weights-/);
    await look("a file that is no model");
  });
});

test("a training has no violation: under way, interrupted, done, its numbers, its matrix and the taught model", { skip: onlyChromium(DEVTOOLS) }, async () => {
  standIn(server, "cpu_learn", "slowInTraining");
  await visit(browser, server, CPU, async (signet) => {
    const { page } = signet;
    page.on("dialog", (dialog) => void dialog.accept()); // a training is left
    const look = (/** @type {string} */ state) => assertAccessible(signet, state);
    const tab = await TeachTab.open(signet);
    await addTwoClasses(tab);
    await tab.set({ epochs: 1000 });
    await tab.start();
    await tab.inEpoch(2);
    await look("a training under way");
    await tab.kept(8, ["project", "training"]);
    server.restore();
    await page.reload();
    const again = await TeachTab.open(signet);
    await signet.until("the offer to resume", async () => ((await again.visible("interrupted")) ? true : undefined));
    await look("a training that was interrupted");
    await signet.click("discard");
    await again.train({ epochs: 12, "validation-share": 0.4 });
    await again.score();
    await page.click("#hood summary");
    await look("a training that is done, its matrix and each epoch's numbers");
    await signet.click("cell");
    await look("the images of a cell of the matrix");
    await page.keyboard.press("Escape");
    await again.set({ epochs: 13 });
    await signet.until("the word about it", async () => ((await again.visible("out-of-date")) ? true : undefined));
    await again.classify(three);
    await look("an answer of a taught model that is out of date");
    await signet.click("tab-classify");
    await look("the taught model in the first tab");
  });
});

test("what the page says about storage has no violation: another tab, a full disk", { skip: onlyChromium(DEVTOOLS) }, async () => {
  const full = {
    ...CPU,
    /** @param {import("puppeteer-core").Page} page */
    before: (page) => page.evaluateOnNewDocument(() => {
      IDBObjectStore.prototype.put = () => { throw new DOMException("injected", "QuotaExceededError"); };
    }),
  };
  await visit(browser, server, CPU, async (signet) => {
    const tab = await TeachTab.open(signet);
    await tab.upload("0", files(0, 4));
    await tab.kept(4);
    const page = await signet.page.browserContext().newPage();
    page.on("dialog", (dialog) => void dialog.accept());
    await page.goto(`${server.origin}/?backend=cpu`);
    const second = await TeachTab.open(new Signet(page));
    await signet.until("the word about the other tab", async () => ((await second.visible("store-notice")) ? true : undefined));
    await assertAccessible(second.signet, "a project that is open in another tab");
    await page.close({ runBeforeUnload: false });
  });
  await visit(browser, server, full, async (signet) => {
    const tab = await TeachTab.open(signet);
    await tab.upload("0", files(0, 4));
    await signet.until("the word about the disk", async () => ((await tab.visible("store-notice")) ? true : undefined));
    await assertAccessible(signet, "a full disk");
  });
});
