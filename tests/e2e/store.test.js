// What a project leaves in the browser: reloads, crashes, two tabs.

import assert from "node:assert/strict";
import { DEVTOOLS, onlyChromium } from "./browser.js";
import { becomes, storeWorld } from "./store-tab.js";

/** @typedef {import("./store-tab.js").Tab} Tab */

const { tabTest } = await storeWorld();

tabTest("samples, labels, settings, the model and an interrupted training are there after a reload", {}, async (tab) => {
  const first = await tab.start();
  assert.deepEqual([first.state, first.loaded, first.unsaved], ["writing", false, false]);
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
    return { fingerprint: project.fingerprint(), snapshot: JSON.stringify(project.snapshot()), unsaved: store.unsaved,
      shades: project.samplesOf(id).map((/** @type {any} */ sample) => sample.pixels[0]).join() };
  });
  assert.equal(before.unsaved, false);
  await tab.reload();
  await tab.start();
  const again = await tab.run(async ({ project, loaded }) => ({
    fingerprint: project.fingerprint(), snapshot: JSON.stringify(project.snapshot()), unsaved: false,
    shades: project.samplesOf(project.classes[0].id).map((/** @type {any} */ sample) => sample.pixels[0]).join(),
    refused: loaded.refused,
    weights: [...new Uint8Array(await loaded.fineTuned.weights.arrayBuffer())],
    taught: [loaded.fineTuned.labels.join(), loaded.fineTuned.history[0].training.loss],
    checkpoint: await loaded.interrupted.checkpoint.text(),
    recalled: project.recallDataset(loaded.interrupted.set) !== null && loaded.interrupted.fingerprint === project.fingerprint(),
  }));
  const { refused, weights, taught, checkpoint, recalled, ...same } = again;
  assert.deepEqual(same, before);
  assert.deepEqual([refused, weights, taught, checkpoint, recalled], [[], [7, 7, 7, 7, 7], ["rock", 1], "on its way", true]);
});

tabTest("what is removed is gone after a reload, and what was undone is not", {}, async (tab) => {
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
  assert.equal((await tab.start()).count, 4);
});

tabTest("nobody has to ask for it: samples and names are stored when they change", {}, async (tab) => {
  await tab.start();
  await tab.run((tab) => tab.add(1));
  await becomes(async () => (await tab.stored()).count, 1);
  await tab.run(({ project }) => project.renameClass(project.classes[0].id, "paper"));
  await becomes(async () => (await tab.stored()).labels, "paper,1,2,3,4,5");
});

tabTest("a crash loses nothing and frees the project", { skip: onlyChromium(DEVTOOLS) }, async (tab) => {
  const other = await tab.another();
  await other.start();
  await other.fill(3);
  const devtools = await other.page.createCDPSession();
  void devtools.send("Page.crash").catch(() => {});
  await becomes(async () => {
    const { held } = await tab.page.evaluate(() => navigator.locks.query());
    return held?.length;
  }, 0);
  const { state, count } = await tab.start();
  assert.deepEqual([state, count], ["writing", 3]);
});

tabTest("a second tab sees the project and writes nothing, until the person decides for it", {}, async (first) => {
  await first.start();
  await first.fill(2, "0", ["training"]);
  const second = await first.another();
  const { state, count } = await second.start();
  assert.deepEqual([state, count], ["other-tab", 2]);
  assert.equal(await second.run(({ loaded }) => loaded.interrupted), null, "the other tab may be training");
  const unsaved = await second.run(async (tab) => {
    tab.add(3, "1");
    await tab.store.flush();
    return tab.store.unsaved;
  });
  assert.equal(unsaved, true);
  await first.fill(1);
  assert.equal((await first.stored()).count, 3);

  await second.takeOver();
  assert.deepEqual(await second.run(({ store, states }) => [store.state, store.unsaved, ...states]), ["writing", false, "writing"]);
  await becomes(async () => (await first.look()).state, "other-tab");
  await first.fill(10);
  assert.equal((await first.stored()).count, 5, "the second tab's version");

  await first.takeOver();
  await becomes(async () => (await second.look()).state, "other-tab");
  assert.equal((await first.stored()).count, 13, "and back again");
});

tabTest("when the other tab closes, its newer content comes here", {}, async (first) => {
  const second = await first.another();
  await second.start();
  assert.equal((await first.start()).state, "other-tab");
  await second.run(async (tab) => {
    tab.add(4);
    tab.project.addClass("rock");
    await tab.store.flush();
  });
  await second.page.close();
  await becomes(async () => (await first.look()).state, "writing");
  assert.deepEqual(await first.run(({ project, reloaded }) => [project.count, reloaded.samples.length]), [4, 4]);
  await first.fill(1, "rock");
  assert.deepEqual([(await first.stored()).count, (await first.look()).state], [5, "writing"]);
});

tabTest("when the other tab closes on its training, the training is handed over", {}, async (first) => {
  const second = await first.another();
  await second.start();
  await second.fill(2, "0", ["training"]);
  await first.start();
  assert.equal(await first.run(({ loaded }) => loaded.interrupted), null);
  await second.page.close();
  await becomes(async () => (await first.look()).state, "writing");
  assert.equal(await first.run(({ reloaded }) => reloaded.interrupted.checkpoint.text()), "on its way");
});

tabTest("when both have changed something, closing the other tab overwrites neither", {}, async (first) => {
  const second = await first.another();
  await second.start();
  await first.start();
  await first.run((tab) => tab.add(1));
  await second.fill(4);
  await second.page.close();
  await becomes(() => first.page.evaluate(async () => (await navigator.locks.query()).held?.length), 0);
  const { state, count } = await first.look();
  assert.deepEqual([state, count, (await first.stored()).count], ["other-tab", 1, 4]);
  await first.takeOver();
  assert.deepEqual([(await first.look()).state, (await first.stored()).count], ["writing", 1]);
});

tabTest("when only this tab has changed something, it goes on writing", {}, async (first) => {
  const second = await first.another();
  await second.start();
  await first.start();
  await first.run((tab) => tab.add(2));
  await second.page.close();
  await becomes(async () => (await first.look()).state, "writing");
  await becomes(async () => (await first.stored()).count, 2);
});

for (const insecure of [false, true]) {
  tabTest(`without locks no tab overwrites another${insecure ? ", on an insecure origin" : ""}`, { insecure }, async (first) => {
    const second = await first.another();
    for (const tab of [first, second]) {
      assert.equal(await tab.page.evaluate(() => "locks" in navigator), !insecure);
      assert.equal((await tab.run((tab) => tab.start({ locks: null }))).state, "writing");
    }
    const add = (/** @type {Tab} */ tab) => tab.run(async (tab) => {
      tab.add(2);
      await tab.store.flush();
      return tab.store.state;
    });
    assert.deepEqual([await add(first), await add(second), await add(first)], ["writing", "other-tab", "writing"]);
    assert.equal((await first.stored()).count, 4);
    await second.takeOver();
    assert.deepEqual([await add(first), await add(second)], ["other-tab", "writing"]);
    assert.equal((await first.stored()).count, 4);
  });
}

tabTest("a project is saved and opened on an insecure origin too", { insecure: true }, async (tab) => {
  assert.equal(await tab.page.evaluate(() => crypto.subtle === undefined), true);
  await tab.start();
  const same = await tab.run(async ({ project, saveProject, openProject, ...tab }) => {
    project.addSample(project.classes[0].id, tab.pixels(9), "draw");
    const opened = await openProject(await saveProject({ project, fineTuned: tab.model(2 ** 20 + 1) }));
    return opened.project.fingerprint() === project.fingerprint() && opened.fineTuned.weights.size === 2 ** 20 + 1;
  });
  assert.equal(same, true);
});

tabTest("another project in this one's place is stored whole", {}, async (tab) => {
  await tab.start();
  await tab.run(async (tab) => {
    tab.add(3);
    await tab.store.flush();
    const other = tab.Project.initial();
    const { id } = other.addClass("rock");
    other.addSample(id, tab.pixels(1), "upload");
    tab.project.replaceWith(other);
    await tab.store.flush();
  });
  assert.deepEqual(await tab.stored(), { count: 1, records: "project,revision", labels: "0,1,2,3,4,5,rock" });
});
