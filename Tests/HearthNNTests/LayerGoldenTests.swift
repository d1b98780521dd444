import GoldenSupport
import HearthNN
import HearthTensor
import Testing

/// Every layer against PyTorch's results and gradients, with PyTorch's weights under PyTorch's names.
@Suite struct LayerGoldenTests {
    private static let layers: [String: @Sendable () -> any Layer] = [
        "Linear": { Linear(4, 3) }, "Linear no bias": { Linear(4, 3, bias: false) }, "Embedding": { Embedding(6, 3) },
        "Embedding padding": { Embedding(6, 3, paddingIndex: 2) },
        "Embedding padding last": { Embedding(6, 3, paddingIndex: -1) },
        "MLP": {
            Sequential {
                Flatten()
                Linear(6, 5)
                Tanh()
                Linear(5, 3)
                LogSoftmax(dim: 1)
            }
        },
        "Flatten": { Flatten() }, "Flatten 0,1": { Flatten(from: 0, to: 1) },
        "Unflatten": { Unflatten(dim: 1, [2, 3]) },
        "Identity": { Identity() }, "Softmax2d": { Softmax2d() },
    ]

    private static let activations: [String: @Sendable () -> any Layer] = [
        "ReLU": { ReLU() }, "ReLU6": { ReLU6() }, "Sigmoid": { Sigmoid() }, "LogSigmoid": { LogSigmoid() },
        "Tanh": { Tanh() }, "SiLU": { SiLU() }, "Mish": { Mish() }, "Softsign": { Softsign() },
        "Hardsigmoid": { Hardsigmoid() }, "Hardswish": { Hardswish() }, "SELU": { SELU() },
        "Tanhshrink": { Tanhshrink() }, "GELU": { GELU() }, "GELU tanh": { GELU(approximate: .tanh) },
        "Softplus": { Softplus() }, "Softplus 2 1": { Softplus(beta: 2, threshold: 1) }, "Hardtanh": { Hardtanh() },
        "Hardtanh -2 1": { Hardtanh(min: -2, max: 1) }, "LeakyReLU": { LeakyReLU() },
        "LeakyReLU 0.2": { LeakyReLU(slope: 0.2) }, "ELU": { ELU() }, "ELU 0.5": { ELU(alpha: 0.5) },
        "CELU": { CELU() }, "CELU 0.5": { CELU(alpha: 0.5) }, "Softshrink": { Softshrink() },
        "Softshrink 1": { Softshrink(lambda: 1) }, "Hardshrink": { Hardshrink() },
        "Hardshrink 1": { Hardshrink(lambda: 1) }, "GLU": { GLU() }, "GLU 0": { GLU(dim: 0) },
        "Softmax 1": { Softmax(dim: 1) }, "LogSoftmax 0": { LogSoftmax(dim: 0) }, "Softmin 1": { Softmin(dim: 1) },
        "Threshold 1 20": { Threshold(1, value: 20) }, "PReLU": { PReLU() }, "PReLU 6": { PReLU(channels: 6) },
        "RReLU eval": { RReLU().eval() },
    ]

    private static let bilinear = ["Bilinear", "Bilinear no bias"]

    @Test func everyGoldenHasALayerAndEveryLayerAGolden() {
        let known = Set(Self.layers.keys).union(Self.activations.keys).union(Self.bilinear)
        #expect(Set(NetworkGoldens.cases(NetworkGoldens.layers)).symmetricDifference(known).sorted() == [])
    }

    @Test(arguments: NetworkGoldens.cases(NetworkGoldens.layers))
    func matchesPyTorch(_ name: String) throws {
        let state = NetworkGoldens.layers
        let inputs = NetworkGoldens.tensors(state, name, "in").map {
            $0.dtype.isFloatingPoint ? $0.requiringGrad() : $0
        }
        let prefix = "\(name)/state/"
        let weights = StateDict(
            state.filter { $0.name.hasPrefix(prefix) }
                .map { (name: String($0.name.dropFirst(prefix.count)), tensor: $0.tensor) })
        let module: Module
        let result: Tensor
        if Self.bilinear.contains(name) {
            let bilinear = Bilinear(3, 4, 2, bias: name == "Bilinear")
            try bilinear.loadStateDict(weights)
            (module, result) = (bilinear, bilinear(inputs[0], inputs[1]))
        } else {
            let make = Self.layers[name] ?? Self.activations[name]
            let layer = try #require(make?())
            try layer.loadStateDict(weights)
            (module, result) = (layer, layer(inputs[0]))
        }
        let parameters = Dictionary(uniqueKeysWithValues: module.namedParameters.map { ($0.name, $0.parameter.tensor) })
        NetworkGoldens.compare(state, name, inputs, result, parameters: parameters)
    }
}
