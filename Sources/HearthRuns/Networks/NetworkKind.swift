import Hearth
import HearthVision

/// A kind of network that `hearth train --model` makes.
struct NetworkKind: Sendable {
    /// What a user may choose of a network.
    struct Choices {
        /// The sizes of hidden layers, for kinds that have any.
        let hidden: [Int]
        let dropout: Double
    }

    let name: String
    /// The settings that choose something of it.
    let uses: Set<String>
    /// Makes the network for inputs of a shape, with this number of results.
    let make: @Sendable (_ input: [Int], _ outputs: Int, _ choices: Choices) -> any Layer
    /// Why it cannot take inputs of a shape; nil when it can.
    let problem: @Sendable (_ input: [Int]) -> String?

    static let names = all.map(\.name)

    /// The settings that any kind has a use for.
    static let options = Set(all.flatMap(\.uses)).sorted()

    static func named(_ name: String) -> NetworkKind? { all.first { $0.name == name } }

    /// Pictures of at least this size.
    private static func pictures(_ least: Int) -> @Sendable (_ input: [Int]) -> String? {
        { input in
            guard input.count == 3 else { return "takes pictures, not rows of a table" }
            return min(input[1], input[2]) >= least ? nil : "takes pictures of at least \(least) × \(least) pixels"
        }
    }

    private static let all: [NetworkKind] =
        [
            NetworkKind(
                name: "mlp", uses: ["hidden", "dropout"], make: { perceptron($0, $1, $2) }, problem: { _ in nil }),
            NetworkKind(
                name: "lenet", uses: [], make: { input, outputs, _ in LeNet(classes: outputs, channels: input[0]) },
                problem: { $0.count == 3 && $0[1] == 28 && $0[2] == 28 ? nil : "takes pictures of 28 × 28 pixels" }),
            NetworkKind(name: "cnn", uses: ["dropout"], make: { convolutions($0, $1, $2) }, problem: pictures(8)),
            NetworkKind(
                name: "lstm", uses: ["dropout"],
                make: { input, outputs, choices in RowLSTM(input, outputs, dropout: choices.dropout) },
                problem: pictures(1)),
            NetworkKind(
                name: "vit-tiny", uses: ["dropout"],
                make: { input, outputs, choices in PatchTransformer(input, outputs, dropout: choices.dropout) },
                problem: { input in
                    pictures(8)(input)
                        ?? (input[1] % 4 == 0 && input[2] % 4 == 0 ? nil : "takes pictures of 4 × 4 patches")
                }),
        ] + ["resnet18", "resnet34", "mobilenet_v2", "mobilenet_v3_small", "efficientnet_b0"].map(known)

    /// One of the networks of `HearthVision`, which take red, green and blue.
    private static func known(_ name: String) -> NetworkKind {
        NetworkKind(
            name: name, uses: [],
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
    private static func perceptron(_ input: [Int], _ outputs: Int, _ choices: Choices) -> any Layer {
        let sizes = [input.reduce(1, *)] + choices.hidden
        return Sequential {
            Flatten()
            for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
                Linear(inputs, outputs)
                ReLU()
                if choices.dropout > 0 { Dropout(choices.dropout) }
            }
            Linear(sizes[sizes.count - 1], outputs)
        }
    }

    /// Two convolutions of 32 and 64 channels, then fully connected layers.
    private static func convolutions(_ input: [Int], _ outputs: Int, _ choices: Choices) -> any Layer {
        let area = (input[1] - 4) / 2 * ((input[2] - 4) / 2)
        return Sequential {
            Conv2d(input[0], 32, kernelSize: 3)
            ReLU()
            Conv2d(32, 64, kernelSize: 3)
            ReLU()
            MaxPool2d(2)
            Dropout(choices.dropout / 2)
            Flatten()
            Linear(64 * area, 128)
            ReLU()
            Dropout(choices.dropout)
            Linear(128, outputs)
        }
    }
}
