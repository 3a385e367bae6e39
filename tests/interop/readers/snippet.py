"""Runs the Python of a document as it stands: `DOCUMENT.md PICTURE ...`, in the folder that holds its model. The first
block of Python defines `classify`, whose answer for each picture is printed in JSON."""

import json
import re
import sys

document, *pictures = sys.argv[1:]
with open(document, encoding="utf-8") as file:
    code = re.search(r"```python\n(.*?)```", file.read(), re.DOTALL).group(1)
names = {"__name__": "snippet"}
exec(compile(code, document, "exec"), names)
print(json.dumps([names["classify"](path) for path in pictures]))
