// The same weights outside of the browser, as far as there is something to run them.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { env } from "node:process";
import { MODEL_PATH, ROOT, WWW } from "../e2e/server.js";
import { FOLDER } from "./prepare.js";

/** @typedef {{ skipped: string } | { result: unknown }} Native */

const SIGNET = `${ROOT}target/release/signet`;
const PYTHON = env["PYTHON"] ?? "python3";

/** @param {string} command @param {string[]} given @returns {Native} what it answers in JSON */
function answer(command, given) {
  try {
    return { result: JSON.parse(execFileSync(command, given, { stdio: ["ignore", "pipe", "pipe"] }).toString("utf8")) };
  } catch (thrown) {
    return { skipped: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** @param {string} modules that it imports @param {...string} given @returns {Native} */
function python(modules, ...given) {
  if (spawnSync(PYTHON, ["-c", `import ${modules}`]).status !== 0) return { skipped: `${PYTHON} has no ${modules}` };
  return answer(PYTHON, [`${ROOT}tests/bench/native.py`, ...given]);
}

/** @returns {Record<string, Native>} */
export function nativeRuns() {
  return {
    signet: existsSync(SIGNET) ? answer(SIGNET, ["bench", "--weights", `${WWW}${MODEL_PATH}`, "--json"])
      : { skipped: "target/release/signet is not built" },
    onnxruntime: python("numpy, onnxruntime", "onnxruntime", `${FOLDER}/model.onnx`, `${FOLDER}/squares.rgba`),
    torch: python("torch", "torch"),
  };
}
