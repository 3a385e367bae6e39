// What a project leaves in the browser: reloads, crashes, two tabs, full and damaged storage. It drives the
// store itself, in a page that has nothing else in it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DEVTOOLS, launch, onlyChromium, visit } from "./browser.js";
import { TestServer } from "./server.js";

/** @typedef {import("puppeteer-core").Page} Page */

/** @type {import("puppeteer-core").Browser} */
let browser;
/** @type {TestServer} */
let server;

const EMPTY_PAGE = '<!doctype html><title>Empty</title><link rel="icon" href="data:,"><script type="module" src="tab.js"></script>';
/** What a tab of these tests can do, as `tab`. */
const TAB = `
  import { Store } from "/teach/store.js";
  import { Project } from "/teach/project.js";
  import { openProject, saveProject } from "/teach/archive.js";
  const read = (database, mode, work) => new Promise((resolve, reject) => {
    const transaction = database.transaction(["samples", "records"], mode);
    const request = work(transaction.objectStore("samples"), transaction.objectStore("records"));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error);
  });
  const pixels = (shade) => new Uint8Array(16384).fill(shade);
  const model = (size = 5, shade = 7) => ({
    weights: new Blob([new Uint8Array(size).fill(shade)]), labels: ["rock"], fingerprint: "f", scope: "head", imported: false,
    history: [{ epoch: 1, training: { loss: 1, accuracy: 0.5 }, validation: [], best: true }],
  });
  const training = (project) => {
    const { labels, training: { ids, labels: indexes } } = project.teachingSet();
    const none = { ids: [], labels: new Uint32Array(0) };
    return { checkpoint: new Blob(["on its way"]), best: null, fingerprint: project.fingerprint(), history: [],
      settings: project.settings, set: { labels, training: { ids, labels: indexes }, validation: none } };
  };
  globalThis.tab = {
    Store, Project, openProject, saveProject, pixels, model, training,
    async start(parts) {
      this.states = [];
      this.store = await Store.open(parts);
      this.store.onState(({ state, reason }) => this.states.push(reason ?? state));
      this.store.onReload((loaded) => (this.reloaded = loaded));
      this.loaded = await this.store.load();
      this.project = this.loaded
        ? Project.restore(this.loaded.snapshot, this.loaded.samples) : Project.initial({ limit: 1000, small: false });
      this.store.follow(this.project);
      return this.look();
    },
    add(count, label = "0") {
      const { id } = this.project.classes.find((each) => each.label === label);
      for (let index = 0; index < count; index += 1) this.project.addSample(id, pixels(index), "draw");
    },
    look() {
      const { store: { state, reason, unsaved }, project, loaded } = this;
      return { state, reason, unsaved, count: project.count, labels: project.classes.map(({ label }) => label).join(),
        loaded: loaded !== null, refused: loaded?.refused ?? [] };
    },
    /** What lies in the database, seen by another connection. */
    async stored() {
      const database = await new Promise((resolve, reject) => {
        const request = indexedDB.open("signet");
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      try {
        const samples = await read(database, "readonly", (store) => store.getAllKeys());
        const records = await read(database, "readonly", (_, store) => store.getAllKeys());
        const project = await read(database, "readonly", (_, store) => store.get("project"));
        return { count: samples.length, records: records.join(), labels: project?.classes.map(({ label }) => label).join() };
      } finally {
        database.close();
      }
    },
    /** Changes the database behind the store's back. */
    async damage(work) {
      const database = await new Promise((resolve) => {
        const request = indexedDB.open("signet");
        request.onsuccess = () => resolve(request.result);
      });
      await read(database, "readwrite", work);
      database.close();
    },
  };
  document.title = "Ready";`;

before(async () => {
  server = await TestServer.start();
  const answer = (/** @type {string} */ type, /** @type {string} */ body) => (
    (/** @type {unknown} */ _, /** @type {import("node:http").ServerResponse} */ response) => (
      void response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store" }).end(body)));
  server.replace("/empty.html", answer("text/html", EMPTY_PAGE));
  server.replace("/tab.js", answer("text/javascript", TAB));
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/**
 * Asks until the answer is the expected one.
 * @param {() => Promise<unknown>} ask
 * @param {unknown} expected
 */
async function becomes(ask, expected) {
  const end = Date.now() + 10_000;
  for (;;) {
    const found = await ask();
    if (JSON.stringify(found) === JSON.stringify(expected)) return;
    if (Date.now() > end) assert.deepEqual(found, expected);
    await new Promise((next) => setTimeout(next, 50));
  }
}

class Tab {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
  }

  /** A further tab beside this one. */
  async another() {
    const page = await this.page.browserContext().newPage();
    await page.goto(this.page.url());
    const tab = new Tab(page);
    await tab.ready();
    return tab;
  }

  /** Its modules are there. */
  ready() {
    return becomes(() => this.page.title(), "Ready");
  }

  async reload() {
    await this.page.reload();
    await this.ready();
  }

  /**
   * @template T
   * @param {(tab: any) => T | Promise<T>} work runs in the page
   * @returns {Promise<T>}
   */
  run(work) {
    // The function goes as text, and has to find `tab` by its name.
    return /** @type {Promise<any>} */ (this.page.evaluate(`(${work})(tab)`));
  }

  start() {
    return this.run((tab) => tab.start());
  }

  look() {
    return this.run((tab) => tab.look());
  }

  stored() {
    return this.run((tab) => tab.stored());
  }
}

/**
 * @param {(tab: Tab) => Promise<void>} body
 * @param {import("./browser.js").VisitOptions} [options]
 */
const inTab = (body, options = {}) => visit(browser, server, { query: "empty.html", ...options }, async ({ page }) => {
  const tab = new Tab(page);
  await tab.ready();
  await body(tab);
});

test("samples, labels, settings, the model and an interrupted training are there after a reload", () => inTab(async (tab) => {
  const first = await tab.start();
  assert.deepEqual([first.state, first.loaded, first.unsaved], ["writing", false, false]);
  const before = await tab.run(async ({ store, project, ...tab }) => {
    const { id } = project.addClass("<b>rock</b>");
    for (const shade of [1, 2, 3]) project.addSample(id, tab.pixels(shade), "webcam");
    for (const shade of [4, 5]) project.addSample(project.classes[0].id, tab.pixels(shade), "paste");
    project.setEnabled(project.classes[5].id, false);
    project.moveClass(id, -6);
    project.changeSettings({ scope: "stage", epochs: 3 });
    store.keepTaught(tab.model());
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
    weights: [...new Uint8Array(await loaded.taught.weights.arrayBuffer())],
    taught: [loaded.taught.labels.join(), loaded.taught.history[0].training.loss],
    checkpoint: await loaded.interrupted.checkpoint.text(),
    recalled: project.recallSet(loaded.interrupted.set) !== null && loaded.interrupted.fingerprint === project.fingerprint(),
  }));
  const { refused, weights, taught, checkpoint, recalled, ...same } = again;
  assert.deepEqual(same, before);
  assert.deepEqual([refused, weights, taught, checkpoint, recalled], [[], [7, 7, 7, 7, 7], ["rock", 1], "on its way", true]);
}));

test("what is removed is gone after a reload, and what was undone is not", () => inTab(async (tab) => {
  await tab.start();
  await tab.run(async ({ store, project, ...tab }) => {
    store.keepTaught(tab.model());
    store.keepTraining(tab.training(project));
    for (const { id } of project.classes) project.addSample(id, tab.pixels(1), "draw");
    await store.flush();
    project.removeClass(project.classes[0].id);
    project.removeClass(project.classes[0].id)();
    project.removeSample(project.samplesOf(project.classes[1].id)[0].id);
    store.keepTaught(null);
    store.keepTraining(null);
    await store.flush();
  });
  assert.deepEqual(await tab.stored(), { count: 4, records: "project,revision", labels: "1,2,3,4,5" });
  await tab.reload();
  assert.equal((await tab.start()).count, 4);
}));

test("nobody has to ask for it: samples and names are stored when they change", () => inTab(async (tab) => {
  await tab.start();
  await tab.run((tab) => tab.add(1));
  await becomes(async () => (await tab.stored()).count, 1);
  await tab.run(({ project }) => project.renameClass(project.classes[0].id, "paper"));
  await becomes(async () => (await tab.stored()).labels, "paper,1,2,3,4,5");
}));

test("a crash loses nothing and frees the project", { skip: onlyChromium(DEVTOOLS) }, () => inTab(async (tab) => {
  const other = await tab.another();
  await other.start();
  await other.run(async (tab) => {
    tab.add(3);
    await tab.store.flush();
  });
  const devtools = await other.page.createCDPSession();
  void devtools.send("Page.crash").catch(() => {});
  await becomes(async () => {
    const { held } = await tab.page.evaluate(() => navigator.locks.query());
    return held?.length;
  }, 0);
  const { state, count } = await tab.start();
  assert.deepEqual([state, count], ["writing", 3]);
}));

test("a second tab sees the project and writes nothing, until the person decides for it", () => inTab(async (first) => {
  await first.start();
  await first.run(async (tab) => {
    tab.add(2);
    tab.store.keepTraining(tab.training(tab.project));
    await tab.store.flush();
  });
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
  await first.run(async (tab) => {
    tab.add(1);
    await tab.store.flush();
  });
  assert.equal((await first.stored()).count, 3);

  await second.run(({ store, project }) => store.takeOver(project));
  assert.deepEqual(await second.run(({ store, states }) => [store.state, store.unsaved, ...states]), ["writing", false, "writing"]);
  await becomes(async () => (await first.look()).state, "other-tab");
  await first.run(async (tab) => {
    tab.add(10);
    await tab.store.flush();
  });
  assert.equal((await first.stored()).count, 5, "the second tab's version");

  await first.run(({ store, project }) => store.takeOver(project));
  await becomes(async () => (await second.look()).state, "other-tab");
  assert.equal((await first.stored()).count, 13, "and back again");
}));

test("when the other tab closes, its newer content comes here", () => inTab(async (first) => {
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
  await first.run(async (tab) => {
    tab.add(1, "rock");
    await tab.store.flush();
  });
  assert.deepEqual([(await first.stored()).count, (await first.look()).state], [5, "writing"]);
}));

test("when the other tab closes on its training, the training is handed over", () => inTab(async (first) => {
  const second = await first.another();
  await second.start();
  await second.run(async (tab) => {
    tab.add(2);
    tab.store.keepTraining(tab.training(tab.project));
    await tab.store.flush();
  });
  await first.start();
  assert.equal(await first.run(({ loaded }) => loaded.interrupted), null);
  await second.page.close();
  await becomes(async () => (await first.look()).state, "writing");
  assert.equal(await first.run(({ reloaded }) => reloaded.interrupted.checkpoint.text()), "on its way");
}));

test("when both have changed something, closing the other tab overwrites neither", () => inTab(async (first) => {
  const second = await first.another();
  await second.start();
  await first.start();
  await first.run((tab) => tab.add(1));
  await second.run(async (tab) => {
    tab.add(4);
    await tab.store.flush();
  });
  await second.page.close();
  await becomes(() => first.page.evaluate(async () => (await navigator.locks.query()).held?.length), 0);
  const { state, count } = await first.look();
  assert.deepEqual([state, count, (await first.stored()).count], ["other-tab", 1, 4]);
  await first.run(({ store, project }) => store.takeOver(project));
  assert.deepEqual([(await first.look()).state, (await first.stored()).count], ["writing", 1]);
}));

test("when only this tab has changed something, it goes on writing", () => inTab(async (first) => {
  const second = await first.another();
  await second.start();
  await first.start();
  await first.run((tab) => tab.add(2));
  await second.page.close();
  await becomes(async () => (await first.look()).state, "writing");
  await becomes(async () => (await first.stored()).count, 2);
}));

for (const insecure of [false, true]) {
  test(`without locks no tab overwrites another${insecure ? ", on an insecure origin" : ""}`, () => inTab(async (first) => {
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
    await second.run(({ store, project }) => store.takeOver(project));
    assert.deepEqual([await add(first), await add(second)], ["other-tab", "writing"]);
    assert.equal((await first.stored()).count, 4);
  }, { insecure }));
}

test("a project is saved and opened on an insecure origin too", () => inTab(async (tab) => {
  assert.equal(await tab.page.evaluate(() => crypto.subtle === undefined), true);
  await tab.start();
  const same = await tab.run(async ({ project, saveProject, openProject, ...tab }) => {
    project.addSample(project.classes[0].id, tab.pixels(9), "draw");
    const opened = await openProject(await saveProject({ project, taught: tab.model(2 ** 20 + 1) }));
    return opened.project.fingerprint() === project.fingerprint() && opened.taught.weights.size === 2 ** 20 + 1;
  });
  assert.equal(same, true);
}, { insecure: true }));

test("storage that is missing, forbidden, failing or silent leaves a project in memory", () => inTab(async (tab) => {
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
      tab.store.keepTaught(tab.model());
      await tab.store.flush();
      await tab.store.takeOver(tab.project);
      outcomes.push([state, reason, count, loaded, tab.project.count, tab.store.state, tab.store.unsaved].join());
    }
    return outcomes;
  });
  assert.deepEqual(outcomes, Array(4).fill("memory,storage-unavailable,0,false,2,memory,true"));
}));

test("a full disk leaves what was stored, and says so; with room again all of it is stored", { skip: onlyChromium(DEVTOOLS) }, () => inTab(async (tab) => {
  const devtools = await tab.page.createCDPSession();
  const { origin } = server;
  await devtools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 2_000_000 });
  await tab.start();
  await tab.run(async (tab) => {
    tab.add(3);
    tab.store.keepTaught(tab.model());
    await tab.store.flush();
  });
  const full = await tab.run(async (tab) => {
    tab.store.keepTaught(tab.model(5_000_000, 8));
    await tab.store.flush();
    tab.add(1);
    await tab.store.flush();
    return { ...tab.look(), states: tab.states };
  });
  assert.deepEqual([full.state, full.reason, full.unsaved, full.count, full.states], ["memory", "storage-full", true, 4, ["storage-full"]]);
  assert.deepEqual(await tab.stored(), { count: 3, records: "project,revision,taught", labels: "0,1,2,3,4,5" });
  await devtools.send("Storage.overrideQuotaForOrigin", { origin });
  await tab.run(({ store, project }) => store.takeOver(project));
  assert.equal((await tab.look()).state, "writing");
  await tab.reload();
  const { count } = await tab.start();
  assert.deepEqual([count, await tab.run(({ loaded }) => loaded.taught.weights.size)], [4, 5_000_000]);
}));

test("another project in this one's place is stored whole", () => inTab(async (tab) => {
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
}));

test("storage of a later version is left alone", () => inTab(async (tab) => {
  await tab.start();
  await tab.run(async (tab) => {
    tab.add(3);
    await tab.store.flush();
  });
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
  await tab.run(async (tab) => {
    tab.add(1);
    await tab.store.flush();
  });
  assert.equal((await tab.stored()).count, 3);
}));

test("a database without its parts is worked without", () => inTab(async (tab) => {
  await tab.page.evaluate(() => new Promise((resolve) => {
    indexedDB.open("signet", 1).onsuccess = (event) => {
      resolve(/** @type {IDBOpenDBRequest} */ (event.target).result.close());
    };
  }));
  const { state, reason, loaded } = await tab.start();
  assert.deepEqual([state, reason, loaded], ["memory", "storage-unavailable", false]);
}));

test("damaged records are named and left out, and the rest is there", () => inTab(async (tab) => {
  await tab.start();
  await tab.run(async (tab) => {
    tab.add(3);
    tab.store.keepTaught(tab.model());
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
  assert.deepEqual(await tab.run(({ loaded }) => [loaded.taught, loaded.interrupted]), [null, null]);
  await tab.run(async (tab) => {
    tab.add(1);
    await tab.store.flush();
  });
  assert.deepEqual(await tab.stored(), { count: 4, records: "project,revision", labels: "0,1,2,3,4,5" }, "the next write removes them");
}));

/** @type {[string, (project: any) => unknown, string][]} */
const DAMAGED_PROJECTS = [
  ["is gone", () => undefined, "Class 1,Class 2"],
  ["is text", () => "garbage", "Class 1,Class 2"],
  ["has settings out of range", (project) => ({ ...project, settings: { epochs: -1 } }), "0,1,2,3,4,5"],
  ["has lost a class", (project) => ({ ...project, classes: [null, ...project.classes.slice(1)] }), "1,2,3,4,5,Class 6"],
];
for (const [name, damage, labels] of DAMAGED_PROJECTS) {
  test(`samples outlive a project record that ${name}`, () => inTab(async (tab) => {
    await tab.start();
    await tab.run(async (tab) => {
      tab.add(3, "0");
      tab.add(2, "1");
      await tab.store.flush();
    });
    await tab.page.evaluate(`tab.damage((_, records) => {
      const damaged = (${damage})(tab.project.snapshot());
      if (damaged === undefined) records.delete("project");
      else records.put(damaged, "project");
    })`);
    await tab.reload();
    const found = await tab.start();
    assert.deepEqual([found.state, found.count, found.labels], ["writing", 5, labels]);
    assert.deepEqual(found.refused, name === "is gone" ? [] : ["project"]);
  }));
}
