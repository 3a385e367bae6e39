// Storage that is missing, full, blocked, of another version, damaged or taken away.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { DEVTOOLS, onlyChromium } from "./browser.js";
import { WWW } from "./server.js";
import { becomes, storeWorld } from "./store-tab.js";

const { server, tabTest } = await storeWorld();

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

/** As the browser counts it. @param {import("./store-tab.js").Tab} tab @param {number} [quotaSize] in bytes; without it, the browser's own */
async function limitDisk({ page }, quotaSize) {
  const devtools = await page.createCDPSession();
  await devtools.send("Storage.overrideQuotaForOrigin", { origin: server.origin, quotaSize });
}

tabTest("a full disk leaves what was stored, and says so; with room again all of it is stored", { skip: onlyChromium(DEVTOOLS) }, async (tab) => {
  await limitDisk(tab, 2_000_000);
  await tab.start();
  await tab.fill(3, "0", ["taught"]);
  const full = await tab.run(async (tab) => {
    tab.store.keepFineTuned(tab.model(5_000_000, 8));
    await tab.store.flush();
    tab.add(1);
    await tab.store.flush();
    return { ...tab.look(), states: tab.states };
  });
  assert.deepEqual([full.state, full.reason, full.unsaved, full.count, full.states], ["memory", "storage-full", true, 4, ["storage-full"]]);
  assert.deepEqual(await tab.stored(), { count: 3, records: "project,revision,taught", labels: "0,1,2,3,4,5" });
  await limitDisk(tab);
  await tab.takeOver();
  assert.equal((await tab.look()).state, "writing");
  await tab.reload();
  const { count } = await tab.start();
  assert.deepEqual([count, await tab.run(({ loaded }) => loaded.fineTuned.weights.size)], [4, 5_000_000]);
});

tabTest("storage of a later version is left alone", {}, async (tab) => {
  await tab.start();
  await tab.fill(3);
  // The later page opens its database in another tab, while this one has it open.
  await tab.page.evaluate(() => new Promise((resolve, reject) => {
    const request = indexedDB.open("signet", 2);
    request.onsuccess = () => resolve(request.result.close());
    request.onerror = request.onblocked = reject;
  }));
  const { state, reason, count } = await tab.look();
  assert.deepEqual([state, reason, count], ["memory", "storage-newer", 3]);
  await tab.reload();
  const again = await tab.start();
  assert.deepEqual([again.state, again.reason, again.count], ["memory", "storage-newer", 0]);
  await tab.fill(1);
  assert.equal((await tab.stored()).count, 3);
});

tabTest("a database without its parts is worked without", {}, async (tab) => {
  await tab.page.evaluate(() => new Promise((resolve) => {
    indexedDB.open("signet", 1).onsuccess = (event) => {
      resolve(/** @type {IDBOpenDBRequest} */ (event.target).result.close());
    };
  }));
  const { state, reason, loaded } = await tab.start();
  assert.deepEqual([state, reason, loaded], ["memory", "storage-unavailable", false]);
});

tabTest("damaged records are named and left out, and the rest is there", {}, async (tab) => {
  await tab.start();
  await tab.run(async (tab) => {
    tab.add(3);
    tab.store.keepFineTuned(tab.model());
    tab.store.keepTraining(tab.training(tab.project));
    await tab.store.flush();
    await tab.damage((/** @type {any} */ samples, /** @type {any} */ records) => {
      samples.put({ id: "small", classId: tab.project.classes[0].id, source: "draw", addedAt: 1, pixels: new Uint8Array(3) });
      samples.put({ id: 7 });
      samples.put({ id: "lost", classId: 5, source: "draw", addedAt: 1, pixels: tab.pixels(1) });
      records.put({ weights: "none" }, "taught");
      records.put([1, 2], "training");
    });
  });
  await tab.reload();
  const { state, count, refused } = await tab.start();
  assert.deepEqual([state, count, refused.toSorted()], ["writing", 3, ["samples/7", "samples/lost", "samples/small", "taught", "training"]]);
  assert.deepEqual(await tab.run(({ loaded }) => [loaded.fineTuned, loaded.interrupted]), [null, null]);
  await tab.fill(1);
  assert.deepEqual(await tab.stored(), { count: 4, records: "project,revision", labels: "0,1,2,3,4,5" }, "the next write removes them");
});

/** @type {[string, (project: any) => unknown, string][]} */
const DAMAGED_PROJECTS = [
  ["is gone", () => undefined, "Class 1,Class 2"],
  ["is text", () => "garbage", "Class 1,Class 2"],
  ["has settings out of range", (project) => ({ ...project, settings: { epochs: -1 } }), "0,1,2,3,4,5"],
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
    const found = await tab.start();
    assert.deepEqual([found.state, found.count, found.labels], ["writing", 5, labels]);
    assert.deepEqual(found.refused, name === "is gone" ? [] : ["project"]);
  });
}

tabTest("a training's save that finds no room is given up, and the samples go on being stored", { skip: onlyChromium(DEVTOOLS) }, async (tab) => {
  await limitDisk(tab, 2_000_000);
  await tab.start();
  await tab.run(async (tab) => {
    for (const label of ["0", "1"]) tab.add(2, label);
    await tab.store.flush();
    tab.store.keepTraining({ ...tab.training(tab.project), checkpoint: new Blob([new Uint8Array(5_000_000)]) });
    await tab.store.flush();
    tab.add(1);
  });
  await becomes(async () => {
    const { state, reason, unsaved } = await tab.look();
    return [state, reason, unsaved];
  }, ["writing", null, false]);
  assert.deepEqual(await tab.stored(), { count: 5, records: "project,revision", labels: "0,1,2,3,4,5" });
});

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
  const { state, count, refused } = await later.start();
  assert.deepEqual([state, count, refused], ["writing", 3, []]);
  assert.deepEqual(await later.run(({ loaded }) => loaded.fineTuned.labels), ["rock"]);
  await becomes(async () => (await old.look()).reason, "storage-newer");
  await later.fill(1);
  assert.equal((await later.stored()).count, 4);
});

tabTest("an earlier version that does not let go is named, and when it is gone the project is there", {}, async (old) => {
  await old.start();
  await old.fill(3);
  // As a page that is frozen holds it: it hears of the later version, and does nothing.
  const holder = await old.another();
  await holder.page.evaluate(() => new Promise((resolve) => {
    const request = indexedDB.open("signet");
    request.onsuccess = () => resolve(void Object.assign(globalThis, { held: request.result }));
  }));
  deployLater();
  const later = await old.another();
  const blocked = await later.run((tab) => tab.start({ limitMs: 300 }));
  assert.deepEqual([blocked.state, blocked.reason, blocked.count], ["memory", "storage-blocked", 0]);
  await holder.page.close();
  await later.reload();
  const { state, count } = await later.start();
  assert.deepEqual([state, count], ["writing", 3]);
});

tabTest("storage that is cleared while the page is open leaves the project in memory, and says so", { skip: onlyChromium(DEVTOOLS) }, async (tab) => {
  await tab.start();
  await tab.fill(3);
  const devtools = await tab.page.createCDPSession();
  await devtools.send("Storage.clearDataForOrigin", { origin: server.origin, storageTypes: "indexeddb" });
  await becomes(async () => (await tab.look()).reason, "storage-unavailable");
  const { count, unsaved } = await tab.fill(1);
  assert.deepEqual([count, unsaved], [4, true]);
});

tabTest("what is stored is on the disk and not only on its way there, for a battery may run out", {}, async (tab) => {
  const durabilities = await tab.run(async (tab) => {
    /** @type {string[]} */
    const asked = [];
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (/** @type {Parameters<IDBDatabase["transaction"]>} */ ...given) {
      const made = transaction.apply(this, given);
      if (made.mode === "readwrite") asked.push(made.durability);
      return made;
    };
    await tab.start();
    tab.add(1);
    await tab.store.flush();
    return asked;
  });
  assert.deepEqual(durabilities, ["strict"]);
});
