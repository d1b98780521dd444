"""Writes `printed.txt.gz` of HearthTensorTests: how NumPy prints arrays at PyTorch's settings (80 columns, the edges of what
has more than 1000 elements).

    python Tests/Goldens/make_printed.py

A case is a line `# dtype shape`, then the lines of `arange(count).reshape(shape)`, of float32 the remainder by 90 over 4, of
bool whether the number is a multiple of 3.
"""

import gzip
from pathlib import Path

import numpy as np

FILE = Path(__file__).parent.parent / "HearthTensorTests" / "Goldens" / "printed.txt.gz"
np.set_printoptions(linewidth=80, threshold=1000, edgeitems=3)
lines = []
for shape in ((2,), (26,), (27,), (40,), (1000,), (1001,), (2, 30), (3, 1, 25), (2, 2, 2, 21), (40, 40), (2, 600), (600, 2), (3, 20, 30)):
    for dtype in ("int64", "float32", "bool"):
        x = np.arange(np.prod(shape)).reshape(shape)
        x = x % 90 / 4 if dtype == "float32" else x % 3 == 0 if dtype == "bool" else x
        lines += ["# " + dtype + " " + ",".join(map(str, shape)), *str(x).split("\n")]
FILE.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), 9, mtime=0))
print(len(lines), "lines")
