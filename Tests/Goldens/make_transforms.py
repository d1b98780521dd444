"""Writes the golden file of HearthVisionTests' transforms with torchvision's v2 functions on tensors.

    python Tests/Goldens/make_transforms.py
"""

import gzip
from pathlib import Path

import torch
from safetensors.torch import save
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional as F

TARGET = Path(__file__).parent.parent / "HearthVisionTests" / "Goldens" / "transforms.safetensors.gz"
SIZES = [(3, 13, 17), (1, 9, 8), (3, 24, 24), (2, 3, 10, 7), (3, 1, 5), (3, 6, 1)]


def picture(shape, seed):
    """Smooth colours with some noise."""
    generator = torch.Generator().manual_seed(seed)
    y = torch.linspace(0, 3, shape[-2]).unsqueeze(1)
    x = torch.linspace(0, 4, shape[-1])
    smooth = torch.sin(x + y) * 90 + 120
    noise = torch.randint(0, 70, shape, generator=generator)
    return (smooth + noise - 20).clamp(0, 255).to(torch.uint8)


def calls(channels, height, width):
    """Names, which the tests read, and what torchvision does under them."""
    for size in [(7, 9), (20, 30), (height, 5), (5, width), (1, 1)]:
        for mode in ["nearest", "bilinear", "bicubic"]:
            # PyTorch 2.15 repeats the first row of floats in pictures of a single column.
            if mode != "nearest" and (width == 1 or size[1] == 1):
                continue
            yield f"resize {size[0]} {size[1]} {mode}", lambda x, s=size, m=mode: F.resize(x, list(s), m, antialias=True)
    for size in [(5, 4), (11, 20), (2, 3)]:
        yield f"center {size[0]} {size[1]}", lambda x, s=size: F.center_crop(x, list(s))
    for mode in ["constant", "edge", "reflect", "symmetric"]:
        if mode == "constant" or min(height, width) > 3:
            yield f"pad 1 2 3 0 {mode}", lambda x, m=mode: F.pad(x, [1, 2, 3, 0], padding_mode=m)
    yield "pad fill", lambda x: F.pad(x, [2, 1, 0, 1], fill=0.5 if x.is_floating_point() else 99)
    yield "flip", F.horizontal_flip
    yield "vertical flip", F.vertical_flip
    if min(height, width) >= 5:
        yield "five", lambda x: torch.stack(F.five_crop(x, [5, 4]))
    for angle in [17.0, -45.0, 90.0, 180.0]:
        for mode in ["nearest", "bilinear"]:
            # Places would be halfway between two pixels, where rounding noise decides.
            if angle == 90 and mode == "nearest" and (height - width) % 2:
                continue
            yield f"rotate {angle} {mode}", lambda x, a=angle, m=mode: F.rotate(x, a, m, fill=0)
    yield "rotate 30 expand", lambda x: F.rotate(x, 30.0, "bilinear", expand=True, fill=0)
    yield "rotate 30 center", lambda x: F.rotate(x, 30.0, "bilinear", center=[1.0, 2.0], fill=0.25 if x.is_floating_point() else 40)
    for name, (angle, move, scale, shear) in {
        "move": (0.0, [2, -1], 1.0, [0.0, 0.0]), "all": (25.0, [1, 2], 1.3, [10.0, -5.0]),
        "shear": (0.0, [0, 0], 0.83, [20.0, 0.0]),
    }.items():
        for mode in ["nearest", "bilinear"]:
            yield f"affine {name} {mode}", lambda x, a=angle, t=move, s=scale, h=shear, m=mode: F.affine(x, a, t, s, h, m, fill=0)
    yield "affine nofill", lambda x: F.affine(x, 20.0, [0, 0], 1.0, [5.0, 0.0], "bilinear")
    if min(height, width) > 4:
        start = [[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]]
        end = [[1, 2], [width - 2, 0], [width - 1, height - 2], [0, height - 1]]
        for mode in ["nearest", "bilinear"]:
            yield f"perspective {mode}", lambda x, m=mode: F.perspective(x, start, end, m, fill=0)
        y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
        moves = torch.stack([torch.sin(y * 1.0), torch.cos(x * 0.7)], -1)[None] * 0.3
        yield "elastic bilinear", lambda x: F.elastic(x, moves, "bilinear", fill=0)
        yield "elastic nearest", lambda x: F.elastic(x, moves, "nearest", fill=0)
        for size, sigma in [(3, 0.6), (5, 2.0)]:
            yield f"blur {size} {sigma}", lambda x, k=size, s=sigma: F.gaussian_blur(x, [k, k], [s, s])
    for factor in [0.0, 0.5, 1.0, 1.7]:
        yield f"brightness {factor}", lambda x, f=factor: F.adjust_brightness(x, f)
        yield f"contrast {factor}", lambda x, f=factor: F.adjust_contrast(x, f)
        yield f"saturation {factor}", lambda x, f=factor: F.adjust_saturation(x, f)
        yield f"sharpness {factor}", lambda x, f=factor: F.adjust_sharpness(x, f)
        yield f"gamma {factor}", lambda x, f=factor: F.adjust_gamma(x, f, gain=1.0 if f < 1 else 1.2)
    for turn in [-0.5, -0.1, 0.0, 0.3]:
        yield f"hue {turn}", lambda x, t=turn: F.adjust_hue(x, t)
    for bits in [1, 4, 8]:
        yield f"posterize {bits}", lambda x, b=bits: F.posterize(x, b)
    yield "solarize", lambda x: F.solarize(x, 0.6 if x.is_floating_point() else 150)
    yield "autocontrast", F.autocontrast
    yield "equalize", F.equalize
    yield "invert", F.invert
    yield "grayscale", lambda x: F.rgb_to_grayscale(x, num_output_channels=1)
    yield "grayscale 3", lambda x: F.rgb_to_grayscale(x, num_output_channels=3)
    yield "uint8", lambda x: F.to_dtype(x, torch.uint8, scale=True)
    yield "float32", lambda x: F.to_dtype(x, torch.float32, scale=True)
    if (height, width) == (13, 17):
        yield from more_calls(channels, height, width)


def scaled(x, values):
    """Values of bytes in the units of a picture."""
    return [value / 255 for value in values] if x.is_floating_point() else values


def more_calls(channels, height, width):
    """What is only looked at in pictures of one size."""
    for mode in ["nearest", "bilinear", "bicubic"]:
        yield f"part {mode}", lambda x, m=mode: F.resized_crop(x, 2, 1, height - 3, width - 4, [7, 12], m, antialias=True)
        for size in [(5, 6), (20, 30)]:
            yield f"plain {size[0]} {size[1]} {mode}", lambda x, s=size, m=mode: F.resize(x, list(s), m, antialias=False)
    yield "shorter 6", lambda x: F.resize(x, [6], antialias=True)
    yield "shorter 6 7", lambda x: F.resize(x, [6], max_size=7, antialias=True)
    yield "longer 7", lambda x: F.resize(x, None, max_size=7, antialias=True)
    fills = [200, 17, 99][:channels]
    yield "pad fills", lambda x: F.pad(x, [2, 1, 0, 1], fill=scaled(x, fills))
    for mode in ["constant", "edge", "reflect", "symmetric"]:
        yield f"pad less {mode}", lambda x, m=mode: F.pad(x, [-2, 1, 2, -1], padding_mode=m)
    yield "blur wide", lambda x: F.gaussian_blur(x, [5, 3], [0.8, 0.8])
    for mode in ["nearest", "bilinear"]:
        yield f"fills {mode}", lambda x, m=mode: F.rotate(x, 33.0, m, fill=scaled(x, fills))
    yield "rotate 30 about", lambda x: F.rotate(x, 30.0, "bilinear", expand=True, center=[1.0, 2.0], fill=0)
    yield "erase 77", lambda x: F.erase(x, 2, 3, 4, 5, torch.tensor(scaled(x, [77.0]))[:, None, None])
    yield "erase each", lambda x: F.erase(x, 2, 3, 4, 5, torch.tensor(scaled(x, [float(f) for f in fills]))[:, None, None])
    policy = v2.AutoAugment()
    for name, magnitudes in {
        "ShearX": [0.3, -0.99], "ShearY": [-0.2], "TranslateX": [3.7, -2.2], "TranslateY": [1.4], "Rotate": [30.0, -9.0],
        "Brightness": [0.6, -0.9], "Color": [0.9, -0.5], "Contrast": [0.4, -0.8], "Sharpness": [0.7, -0.9],
        "Posterize": [3.0], "Solarize": [0.55], "AutoContrast": [0.0], "Equalize": [0.0], "Invert": [0.0],
    }.items():
        for magnitude in magnitudes:
            mode = "bilinear" if magnitude < 0 else "nearest"
            yield f"policy {name} {magnitude} {mode}", lambda x, n=name, a=magnitude, m=mode: policy._apply_image_or_video_transform(
                x, n, a, m, {type(x): None})


def mixes():
    """Batches mixed with a share and with a rectangle that are given."""
    images = torch.stack([picture((3, 6, 7), seed) for seed in range(4)]).float() / 255
    yield "images", images
    for kind, labels in [("labels", torch.tensor([2, 0, 1, 2])), ("shares", torch.rand(4, 3, generator=torch.Generator().manual_seed(1)))]:
        yield kind, labels
        params = {"labels": labels, "batch_size": 4, "lam": 0.3, "lam_adjusted": 1 - 3 * 4 / 42, "box": (2, 1, 6, 4)}
        for name, step in [("mixup", v2.MixUp(num_classes=3)), ("cutmix", v2.CutMix(num_classes=3))]:
            yield f"{name} {kind}", step.transform(labels, params)
            yield name, step.transform(images, params)


tensors = {}
for shape in SIZES:
    label = "x".join(map(str, shape))
    image = picture(shape, sum(shape))
    for kind, x in [("uint8", image), ("float32", image.float() / 255)]:
        tensors[f"{kind} {label}"] = x
        for name, call in calls(*shape[-3:]):
            try:
                tensors[f"{kind} {label}/{name}"] = call(x.clone()).contiguous()
            except RuntimeError as error:
                # PyTorch has faults of its own with single columns and with batches of bytes.
                assert "INTERNAL ASSERT" in str(error), error
                print("left out, PyTorch fails:", kind, label, name)

# Other dtypes, and floats that are not from 0 to 1: what would raise negative numbers to a power or make bytes of them is
# left out.
image = picture((3, 13, 17), 5).double() / 255
for kind, x in [("float64", image), ("float16", image.half()), ("float32 wide", (image * 1.6 - 0.3).float())]:
    tensors[f"{kind} 3x13x17"] = x
    for name, call in reversed(list(calls(3, 13, 17))):
        word = name.split()[0]
        if kind == "float32 wide" and word in ("gamma", "equalize", "uint8", "hue") or "Equalize" in name:
            continue
        # PyTorch bends pictures of 16 bits to places of 16 bits, and makes zero of the brightest.
        if kind == "float16" and word in ("rotate", "affine", "perspective", "elastic", "fills", "policy", "equalize", "uint8"):
            continue
        # Of each kind of step one is enough, but for those that change values.
        changes = kind == "float32 wide" and word in ("brightness", "contrast", "saturation", "sharpness", "posterize")
        if not changes and any(key.startswith(f"{kind} 3x13x17/{word}") for key in tensors):
            continue
        try:
            tensors[f"{kind} 3x13x17/{name}"] = call(x.clone()).contiguous()
        except (RuntimeError, NotImplementedError) as error:
            print("left out, PyTorch refuses:", kind, name, str(error)[:80])
for name, x in mixes():
    tensors[f"mix/{name}"] = x.contiguous()
flat = torch.full((3, 4, 4), 77, dtype=torch.uint8)
for name, call in [("autocontrast", F.autocontrast), ("equalize", F.equalize), ("contrast 0.5", lambda x: F.adjust_contrast(x, 0.5))]:
    tensors["uint8 flat"] = flat
    tensors[f"uint8 flat/{name}"] = call(flat.clone())
TARGET.write_bytes(gzip.compress(save(tensors), 9, mtime=0))
print(len(tensors), "tensors,", TARGET.stat().st_size, "bytes")
