"""Writes the golden file of HearthTensorTests with PyTorch: every public operation, its results and its gradients.

    python Tests/Goldens/make_operations.py

A case `softmax dim=1/f32 3x4/in0` has inputs `in0`, `in1`, …, results `out0`, …, and, where PyTorch has a derivative,
`grad0`, …: the gradient of each input for the loss `sum(out * weights)`, with the weights ((7 i mod 11) - 5) / 4. The part
before the slash names the closure in the Swift tests that must give the same. Cases that PyTorch refuses are left out.
"""

import gzip
import math
from pathlib import Path

import safetensors.torch
import torch
import torch.nn.functional as F

FILE = Path(__file__).parent.parent / "HearthTensorTests" / "Goldens" / "operations.safetensors.gz"
SHORT = {
    torch.bool: "b", torch.uint8: "u8", torch.int8: "i8", torch.int16: "i16", torch.int32: "i32",
    torch.int64: "i64", torch.float16: "f16", torch.bfloat16: "bf16", torch.float32: "f32", torch.float64: "f64",
}
ALL = list(SHORT)
INTEGERS = ALL[1:6]
FLOATS = ALL[6:]
HALVES = ALL[6:8]
f32, f64, i64, u8 = torch.float32, torch.float64, torch.int64, torch.uint8

generator = torch.Generator().manual_seed(20)
tensors = {}
keys = set()


def uniform(*shape, low=-2.0, high=2.0, dtype=f32):
    """Numbers between bounds."""
    return (torch.rand(shape, generator=generator, dtype=f64) * (high - low) + low).to(dtype)


def integers(*shape, low=-4, high=5, dtype=i64):
    return torch.randint(low, high, shape, generator=generator).to(dtype)


def distinct(*shape, dtype=f32):
    """Numbers that differ from each other, so that an order of them is unique."""
    count = math.prod(shape)
    return ((torch.randperm(count, generator=generator) - count / 2) / 4).to(dtype).reshape(shape)


def numbers(dtype, *shape, low=-3, high=4):
    """Small numbers of any dtype."""
    if dtype == torch.bool:
        return integers(*shape, low=0, high=2).bool()
    if dtype == u8:
        return integers(*shape, low=0, high=7).to(u8)
    if dtype in INTEGERS:
        return integers(*shape, low=low, high=high).to(dtype)
    return uniform(*shape, low=low, high=high, dtype=dtype)


def divisors(dtype, *shape):
    """Numbers above 0 of any dtype."""
    return torch.ones(shape, dtype=dtype) if dtype == torch.bool else numbers(dtype, *shape).abs() + 1


def label(inputs):
    return ",".join(SHORT[x.dtype] + " " + "x".join(map(str, x.shape)) for x in inputs).replace(" ,", ",").strip()


def weights(x):
    return (((torch.arange(x.numel()) * 7 % 11) - 5) / 4).reshape(x.shape).to(x.dtype)


def case(key, function, inputs, grad=True, refusable=False):
    leaves = [x.clone().requires_grad_(grad and x.dtype in (f32, f64)) for x in inputs]
    try:
        out = function(*leaves)
    except (RuntimeError, TypeError, IndexError):
        if refusable:
            return
        raise
    out = list(out) if isinstance(out, (tuple, list)) else [out]
    keys.add(key)
    name = f"{key}/{label(inputs)}"
    number = 1
    while f"{name}/out0" in tensors:
        number += 1
        name = f"{key}/{label(inputs)} #{number}"
    for i, x in enumerate(inputs):
        tensors[f"{name}/in{i}"] = x.detach().clone().contiguous()
    for i, x in enumerate(out):
        tensors[f"{name}/out{i}"] = x.detach().clone().contiguous()
    wanted = [x for x in leaves if x.requires_grad]
    results = [x for x in out if x.requires_grad]
    if wanted and results:
        try:
            gradients = torch.autograd.grad(
                results, wanted, [weights(x) for x in results], allow_unused=True, materialize_grads=True)
        except RuntimeError as error:
            if "is not implemented" not in str(error):
                raise
            return
        for i, x in enumerate(leaves):
            if x.requires_grad:
                tensors[f"{name}/grad{i}"] = gradients[[w is x for w in wanted].index(True)].contiguous().clone()


def cases(key, function, *lists, **options):
    for inputs in lists:
        case(key, function, inputs if isinstance(inputs, list) else [inputs], **options)


def each_dtype(key, function, *shapes, dtypes=ALL, low=-3, high=4, **options):
    """The same for every dtype that PyTorch accepts."""
    for dtype in dtypes:
        case(key, function, [numbers(dtype, *shape, low=low, high=high) for shape in shapes], refusable=True, **options)


SPECIAL = [0.0, -0.0, math.inf, -math.inf, math.nan, 1.0, -1.0, 0.5, -0.5, 1e-30, -1e-30, 1e30, -1e30, 20.5, -20.5,
           88.0, -88.0, 100.0, -100.0, 3.0, 6.0, -3.0, 2.5, 3.5, -2.5, 1e-7, 0.999, 1.5, 700.0, 12345.678]


def unary():
    plain = ["abs", "sign", "square", "sqrt", "rsqrt", "reciprocal", "exp", "exp2", "expm1", "log", "log2", "log10",
             "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
             "erf", "erfc", "erfinv", "lgamma", "digamma", "floor", "ceil", "round", "trunc", "frac", "neg",
             "isnan", "isinf", "isfinite", "logical_not", "relu", "sigmoid"]
    for name in plain:
        function = getattr(torch, name)
        special = torch.tensor([v for v in SPECIAL if not (name in ("lgamma", "digamma") and abs(v) > 1e4)])
        if name in ("sin", "cos", "tan"):
            special = special.clamp(-1e7, 1e7)
        cases(name, function, special, special.double(), uniform(3, 4), uniform(2, 3, 2, dtype=f64),
              uniform(2, 2, low=1.1, high=5), torch.empty(0, 3), uniform(), grad=True)
        each_dtype(name, function, (6,), dtypes=ALL[:8], low=-2, high=3)
    each_dtype("bitwise_not", torch.bitwise_not, (5,))
    for f, key in [(lambda x: x.logit(), "logit"), (lambda x: x.logit(0.1), "logit eps=0.1")]:
        cases(key, f, uniform(3, 3, low=0.01, high=0.99), uniform(4, low=0.2, high=0.8, dtype=f64))
    cases("clamp min=-1 max=0.5", lambda x: x.clamp(-1, 0.5), torch.tensor(SPECIAL), uniform(3, 3, dtype=f64))
    cases("clamp min=0.25", lambda x: x.clamp(min=0.25), torch.tensor(SPECIAL))
    cases("clamp max=0.25", lambda x: x.clamp(max=0.25), torch.tensor(SPECIAL))
    cases("clamp min=1 max=-1", lambda x: x.clamp(1, -1), uniform(5))
    each_dtype("clamp min=1 max=2", lambda x: x.clamp(1, 2), (2, 4), dtypes=ALL[1:])
    cases("clamp tensors", lambda x, a, b: x.clamp(a, b), [uniform(3, 4), uniform(4, low=-1, high=0), uniform(3, 1, low=0, high=1)],
          [integers(6), integers(6, low=-3, high=0), integers(1, low=0, high=3)])
    for dtype in FLOATS:
        cases("nan_to_num", lambda x: x.nan_to_num(), torch.tensor([math.nan, math.inf, -math.inf, 1.5]).to(dtype))
    cases("nan_to_num 1 2 -3", lambda x: x.nan_to_num(1, 2, -3), torch.tensor([math.nan, math.inf, -math.inf, 1.5]))


def activations():
    rows = {
        "relu6": F.relu6, "logsigmoid": F.logsigmoid, "gelu": F.gelu, "gelu tanh": lambda x: F.gelu(x, approximate="tanh"),
        "silu": F.silu, "mish": F.mish, "softplus": F.softplus, "softplus 2 1.5": lambda x: F.softplus(x, 2, 1.5),
        "softsign": F.softsign, "hardsigmoid": F.hardsigmoid, "hardswish": F.hardswish, "hardtanh": F.hardtanh,
        "hardtanh -0.5 2": lambda x: F.hardtanh(x, -0.5, 2), "leaky_relu": F.leaky_relu,
        "leaky_relu 0.3": lambda x: F.leaky_relu(x, 0.3), "elu": F.elu, "elu 0.7": lambda x: F.elu(x, 0.7),
        "selu": F.selu, "celu": F.celu, "celu 0.7": lambda x: F.celu(x, 0.7), "tanhshrink": F.tanhshrink,
        "softshrink": F.softshrink, "softshrink 1.25": lambda x: F.softshrink(x, 1.25), "hardshrink": F.hardshrink,
        "hardshrink 1.25": lambda x: F.hardshrink(x, 1.25), "threshold 0.5 -7": lambda x: F.threshold(x, 0.5, -7),
    }
    finite = torch.tensor([v for v in SPECIAL if math.isfinite(v) and abs(v) < 1e20])
    for key, function in rows.items():
        cases(key, function, finite, uniform(3, 4), uniform(2, 3, dtype=f64, low=-4, high=4), torch.empty(2, 0))
        each_dtype(key, function, (6,), dtypes=HALVES)
        if key != "gelu":  # PyTorch's vectorised gelu(inf) is NaN.
            case(key, function, [torch.tensor([math.inf, -math.inf, math.nan])], grad=False)
    cases("prelu", F.prelu, [uniform(3, 4), uniform(1)], [uniform(3, 4), uniform(4)], [uniform(2, 3, 4), uniform(3)],
          [uniform(5, dtype=f64), uniform(1, dtype=f64)], [uniform(), uniform(1)])
    for dim in (-1, 0, 1):
        cases(f"glu dim={dim}", lambda x: F.glu(x, dim), uniform(4, 6), uniform(2, 2, 4, dtype=f64))


def binary():
    floating = {"div": torch.div, "atan2": torch.atan2, "hypot": torch.hypot, "xlogy": torch.xlogy, "copysign": torch.copysign}
    both = {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "remainder": torch.remainder, "fmod": torch.fmod,
            "floor_divide": torch.floor_divide, "pow": torch.pow, "maximum": torch.maximum, "minimum": torch.minimum}
    shapes = [((3, 4), (3, 4)), ((3, 4), (4,)), ((3, 1), (1, 4)), ((2, 3, 2), (3, 1)), ((), (3,)), ((0, 3), (1, 3)),
              ((5,), (1,)), ((2, 1, 3), (4, 1)), ((), ())]
    for key, function in {**floating, **both}.items():
        positive = key in ("pow", "xlogy")
        for a, b in shapes:
            low = 0.3 if positive else -2
            case(key, function, [uniform(*a, low=low), uniform(*b, low=low)])
        cases(key, function, [uniform(2, 3, low=0.3, dtype=f64), uniform(2, 3, dtype=f64, low=0.2)])
        grid = torch.tensor([0.0, -0.0, 1.0, -1.0, 2.0, -2.5, 3.0, math.inf, -math.inf, math.nan])
        case(key, function, [grid.unsqueeze(1), grid], grad=False)
        for dtype in HALVES:
            cases(key, function, [uniform(6, low=0.5, dtype=dtype), uniform(6, low=0.5, dtype=dtype)])
        for dtype in INTEGERS:
            case(key, function, [numbers(dtype, 8), divisors(dtype, 8)], refusable=True)
    for a in ALL:
        for b in ALL:
            for key, function in [("add", torch.add), ("div", torch.div)]:
                case(key, function, [numbers(a, 2), divisors(b, 2)], grad=False, refusable=True)
            case("mul", torch.mul, [numbers(a, 2), numbers(b)], grad=False, refusable=True)
            case("lt", torch.lt, [numbers(a, 2), numbers(b, 2)], refusable=True)
    # Where the derivative has a corner or a pole.
    cases("maximum", torch.maximum, [torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, 1.0, 4.0])])
    cases("minimum", torch.minimum, [torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, 1.0, 4.0])])
    cases("pow", torch.pow, [torch.tensor([0.0, 0.0, 0.0, 2.0, -2.0, -2.0]), torch.tensor([0.0, 1.0, 2.0, 0.0, 2.0, 3.0])])
    cases("xlogy", torch.xlogy, [torch.tensor([0.0, 0.0, 1.0]), torch.tensor([0.0, 2.0, 3.0])])
    cases("copysign", torch.copysign, [torch.tensor([0.0, 1.0, -2.0, 3.0]), torch.tensor([1.0, -0.0, -3.0, 4.0])])
    for key, function in {"eq": torch.eq, "ne": torch.ne, "lt": torch.lt, "le": torch.le, "gt": torch.gt, "ge": torch.ge,
                          "logical_and": torch.logical_and, "logical_or": torch.logical_or,
                          "logical_xor": torch.logical_xor}.items():
        cases(key, function, [torch.tensor(SPECIAL), torch.tensor(SPECIAL).flip(0)], [integers(3, 1), integers(4)],
              [integers(0, 2), integers(2)], [torch.tensor([2**53 + 1, 2**62 + 1]), torch.tensor([2**53, 2**62])])
        each_dtype(key, function, (8,), (8,))
    for key, function in {"bitwise_and": torch.bitwise_and, "bitwise_or": torch.bitwise_or,
                          "bitwise_xor": torch.bitwise_xor}.items():
        each_dtype(key, function, (3, 1), (4,))
        case(key, function, [numbers(torch.int8, 4), numbers(i64, 4)])
        case(key, function, [numbers(torch.bool, 4), numbers(u8, 4)])
    for dtype in INTEGERS:
        for key, function in {"shift_left": torch.bitwise_left_shift, "shift_right": torch.bitwise_right_shift}.items():
            case(key, function, [integers(6, low=0 if dtype == u8 else -100, high=100).to(dtype), integers(6, low=0, high=7).to(dtype)])
        case("shift_left 3", lambda x: x << 3, [integers(4, low=0, high=100).to(dtype)])
        case("shift_right 2", lambda x: x >> 2, [integers(4, low=0, high=100).to(dtype)])
    cases("add alpha=2.5", lambda x, y: x.add(y, alpha=2.5), [uniform(3, 4), uniform(4)], [uniform(2, dtype=f64), uniform(3, 2, dtype=f64)])
    cases("lerp 0.3", lambda x, y: x.lerp(y, 0.3), [uniform(3, 4), uniform(3, 4)])
    cases("addcmul 0.5", lambda x, y, z: x.addcmul(y, z, value=0.5), [uniform(3, 4), uniform(3, 4), uniform(4)])
    cases("addcdiv 0.5", lambda x, y, z: x.addcdiv(y, z, value=0.5), [uniform(3, 4), uniform(3, 4), uniform(4, low=1)])
    cases("isclose", lambda x, y: x.isclose(y, 1e-2, 1e-3, equal_nan=False), [torch.tensor(SPECIAL), torch.tensor(SPECIAL) * 1.005], [integers(5), integers(5)])
    cases("isclose nan", lambda x, y: x.isclose(y, equal_nan=True), [torch.tensor(SPECIAL), torch.tensor(SPECIAL)])


def scalars():
    operators = {
        "add": lambda x, s: x + s, "sub": lambda x, s: x - s, "mul": lambda x, s: x * s, "div": lambda x, s: x / s,
        "remainder": lambda x, s: x % s, "rsub": lambda x, s: s - x, "rdiv": lambda x, s: s / x,
        "floor_divide": torch.floor_divide, "fmod": torch.fmod, "pow": lambda x, s: x**s, "rpow": lambda x, s: s**x,
        "eq": lambda x, s: x == s, "ne": lambda x, s: x != s, "lt": lambda x, s: x < s, "le": lambda x, s: x <= s,
        "gt": lambda x, s: x > s, "ge": lambda x, s: x >= s,
    }
    for key, function in operators.items():
        for value in (2, 2.5, -3, True):
            if value == -3 and key in ("rpow", "pow"):
                continue
            for dtype in ALL:
                x = numbers(dtype, 2, 3, low=1) if key in ("rdiv", "pow") else numbers(dtype, 2, 3)
                case(f"{key} scalar={value}", lambda x: function(x, value), [x], refusable=True)
    for power in (0, 0.0, 1, 1.0, 2.0, 3, 0.5, -0.5, -1, -2, 1.7):
        cases(f"pow {power}", lambda x: x**power, torch.tensor([0.0, 1.0, 2.0, 0.25, 9.0]),
              uniform(2, 3, low=0.2, dtype=f64), uniform(4, dtype=torch.float16, low=0.3))
        if isinstance(power, int) and power > 0:
            cases(f"pow {power}", lambda x: x**power, integers(5), uniform(5))
        elif power == 2.0:
            cases(f"pow {power}", lambda x: x**power, integers(5))


def reductions():
    shapes = {"": [(3, 4), (2, 3, 4), (), (1, 5), (0,), (2, 0)], "dim=1": [(3, 4), (2, 3, 4), (3, 1), (3, 0), (0, 3)],
              "dim=-1 keep": [(3, 4), (2, 3, 4), (5,), (0, 3)], "dim=0": [(3, 4), (5,), (), (0, 3)],
              "dims=0,2": [(2, 3, 4), (2, 1, 3)], "dims=1,2 keep": [(2, 3, 4)]}

    def arguments(option):
        if option == "":
            return {}
        dims = [int(d) for d in option.split()[0].split("=")[1].split(",")]
        return {"dim": dims if len(dims) > 1 or option.startswith("dims") else dims[0], "keepdim": option.endswith("keep")}

    functions = {
        "sum": torch.sum, "mean": torch.mean, "prod": torch.prod, "amax": torch.amax, "amin": torch.amin,
        # Of uint8 PyTorch gives uint8, for old programs' sake.
        "any": lambda x, **k: torch.any(x, **k).bool(), "all": lambda x, **k: torch.all(x, **k).bool(), "var": torch.var, "std": torch.std, "norm": torch.linalg.vector_norm,
        "logsumexp": torch.logsumexp, "argmax": torch.argmax, "argmin": torch.argmin,
        "var correction=0": lambda x, **k: torch.var(x, correction=0, **k),
        "std correction=2": lambda x, **k: torch.std(x, correction=2, **k),
    }
    for p in (0, 1, 3, 0.5, math.inf, -math.inf):
        functions[f"norm p={p}"] = lambda x, p=p, **k: torch.linalg.vector_norm(x, ord=p, **k)
    for name, function in functions.items():
        for option, list_ in shapes.items():
            several = option.startswith("dims")
            if several and name in ("prod", "any", "all", "argmax", "argmin"):
                continue
            if name in ("logsumexp", "amax", "amin") and option == "":
                continue
            key = f"{name} {option}".strip()
            call = lambda x: function(x, **arguments(option))
            # The derivative of a count is 0; Hearth's is not differentiable.
            grad = name != "norm p=0"
            for shape in list_:
                count = math.prod(shape)
                if name.startswith(("var", "std")) and (shape == () or count == 0 or shape[-1] == 1 or shape == (2, 1, 3)):
                    continue  # PyTorch warns and gives NaN; see "var single" below.
                if name.startswith("std correction=2") and shape == (2, 3, 4) and option == "dim=0":
                    continue
                case(key, call, [distinct(*shape) + 0.1], grad, refusable=True)
            case(key, call, [distinct(2, 3, 4, dtype=f64) + 0.1], grad, refusable=True)
            if option in ("", "dim=1"):
                for dtype in ALL[:8]:
                    case(key, call, [numbers(dtype, 3, 4)], refusable=True)
    cases("var dim=1", lambda x: x.var(1), uniform(3, 1))
    cases("var correction=0 dim=1", lambda x: x.var(1, correction=0), uniform(3, 1))
    zeros = torch.tensor([[1.0, 0.0, 3.0], [0.0, 0.0, 2.0], [2.0, -1.5, 3.0]])
    nan = torch.tensor([[1.0, math.nan, 3.0], [math.inf, 0.0, -2.0], [math.nan, math.nan, -math.inf]])
    same = torch.tensor([[1.0, 2.0, 2.0], [3.0, 3.0, 3.0], [0.0, -1.0, 0.0]])
    cases("prod", torch.prod, zeros, zeros[0], zeros[1], same)
    cases("prod dim=1", lambda x: x.prod(1), zeros, zeros.double(), nan)
    cases("prod dim=0", lambda x: x.prod(0), zeros)
    cases("norm", torch.linalg.vector_norm, torch.zeros(3))
    cases("norm dim=1", lambda x: torch.linalg.vector_norm(x, dim=1), zeros * 0, zeros)
    cases("norm p=1 dim=1", lambda x: torch.linalg.vector_norm(x, 1, dim=1), zeros)
    cases("norm p=3 dim=1", lambda x: torch.linalg.vector_norm(x, 3, dim=1), zeros)
    cases("norm p=inf dim=1", lambda x: torch.linalg.vector_norm(x, math.inf, dim=1), same)
    cases("logsumexp dim=1", lambda x: x.logsumexp(1), torch.tensor([[1000.0, 1000.0], [-math.inf, 0.0], [-1000.0, -1001.0]]))
    case("logsumexp dim=1", lambda x: x.logsumexp(1), [torch.tensor([[-math.inf, -math.inf], [math.inf, 1.0], [math.nan, 0.0]])], grad=False)
    for name in ("amax", "amin"):
        cases(f"{name} dim=1", lambda x: getattr(torch, name)(x, 1), same)
        case(f"{name} dim=1", lambda x: getattr(torch, name)(x, 1), [nan], grad=False)
    for name in ("argmax", "argmin"):
        cases(f"{name} dim=1", lambda x: getattr(torch, name)(x, 1), nan)
        cases(name, getattr(torch, name), same[0], nan)
    for name in ("max", "min"):
        function = getattr(torch, name)
        cases(name, function, uniform(3, 4), uniform(), same, uniform(2, 3, dtype=f64))
        case(name, function, [nan], grad=False)
        each_dtype(name, function, (5,), dtypes=ALL[:8])
        for key, keep in ((f"{name} dim=1", False), (f"{name} dim=1 keep", True)):
            cases(key, lambda x: function(x, 1, keep), uniform(3, 4), distinct(2, 3, 2, dtype=f64))
            case(key, lambda x: function(x, 1, keep), [nan], grad=False)
            each_dtype(key, lambda x: function(x, 1, keep), (3, 4), dtypes=HALVES)
        cases(f"{name} dim=0", lambda x: function(x, 0), uniform(4), uniform())
    each_dtype("count_nonzero", torch.count_nonzero, (3, 4))
    for dim in (0, 1, -1):
        for name in ("cumsum", "cumprod"):
            key, call = f"{name} dim={dim}", lambda x: getattr(torch, name)(x, dim)
            cases(key, call, uniform(3, 4), uniform(2, 3, 2, dtype=f64), torch.empty(3, 0), zeros, torch.empty(0, 2))
            each_dtype(key, call, (3, 4), dtypes=ALL[:8])
    cases("cumsum dim=0", lambda x: x.cumsum(0), uniform(), uniform(5))
    cases("cumprod dim=0", lambda x: x.cumprod(0), uniform(5), torch.tensor([2.0, 0.0, 3.0, 0.0, 4.0]), uniform())
    cases("sum big", torch.sum, torch.full((30000,), 0.1))
    each_dtype("sum big", torch.sum, (3000,), dtypes=HALVES)


def contractions():
    pairs = [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 4)), ((2, 3), (3, 4)), ((5, 2, 3), (3,)), ((3,), (5, 3, 4)),
             ((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4)), ((5, 2, 3), (5, 3, 4)), ((5, 1, 2, 3), (4, 3, 2)), ((1, 2, 3), (5, 3, 1)),
             ((2, 1, 2, 3), (1, 3, 3, 2)), ((0, 3), (3, 4)), ((2, 0), (0, 3)), ((2, 3), (3, 0)), ((0, 2, 3), (0, 3, 4)),
             ((17, 33), (33, 9)), ((1, 1), (1, 1)), ((0,), (0,))]
    for a, b in pairs:
        case("matmul", torch.matmul, [uniform(*a), uniform(*b)])
    cases("matmul", torch.matmul, [uniform(3, 4, dtype=f64), uniform(4, 2, dtype=f64)], [uniform(2, 3, 4, dtype=f64), uniform(4, dtype=f64)])
    for dtype in INTEGERS + HALVES:
        case("matmul", torch.matmul, [numbers(dtype, 3, 4), numbers(dtype, 4, 2)])
        case("matmul", torch.matmul, [numbers(dtype, 2, 3, 4), numbers(dtype, 4)])
    cases("mm", torch.mm, [uniform(2, 3), uniform(3, 4)])
    cases("bmm", torch.bmm, [uniform(2, 2, 3), uniform(2, 3, 4)])
    cases("mv", torch.mv, [uniform(2, 3), uniform(3)])
    cases("dot", torch.dot, [uniform(4), uniform(4)], [integers(4), integers(4)])
    cases("outer", torch.outer, [uniform(4), uniform(3)])
    cases("linear", F.linear, [uniform(5, 3), uniform(4, 3)], [uniform(2, 5, 3), uniform(4, 3)], [uniform(3), uniform(4, 3)],
          [uniform(0, 3), uniform(4, 3)], [uniform(5, 3, dtype=f64), uniform(4, 3, dtype=f64)])
    cases("linear bias", F.linear, [uniform(5, 3), uniform(4, 3), uniform(4)], [uniform(2, 5, 3), uniform(4, 3), uniform(4)],
          [uniform(3), uniform(4, 3), uniform(4)], [uniform(5, 3, dtype=f64), uniform(1, 3, dtype=f64), uniform(1, dtype=f64)])
    for dtype in HALVES:
        case("linear bias", F.linear, [uniform(5, 3, dtype=dtype), uniform(4, 3, dtype=dtype), uniform(4, dtype=dtype)])
    cases("addmm", torch.addmm, [uniform(2, 4), uniform(2, 3), uniform(3, 4)], [uniform(4), uniform(2, 3), uniform(3, 4)])
    cases("addmm 0.5 2", lambda x, a, b: torch.addmm(x, a, b, beta=0.5, alpha=2), [uniform(2, 4), uniform(2, 3), uniform(3, 4)])
    equations = {
        "ij,jk->ik": [(2, 3), (3, 4)], "ij,jk": [(2, 3), (3, 4)], "bij,bjk->bik": [(2, 3, 4), (2, 4, 3)], "ii": [(3, 3)],
        "ii->i": [(3, 3)], "ij->ji": [(2, 3)], "ji": [(2, 3)], "ij->": [(2, 3)], "ij->j": [(2, 3)], "i,j->ij": [(3,), (4,)],
        "i,i->": [(4,), (4,)], "i,i": [(4,), (4,)], "...ij,...jk->...ik": [(5, 1, 2, 3), (4, 3, 2)], "...i->...": [(2, 3, 4)],
        "i...->...": [(2, 3, 4)], "...,...": [(2, 3), (3,)], "bhqd,bhkd->bhqk": [(2, 2, 3, 4), (2, 2, 5, 4)],
        "ik,kj,jl->il": [(2, 3), (3, 4), (4, 2)], "ijj->i": [(2, 3, 3)], "bii->b": [(2, 3, 3)], "bn,anm,bm->ba": [(2, 3), (4, 3, 5), (2, 5)],
        "ij,kj->ik": [(2, 1), (3, 4)], "i...j,j->...i": [(2, 3, 4), (4,)], " i j , j k -> i k ": [(2, 3), (3, 4)],
        "ij,ij->ij": [(2, 3), (2, 3)], "ij,ij->i": [(2, 3), (2, 3)], "abc,cd->abd": [(2, 3, 0), (0, 4)], "Ab,bA->A": [(2, 3), (3, 2)],
        "bA,aB": [(2, 3), (4, 5)], "iij,jk->ik": [(2, 2, 3), (3, 2)], ",i->i": [(), (3,)], "...a,...a->...a": [(2, 3), (4, 1, 3)],
    }
    for equation, shapes in equations.items():
        key = f"einsum {equation}"
        case(key, lambda *x: torch.einsum(equation, *x), [uniform(*s) for s in shapes])
        case(key, lambda *x: torch.einsum(equation, *x), [uniform(*s, dtype=f64) for s in shapes])
    for dim in (0, 1, -1):
        for name, function in {"softmax": F.softmax, "log_softmax": F.log_softmax, "softmin": F.softmin}.items():
            key, call = f"{name} dim={dim}", lambda x: function(x, dim)
            cases(key, call, uniform(3, 4), uniform(2, 3, 4), uniform(2, 3, 2, dtype=f64), torch.empty(0, 3), uniform(3, 1), torch.empty(2, 0))
            case(key, call, [torch.tensor([[1000.0, 999.0], [-1000.0, -999.0]])])
            case(key, call, [torch.tensor([[-math.inf, 0.0], [-math.inf, -math.inf], [math.nan, 1.0]])], grad=False)
            for dtype in HALVES:
                case(key, call, [uniform(3, 4, dtype=dtype)])
    for name, function in {"softmax": F.softmax, "log_softmax": F.log_softmax}.items():
        cases(f"{name} dim=0", lambda x: function(x, 0), uniform(), uniform(7))
        cases(f"{name} dim=-1", lambda x: function(x, -1), uniform(2, 100), uniform(1, 3000))
    rows = lambda x, y: F.cross_entropy(x, y, reduction="none")
    cases("cross_entropy rows", rows, [uniform(5, 3), integers(5, low=0, high=3)], [uniform(0, 3), integers(0)],
          [uniform(4, 3, dtype=f64), torch.tensor([0, -100, 2, -100])], [uniform(3, 1), torch.zeros(3, dtype=i64)],
          [torch.tensor([[1000.0, 0.0], [0.0, -1000.0]]), torch.tensor([1, 0])], [uniform(3, 200), integers(3, low=0, high=200)])
    cases("cross_entropy rows ignore=1", lambda x, y: F.cross_entropy(x, y, reduction="none", ignore_index=1), [uniform(5, 3), integers(5, low=0, high=3)])


def views():
    x, cube = uniform(3, 4), uniform(2, 3, 4)
    cases("reshape 4,3", lambda x: x.reshape(4, 3), x, uniform(12), uniform(2, 2, 3, dtype=f64))
    cases("reshape 2,-1", lambda x: x.reshape(2, -1), x, cube, torch.empty(0, 4))
    cases("reshape", lambda x: x.reshape([]), uniform(1), uniform(1, 1))
    cases("reshape 1,1", lambda x: x.reshape(1, 1), uniform())
    cases("reshape 0,5", lambda x: x.reshape(0, 5), torch.empty(3, 0))
    cases("view 4,3", lambda x: x.view(4, 3), x)
    cases("reshape transposed", lambda x: x.transpose(0, 1).reshape(2, -1), x)
    cases("reshape part", lambda x: x[:, 1:3].reshape(-1), x, cube)
    cases("flatten", lambda x: x.flatten(), cube, uniform(), torch.empty(0, 2), uniform(3))
    cases("flatten 1", lambda x: x.flatten(1), cube, uniform(2, 1, 2, 2))
    cases("flatten 0,1", lambda x: x.flatten(0, 1), cube)
    cases("unflatten -1 2,2", lambda x: x.unflatten(-1, (2, 2)), cube)
    cases("unflatten 0 -1,3", lambda x: x.unflatten(0, (-1, 3)), uniform(6, 2))
    cases("squeeze", lambda x: x.squeeze(), uniform(1, 3, 1), uniform(2, 3), uniform(1))
    cases("squeeze 0", lambda x: x.squeeze(0), uniform(1, 3, 1), uniform(2, 3), uniform())
    cases("squeeze -1", lambda x: x.squeeze(-1), uniform(1, 3, 1))
    for dim in (0, 1, -1):
        cases(f"unsqueeze {dim}", lambda x: x.unsqueeze(dim), uniform(3), x)
    cases("unsqueeze 0", lambda x: x.unsqueeze(0), uniform())
    cases("expand 2,3,4", lambda x: x.expand(2, 3, 4), x, uniform(1, 4), uniform(3, 1), uniform(2, 1, 1, dtype=f64), uniform())
    cases("expand 2,-1", lambda x: x.expand(2, -1), uniform(1, 3), uniform(3))
    cases("expand 0,3", lambda x: x.expand(0, 3), uniform(1, 3))
    cases("permute 2,0,1", lambda x: x.permute(2, 0, 1), cube, torch.empty(2, 0, 3))
    cases("permute -1,0,1", lambda x: x.permute(-1, 0, 1), cube)
    cases("transpose 0,1", lambda x: x.transpose(0, 1), x, cube)
    cases("transpose -1,0", lambda x: x.transpose(-1, 0), cube)
    cases("t", lambda x: x.t(), x, uniform(3), uniform())
    cases("mT", lambda x: x.mT, x, cube)
    cases("movedim 0,-1", lambda x: x.movedim(0, -1), cube)
    cases("movedim 2,0", lambda x: x.movedim(2, 0), cube)
    cases("narrow 1,1,2", lambda x: x.narrow(1, 1, 2), x, cube)
    cases("narrow -1,-2,2", lambda x: x.narrow(-1, -2, 2), x)
    cases("narrow 0,3,0", lambda x: x.narrow(0, 3, 0), x)
    cases("select 1,-1", lambda x: x.select(1, -1), x, cube)
    cases("select 0,1", lambda x: x.select(0, 1), uniform(3), x)
    cases("split 2", lambda x: x.split(2), uniform(5, 2), uniform(4), torch.empty(0, 2))
    cases("split 2 dim=1", lambda x: x.split(2, 1), uniform(2, 5))
    cases("split 1,3", lambda x: x.split([1, 3], -1), uniform(2, 4))
    cases("chunk 3", lambda x: x.chunk(3), uniform(7, 2), uniform(4), uniform(2))
    cases("chunk 2 dim=1", lambda x: x.chunk(2, 1), uniform(2, 5))
    cases("unbind", lambda x: x.unbind(), x)
    cases("unbind dim=1", lambda x: x.unbind(1), cube)
    for offset in (0, 1, -1, -3, 2):
        cases(f"diagonal {offset}", lambda x: x.diagonal(offset), x, uniform(4, 3), uniform(3, 3, 2))
    cases("diagonal dims=1,2", lambda x: x.diagonal(0, 1, 2), cube)
    cases("diagonal 1 dims=-1,0", lambda x: x.diagonal(1, -1, 0), cube)
    cases("unfold 0,3,1", lambda x: x.unfold(0, 3, 1), uniform(6), uniform(4, 2))
    cases("unfold 1,2,2", lambda x: x.unfold(1, 2, 2), uniform(3, 5), uniform(2, 4, dtype=f64))
    cases("unfold -1,2,3", lambda x: x.unfold(-1, 2, 3), uniform(2, 8))


def subscripts():
    x, cube = uniform(4, 5), uniform(3, 4, 5)
    index = torch.tensor([2, 0, -1, 2])
    reads = {
        "0": lambda x: x[0], "-1": lambda x: x[-1], "1,2": lambda x: x[1, 2], "1..<3": lambda x: x[1:3],
        "...,-1": lambda x: x[..., -1], "0,...,1": lambda x: x[0, ..., 1], "all,::2": lambda x: x[:, ::2],
        "1:100:2": lambda x: x[1:100:2], "-3:-1": lambda x: x[-3:-1], "3:1": lambda x: x[3:1], "newaxis": lambda x: x[None],
        "all,newaxis,1": lambda x: x[:, None, 1], "...,newaxis": lambda x: x[..., None], "..<2,2...": lambda x: x[:2, 2:],
        "stride": lambda x: x[1:4:2], "...1": lambda x: x[:2],
    }
    for key, function in reads.items():
        cases(f"index {key}", function, x, cube)
    cases("index 0", lambda x: x[0], uniform(3))
    cases("index ...", lambda x: x[...], uniform(), x)
    positions = {
        "i": lambda x, i: x[i], "all,i": lambda x, i: x[:, i], "i,1": lambda x, i: x[i, 1], "1,i": lambda x, i: x[1, i],
        "i,1..<3": lambda x, i: x[i, 1:3], "...,i": lambda x, i: x[..., i], "newaxis,i": lambda x, i: x[None, i],
        "i,newaxis": lambda x, i: x[i, None],
    }
    for key, function in positions.items():
        cases(f"index {key}", function, [x, index], [cube, index], [cube.double(), torch.tensor([[0, 1], [-1, 2]])],
              [x, torch.empty(0, dtype=i64)], [x, torch.tensor(2)])
    two = {
        "i,j": lambda x, i, j: x[i, j], "i,all,j": lambda x, i, j: x[i, :, j], "all,i,j": lambda x, i, j: x[:, i, j],
        "i,...,j": lambda x, i, j: x[i, ..., j], "all,i,newaxis,j": lambda x, i, j: x[:, i, None, j],
    }
    for key, function in two.items():
        cases(f"index {key}", function, [cube, torch.tensor([0, 2, 1]), torch.tensor([1, 1, -1])],
              [cube, torch.tensor([[0], [1]]), torch.tensor([2, 0, 1])])
    case("index 0,all,i", lambda x, i: x[0, :, i], [cube, index])
    case("index i,all,1", lambda x, i: x[i, :, 1], [cube, torch.tensor([0, 2, 1])])
    case("index all,1,i", lambda x, i: x[:, 1, i], [cube, torch.tensor([0, 2, 1])])
    mask = x > 0
    cases("index m", lambda x, m: x[m], [x, mask], [cube, torch.tensor([True, False, True])], [cube, cube[..., 0] > 0],
          [x, torch.zeros_like(mask)], [x.double(), x.double() > 0.5])
    cases("index all,m", lambda x, m: x[:, m], [x, torch.tensor([True, False, True, False, True])], [cube, uniform(4, 5) > 0])
    cases("index m,1", lambda x, m: x[m, 1], [x, torch.tensor([True, False, True, False])])
    cases("index m,i", lambda x, m, i: x[m, i], [cube, torch.tensor([True, False, True]), torch.tensor([3, 1])])

    def write(key, place, *lists):
        def function(x, v, *rest):
            y = x.clone()
            place(y, v, *rest)
            return y

        cases(f"set {key}", function, *lists)

    def put(get):
        """Turns a reading lambda's brackets into writing ones, through the Python slice objects."""
        class Recorder:
            def __getitem__(self, items):
                return items

        return lambda y, v, *rest: y.__setitem__(get(Recorder(), *rest), v)

    write("0", put(lambda x: x[0]), [x, uniform(5)], [x, uniform()], [cube, uniform(4, 5)], [cube, uniform(5)])
    write("1,2", put(lambda x: x[1, 2]), [x, uniform()], [cube, uniform(5)])
    write("1..<3", put(lambda x: x[1:3]), [x, uniform(2, 5)], [x, uniform(1)], [x, uniform(2, 1)])
    write("...,-1", put(lambda x: x[..., -1]), [x, uniform(4)], [cube, uniform(3, 4)])
    write("all,::2", put(lambda x: x[:, ::2]), [x, uniform(4, 3)], [cube, uniform(2, 5)])
    write("newaxis", put(lambda x: x[None]), [x, uniform(1, 4, 5)])
    write("...", put(lambda x: x[...]), [x, uniform(4, 5)], [uniform(), uniform()])
    write("i", put(lambda x, i: x[i]), [x, uniform(3, 5), torch.tensor([2, 0, -1])], [x, uniform(), torch.tensor([2, 0])])
    write("all,i", put(lambda x, i: x[:, i]), [x, uniform(4, 2), torch.tensor([3, 1])])
    write("i,j", put(lambda x, i, j: x[i, j]), [cube, uniform(3, 5), torch.tensor([0, 2, 1]), torch.tensor([1, 1, 0])])
    write("i,all,j", put(lambda x, i, j: x[i, :, j]), [cube, uniform(2, 4), torch.tensor([0, 2]), torch.tensor([1, 4])])
    write("m", put(lambda x, m: x[m]), [x, uniform(), mask], [x, uniform(int(mask.sum())), mask])
    write("all,m", put(lambda x, m: x[:, m]), [x, uniform(4, 2), torch.tensor([True, False, True, False, False])])
    cases("set 0", lambda x, v: torch.cat([v[None], x[1:]]), [integers(3, 2), integers(2)])
    write("0", put(lambda x: x[0]), [integers(3, 2), uniform(2) * 3], [uniform(3, 2), integers(2)])


def indexing():
    x = uniform(4, 5)
    for dim, index in [(0, integers(3, 5, low=0, high=4)), (1, integers(4, 2, low=0, high=5)), (-1, integers(2, 7, low=0, high=5))]:
        cases(f"gather {dim}", lambda x, i: x.gather(dim, i), [x, index], [x.double(), index[:1]])
        v = uniform(*index.shape)
        if dim != -1:
            unique = torch.stack([torch.randperm(x.shape[dim], generator=generator)[: index.shape[dim]] for _ in range(x.shape[1 - dim])])
            unique = unique.t().contiguous() if dim == 0 else unique
            cases(f"scatter {dim}", lambda x, v, i: x.scatter(dim, i, v), [x, v, unique])
            # PyTorch has no derivative for a source that is larger than the index.
            case(f"scatter {dim}", lambda x, v, i: x.scatter(dim, i, v), [x, uniform(6, 6), unique[:2, :2]], grad=False)
            cases(f"scatter {dim} 1.5", lambda x, i: x.scatter(dim, i, 1.5), [x, unique])
        cases(f"scatter_add {dim}", lambda x, v, i: x.scatter_add(dim, i, v), [x, v, index])
        case(f"scatter_add {dim}", lambda x, v, i: x.scatter_add(dim, i, v), [x, uniform(5, 8), index], grad=False)
        for reduction in ("sum", "prod", "amax", "amin"):
            cases(f"scatter_reduce {dim} {reduction}", lambda x, v, i: x.scatter_reduce(dim, i, v, reduction), [x, v, index],
                  [x.double(), v.double(), index])
            case(f"scatter_reduce {dim} {reduction}", lambda x, v, i: x.scatter_reduce(dim, i, v, reduction),
                 [numbers(i64, 4, 5), numbers(i64, *index.shape), index])
    cases("scatter_reduce 0 amax", lambda x, v, i: x.scatter_reduce(0, i, v, "amax"), [torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, 5.0, 5.0]), torch.tensor([0, 1, 1])])
    cases("scatter_reduce 0 prod", lambda x, v, i: x.scatter_reduce(0, i, v, "prod"), [torch.tensor([0.0, 2.0, 3.0]), torch.tensor([1.5, 0.0, 5.0]), torch.tensor([0, 1, 2])],
          [torch.tensor([0.0, 2.0, 3.0]), torch.tensor([0.0, 4.0, 0.0]), torch.tensor([0, 1, 1])])
    cases("gather 0", lambda x, i: x.gather(0, i), [uniform(), torch.tensor(0)], [uniform(), torch.tensor([0, 0])], [uniform(3), torch.empty(0, dtype=i64)], [integers(4), torch.tensor([3, 3])])
    index = torch.tensor([2, 0, 2])
    for dim in (0, 1):
        slices = [3, 5] if dim == 0 else [4, 3]
        cases(f"index_select {dim}", lambda x, i: x.index_select(dim, i), [x, index], [uniform(4, 5, 2, dtype=f64), index], [x, index[:0]])
        cases(f"index_add {dim}", lambda x, v, i: x.index_add(dim, i, v), [x, uniform(*slices), index])
        cases(f"index_add {dim} alpha=2.5", lambda x, v, i: x.index_add(dim, i, v, alpha=2.5), [x, uniform(*slices), index])
        slices[dim] = 2
        cases(f"index_copy {dim}", lambda x, v, i: x.index_copy(dim, i, v), [x, uniform(*slices), torch.tensor([3, 1])])
        cases(f"index_fill {dim} 1.5", lambda x, i: x.index_fill(dim, i, 1.5), [x, index])
    for dtype in ALL:
        case("index_select 0", lambda x, i: x.index_select(0, i), [numbers(dtype, 3, 2), torch.tensor([2, 1])])
        case("index_add 0", lambda x, v, i: x.index_add(0, i, v), [numbers(dtype, 3, 2), numbers(dtype, 3, 2), torch.tensor([2, 1, 2])], refusable=True)
        case("cat 0", lambda *x: torch.cat(x), [numbers(dtype, 2, 2), numbers(f32, 1, 2)], grad=False)
    cases("take", lambda x, i: x.take(i), [x, torch.tensor([[0, 19], [7, 7]])], [x, torch.tensor([-1, 3])])
    cases("masked_select", lambda x, m: x.masked_select(m), [x, uniform(4, 5) > 0], [x, uniform(5) > 0], [uniform(4, 1), uniform(4, 3) > 0])
    cases("nonzero", lambda x: x.nonzero(), integers(3, 4, low=0, high=2), torch.zeros(2, 2), uniform(3) > 0, uniform(2, 2, 2).round())
    cases("where", torch.where, [uniform(3, 4) > 0, uniform(3, 4), uniform(3, 4)], [uniform(3, 1) > 0, uniform(4), uniform()],
          [uniform(2) > 0, integers(2), uniform(2)], [uniform(0, 2) > 0, uniform(1, 2), uniform(2)], [uniform(2, 2) > 0, numbers(torch.int8, 2), numbers(u8, 2, 2)])
    cases("where x 2.5", lambda c, x: torch.where(c, x, 2.5), [uniform(3) > 0, uniform(3)], [uniform(3) > 0, integers(3)], [uniform(3) > 0, uniform(3, dtype=torch.float16)])
    cases("where 2 x", lambda c, x: torch.where(c, 2, x), [uniform(3) > 0, uniform(3)], [uniform(3) > 0, integers(3)])
    cases("masked_fill -1.5", lambda x, m: x.masked_fill(m, -1.5), [x, uniform(4, 5) > 0], [x, uniform(5) > 0], [x.double(), uniform(4, 1) > 0])
    cases("cat 0", lambda *x: torch.cat(x), [uniform(2, 3), uniform(1, 3), uniform(3, 3)], [uniform(2), torch.empty(0), uniform(3)],
          [uniform(2, 3), torch.empty(0)], [uniform(2, 3, dtype=f64), uniform(1, 3)], [torch.empty(0), torch.empty(0)], [uniform(2)] * 5)
    cases("cat -1", lambda *x: torch.cat(x, -1), [uniform(2, 3), uniform(2, 1)], [uniform(2, 2, 1), uniform(2, 2, 2)])
    cases("stack 0", lambda *x: torch.stack(x), [uniform(2, 3), uniform(2, 3)], [uniform(), uniform(), uniform(), uniform()])
    cases("stack -1", lambda *x: torch.stack(x, -1), [uniform(2, 3), uniform(2, 3)])
    cases("repeat 2,1,3", lambda x: x.repeat(2, 1, 3), uniform(2, 3), uniform(2), uniform())
    cases("repeat 0,2", lambda x: x.repeat(0, 2), uniform(2, 3))
    cases("tile 2,3", lambda x: x.tile(2, 3), uniform(2, 3), uniform(2), uniform(2, 1, 2))
    cases("repeat_interleave 2 dim=0", lambda x: x.repeat_interleave(2, 0), uniform(2, 3))
    cases("repeat_interleave 3 dim=-1", lambda x: x.repeat_interleave(3, -1), uniform(2, 3), integers(4))
    cases("flip 0", lambda x: x.flip(0), x, uniform(3), torch.empty(0, 2))
    cases("flip 0,-1", lambda x: x.flip(0, -1), uniform(2, 3, 4), integers(2, 3))
    cases("roll 2", lambda x: x.roll(2), x, uniform(3), torch.empty(0))
    cases("roll -1 dim=1", lambda x: x.roll(-1, 1), x, uniform(2, 3, 2))
    cases("roll 7 dim=0", lambda x: x.roll(7, 0), x, uniform(4))


def order():
    nan = torch.tensor([[3.0, math.nan, 1.0, -math.inf], [math.inf, 2.0, math.nan, -1.0]])
    same = torch.tensor([[2, 1, 2, 1, 3], [1, 1, 1, 1, 1]])
    for dim in (0, 1, -1):
        for descending in (False, True):
            suffix = f"dim={dim}" + (" descending" if descending else "")
            cases(f"sort {suffix}", lambda x: torch.sort(x, dim=dim, descending=descending, stable=True), distinct(4, 5), nan, same, distinct(2, 3, 3, dtype=f64),
                  torch.empty(0, 2), torch.empty(2, 0))
            cases(f"argsort {suffix}", lambda x: torch.argsort(x, dim=dim, descending=descending, stable=True), distinct(4, 5), same)
    for dtype in ALL[:8]:
        case("sort dim=-1", lambda x: torch.sort(x, dim=-1, stable=True), [numbers(dtype, 8)])
        case("sort dim=-1 descending", lambda x: torch.sort(x, dim=-1, descending=True, stable=True), [numbers(dtype, 8)])
    cases("sort dim=-1", lambda x: torch.sort(x, stable=True), uniform(), distinct(70), distinct(3, 40))
    cases("topk 2", lambda x: x.topk(2), distinct(3, 5), distinct(6), torch.tensor([1.0, math.nan, 3.0, 2.0]), distinct(5).mul(4).to(i64))
    cases("topk 3 dim=0 smallest", lambda x: x.topk(3, 0, largest=False), distinct(5, 2), distinct(4, 3, dtype=f64))
    cases("topk 0", lambda x: x.topk(0), distinct(3, 5))
    cases("kthvalue 2", lambda x: x.kthvalue(2), distinct(3, 5), distinct(6))
    cases("kthvalue 3 dim=0", lambda x: x.kthvalue(3, 0), distinct(3, 5))
    cases("median", torch.median, distinct(5), distinct(3, 4), uniform())
    case("median", torch.median, [torch.tensor([1.0, math.nan, 3.0])], grad=False)
    cases("median dim=1", lambda x: x.median(1), distinct(3, 5), distinct(3, 4, dtype=f64))
    case("median dim=1", lambda x: x.median(1), [torch.tensor([[1.0, math.nan, 3.0, 0.5], [3.0, 1.0, 2.0, 4.0]])], grad=False)
    cases("unique", lambda x: torch.unique(x, return_inverse=True, return_counts=True), integers(4, 5), same, uniform(5), uniform(4) > 0, torch.empty(0, dtype=i64), torch.tensor(3))
    cases("bincount", lambda x: x.bincount(), integers(8, low=0), torch.empty(0, dtype=i64), integers(5, low=0, dtype=u8))
    cases("bincount min=7", lambda x: x.bincount(minlength=7), integers(8, low=0), torch.empty(0, dtype=i64))
    case("bincount weights", lambda x, w: x.bincount(w), [integers(8, low=0), uniform(8, dtype=f64)], grad=False)
    for right in (False, True):
        cases("searchsorted" + (" right" if right else ""), lambda x, v: torch.searchsorted(x, v, right=right),
              [torch.tensor([1.0, 2.0, 2.0, 5.0]), torch.tensor([[0.0, 2.0], [3.0, 9.0]])], [torch.tensor([1, 3, 5]), torch.tensor([3, 4])], [torch.empty(0), torch.tensor([1.0])])
    for k in (0, 1, -1):
        for name in ("tril", "triu"):
            cases(f"{name} {k}", lambda x: getattr(torch, name)(x, k), uniform(3, 4), uniform(2, 4, 3), integers(3, 3), torch.empty(0, 3))
        cases(f"diag {k}", lambda x: torch.diag(x, k), uniform(3), uniform(3, 4), integers(2))
    cases("trace", torch.trace, uniform(3, 4))
    for indexing in ("ij", "xy"):
        cases(f"meshgrid {indexing}", lambda *x: torch.meshgrid(*x, indexing=indexing), [uniform(2), uniform(3)], [uniform(2), uniform(3), uniform(1)], [integers(3)])
    cases("one_hot", lambda x: F.one_hot(x), integers(4, low=0), integers(2, 3, low=0))
    cases("one_hot 6", lambda x: F.one_hot(x, 6), integers(4, low=0), torch.tensor(2), torch.empty(0, dtype=i64))


def creation():
    for rows, columns in [(3, 3), (2, 4), (4, 2), (0, 2)]:
        case(f"eye {rows},{columns}", lambda: torch.eye(rows, columns), [])
    for a in [(5,), (2, 7), (0, 10, 3), (10, 0, -3), (3, 3)]:
        case("arange " + ",".join(map(str, a)), lambda: torch.arange(*a), [])
    for a in [(0.0, 1.0, 0.1), (1.0, 0.0, -0.25), (0.5, 3.0, 1.0), (0.0, 0.0, 1.0)]:
        case("arange " + ",".join(map(str, a)), lambda: torch.arange(*a), [])
        case("arange f64 " + ",".join(map(str, a)), lambda: torch.arange(*a, dtype=f64), [])
    for a in [(0.0, 1.0, 5), (-3.0, 10.0, 7), (2.0, 2.0, 1), (1.0, 0.0, 4), (0.0, 1.0, 0), (0.0, 1.0, 11)]:
        case("linspace " + ",".join(map(str, a)), lambda: torch.linspace(*a), [])
    case("logspace 0.0,3.0,4", lambda: torch.logspace(0, 3, 4), [])
    case("logspace base=2 -2.0,2.0,5", lambda: torch.logspace(-2, 2, 5, base=2), [])
    for dtype in ALL:
        case(f"full 3 {SHORT[dtype]}", lambda: torch.full((2, 2), 3 if dtype != torch.bool else True, dtype=dtype), [])
    cases("zeros_like", torch.zeros_like, *[numbers(d, 2, 3) for d in ALL])
    cases("ones_like", torch.ones_like, *[numbers(d, 2, 3) for d in ALL])
    cases("full_like 2.5", lambda x: torch.full_like(x, 2.5), uniform(2, 3), uniform(2, dtype=f64))
    for target in ALL:
        for source in ALL:
            values = numbers(source, 6, low=-3 if target != u8 else 0)
            case(f"to {SHORT[target]}", lambda x: x.to(target), [values])
    wide = torch.tensor([0.0, -0.0, 1.5, -1.5, 2.5, 255.0, 100.7, 65504.0, 1e-8, 3.3895e38])
    for target in HALVES + [f64, torch.bool]:
        case(f"to {SHORT[target]}", lambda x: x.to(target), [wide], grad=False)
        case(f"to {SHORT[target]}", lambda x: x.to(target), [torch.tensor([math.inf, -math.inf, math.nan])], grad=False)
    halfway = torch.tensor([1 + 2**-8, 1 + 3 * 2**-8, 1 + 2**-11, 1 + 3 * 2**-11, 65519.0, 65520.0, 2.0**-25, 2.0**-24, 1.5 * 2.0**-25])
    for target in HALVES:
        case(f"to {SHORT[target]}", lambda x: x.to(target), [halfway], grad=False)
        case(f"to {SHORT[target]}", lambda x: x.to(target), [halfway.double() + 2.0**-40], grad=False)
    case("to i8", lambda x: x.to(torch.int8), [torch.tensor([300, -300, 127, 128])])
    case("to u8", lambda x: x.to(u8), [torch.tensor([300, -1, 127, 256])])
    case("to i32", lambda x: x.to(torch.int32), [torch.tensor([2**31, 2**32 + 5, -(2**33) - 1])])


for family in (unary, activations, binary, scalars, reductions, contractions, views, subscripts, indexing, order, creation):
    family()
FILE.parent.mkdir(exist_ok=True)
FILE.write_bytes(gzip.compress(safetensors.torch.save(tensors), 9, mtime=0))
print(len(keys), "operations,", len({name.rsplit("/", 1)[0] for name in tensors}), "cases,", FILE.stat().st_size, "bytes")
