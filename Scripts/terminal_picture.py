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
            for code in part[2:-1].split(";"):
                # Other codes, such as that of a background, leave the colour as it is.
                colour = COLOURS.get(code, None if code in ("", "0", "39") else colour)
        elif part:
            out.append((part, colour))
    return out


def dots(letter, x, y):
    """The dots of a Braille letter as lines of no length: fonts differ too much in how wide they draw it."""
    bits, places = ord(letter) - 0x2800, [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
    set_ = (place for bit, place in enumerate(places) if bits >> bit & 1)
    return "".join(f"M{x + (0.25 + column / 2) * WIDTH:.1f} {y + (row + 0.5) * HEIGHT / 4:.1f}h0" for column, row in set_)


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
        braille = "".join(
            dots(letter, x + column * WIDTH, y - 0.8 * HEIGHT)
            for column, letter in enumerate(text)
            if "\u2800" < letter <= "\u28ff"
        )
        if braille:
            print(f'<path d="{braille}" stroke="{colour or "#e6edf3"}" stroke-width="2.4" stroke-linecap="round"/>')
            text = re.sub("[\u2800-\u28ff]", " ", text)
        # Each run of one colour has a fixed length, so that columns meet whatever font the reader has.
        print(
            f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour or "#e6edf3"}" xml:space="preserve" '
            f'textLength="{len(text) * WIDTH:.1f}" lengthAdjust="spacingAndGlyphs">{html.escape(text)}</text>'
        )
        x += len(text) * WIDTH
print("</svg>")
