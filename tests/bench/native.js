// The same weights outside of the browser, as far as there is something to run them.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { env } from "node:process";
import { MODEL_PATH, ROOT, WWW } from "../e2e/server.js";
import { FOLDER } from "./prepare.js";

/** @typedef {{ skipped: string } | { result: unknown }} Native */

const SIGNET = `${ROOT}target/release/signet`;
const PYTHON = env["PYTHON"] ?? "python3";

/** `signet bench` is asked for JSON, and its answer is passed on. @returns {Native} */
function signet() {
  if (!existsSync(SIGNET)) return { skipped: "target/release/signet is not built" };
  if (spawnSync(SIGNET, ["bench", "--help"]).status !== 0) return { skipped: "this signet has no bench command" };
  return answer(SIGNET, ["bench", "--weights", `${WWW}${MODEL_PATH}`, "--json"]);
}

/** @param {string} modules that it imports @param {string} script @param {...string} given @returns {Native} */
function python(modules, script, ...given) {
  if (spawnSync(PYTHON, ["-c", `import ${modules}`]).status !== 0) return { skipped: `${PYTHON} has no ${modules}` };
  return answer(PYTHON, [`${ROOT}tests/bench/${script}`, ...given]);
}

/** @param {string} command @param {string[]} given @returns {Native} */
function answer(command, given) {
  try {
    return { result: JSON.parse(execFileSync(command, given, { stdio: ["ignore", "pipe", "pipe"] }).toString("utf8")) };
  } catch (thrown) {
    return { skipped: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** @returns {Record<string, Native>} */
export function nativeRuns() {
  return {
    signet: signet(),
    onnxruntime: python("numpy, onnxruntime", "native_onnx.py", `${FOLDER}/model.onnx`, `${FOLDER}/squares.rgba`),
    torch: python("torch", "native_torch.py"),
  };
}
