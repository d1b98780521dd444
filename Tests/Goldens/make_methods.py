"""Writes `methods.safetensors.gz` of HearthTensorTests with PyTorch: special functions, order statistics, running and
NaN-aware reductions, places written one by one, arrangements, products, linear algebra, sampling at a grid.

    python Tests/Goldens/make_methods.py

The format is that of make_operations.py: the part of a name before the slash names the closure in `OperationTable.methods`.
"""

import functools
import gzip
import itertools
import math
from pathlib import Path

import safetensors.torch
import torch
import torch.nn.functional as F

import golden_file

FILE = Path(__file__).parent.parent / "HearthTensorTests" / "Goldens" / "methods.safetensors.gz"
INTEGERS = [torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64]
f16, f32, f64, i64 = torch.float16, torch.float32, torch.float64, torch.int64
inf, nan = math.inf, math.nan
generator = torch.Generator().manual_seed(40)
tensors = {}


def uniform(*shape, low=-2.0, high=2.0, dtype=f64):
    return (torch.rand(shape, generator=generator, dtype=f64) * (high - low) + low).to(dtype)


def distinct(*shape, dtype=f64):
    """Numbers that differ from each other, so that an order of them is unique."""
    count = math.prod(shape)
    return ((torch.randperm(count, generator=generator) - count / 2 + 0.25) / 4).to(dtype).reshape(shape)


def integers(*shape, low=-4, high=5, dtype=i64):
    return torch.randint(low, high, shape, generator=generator).to(dtype)


def holes(*shape, dtype=f64):
    """Distinct numbers with NaN among them."""
    x = distinct(*shape, dtype=dtype)
    x.reshape(-1)[::4] = nan
    return x


def case(key, function, *inputs, grad=True):
    golden_file.add(tensors, key, function, inputs, grad)


def special():
    odd = torch.tensor([0.0, -0.0, inf, -inf, nan, 1.0, -1.0, 0.5, 2.0, -2.0, 30.0, -31.0, 80.0])
    pairs = torch.cartesian_prod(torch.tensor([0.0, -0.0, inf, -inf, nan, 1.0, -1.5]), torch.tensor([0.0, inf, -inf, nan, 1.0, -1.5]))
    binary = {"fmax": torch.fmax, "fmin": torch.fmin, "logaddexp": torch.logaddexp, "logaddexp2": torch.logaddexp2,
              "heaviside": torch.heaviside, "nextafter": torch.nextafter}
    for name, f in binary.items():
        case(name, f, pairs[:, 0], pairs[:, 1], grad=False)
        case(name, f, uniform(3, 4), uniform(4), grad=name not in ("heaviside", "nextafter"))
        case(name, f, uniform(2, 3, dtype=f32), uniform(2, 1, dtype=f32), grad=name not in ("heaviside", "nextafter"))
        if name != "nextafter":
            case(name, f, uniform(5, dtype=f16), uniform(5, dtype=f16), grad=False)
    for dtype in INTEGERS:
        low = 0 if dtype == torch.uint8 else -12
        for name in ("gcd", "lcm"):
            case(name, getattr(torch, name), integers(9, low=low, high=13, dtype=dtype), integers(9, low=low, high=13, dtype=dtype))
        case("fmax", torch.fmax, integers(4, low=0, dtype=dtype), integers(4, low=0, dtype=dtype))
        case("heaviside", torch.heaviside, integers(6, low=max(low, -2), high=3, dtype=dtype), integers(6, low=0, dtype=dtype))
        case("signbit", torch.signbit, integers(5, low=low, dtype=dtype))
    case("frexp", lambda x: torch.frexp(x), torch.tensor([0.0, 1.0, -1.5, 8.0, 0.1, 1e-40, 3e38, -7.25]))
    case("frexp", lambda x: torch.frexp(x), uniform(3, 3))
    case("ldexp", torch.ldexp, uniform(2, 3), integers(2, 3))
    case("ldexp", torch.ldexp, uniform(2, 3, dtype=f32), integers(3, dtype=torch.int32))
    case("signbit", torch.signbit, odd)
    case("isposinf", torch.isposinf, odd)
    case("isneginf", torch.isneginf, odd)
    case("angle", torch.angle, odd, grad=False)
    case("angle", torch.angle, integers(5), grad=False)
    for name in ("deg2rad", "rad2deg", "sinc"):
        case(name, getattr(torch, name), uniform(3, 3))
        case(name, getattr(torch, name), integers(4))
    case("sinc", torch.sinc, torch.tensor([0.0, 1.0, -0.5, 0.1]))
    case("float_power", torch.float_power, uniform(3, low=0.2, dtype=f32), uniform(3, dtype=f32))
    case("float_power 2.5", lambda x: torch.float_power(x, 2.5), uniform(3, low=0.2, dtype=f32))
    case("round 2", lambda x: torch.round(x, decimals=2), uniform(6), grad=False)
    case("round -1", lambda x: torch.round(x, decimals=-1), uniform(6, low=-100, high=100), grad=False)
    for name, f in (("i0", torch.special.i0), ("i1", torch.special.i1), ("i0e", torch.special.i0e), ("i1e", torch.special.i1e)):
        # PyTorch's i0 and i1 are NaN at infinity, where they are infinite.
        places = odd if name.endswith("e") else odd[~odd.isinf()]
        case(name, f, places, grad=False)
        case(name, f, places.double(), grad=False)
        case(name, f, uniform(3, 3, low=-4, high=4))
        case(name, f, uniform(6, low=25, high=40))
        case(name, f, torch.zeros(1, dtype=f64))
    for name, f in (("igamma", torch.igamma), ("igammac", torch.igammac)):
        case(name, f, uniform(40, low=0.05, high=30), uniform(40, low=0, high=40), grad=False)
        edge = torch.cartesian_prod(torch.tensor([0.0, 1.0, inf, -1.0]), torch.tensor([0.0, 1.0, inf, -1.0]))
        # PyTorch answers numbers for some pairs with NaN, of 0 and of infinity.
        edge = torch.cat([edge, torch.tensor([[1.0, nan], [nan, 1.0]])])
        case(name, f, edge[:, 0].contiguous(), edge[:, 1].contiguous(), grad=False)
        case(name, lambda a, x: f(a.double(), x), integers(3, 3, low=1, high=6), uniform(3, 3, low=0.2, high=6))
    case("zeta", torch.special.zeta, uniform(30, low=1.05, high=9), uniform(30, low=0.1, high=20), grad=False)
    case("zeta", torch.special.zeta, torch.tensor([1.0, 0.5, 2.0, 3.0, 2.0, nan, 2.5, 60.0]), torch.tensor([2.0, 2.0, 0.0, -1.5, -2.0, 1.0, -1.5, 0.3]), grad=False)
    case("zeta", lambda s, q: torch.special.zeta(s.double(), q), integers(4, low=2, high=6), uniform(4, low=0.5, high=5))
    for n in (0, 1, 2, 3):
        case(f"polygamma {n}", lambda x: torch.polygamma(n, x), uniform(5, low=0.5, high=6))
    for p in (1, 3):
        case(f"mvlgamma {p}", lambda x: torch.mvlgamma(x, p), uniform(4, low=1.5, high=6))
    case("ndtr", torch.special.ndtr, uniform(6, low=-5, high=5))
    case("ndtr", torch.special.ndtr, odd, grad=False)
    case("entr", torch.special.entr, torch.tensor([0.0, -1.0, 0.5, 2.0, inf, nan]), grad=False)
    case("entr", torch.special.entr, uniform(4, low=0.1))
    case("xlog1py", torch.special.xlog1py, torch.tensor([0.0, 0.0, 0.0, 1.0, 2.0]), torch.tensor([-1.0, -2.0, nan, -1.0, 3.0]), grad=False)
    case("xlog1py", torch.special.xlog1py, uniform(3, 3), uniform(3, low=-0.5))


def reductions():
    for dim in (0, 1, -1):
        for name in ("cummax", "cummin"):
            f = lambda x: getattr(torch, name)(x, dim)
            case(f"{name} {dim}", f, distinct(3, 4))
            case(f"{name} {dim}", f, integers(3, 5))
            case(f"{name} {dim}", f, holes(4, 3))
        case(f"logcumsumexp {dim}", lambda x: torch.logcumsumexp(x, dim), uniform(3, 5))
        case(f"logcumsumexp {dim}", lambda x: torch.logcumsumexp(x, dim), uniform(2, 1, 3))
    case("logcumsumexp 0", lambda x: torch.logcumsumexp(x, 0), torch.tensor([1000.0, -1000.0, 1001.0, -inf, 3.0]))
    case("logcumsumexp 0", lambda x: torch.logcumsumexp(x, 0), torch.tensor([-inf, -inf, 3.0, inf, 2.0]), grad=False)
    for make in (holes, distinct):
        case("nansum", torch.nansum, make(3, 4))
        case("nansum 1", lambda x: torch.nansum(x, 1), make(3, 4))
        case("nanmean", torch.nanmean, make(3, 4))
        case("nanmean 0", lambda x: torch.nanmean(x, 0, keepdim=True), make(3, 5))
        case("nanmedian", torch.nanmedian, make(3, 4))
        case("nanmedian 1", lambda x: torch.nanmedian(x, 1), make(3, 5))
    case("nansum", torch.nansum, integers(3))
    case("count_nonzero 1", lambda x: torch.count_nonzero(x, 1), integers(3, 6, low=-1, high=2))
    case("aminmax", torch.aminmax, distinct(3, 4))
    case("aminmax 1", lambda x: torch.aminmax(x, dim=1), distinct(3, 4))
    q = torch.tensor([0.0, 0.3, 0.5, 1.0], dtype=f64)
    for mode in ("linear", "lower", "higher", "midpoint", "nearest"):
        case(f"quantile 0.3 {mode}", lambda x: torch.quantile(x, 0.3, interpolation=mode), distinct(3, 4))
        case(f"quantile vector 1 {mode}", lambda x: torch.quantile(x, q, dim=1, interpolation=mode), distinct(3, 5))
        case(f"nanquantile vector 0 {mode}", lambda x: torch.nanquantile(x, q, dim=0, interpolation=mode), holes(5, 3))
    case("quantile 0.3 linear", lambda x: torch.quantile(x, 0.3), holes(4), grad=False)
    case("quantile vector keep", lambda x: torch.quantile(x, q, dim=0, keepdim=True), distinct(4, 3))
    case("quantile vector all", lambda x: torch.quantile(x, q.to(x.dtype), keepdim=True), distinct(4, 3, dtype=f32))
    case("quantile 0.6 keep", lambda x: torch.quantile(x, 0.6, dim=-1, keepdim=True), distinct(4, 3))
    case("nanquantile 0.4", lambda x: torch.nanquantile(x, 0.4), torch.tensor([nan, nan]), grad=False)
    case("lerp", torch.lerp, uniform(3, 3), uniform(3, 3), uniform(3, 3, low=0, high=1))
    case("mode 1", lambda x: torch.mode(x, 1), integers(4, 9, low=0, high=4))
    case("mode 0", lambda x: torch.mode(x, 0), integers(7, 3, low=0, high=3).double())
    case("histc", torch.histc, uniform(50), grad=False)
    case("histc 5 -1 1", lambda x: torch.histc(x, 5, -1, 1), uniform(50, dtype=f32), grad=False)
    case("histc 4", lambda x: torch.histc(x, 4), torch.tensor([2.0, 2.0, 2.0]), grad=False)
    case("histogram 5", lambda x: torch.histogram(x, 5), uniform(30), grad=False)
    case("histogram 4 -1 1 density", lambda x, w: torch.histogram(x, 4, range=(-1, 1), weight=w, density=True), uniform(30), uniform(30, low=0), grad=False)
    case("histogram edges", lambda x, e: torch.histogram(x, e), uniform(30), torch.tensor([-1.5, -1, 0.1, 1.5], dtype=f64), grad=False)
    case("bucketize", lambda x, b: torch.bucketize(x, b), integers(3, 4), torch.tensor([-2, 0, 1, 3]))
    case("bucketize right", lambda x, b: torch.bucketize(x, b, right=True), integers(3, 4), torch.tensor([-2, 0, 1, 3]))
    case("isin", torch.isin, integers(3, 4), integers(3))
    case("cov", torch.cov, uniform(3, 5))
    case("cov", torch.cov, uniform(6))
    case("cov 0", lambda x: torch.cov(x, correction=0), uniform(2, 4))
    case("cov weights", lambda x, f, a: torch.cov(x, fweights=f, aweights=a), uniform(3, 5), integers(5, low=1), uniform(5, low=0.2))
    case("corrcoef", torch.corrcoef, uniform(3, 5))
    case("corrcoef", torch.corrcoef, uniform(6))
    for p in (1, 2, 3, inf):
        case(f"dist {p}", lambda x, y: torch.dist(x, y, p), uniform(3, 3), uniform(3))
    case("renorm 2 0", lambda x: torch.renorm(x, 2, 0, 1.5), uniform(4, 3))
    case("renorm 1 1", lambda x: torch.renorm(x, 1, 1, 1.5), uniform(2, 3, 2))
    case("normalize", F.normalize, uniform(3, 4))
    case("normalize 3 0", lambda x: F.normalize(x, 3, 0), uniform(3, 4))
    case("diff", torch.diff, uniform(3, 4))
    case("diff", torch.diff, integers(5))
    case("diff", torch.diff, integers(5, low=0, high=2).bool())
    case("diff 2 0", lambda x: torch.diff(x, 2, 0), uniform(4, 3))
    case("diff ends", lambda x, y, z: torch.diff(x, prepend=y, append=z), uniform(2, 3), uniform(2, 1), uniform(2, 2))
    case("gradient", lambda x: torch.gradient(x), uniform(4, 5))
    case("gradient 0.5 1 order=2", lambda x: torch.gradient(x, spacing=0.5, dim=1, edge_order=2), uniform(3, 5))
    case("trapezoid", lambda x: torch.trapezoid(x), uniform(3, 4))
    case("trapezoid 0.5 0", lambda x: torch.trapezoid(x, dx=0.5, dim=0), uniform(3, 4))
    case("trapezoid x", lambda y, x: torch.trapezoid(y, x), uniform(3, 4), distinct(4))
    case("cumulative_trapezoid", lambda x: torch.cumulative_trapezoid(x), uniform(3, 4))
    case("cumulative_trapezoid x 0", lambda y, x: torch.cumulative_trapezoid(y, x, dim=0), uniform(3, 4), distinct(3, 4))


def indexing():
    x = lambda: uniform(3, 4)
    case("put", lambda x, i, s: x.put(i, s), x(), torch.tensor([[5, -1], [0, 7]]), uniform(2, 2))
    case("put accumulate", lambda x, i, s: x.put(i, s, accumulate=True), x(), torch.tensor([5, -1, 5, 11]), uniform(4))
    i, j, k = torch.tensor([0, 2, -1, 0]), torch.tensor([1, 3, 0, 1]), torch.tensor([[1], [0]])
    case("index_put 1", lambda x, i, v: x.index_put((i,), v), x(), i[:2], uniform(2, 4))
    case("index_put 2 accumulate", lambda x, i, j, v: x.index_put((i, j), v, accumulate=True), x(), i, j, uniform(4))
    case("index_put 3", lambda x, i, j, k, v: x.index_put((i, j, k), v), uniform(2, 3, 4), i[:2] % 2, j[:2] % 3, k, uniform(1))
    case("take_along_dim 1", lambda x, i: torch.take_along_dim(x, i, 1), x(), integers(3, 2, low=0, high=4))
    case("take_along_dim 0", lambda x, i: torch.take_along_dim(x, i, 0), x(), integers(5, 1, low=0, high=3))
    case("take_along_dim", lambda x, i: torch.take_along_dim(x, i), x(), integers(5, low=0, high=12))
    case("masked_scatter", lambda x, m, s: x.masked_scatter(m, s), x(), integers(3, 4, low=0, high=2).bool(), uniform(12))
    case("masked_scatter", lambda x, m, s: x.masked_scatter(m, s), x(), integers(4, low=0, high=2).bool(), uniform(12))
    index = torch.tensor([2, 0, 2])
    for name, reduce in (("prod", "prod"), ("amax", "amax"), ("amin", "amin")):
        case(f"index_reduce 0 {name}", lambda x, i, s: x.index_reduce(0, i, s, reduce), x(), index, uniform(3, 4))
        case(f"index_reduce 1 {name}", lambda x, i, s: x.index_reduce(1, i, s, reduce), x(), index, uniform(3, 3))
    case("select_scatter 1 -1", lambda x, s: x.select_scatter(s, 1, -1), x(), uniform(3))
    case("slice_scatter 1 1 -1", lambda x, s: x.slice_scatter(s, 1, 1, -1), x(), uniform(3, 2))
    case("slice_scatter 0 step=2", lambda x, s: x.slice_scatter(s, 0, step=2), x(), uniform(2, 4))
    case("diagonal_scatter", lambda x, s: x.diagonal_scatter(s), x(), uniform(3))
    case("diagonal_scatter -1 1 2", lambda x, s: x.diagonal_scatter(s, -1, 1, 2), uniform(2, 3, 3), uniform(2, 2))
    case("diag_embed", torch.diag_embed, uniform(2, 3))
    case("diag_embed 1 0 2", lambda x: torch.diag_embed(x, 1, 0, 2), uniform(2, 3))
    case("diag_embed -1 2 0", lambda x: torch.diag_embed(x, -1, 2, 0), uniform(2, 3))
    case("diagflat", torch.diagflat, uniform(2, 2))
    case("diagflat -1", lambda x: torch.diagflat(x, -1), uniform(3))
    for k in (-1, 0, 1, 2, 3, 5):
        case(f"rot90 {k}", lambda x: torch.rot90(x, k), x())
    case("rot90 1 2,0", lambda x: torch.rot90(x, 1, (2, 0)), uniform(2, 3, 4))
    case("roll 1,-2 0,1", lambda x: torch.roll(x, (1, -2), (0, 1)), x())
    case("msort", torch.msort, distinct(4, 3))
    case("repeat_interleave counts 0", lambda x, c: torch.repeat_interleave(x, c, 0), x(), torch.tensor([2, 0, 3]))
    case("repeat_interleave counts", lambda x, c: torch.repeat_interleave(x, c), x(), torch.tensor([2]))
    f = lambda x: torch.unique_consecutive(x, return_inverse=True, return_counts=True)
    case("unique_consecutive", f, torch.tensor([1, 1, 2, 2, 3, 1, 1, 2]))
    case("unique_consecutive", f, integers(3, 5, low=0, high=2))
    case("unique_consecutive", f, torch.empty(0), grad=False)
    for rows, columns, offset in ((3, 3, 0), (2, 4, 1), (4, 2, -1), (3, 3, -5)):
        case(f"tril_indices {rows},{columns},{offset}", lambda x: torch.tril_indices(rows, columns, offset), torch.zeros(1))
        case(f"triu_indices {rows},{columns},{offset}", lambda x: torch.triu_indices(rows, columns, offset), torch.zeros(1))
    case("cartesian_prod", torch.cartesian_prod, uniform(2), uniform(3))
    case("cartesian_prod", torch.cartesian_prod, uniform(3))
    for r in (1, 2, 3):
        case(f"combinations {r}", lambda x: torch.combinations(x, r), uniform(4))
        case(f"combinations {r} again", lambda x: torch.combinations(x, r, with_replacement=True), uniform(3))
    case("combinations 3", lambda x: torch.combinations(x, 3), uniform(2), grad=False)
    # Its own derivative does not work in PyTorch 2.15, so these are the powers that it stands for.
    case("vander", lambda x: x.unsqueeze(-1) ** torch.tensor([2, 1, 0]), uniform(3))
    case("vander", torch.vander, integers(4))
    case("vander 2 increasing", lambda x: torch.vander(x, 2, increasing=True), uniform(3), grad=False)
    case("block_diag", torch.block_diag, uniform(2, 3), uniform(2), uniform(), uniform(1, 1))
    case("tensor_split 3 1", lambda x: torch.tensor_split(x, 3, 1), uniform(2, 5))
    case("tensor_split 1,3 0", lambda x: torch.tensor_split(x, (1, 3), 0), uniform(4, 2))
    case("tensor_split 2,1,9,-1", lambda x: torch.tensor_split(x, (2, 1, 9, -1)), uniform(4))
    case("hsplit 2", lambda x: torch.hsplit(x, 2), uniform(3, 4))
    case("hsplit 2", lambda x: torch.hsplit(x, 2), uniform(4))
    case("vsplit 1", lambda x: torch.vsplit(x, [1]), uniform(3, 4))
    case("vsplit", lambda x: torch.vsplit(x, 3), uniform(3, 2))
    case("dsplit 2", lambda x: torch.dsplit(x, 2), uniform(2, 1, 4))
    for name in ("hstack", "vstack", "dstack", "column_stack"):
        f = lambda *x: getattr(torch, name)(x)
        case(name, f, uniform(3), uniform(3))
        case(name, f, uniform(2, 3), uniform(2, 3))
    for name in ("atleast_1d", "atleast_2d", "atleast_3d"):
        for shape in ((), (3,), (2, 3)):
            case(name, getattr(torch, name), uniform(*shape))
    for index in (torch.tensor([[1, 0], [2, 2]]), torch.tensor(1)):
        case("embedding", lambda w, i: F.embedding(i, w), uniform(3, 2), index)
    case("embedding padding=2", lambda w, i: F.embedding(i, w, padding_idx=2), uniform(3, 2), torch.tensor([1, 2, 0, 2]))


def products():
    case("addmv", lambda x, m, v: torch.addmv(x, m, v), uniform(3), uniform(3, 4), uniform(4))
    case("addmv 0.5 2", lambda x, m, v: torch.addmv(x, m, v, beta=0.5, alpha=2), uniform(3, dtype=f32), uniform(3, 4, dtype=f32), uniform(4, dtype=f32))
    case("addr 0.5 2", lambda x, a, b: torch.addr(x, a, b, beta=0.5, alpha=2), uniform(3, 2), uniform(3), uniform(2))
    case("baddbmm 0.5 2", lambda x, a, b: torch.baddbmm(x, a, b, beta=0.5, alpha=2), uniform(2, 3, 2), uniform(2, 3, 4), uniform(2, 4, 2))
    case("addbmm 0.5 2", lambda x, a, b: torch.addbmm(x, a, b, beta=0.5, alpha=2), uniform(3, 2), uniform(2, 3, 4), uniform(2, 4, 2))
    case("inner", torch.inner, uniform(2, 3), uniform(4, 3))
    case("inner", torch.inner, uniform(3), uniform(3))
    case("inner", torch.inner, uniform(), uniform(3))
    case("vecdot", torch.linalg.vecdot, uniform(2, 3), uniform(3))
    case("tensordot 2", lambda x, y: torch.tensordot(x, y), uniform(2, 3, 2), uniform(3, 2, 4))
    case("tensordot 1,0 0,2", lambda x, y: torch.tensordot(x, y, ([1, 0], [0, 2])), uniform(2, 3, 2), uniform(3, 4, 2))
    case("kron", torch.kron, uniform(2, 3), uniform(2, 2))
    case("kron", torch.kron, uniform(3), uniform(2, 1, 2))
    case("cross", lambda x, y: torch.linalg.cross(x, y), uniform(4, 3), uniform(4, 3))
    case("cross", lambda x, y: torch.linalg.cross(x, y), uniform(4, 3), uniform(1, 3))
    case("cross 0", lambda x, y: torch.cross(x, y, dim=0), uniform(3, 2), uniform(3, 2))
    for sizes in ((2, 3, 4), (2, 5, 1, 3, 2), (3, 2)):
        matrices = [uniform(a, b) for a, b in zip(sizes, sizes[1:])]
        if len(matrices) > 1:
            case("multi_dot", lambda *x: functools.reduce(torch.matmul, x), *matrices)
    case("multi_dot", lambda *x: functools.reduce(torch.matmul, x), uniform(3), uniform(3, 2), uniform(2))
    case("bilinear", F.bilinear, uniform(2, 3), uniform(2, 2), uniform(2, 3, 2), uniform(2))
    case("bilinear", F.bilinear, uniform(2, 2, 3), uniform(2, 2, 2), uniform(2, 3, 2))
    case("conv_tbc", lambda x, w, b: torch.conv_tbc(x, w, b, 1), uniform(4, 2, 3), uniform(3, 3, 2), uniform(2))
    ends = (2, 2, 5)
    case("grouped_mm 2,2,5", lambda x, w: torch.cat([x[a:b] @ m for a, b, m in zip((0,) + ends, ends, w)]), uniform(5, 3), uniform(3, 3, 2))


def spread(*shape):
    """Matrices whose singular values are far from each other and from 0."""
    size = min(shape[-2:])
    u, _ = torch.linalg.qr(uniform(*shape[:-2], shape[-2], size))
    v, _ = torch.linalg.qr(uniform(*shape[:-2], shape[-1], size))
    return (u * torch.arange(size, 0, -1).double()) @ v.mT


def positive(*shape):
    x = uniform(*shape)
    return x @ x.mT + 2 * torch.eye(shape[-1], dtype=f64)


def algebra():
    linalg = torch.linalg
    symmetric = lambda x: (x + x.mT) / 2
    for shape in ((3, 3), (2, 3, 3), (1, 1), (2, 0, 0), (0, 3, 3)):
        case("cholesky", lambda x: linalg.cholesky(symmetric(x)), positive(*shape))
        case("inverse", torch.inverse, spread(*shape) if 0 not in shape else torch.zeros(shape, dtype=f64))
        case("det", torch.det, spread(*shape) if 0 not in shape else torch.zeros(shape, dtype=f64))
    case("cholesky upper", lambda x: linalg.cholesky(symmetric(x), upper=True), positive(3, 3).float())
    case("inverse", torch.inverse, spread(3, 3).float())
    case("inverse", torch.inverse, torch.tensor([[0.0, 2.0], [1.0, 0.0]], dtype=f64))
    case("cholesky_solve", lambda b, l: torch.cholesky_solve(b, l.tril()), uniform(3, 2), positive(3, 3))
    case("cholesky_solve upper", lambda b, l: torch.cholesky_solve(b, l.triu(), upper=True), uniform(2, 3, 1), positive(2, 3, 3))
    case("cholesky_inverse", lambda l: torch.cholesky_inverse(l.tril()), positive(3, 3))
    case("solve", linalg.solve, spread(3, 3), uniform(3, 2))
    case("solve", linalg.solve, spread(3, 3), uniform(3))
    case("solve", linalg.solve, spread(2, 3, 3), uniform(2, 3))
    case("solve", linalg.solve, spread(2, 2, 2), uniform(2, 3))
    case("solve", linalg.solve, spread(4, 4).float(), uniform(4, 2).float())
    for upper, left, unit in itertools.product((False, True), repeat=3):
        words = [w for w, on in (("upper", upper), ("right", not left), ("unit", unit)) if on]
        f = lambda a, b: linalg.solve_triangular(a, b, upper=upper, left=left, unitriangular=unit)
        case(" ".join(["solve_triangular"] + words), f, positive(3, 3), uniform(3, 2) if left else uniform(2, 3))
    case("solve_triangular", lambda a, b: linalg.solve_triangular(a, b, upper=False), positive(2, 3, 3), uniform(3, 2))
    rank2 = uniform(3, 2) @ uniform(2, 3)
    rank2[2] = rank2[0] * 2
    case("det", torch.det, torch.tensor([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 0.0, 1.0]], dtype=f64))
    case("det", torch.det, torch.zeros(3, 3, dtype=f64))
    for x in (spread(3, 3), spread(2, 3, 3), -spread(3, 3)):
        case("slogdet", lambda x: tuple(linalg.slogdet(x)), x)
    case("slogdet", lambda x: tuple(linalg.slogdet(x)), torch.ones(2, 2, dtype=f64), grad=False)
    case("logdet", torch.logdet, positive(3, 3))
    case("logdet", torch.logdet, torch.tensor([[[0.0, 1.0], [1.0, 0.0]], [[1.0, 1.0], [1.0, 1.0]]], dtype=f64), grad=False)
    for shape in ((3, 3), (4, 2), (2, 4), (2, 3, 3)):
        case("lu_factor", lambda x: tuple(linalg.lu_factor(x)), uniform(*shape))
        case("lu", lambda x: tuple(linalg.lu(x)), uniform(*shape))
        case("qr", lambda x: tuple(linalg.qr(x)), uniform(*shape))
        case("svdvals", linalg.svdvals, spread(*shape))
        # Signs of vectors are free, magnitudes are not.
        case("svd", lambda x: [p.abs() for p in torch.svd(x)], spread(*shape))
        case("svd product", lambda x: (lambda u, s, v: (u * s.exp().unsqueeze(-2)) @ v.mT)(*torch.svd(x)), spread(*shape))
        case("pinverse", linalg.pinv, spread(*shape))
        case("lstsq", lambda a, b: linalg.pinv(a) @ b, spread(*shape), uniform(*shape[:-1], 2))
        for norm, order in (("frobenius", "fro"), ("nuclear", "nuc"), ("spectral", 2), ("one", 1), ("infinity", inf)):
            case(f"matrix_norm {norm}", lambda x: linalg.matrix_norm(x, order), spread(*shape))
    case("qr", lambda x: tuple(linalg.qr(x)), torch.tensor([[2.0, 1.0], [0.0, 3.0]], dtype=f64))
    case("pinverse", linalg.pinv, torch.tensor([[1.0, 2.0], [2.0, 4.0], [0.0, 0.0]], dtype=f64), grad=False)
    case("lu_solve", lambda b, x: torch.lu_solve(b, *linalg.lu_factor(x)), uniform(3, 2), uniform(3, 3))
    case("lu_solve", lambda b, x: torch.lu_solve(b, *linalg.lu_factor(x)), uniform(2, 3, 1), uniform(2, 3, 3))
    for shape in ((3, 3), (2, 3, 3), (1, 1)):
        case("eigh", lambda x: (lambda w, v: [w, v.abs()])(*linalg.eigh(symmetric(x))), uniform(*shape) * 2)
        case("eigh product", lambda x: (lambda w, v: (v * w.exp().unsqueeze(-2)) @ v.mT)(*linalg.eigh(symmetric(x))), uniform(*shape) * 2)
        case("eigvalsh", lambda x: linalg.eigvalsh(symmetric(x)), uniform(*shape) * 2)
        for n in (0, 1, 2, 5, -1, -2):
            case(f"matrix_power {n}", lambda x: torch.matrix_power(x, n), spread(*shape) / 3 + torch.eye(shape[-1]), grad=n != 0)
        case("matrix_exp", torch.matrix_exp, uniform(*shape))
        case("cond spectral", lambda x: linalg.cond(x), spread(*shape))
        case("cond one", lambda x: linalg.matrix_norm(x, 1) * linalg.matrix_norm(linalg.inv(x), 1), spread(*shape))
    case("matrix_exp", torch.matrix_exp, uniform(3, 3) * 6)
    case("matrix_exp", torch.matrix_exp, torch.zeros(2, 2))
    case("matrix_rank", linalg.matrix_rank, torch.stack([torch.ones(3, 2), torch.eye(3)[:, :2], torch.zeros(3, 2)]))
    case("tensorinv 2", lambda x: linalg.tensorinv(x, 2), spread(4, 4).reshape(2, 2, 4))
    case("tensorinv 1", lambda x: linalg.tensorinv(x, 1), spread(4, 4).reshape(4, 2, 2))
    case("tensorsolve", linalg.tensorsolve, spread(4, 4).reshape(2, 2, 4), uniform(2, 2))


def sampling():
    names = {"bilinear": "linear", "nearest": "nearest", "bicubic": "cubic"}
    for mode, padding, corners in itertools.product(names, ("zeros", "border", "reflection"), (False, True)):
        key = f"grid_sample {names[mode]} {padding}" + (" corners" if corners else "")
        f = lambda x, g: F.grid_sample(x, g, mode, padding, corners)
        case(key, f, uniform(1, 2, 3, 4), uniform(1, 2, 3, 2, low=-1.6, high=1.6))
        case(key, f, uniform(2, 1, 4, 3), uniform(2, 2, 2, 2, low=-3, high=3))
        if mode != "bicubic":
            case(key, f, uniform(1, 2, 2, 3, 2), uniform(1, 1, 2, 3, 3, low=-1.4, high=1.4))
    for corners in (False, True):
        words = " corners" if corners else ""
        case("affine_grid 2,1,3,4" + words, lambda t: F.affine_grid(t, (2, 1, 3, 4), corners), uniform(2, 2, 3))
        case("affine_grid 1,1,2,3,1" + words, lambda t: F.affine_grid(t, (1, 1, 2, 3, 1), corners), uniform(1, 3, 4))
    draw = lambda *shape: torch.rand(shape, generator=generator, dtype=f64)
    pool = lambda f, kernel, size: (lambda x, s: f(x, kernel, output_size=size, return_indices=True, _random_samples=s.detach()))
    case("fractional_max_pool2d 2 3,4", pool(F.fractional_max_pool2d, 2, (3, 4)), distinct(2, 3, 7, 9), draw(2, 3, 2))
    case("fractional_max_pool2d 3,2 4,2", pool(F.fractional_max_pool2d, (3, 2), (4, 2)), distinct(2, 8, 5), draw(1, 2, 2))
    case("fractional_max_pool3d 2 2,3,2", pool(F.fractional_max_pool3d, 2, (2, 3, 2)), distinct(1, 2, 5, 6, 4), draw(1, 2, 3))


for family in (special, reductions, indexing, products, algebra, sampling):
    family()
FILE.write_bytes(gzip.compress(safetensors.torch.save(tensors), 9, mtime=0))
print(len({name.rsplit("/", 1)[0] for name in tensors}), "cases,", FILE.stat().st_size, "bytes")
