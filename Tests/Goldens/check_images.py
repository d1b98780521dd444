"""Reads with PIL the pictures that PNGWritingTests wrote, and compares them with what was meant.

    mkdir /tmp/pictures
    HEARTH_WRITTEN=/tmp/pictures swift test -c release --disable-testable-imports --filter PNGWritingTests
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

others = 0
for file in sorted(WRITTEN.glob("picture_*")):
    if file.suffix not in (".bmp", ".pgm", ".ppm", ".jpg", ".deep"):
        continue
    others += 1
    with Image.open(file) as image:
        found = np.asarray(image if file.suffix == ".deep" or image.mode == "L" else image.convert("RGB"))
    found = found[None] if found.ndim == 2 else found.transpose(2, 0, 1)
    if file.suffix == ".deep":
        meant = np.load(str(file) + ".npy")
        # PIL keeps the upper half of colours.
        meant = meant >> 8 if len(meant) == 3 else meant
    else:
        meant = np.load(file.with_suffix(".npy"))
        # Bitmaps always have colours.
        meant = np.broadcast_to(meant, found.shape) if file.suffix == ".bmp" else meant
    if file.suffix == ".jpg":
        # Colours are kept at half the resolution, so noise is not.
        difference = np.abs(found.astype(int) - meant).mean()
        assert found.shape == meant.shape and ("noise" in file.name or difference < 12), (file, difference)
    else:
        assert np.array_equal(found, meant), file
print(f"{others} pictures of other kinds are as they were meant")
