"""onnxruntime's own speed on the benchmark's model: MODEL.onnx SQUARES.rgba, one thread, JSON out."""

import json
import statistics
import sys
import time

import numpy
import onnxruntime

WARM_UP = 40
RUNS = 50

model, squares = sys.argv[1:]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
rgba = numpy.fromfile(squares, dtype=numpy.uint8).reshape(-1, 64, 64, 4)
pixels = numpy.ascontiguousarray(rgba[..., :3].transpose(0, 3, 1, 2)).astype(numpy.float32) / 255


def summary(batch):
    def run():
        start = time.perf_counter()
        session.run(None, {"pixels": pixels[:batch]})
        return (time.perf_counter() - start) * 1000

    for _ in range(WARM_UP):
        run()
    times = [run() for _ in range(RUNS)]
    return {"median": statistics.median(times), "min": min(times), "max": max(times), "runs": RUNS}


print(json.dumps({"version": onnxruntime.__version__, "threads": 1, "batch 1": summary(1), "batch 8": summary(8)}))
