// The memory of Chromium's processes, as Linux counts it.
import { readFileSync, readdirSync } from "node:fs";

const POLL_MS = 50;

/**
 * What a process holds in main memory, in bytes: all of it, and the part that is its own, which is all but the pages of
 * files. Those are Chromium's code, which every process of the browser has resident and which is there once.
 * @typedef {{ resident: number, own: number }} Held
 */

/** Watches the largest renderer among a process's descendants, which is that of the page with its workers. */
export class MemoryWatch {
  #root;
  /** @type {number[]} */
  #seen = [];
  #timer;

  /** @param {number} root the browser's process id @param {{ everyMs?: number }} [options] */
  constructor(root, { everyMs = POLL_MS } = {}) {
    this.#root = root;
    this.#timer = setInterval(() => this.#seen.push(this.now()), everyMs);
  }

  /** What the page holds now; nothing where there is no /proc. @returns {Held} */
  held() {
    const all = descendants(this.#root).filter(isRenderer).map(held);
    return all.reduce((most, one) => (one.resident > most.resident ? one : most), { resident: 0, own: 0 });
  }

  /** Resident bytes now. */
  now() {
    return this.held().resident;
  }

  /** The most since the last call, and a new start. */
  takePeak() {
    return this.#take().at(-1) ?? 0;
  }

  /** What was there half of the time since the last call, and a new start. */
  takeMedian() {
    const seen = this.#take();
    return seen[seen.length >> 1] ?? 0;
  }

  #take() {
    const seen = [...this.#seen, this.now()].sort((left, right) => left - right);
    this.#seen = [];
    return seen;
  }

  stop() {
    clearInterval(this.#timer);
  }
}

/** A process and all that it and its children have started. @param {number} root */
export function descendants(root) {
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const name of readProc()) {
    const pid = Number(name);
    const parent = parentOf(pid);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = [];
  const open = [root];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    open.push(...(children.get(pid) ?? []));
    found.push(pid);
  }
  return found;
}

function readProc() {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return []; // another system than Linux
  }
}

/** @param {number} pid */
function parentOf(pid) {
  // "PID (NAME) STATE PARENT ..."; a name may hold anything, so count from its end.
  const fields = read(`/proc/${pid}/stat`)?.split(") ").at(-1)?.split(" ");
  return fields ? Number(fields[1]) : undefined;
}

/** @param {number} pid */
function isRenderer(pid) {
  return read(`/proc/${pid}/cmdline`)?.includes("--type=renderer") ?? false;
}

/** @param {number} pid @returns {Held} */
function held(pid) {
  const status = read(`/proc/${pid}/status`) ?? "";
  const bytes = (/** @type {string} */ name) => 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0);
  return { resident: bytes("VmRSS"), own: bytes("RssAnon") + bytes("RssShmem") };
}

/** A process may end between two looks. @param {string} path */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
