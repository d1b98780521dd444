import Hearth
import HearthVision

/// A kind of network that `hearth train --model` makes.
struct NetworkKind {
    let name: String
    /// Makes the network for inputs of a shape, with this number of results.
    let make: (_ input: [Int], _ outputs: Int, _ options: RunConfiguration) -> any Layer
    /// Why it cannot take inputs of a shape; nil when it can.
    let problem: (_ input: [Int]) -> String?

    static let names = all.map(\.name)

    static func named(_ name: String) -> NetworkKind? { all.first { $0.name == name } }

    /// Pictures of at least this size.
    private static func pictures(_ least: Int) -> (_ input: [Int]) -> String? {
        { input in
            guard input.count == 3 else { return "takes pictures, not rows of a table" }
            return min(input[1], input[2]) >= least ? nil : "takes pictures of at least \(least) × \(least) pixels"
        }
    }

    private static var all: [NetworkKind] {
        [
            NetworkKind(name: "mlp", make: perceptron, problem: { _ in nil }),
            NetworkKind(
                name: "lenet", make: { input, outputs, _ in LeNet(classes: outputs, channels: input[0]) },
                problem: { $0.count == 3 && $0[1] == 28 && $0[2] == 28 ? nil : "takes pictures of 28 × 28 pixels" }),
            NetworkKind(name: "cnn", make: convolutions, problem: pictures(8)),
            NetworkKind(
                name: "lstm", make: { input, outputs, options in RowLSTM(input, outputs, dropout: options.dropout) },
                problem: pictures(1)),
            NetworkKind(
                name: "vit-tiny",
                make: { input, outputs, options in PatchTransformer(input, outputs, dropout: options.dropout) },
                problem: { input in
                    pictures(8)(input)
                        ?? (input[1] % 4 == 0 && input[2] % 4 == 0 ? nil : "takes pictures of 4 × 4 patches")
                }),
        ] + ["resnet18", "resnet34", "mobilenet_v2", "mobilenet_v3_small", "efficientnet_b0"].map(known)
    }

    /// One of the networks of `HearthVision`, which take red, green and blue.
    private static func known(_ name: String) -> NetworkKind {
        NetworkKind(
            name: name,
            make: { input, outputs, _ in
                guard let network = try? getModel(name, classes: outputs) else {
                    fatalError("HearthVision has no model '\(name)'")
                }
                return input[0] == 3 ? network : InColour(network)
            },
            problem: { input in
                pictures(32)(input) ?? (input[0] == 1 || input[0] == 3 ? nil : "takes pictures in grey or in colour")
            })
    }

    /// Fully connected layers.
    private static func perceptron(_ input: [Int], _ outputs: Int, _ options: RunConfiguration) -> any Layer {
        let sizes = [input.reduce(1, *)] + options.hidden
        return Sequential {
            Flatten()
            for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
                Linear(inputs, outputs)
                ReLU()
                if options.dropout > 0 { Dropout(options.dropout) }
            }
            Linear(sizes[sizes.count - 1], outputs)
        }
    }

    /// Two convolutions of 32 and 64 channels, then fully connected layers.
    private static func convolutions(_ input: [Int], _ outputs: Int, _ options: RunConfiguration) -> any Layer {
        let area = (input[1] - 4) / 2 * ((input[2] - 4) / 2)
        return Sequential {
            Conv2d(input[0], 32, kernelSize: 3)
            ReLU()
            Conv2d(32, 64, kernelSize: 3)
            ReLU()
            MaxPool2d(2)
            Dropout(options.dropout / 2)
            Flatten()
            Linear(64 * area, 128)
            ReLU()
            Dropout(options.dropout)
            Linear(128, outputs)
        }
    }
}

/// Reads a picture row by row with an LSTM of 128 units, and tells the class from its last state.
final class RowLSTM: Module, Layer {
    let lstm: LSTM
    let dropout: Dropout
    let fc: Linear

    init(_ input: [Int], _ outputs: Int, dropout: Double) {
        lstm = LSTM(input[0] * input[2], 128, batchFirst: true)
        self.dropout = Dropout(dropout)
        fc = Linear(128, outputs)
    }

    func forward(_ x: Tensor) -> Tensor {
        let rows = x.transpose(1, 2).flatten(from: 2)
        let (output, _) = lstm(rows)
        return fc(dropout(output.select(1, -1)))
    }
}

/// A small vision transformer: patches of 4 × 4 pixels, 4 layers of 4 heads, 64 features.
final class PatchTransformer: Module, Layer {
    let patches: Conv2d
    @Param var positions: Tensor
    let encoder: TransformerEncoder
    let norm: LayerNorm
    let head: Linear

    init(_ input: [Int], _ outputs: Int, dropout: Double) {
        patches = Conv2d(input[0], 64, kernelSize: 4, stride: 4)
        positions = Tensor.randn([1, input[1] / 4 * (input[2] / 4), 64]) * 0.02
        encoder = TransformerEncoder(
            TransformerEncoderLayer(
                64, heads: 4, feedforward: 128, dropout: dropout, activation: .gelu, batchFirst: true, normFirst: true),
            layers: 4)
        norm = LayerNorm(64)
        head = Linear(64, outputs)
    }

    func forward(_ x: Tensor) -> Tensor {
        let tokens = patches(x).flatten(from: 2).transpose(1, 2) + positions
        return head(norm(encoder(tokens)).mean(dim: 1))
    }
}

/// A network for pictures in colour, fed with grey ones. Its parameters keep the network's own names.
final class InColour: Module, Layer {
    private let network: any Layer

    init(_ network: any Layer) { self.network = network }

    override var namedChildren: [(name: String, module: Module)] { network.namedChildren }

    func forward(_ x: Tensor) -> Tensor { network(x.expand(-1, 3, -1, -1)) }
}

/// `x * deviation + mean`: brings the results of a regression to the scale of its target.
final class Rescale: Module, Layer {
    @Buffer var mean: Tensor
    @Buffer var std: Tensor

    init(_ scale: [Double]) {
        mean = Tensor(scale[0])
        std = Tensor(scale[1])
    }

    func forward(_ x: Tensor) -> Tensor { x * std + mean }
}

extension RunConfiguration {
    /// The model that was asked for, with new weights.
    func makeModel() -> any Layer {
        guard let kind = NetworkKind.named(model) else { fatalError("unknown model '\(model)'") }
        guard isRegression else { return kind.make(inputShape, classes.count, self) }
        return Sequential {
            kind.make(inputShape, 1, self)
            Flatten(from: 0)
            Rescale(targetScale)
        }
    }
}
