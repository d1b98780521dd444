import HearthNN
import HearthTensor

extension LayerKind {
    /// Layers for sequences `[n, steps, features]`. The first dimension of what a network is given is the batch, so there
    /// is no `batch_first`.
    static let sequences: [LayerKind] = [
        LayerKind("Embedding", ["num_embeddings", "embedding_dim", "padding_idx"]) {
            let count = try $0.int("num_embeddings")
            return Embedding(
                count, try $0.int("embedding_dim"),
                paddingIndex: $0.isGiven("padding_idx") ? try $0.int("padding_idx", in: 0...(count - 1)) : nil,
                generator: $0.generator)
        },
        LayerKind("RNN", recurrentOptions + ["nonlinearity"]) {
            let part = try RecurrentOptions($0)
            return RecurrentLayer(
                RNN(
                    part.inputs, part.units, layers: part.layers,
                    nonlinearity: try $0.choice("nonlinearity", ["tanh": .tanh, "relu": .relu]), bias: part.bias,
                    batchFirst: true, dropout: part.dropout, bidirectional: part.bidirectional,
                    generator: $0.generator), givesLast: part.givesLast
            ) { $0($1).output }
        },
        LayerKind("GRU", recurrentOptions) {
            let part = try RecurrentOptions($0)
            return RecurrentLayer(
                GRU(
                    part.inputs, part.units, layers: part.layers, bias: part.bias, batchFirst: true,
                    dropout: part.dropout, bidirectional: part.bidirectional, generator: $0.generator),
                givesLast: part.givesLast
            ) { $0($1).output }
        },
        LayerKind("LSTM", recurrentOptions) {
            let part = try RecurrentOptions($0)
            return RecurrentLayer(
                LSTM(
                    part.inputs, part.units, layers: part.layers, bias: part.bias, batchFirst: true,
                    dropout: part.dropout, bidirectional: part.bidirectional, generator: $0.generator),
                givesLast: part.givesLast
            ) { $0($1).output }
        },
        LayerKind(
            "TransformerEncoderLayer",
            ["nhead", "d_model", "dim_feedforward", "dropout", "activation", "layer_norm_eps", "norm_first", "bias"]
        ) {
            let (features, heads) = (try $0.follows("d_model", dim: -1), try $0.int("nhead"))
            guard features % heads == 0 else {
                throw $0.error("\(features) features cannot be divided into \(heads) heads", at: "nhead")
            }
            return TransformerEncoderLayer(
                features, heads: heads, feedforward: try $0.int("dim_feedforward", 2048),
                dropout: try $0.probability("dropout", 0.1),
                activation: try $0.choice("activation", ["relu": .relu, "gelu": .gelu]),
                epsilon: try $0.number("layer_norm_eps", 1e-5, in: 0...1), batchFirst: true,
                normFirst: try $0.flag("norm_first", false), bias: try $0.flag("bias", true), generator: $0.generator)
        },
    ]

    private static let recurrentOptions = [
        "hidden_size", "input_size", "num_layers", "bias", "dropout", "bidirectional", "output",
    ]
}

/// The options that all recurrent layers have.
private struct RecurrentOptions {
    let inputs, units, layers: Int
    let bias, bidirectional: Bool
    let dropout: Double
    /// Whether the output of the last step is all that the layer gives.
    let givesLast: Bool

    init(_ options: LayerOptions) throws {
        guard options.input.count == 3 else {
            throw options.error(
                "\(options.kind) takes [n, steps, features], found \(NetworkPlanner.text(options.input))")
        }
        inputs = try options.follows("input_size", dim: 2)
        units = try options.int("hidden_size")
        layers = try options.int("num_layers", 1, in: 1...100)
        bias = try options.flag("bias", true)
        dropout = try options.probability("dropout", 0)
        bidirectional = try options.flag("bidirectional", false)
        givesLast = try options.choice("output", ["all": false, "last": true])
    }
}
