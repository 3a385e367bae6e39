// The memory of Chromium's processes, as Linux counts it.
import { readFileSync, readdirSync } from "node:fs";

const PAGE_BYTES = 4096;
const POLL_MS = 50;

/** Watches the largest renderer among a process's descendants, which is that of the page with its workers. */
export class MemoryWatch {
  #root;
  #peak = 0;
  #timer;

  /** @param {number} root the browser's process id */
  constructor(root) {
    this.#root = root;
    this.#timer = setInterval(() => { this.#peak = Math.max(this.#peak, this.now()); }, POLL_MS);
  }

  /** Resident bytes now; 0 where there is no /proc. */
  now() {
    return Math.max(0, ...renderers(this.#root).map(residentBytes));
  }

  /** The most since the last call, and a new start. */
  takePeak() {
    const peak = Math.max(this.#peak, this.now());
    this.#peak = 0;
    return peak;
  }

  stop() {
    clearInterval(this.#timer);
  }
}

/** @param {number} root */
function renderers(root) {
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
    if (read(`/proc/${pid}/cmdline`)?.includes("--type=renderer")) found.push(pid);
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
function residentBytes(pid) {
  return Number(read(`/proc/${pid}/statm`)?.split(" ")[1] ?? 0) * PAGE_BYTES;
}

/** A process may end between two looks. @param {string} path */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
