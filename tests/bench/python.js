// Python, for what onnxruntime and PyTorch have nowhere else.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { env } from "node:process";
import { ROOT } from "../e2e/server.js";

/** Where scripts/test.sh interop installs onnxruntime. */
const INSTALLED = `${ROOT}target/interop/python/bin/python`;
const PYTHON = env["PYTHON"] ?? (existsSync(INSTALLED) ? INSTALLED : "python3");

/**
 * What a script of this folder prints, or why it can't run.
 * @param {string} modules that it imports
 * @param {string} script
 * @param {...string} given
 * @returns {{ skipped: string } | { printed: string }}
 */
export function python(modules, script, ...given) {
  if (spawnSync(PYTHON, ["-c", `import ${modules}`]).status !== 0) return { skipped: `${PYTHON} has no ${modules}` };
  return { printed: execFileSync(PYTHON, [`${ROOT}tests/bench/${script}`, ...given], { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" }) };
}
