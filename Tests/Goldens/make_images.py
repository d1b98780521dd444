"""Writes the golden files of HearthVisionTests with torchvision and PIL.

    python Tests/Goldens/make_images.py
"""

import struct
import zlib
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torchvision import transforms
from torchvision.transforms import functional

FOLDER = Path(__file__).parent.parent / "HearthVisionTests" / "Goldens"
STATISTICS = {
    "half": ([0.5], [0.5]),
    "mnist": ([0.1307], [0.3081]),
    "imagenet": ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
}
# PIL goes along rows first for these; from version 13 on it may choose the other order.
SIZES = [(28, 28), (20, 33), (60, 9), (50, 17), (17, 23)]


def picture(height, width, channels):
    """Smooth colours with some noise, as photographs have."""
    noise = np.random.default_rng(height * width * channels).integers(0, 60, (height, width, channels))
    y, x, c = np.mgrid[:height, :width, :channels]
    return ((97 * np.sin(x / 5 + c) + 97 * np.cos(y / 7 - c) + 194 + noise) * 255 / 450).clip(0, 255).astype(np.uint8)


def save(name, array):
    """An array [H, W] or [H, W, C] as [C, H, W]."""
    array = np.asarray(array)
    np.save(FOLDER / f"{name}.npy", array[None] if array.ndim == 2 else np.ascontiguousarray(array.transpose(2, 0, 1)))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, colour, rows, extra=b""):
    """A PNG file of rows without filters, for kinds that PIL does not write."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def normalized():
    every = np.arange(256, dtype=np.uint8).reshape(16, 16)
    for name, (mean, std) in STATISTICS.items():
        image = np.stack([every] * len(mean), axis=-1)
        transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize(mean, std)])
        np.save(FOLDER / f"normalize_{name}.npy", transform(image).numpy())


def written_by_pil():
    colours = picture(21, 13, 3)
    with_alpha = picture(21, 13, 4)
    rgb, rgba = Image.fromarray(colours, "RGB"), Image.fromarray(with_alpha, "RGBA")
    images = {
        "grey": rgb.convert("L"),
        "grey_alpha": rgba.convert("LA"),
        "rgb": rgb,
        "rgba": rgba,
        "palette": rgb.convert("P", palette=Image.Palette.ADAPTIVE, colors=37),
        "palette4": rgb.convert("P", palette=Image.Palette.ADAPTIVE, colors=11),
        "palette2": rgb.convert("P", palette=Image.Palette.ADAPTIVE, colors=4),
        "bit": rgb.convert("1"),
    }
    for name, image in images.items():
        image.save(FOLDER / f"{name}.png", optimize=name == "rgba")
        read = Image.open(FOLDER / f"{name}.png")
        save(name, read.convert({"P": "RGB", "1": "L"}.get(read.mode, read.mode)))
    images["palette"].save(FOLDER / "palette_alpha.png", transparency=bytes([0, 100, 200]))
    save("palette_alpha", Image.open(FOLDER / "palette_alpha.png").convert("RGBA"))
    save("rgb_as_grey", rgb.convert("L"))


def written_by_hand():
    wide = np.random.default_rng(1).integers(0, 65536, (5, 7, 3)).astype(">u2")
    (FOLDER / "rgb16.png").write_bytes(png(7, 5, 16, 2, [row.tobytes() for row in wide]))
    save("rgb16", Image.open(FOLDER / "rgb16.png"))
    for depth in (2, 4):
        rows = [bytes((x * 37 + y * 11) % 256 for x in range((9 * depth + 7) // 8)) for y in range(6)]
        (FOLDER / f"grey{depth}.png").write_bytes(png(9, 6, depth, 0, rows))
        save(f"grey{depth}", Image.open(FOLDER / f"grey{depth}.png").convert("L"))
    rows = [bytes((x * y) % 256 for x in range(8)) for y in range(8)]
    key = chunk(b"tRNS", struct.pack(">H", 12))
    (FOLDER / "grey_key.png").write_bytes(png(8, 8, 8, 0, rows, key))
    save("grey_key", Image.open(FOLDER / "grey_key.png").convert("LA"))


def other_kinds():
    """BMP, Netpbm, JPEG, interlaced and deep PNG, and pictures that EXIF turns."""
    colours = picture(21, 13, 3)
    rgb = Image.fromarray(colours, "RGB")
    grey = rgb.convert("L")
    files = {
        "bmp24.bmp": (rgb, {}), "bmp8.bmp": (rgb.convert("P", palette=Image.Palette.ADAPTIVE, colors=37), {}),
        "bmp_grey.bmp": (grey, {}), "bmp1.bmp": (rgb.convert("1"), {}),
        "bmp32.bmp": (Image.fromarray(picture(21, 13, 4), "RGBA"), {}),
        "binary.ppm": (rgb, {}), "binary.pgm": (grey, {}), "binary.pbm": (rgb.convert("1"), {}),
        "baseline.jpg": (rgb, {"quality": 90}), "progressive.jpg": (rgb, {"quality": 90, "progressive": True}),
        "grey.jpg": (grey, {"quality": 90}), "inks.jpg": (rgb.convert("CMYK"), {"quality": 95}),
    }
    for name, (image, options) in files.items():
        image.save(FOLDER / name, **options)
        read = Image.open(FOLDER / name)
        save(name, read if read.mode == "RGBA" else read.convert("L" if name in ("grey.jpg", "binary.pgm", "binary.pbm") else "RGB"))
    (FOLDER / "text.ppm").write_text("P3 # colours\n3 2\n# white\n15\n" + " ".join(str(i * 7 % 16) for i in range(18)) + "\n")
    (FOLDER / "text.pgm").write_text("P2\n5 4\n100\n" + " ".join(str(i * 7 % 101) for i in range(20)) + "\n")
    (FOLDER / "text.pbm").write_text("P1\n5 2\n10110 0 1 0 0 1\n")
    for name in ["text.ppm", "text.pgm", "text.pbm"]:
        save(name, Image.open(FOLDER / name).convert("RGB" if name == "text.ppm" else "L"))
    runs = bytes([3, 1, 2, 2, 0, 0, 0, 3, 1, 2, 3, 0, 2, 1, 0, 1])
    palette = bytes([0, 0, 0, 0, 10, 20, 30, 0, 200, 100, 50, 0, 255, 255, 255, 0])
    header = struct.pack("<IiiHHIIiiII", 40, 5, 2, 1, 8, 1, len(runs), 0, 0, 4, 0)
    offset = 14 + 40 + len(palette)
    (FOLDER / "runs.bmp").write_bytes(
        b"BM" + struct.pack("<IHHI", offset + len(runs), 0, 0, offset) + header + palette + runs)
    save("runs.bmp", Image.open(FOLDER / "runs.bmp").convert("RGB"))
    more_bitmaps()
    interlaced()
    deep = np.random.default_rng(2).integers(0, 65536, (6, 5), dtype=np.uint16)
    Image.fromarray(deep).save(FOLDER / "deep.png")
    np.save(FOLDER / "deep.png.npy", deep.astype(np.int32)[None])
    (FOLDER / "deep.pgm").write_bytes(b"P5 5 6 65535\n" + deep.astype(">u2").tobytes())
    oriented = Image.fromarray(colours[:6, :4], "RGB")
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[274] = orientation
        for ending in ["png", "jpg"]:
            path = FOLDER / f"turned{orientation}.{ending}"
            oriented.save(path, exif=exif, **({"quality": 95} if ending == "jpg" else {}))
            save(path.name, ImageOps.exif_transpose(Image.open(path)))


def more_bitmaps():
    """Bitmaps that PIL reads and does not write: 16 bits a pixel, with masks, runs of halves of bytes, old headers."""

    def bitmap(name, header, extra, data):
        offset = 14 + len(header) + len(extra)
        path = FOLDER / f"{name}.bmp"
        path.write_bytes(b"BM" + struct.pack("<IHHI", offset + len(data), 0, 0, offset) + header + extra + data)
        save(path.name, Image.open(path).convert("RGB"))

    def header(depth, compression, size, colours=0):
        return struct.pack("<IiiHHIIiiII", 40, 7, 5, 1, depth, compression, size, 0, 0, colours, 0)

    words = np.random.default_rng(3).integers(0, 65536, (5, 8), dtype=np.uint16)
    bitmap("bmp16", header(16, 0, 80), b"", (words & 0x7fff).astype("<u2").tobytes())
    bitmap("bmp565", header(16, 3, 80), struct.pack("<III", 0xf800, 0x7e0, 0x1f), words.astype("<u2").tobytes())
    pixels = np.random.default_rng(4).integers(0, 1 << 32, (5, 7), dtype=np.uint32)
    bitmap("bmp_masks", header(32, 3, 140), struct.pack("<III", 0xff000000, 0xff0000, 0xff00), pixels.astype("<u4").tobytes())
    palette = bytes(i * 37 % 256 for i in range(64))
    runs = bytes([5, 0x12, 2, 0x33, 0, 0, 0, 5, 0x45, 0x67, 0x80, 0, 2, 0x9a, 0, 0, 7, 0xbc, 0, 0, 7, 0xde, 0, 0, 7, 0xff, 0, 1])
    bitmap("runs4", header(4, 2, len(runs), 16), palette, runs)
    old = struct.pack("<IHHHH", 12, 7, 5, 1, 24)
    bitmap("os2", old, b"", (np.arange(5 * 24) * 7 % 256).astype(np.uint8).tobytes())
    old = struct.pack("<IHHHH", 12, 7, 5, 1, 4)
    bitmap("os2_palette", old, palette[:48], bytes(i * 29 % 256 for i in range(20)))


def interlaced():
    """Adam7, which PIL reads and does not write: the rows of seven parts, one after another."""
    grids = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    for name, colour, height, width in [("interlaced", 2, 11, 13), ("interlaced_small", 0, 1, 3), ("interlaced_bits", 3, 9, 10)]:
        pixels = picture(height, width, 3 if colour == 2 else 1)
        rows, depth, extra = b"", 8, b""
        if colour == 3:
            pixels, depth = pixels // 64, 2
            extra = chunk(b"PLTE", bytes(range(12)))
        for left, top, right, down in grids:
            part = pixels[top::down, left::right]
            if part.size == 0:
                continue
            for row in part:
                if depth == 2:
                    bits = np.zeros((len(row) + 3) // 4 * 4, np.uint8)
                    bits[: len(row)] = row[:, 0]
                    row = (bits.reshape(-1, 4) << np.array([6, 4, 2, 0], np.uint8)).sum(1).astype(np.uint8)
                rows += b"\0" + row.tobytes()
        header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 1)
        file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
        (FOLDER / f"{name}.png").write_bytes(file)
        save(f"{name}.png", Image.open(FOLDER / f"{name}.png").convert("L" if colour == 0 else "RGB"))


def resized():
    image = Image.fromarray(picture(33, 41, 3), "RGB")
    save("resize", image)
    for height, width in SIZES:
        result = image.resize((width, height), Image.Resampling.BILINEAR)
        save(f"resize_{height}x{width}", result)
        tensor = functional.resize(functional.pil_to_tensor(image), [height, width], antialias=True)
        difference = (functional.pil_to_tensor(result).int() - tensor.int()).abs().max().item()
        assert difference <= 1, (height, width, difference)
        assert torch.equal(functional.pil_to_tensor(functional.resize(image, [height, width])), functional.pil_to_tensor(result))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    normalized()
    written_by_pil()
    written_by_hand()
    other_kinds()
    resized()
