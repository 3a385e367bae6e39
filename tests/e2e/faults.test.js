// What goes wrong has its own words, and leaves the rest of the page usable.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { screenshot, testWorld, visit } from "./browser.js";
import { temporaryFolder } from "./files.js";
import { blackPng, claiming, hand, png } from "./pictures.js";
import { CPU_SCRIPTS, MODEL_PATH, ROOT, WWW } from "./server.js";
import { standIn } from "./stand-ins.js";

/** @typedef {import("./signet.js").Signet} Signet */

const write = temporaryFolder();
const file = write("one.png", png(hand(1, 200, 260)));

const { browser, server } = await testWorld();

/** Nothing half-loaded stays: once the file is right again, a reload is all it takes. @param {Signet} signet */
async function recovers(signet) {
  server.restore();
  await signet.page.reload();
  await signet.ready();
  await signet.click("mode-upload");
  await signet.upload(file);
}

/**
 * @param {Buffer} body
 * @returns {import("./server.js").Handler}
 */
const answer = (body) => (_, response) => {
  response.writeHead(200, { "Content-Type": "application/octet-stream", "Content-Length": body.length }).end(body);
};

/** @type {[name: string, code: RegExp, handler: () => import("./server.js").Handler][]} */
const DAMAGED_MODELS = [
  ["a model with one wrong byte is refused by its hash", /^weights-hash$/, () => {
    const bytes = readFileSync(WWW + MODEL_PATH);
    const middle = bytes.length >> 1;
    bytes[middle] = Number(bytes[middle]) ^ 1;
    return answer(bytes);
  }],
  ["a model that is cut short is refused", /^(model-truncated|weights-hash)$/, () =>
    answer(readFileSync(WWW + MODEL_PATH).subarray(0, 100_000))],
  ["a connection that breaks in the model's download is told", /^(model-network|model-truncated)$/, () =>
    (_, response) => {
      const bytes = readFileSync(WWW + MODEL_PATH);
      response.writeHead(200, { "Content-Length": bytes.length });
      response.write(bytes.subarray(0, 1_000_000), () => setTimeout(() => response.destroy(), 100));
    }],
  ["a model that is not on the server is told", /^model-missing$/, () => (_, response) => response.writeHead(404).end()],
  ["a page in place of the model is refused", /^(model|weights)-/, () => (_, response) =>
    response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>Welcome</title><h1>Log in</h1>")],
];

for (const [name, code, handler] of DAMAGED_MODELS) {
  test(name, async () => {
    server.replace(MODEL_PATH, handler());
    const options = { query: "?backend=cpu", expectedErrors: [/404/, /ERR_(CONTENT_LENGTH|CONNECTION|EMPTY|INCOMPLETE)/] };
    await visit(browser, server, options, async (signet) => {
      const error = await signet.failure(code, 60_000); // after a few tries
      assert.ok(error.text.length > 20, `a sentence: "${error.text}"`);
      assert.equal((await signet.status()).state, "error");
      await screenshot(signet.page, `fault-${error.code}`);
      await recovers(signet);
    });
  });
}

test("a manifest that is no manifest is told", async () => {
  server.replace("/models/manifest.json", (_, response) =>
    response.writeHead(200, { "Content-Type": "application/json" }).end('{"file": 3}'));
  await visit(browser, server, { query: "?backend=cpu" }, async (signet) => {
    await signet.failure(/^model-manifest$/);
    await recovers(signet);
  });
});

test("a module that is not on the server is told", async () => {
  server.replace(CPU_SCRIPTS, (_, response) => response.writeHead(404).end());
  await visit(browser, server, { query: "?backend=cpu", expectedErrors: [/404/] }, async (signet) => {
    await signet.failure(/^module-missing$/);
    await recovers(signet);
  });
});

test("a module that traps is replaced, and the page goes on", async () => {
  standIn(server, "cpu", "trappingAtFiles", 1);
  await visit(browser, server, { query: "?backend=cpu" }, async (signet) => {
    await signet.ready();
    await signet.click("mode-upload");
    // The new worker answers the open request, or it fails with a typed error: both are allowed, silence is not.
    await signet.choose(file);
    await signet.until("an answer or an error", async () => {
      const answered = (await signet.shown()).sequence > 0;
      const error = await signet.error();
      if (error) assert.equal(error.code, "worker-crashed");
      return answered || error ? true : undefined;
    });
    await signet.upload(file);
    assert.equal(await signet.error(), undefined);
  });
});

/** @type {[name: string, fileName: string, content: () => Buffer | string, code: RegExp][]} */
const BAD_PICTURES = [
  ["a text file named .jpg", "notes.jpg", () => "Milk, bread and a lemon.\n", /^picture-/],
  ["an empty file", "empty.png", () => "", /^(picture-|file-)/],
  ["a PNG that ends in its middle", "half.png", () => {
    const whole = png(hand(3, 400, 400));
    return whole.subarray(0, whole.length >> 1);
  }, /^picture-/],
];

test("files that are no pictures are told, and a good one still works", async () => {
  await visit(browser, server, { query: "?backend=cpu" }, async (signet) => {
    await signet.ready();
    await signet.click("mode-upload");
    for (const [name, fileName, content, code] of BAD_PICTURES) {
      await signet.choose(write(fileName, content()));
      const error = await signet.failure(code);
      assert.ok(error.text.length > 20, `${name}: "${error.text}"`);
      await screenshot(signet.page, `fault-${fileName.split(".")[0]}`);
      await signet.upload(file);
      assert.equal(await signet.error(), undefined, `${name}: a good picture takes the error away`);
      assert.equal((await signet.status()).state, "ready");
    }
    await signet.choose(write("notes.jpg", "Milk, bread and a lemon.\n"));
    await signet.failure(/^picture-/);
    await signet.click("mode-draw");
    assert.equal(await signet.error(), undefined, "another way in takes the error away");
  });
});

/** @type {[name: string, content: () => Buffer][]} */
const BOMBS = [
  ["bomb.png", () => blackPng(50_000, 50_000)],
  ["panorama.jpg", () => claiming(readFileSync(`${ROOT}/tests/fixtures/pictures/upright.jpg`), 12_000, 9000)],
];

/** The milliseconds from each choice of a file to the error, by the page's own clock. @param {Signet} signet */
async function timeRefusals(signet) {
  const times = await signet.page.evaluateHandle((input, error) => {
    /** @type {number[]} */
    const noted = [];
    let chosenAt = 0;
    document.querySelector(input)?.addEventListener("change", () => { chosenAt = performance.now(); }, { capture: true });
    const alert = /** @type {HTMLElement} */ (document.querySelector(error));
    new MutationObserver(() => {
      if (!alert.hidden && chosenAt > 0) noted.push(performance.now() - chosenAt);
      if (!alert.hidden) chosenAt = 0;
    }).observe(alert, { attributes: true });
    return noted;
  }, signet.selector("upload-input"), signet.selector("error"));
  return () => times.jsonValue();
}

test("pictures of more pixels than any has are refused in words within two seconds, and the page goes on", async () => {
  await visit(browser, server, { query: "?backend=cpu" }, async (signet) => {
    await signet.ready();
    await signet.click("mode-upload");
    const times = await timeRefusals(signet);
    for (const [name, content] of BOMBS) {
      await signet.choose(write(name, content()));
      const { text } = await signet.failure(/^picture-too-large$/);
      assert.match(text, /too large: 100 megapixels/);
      await signet.upload(file);
      assert.equal(await signet.error(), undefined, `${name}: a good picture takes the error away`);
    }
    const took = await times();
    assert.equal(took.length, BOMBS.length);
    assert.ok(took.every((ms) => ms < 2000), `it took ${took} ms`);
  });
});

/** @type {[name: string, failure: string, code: RegExp][]} */
const CAMERA_FAILURES = [
  ["denied", "NotAllowedError", /^camera-denied$/],
  ["not there", "NotFoundError", /^camera-none$/],
  ["in use", "NotReadableError", /^camera-busy$/],
];

/** @param {Signet} signet */
async function askForCamera(signet) {
  await signet.click("mode-webcam");
  const toggle = await signet.page.$(signet.selector("webcam-toggle"));
  if (!(await signet.error()) && toggle) {
    const usable = await toggle.evaluate((element) => !(/** @type {HTMLButtonElement} */ (element).disabled));
    if (usable) await toggle.click();
  }
}

/** @param {Signet} signet */
async function uploadAndDrawWork(signet) {
  await signet.click("mode-upload");
  await signet.upload(file);
  await signet.click("mode-draw");
  await signet.prediction(() => signet.stroke([[0.3, 0.3], [0.7, 0.7]]));
}

/** @type {Set<string>} */
const cameraSentences = new Set();

for (const [name, failure, code] of CAMERA_FAILURES) {
  test(`a camera that is ${name} has its own words, and Upload and Draw go on`, async () => {
    const options = {
      query: "?backend=cpu",
      /** @param {import("puppeteer-core").Page} page */
      before: (page) =>
        page.evaluateOnNewDocument((errorName) => {
          navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("injected", errorName));
        }, failure),
    };
    await visit(browser, server, options, async (signet) => {
      await signet.ready();
      await askForCamera(signet);
      const error = await signet.failure(code);
      assert.ok(!cameraSentences.has(error.text), "no two failures share their words");
      cameraSentences.add(error.text);
      await screenshot(signet.page, `fault-${error.code}`);
      await uploadAndDrawWork(signet);
    });
  });
}

test("a browser without cameras has its own words, and Upload and Draw go on", async () => {
  const options = {
    query: "?backend=cpu",
    /** @param {import("puppeteer-core").Page} page */
    before: (page) =>
      page.evaluateOnNewDocument(() => Object.defineProperty(navigator, "mediaDevices", { value: undefined })),
  };
  await visit(browser, server, options, async (signet) => {
    await signet.ready();
    await askForCamera(signet);
    const error = await signet.failure(/^camera-unsupported$/);
    assert.ok(!cameraSentences.has(error.text));
    await uploadAndDrawWork(signet);
  });
});

test("on a page that is not secure the camera has its own words, and Upload and Draw go on", async () => {
  await visit(browser, server, { query: "?backend=cpu", insecure: true }, async (signet) => {
    assert.equal(await signet.page.evaluate(() => isSecureContext), false);
    await signet.ready();
    await askForCamera(signet);
    const error = await signet.failure(/^camera-insecure$/);
    assert.ok(!cameraSentences.has(error.text));
    await uploadAndDrawWork(signet);
  });
});
