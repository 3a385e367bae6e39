// What a project leaves in the browser: after reloads and crashes, with two tabs, and where the storage is missing, full,
// blocked, of another version, damaged or taken away.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { DEVTOOLS, onlyChromium } from "./browser.js";
import { WWW } from "./server.js";
import { becomes, like, storeWorld } from "./store-tab.js";

/** @typedef {import("./store-tab.js").Tab} Tab */

const DIGITS = "0,1,2,3,4,5";
const WRITING = { state: "writing", reason: null };
const skip = onlyChromium(DEVTOOLS);

const { server, tabTest } = await storeWorld();

tabTest("samples, labels, settings, the model and an interrupted training are there after a reload", {}, async (tab) => {
  like(await tab.start(), { state: "writing", loaded: false, unsaved: false });
  const before = await tab.run(async ({ store, project, ...tab }) => {
    const { id } = project.addClass("<b>rock</b>");
    for (const shade of [1, 2, 3]) project.addSample(id, tab.pixels(shade), "webcam");
    for (const shade of [4, 5]) project.addSample(project.classes[0].id, tab.pixels(shade), "paste");
    project.setEnabled(project.classes[5].id, false);
    project.moveClass(id, -6);
    project.changeSettings({ scope: "stage", epochs: 3 });
    store.keepFineTuned(tab.model());
    store.keepTraining(tab.training(project));
    await store.flush();
    return { ...tab.content(project), unsaved: store.unsaved };
  });
  await tab.reload();
  await tab.start();
  const { same, ...rest } = await tab.run(async ({ project, loaded, ...tab }) => ({
    same: { ...tab.content(project), unsaved: false },
    refused: loaded.refused,
    weights: [...new Uint8Array(await loaded.fineTuned.weights.arrayBuffer())],
    taught: [loaded.fineTuned.labels.join(), loaded.fineTuned.history[0].training.loss],
    checkpoint: await loaded.interrupted.checkpoint.text(),
    recalled: project.recallDataset(loaded.interrupted.set) !== null && loaded.interrupted.fingerprint === project.fingerprint(),
  }));
  assert.deepEqual(same, before);
  assert.deepEqual(rest, { refused: [], weights: [7, 7, 7, 7, 7], taught: ["rock", 1], checkpoint: "on its way", recalled: true });
});

tabTest("what is removed is gone after a reload, and what was undone is not; another project in its place is stored whole", {}, async (tab) => {
  await tab.start();
  await tab.run(async ({ store, project, ...tab }) => {
    store.keepFineTuned(tab.model());
    store.keepTraining(tab.training(project));
    for (const { id } of project.classes) project.addSample(id, tab.pixels(1), "draw");
    await store.flush();
    project.removeClass(project.classes[0].id);
    project.removeClass(project.classes[0].id)();
    project.removeSample(project.samplesOf(project.classes[1].id)[0].id);
    store.keepFineTuned(null);
    store.keepTraining(null);
    await store.flush();
  });
  assert.deepEqual(await tab.stored(), { count: 4, records: "project,revision", labels: "1,2,3,4,5" });
  await tab.reload();
  like(await tab.start(), { count: 4 });
  await tab.run(async (tab) => {
    const other = tab.Project.initial();
    other.addSample(other.addClass("rock").id, tab.pixels(1), "upload");
    tab.project.replaceWith(other);
    await tab.store.flush();
  });
  assert.deepEqual(await tab.stored(), { count: 1, records: "project,revision", labels: `${DIGITS},rock` });
});

tabTest("nobody has to ask for it: samples and names are stored when they change, on the disk and not only on their way there", {}, async (tab) => {
  await tab.run((tab) => {
    const { transaction } = IDBDatabase.prototype;
    tab.asked = [];
    IDBDatabase.prototype.transaction = function (/** @type {Parameters<IDBDatabase["transaction"]>} */ ...given) {
      const made = transaction.apply(this, given);
      if (made.mode === "readwrite") tab.asked.push(made.durability);
      return made;
    };
  });
  await tab.start();
  await tab.run((tab) => tab.add(1));
  await becomes(async () => (await tab.stored()).count, 1);
  assert.deepEqual(await tab.run(({ asked }) => asked), ["strict"], "a battery may run out");
  await tab.run(({ project }) => project.renameClass(project.classes[0].id, "paper"));
  await becomes(async () => (await tab.stored()).labels, "paper,1,2,3,4,5");
});

tabTest("a crash loses nothing and frees the project", { skip }, async (tab) => {
  const other = await tab.another();
  await other.start();
  await other.fill(3);
  const devtools = await other.page.createCDPSession();
  void devtools.send("Page.crash").catch(() => {});
  await becomes(() => tab.locks(), 0);
  like(await tab.start(), { ...WRITING, count: 3 });
});

tabTest("a second tab sees the project and writes nothing, until the person decides for it", {}, async (first) => {
  await first.start();
  await first.fill(2, "0", ["training"]);
  const second = await first.another();
  like(await second.start(), { state: "other-tab", count: 2 });
  assert.equal(await second.run(({ loaded }) => loaded.interrupted), null, "the other tab may be training");
  like(await second.fill(3, "1"), { unsaved: true });
  await first.fill(1);
  like(await first.stored(), { count: 3 });

  await second.takeOver();
  assert.deepEqual(await second.run(({ store, states }) => [store.state, store.unsaved, ...states]), ["writing", false, "writing"]);
  await first.becomes({ state: "other-tab" });
  await first.fill(10);
  like(await first.stored(), { count: 5 }); // the second tab's version

  await first.takeOver();
  await second.becomes({ state: "other-tab" });
  like(await first.stored(), { count: 13 }); // and back again
});

/** What the second tab, which writes, and the first one do before the second closes, and what the first one has then. */
const CLOSINGS = /** @type {const} */ ([
  { name: "its newer content comes here", before: 0, there: 4, here: 0, found: { ...WRITING, count: 4 }, stored: 4 },
  { name: "its training is handed over", before: 2, there: 0, here: 0, found: { ...WRITING, count: 2 }, stored: 2 },
  { name: "and both have changed something, neither is overwritten", before: 0, there: 4, here: 1, found: { state: "other-tab", count: 1 }, stored: 4 },
  { name: "and only this tab has changed something, it goes on writing", before: 0, there: 0, here: 2, found: { ...WRITING, count: 2 }, stored: 2 },
]);
for (const { name, before, there, here, found, stored } of CLOSINGS) {
  tabTest(`when the other tab closes, ${name}`, {}, async (first) => {
    const second = await first.another();
    await second.start();
    if (before > 0) await second.fill(before, "0", ["training"]);
    like(await first.start(), { state: "other-tab" });
    if (here > 0) await first.page.evaluate(`tab.add(${here})`);
    if (there > 0) {
      await second.run(({ project }) => void project.addClass("rock"));
      await second.fill(there);
    }
    await second.page.close();
    if (found.state === "other-tab") await becomes(() => first.locks(), 0);
    await first.becomes(found);
    await becomes(async () => (await first.stored()).count, stored);
    if (before > 0) {
      assert.equal(await first.run(({ loaded }) => loaded.interrupted), null);
      assert.equal(await first.run(({ reloaded }) => reloaded.interrupted.checkpoint.text()), "on its way");
    } else if (found.state === "other-tab") {
      await first.takeOver();
      like(await first.look(), WRITING);
      like(await first.stored(), { count: here });
    } else if (there > 0) {
      assert.equal(await first.run(({ reloaded }) => reloaded.samples.length), there);
      like(await first.fill(1, "rock"), WRITING);
      like(await first.stored(), { count: there + 1 });
    }
  });
}

for (const insecure of [false, true]) {
  tabTest(`without locks no tab overwrites another${insecure ? ", on an insecure origin, where a project is saved and opened, too" : ""}`, { insecure }, async (first) => {
    const second = await first.another();
    for (const tab of [first, second]) {
      assert.deepEqual(await tab.page.evaluate(() => ["locks" in navigator, crypto.subtle === undefined]), [!insecure, insecure]);
      like(await tab.run((tab) => tab.start({ locks: null })), WRITING);
    }
    const add = async (/** @type {Tab} */ tab) => (await tab.fill(2)).state;
    assert.deepEqual([await add(first), await add(second), await add(first)], ["writing", "other-tab", "writing"]);
    like(await first.stored(), { count: 4 });
    await second.takeOver();
    assert.deepEqual([await add(first), await add(second)], ["other-tab", "writing"]);
    like(await first.stored(), { count: 4 });
    assert.equal(await second.run(async ({ project, saveProject, openProject, ...tab }) => {
      const opened = await openProject(await saveProject({ project, fineTuned: tab.model(2 ** 20 + 1) }));
      return opened.project.fingerprint() === project.fingerprint() && opened.fineTuned.weights.size === 2 ** 20 + 1;
    }), true);
  });
}

tabTest("storage that is missing, forbidden, failing or silent leaves a project in memory", {}, async (tab) => {
  const outcomes = await tab.run(async (tab) => {
    const answers = (/** @type {string} */ kind) => ({ open() {
      if (kind === "forbidden") throw new DOMException("no", "SecurityError");
      const request = /** @type {any} */ ({ error: new DOMException("broken", "UnknownError") });
      if (kind === "failing") setTimeout(() => request.onerror(new Event("error")));
      return request;
    } });
    const outcomes = [];
    for (const indexedDB of [null, answers("forbidden"), answers("failing"), answers("silent")]) {
      const { state, reason, count, loaded } = await tab.start({ indexedDB, limitMs: 100 });
      tab.add(2);
      tab.store.keepFineTuned(tab.model());
      await tab.store.flush();
      await tab.store.takeOver(tab.project);
      outcomes.push([state, reason, count, loaded, tab.project.count, tab.store.state, tab.store.unsaved].join());
    }
    return outcomes;
  });
  assert.deepEqual(outcomes, Array(4).fill("memory,storage-unavailable,0,false,2,memory,true"));
});

/** As the browser counts it. @param {Tab} tab @param {number} [quotaSize] in bytes; without it, the browser's own */
async function limitDisk({ page }, quotaSize) {
  const devtools = await page.createCDPSession();
  await devtools.send("Storage.overrideQuotaForOrigin", { origin: server.origin, quotaSize });
}

tabTest("a full disk leaves what was stored, and says so; with room again all of it is stored", { skip }, async (tab) => {
  await limitDisk(tab, 2_000_000);
  await tab.start();
  await tab.fill(3, "0", ["taught", "training"]);
  await tab.run(async (tab) => {
    tab.store.keepFineTuned(tab.model(5_000_000, 8));
    await tab.store.flush();
  });
  like(await tab.fill(1), { state: "memory", reason: "storage-full", unsaved: true, count: 4 });
  assert.deepEqual(await tab.run(({ states }) => states), ["storage-full"]);
  assert.deepEqual(await tab.stored(), { count: 3, records: "project,revision,taught,training", labels: DIGITS });
  await limitDisk(tab);
  await tab.takeOver();
  like(await tab.look(), WRITING);
  await tab.reload();
  like(await tab.start(), { count: 4 });
  assert.deepEqual(await tab.run(({ loaded }) => [loaded.fineTuned.weights.size, loaded.interrupted !== null]), [5_000_000, true]);
});

tabTest("a training's save that finds no room is given up: an older one stays, and the samples go on being stored", { skip }, async (tab) => {
  const save = (/** @type {number} */ bytes) => tab.page.evaluate(`tab.save(${bytes})`);
  await limitDisk(tab, 4e6);
  await tab.start();
  await tab.fill(2);
  await tab.fill(2, "1");
  for (const [quota, bytes, stored] of /** @type {const} */ ([
    [4e6, 5e6, 0],
    [4e6, 2.4e6, 2.4e6], // of these there is room for one and a half: Chromium wants room for both until the older one is gone
    [4e6, 2.5e6, 2.4e6],
    [4e6, 2.6e6, 2.4e6],
    [9e6, 2.7e6, 2.7e6],
    [9e6, 9.5e6, 2.7e6],
  ])) {
    await limitDisk(tab, quota);
    assert.equal(await save(bytes), stored, `${bytes} bytes, where ${quota} are allowed`);
  }
  await limitDisk(tab);
  await tab.run(() => {
    const { storage } = navigator;
    const estimate = storage.estimate.bind(storage);
    storage.estimate = async () => {
      const { usage = 0 } = await estimate();
      return { usage, quota: usage + 1e6 };
    };
  });
  assert.equal(await save(2.9e6), 2.9e6, "where it takes the older one's room there is enough");
  like(await tab.fill(1), { ...WRITING, unsaved: false });
  await tab.run(({ store }) => (store.keepTraining(null), store.flush()));
  assert.deepEqual(await tab.stored(), { count: 5, records: "project,revision", labels: DIGITS });
});

tabTest("storage of a later version is left alone", {}, async (tab) => {
  const newer = { state: "memory", reason: "storage-newer" };
  await tab.start();
  await tab.fill(3);
  // The later page opens its database in another tab, while this one has it open.
  await tab.run(async (tab) => (await tab.open(2)).close());
  like(await tab.look(), { ...newer, count: 3 });
  await tab.reload();
  like(await tab.start(), { ...newer, count: 0 });
  await tab.fill(1);
  like(await tab.stored(), { count: 3 });
});

tabTest("a database without its parts is worked without", {}, async (tab) => {
  await tab.run(async (tab) => (await tab.open(1)).close());
  like(await tab.start(), { state: "memory", reason: "storage-unavailable", loaded: false });
});

tabTest("damaged records are named and left out, and the rest is there", {}, async (tab) => {
  await tab.start();
  await tab.fill(3, "0", ["taught", "training"]);
  await tab.run((tab) => tab.damage((/** @type {any} */ samples, /** @type {any} */ records) => {
    samples.put({ id: "small", classId: tab.project.classes[0].id, source: "draw", addedAt: 1, pixels: new Uint8Array(3) });
    samples.put({ id: 7 });
    samples.put({ id: "lost", classId: 5, source: "draw", addedAt: 1, pixels: tab.pixels(1) });
    records.put({ weights: "none" }, "taught");
    records.put([1, 2], "training");
  }));
  await tab.reload();
  const { refused, ...found } = await tab.start();
  like(found, { ...WRITING, count: 3 });
  assert.deepEqual(refused.toSorted(), ["samples/7", "samples/lost", "samples/small", "taught", "training"]);
  assert.deepEqual(await tab.run(({ loaded }) => [loaded.fineTuned, loaded.interrupted]), [null, null]);
  await tab.fill(1);
  assert.deepEqual(await tab.stored(), { count: 4, records: "project,revision", labels: DIGITS }, "the next write removes them");
});

/** @type {[string, (project: any) => unknown, string][]} */
const DAMAGED_PROJECTS = [
  ["is gone", () => undefined, "Class 1,Class 2"],
  ["is text", () => "garbage", "Class 1,Class 2"],
  ["has settings out of range", (project) => ({ ...project, settings: { epochs: -1 } }), DIGITS],
  ["has lost a class", (project) => ({ ...project, classes: [null, ...project.classes.slice(1)] }), "1,2,3,4,5,Class 6"],
];
for (const [name, damage, labels] of DAMAGED_PROJECTS) {
  tabTest(`samples outlive a project record that ${name}`, {}, async (tab) => {
    await tab.start();
    await tab.fill(3);
    await tab.fill(2, "1");
    await tab.page.evaluate(`tab.damage((_, records) => {
      const damaged = (${damage})(tab.project.snapshot());
      if (damaged === undefined) records.delete("project");
      else records.put(damaged, "project");
    })`);
    await tab.reload();
    like(await tab.start(), { ...WRITING, count: 5, labels, refused: name === "is gone" ? [] : ["project"] });
  });
}

/** A later version of the page, for whoever loads it from now on. */
function deployLater() {
  const [now = "", version] = /const VERSION = (\d+);/.exec(readFileSync(`${WWW}/teach/store.js`, "utf8")) ?? [];
  server.edit("/teach/store.js", { [now]: `const VERSION = ${Number(version) + 1};` });
}

tabTest("a later version of the page finds what an earlier one has kept, whether that is open in another tab or not", {}, async (old) => {
  await old.start();
  await old.fill(3, "0", ["taught"]);
  deployLater();
  const later = await old.another();
  like(await later.start(), { ...WRITING, count: 3, refused: [] });
  assert.deepEqual(await later.run(({ loaded }) => loaded.fineTuned.labels), ["rock"]);
  await old.becomes({ reason: "storage-newer" });
  await later.fill(1);
  like(await later.stored(), { count: 4 });
});

tabTest("an earlier version that does not let go is named, and when it is gone the project is there", {}, async (old) => {
  await old.start();
  await old.fill(3);
  // As a page that is frozen holds it: it hears of the later version, and does nothing.
  const holder = await old.another();
  await holder.run(async (tab) => { tab.held = await tab.open(); });
  deployLater();
  const later = await old.another();
  like(await later.run((tab) => tab.start({ limitMs: 300 })), { state: "memory", reason: "storage-blocked", count: 0 });
  await holder.page.close();
  await later.reload();
  like(await later.start(), { ...WRITING, count: 3 });
});

tabTest("storage that is cleared while the page is open leaves the project in memory, and says so", { skip }, async (tab) => {
  await tab.start();
  await tab.fill(3);
  const devtools = await tab.page.createCDPSession();
  await devtools.send("Storage.clearDataForOrigin", { origin: server.origin, storageTypes: "indexeddb" });
  await tab.becomes({ reason: "storage-unavailable" });
  like(await tab.fill(1), { count: 4, unsaved: true });
});
