"""Writes `windows.safetensors.gz` of HearthTensorTests with PyTorch: convolutions, pooling, normalisation, interpolation,
padding, folding and attention.

    python Tests/Goldens/make_windows.py

The format is that of make_operations.py. A name says what is called with which options, `conv stride=2,1 groups=2`, and
the Swift tests read the options from it. Inputs are float64 where nothing else is said, so that the comparison is sharp.
"""

import gzip
import itertools
from pathlib import Path

import safetensors.torch
import torch
import torch.nn.functional as F

import golden_file

FILE = Path(__file__).parent.parent / "HearthTensorTests" / "Goldens" / "windows.safetensors.gz"
f32, f64 = torch.float32, torch.float64
generator = torch.Generator().manual_seed(30)
tensors = {}


def uniform(*shape, low=-1.0, high=1.0, dtype=f64):
    return (torch.rand(shape, generator=generator, dtype=f64) * (high - low) + low).to(dtype)


def distinct(*shape, dtype=f64):
    """Numbers that differ from each other, so that the largest is unique."""
    count = torch.Size(shape).numel()
    return ((torch.randperm(count, generator=generator) - count / 2) / 4).to(dtype).reshape(shape)


def name_of(key, options):
    def text(value):
        if isinstance(value, (tuple, list)):
            return ",".join(text(v) for v in value)
        return str(value).lower() if isinstance(value, bool) else str(value)

    return " ".join([key] + [f"{k}={text(v)}" for k, v in options.items()])


def case(key, options, function, inputs):
    golden_file.add(tensors, name_of(key, options), function, inputs)


def convolutions():
    convs = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}

    def conv(shape, weight, bias=True, dtype=f64, **options):
        rank = len(weight) - 2
        inputs = [uniform(*shape, dtype=dtype), uniform(*weight, dtype=dtype)] + ([uniform(weight[0], dtype=dtype)] if bias else [])
        case("conv", options, lambda x, w, b=None: convs[rank](x, w, b, **options), inputs)

    for dtype in (f64, f32):
        conv((2, 3, 7), (4, 3, 3), dtype=dtype)
        conv((2, 3, 7, 6), (4, 3, 3, 2), dtype=dtype)
        conv((2, 4, 7, 6), (4, 2, 3, 3), stride=(2, 1), padding=(1, 2), groups=2, dtype=dtype)
        conv((1, 4, 9, 8), (8, 1, 3, 3), padding="same", groups=4, dtype=dtype)
        conv((2, 2, 4, 5, 4), (3, 2, 2, 3, 2), dtype=dtype)
        conv((2, 3, 9, 9), (2, 3, 3, 3), dilation=2, padding=2, stride=2, dtype=dtype)
        conv((1, 16, 5, 5), (16, 16, 3, 3), padding=1, dtype=f32)
        conv((1, 3, 8, 8), (4, 3, 7, 7), stride=2, padding=3, bias=False, dtype=f32)
        conv((2, 5, 4, 4), (6, 5, 1, 1), dtype=dtype)
    conv((3, 7), (4, 3, 3), padding=1)
    conv((3, 6, 6), (4, 3, 3, 3), bias=False)
    conv((2, 4, 5, 4, 6), (4, 2, 3, 1, 2), stride=(2, 1, 3), padding=(1, 0, 1), dilation=(1, 1, 2), groups=2)
    conv((2, 4, 11), (4, 1, 3), padding="same", dilation=2, groups=4)
    conv((2, 2, 6, 6), (2, 2, 2, 4), padding="same")
    conv((2, 2, 6, 6), (2, 2, 2, 4), padding="valid")
    conv((2, 2, 5, 1), (2, 2, 3, 1))
    conv((1, 1, 1, 1), (1, 1, 1, 1))
    conv((0, 2, 5, 5), (3, 2, 3, 3))
    conv((2, 2, 8), (2, 2, 3), stride=3)
    # Small enough for finite differences.
    conv((1, 2, 4, 3), (4, 1, 2, 2), stride=(2, 1), padding=(1, 0), groups=2)
    conv((2, 2, 5), (2, 2, 2), dilation=2)
    conv((1, 1, 2, 3, 3), (2, 1, 2, 2, 2), padding=(0, 1, 0))
    for dtype in (torch.float16, torch.bfloat16):
        conv((2, 3, 5, 5), (2, 3, 3, 3), dtype=dtype)

    transposed = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}

    def conv_transpose(shape, weight, bias=True, dtype=f64, **options):
        rank, groups = len(weight) - 2, options.get("groups", 1)
        inputs = [uniform(*shape, dtype=dtype), uniform(*weight, dtype=dtype)] + ([uniform(weight[1] * groups, dtype=dtype)] if bias else [])
        case("convTranspose", options, lambda x, w, b=None: transposed[rank](x, w, b, **options), inputs)

    for dtype in (f64, f32):
        conv_transpose((2, 3, 4, 5), (3, 4, 3, 2), dtype=dtype)
        conv_transpose((2, 4, 4, 3), (4, 2, 3, 3), stride=2, padding=1, output_padding=1, groups=2, dtype=dtype)
        conv_transpose((2, 3, 5), (3, 2, 4), stride=3, output_padding=2, dtype=dtype)
        conv_transpose((1, 2, 3, 3, 2), (2, 3, 2, 2, 3), stride=(2, 1, 2), dtype=dtype)
        conv_transpose((2, 3, 4, 4), (3, 2, 2, 2), stride=2, bias=False, dtype=dtype)
    conv_transpose((2, 2, 4, 4), (2, 2, 3, 3), dilation=2, padding=1)
    conv_transpose((3, 4, 4), (3, 2, 3, 3))
    conv_transpose((0, 2, 3, 3), (2, 2, 2, 2))
    conv_transpose((1, 4, 2, 3), (4, 1, 2, 2), stride=2, padding=1, output_padding=1, groups=2)
    conv_transpose((2, 2, 4), (2, 2, 3), dilation=2)


def pools():
    maxes = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
    averages = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}
    powers = {1: F.lp_pool1d, 2: F.lp_pool2d, 3: F.lp_pool3d}

    def max_pool(shape, rank, kernel, dtype=f64, make=distinct, **options):
        case("maxPool", dict(rank=rank, kernel=kernel, **options), lambda x: maxes[rank](x, kernel, return_indices=True, **options), [make(*shape, dtype=dtype)])

    def avg_pool(shape, rank, kernel, dtype=f64, **options):
        case("avgPool", dict(rank=rank, kernel=kernel, **options), lambda x: averages[rank](x, kernel, **options), [uniform(*shape, dtype=dtype)])

    for dtype in (f64, f32, torch.float16, torch.bfloat16):
        max_pool((2, 2, 6, 5), 2, 2, dtype=dtype)
        avg_pool((2, 2, 6, 5), 2, 2, dtype=dtype)
    max_pool((2, 3, 7), 1, 3)
    max_pool((3, 7), 1, 3, stride=2, padding=1)
    max_pool((2, 2, 7, 8), 2, (3, 2), stride=(2, 1), padding=(1, 0))
    max_pool((1, 2, 9, 9), 2, 3, stride=2, dilation=2, padding=1)
    max_pool((1, 2, 7, 8), 2, 3, stride=2, ceil_mode=True)
    max_pool((1, 2, 6, 6), 2, 2, stride=2, padding=1, ceil_mode=True)
    max_pool((2, 5, 4, 6), 3, 2)
    max_pool((1, 2, 5, 4, 6), 3, (2, 3, 2), stride=(1, 2, 2), padding=(0, 1, 1), ceil_mode=True)
    for i, at in enumerate([(0, 0), (2, 3)]):
        x = distinct(1, 1, 4, 5)
        x[0, 0, at[0], at[1]] = torch.nan
        case("maxPool", dict(rank=2, kernel=2, stride=1), lambda x: F.max_pool2d(x, 2, 1, return_indices=True), [x])
    avg_pool((2, 2, 7), 1, 3)
    avg_pool((1, 2, 4, 4), 2, 3, stride=2, padding=1, count_include_pad=False)
    max_pool((1, 2, 4, 4), 2, 3, stride=2, padding=1)
    avg_pool((3, 7), 1, 3, stride=2, padding=1)
    avg_pool((2, 2, 7, 8), 2, (3, 2), stride=(2, 1), padding=(1, 0))
    avg_pool((2, 2, 7, 8), 2, 3, padding=1, count_include_pad=False)
    avg_pool((2, 2, 7, 8), 2, 3, stride=2, ceil_mode=True)
    avg_pool((2, 2, 7, 8), 2, 3, stride=2, padding=1, ceil_mode=True)
    avg_pool((2, 2, 7, 8), 2, 3, stride=2, padding=1, ceil_mode=True, count_include_pad=False)
    avg_pool((2, 2, 7, 8), 2, 3, divisor_override=5)
    avg_pool((1, 2, 5, 4, 6), 3, (2, 3, 2), stride=(1, 2, 2), padding=(0, 1, 1), ceil_mode=True)
    for rank, shape in ((1, (2, 3, 8)), (2, (2, 2, 6, 7)), (3, (1, 2, 4, 4, 4))):
        for p in (1, 2, 3):
            case("lpPool", dict(rank=rank, norm=p, kernel=2), lambda x: powers[rank](x, float(p), 2), [uniform(*shape, low=0.1)])
    case("lpPool", dict(rank=1, norm=3, kernel=2), lambda x: F.lp_pool1d(x, 3.0, 2), [uniform(2, 2, 6, low=0.1)])
    case("lpPool", dict(rank=2, norm=2, kernel=3, stride=2, ceil_mode=True), lambda x: F.lp_pool2d(x, 2.0, 3, 2, True), [uniform(1, 2, 6, 8, low=0.1)])

    adaptive_avg = {1: F.adaptive_avg_pool1d, 2: F.adaptive_avg_pool2d, 3: F.adaptive_avg_pool3d}
    adaptive_max = {1: F.adaptive_max_pool1d, 2: F.adaptive_max_pool2d, 3: F.adaptive_max_pool3d}
    for rank, shape, size in (
            (1, (2, 3, 7), 3), (1, (3, 7), 7), (2, (2, 2, 7, 5), (3, 2)), (2, (2, 2, 3, 2), (5, 4)), (2, (2, 2, 6, 6), 1),
            (2, (2, 2, 1, 1), 3), (2, (2, 6, 6), (2, 3)), (3, (1, 2, 5, 4, 3), (2, 4, 1))):
        case("adaptiveAvgPool", dict(rank=rank, size=size), lambda x: adaptive_avg[rank](x, size), [uniform(*shape)])
        case("adaptiveMaxPool", dict(rank=rank, size=size), lambda x: adaptive_max[rank](x, size, return_indices=True), [distinct(*shape)])

    unpools = {1: F.max_unpool1d, 2: F.max_unpool2d, 3: F.max_unpool3d}
    for rank, shape in ((1, (2, 3, 8)), (2, (2, 2, 6, 4)), (3, (1, 2, 4, 4, 2)), (2, (2, 6, 4))):
        values, indices = maxes[rank](distinct(*shape), 2, return_indices=True)
        case("maxUnpool", dict(rank=rank, kernel=2), lambda x, i: unpools[rank](x, i, 2), [values, indices])
    values, indices = F.max_pool2d(distinct(1, 2, 7, 5), 2, return_indices=True)
    case("maxUnpool", dict(rank=2, kernel=2, size=(7, 5)), lambda x, i: F.max_unpool2d(x, i, 2, output_size=(7, 5)), [values, indices])


def normalisations():
    for dtype in (f64, f32):
        for shape, sizes in (((4, 5), (5,)), ((2, 3, 4), (3, 4)), ((2, 3, 4), (4,)), ((3, 1), (1,)), ((0, 4), (4,)), ((2, 33), (33,))):
            x, w, b = uniform(*shape, dtype=dtype), uniform(*sizes, dtype=dtype), uniform(*sizes, dtype=dtype)
            case("layerNorm", dict(last=len(sizes)), lambda x: F.layer_norm(x, sizes), [x])
            case("layerNorm", dict(last=len(sizes)), lambda x, w: F.layer_norm(x, sizes, w), [x, w])
            case("layerNorm", dict(last=len(sizes), eps=0.1), lambda x, w, b: F.layer_norm(x, sizes, w, b, 0.1), [x, w, b])
            case("rmsNorm", dict(last=len(sizes)), lambda x: F.rms_norm(x, sizes), [x])
            case("rmsNorm", dict(last=len(sizes), eps=0.1), lambda x, w: F.rms_norm(x, sizes, w, 0.1), [x, w])
        for shape, groups in (((2, 6, 3), 3), ((2, 4, 3, 2), 1), ((2, 4, 3, 2), 4), ((3, 4), 2), ((2, 4, 2, 3, 2), 2)):
            x, w, b = uniform(*shape, dtype=dtype), uniform(shape[1], dtype=dtype), uniform(shape[1], dtype=dtype)
            case("groupNorm", dict(groups=groups), lambda x: F.group_norm(x, groups), [x])
            case("groupNorm", dict(groups=groups, eps=0.1), lambda x, w, b: F.group_norm(x, groups, w, b, 0.1), [x, w, b])
        for shape in ((5, 3), (2, 3, 4), (4, 3, 5), (2, 3, 4, 5), (2, 3, 2, 3, 2)):
            x, w, b = uniform(*shape, dtype=dtype), uniform(3, dtype=dtype), uniform(3, dtype=dtype)
            mean, var = uniform(3, dtype=dtype), uniform(3, low=0.5, high=2, dtype=dtype)
            case("batchNorm", {}, lambda x: F.batch_norm(x, None, None, training=True), [x])
            case("batchNorm", dict(eps=0.1), lambda x, w, b: F.batch_norm(x, None, None, w, b, True, 0.1, 0.1), [x, w, b])
            case("batchNormEval", {}, lambda x, w, b: F.batch_norm(x, mean, var, w, b, False), [x, w, b])
            name = [n for n in tensors if n.startswith("batchNormEval/") and n.endswith("/out0")][-1].rsplit("/", 1)[0]
            tensors[f"{name}/in3"], tensors[f"{name}/in4"] = mean, var
            if len(shape) > 2:
                case("instanceNorm", {}, lambda x: F.instance_norm(x), [x])
                case("instanceNorm", dict(eps=0.1), lambda x, w, b: F.instance_norm(x, None, None, w, b, True, 0.1, 0.1), [x, w, b])
    for size in (1, 2, 3, 5):
        case("localResponseNorm", dict(size=size, alpha=0.5, beta=0.6, k=2.0), lambda x: F.local_response_norm(x, size, 0.5, 0.6, 2.0), [uniform(2, 6, 3, 2)])
    case("localResponseNorm", dict(size=3), lambda x: F.local_response_norm(x, 3), [uniform(2, 4, 5)])


def resizing():
    modes = {1: ["nearest", "nearest-exact", "linear", "area"], 2: ["nearest", "nearest-exact", "bilinear", "bicubic", "area"], 3: ["nearest", "nearest-exact", "trilinear", "area"]}
    for rank, shape, sizes in ((1, (2, 2, 5), [3, 8, 5, 10]), (2, (1, 2, 5, 7), [(3, 4), (8, 9), (10, 14), (1, 1)]), (3, (1, 1, 3, 4, 5), [(5, 3, 7), (6, 8, 10)])):
        for mode, size in itertools.product(modes[rank], sizes):
            for corners in ((False, True) if "linear" in mode or "cubic" in mode else (None,)):
                options = dict(mode=mode, size=size) | ({} if corners is None else dict(align_corners=corners))
                case("interpolate", options, lambda x: F.interpolate(x, size=size, mode=mode, align_corners=corners), [uniform(*shape)])
    for mode in modes[2]:
        for scale in (2.0, 1.3, 0.6, (0.5, 1.7)):
            for recompute in (False, True):
                options = dict(mode=mode, scale=scale, recompute=recompute)
                case("interpolate", options, lambda x: F.interpolate(x, scale_factor=scale, mode=mode, recompute_scale_factor=recompute), [uniform(1, 2, 6, 5)])
    for mode in ("bilinear", "bicubic"):
        for size in ((3, 4), (9, 12), (2, 2)):
            for corners in (False, True):
                options = dict(mode=mode, size=size, align_corners=corners, antialias=True)
                case("interpolate", options, lambda x: F.interpolate(x, size=size, mode=mode, align_corners=corners, antialias=True), [uniform(1, 2, 8, 9)])
    for mode, shape, border in (
            ("constant", (2, 3), (1, 2)), ("constant", (2, 3), (1, 0, 2, 1)), ("constant", (2, 3, 4), (-1, 2, 0, -1)), ("constant", (2, 3), (0, 0)),
            ("reflect", (2, 5), (2, 3)), ("reflect", (1, 2, 4, 5), (1, 2, 3, 1)), ("reflect", (1, 1, 3, 3, 4), (1, 2, 0, 2, 1, 1)),
            ("replicate", (2, 5), (2, 3)), ("replicate", (1, 2, 4, 5), (6, 2, 3, 1)), ("replicate", (1, 1, 3, 3, 4), (1, 2, 0, 2, 1, 1)),
            ("circular", (2, 5), (5, 3)), ("circular", (1, 2, 4, 5), (1, 2, 3, 1)), ("circular", (1, 1, 3, 3, 4), (1, 2, 0, 2, 1, 1)),
            ("reflect", (1, 2, 4, 5), (-1, 2, 1, -1))):
        case("pad", dict(mode=mode, sizes=border), lambda x: F.pad(x, border, mode=mode), [uniform(*shape)])
    case("pad", dict(mode="constant", sizes=(1, 1), value=2.5), lambda x: F.pad(x, (1, 1), value=2.5), [uniform(2, 3)])
    for shape, options in (((2, 3, 5, 4), dict(kernel=(2, 3))), ((2, 4, 4), dict(kernel=2, stride=2)), ((1, 2, 7, 6), dict(kernel=3, dilation=2, padding=1, stride=2))):
        rest = {k: v for k, v in options.items() if k != "kernel"}
        kernel = options["kernel"]
        case("unfold", options, lambda x: F.unfold(x, kernel, **rest), [uniform(*shape)])
        columns = F.unfold(uniform(*shape), kernel, **rest)
        case("fold", dict(size=shape[-2:], **options), lambda x: F.fold(x, shape[-2:], kernel, **rest), [columns])
    case("pixelShuffle", dict(factor=2), lambda x: F.pixel_shuffle(x, 2), [uniform(2, 8, 2, 3)])
    case("pixelShuffle", dict(factor=3), lambda x: F.pixel_shuffle(x, 3), [uniform(9, 2, 1)])
    case("pixelUnshuffle", dict(factor=2), lambda x: F.pixel_unshuffle(x, 2), [uniform(2, 2, 4, 6)])
    case("pixelUnshuffle", dict(factor=2), lambda x: F.pixel_unshuffle(x, 2), [uniform(1, 1, 4, 4)])
    case("channelShuffle", dict(groups=2), lambda x: F.channel_shuffle(x, 2), [uniform(1, 4, 3, 2)])
    case("channelShuffle", dict(groups=2), lambda x: F.channel_shuffle(x, 2), [uniform(2, 6, 2, 3)])
    case("channelShuffle", dict(groups=3), lambda x: F.channel_shuffle(x, 3), [uniform(2, 6, 4)])


def attention():
    sdpa = F.scaled_dot_product_attention
    for dtype in (f64, f32):
        q, k, v = uniform(2, 3, 5, 4, dtype=dtype), uniform(2, 3, 7, 4, dtype=dtype), uniform(2, 3, 7, 6, dtype=dtype)
        case("attention", {}, lambda q, k, v: sdpa(q, k, v), [q, k, v])
        case("attention", dict(scale=0.3), lambda q, k, v: sdpa(q, k, v, scale=0.3), [q, k, v])
        case("attention", dict(causal=True), lambda q, k, v: sdpa(q, k, v, is_causal=True), [q, k, v])
        case("attention", {}, lambda q, k, v, m: sdpa(q, k, v, m), [q, k, v, uniform(5, 7, dtype=dtype)])
        case("attention", {}, lambda q, k, v, m: sdpa(q, k, v, m), [q, k, v, uniform(2, 1, 1, 7, dtype=dtype)])
        mask = torch.rand(2, 1, 5, 7, generator=generator) > 0.4
        mask[:, :, 0] = True
        case("attention", {}, lambda q, k, v, m: sdpa(q, k, v, m), [q, k, v, mask])
        mask = mask.clone()
        mask[0, 0, 2] = False
        case("attention", {}, lambda q, k, v, m: sdpa(q, k, v, m), [q, k, v, mask])
    case("attention", dict(causal=True), lambda q, k, v: sdpa(q, k, v, is_causal=True), [uniform(4, 3), uniform(4, 3), uniform(4, 2)])
    case("attention", dict(scale=0.5), lambda q, k, v, m: sdpa(q, k, v, m, scale=0.5), [uniform(2, 3, 2), uniform(2, 4, 2), uniform(2, 4, 3), uniform(3, 4)])
    case("attention", {}, lambda q, k, v: sdpa(q, k, v), [uniform(2, 4, 3), uniform(2, 4, 3), uniform(2, 4, 2)])
    case("attention", dict(gqa=True), lambda q, k, v: sdpa(q, k, v, enable_gqa=True), [uniform(2, 4, 3, 4), uniform(2, 2, 5, 4), uniform(2, 2, 5, 4)])
    case("attention", dict(gqa=True, causal=True), lambda q, k, v: sdpa(q, k, v, enable_gqa=True, is_causal=True), [uniform(1, 6, 4, 2), uniform(1, 3, 4, 2), uniform(1, 3, 4, 2)])


for family in (convolutions, pools, normalisations, resizing, attention):
    family()
FILE.write_bytes(gzip.compress(safetensors.torch.save(tensors), 9, mtime=0))
print(len({name.rsplit("/", 1)[0] for name in tensors}), "cases,", FILE.stat().st_size, "bytes")
