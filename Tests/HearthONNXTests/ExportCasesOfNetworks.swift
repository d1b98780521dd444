import HearthGraph
import HearthNN
import HearthTensor

/// Recurrent networks and transformers.
let exportCasesOfNetworks: [ExportCase] = [
    ExportCase("lstm", [.normal("length", "batch", 6)], sizes: ["length": (5, 8)]) {
        let lstm = LSTM(6, 7, layers: 2, generator: Generator(seed: 1))
        return ExportCase.Program(module: lstm) { x in
            let (y, (h, c)) = lstm(x[0])
            return [y, h, c]
        }
    },
    ExportCase("lstmWithStates", [.normal("batch", 4, 6), .normal(2, "batch", 7), .normal(2, "batch", 7)]) {
        let lstm = LSTM(6, 7, batchFirst: true, bidirectional: true, generator: Generator(seed: 2))
        return ExportCase.Program(module: lstm) { x in
            let (y, (h, c)) = lstm(x[0], (h: x[1], c: x[2]))
            return [y, h, c]
        }
    },
    ExportCase("gru", [.normal("batch", "length", 6)], sizes: ["length": (5, 8)]) {
        let gru = GRU(6, 5, layers: 3, batchFirst: true, bidirectional: true, generator: Generator(seed: 3))
        return ExportCase.Program(module: gru) { x in
            let (y, h) = gru(x[0])
            return [y, h]
        }
    },
    ExportCase("rnn", [.normal("batch", 4, 6)]) {
        let rnn = RNN(6, 5, bias: false, batchFirst: true, generator: Generator(seed: 4))
        let relu = RNN(6, 5, nonlinearity: .relu, batchFirst: true, bidirectional: true, generator: Generator(seed: 5))
        return ExportCase.Program { x in [rnn(x[0]).output, relu(x[0]).output, relu(x[0]).h] }
    },
    ExportCase("sequenceClassifier", [.ints(0, 50, "batch", "length")], sizes: ["length": (5, 9)]) {
        let embedding = Embedding(50, 8, generator: Generator(seed: 7))
        let lstm = LSTM(8, 6, batchFirst: true, generator: Generator(seed: 8))
        let head = Linear(6, 3, generator: Generator(seed: 9))
        return ExportCase.Program { x in [head(lstm(embedding(x[0])).output[0..., -1])] }
    },
    ExportCase(
        "transformerEncoder", [.normal("batch", "length", 8), .bool("batch", "length")], sizes: ["length": (5, 9)]
    ) {
        let layer = {
            TransformerEncoderLayer(8, heads: 2, feedforward: 16, batchFirst: true, generator: Generator(seed: 1))
        }
        let encoder = TransformerEncoder(layer(), layers: 2).eval()
        return ExportCase.Program(module: encoder) { x in
            [
                encoder(x[0]), encoder(x[0], isCausal: true), encoder(x[0], keyPaddingMask: x[1]),
                encoder(x[0], keyPaddingMask: x[1], isCausal: true),
            ]
        }
    },
    ExportCase("transformerEncoderNormFirst", [.normal(6, "batch", 8)]) {
        let layer = {
            TransformerEncoderLayer(
                8, heads: 4, feedforward: 16, activation: .gelu, normFirst: true, generator: Generator(seed: 2))
        }
        let encoder = TransformerEncoder(layer(), layers: 2, norm: LayerNorm([8])).eval()
        return ExportCase.Program(module: encoder) { x in [encoder(x[0], isCausal: true)] }
    },
    ExportCase(
        "transformer", [.normal("batch", "source", 8), .normal("batch", "target", 8)],
        sizes: ["source": (5, 9), "target": (4, 6)]
    ) {
        let transformer = Transformer(
            8, heads: 2, encoderLayers: 2, decoderLayers: 2, feedforward: 16, batchFirst: true,
            generator: Generator(seed: 3)
        ).eval()
        return ExportCase.Program(module: transformer) { x in [transformer(x[0], x[1], targetIsCausal: true)] }
    },
    ExportCase("languageModel", [.ints(0, 40, "batch", "length")], sizes: ["length": (5, 9)]) {
        let words = Embedding(40, 8, generator: Generator(seed: 1))
        let places = Embedding(512, 8, generator: Generator(seed: 2))
        let layer = {
            TransformerEncoderLayer(
                8, heads: 2, feedforward: 32, activation: .gelu, batchFirst: true, normFirst: true,
                generator: Generator(seed: 3))
        }
        let blocks = TransformerEncoder(layer(), layers: 3, norm: LayerNorm([8])).eval()
        return ExportCase.Program { x in
            let y = words(x[0]) + places(Tensor.arange(x[0].shape[1]))
            return [blocks(y, isCausal: true).linear(words.weight)]
        }
    },
    ExportCase(
        "attention", [.normal("batch", "length", 8), .normal("batch", 3, 8), .bool("batch", 3)],
        sizes: ["length": (5, 9)]
    ) {
        let attention = MultiheadAttention(8, heads: 2, batchFirst: true, generator: Generator(seed: 4)).eval()
        return ExportCase.Program(module: attention) { x in
            let all = attention(x[0], x[1], x[1], averageWeights: false)
            let seen = attention(x[0], x[1], x[1], keyPaddingMask: x[2])
            let rows = Tensor.scaledDotProductAttention(
                x[0], x[1], x[1], mask: (x[2] & (Tensor.arange(3) > 4)).unsqueeze(1))
            return [all.output, all.weights!, seen.output, seen.weights!, rows]
        }
    },
]
