"""Reads with PIL the pictures that PNGWritingTests wrote, and compares them with what was meant.

    mkdir /tmp/pictures
    HEARTH_WRITTEN=/tmp/pictures swift test -c release --filter PNGWritingTests
    HEARTH_WRITTEN=/tmp/pictures python Tests/Goldens/check_images.py
"""

import os
from pathlib import Path

import numpy as np
from PIL import Image

WRITTEN = Path(os.environ["HEARTH_WRITTEN"])

files = sorted(WRITTEN.glob("picture_*.png"))
assert files
for file in files:
    found = np.asarray(Image.open(file))
    found = found[None] if found.ndim == 2 else found.transpose(2, 0, 1)
    assert np.array_equal(found, np.load(file.with_suffix(".npy"))), file
print(f"{len(files)} pictures are equal")
