"""What onnx.checker says of files, with shape inference: one JSON object for each of `MODEL.onnx ...`."""

import json
import sys

import onnx

for path in sys.argv[1:]:
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    print(
        json.dumps(
            {
                "ir": model.ir_version,
                "opset": [[entry.domain, entry.version] for entry in model.opset_import],
                "nodes": [node.name for node in model.graph.node],
                "operations": sorted({node.op_type for node in model.graph.node}),
            }
        )
    )
