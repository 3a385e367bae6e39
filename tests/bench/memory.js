// The memory of Chromium's processes, as Linux counts it.
import { readFileSync, readdirSync } from "node:fs";
import { quantile } from "./statistics.js";

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
  constructor(root, { everyMs = 50 } = {}) {
    this.#root = root;
    this.#timer = setInterval(() => this.#seen.push(this.now()), everyMs);
  }

  /** What the page holds now; nothing where there is no /proc. @returns {Held} */
  held() {
    const renderers = descendants(this.#root).filter((pid) => read(`${pid}/cmdline`).includes("--type=renderer"));
    return renderers.map(heldBy).reduce((most, one) => (one.resident > most.resident ? one : most), { resident: 0, own: 0 });
  }

  /** Resident bytes now. */
  now() {
    return this.held().resident;
  }

  /** The most since the last call, and a new start. */
  takePeak() {
    return Math.max(...this.#take());
  }

  /** What was there half of the time since the last call, and a new start. */
  takeMedian() {
    return quantile(this.#take(), 0.5);
  }

  #take() {
    const seen = [...this.#seen, this.now()];
    this.#seen = [];
    return seen;
  }

  stop() {
    clearInterval(this.#timer);
  }
}

/** A process and all that it and its children have started. @param {number} root */
export function descendants(root) {
  const parents = new Map(processes().map((pid) => [pid, parentOf(pid)]));
  /** @param {number | undefined} pid @returns {boolean} */
  const isBelow = (pid) => pid === root || (pid !== undefined && isBelow(parents.get(pid)));
  return [...parents.keys()].filter(isBelow);
}

function processes() {
  try {
    return readdirSync("/proc").map(Number).filter((pid) => pid > 0);
  } catch {
    return []; // another system than Linux
  }
}

/** @param {number} pid */
function parentOf(pid) {
  // "PID (NAME) STATE PARENT ..."; a name may hold anything, so count from its end.
  const [, parent] = read(`${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];
  return parent ? Number(parent) : undefined;
}

/** @param {number} pid @returns {Held} */
function heldBy(pid) {
  const status = read(`${pid}/status`);
  const bytes = (/** @type {string} */ name) => 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0);
  return { resident: bytes("VmRSS"), own: bytes("RssAnon") + bytes("RssShmem") };
}

/** Nothing of a process that has ended between two looks. @param {string} path */
function read(path) {
  try {
    return readFileSync(`/proc/${path}`, "utf8");
  } catch {
    return "";
  }
}
