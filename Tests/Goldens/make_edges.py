"""Writes `edges.safetensors.gz` of HearthTensorTests with PyTorch: functions where they end, jump or overflow. NaN,
infinities, zeros of both signs, ties, the ends of an interval, 16-bit numbers whose sums leave their range, tensors
without dimensions and without elements, singular and repeated values.

    python Tests/Goldens/make_edges.py

The format is that of make_operations.py. The part of a name before the slash names a closure in `OperationTable.edges`, or
one that the other two tables have.
"""

import gzip
import itertools
import math
from pathlib import Path

import safetensors.torch
import torch
import torch.nn.functional as F

import golden_file

FILE = Path(__file__).parent.parent / "HearthTensorTests" / "Goldens" / "edges.safetensors.gz"
f16, bf16, f32, f64, i64 = torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.int64
HALVES, FLOATS = (f16, bf16), (f32, f64)
inf, nan = math.inf, math.nan
generator = torch.Generator().manual_seed(43)
tensors = {}


def uniform(*shape, low=-2.0, high=2.0, dtype=f64):
    return (torch.rand(shape, generator=generator, dtype=f64) * (high - low) + low).to(dtype)


def case(key, function, *inputs, grad=True, differentiable=(f16, bf16, f32, f64)):
    golden_file.add(tensors, key, function, inputs, grad, differentiable)


def weighed(values, fill=0.5):
    """The values with others put where a golden's weight is 0, since 0 times infinity tells nothing of a derivative."""
    result = []
    for value in values:
        while (len(result) * 7) % 11 == 5:
            result.append(fill)
        result.append(value)
    return result


# Where functions of one number end, jump or overflow.
PLACES = [nan, inf, -inf, 0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 6.0, -6.0, 1e-3, -1e-3, 1e-7, -1e-7,
          1e-25, -1e-25, 1e25, -1e25, 0.25, -0.25, 1.25, -1.25, 20.0, -20.0, 21.5, 88.0, -88.0, 100.0, -100.0, 1000.0, -1000.0,
          0.99, -0.99]


def sinc(x):
    """PyTorch's own derivative cancels near 0; here both are those of the power series."""
    z = (x * math.pi).masked_fill(x.abs() > 0.3, 0.5)
    series = sum((-1) ** k * (z * z) ** k / float(math.factorial(2 * k + 1)) for k in range(12))
    far = x.masked_fill(x.abs() <= 0.3, 0.5)
    return torch.where(x.abs() <= 0.3, series, torch.sinc(far))


FUNCTIONS = {
    name: getattr(torch, name) for name in (
        "abs", "sign", "square", "sqrt", "rsqrt", "reciprocal", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p",
        "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf", "erfc", "erfinv", "floor", "ceil", "round",
        "trunc", "sigmoid", "logit", "nan_to_num", "i0")
} | {
    "sinc": sinc,
    "entr": torch.special.entr, "ndtr": torch.special.ndtr, "i0e": torch.special.i0e, "i1e": torch.special.i1e,
    "clamp min=-1 max=0.5": lambda x: x.clamp(-1, 0.5), "clamp min=0.25": lambda x: x.clamp(min=0.25),
    "clamp max=0.25": lambda x: x.clamp(max=0.25), "logit eps=0.1": lambda x: torch.logit(x, 0.1),
    "relu": F.relu, "relu6": F.relu6, "logsigmoid": F.logsigmoid, "gelu": F.gelu,
    "gelu tanh": lambda x: F.gelu(x, approximate="tanh"), "silu": F.silu, "mish": F.mish, "softplus": F.softplus,
    "softplus 2 1.5": lambda x: F.softplus(x, 2, 1.5), "softsign": F.softsign, "hardsigmoid": F.hardsigmoid,
    "hardswish": F.hardswish, "hardtanh": F.hardtanh, "hardtanh -0.5 2": lambda x: F.hardtanh(x, -0.5, 2),
    "leaky_relu": F.leaky_relu, "elu": F.elu, "elu 0.7": lambda x: F.elu(x, 0.7), "selu": F.selu, "celu": F.celu,
    "celu 0.7": lambda x: F.celu(x, 0.7), "tanhshrink": F.tanhshrink, "softshrink": F.softshrink, "hardshrink": F.hardshrink,
    "threshold 0.5 -7": lambda x: F.threshold(x, 0.5, -7),
    "pow 2.0": lambda x: x ** 2.0, "pow 0.5": lambda x: x ** 0.5, "pow -0.5": lambda x: x ** -0.5, "pow 1.7": lambda x: x ** 1.7,
    "pow 0": lambda x: x ** 0, "pow 3": lambda x: x ** 3, "pow -1": lambda x: x ** -1, "pow -2": lambda x: x ** -2,
    "rdiv scalar=2": lambda x: 2 / x, "rpow scalar=2": lambda x: torch.pow(2, x),
    "floor_divide scalar=2.5": lambda x: x // 2.5, "remainder scalar=-3": lambda x: x % -3,
}


def functions():
    for name, function in FUNCTIONS.items():
        for dtype in FLOATS:
            # PyTorch has no number for i0 and, in float32 alone, gelu of infinity, which is infinite.
            places = [x for x in PLACES if name not in ("i0", "gelu") or abs(x) != inf]
            case(name, function, torch.tensor(weighed(places), dtype=dtype), grad="floor_divide" not in name)
    for n in (1, 2, 3):
        # From order 2 on PyTorch has no number for infinity, where all are 0, and for order 1 a large one at the poles.
        places = [nan] + [inf] * (n == 1) + [0.0, 0.5, 1.0, 3.0, 30.0, 1e4] + [-1.0, -2.0] * (n > 1)
        case(f"polygamma {n}", lambda x: torch.polygamma(n, x), torch.tensor(weighed(places)), grad=False)
        case(f"polygamma {n}", lambda x: torch.polygamma(n, x), torch.tensor(weighed(places), dtype=f64), grad=False)
    for name in ("lgamma", "digamma"):
        case(name, getattr(torch, name), torch.tensor(weighed([nan, inf, -inf, 0.0, -0.0, 1.0, 2.0, -1.0, -2.0, -0.5, 1e-3, 50.0], 1.5)), grad=False)
    # Small numbers, between which differences cancel.
    small = [x * 10.0 ** -n for n in range(1, 9) for x in (1.0, -3.0)]
    for dtype in FLOATS:
        for name in ("sinc", "tanhshrink", "softsign", "log1p", "expm1", "erf", "atanh", "asinh"):
            case(name, FUNCTIONS[name], torch.tensor(weighed(small), dtype=dtype))


BINARY = {
    "add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div, "atan2": torch.atan2, "maximum": torch.maximum,
    "minimum": torch.minimum, "fmax": torch.fmax, "fmin": torch.fmin, "hypot": torch.hypot, "xlogy": torch.xlogy,
    "copysign": torch.copysign, "pow": torch.pow, "logaddexp": torch.logaddexp, "logaddexp2": torch.logaddexp2,
    "xlog1py": torch.special.xlog1py,
}
PAIRS = [nan, inf, -inf, 0.0, -0.0, 1.0, -1.0, 2.5, -0.5, 1e-3]


def pairs():
    x, y = zip(*itertools.product(PAIRS, PAIRS))
    for name, function in BINARY.items():
        for dtype in FLOATS:
            case(name, function, torch.tensor(weighed(x), dtype=dtype), torch.tensor(weighed(y), dtype=dtype))
    # Numbers whose square leaves the range of 16 bits.
    x = [1e-4, 3e-4, 0.1, 2.0, 300.0, 3e4, -1e-3, -40.0]
    for dtype in (f16, bf16, f32):
        a, b = zip(*itertools.product(x, x))
        case("div", torch.div, torch.tensor(weighed(a), dtype=dtype), torch.tensor(weighed(b), dtype=dtype))
        case("hypot", torch.hypot, torch.tensor(weighed(a), dtype=dtype), torch.tensor(weighed(b), dtype=dtype), differentiable=(f32,))
    for value in (2.5, -3, 0.1, 1e-3):
        x = torch.tensor([0.1, 1.0, 2.0, 7.3, -7.3, 100.0, 2048.0, -0.35, 0.0])
        for dtype in (f16, bf16, f32, f64):
            for name, function in (("floor_divide", lambda x: x // value), ("remainder", lambda x: x % value),
                                   ("fmod", lambda x: torch.fmod(x, value)), ("div", lambda x: x / value),
                                   ("mul", lambda x: x * value), ("add", lambda x: x + value)):
                case(f"{name} number={value}", function, x.to(dtype), grad=False)


def halves():
    for dtype in HALVES:
        for x in (torch.full((300,), 300.0), torch.ones(70000), torch.full((2, 4096), 40.0), uniform(5, 400, low=-300, high=300)):
            x = x.to(dtype)
            last = x.dim() - 1
            for name in ("mean", "std", "var"):
                case(f"{name} dim=-1 keep", lambda x: getattr(torch, name)(x, -1, keepdim=True), x, grad=False)
                case(name, lambda x: getattr(torch, name)(x), x, grad=False)
            case("sum", torch.sum, x, grad=False)
            # PyTorch itself overflows here, so the values are those of float32.
            case("nanmean dim=-1", lambda x: torch.nanmean(x.float(), -1).to(dtype), x, grad=False)
            case("cov", lambda x: torch.cov(x.float()).to(dtype), x[..., :300], grad=False)
            case("logsumexp dim=-1 keep", lambda x: torch.logsumexp(x.float(), -1, keepdim=True).to(dtype), x, grad=False)
        case("mean", torch.mean, uniform(3, 4, dtype=dtype))
        case("var", torch.var, uniform(3, 4, dtype=dtype).double().to(dtype), differentiable=())
        case("mean dtype=f32", lambda x: torch.mean(x, dtype=f32), torch.full((300,), 300.0, dtype=dtype), grad=False)


DTYPES = [torch.uint8, torch.int8, torch.int16, torch.int32, i64, f32, f64]


def dtypes():
    for dtype in (torch.bool, *DTYPES):
        x = (torch.arange(12).reshape(3, 4) % 5).to(dtype)
        for name, target in (("f32", f32), ("f64", f64), ("i64", i64), ("i32", torch.int32)):
            case(f"sum dtype={name}", lambda x: torch.sum(x, dtype=target), x, grad=False)
            case(f"prod dtype={name}", lambda x: torch.prod(x, 1, dtype=target), x, grad=False)
            case(f"cumsum dtype={name}", lambda x: torch.cumsum(x, 1, dtype=target), x, grad=False)
            case(f"cumprod dtype={name}", lambda x: torch.cumprod(x, 1, dtype=target), x, grad=False)
            case(f"nansum dtype={name}", lambda x: torch.nansum(x, 1, dtype=target), x, grad=False)
        for name, target in (("f32", f32), ("f64", f64)):
            case(f"mean dtype={name}", lambda x: torch.mean(x, dtype=target), x, grad=False)
            case(f"softmax dtype={name}", lambda x: torch.softmax(x, 1, dtype=target), x, grad=False)
            case(f"log_softmax dtype={name}", lambda x: torch.log_softmax(x, 1, dtype=target), x, grad=False)
    for name, f in (("sum dtype=f64", lambda x: torch.sum(x, dtype=f64)), ("mean dtype=f64", lambda x: torch.mean(x, dtype=f64)),
                    ("softmax dtype=f64", lambda x: torch.softmax(x, 1, dtype=f64))):
        case(name, f, uniform(3, 4, dtype=f32))
    for dims in ((0, 2), (1,), (0, 1, 2), (-1, 0)):
        words = ",".join(map(str, dims))
        x = integers(2, 3, 4, low=-1, high=2)
        for name in ("any", "all"):
            for keep in (False, True):
                f = lambda x: getattr(torch, name)(x, dim=dims, keepdim=keep)
                case(f"{name} dims={words}" + (" keep" if keep else ""), f, x)
                case(f"{name} dims={words}" + (" keep" if keep else ""), f, x.double(), grad=False)
        case(f"count_nonzero dims={words}", lambda x: torch.count_nonzero(x, dim=dims), x)
        y = uniform(2, 3, 4)
        y[0, 1, 2] = y[1, :2, 0] = nan
        case(f"nansum dims={words}", lambda x: torch.nansum(x, dim=dims), y)
        case(f"nanmean dims={words}", lambda x: torch.nanmean(x, dim=dims), y)
    for name in ("sum", "mean", "amax", "amin", "var", "std", "nansum", "nanmean", "any", "all", "count_nonzero"):
        case(f"{name} dims=", lambda x: getattr(torch, name)(x, dim=()), distinct(2, 3), grad=name not in ("any", "all", "count_nonzero", "var", "std"))
    case("norm dims=", lambda x: torch.linalg.vector_norm(x, 2, dim=()), distinct(2, 3))


def distinct(*shape, dtype=f64):
    count = math.prod(shape)
    return ((torch.randperm(count, generator=generator) - count / 2 + 0.25) / 4).to(dtype).reshape(shape)


def integers(*shape, low=-4, high=5, dtype=i64):
    return torch.randint(low, high, shape, generator=generator).to(dtype)


def statistics():
    for shape in ((1,), (2,), (3,), (2, 1), (0,), (2, 3)):
        for correction in (0, 1, 2, 3, 0.5, 1.5):
            for name in ("var", "std"):
                f = lambda x: getattr(torch, name)(x, dim=-1, correction=correction)
                case(f"{name} correction={correction}", f, distinct(*shape))
                case(f"{name} correction={correction}", f, torch.zeros(*shape, dtype=f64))
    for name in ("var_mean", "std_mean"):
        case(f"{name} 1 keep", lambda x: getattr(torch, name)(x, dim=1, keepdim=True), distinct(3, 4))
        case(name, lambda x: getattr(torch, name)(x, correction=0), distinct(3, 4))
    rows = [[1.0, -2.0, 3.0], [0.0, 0.0, 0.0], [2.0, 2.0, -2.0], [nan, 1.0, 2.0], [inf, 1.0, 2.0], [-inf, inf, 2.0], [0.0, 1.0, -0.0]]
    for p in (2, 1, 0, 3, 0.5, inf, -inf):
        for row in rows:
            for dtype in FLOATS:
                case(f"vector_norm {p}", lambda x: torch.linalg.vector_norm(x, p), torch.tensor(row, dtype=dtype))
        case(f"vector_norm {p} dim=1", lambda x: torch.linalg.vector_norm(x, p, dim=1), torch.tensor(rows, dtype=f64))
    for name in ("max", "min"):
        case(name, getattr(torch, name), torch.tensor([1.0, nan, 3.0]))
        case(name, getattr(torch, name), torch.tensor([1.0, nan, nan], dtype=f64))
        case(name, getattr(torch, name), torch.tensor([3.0, 1.0, 3.0, 1.0]))
    for keep in (False, True):
        word = " keep" if keep else ""
        for name, f in (("median", lambda x: x.median(1, keep)), ("nanmedian", lambda x: x.nanmedian(1, keep)),
                        ("mode", lambda x: x.mode(1, keep)), ("kthvalue 2", lambda x: x.kthvalue(2, 1, keep))):
            case(f"{name} of 1{word}", f, distinct(3, 5))
            case(f"{name} of 1{word}", f, integers(3, 5) if name != "mode" and not name.startswith("kth") else torch.arange(15).reshape(3, 5) % 7)
        case(f"count_nonzero 1{word}", lambda x: (x != 0).sum(1, keepdim=keep), integers(3, 4))
    x = torch.tensor([[1.0, nan, 3.0, nan], [nan, nan, nan, 4.0]])
    case("median of 1", lambda x: x.median(1), x, grad=False)
    case("nanmedian of 1", lambda x: x.nanmedian(1), x, grad=False)


def scalars():
    """Tensors without dimensions, which have a dimension 0 and -1 all the same."""
    one_value = {
        "sum": torch.sum, "prod": torch.prod, "cumsum": torch.cumsum, "cumprod": torch.cumprod, "any": torch.any, "all": torch.all,
        "amax": torch.amax, "amin": torch.amin, "count_nonzero": torch.count_nonzero, "squeeze": torch.squeeze,
        "unsqueeze": torch.unsqueeze, "nansum": torch.nansum, "argsort": torch.argsort,
        "flip": lambda x, d: torch.flip(x, [d]), "unfold": lambda x, d: x.unfold(d, 1, 1),
        "transpose": lambda x, d: x.transpose(d, 0), "movedim": lambda x, d: x.movedim(d, 0),
        "index_select": lambda x, d: x.index_select(d, torch.tensor([0])), "index_fill": lambda x, d: x.index_fill(d, torch.tensor([0]), 7),
        "gather": lambda x, d: x.gather(d, torch.tensor(0)),
        "max": lambda x, d: list(torch.max(x, d)), "min": lambda x, d: list(torch.min(x, d)), "sort": lambda x, d: list(torch.sort(x, d)),
        "mode": lambda x, d: list(torch.mode(x, d)), "cummax": lambda x, d: list(torch.cummax(x, d)),
        "cummin": lambda x, d: list(torch.cummin(x, d)), "topk": lambda x, d: list(torch.topk(x, 1, d)),
        "kthvalue": lambda x, d: list(torch.kthvalue(x, 1, d)), "argmax": torch.argmax, "argmin": torch.argmin,
        "median": lambda x, d: list(torch.median(x, d)), "nanmedian": lambda x, d: list(torch.nanmedian(x, d)),
    }
    floating = {
        "mean": torch.mean, "var": torch.var, "std": torch.std, "logsumexp": torch.logsumexp, "nanmean": torch.nanmean,
        "logcumsumexp": torch.logcumsumexp, "softmax": torch.softmax, "log_softmax": torch.log_softmax,
        "norm": lambda x, d: torch.linalg.vector_norm(x, 2, d), "quantile": lambda x, d: torch.quantile(x, 0.5, d),
        "cosine_similarity": lambda x, d: torch.cosine_similarity(x, x, d), "normalize": lambda x, d: F.normalize(x, dim=d),
        "softmin": F.softmin,
    }
    discrete = ("any", "all", "count_nonzero", "argsort", "argmax", "argmin")
    for d in (0, -1):
        for name, f in one_value.items():
            # In PyTorch any and all of uint8, alone of all types, are uint8.
            for dtype in DTYPES[name in ("any", "all"):]:
                case(f"scalar {name} {d}", lambda x: f(x, d), torch.tensor(3, dtype=dtype), grad=name not in discrete)
            # PyTorch has these for no bool.
            if name not in ("median", "nanmedian", "argmax", "argmin", "topk", "kthvalue"):
                case(f"scalar {name} {d}", lambda x: f(x, d), torch.tensor(True))
        for name, f in floating.items():
            for dtype in FLOATS:
                case(f"scalar {name} {d}", lambda x: f(x, d), torch.tensor(2.5, dtype=dtype))
    for mask in (True, False):
        for shape in ((), (3,), (2, 3), (0, 2)):
            x = distinct(*shape)
            case("mask", lambda x, m: x[m], x, torch.tensor(mask))
            case("masked_select", lambda x, m: x.masked_select(m), x, torch.tensor(mask))
            if shape:
                case("mask last", lambda x, m: x[..., m], x, torch.tensor(mask))
            if len(shape) == 2 and shape[0]:
                case("mask 0", lambda x, m: x[0, m], x, torch.tensor(mask))
                case("mask i", lambda x, m, i: x[m, i], x, torch.tensor(mask), torch.tensor([1, 0] if mask else []).long())
            def assigned(x, m, v):
                x = x.clone()
                x[m] = v
                return x
            case("mask assigned", assigned, x, torch.tensor(mask), torch.tensor(9.0, dtype=f64))


def empties():
    for a, b in (((3, 4, 0), (0, 2)), ((0, 4, 3), (3, 2)), ((3, 0), (0,)), ((2, 3, 0), (0,)), ((0,), (0,)), ((2, 0, 3), (2, 3, 4)),
                 ((0, 2, 3), (3,)), ((2, 1, 3, 0), (4, 0, 2)), ((0, 0), (0, 0))):
        for dtype in FLOATS:
            case("matmul", torch.matmul, torch.zeros(a, dtype=dtype), torch.zeros(b, dtype=dtype))
    for shape in ((2, 3, 0), (0, 0), (0,)):
        case("linear bias", F.linear, torch.zeros(shape), torch.zeros(4, 0), torch.ones(4))
    for dtype in (f32, f64, f16, i64):
        case("median", torch.median, torch.zeros(0, dtype=dtype), grad=False)
        case("nanmedian", torch.nanmedian, torch.zeros(0, dtype=dtype), grad=False)
    case("median", torch.median, torch.zeros(2, 0, 3), grad=False)
    case("median of 1", lambda x: x.median(1), torch.zeros(0, 3), grad=False)
    case("nanmedian of 1", lambda x: x.nanmedian(1), torch.zeros(0, 3), grad=False)
    case("mode of 1", lambda x: x.mode(1), torch.zeros(0, 3), grad=False)
    for p in (0, 1, 2, 3, inf):
        for a, b in (((3, 0), (4, 0)), ((0, 2), (4, 2)), ((3, 2), (0, 2)), ((2, 3, 0), (2, 4, 0)), ((0, 0), (0, 0))):
            case(f"cdist {p}", lambda x, y: torch.cdist(x, y, p), torch.zeros(a), torch.zeros(b), grad=False)
        for a in ((3, 0), (1, 2), (0, 2), (2, 0)):
            case(f"pdist {p}", lambda x: torch.pdist(x, p), torch.zeros(a), grad=False)
    linalg = torch.linalg
    for shape in ((0, 0), (0, 3), (3, 0), (2, 0, 3), (0, 2, 2), (2, 0, 0)):
        x = torch.zeros(shape, dtype=f64)
        case("pinverse", linalg.pinv, x)
        case("matrix_rank", linalg.matrix_rank, x, grad=False)
        case("svdvals", linalg.svdvals, x)
        case("cond", linalg.cond, x, grad=False)
        case("qr reduced", lambda x: list(linalg.qr(x)), x)
        case("lu_factor", lambda x: list(linalg.lu_factor(x)), x, grad=False)
        for name, order in NORMS.items():
            if order not in (-1, -2, -inf):
                case(f"matrix_norm {name}", lambda x: linalg.matrix_norm(x, order), x)
        if shape[-1] == shape[-2]:
            for name in ("det", "inv", "cholesky", "matrix_exp", "eigvalsh"):
                case({"inv": "inverse"}.get(name, name) + " plain", getattr(linalg, name), x, grad=False)
        case("lstsq all", lambda a, b: [*linalg.lstsq(a, b)[:3]], x, torch.zeros(shape[:-1] + (2,), dtype=f64), grad=False)


NORMS = {"frobenius": "fro", "nuclear": "nuc", "spectral": 2, "smallestSingularValue": -2, "one": 1, "negativeOne": -1,
         "infinity": inf, "negativeInfinity": -inf}


def algebra():
    linalg = torch.linalg
    rotation = linalg.qr(uniform(3, 3))[0]
    repeated = rotation @ torch.diag(torch.tensor([2.0, 2.0, 5.0], dtype=f64)) @ rotation.mT
    zero = rotation @ torch.diag(torch.tensor([3.0, 1.0, 0.0], dtype=f64)) @ rotation.mT
    eye = torch.eye(3, dtype=f64)
    for x in (eye, repeated, zero, zero + eye, torch.stack([eye, repeated]), torch.zeros(2, 2, dtype=f64)):
        # The derivative of the eigenvalues alone: V diag(g) Vᵀ, whatever the gaps between them are.
        def values(x):
            with torch.no_grad():
                _, v = linalg.eigh(x)
            return torch.diagonal(v.mT @ x @ v, dim1=-2, dim2=-1)
        case("eigvalsh sum", lambda x: values(x).sum(-1), x)
        case("eigvalsh squares", lambda x: (values(x) ** 2).sum(-1), x)
    for x in (eye, 2 * eye, repeated, uniform(4, 3), uniform(3, 4), uniform(2, 3, 3)):
        def values(x):
            with torch.no_grad():
                u, _, vh = linalg.svd(x, full_matrices=False)
            return torch.diagonal(u.mT @ x @ vh.mT, dim1=-2, dim2=-1)
        case("svdvals squares", lambda x: (values(x) ** 2).sum(-1), x)
        case("matrix_norm nuclear", lambda x: values(x).sum(-1), x)
    for name, order in NORMS.items():
        for x in (distinct(3, 4), distinct(4, 3), distinct(2, 3, 3), uniform(2, 2)):
            case(f"matrix_norm {name}", lambda x: linalg.matrix_norm(x, order), x)
        case(f"matrix_norm {name} 2,0", lambda x: linalg.matrix_norm(x, order, (2, 0)), distinct(3, 2, 4))
        case(f"matrix_norm {name} 0,1 keep", lambda x: linalg.matrix_norm(x, order, (0, 1), keepdim=True), distinct(3, 4, 2))
        if order not in ("fro", "nuc"):
            case(f"cond {name}", lambda x: linalg.cond(x, order), torch.tensor([[1.0, 2.0], [2.0, 4.0]], dtype=f64) if abs(order) != 2 else eye, grad=False)
        case(f"cond {name}", lambda x: linalg.cond(x, order), distinct(3, 3) + 4 * eye, grad=False)
    for shape in ((3, 3), (4, 3), (3, 4), (2, 4, 2), (3, 1)):
        x = uniform(*shape)
        k = min(shape[-2:])
        for mode in ("reduced", "complete"):
            case(f"qr {mode}", lambda x: list(linalg.qr(x, mode)), x, grad=mode == "reduced" and shape[-2] >= shape[-1])
        case("qr r", lambda x: linalg.qr(x, "r")[1], x, grad=False)
        # Columns beyond the reduced form are any base of what is left: of them the projection is compared.
        def full(x):
            u, s, vh = linalg.svd(x, full_matrices=True)
            project = lambda a: a[..., k:] @ a[..., k:].mT
            return [u[..., :k].abs(), project(u), s, vh.mT[..., :k].abs(), project(vh.mT)]
        case("svd full", full, x, grad=False)
        case("lstsq all", lambda a, b: [*linalg.lstsq(a, b, driver="gelsd")], x, uniform(*shape[:-1], 2), grad=False)
    case("lstsq all", lambda a, b: [*linalg.lstsq(a, b, driver="gelsd")], torch.ones(3, 2, dtype=f64), uniform(3, 2), grad=False)
    x = uniform(3, 3)
    case("eigh upper", lambda x: (lambda w, v: [w, v.abs()])(*linalg.eigh(x, "U")), x, grad=False)
    case("eigvalsh upper", lambda x: linalg.eigvalsh(x, "U"), x)
    definite = x @ x.mT + eye
    indefinite = torch.tensor([[4.0, 2.0, 0.0], [2.0, -1.0, 1.0], [0.0, 1.0, 5.0]], dtype=f64)
    for dtype in FLOATS:
        for y in (definite, indefinite, -eye, torch.zeros(3, 3), torch.stack([definite, indefinite, eye, zero - eye]), torch.zeros(0, 3, 3), torch.zeros(2, 0, 0), torch.full((2, 2), nan)):
            y = y.to(dtype)
            # What stands in a factor that does not exist is not compared.
            case("cholesky_ex", lambda y: (lambda l, i: [l.masked_fill((i != 0)[..., None, None], 0), i])(*linalg.cholesky_ex(y)), y, grad=False)
        singular = torch.tensor([[1.0, 2.0], [2.0, 4.0]])
        for y in (definite, singular, torch.zeros(2, 2), torch.stack([singular, torch.eye(2)]), torch.zeros(0, 0), torch.zeros(2, 0, 0)):
            y = y.to(dtype)
            case("inverse_ex", lambda y: (lambda l, i: [l.masked_fill((i != 0)[..., None, None], 0), i])(*linalg.inv_ex(y)), y, grad=False)
            case("solve_ex", lambda y, b: (lambda l, i: [l.masked_fill((i != 0)[..., None, None], 0), i])(*linalg.solve_ex(y, b)), y, torch.ones(*y.shape[:-1], 2, dtype=dtype), grad=False)
        for y in (definite, singular, torch.zeros(2, 2), torch.tensor([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]]), uniform(3, 2), torch.stack([singular, torch.eye(2)])):
            case("lu_factor_ex", lambda y: list(linalg.lu_factor_ex(y)), y.to(dtype), grad=False)


def search():
    for dtype in (f32, f64, i64, torch.uint8):
        for size in (0, 1, 9):
            case("isin", torch.isin, integers(3, 4, low=0, high=9).to(dtype), integers(size, low=0, high=9).to(dtype), grad=False)
    case("isin", torch.isin, torch.tensor([nan, 1.0, inf, 0.0]), torch.tensor([nan, inf, -0.0]), grad=False)
    case("isin", torch.isin, torch.tensor(2), torch.tensor([[1, 2], [3, 4]]), grad=False)
    values = torch.tensor([nan, -inf, inf, 0.0, -0.0, 1.0, 2.0, 2.5, 9.0, -3.0])
    for dtype in (f16, bf16, f32, f64):
        for boundaries in ([-1.0, 0.0, 0.0, 2.0, 2.5], [], [1.0], [-inf, 0.0, inf], [1.0, 3.0, nan], [nan, nan], [0.0] * 70):
            for right in (False, True):
                word = " right" if right else ""
                b = torch.tensor(boundaries, dtype=dtype)
                case("searchsorted" + word, lambda b, v: torch.searchsorted(b, v, right=right), b, values.to(dtype), grad=False)
                case("bucketize" + word, lambda v, b: torch.bucketize(v, b, right=right), values.to(dtype).reshape(2, 5), b, grad=False)
    for dtype in DTYPES:
        for right in (False, True):
            word = " right" if right else ""
            b = integers(4, 6, low=0, high=20).sort(1).values.to(dtype)
            case("searchsorted" + word, lambda b, v: torch.searchsorted(b, v, right=right), b, integers(4, 9, low=0, high=22, dtype=dtype), grad=False)
            case("searchsorted" + word, lambda b, v: torch.searchsorted(b, v, right=right), b.reshape(2, 2, 6), integers(2, 2, 3, low=0, high=22, dtype=dtype), grad=False)
            case("searchsorted" + word, lambda b, v: torch.searchsorted(b, v, right=right), b[0], integers(low=0, high=22, dtype=dtype), grad=False)
            mixed = integers(3, 7, low=0, high=9, dtype=dtype)
            order = mixed.argsort(1)
            case("searchsorted sorter" + word, lambda b, v, s: torch.searchsorted(b, v, right=right, sorter=s), mixed, integers(3, 4, low=0, high=10, dtype=dtype), order, grad=False)
    case("searchsorted", torch.searchsorted, torch.zeros(3, 0), torch.zeros(3, 2), grad=False)
    case("searchsorted", torch.searchsorted, torch.zeros(0, 3), torch.zeros(0, 2), grad=False)
    case("searchsorted 2.0", lambda b: torch.searchsorted(b, 2.0), torch.tensor([1.0, 2.0, 3.0]), grad=False)
    f = lambda d: (lambda x: torch.unique(x, dim=d, return_inverse=True, return_counts=True))
    for d in (0, 1, -1):
        case(f"unique_dim {d}", f(d), integers(8, 2, low=0, high=2))
        case(f"unique_dim {d}", f(d), integers(3, 6, low=0, high=2, dtype=torch.int8))
        case(f"unique_dim {d}", f(d), integers(2, 3, 3, low=0, high=2).float(), grad=False)
        case(f"unique_dim {d}", f(d), integers(4, 4, low=0, high=2).bool())
        case(f"unique_dim {d}", f(d), torch.empty(0, 3) if d == 0 else torch.empty(3, 0), grad=False)
        g = lambda x: torch.unique_consecutive(x, dim=d, return_inverse=True, return_counts=True)
        case(f"unique_consecutive {d}", g, torch.tensor([[1, 1, 2], [1, 1, 2], [2, 2, 2], [1, 1, 2]]))


def windows():
    for size, stride, padding, extra, dilation in ((3, 1, 0, 1, 2), (2, 1, 1, 1, 2), (3, 2, 1, 2, 3), (1, 1, 0, 2, 3), (3, 2, 0, 3, 4), (2, 3, 1, 2, 1), (2, 1, 2, 1, 3)):
        key = f"conv_transpose {stride} {padding} {extra} {dilation}"
        f1 = lambda x, w, b: F.conv_transpose1d(x, w, b, stride, padding, extra, 1, dilation)
        f2 = lambda x, w, b: F.conv_transpose2d(x, w, b, stride, padding, extra, 1, dilation)
        case(key, f1, uniform(2, 2, 5), uniform(2, 3, size), uniform(3))
        case(key, f2, uniform(1, 2, 4, 3), uniform(2, 2, size, size), uniform(2))


def additions():
    for dtype in FLOATS:
        for length in (0, 1, 2, 5, 8):
            for periodic in (True, False):
                words = f"{length}{'' if periodic else ' symmetric'} {golden_file.SHORT[dtype]}"
                for name in ("hann", "hamming", "blackman", "bartlett"):
                    case(f"{name}_window {words}", lambda: getattr(torch, f"{name}_window")(length, periodic=periodic, dtype=dtype))
                case(f"kaiser_window {words}", lambda: torch.kaiser_window(length, periodic, beta=7.0, dtype=dtype))
    for reduce in ("sum", "prod", "mean", "amax", "amin"):
        for own in (True, False):
            word = f"scatter_reduce {reduce}" + ("" if own else " others")
            for dim, shape in ((0, (4, 3)), (1, (3, 5))):
                index = integers(*shape, low=0, high=3)
                f = lambda x, s: x.scatter_reduce(dim, index, s, reduce, include_self=own)
                case(f"{word} {dim}", lambda x, i, s: x.scatter_reduce(dim, i, s, reduce, include_self=own), distinct(4, 5)[:shape[0], :], index, distinct(*shape), grad=reduce in ("sum", "mean") and dim == 1 or own)
                for dtype in (torch.int32, i64, torch.uint8):
                    case(f"{word} {dim}", lambda x, i, s: x.scatter_reduce(dim, i, s, reduce, include_self=own), integers(4, 5, low=0, high=9, dtype=dtype), index, integers(*shape, low=0, high=9, dtype=dtype))
                case(f"{word} {dim}", lambda x, i, s: x.scatter_reduce(dim, i, s, reduce, include_self=own), integers(4, 5, low=-9, high=9), index, integers(*shape, low=-9, high=9))
            case(f"index_reduce {word}", lambda x, i, s: x.index_reduce(0, i, s, reduce, include_self=own) if reduce != "sum" else x.index_add(0, i, s) if own else x.index_fill(0, i, 0).index_add(0, i, s), distinct(4, 3), torch.tensor([2, 0, 2]), distinct(3, 3), grad=False)
    for shape in ((3, 4), (12,), (2, 3, 2)):
        case("unravel_index " + ",".join(map(str, shape)), lambda i: list(torch.unravel_index(i, shape)), torch.tensor([[0, 5], [7, 11]]))
    for dims in ((), (0,), (1, 0), (-1,)):
        case("flip array " + ",".join(map(str, dims)), lambda x: torch.flip(x, dims), distinct(2, 3))
    case("repeat array 2,1,3", lambda x: x.repeat(2, 1, 3), distinct(2, 3))
    case("tile array 2", lambda x: x.tile(2), distinct(2, 3))
    case("einsum array ij,jk,kl->il", lambda *x: torch.einsum("ij,jk,kl->il", *x), uniform(2, 3), uniform(3, 4), uniform(4, 2))


for family in (functions, pairs, halves, dtypes, statistics, scalars, empties, algebra, search, windows, additions):
    family()
FILE.write_bytes(gzip.compress(safetensors.torch.save(tensors), 9, mtime=0))
print(len({name.rsplit("/", 1)[0] for name in tensors}), "cases,", FILE.stat().st_size, "bytes")
