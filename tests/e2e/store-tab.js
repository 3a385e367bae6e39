// A page that has nothing in it but the project's store, which the tests drive themselves, in as many tabs as they like.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { launch, visit } from "./browser.js";
import { TestServer } from "./server.js";

/** @typedef {import("puppeteer-core").Browser} Browser */
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

/**
 * Asks until the answer is the expected one.
 * @param {() => Promise<unknown>} ask
 * @param {unknown} expected
 */
export async function becomes(ask, expected) {
  const end = Date.now() + 10_000;
  for (;;) {
    const found = await ask();
    if (JSON.stringify(found) === JSON.stringify(expected)) return;
    if (Date.now() > end) assert.deepEqual(found, expected);
    await new Promise((next) => setTimeout(next, 50));
  }
}

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

/** The page's server and a browser for the tests of one file, gone after them. */
export function storeWorld() {
  const server = new TestServer();
  /** @type {Browser} */
  let browser;
  before(async () => {
    await server.resume();
    const answer = (/** @type {string} */ type, /** @type {string} */ body) => (
      (/** @type {unknown} */ _, /** @type {import("node:http").ServerResponse} */ response) => (
        void response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store" }).end(body)));
    server.replace("/empty.html", answer("text/html", EMPTY_PAGE));
    server.replace("/tab.js", answer("text/javascript", TAB));
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server.stop();
  });
  /**
   * @param {(tab: Tab) => Promise<void>} body
   * @param {import("./browser.js").VisitOptions} [options]
   */
  const inTab = (body, options = {}) => visit(browser, server, { query: "empty.html", ...options }, async ({ page }) => {
    const tab = new Tab(page);
    await tab.ready();
    await body(tab);
  });
  return { server, inTab };
}
