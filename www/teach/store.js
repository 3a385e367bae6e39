// Stores the project in this browser. One tab writes at a time; a store that can't write says why.
import { newId } from "../library/limits.js";
import { SignetError } from "../recognizer/errors.js";
import { TabLock } from "./lock.js";
import { Project } from "./project.js";
import { Conflict, asStorageError, openDatabase, readStored, writeStored } from "./stored.js";

/** @import { ErrorCode } from "../recognizer/errors.js" */
/** @import { FineTunedModel, Interrupted } from "./fine-tuned.js" */
/** @import { Loaded, Stored } from "./stored.js" */

/**
 * `other-tab`: another tab has the project, or has changed it since it was loaded here; nothing is written from
 * here. `memory`: nothing can be written, see `reason`.
 * @typedef {"writing" | "other-tab" | "memory"} StoreState
 */

const VERSION = 1;

/** A browser's part that may be missing, or refuse to be looked at. @template T @param {() => T} read */
function available(read) {
  try {
    return read();
  } catch {
    return null;
  }
}

/** The bytes of a training's save. @param {Interrupted | null} training */
const sizeOf = (training) => training?.checkpoint.size ?? 0;

/** As far as the browser tells. @param {number} bytes */
async function hasRoomFor(bytes) {
  const { quota = Infinity, usage = 0 } = (await globalThis.navigator?.storage?.estimate().catch(() => null)) ?? {};
  return usage + bytes <= quota;
}

export class Store {
  /** @type {IDBDatabase | null} */
  #database = null;
  #lock;
  /** @type {StoreState} */
  state = "memory";
  /** Why the state is `memory`. @type {ErrorCode | null} */
  reason = "storage-unavailable";
  #events = new EventTarget();
  /** @type {Project | null} */
  #project = null;
  /** The samples as they are stored. @type {Stored["classOf"]} */
  #classOf = new Map();
  /** Names the stored content that this tab knows. Every write checks it, so that none overwrites another tab's. @type {unknown} */
  #revision;
  /** Whether an interrupted training was kept back, because the other tab might have been at it. */
  #withheld = false;
  /** Records that were damaged and go with the next write. @type {string[]} */
  #refused = [];
  /** Records to write. @type {Set<"project" | "taught" | "training">} */
  #dirty = new Set();
  /** @type {FineTunedModel | null} */
  #fineTuned = null;
  /** Let go of when it is stored: it can be several times as large as the model. @type {Interrupted | null} */
  #training = null;
  /** The bytes of the save that is stored, whose room the next one gets. */
  #storedSave = 0;
  /** Whether the next write replaces everything, whoever wrote it. */
  #replaces = false;
  #queued = false;
  #busy = false;
  #last = Promise.resolve();

  /** @param {LockManager | null | undefined} locks */
  constructor(locks) {
    this.#lock = new TabLock(locks, {
      onGranted: () => void this.#resume(),
      onLost: () => this.#become("other-tab"),
    });
  }

  /**
   * Never throws: what can't be opened is worked without.
   * @param {object} [parts]
   * @param {IDBFactory | null} [parts.indexedDB]
   * @param {LockManager | null} [parts.locks]
   * @param {number} [parts.limitMs] how long the browser may take to open its storage
   */
  static async open({
    indexedDB = available(() => globalThis.indexedDB),
    locks = available(() => navigator.locks),
    limitMs = 10_000,
  } = {}) {
    const store = new Store(locks);
    try {
      const database = await openDatabase(indexedDB, VERSION, limitMs);
      // A later version of the page, in another tab, waits for this connection to go.
      database.onversionchange = ({ newVersion }) => {
        store.#fail(new SignetError(newVersion === null ? "storage-unavailable" : "storage-newer", "the database changes"));
      };
      database.onclose = () => store.#fail(new SignetError("storage-unavailable", "the browser closed the database"));
      store.#database = database;
      store.#become(await store.#lock.take() ? "writing" : "other-tab");
    } catch (thrown) {
      store.#fail(thrown);
    }
    return store;
  }

  /** Whether something has changed that isn't stored. */
  get unsaved() {
    return this.#dirty.size > 0 || this.#queued || this.#busy;
  }

  /** @param {(store: Store) => void} listener called after each change of the state */
  onState(listener) {
    this.#events.addEventListener("state", () => listener(this));
  }

  /**
   * @param {(loaded: Loaded | null) => void} listener called when another tab, now gone, has left newer content or an
   *   interrupted training, and nothing was changed here. The followed project has it already, the models are the listener's.
   */
  onReload(listener) {
    this.#events.addEventListener("reload", (event) => listener(/** @type {CustomEvent} */ (event).detail));
  }

  /**
   * What is stored, or null. An interrupted training is not given out while another tab may be at it.
   * To be called once, before `follow`.
   */
  async load() {
    if (!this.#database) return null;
    try {
      const loaded = this.#adoptStored(await readStored(this.#database));
      this.#withheld = this.state === "other-tab" && Boolean(loaded?.interrupted);
      return this.#withheld && loaded ? { ...loaded, interrupted: null } : loaded;
    } catch (thrown) {
      this.#fail(thrown);
      return null;
    }
  }

  /** Saves the project's changes from now on. @param {Project} project */
  follow(project) {
    if (this.#project === project) return;
    this.#project?.removeEventListener("change", this.#onChange);
    this.#project = project;
    project.addEventListener("change", this.#onChange);
  }

  /** @param {FineTunedModel | null} fineTuned */
  keepFineTuned(fineTuned) {
    this.#fineTuned = fineTuned;
    this.#touch("taught");
  }

  /** @param {Interrupted | null} interrupted null when a training has come to its end */
  keepTraining(interrupted) {
    this.#training = interrupted;
    this.#touch("training");
  }

  /** Resolves when everything is stored, or it is known that it can't be. Never rejects. */
  flush() {
    if (!this.#queued) {
      this.#queued = true;
      this.#last = this.#last.then(() => this.#write());
    }
    return this.#last;
  }

  /**
   * The person decides that this tab's version is the one that is kept; the other tab stops writing. After
   * `storage-full` it tries again to store what is not.
   * @param {Project} project
   */
  async takeOver(project) {
    this.follow(project);
    if (!this.#database) return;
    await this.#lock.steal();
    // After `storage-full` everything that is there is this tab's own: a training's save, which only lies there, stays.
    if (this.reason !== "storage-full") {
      this.#replaces = true;
      this.#dirty = new Set(["project", "taught", "training"]);
    }
    this.#become("writing");
    await this.flush();
  }

  #onChange = () => this.#touch("project");

  /**
   * Written at once: nothing can be written any more when the page is being left. One write takes many changes.
   * @param {"project" | "taught" | "training"} record
   */
  #touch(record) {
    this.#dirty.add(record);
    void this.flush();
  }

  /** @param {Stored} stored */
  #adoptStored({ revision, classOf, loaded }) {
    this.#revision = revision;
    this.#classOf = classOf;
    this.#refused = loaded?.refused.filter((name) => !name.includes("/")) ?? [];
    this.#fineTuned = loaded?.fineTuned ?? null;
    this.#training = null;
    this.#storedSave = sizeOf(loaded?.interrupted ?? null);
    return loaded;
  }

  /** @param {StoreState} state @param {ErrorCode | null} [reason] */
  #become(state, reason = null) {
    if (state === this.state && reason === this.reason) return;
    Object.assign(this, { state, reason });
    this.#events.dispatchEvent(new Event("state"));
  }

  /** From here on in memory. What was stored before stays as it is. @param {unknown} thrown */
  #fail(thrown) {
    const error = asStorageError(thrown);
    if (error.code !== "storage-full") {
      this.#database?.close();
      this.#database = null;
      this.#lock.release();
    }
    console.info("Signet works without storing:", error);
    this.#become("memory", error.code);
  }

  /** The lock came free. Whose content goes on depends on what either tab has changed. */
  async #resume() {
    if (!this.#database) return this.#lock.release();
    try {
      const stored = await readStored(this.#database);
      const newer = stored.revision !== this.#revision;
      if (newer || (this.#withheld && !this.unsaved)) {
        // Both have changed something: only the person can choose, by takeOver or by loading the page again.
        if (this.unsaved) return this.#lock.release();
        this.#withheld = false;
        const loaded = this.#adoptStored(stored);
        this.#project?.replaceWith(loaded ? Project.restore(loaded.snapshot, loaded.samples) : Project.initial());
        this.#dirty.clear();
        this.#events.dispatchEvent(new CustomEvent("reload", { detail: loaded }));
      }
      this.#become("writing");
      await this.flush();
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  /** A training's save finds no room, and is worth less than samples that would: an older save stays. @param {Interrupted} training */
  #giveUpSave(training) {
    if (this.#training !== training) return; // a newer one has come, or the training has ended
    this.#training = null;
    this.#dirty.delete("training");
  }

  /** Everything that differs from what is stored. */
  async #write() {
    this.#queued = false;
    const save = this.#training;
    // A write that was refused keeps its room for half a minute, in which nothing else would find any.
    if (save && !(await hasRoomFor(sizeOf(save) - this.#storedSave))) this.#giveUpSave(save);
    if (!this.#database || this.state !== "writing") return;
    const dirty = this.#dirty;
    if (dirty.size === 0) return;
    this.#dirty = new Set();
    this.#busy = true;
    const [replaces, training] = [this.#replaces, this.#training];
    const before = replaces ? new Map() : this.#classOf;
    const samples = [...(this.#project?.samples() ?? [])];
    /** @type {Stored["classOf"]} */
    const classOf = this.#project ? new Map(samples.map(({ id, classId }) => [id, classId])) : before;
    /** @type {Map<string, unknown>} */
    const records = new Map(this.#refused.map((name) => [name, null]));
    // The project with every write: a sample never lies there without its class.
    if (this.#project) records.set("project", this.#project.snapshot());
    if (dirty.has("taught")) records.set("taught", this.#fineTuned);
    if (dirty.has("training")) records.set("training", training);
    const revision = newId();
    try {
      await writeStored(this.#database, {
        expected: this.#revision,
        replaces,
        revision,
        put: samples.filter(({ id, classId }) => before.get(id) !== classId),
        remove: [...before.keys()].filter((key) => !classOf.has(key)),
        records,
      });
      this.#revision = revision;
      this.#classOf = classOf;
      this.#refused = [];
      this.#replaces &&= !replaces;
      if (dirty.has("training")) this.#storedSave = sizeOf(training);
      if (this.#training === training) this.#training = null;
    } catch (thrown) {
      for (const name of dirty) this.#dirty.add(name);
      if (thrown instanceof Conflict) {
        this.#lock.release();
        this.#become("other-tab");
      } else if (training && asStorageError(thrown).code === "storage-full") {
        console.info("Signet does not store the training under way:", thrown);
        this.#giveUpSave(training);
        void this.flush();
      } else {
        this.#fail(thrown);
      }
    } finally {
      this.#busy = false;
    }
  }
}
