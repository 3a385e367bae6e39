// The header's status line, and what is said of storage at the foot of the answer.
import { messages, say } from "../i18n/language.js";
import { element, part, passFocus } from "./dom.js";
import { announce, showError } from "./notices.js";

/** @import { Choice } from "../recognizer/backends.js" */
/** @import { ErrorCode } from "../recognizer/errors.js" */
/** @typedef {Partial<Record<ErrorCode, string>>} Reasons */

const status = part("[data-testid=status]");
const text = part(".status-text");
const reason = part(".status-reason");
const bar = element(".status-progress", HTMLProgressElement);

/** @param {import("../recognizer/weights.js").Progress} progress */
export function showProgress({ loaded, total, waiting }) {
  say(text, () => (waiting ? messages.status.waiting : messages.status.progress)(loaded, total));
  bar.hidden = false;
  bar.value = loaded / total;
}

/** The bytes are here; building the network from them takes a moment. */
export function showPreparing() {
  say(text, () => messages.status.preparing);
  bar.hidden = true;
}

/** @param {Choice} choice */
export function showBackend(choice) {
  if (status.dataset.state === "loading") announce(messages.status.ready);
  status.dataset.backend = choice.backend;
  if (status.dataset.state !== "busy") status.dataset.state = "ready";
  bar.hidden = true;
  const { backend, latencyMs, threads } = choice;
  if (backend === "cpu") status.dataset.threads = String(threads);
  else delete status.dataset.threads;
  say(text, () => {
    const name = backend === "webgpu" ? "WebGPU" : threads > 1 ? messages.backend.withThreads("CPU", threads) : "CPU";
    return latencyMs === null ? name : messages.backend.withTime(name, latencyMs);
  });
  say(reason, () => reasonLine(choice));
}

/** Why this backend serves, and with a single thread where more have failed. @param {Choice} choice */
function reasonLine(choice) {
  const why = reasonOf(choice);
  // A host that lacks the module is no failure.
  const haveFailed = choice.backend === "cpu" && choice.threadsError !== undefined && choice.threadsError !== "module-missing";
  return haveFailed ? messages.backend.withoutThreads(why) : why;
}

/** @param {Choice} choice */
function reasonOf({ backend, otherMs = 0, lost, reason }) {
  const { checking, forced, faster, slower, untried } = messages.backend;
  if (reason === "checking") return checking;
  if (reason === "forced") return forced(`?backend=${backend}`);
  if (reason === "faster") return faster(otherMs);
  if (reason === "slower") return slower(otherMs);
  /** @type {{ gpuLost: Reasons, withoutGpu: Reasons }} */
  const { gpuLost, withoutGpu } = messages.backend;
  return (lost && gpuLost[reason]) || (withoutGpu[reason] ?? untried);
}

/** @param {"cpu" | "webgpu"} backend */
export function showStarting(backend) {
  Object.assign(status.dataset, { backend, state: "loading" });
}

/** @param {boolean} busy */
export function showBusy(busy) {
  if (["ready", "busy"].includes(status.dataset.state ?? "")) status.dataset.state = busy ? "busy" : "ready";
}

/** The page can't recognize anything, for the whole of this visit. @param {unknown} thrown */
export function showFailedStart(thrown) {
  status.dataset.state = "error";
  bar.hidden = true;
  say(text, () => messages.status.notReady);
  say(reason, "");
  showError(thrown);
}

/** @param {{ bytes: number, source: "download" | "storage" | "removed", stored: boolean }} model */
export function showStorage({ bytes, source, stored }) {
  const kind = source === "storage" ? "found" : source === "removed" ? source : stored ? "kept" : "downloaded";
  say(part("#storage-line"), () => messages.storage[kind](bytes));
  if (!stored) passFocus(part("#storage-remove"), part("#storage-line"));
  part("#storage-remove").hidden = !stored;
  say(part("#storage-remove"), () => messages.storage.remove(bytes));
  if (!stored) showOffline("no");
}

/** Whether the page can do without a network; `outdated`: it can, and a newer version waits. @param {"no" | "available" | "outdated"} state */
export function showOffline(state) {
  part("#offline-line").hidden = state === "no";
  say(part("#offline-line"), state === "no" ? "" : () => messages.storage.offline[state]);
}
