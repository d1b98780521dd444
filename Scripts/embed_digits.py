"""Writes Sources/HearthVision/Datasets/DigitsBytes.swift from the digits as a gzip CSV.

    python3 Scripts/embed_digits.py digits.csv.gz

Each row of the file is 64 pixels from 0 to 16 and the class. The bytes of all images, then those of all labels, are
compressed with zlib and written in base64.
"""

import base64
import gzip
import sys
import textwrap
import zlib
from pathlib import Path

TARGET = Path(__file__).parent.parent / "Sources/HearthVision/Datasets/DigitsBytes.swift"

rows = [bytes(map(int, line.split(b","))) for line in gzip.open(sys.argv[1])]
assert all(len(row) == 65 and max(row[:64]) <= 16 and row[64] < 10 for row in rows)
content = b"".join(row[:64] for row in rows) + bytes(row[64] for row in rows)
text = textwrap.fill(base64.b64encode(zlib.compress(content, 9)).decode(), 116)
TARGET.write_text(
    f'''// Written by Scripts/embed_digits.py; not to be edited.
//
// Optical Recognition of Handwritten Digits, test set, by E. Alpaydin and C. Kaynak, 1998, UCI Machine Learning
// Repository (https://doi.org/10.24432/C50P49), licensed under CC BY 4.0
// (https://creativecommons.org/licenses/by/4.0/). Unchanged but for the encoding.

/// The digits' bytes: `count` images of 64 pixels from 0 to 16, then `count` labels; zlib, in base64.
enum DigitsBytes {{
    static let count = {len(rows)}
    static let base64 = """
{textwrap.indent(text, "        ")}
        """
}}
'''
)
