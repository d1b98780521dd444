import HearthFormats
import HearthTensor
import Testing

import HearthNN

/// What `print` shows of modules is what PyTorch shows (`Tests/Goldens/make_descriptions.py`).
struct DescriptionTests {
    private final class Block: Module {
        let fc1 = Linear(4, 8)
        let blocks = ModuleList<Module>([Linear(8, 8), Linear(8, 8), ReLU(), Linear(8, 8), Linear(8, 8)])
        let head = Sequential {
            Flatten()
            Linear(8, 2, bias: false)
        }
    }

    private static let modules: [(String, @Sendable () -> Module)] = [
        ("relu", { ReLU() }), ("sigmoid", { Sigmoid() }), ("gelu", { GELU() }),
        ("gelu tanh", { GELU(approximate: .tanh) }), ("softplus", { Softplus(beta: 2, threshold: 10) }),
        ("hardtanh", { Hardtanh(min: -2, max: 3) }), ("leaky relu", { LeakyReLU(slope: 0.2) }),
        ("elu", { ELU(alpha: 0.5) }), ("celu", { CELU(alpha: 1.5) }), ("softshrink", { Softshrink(lambda: 0.3) }),
        ("hardshrink", { Hardshrink() }), ("glu", { GLU() }), ("softmax", { Softmax(dim: 1) }),
        ("log softmax", { LogSoftmax(dim: -1) }), ("softmin", { Softmin(dim: 0) }),
        ("threshold", { Threshold(0.1, value: 20) }), ("prelu", { PReLU(channels: 3) }), ("softmax2d", { Softmax2d() }),
        ("rrelu", { RReLU(lower: 0.1, upper: 0.3) }), ("linear", { Linear(3, 4) }),
        ("linear plain", { Linear(3, 4, bias: false) }), ("bilinear", { Bilinear(3, 4, 5) }),
        ("dropout", { Dropout(0.25) }), ("dropout2d", { Dropout2d() }), ("alpha dropout", { AlphaDropout(0.1) }),
        ("feature alpha dropout", { FeatureAlphaDropout() }), ("conv1d", { Conv1d(4, 8, kernelSize: 3) }),
        ("conv2d", { Conv2d(4, 8, kernelSize: [3, 5], stride: 2, padding: [1, 2], bias: false) }),
        (
            "conv2d same",
            { Conv2d(4, 8, kernelSize: 3, padding: .same, dilation: 2, groups: 2, paddingMode: .reflect) }
        ),
        ("conv2d valid", { Conv2d(4, 8, kernelSize: 3, padding: .valid) }),
        ("conv3d", { Conv3d(1, 2, kernelSize: 3, padding: 1) }),
        (
            "conv transpose2d",
            { ConvTranspose2d(4, 8, kernelSize: 3, stride: 2, padding: 1, outputPadding: 1, groups: 2, dilation: 2) }
        ),
        ("conv transpose1d", { ConvTranspose1d(4, 6, kernelSize: 3, bias: false) }),
        ("embedding", { Embedding(10, 3) }),
        (
            "embedding options",
            { Embedding(10, 3, paddingIndex: 2, maxNorm: 1.5, normType: 1, scaleGradByFreq: true) }
        ),
        ("embedding bag", { EmbeddingBag(10, 3) }),
        (
            "embedding bag options",
            { EmbeddingBag(10, 3, mode: .sum, paddingIndex: 1, maxNorm: 2, scaleGradByFreq: true) }
        ),
        ("batch norm", { BatchNorm2d(6) }),
        (
            "batch norm options",
            { BatchNorm1d(6, epsilon: 0.001, momentum: nil, affine: false, trackRunningStats: false) }
        ),
        ("instance norm", { InstanceNorm2d(6) }), ("layer norm", { LayerNorm(10) }),
        ("layer norm plain", { LayerNorm([3, 4], affine: false) }), ("rms norm", { RMSNorm(8) }),
        ("group norm", { GroupNorm(2, 6) }), ("group norm plain", { GroupNorm(3, 6, affine: false) }),
        ("local response norm", { LocalResponseNorm(5) }),
        ("constant pad", { ConstantPad2d([1, 2, 3, 4], value: 0.5) }),
        ("zero pad", { ZeroPad2d(2) }), ("reflection pad", { ReflectionPad1d(3) }),
        ("replication pad", { ReplicationPad2d([1, 1, 2, 2]) }), ("circular pad", { CircularPad1d([1, 2]) }),
        ("adaptive avg pool", { AdaptiveAvgPool2d(1) }), ("adaptive max pool", { AdaptiveMaxPool2d([5, 7]) }),
        ("avg pool1d", { AvgPool1d(2) }), ("avg pool2d", { AvgPool2d([2, 3], stride: 1, padding: 1) }),
        ("max pool", { MaxPool2d(2) }),
        ("max pool options", { MaxPool2d([3, 2], stride: 2, padding: 1, dilation: 2, ceilMode: true) }),
        ("max unpool", { MaxUnpool2d(2) }), ("lp pool", { LPPool2d(norm: 2, 3) }),
        ("fractional", { FractionalMaxPool2d(3, outputSize: 5) }), ("rnn", { RNN(5, 6) }),
        ("lstm", { LSTM(5, 6, layers: 2, batchFirst: true, dropout: 0.1, bidirectional: true) }),
        ("lstm projected", { LSTM(5, 6, bias: false, projSize: 3) }), ("gru", { GRU(5, 6) }),
        ("rnn cell", { RNNCell(5, 6) }), ("rnn cell relu", { RNNCell(5, 6, bias: false, nonlinearity: .relu) }),
        ("lstm cell", { LSTMCell(5, 6) }), ("identity", { Identity() }), ("flatten", { Flatten() }),
        ("unflatten", { Unflatten(dim: 1, [2, 5]) }), ("pixel shuffle", { PixelShuffle(3) }),
        ("pixel unshuffle", { PixelUnshuffle(2) }), ("channel shuffle", { ChannelShuffle(2) }),
        ("upsample", { Upsample(scale: 2) }), ("upsample size", { Upsample(size: [4, 5]) }),
        ("unfold", { Unfold([2, 3]) }), ("fold", { Fold(outputSize: 4, 2, padding: 1) }),
        (
            "sequential",
            {
                Sequential {
                    Flatten()
                    Linear(784, 128)
                    ReLU()
                    Linear(128, 10)
                }
            }
        ), ("empty", { Sequential([]) }), ("block", { Block() }),
    ]

    @Test func modulesArePrintedAsByPyTorch() throws {
        let source = try ByteSource(path: FilePath.folder(of: #filePath) + "/Goldens/descriptions.json")
        let bytes = try source.bytes(at: 0, count: source.byteCount)
        let texts = try JSON(parsing: String(decoding: bytes, as: UTF8.self))
        guard case .object(let entries) = texts else {
            throw FormatError(file: "descriptions.json", expected: "an object", found: "another value")
        }
        #expect(Set(entries.map(\.key)) == Set(Self.modules.map(\.0)))
        for (name, make) in Self.modules { #expect("\(make())" == texts[name]?.string, "\(name)") }
    }

    @Test func referencesBackEndTheTree() {
        final class Child: Module {
            unowned let parent: Module
            init(_ parent: Module) { self.parent = parent }
        }
        final class Parent: Module {
            let fc = Linear(2, 1)
            var child: Child?
        }
        let model = Parent()
        model.child = Child(model)
        #expect(
            "\(model)" == """
                Parent(
                  (fc): Linear(in_features=2, out_features=1, bias=True)
                  (child): Child()
                )
                """)
    }

    @Test func parametrizationsAreShown() {
        #expect("\(weightNorm(Linear(2, 3)))".contains("(parametrizations)"))
    }

    @Test func optimizersArePrintedAsByPyTorch() {
        let first = ParameterGroup([Parameter(.ones([2]))], SGDOptions(lr: 0.1, momentum: 0.9))
        let second = ParameterGroup([Parameter(.ones([2]))], SGDOptions(lr: 0.01, nesterov: false))
        #expect(
            "\(SGD(groups: [first, second]))" == """
                SGD (
                Parameter Group 0
                    dampening: 0.0
                    lr: 0.1
                    maximize: False
                    momentum: 0.9
                    nesterov: False
                    weight_decay: 0.0

                Parameter Group 1
                    dampening: 0.0
                    lr: 0.01
                    maximize: False
                    momentum: 0.0
                    nesterov: False
                    weight_decay: 0.0
                )
                """)
        #expect("\(Adam([Parameter(.ones([2]))]))".contains("    betas: (0.9, 0.999)\n"))
    }

    @Test func lossesShowTheirOptions() {
        #expect("\(HuberLoss(delta: 2))" == "HuberLoss(delta: 2.0, reduction: mean)")
        #expect("\(CrossEntropyLoss(weight: .ones([3])))".contains("weight: Tensor(float32[3])"))
        #expect(!"\(CrossEntropyLoss())".contains("nil"))
    }
}
