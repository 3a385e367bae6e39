// The library in pages of others, without a bundler.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CAMERA_FILE, onlyChromium, testWorld } from "./browser.js";
import { NO_PHOTOS, photos, predictNatively, write } from "./files.js";
import { STRICT, UNCOUNTED, assertFlat, event, hosted } from "./library.js";
import { hand, png, y4m } from "./pictures.js";
import { MANIFEST } from "./server.js";

/** @typedef {import("puppeteer-core").Page} Page */

const skip = onlyChromium(CAMERA_FILE);
const frame = hand(4, 640, 480);
const four = write("four.png", png(hand(4, 220, 220)));
const world = await testWorld({ camera: write("hand.y4m", y4m([frame, frame], 30)) });
const { browser, server } = world;

const LIBRARY = '<img id="photo" src="four.png"><script type="module" src="host.js"></script>';
/** Scripts of the page's own, with pictures beside them. @param {string} script */
function givenScript(script) {
  server.replace("/host.js", (_, response) => void response.writeHead(200, { "Content-Type": "text/javascript" }).end(script));
  server.replace("/four.png", (_, response) => void response.writeHead(200, { "Content-Type": "image/png" }).end(readFileSync(four)));
}
const PICTURES = { policy: STRICT.replace("default-src 'none'", "default-src 'none'; img-src 'self' blob:") };

/** A test of a script of the page's own, which puts into `result` what it finds. @param {string} name @param {string} script @param {(result: any, page: Page, requests: string[]) => Promise<void> | void} body @param {object} [options] */
const scriptTest = (name, script, body, options = {}) => test(name, { skip }, async () => {
  givenScript(`import { Signet } from "./signet.js";\nglobalThis.result = (async () => {${script}})();\nglobalThis.result.catch(() => {});`);
  await hosted(world, LIBRARY, { ...PICTURES, ...options }, async (opened, requests) => {
    await opened.waitForFunction(() => "result" in globalThis);
    await body(await opened.evaluate(() => /** @type {any} */ (globalThis).result), opened, requests);
  });
});

scriptTest("whatever shows a picture is answered alike, and none of it is used up", `
  const signet = await Signet.load();
  const image = document.querySelector("#photo");
  const blob = await (await fetch("four.png")).blob();
  const bitmap = await createImageBitmap(blob);
  const canvas = Object.assign(document.createElement("canvas"), { width: 220, height: 220 });
  const context = canvas.getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const offscreen = new OffscreenCanvas(220, 220);
  offscreen.getContext("2d").drawImage(bitmap, 0, 0);
  const data = context.getImageData(0, 0, 220, 220);
  const answers = [];
  for (const source of [image, blob, bitmap, canvas, offscreen, data, data]) {
    const { label, probability, presence, width, height } = await signet.classify(source);
    answers.push([label, probability, presence, width, height]);
  }
  const found = await signet.classify(blob, { localize: true });
  const crop = await signet.classify(blob, { localize: { left: 10, top: 10, side: 200 } });
  const none = await signet.classify(blob, { threshold: 1 });
  return { answers, found: found.label, crop: crop.crop, none: [none.label, none.sign], data: data.data.length };
`, ({ answers, found, crop, none, data }) => {
  for (const answer of answers) assert.deepEqual(answer, answers[1]);
  assert.deepEqual(answers[0].toSpliced(1, 2), ["4", 220, 220]);
  assert.deepEqual([found, crop, none, data], ["4", { left: 10, top: 10, side: 200 }, ["none", "4"], 4 * 220 * 220]);
});

scriptTest("what can't be asked is refused with a code", `
  const signet = await Signet.load();
  const code = (work) => Promise.resolve().then(work).then(() => "answered", (thrown) => thrown.code ?? thrown.name);
  const broken = new Image();
  broken.src = "host.js";
  return {
    nothing: await code(() => signet.classify(null)), object: await code(() => signet.classify({})), text: await code(() => signet.classify(new Blob(["text"]))),
    canvas: await code(() => signet.classify(document.createElement("canvas")).then(({ label }) => { throw Object.assign(new Error(), { code: label }); })),
    video: await code(() => signet.classify(document.createElement("video"))), image: await code(() => signet.classify(broken)),
    crop: await code(() => signet.classify(new ImageData(9, 9), { localize: { left: 0, top: 0, side: 0 } })),
    threshold: await code(() => { signet.threshold = 2; }), samples: await code(() => signet.fineTune([])), scope: await code(() => signet.fineTune([], { scope: "nothing" })),
    label: await code(() => signet.explain(new ImageData(64, 64), { label: "nine" })), side: await code(() => signet.explain(new ImageData(64, 64), { side: 3 })),
    base: await code(() => Signet.load({ base: "https://other.example/signet/" })), type: await code(() => Signet.load({ model: new Blob(["text"]) })),
    closed: await code(() => { signet.close(); return signet.classify(new ImageData(9, 9)); }),
  };
`, (result) => {
  assert.deepEqual(result, {
    nothing: "setting", object: "setting", text: "picture-format", canvas: "none", video: "picture-empty", image: "picture-broken", crop: "setting",
    threshold: "setting", samples: "setting", scope: "setting", label: "setting", side: "setting", base: "setting", type: "weights-format", closed: "worker-crashed",
  });
});

scriptTest("loading is given up, before and on the way, and nothing goes on", `
  const stopped = new AbortController();
  stopped.abort();
  const early = await Signet.load({ signal: stopped.signal }).catch((thrown) => thrown.name);
  const stopping = new AbortController();
  const seen = [];
  const late = await Signet.load({ signal: stopping.signal, store: false, onProgress: (progress) => { seen.push(progress); if (progress.loaded > 0) stopping.abort(new Error("enough")); } }).catch((thrown) => thrown.message);
  return { early, late, seen: seen.length, last: seen.at(-1) };
`, async ({ early, late, last }, opened) => {
  assert.deepEqual([early, late, last.total], ["AbortError", "enough", MANIFEST.bytes]);
  assert.ok(last.loaded < MANIFEST.bytes);
  await opened.waitForFunction(() => true);
  assert.equal(opened.workers().length, 0);
});

scriptTest("a video is watched until it is stopped: steady answers, of the page's own thread 10 ms a frame at most", `
  const signet = await Signet.load();
  const video = Object.assign(document.createElement("video"), { muted: true });
  document.body.append(video);
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
  await video.play();
  globalThis.watchFrames = (count) => new Promise((resolve, reject) => {
    const answers = [];
    const watch = signet.watch(video, (answer) => {
      answers.push(answer.label);
      if (answers.length === count) { watch.stop(); setTimeout(() => resolve(answers), 300); }
    }, { onError: reject });
  });
  globalThis.signet = signet;
  return "ready";
`, async (_, opened) => {
  /** @param {number} count @returns {Promise<string[]>} */
  const frames = (count) => opened.evaluate((wanted) => /** @type {any} */ (globalThis).watchFrames(wanted), count);
  await frames(10);
  const before = await opened.metrics();
  const answers = await frames(60);
  const after = await opened.metrics();
  assert.deepEqual(answers, Array(60).fill("4"), "and none comes after it was stopped");
  const ms = (1000 * (Number(after.TaskDuration) - Number(before.TaskDuration))) / 60;
  console.log(`${ms.toFixed(1)} ms of the page's thread a frame`);
  assert.ok(ms < 10, `${ms} ms a frame`);
  // It is stopped with the library, too, and by a signal.
  assert.deepEqual(await opened.evaluate(async () => {
    const { signet } = /** @type {any} */ (globalThis);
    const video = document.querySelector("video");
    const [one, other] = [signet.watch(video, () => {}, { signal: AbortSignal.abort() }), signet.watch(video, () => {})];
    await one.finished;
    signet.close();
    await other.finished;
    return [one.isRunning, other.isRunning];
  }), [false, false]);
});

scriptTest("two videos that one model follows are followed each on its own", `
  const signet = await Signet.load();
  const image = document.querySelector("#photo");
  await image.decode();
  const followed = await Promise.all([[0, 0], [420, 260]].map(async ([left, top]) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
    const context = canvas.getContext("2d");
    const paint = () => {
      context.fillStyle = "rgb(226, 222, 214)";
      context.fillRect(0, 0, 640, 480);
      context.drawImage(image, left, top);
    };
    const painting = setInterval(paint, 30);
    const video = Object.assign(document.createElement("video"), { muted: true, srcObject: canvas.captureStream(30) });
    document.body.append(video);
    await video.play();
    const crops = await new Promise((resolve, reject) => {
      const seen = [];
      const watch = signet.watch(video, ({ label, crop }) => { if (label === "4" && seen.push(crop.left + crop.side / 2) === 15) { watch.stop(); resolve(seen); } }, { onError: reject });
    });
    clearInterval(painting);
    return crops.slice(5);
  }));
  signet.close();
  return followed;
`, ([left, right]) => {
  assert.ok(left.every((/** @type {number} */ x) => x < 220), `${left}`);
  assert.ok(right.every((/** @type {number} */ x) => x > 420), `${right}`);
});

scriptTest("fine-tuned on samples it answers with their labels, explains what it sees, and is the old one again", `
  const signet = await Signet.load();
  const draw = (shade, mark) => {
    const canvas = new OffscreenCanvas(64, 64);
    const context = canvas.getContext("2d");
    context.fillStyle = "rgb(" + [shade, shade, shade] + ")";
    context.fillRect(0, 0, 64, 64);
    context.fillStyle = "#c08060";
    if (mark) context.fillRect(8, 24, 48, 12); else context.fillRect(26, 6, 12, 52);
    return canvas;
  };
  const samples = [0, 1].flatMap((mark) => Array.from({ length: 6 }, (_, index) => ({ label: mark ? "<b>lying" : "standing", image: draw(120 + 15 * index, mark) })));
  const states = new Set();
  const { outcome, labels, weights, history } = await signet.fineTune(samples, { epochs: 20, onProgress: ({ state }) => states.add(state) });
  const answer = await signet.classify(draw(170, 1));
  const { cells, bias, logit, side, label } = await signet.explain(answer, { side: 4 });
  const again = await Signet.load({ model: weights });
  const same = await again.classify(draw(170, 1));
  again.close();
  await signet.reset();
  const stopped = new AbortController();
  const early = await signet.fineTune(samples, { scope: "all", epochs: 50, signal: stopped.signal, onProgress: () => stopped.abort(new Error("enough")) }).then(({ outcome }) => outcome, ({ message }) => message);
  return { outcome, labels, epochs: history.length, states: [...states], label, answer: answer.label, same: [same.label, Math.abs(same.probability - answer.probability)],
    sum: cells.reduce((sum, cell) => sum + cell, 0) + bias - logit, side, after: signet.labels, early };
`, (result) => {
  const { same: [label, difference], sum, states, ...rest } = result;
  assert.deepEqual(rest, { outcome: "done", labels: ["standing", "<b>lying"], epochs: 20, label: "<b>lying", answer: "<b>lying", side: 4, after: MANIFEST.labels, early: "enough" });
  assert.deepEqual([label, difference < 1e-6, Math.abs(sum) < 1e-3, states.includes("running")], ["<b>lying", true, true, true]);
});

scriptTest("the adapter answers in the shape of Teachable Machine's library", `
  const tmImage = await import("./teachable.js");
  const model = await tmImage.load();
  const image = document.querySelector("#photo");
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: 220, height: 220 });
  canvas.getContext("2d").drawImage(image, -70, 0);
  const all = await model.predict(canvas);
  const mirrored = await model.predict(canvas, true);
  const top = await model.predictTopK(image, 2);
  const blob = await model.predictTopK(await (await fetch('four.png')).blob(), 1, true);
  const webcam = new tmImage.Webcam(200, 200, true);
  await webcam.setup();
  await webcam.play();
  webcam.update();
  const [live] = await model.predictTopK(webcam.canvas, 1);
  webcam.stop();
  const result = { total: model.getTotalClasses(), labels: model.getClassLabels(), all, mirrored, top, live: live.className, blob: blob[0].className, metadata: model.getMetadata().labels };
  model.dispose();
  return result;
`, ({ total, labels, all, mirrored, top, live, blob, metadata }) => {
  assert.deepEqual([total, labels, metadata], [7, [...MANIFEST.labels, "none"], labels]);
  assert.deepEqual(all.map((/** @type {any} */ { className }) => className), labels);
  for (const answers of [all, mirrored]) assert.ok(Math.abs(answers.reduce((/** @type {number} */ sum, /** @type {any} */ { probability }) => sum + probability, 0) - 1) < 1e-5);
  assert.deepEqual([top.length, top[0].className, live, blob], [2, "4", "4", "4"]);
  assert.notDeepEqual(all, mirrored);
});

test("answers are those of the command, and of the page", { skip: skip || NO_PHOTOS }, async () => {
  const chosen = photos(1);
  const native = predictNatively(chosen.map(({ file }) => file));
  await hosted(world, '<script type="module" src="hand-sign.js"></script><hand-sign></hand-sign>', { policy: STRICT }, async (opened) => {
    await event(opened, "ready");
    for (const [index, { file }] of chosen.entries()) {
      const bytes = readFileSync(file).toString("base64");
      const answer = await opened.evaluate(async (base64) => {
        const blob = new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))]);
        const { label, probabilities } = await /** @type {any} */ (document.querySelector("hand-sign")).signet.classify(blob);
        return { label, probabilities: Object.values(probabilities) };
      }, bytes);
      assert.equal(answer.label, native[index]?.label);
      answer.probabilities.forEach((value, at) => assert.ok(Math.abs(Number(value) - Number(native[index]?.probabilities[at])) < 1e-4));
    }
  });
});

test("50 rounds of open and close leave the memory flat", { skip: skip || UNCOUNTED }, async () => {
  givenScript(`import { Signet } from "./signet.js";
    const file = new Blob([await (await fetch("models/${MANIFEST.file}")).arrayBuffer()]);
    globalThis.rounds = async (count) => {
      for (let round = 0; round < count; round += 1) {
        const signet = await Signet.load({ model: file });
        const { label } = await signet.classify(document.querySelector("#photo"));
        if (label !== "4") throw new Error(label);
        signet.close();
      }
    };`);
  await hosted(world, LIBRARY, PICTURES, (opened) => assertFlat(browser, opened));
});
