import HearthNN

extension LayerKind {
    /// Functions of single elements, and those along a dimension.
    static let activations: [LayerKind] = [
        LayerKind("ReLU", ["inplace"]) { _ in ReLU() },
        LayerKind("ReLU6", ["inplace"]) { _ in ReLU6() },
        LayerKind("Sigmoid") { _ in Sigmoid() },
        LayerKind("LogSigmoid") { _ in LogSigmoid() },
        LayerKind("Tanh") { _ in Tanh() },
        LayerKind("SiLU", ["inplace"]) { _ in SiLU() },
        LayerKind("Mish", ["inplace"]) { _ in Mish() },
        LayerKind("Softsign") { _ in Softsign() },
        LayerKind("Hardsigmoid", ["inplace"]) { _ in Hardsigmoid() },
        LayerKind("Hardswish", ["inplace"]) { _ in Hardswish() },
        LayerKind("SELU", ["inplace"]) { _ in SELU() },
        LayerKind("Tanhshrink") { _ in Tanhshrink() },
        LayerKind("GELU", ["approximate"]) {
            GELU(approximate: try $0.choice("approximate", ["none": .none, "tanh": .tanh]))
        },
        LayerKind("Softplus", ["beta", "threshold"]) {
            Softplus(beta: try $0.number("beta", 1), threshold: try $0.number("threshold", 20))
        },
        LayerKind("Hardtanh", ["min_val", "max_val"]) {
            Hardtanh(min: try $0.number("min_val", -1), max: try $0.number("max_val", 1))
        },
        LayerKind("LeakyReLU", ["negative_slope", "inplace"]) {
            LeakyReLU(slope: try $0.number("negative_slope", 0.01))
        },
        LayerKind("ELU", ["alpha", "inplace"]) { ELU(alpha: try $0.number("alpha", 1)) },
        LayerKind("CELU", ["alpha", "inplace"]) { CELU(alpha: try $0.number("alpha", 1)) },
        LayerKind("Softshrink", ["lambd"]) { Softshrink(lambda: try $0.number("lambd", 0.5)) },
        LayerKind("Hardshrink", ["lambd"]) { Hardshrink(lambda: try $0.number("lambd", 0.5)) },
        LayerKind("Threshold", ["threshold", "value"]) {
            Threshold(try $0.number("threshold"), value: try $0.number("value"))
        },
        LayerKind("PReLU", ["num_parameters", "init"]) {
            PReLU(channels: try $0.int("num_parameters", 1), initial: try $0.number("init", 0.25))
        },
        LayerKind("GLU", ["dim"]) { GLU(dim: try $0.int("dim", -1, in: -8...8)) },
        LayerKind("Softmax", ["dim"]) { Softmax(dim: try $0.int("dim", in: -8...8)) },
        LayerKind("LogSoftmax", ["dim"]) { LogSoftmax(dim: try $0.int("dim", in: -8...8)) },
        LayerKind("Softmin", ["dim"]) { Softmin(dim: try $0.int("dim", in: -8...8)) },
        LayerKind("Softmax2d") { _ in Softmax2d() },
    ]
}
