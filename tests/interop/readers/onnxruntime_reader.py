"""What onnxruntime answers: `MODEL.onnx INPUTS.rgb`, JSON out. Of an int8 file also without dequantizing on every run."""

import json
import sys

import numpy
import onnxruntime

BATCH = 32


def session(model, entries={}):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    for name, value in entries.items():
        options.add_session_config_entry(name, value)
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def outputs(session, pixels):
    names = [output.name for output in session.get_outputs()]
    batches = [session.run(names, {"pixels": pixels[at : at + BATCH]}) for at in range(0, len(pixels), BATCH)]
    return {name: numpy.concatenate(parts).tolist() for name, parts in zip(names, zip(*batches)) if name != "features"}


model, inputs = sys.argv[1:]
rgb = numpy.fromfile(inputs, dtype=numpy.uint8).reshape(-1, 64, 64, 3)
pixels = numpy.ascontiguousarray(rgb.transpose(0, 3, 1, 2)).astype(numpy.float32) / 255
plain = session(model)
features = plain.run(["features"], {"pixels": pixels[:2]})[0]
kept = session(model, {"session.disable_quant_qdq": "1"})
print(
    json.dumps(
        {
            "outputs": outputs(plain, pixels),
            "kept": outputs(kept, pixels),
            "features": list(features.shape),
            "metadata": plain.get_modelmeta().custom_metadata_map,
            "inputs": [[value.name, value.shape] for value in plain.get_inputs()],
        }
    )
)
