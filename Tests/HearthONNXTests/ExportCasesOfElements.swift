import HearthGraph
import HearthNN
import HearthTensor

/// Functions of elements, comparisons and conversions.
let exportCasesOfElements: [ExportCase] = [
    ExportCase("functions", [.normal("n", 40)]) { x in
        let x = x[0]
        return [
            -x, x.abs(), x.sign(), x.square(), x.exp(), x.exp2(), x.expm1(), x.sin(), x.cos(), x.tan(), x.atan(),
            x.sinh(), x.cosh(), x.asinh(), x.erf(), x.erfc(), x.floor(), x.ceil(), x.round(), x.trunc(), x.frac(),
            x.sinc(), x.isNaN(), x.isInfinite(), x.isFinite(), x.logicalNot(), x.signBit(), x.nanToNum(),
        ]
    },
    ExportCase("functionsOfUnits", [.unit("n", 40)]) { x in
        let x = x[0]
        return [
            x.sqrt(), x.rsqrt(), x.reciprocal(), x.log(), x.log2(), x.log10(), x.log1p(), x.asin(), x.acos(), x.atanh(),
            (x + 1).acosh(), x.entr(), x.logit(), x.xlogy(x), x.xlog1py(x),
        ]
    },
    ExportCase("activations", [.normal("n", 40)]) { x in
        let x = x[0] * 3
        return [
            x.relu(), x.relu6(), x.sigmoid(), x.logSigmoid(), x.gelu(), x.gelu(approximate: .tanh), x.silu(), x.mish(),
            x.softplus(), x.softplus(beta: 2, threshold: 3), x.softsign(), x.hardSigmoid(), x.hardSwish(), x.hardTanh(),
            x.leakyReLU(slope: 0.1), x.elu(alpha: 0.7), x.selu(), x.celu(alpha: 1.3), x.tanhshrink(), x.softshrink(),
            x.hardshrink(), x.threshold(0.3, value: -2), x.clamp(min: -1), x.clamp(max: 0.5), x.glu(), x.tanh(),
            x.prelu(Tensor([0.2])),
        ]
    },
    ExportCase("activationsOfVersion21", [.normal("n", 40)], opset: 21) { x in
        [x[0].gelu(), x[0].gelu(approximate: .tanh), x[0].mish(), x[0].hardSwish(), x[0].amax(dims: [1])]
    },
    ExportCase("pairs", [.normal("n", 40), .normal("n", 1)]) { x in
        let (x, y) = (x[0], x[1])
        return [
            x + y, x - y, x * y, x / y, x.floorDivide(y), x.remainder(y), x.fmod(y), x.abs().pow(y), x.atan2(y),
            x.maximum(y), x.minimum(y), x.hypot(y), x.copysign(y), x.fmax(y), x.fmin(y), x.logAddExp(y),
            x.logAddExp2(y), x.heaviside(y.expand(to: x.shape)), x.add(y, alpha: 0.3), x == y, x != y, x < y, x <= y,
            x > y, x >= y, x.logicalAnd(y), x.logicalOr(y), x.logicalXor(y), Tensor.where(x > y, x, y), 2 - x, 1 / y,
            x.pow(2), x * 0.5 + 1, Tensor.where(x > 0, x, 0.0),
        ]
    },
    ExportCase("integers", [.ints(-20, 20, "n", 40), .ints(1, 7, "n", 1)]) { x in
        let (x, y) = (x[0], x[1])
        return [
            x + y, x - y, x * y, x / y, x.floorDivide(y), x.remainder(y), x.fmod(y), x.maximum(y), x.minimum(y), -x,
            x.abs(), x.sign(), x.relu(), x.clamp(min: -3, max: 5), x == y, x < y, x & y, x | y, x ^ y, ~x,
            x.floorDivide(-3), x.to(.float32), x.to(.bool), x.to(.int32), x.square(), x.sqrt().isNaN(), x.sum(dim: 1),
            x.pow(2), x.floorDivide(-y), x.remainder(-y),
        ]
    },
    ExportCase("bytes", [.ints(0, 200, .uint8, "n", 40), .ints(-100, 100, .int8, "n", 40)]) { x in
        let (x, y) = (x[0], x[1])
        return [
            x + x, x * x, x.floorDivide(7), y + y, -y, y.abs(), y.clamp(min: -3, max: 5), x.to(.float32) / 255,
            x.sum(dim: 1), x.amax(dims: [1]), y.amin(dims: [0]), x == x, x < 100, x.to(.int64) + y,
        ]
    },
    ExportCase("bools", [.bool("n", 40), .bool("n", 40)]) { x in
        let (x, y) = (x[0], x[1])
        return [
            x & y, x | y, x ^ y, ~x, x + y, x * y, x < y, x == y, x.to(.float32), x.to(.int64), x.any(dim: 1), x.all(),
            x.sum(dim: 0), Tensor.where(x, 1.0, y.to(.float32)), x.maximum(y),
        ]
    },
    ExportCase("doubles", [ExportCase.Input(spec: .float64("n", 5), content: .normal)]) { x in
        [x[0].exp() + 1.5, x[0].sum(dim: 1), x[0].softmax(dim: 1), x[0].matmul(x[0].t()), x[0].floor(), x[0].tanh()]
    },
]
