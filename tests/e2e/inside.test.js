// The tab "Look inside": the path of a picture through the network, and the network with parts of it cut.

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { testWorld } from "./browser.js";
import { EXAMPLES, InsideTab, at } from "./inside.js";
import { available, withoutNetwork } from "./network.js";
import { failing } from "./server.js";
import { TeachTab } from "./teach.js";
import { FILES } from "../../www/inside/files.js";
import { BLOCKS } from "../../www/inside/state.js";

const { server, pageTest } = await testWorld();

pageTest("nothing of the tab is fetched before it is opened; then all blocks are there with their maps, and a place opens to its parts", {}, async (signet) => {
  const { page } = signet;
  await signet.prediction(() => page.locator('[data-testid="example"][data-label="4"]').click());
  await signet.click("tab-teach");
  assert.deepEqual(FILES.filter((path) => server.count(`/${path}`) > 0), []);
  const tab = await InsideTab.open(signet);
  assert.deepEqual((await tab.blocks()).map(({ block }) => block), [...BLOCKS]);
  for (const { block = "", kind, branch, skip: carried } of await tab.blocks()) {
    assert.deepEqual([kind, branch, carried], [block.endsWith("a") ? "convolutional" : "identity", "on", "on"], block);
  }
  await tab.allDrawn();

  await page.locator('[data-testid="inside-place"][data-place="3a"]').click();
  await tab.shows("inside-open", { place: "3a" });
  assert.equal((await page.$$(tab.selector("inside-part"))).length, 6, "input, three convolutions, the shortcut's, output");
  assert.match(await tab.text("inside-open"), /512×8×8/);
  await page.locator('[data-testid="inside-part"][data-part$="branch1"]').click();
  assert.match(await tab.text("inside-cost"), /^Shortcut 1 × 1: 512×8×8 values · [\d,]+ parameters · 8,388,608 multiply-adds$/, "256 x 512 of them at 64 places");
  await page.locator('[data-testid="inside-part"][data-part$="2c"]').click();
  await page.locator(tab.selector("inside-all")).click();
  assert.ok(await page.$eval(tab.selector("inside-mosaic"), (canvas) => /** @type {HTMLCanvasElement} */ (canvas).width > 100));
  await page.locator(`${tab.selector("inside-channels")} .channel:nth-of-type(1)`).click();

  await page.locator('[data-testid="inside-place"][data-place="features"]').click();
  await tab.shows("inside-open", { place: "features" });
  await page.locator(".features summary").click();
  assert.equal((await page.$$(`${tab.selector("inside-features-table")} tbody tr`)).length, 10);
  await tab.until("the link", async () => /place=features/.test(page.url()));

  await tab.click("tab-classify");
  assert.equal(new URL(page.url()).hash, "", "another tab has its own address");
  await tab.click("tab-inside");
  await tab.shows("inside-open", { place: "features" });
});

pageTest("a value that is pointed at depends on the pixels that are outlined, and on no others", at("?place=2b&example=5"), async (signet) => {
  const tab = await InsideTab.open(signet);
  await tab.allDrawn();
  const large = await signet.page.$(tab.selector("inside-channel"));
  await large?.scrollIntoView();
  const box = await large?.boundingBox();
  assert.ok(box);
  const [row, column] = [2, 11];
  await signet.page.mouse.move(box.x + ((column + 0.5) / 15) * box.width, box.y + ((row + 0.5) / 15) * box.height);
  await tab.shows("inside-words", { row: String(row), column: String(column) });
  const { rows = "", columns = "" } = await tab.dataset("inside-words");
  const inside = (/** @type {string} */ range) => range.split("-").map(Number);
  const [[top = 0, bottom = 0], [left = 0, right = 0]] = [inside(rows), inside(columns)];
  assert.ok(bottom - top < 64 && right - left < 64, `${rows} ${columns}`);
  // The module itself is asked with other pixels inside of the outline, and outside.
  const [outside, within] = await signet.page.evaluate(async (origin, { top, bottom, left, right, row, column }) => {
    const { default: start, Inspector } = await import(`${origin}/pkg/signet_cpu_inspect.js`);
    await start();
    const { file } = await (await fetch("models/manifest.json")).json();
    const inspector = await Inspector.load(await (await fetch(`models/${file}`)).blob());
    const valuesOf = async (/** @type {(x: number, y: number) => number} */ at) => {
      const pixels = new Uint8Array(4 * 64 * 64).fill(255);
      for (let y = 0; y < 64; y += 1) for (let x = 0; x < 64; x += 1) pixels.fill(at(x, y), 4 * (64 * y + x), 4 * (64 * y + x) + 3);
      const [{ values, height, width, channels }] = await inspector.maps(pixels, [], ["2b"]);
      return Array.from({ length: channels }, (_, channel) => values[(channel * height + row) * width + column]);
    };
    const isInside = (/** @type {number} */ x, /** @type {number} */ y) => x >= left && x < right && y >= top && y < bottom;
    const whole = await valuesOf(() => 90);
    const changed = (/** @type {number[]} */ other) => other.filter((value, index) => Math.abs(value - (whole[index] ?? 0)) > 1e-2).length;
    return [changed(await valuesOf((x, y) => (isInside(x, y) ? 90 : 91))), changed(await valuesOf((x, y) => (isInside(x, y) ? 200 : 90)))];
  }, server.origin, { top, bottom, left, right, row, column });
  assert.equal(outside, 0);
  assert.ok(Number(within) > 50, `${within} channels changed`);
});

pageTest("with all switches on the answer is Classify's to the bit; cuts change answer, check set and table, and restored it is the same bits again", at(`${EXAMPLES}&view=cut`), async (signet) => {
  const { page } = signet;
  const tab = await InsideTab.open(signet);
  const classified = await signet.until("Classify's answer", async () => {
    const shown = await signet.shown();
    return shown.label !== "" && shown;
  });
  const whole = await tab.answer();
  assert.deepEqual(Object.fromEntries(Object.entries(whole).map(([label, { probability }]) => [label, probability])), classified.bars);
  const first = await tab.checked();
  assert.deepEqual([first.accuracy, first.pictures], [1, 6]);

  await tab.flip("skip", "5a", 1);
  assert.deepEqual((await tab.blocks()).filter(({ branch, skip: carried }) => branch === "off" || carried === "off"), [{ block: "5a", kind: "convolutional", branch: "on", skip: "off" }]);
  const cut = await tab.answer();
  assert.ok(Object.keys(whole).some((label) => Math.abs((cut[label]?.logit ?? 0) - (whole[label]?.logit ?? 0)) > 0.5));
  const without = await tab.checked();
  assert.ok(without.margin < first.margin - 1, `${without.margin} and ${first.margin}`);
  await tab.flip("branch", "3b", 2);
  assert.match(await tab.text("inside-cuts"), /2 parts are cut: skip of 5a, branch of 3b/);
  await page.locator(tab.selector("inside-restore")).click();
  await tab.shows("inside-answer", { cuts: "0" });
  assert.deepEqual(await tab.answer(), whole);
  assert.deepEqual(await tab.checked(), first, "what was measured once is not measured again");

  await page.locator(tab.selector("inside-any-branch")).click();
  const cells = (/** @type {string} */ part) => page.$$eval(`${tab.selector("inside-lesion")}[data-part=${part}][data-accuracy]`, (found) => /** @type {HTMLElement[]} */ (found).map(({ dataset }) => ({ block: dataset["block"], accuracy: Number(dataset["accuracy"]), margin: Number(dataset["margin"]) })));
  await tab.until("the table", async () => (await cells("branch")).length === 16, 120_000);
  await tab.flip("branch", "4b", 1);
  const { accuracy, margin } = await tab.checked();
  assert.deepEqual((await cells("branch")).find(({ block }) => block === "4b"), { block: "4b", accuracy, margin }, "a cell is what the switch itself gives");
  assert.match(await tab.text("inside-findings"), /Without any one branch it still reads/);
  assert.doesNotMatch(await tab.text("inside-findings"), /Without any one skip/);

  await page.select(tab.selector("inside-set"), "composed"); // ten times as many: there is time to cancel
  await page.locator(tab.selector("inside-any-skip")).click();
  await tab.until("some of it", async () => (await cells("skip")).length > 0, 120_000);
  assert.match(await tab.text("inside-lesion-progress"), /^Measuring: \d+ of 17$/);
  await page.$eval(tab.selector("inside-lesion-cancel"), (stop) => /** @type {HTMLButtonElement} */ (stop).click()); // a locator takes its time, and this machine may be fast
  const { length } = await cells("skip");
  await pause(600);
  const later = (await cells("skip")).length;
  assert.ok(later <= length + 1 && length < 16, `a cancelled measurement stops: ${length}, then ${later} of 16`);

  await page.locator(tab.selector("inside-random")).click();
  await tab.until("the cuts at random", () => page.$(tab.selector("inside-tried")), 60_000);
  const random = (await tab.blocks()).filter(({ branch }) => branch === "off");
  assert.equal(random.length, 4);
  assert.deepEqual(random.filter(({ kind }) => kind !== "identity"), []);
  assert.equal((await tab.dataset("inside-tried"))["accuracy"], String((await tab.checked()).accuracy));
});

pageTest("the composed hands are read right by the whole network, measured with progress and cancelled", at("?view=cut"), async (signet) => {
  const tab = await InsideTab.open(signet);
  const started = Date.now();
  const { accuracy, pictures, margin } = await tab.checked();
  console.log(`60 composed hands: ${(100 * accuracy).toFixed(1)} %, margin ${margin.toFixed(2)}, ${Date.now() - started} ms with loading`);
  assert.equal(pictures, 60);
  assert.ok(accuracy > 0.9, `${accuracy}`);
  await tab.flip("branch", "4d", 1);
  const again = Date.now();
  await tab.checked();
  console.log(`measured again in ${Date.now() - again} ms`);
  await tab.flip("branch", "4e", 2);
  await tab.shows("inside-check", { state: "running" });
  await tab.click("inside-cancel");
  await tab.shows("inside-check", { state: "idle" });
  await pause(300);
  assert.match(await tab.text("inside-check"), /Cancelled/);
  assert.doesNotMatch(await tab.text("inside-check"), /%/, "figures of other cuts are gone");
  assert.equal((await tab.dataset("inside-check"))["accuracy"], undefined);
});

pageTest("why, the challenge and the neighbors are of the network that is left, and say so", at("?view=cut&example=3&cuts=2a-skip.2b-skip"), async (signet) => {
  const tab = await InsideTab.open(signet);
  await tab.answer();
  const { answered = "" } = await tab.dataset("inside-answer");
  assert.notEqual(answered, "3", "it is too damaged for that");
  await tab.to("why");
  await tab.shows("challenge", { first: answered });
  assert.ok(await tab.visible("inside-cuts"));
  await tab.to("knows");
  await tab.until("the nearest", () => tab.page.$(`${tab.selector("inside-nearest")} li`));
  assert.ok(await tab.visible("inside-cuts"));
  const nearest = () => tab.page.$$eval(`${tab.selector("inside-nearest")} li`, (items) => items.map((item) => /** @type {HTMLElement} */ (item).dataset["similarity"]));
  const damaged = await nearest();
  await tab.click("inside-restore");
  await tab.until("other neighbors", async () => (await nearest()).join() !== damaged.join() && (await nearest()).length === damaged.length);
  await tab.to("why");
  await tab.shows("challenge", { first: "3" });
});

pageTest("a link restores all of it in a browser that has never been there; another link in the same tab is followed; a stranger's nonsense is passed over", at("?view=cut&example=4&cuts=4b-skip.2c-branch&set=examples&place=3c&channel=7"), async (signet) => {
  const { page } = signet;
  const tab = await InsideTab.open(signet);
  await tab.mounted("cut");
  await tab.shows("inside-answer", { cuts: "2" });
  assert.deepEqual((await tab.blocks()).filter(({ branch, skip: carried }) => branch === "off" || carried === "off").map(({ block }) => block), ["2c", "4b"]);
  assert.equal(await tab.value("inside-set"), "examples");
  await tab.to("path");
  await tab.shows("inside-open", { place: "3c" });
  await tab.becomes("the channel", () => tab.value("inside-channel-number"), "7");
  await tab.follow("#inside?view=path&place=conv1&example=1");
  await tab.shows("inside-open", { place: "stem" });
  await tab.until("the filters", async () => page.$eval(tab.selector("inside-filters"), (canvas) => /** @type {HTMLCanvasElement} */ (canvas).width > 100));
  await tab.becomes("the example", () => page.$eval("#upload-name", (name) => /one/i.test(name.textContent ?? "")), true);
  assert.equal(await tab.visible("inside-cuts"), false);
  await tab.follow('#inside?view="><b>&place=../../x&cuts=9z-branch,,&example=-1&channel=99999');
  await tab.shows("inside-open", { place: "stem" });
  assert.equal(await signet.error(), undefined);
  // A picture of the person's own is in no link.
  await signet.drawingWorks();
  await tab.until("the address", async () => !page.url().includes("example="));
});

pageTest("a module that is missing is told, costs the other tabs nothing, and is fetched by a later try; a worker that traps is replaced", { expectedErrors: [/404/] }, async (signet) => {
  server.replace("/pkg/signet_cpu_inspect.js", failing(404));
  await signet.click("tab-inside");
  await signet.failure(/^module-missing$/);
  await signet.click("tab-classify");
  await signet.prediction(() => signet.page.locator('[data-testid="example"][data-label="0"]').click());
  // The first answer to an input traps: a module of the test's own around the real one.
  server.restore();
  server.replace("/pkg/signet_cpu_inspect.js", (request, response) => {
    if (request.url?.endsWith("?real")) return server.serve(request, response);
    response.setHeader("content-type", "text/javascript");
    response.end(`import start, { Inspector as Real } from "./signet_cpu_inspect.js?real";
      const isFirst = () => fetch("../once").then((answer) => answer.status === 404);
      export default () => start(new URL("signet_cpu_inspect_bg.wasm", import.meta.url));
      export class Inspector {
        static async load(weights) { return Object.assign(new Inspector(), { real: await Real.load(weights), isFirst: await isFirst() }); }
        get labels() { return this.real.labels; }
        get hasDetector() { return this.real.hasDetector; }
        get mirrors() { return this.real.mirrors; }
        places() { return this.real.places(); }
        filters() { return this.real.filters(); }
        maps(...given) { if (this.isFirst) throw new WebAssembly.RuntimeError("unreachable"); return this.real.maps(...given); }
      }`);
  });
  let loads = 0;
  server.replace("/once", (_, response) => void response.writeHead(loads++ === 0 ? 404 : 200).end());
  await signet.click("tab-inside");
  const tab = await InsideTab.open(signet);
  await tab.allDrawn();
  assert.equal(loads, 2, "a second worker has loaded the model");
  assert.equal(await signet.error(), undefined);
});

pageTest("one visit of the tab is enough for all of it without a network, in every language", { serviceWorker: true, expectedErrors: [/ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|FAILED)/] }, async (signet) => {
  const { page } = signet;
  await available(signet);
  const stored = () => page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()))).flat().map(({ url }) => url).join(" "));
  assert.doesNotMatch(await stored(), /inside\/|_inspect/);
  await InsideTab.open(signet);
  await signet.until("the tab's files", async () => {
    const names = await stored();
    return FILES.every((path) => names.includes(`/${path}`));
  });
  await withoutNetwork(page, server, async () => {
    await page.goto(`${page.url().split("#")[0]}#inside?view=cut&example=3`);
    await page.reload();
    const tab = await InsideTab.open(signet);
    await tab.mounted("cut");
    await tab.answer();
    assert.equal((await tab.checked()).pictures, 60);
    await page.select(signet.selector("language"), "zh");
    await tab.until("Chinese", async () => /检查集/.test(await tab.text("inside-check")));
    assert.equal(await signet.error(), undefined);
  });
});

pageTest("a model that was taught a minute ago is looked into as well: its classes, its answer, the person's own samples as check set", { timeout: 240_000 }, async (signet) => {
  const teach = await TeachTab.open(signet);
  await teach.addHands(4);
  await teach.rename("5", "Open");
  await teach.keepOnly(["0", "Open"]);
  await teach.train({ epochs: 2 });
  await signet.click("tab-classify");
  const shown = await signet.prediction(() => signet.page.locator('[data-testid="example"][data-label="5"]').click());
  const tab = await InsideTab.open(signet);
  await tab.to("cut");
  const answer = await tab.answer();
  assert.deepEqual(Object.keys(answer), ["0", "Open"]);
  for (const [label, probability] of Object.entries(shown.bars)) assert.ok(Math.abs((answer[label]?.probability ?? 0) - probability) < 1e-6, label);
  await signet.page.select(tab.selector("inside-set"), "samples");
  await tab.shows("inside-check", { pictures: "8", state: "idle" });
  // The composed hands of the classes that it has.
  await signet.page.select(tab.selector("inside-set"), "composed");
  await tab.shows("inside-check", { pictures: "10", state: "idle" });
  // The switch back to the original closes the view and opens it with that.
  await signet.click("model-switch");
  await tab.until("the original's classes", async () => (await signet.page.$$(tab.selector("inside-logit"))).length === 6);
});
