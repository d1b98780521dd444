"""Writes Sources/HearthReport/Drawing/RobotoBytes.swift: the outlines that charts are lettered with in PNG files.

    python3 Scripts/embed_font.py Roboto-Regular.ttf        (needs fonttools)

Latin letters, signs and Greek of Roboto Regular, without hints and kerning, compressed with gzip, in base64. Numbers are
of 7 bits a byte, the lowest first, with the top bit set where more follow; those with a sign have it as their lowest bit.
A glyph is its character less that of the glyph before, its advance, the number of its steps, and the steps: 0 begins a
contour at a point, 1 is a line to one, 2 a quadratic curve by one to another. Points are differences from the one before.
"""

import base64
import gzip
import sys
import textwrap
from pathlib import Path

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

TARGET = Path(__file__).parent.parent / "Sources/HearthReport/Drawing/RobotoBytes.swift"
CHARACTERS = sorted(
    [*range(0x20, 0x7F), *range(0xA1, 0x180), *map(ord, "αβγδεζηθλμνπρστφχψωΔΣΩ–—‘’“”•…→−√≈≠≤≥€")]
)


class Steps(BasePen):
    """Collects the steps of a glyph, components and runs of quadratic curves taken apart."""

    def __init__(self, glyphs):
        super().__init__(glyphs)
        self.steps = []

    def _moveTo(self, point):
        self.steps.append((0, point))

    def _lineTo(self, point):
        self.steps.append((1, point))

    def _qCurveToOne(self, control, point):
        self.steps.append((2, control, point))

    def _closePath(self):
        pass


def number(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out) + bytes([value])


def signed(value):
    return number(value << 1 if value >= 0 else (-value << 1) | 1)


font = TTFont(sys.argv[1])
glyphs, names = font.getGlyphSet(), font.getBestCmap()
content, before = b"", 0
for character in CHARACTERS:
    if character not in names:
        continue
    pen = Steps(glyphs)
    glyphs[names[character]].draw(pen)
    content += number(character - before) + number(round(glyphs[names[character]].width)) + number(len(pen.steps))
    before, place = character, (0, 0)
    for kind, *points in pen.steps:
        content += bytes([kind])
        for x, y in ((round(x), round(y)) for x, y in points):
            content += signed(x - place[0]) + signed(y - place[1])
            place = (x, y)
text = textwrap.fill(base64.b64encode(gzip.compress(content, 9, mtime=0)).decode(), 116)
TARGET.write_text(
    f'''// Written by Scripts/embed_font.py; not to be edited.
//
// Outlines of Roboto Regular 2.138, by Christian Robertson, copyright 2011 Google Inc., licensed under the Apache
// License, Version 2.0 (https://www.apache.org/licenses/LICENSE-2.0). A part of its characters, encoded anew.

/// Glyphs in the encoding that `Scripts/embed_font.py` describes.
enum RobotoBytes {{
    static let unitsPerSize = {font['head'].unitsPerEm}.0
    static let base64 = """
{textwrap.indent(text, "        ")}
        """
}}
'''
)
print(len(content), "bytes")
