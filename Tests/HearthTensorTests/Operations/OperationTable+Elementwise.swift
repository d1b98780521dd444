import HearthTensor

extension OperationTable {
    mutating func addFunctions() {
        unary("abs") { $0.abs() }
        unary("sign") { $0.sign() }
        unary("square") { $0.square() }
        unary("sqrt") { $0.sqrt() }
        unary("rsqrt") { $0.rsqrt() }
        unary("reciprocal") { $0.reciprocal() }
        unary("exp") { $0.exp() }
        unary("exp2") { $0.exp2() }
        unary("expm1") { $0.expm1() }
        unary("log") { $0.log() }
        unary("log2") { $0.log2() }
        unary("log10") { $0.log10() }
        unary("log1p") { $0.log1p() }
        unary("sin") { $0.sin() }
        unary("cos") { $0.cos() }
        unary("tan") { $0.tan() }
        unary("asin") { $0.asin() }
        unary("acos") { $0.acos() }
        unary("atan") { $0.atan() }
        unary("sinh") { $0.sinh() }
        unary("cosh") { $0.cosh() }
        unary("tanh") { $0.tanh() }
        unary("asinh") { $0.asinh() }
        unary("acosh") { $0.acosh() }
        unary("atanh") { $0.atanh() }
        unary("erf") { $0.erf() }
        unary("erfc") { $0.erfc() }
        unary("erfinv") { $0.erfinv() }
        unary("lgamma") { $0.lgamma() }
        unary("digamma") { $0.digamma() }
        unary("floor") { $0.floor() }
        unary("ceil") { $0.ceil() }
        unary("round") { $0.round() }
        unary("trunc") { $0.trunc() }
        unary("frac") { $0.frac() }
        unary("neg") { -$0 }
        unary("isnan") { $0.isNaN() }
        unary("isinf") { $0.isInfinite() }
        unary("isfinite") { $0.isFinite() }
        unary("logical_not") { $0.logicalNot() }
        unary("bitwise_not") { ~$0 }
        unary("logit") { $0.logit() }
        unary("logit eps=0.1") { $0.logit(epsilon: 0.1) }
        unary("clamp min=-1 max=0.5") { $0.clamp(min: -1, max: 0.5) }
        unary("clamp min=0.25") { $0.clamp(min: 0.25) }
        unary("clamp max=0.25") { $0.clamp(max: 0.25) }
        unary("clamp min=1 max=-1") { $0.clamp(min: 1, max: -1) }
        unary("clamp min=1 max=2") { $0.clamp(min: 1, max: 2) }
        ternary("clamp tensors") { $0.clamp(min: $1, max: $2) }
        unary("nan_to_num") { $0.nanToNum() }
        unary("nan_to_num 1 2 -3") { $0.nanToNum(nan: 1, positiveInfinity: 2, negativeInfinity: -3) }
    }

    mutating func addActivations() {
        unary("relu") { $0.relu() }
        unary("relu6") { $0.relu6() }
        unary("sigmoid") { $0.sigmoid() }
        unary("logsigmoid") { $0.logSigmoid() }
        unary("gelu") { $0.gelu() }
        unary("gelu tanh") { $0.gelu(approximate: .tanh) }
        unary("silu") { $0.silu() }
        unary("mish") { $0.mish() }
        unary("softplus") { $0.softplus() }
        unary("softplus 2 1.5") { $0.softplus(beta: 2, threshold: 1.5) }
        unary("softsign") { $0.softsign() }
        unary("hardsigmoid") { $0.hardSigmoid() }
        unary("hardswish") { $0.hardSwish() }
        unary("hardtanh") { $0.hardTanh() }
        unary("hardtanh -0.5 2") { $0.hardTanh(min: -0.5, max: 2) }
        unary("leaky_relu") { $0.leakyReLU() }
        unary("leaky_relu 0.3") { $0.leakyReLU(slope: 0.3) }
        unary("elu") { $0.elu() }
        unary("elu 0.7") { $0.elu(alpha: 0.7) }
        unary("selu") { $0.selu() }
        unary("celu") { $0.celu() }
        unary("celu 0.7") { $0.celu(alpha: 0.7) }
        unary("tanhshrink") { $0.tanhshrink() }
        unary("softshrink") { $0.softshrink() }
        unary("softshrink 1.25") { $0.softshrink(lambda: 1.25) }
        unary("hardshrink") { $0.hardshrink() }
        unary("hardshrink 1.25") { $0.hardshrink(lambda: 1.25) }
        unary("threshold 0.5 -7") { $0.threshold(0.5, value: -7) }
        binary("prelu") { $0.prelu($1) }
        for dim in [-1, 0, 1] { unary("glu dim=\(dim)") { $0.glu(dim: dim) } }
        for dim in [-1, 0, 1] {
            unary("softmax dim=\(dim)") { $0.softmax(dim: dim) }
            unary("log_softmax dim=\(dim)") { $0.logSoftmax(dim: dim) }
            unary("softmin dim=\(dim)") { $0.softmin(dim: dim) }
        }
        binary("cross_entropy rows") { $0.crossEntropyRows($1) }
        binary("cross_entropy rows ignore=1") { $0.crossEntropyRows($1, ignoreIndex: 1) }
    }
}
