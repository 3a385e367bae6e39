// TFLite by onnx2tf from an ONNX file, as docs/python.md says: it answers as Signet does.
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../e2e/server.js";
import { FOLDER, NO_COMMAND, TENSORFLOW_PYTHON, WEIGHTS, assertSame, noPython, ownAnswers, photos, pictures, pythonOf, run, signet } from "./support.js";

const SKIP = NO_COMMAND || noPython("onnx2tf,tensorflow,ai_edge_litert", TENSORFLOW_PYTHON);

test("onnx2tf makes a TFLite file of the ONNX file, and docs/python.md reads it", { skip: SKIP }, () => {
  const own = ownAnswers([...pictures(), ...photos()]);
  signet("export", "--weights", WEIGHTS, "--format", "onnx", "--out", "signet.onnx");
  const folder = join(FOLDER, "tflite");
  rmSync(folder, { recursive: true, force: true });
  run(TENSORFLOW_PYTHON, ["-m", "onnx2tf", "-i", "signet.onnx", "-o", "tflite", "-n"]);
  console.log(`signet_float32.tflite: ${statSync(join(folder, "signet_float32.tflite")).size} bytes`);
  const outputs = JSON.parse(pythonOf(TENSORFLOW_PYTHON, "tflite_reader.py", join(ROOT, "docs/python.md"), own.inputs));
  assertSame("TFLite", outputs, own.answers, { labels: 1, tolerance: 1e-4 });
});
