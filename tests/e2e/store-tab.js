// A page that has nothing in it but the project's store, which the tests drive themselves, in as many tabs as they like.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { testWorld } from "./browser.js";
import { answering } from "./server.js";

/** @typedef {import("puppeteer-core").Page} Page */

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
    const { labels, training: { ids, labels: indexes } } = project.dataset();
    const none = { ids: [], labels: new Uint32Array(0) };
    return { checkpoint: new Blob(["on its way"]), fingerprint: project.fingerprint(), history: [],
      settings: project.settings, set: { labels, training: { ids, labels: indexes }, validation: none } };
  };
  globalThis.tab = {
    Project, openProject, saveProject, pixels, model, training,
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
    async fill(count, label, records) {
      this.add(count, label);
      if (records.includes("taught")) this.store.keepFineTuned(this.model());
      if (records.includes("training")) this.store.keepTraining(this.training(this.project));
      await this.store.flush();
      return this.look();
    },
    look() {
      const { store: { state, reason, unsaved }, project, loaded } = this;
      return { state, reason, unsaved, count: project.count, labels: project.classes.map(({ label }) => label).join(),
        loaded: loaded !== null, refused: loaded?.refused ?? [] };
    },
    /** What of a project has to outlive a reload. */
    content(project) {
      const rock = project.classes.find(({ label }) => label.includes("rock"));
      return { fingerprint: project.fingerprint(), snapshot: JSON.stringify(project.snapshot()),
        shades: project.samplesOf(rock.id).map((sample) => sample.pixels[0]).join() };
    },
    /** Another connection to the database. */
    open(version) {
      return new Promise((resolve, reject) => {
        const request = indexedDB.open("signet", version);
        request.onsuccess = () => resolve(request.result);
        request.onerror = request.onblocked = () => reject(request.error);
      });
    },
    /** What lies in the database. */
    async stored() {
      const database = await this.open();
      try {
        const samples = await read(database, "readonly", (store) => store.getAllKeys());
        const records = await read(database, "readonly", (_, store) => store.getAllKeys());
        const project = await read(database, "readonly", (_, store) => store.get("project"));
        return { count: samples.length, records: records.join(), labels: project?.classes.map(({ label }) => label).join() };
      } finally {
        database.close();
      }
    },
    /** Has a training's save of so many bytes stored, and tells how large the one is that is there. */
    async save(bytes) {
      this.store.keepTraining({ ...this.training(this.project), checkpoint: new Blob([new Uint8Array(bytes)]) });
      await this.store.flush();
      await this.store.flush(); // a refused one is given up in a second write
      const database = await this.open();
      const stored = await read(database, "readonly", (_, records) => records.get("training"));
      database.close();
      return stored?.checkpoint.size ?? 0;
    },
    /** Changes the database behind the store's back. */
    async damage(work) {
      const database = await this.open();
      await read(database, "readwrite", work);
      database.close();
    },
  };
  document.title = "Ready";`;

/** Asks until the answer is the expected one. @param {() => Promise<unknown>} ask @param {unknown} expected */
export async function becomes(ask, expected) {
  const end = Date.now() + 10_000;
  for (;;) {
    const found = await ask();
    if (JSON.stringify(found) === JSON.stringify(expected)) return;
    if (Date.now() > end) assert.deepEqual(found, expected);
    await new Promise((next) => setTimeout(next, 50));
  }
}

/** Holds a part of what was found to what is expected of it. @param {object} found @param {object} expected */
export const like = (found, expected) => assert.deepEqual(part(found, expected), expected);

/** @param {Record<string, any>} found @param {object} expected */
const part = (found, expected) => Object.fromEntries(Object.keys(expected).map((key) => [key, found[key]]));

export class Tab {
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

  /** @template T @param {(tab: any) => T | Promise<T>} work runs in the page @returns {Promise<T>} */
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

  /** Waits until it looks as expected. @param {object} expected */
  becomes(expected) {
    return becomes(async () => part(await this.look(), expected), expected);
  }

  /** How many locks the tabs hold. */
  locks() {
    return this.page.evaluate(async () => (await navigator.locks.query()).held?.length);
  }

  /** Adds so many samples to a class, a model or an interrupted training, has them stored, and looks. @param {number} count @param {string} [label] @param {("taught" | "training")[]} [records] */
  fill(count, label = "0", records = []) {
    return /** @type {Promise<any>} */ (this.page.evaluate(`tab.fill(${count}, ${JSON.stringify(label)}, ${JSON.stringify(records)})`));
  }

  /** Writes from now on, as a person decides. */
  takeOver() {
    return this.run(({ store, project }) => store.takeOver(project));
  }

  stored() {
    return this.run((tab) => tab.stored());
  }
}

/** The page's server and a browser for the tests of one file, gone after them. */
export async function storeWorld() {
  const { server, visit } = await testWorld();
  beforeEach(() => {
    server.replace("/empty.html", answering(EMPTY_PAGE, "text/html"));
    server.replace("/tab.js", answering(TAB));
  });
  /** A test in such a tab. @param {string} name @param {import("./browser.js").TestOptions} options @param {(tab: Tab) => Promise<void>} body */
  const tabTest = (name, { skip = false, ...options }, body) => test(name, { skip }, () => (
    visit({ query: "empty.html", ...options }, async ({ page }) => {
      const tab = new Tab(page);
      await tab.ready();
      await body(tab);
    })));
  return { server, tabTest };
}
