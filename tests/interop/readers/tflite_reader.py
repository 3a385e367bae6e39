"""What a TFLite file answers by the Python of a document: `DOCUMENT.md INPUTS.rgb`, JSON out, in the folder that holds the model.
The document's block of Python that opens a `.tflite` defines `answer`, which is asked about each picture."""

import json
import re
import sys

import numpy

document, inputs = sys.argv[1:]
with open(document, encoding="utf-8") as file:
    blocks = re.findall(r"```python\n(.*?)```", file.read(), re.DOTALL)
names = {"__name__": "snippet"}
exec(compile(next(block for block in blocks if ".tflite" in block), document, "exec"), names)
pixels = numpy.fromfile(inputs, dtype=numpy.uint8).reshape(-1, 64, 64, 3).astype(numpy.float32) / 255
rows = [names["answer"](picture) for picture in pixels]
print(json.dumps({name: [row[name].tolist() for row in rows] for name in rows[0]}))
