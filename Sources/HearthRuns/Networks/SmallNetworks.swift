import Hearth

// Networks that are made for pictures of any size.

/// Reads a picture row by row with an LSTM of 128 units, and computes the class from its last state.
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
