"""Draws what a terminal shows as an SVG picture.

usage: tmux capture-pane -e -p | terminal_picture.py TITLE > picture.svg

Reads text with ANSI colours from standard input. Used for the picture in the README.
"""

import html
import re
import sys

COLOURS = {"30": "#586069", "31": "#f97583", "32": "#56d364", "33": "#e3b341", "34": "#79c0ff", "35": "#d2a8ff", "36": "#56d4dd", "90": "#586069"}
WIDTH, HEIGHT, MARGIN = 8.4, 18, 18


def spans(line):
    colour, out = None, []
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if part.startswith("\x1b["):
            codes = part[2:-1].split(";")
            colour = next((COLOURS[code] for code in codes if code in COLOURS), None)
        elif part:
            out.append((part, colour))
    return out


lines = [line.rstrip("\n") for line in sys.stdin]
while lines and not lines[-1].strip():
    lines.pop()
columns = max(sum(len(text) for text, _ in spans(line)) for line in lines)
width, height = columns * WIDTH + 2 * MARGIN, len(lines) * HEIGHT + 2 * MARGIN + 22
print(
    f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
    f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14">'
)
print(f'<rect width="100%" height="100%" rx="8" fill="#0d1117"/>')
for position, colour in enumerate(("#f97583", "#e3b341", "#56d364")):
    print(f'<circle cx="{MARGIN + 4 + 18 * position}" cy="18" r="5" fill="{colour}"/>')
print(f'<text x="{width / 2:.0f}" y="22" fill="#8b949e" text-anchor="middle">{html.escape(sys.argv[1])}</text>')
for row, line in enumerate(lines):
    x, y = MARGIN, MARGIN + 22 + (row + 0.8) * HEIGHT
    for text, colour in spans(line):
        # Each run of one colour has a fixed length, so that columns meet whatever font the reader has.
        print(
            f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour or "#e6edf3"}" xml:space="preserve" '
            f'textLength="{len(text) * WIDTH:.1f}" lengthAdjust="spacingAndGlyphs">{html.escape(text)}</text>'
        )
        x += len(text) * WIDTH
print("</svg>")
