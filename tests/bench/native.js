// The same weights outside of the browser, as far as there is something to run them.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { MODEL_PATH, ROOT, WWW } from "../e2e/server.js";
import { FOLDER } from "./prepare.js";
import { python } from "./python.js";

/** @typedef {{ skipped: string } | { result: unknown }} Native */

const SIGNET = `${ROOT}target/release/signet`;

/** What a run answers in JSON. @param {() => { skipped: string } | { printed: string }} run @returns {Native} */
function answer(run) {
  try {
    const done = run();
    return "skipped" in done ? done : { result: JSON.parse(done.printed) };
  } catch (thrown) {
    return { skipped: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function signet() {
  if (!existsSync(SIGNET)) return { skipped: "target/release/signet is not built" };
  return { printed: execFileSync(SIGNET, ["bench", "--weights", `${WWW}${MODEL_PATH}`, "--json"], { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" }) };
}

/** @returns {Record<string, Native>} */
export function nativeRuns() {
  return {
    signet: answer(signet),
    onnxruntime: answer(() => python("numpy, onnxruntime", "native.py", "onnxruntime", `${FOLDER}/model.onnx`, `${FOLDER}/squares.rgba`)),
    torch: answer(() => python("torch", "native.py", "torch")),
  };
}
