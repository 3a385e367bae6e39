// TFLite by onnx2tf from an ONNX file, as docs/python.md says: it answers as Signet does.
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { env } from "node:process";
import { test } from "node:test";
import { ROOT } from "../e2e/server.js";
import { FOLDER, NO_COMMAND, WEIGHTS, assertSame, noPython, ownAnswers, photos, pictures, pythonOf, run, signet } from "./support.js";

/** A Python with the packages of tflite.txt, named by whoever has it. */
const PYTHON = env["TFLITE_PYTHON"] ?? "";
const SKIP = NO_COMMAND || noPython("onnx2tf,tensorflow,ai_edge_litert", PYTHON, "name one that has tests/interop/tflite.txt in TFLITE_PYTHON");

test("onnx2tf makes a TFLite file of the ONNX file, and docs/python.md reads it", { skip: SKIP }, () => {
  const own = ownAnswers([...pictures(), ...photos()]);
  signet("export", "--weights", WEIGHTS, "--format", "onnx", "--out", "signet.onnx");
  const folder = join(FOLDER, "tflite");
  rmSync(folder, { recursive: true, force: true });
  run(PYTHON, ["-m", "onnx2tf", "-i", "signet.onnx", "-o", "tflite", "-n"]);
  console.log(`signet_float32.tflite: ${statSync(join(folder, "signet_float32.tflite")).size} bytes`);
  const outputs = JSON.parse(pythonOf(PYTHON, "tflite_reader.py", join(ROOT, "docs/python.md"), own.inputs));
  assertSame("TFLite", outputs, own.answers, { labels: 1, tolerance: 1e-4 });
});
