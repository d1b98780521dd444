import GoldenSupport
import HearthTensor
import Testing

import HearthNN

/// Attention and transformers against PyTorch's results and gradients.
@Suite struct AttentionGoldenTests {
    private static let goldens = SequenceGoldens.attention
    private static let heads = goldens.names.filter { $0.hasPrefix("MultiheadAttention") }
    private static let layers = goldens.names.filter {
        $0.hasPrefix("TransformerEncoder") || $0.hasPrefix("TransformerDecoder")
    }

    @Test func everyKindIsThere() { #expect(Self.heads.count == 103 && Self.layers.count == 40) }

    @Test(arguments: heads) func multiheadAttentionMatchesPyTorch(_ name: String) throws {
        let base = SequenceGoldens.base(name)
        let isOther = base.contains("other features")
        let attention = MultiheadAttention(
            4, heads: 2, bias: !base.contains("no bias"),
            addBiasKV: base.contains("added keys") || base.contains("both keys"),
            addZeroAttention: base.contains("zero key") || base.contains("both keys"),
            keyFeatures: isOther ? 3 : nil, valueFeatures: isOther ? 6 : nil, batchFirst: base.contains("batch first"))
        try Self.goldens.load(attention, name)
        let x = Self.goldens.inputs(name)
        let kind = name.dropFirst(base.count)
        if kind.contains("self") {
            let isCausal = kind.contains("causal")
            let y = attention(
                x[0], x[0], x[0], isCausal: isCausal, needWeights: !isCausal, averageWeights: false)
            return Self.goldens.compare(name, x, [y.output] + (y.weights.map { [$0] } ?? []), attention)
        }
        let hasPadding = kind.contains("padding")
        let masks = x.dropFirst(3)
        let y = attention(
            x[0], x[1], x[2], keyPaddingMask: hasPadding ? masks.first : nil,
            mask: kind.contains("mask") ? masks.last : nil, needWeights: !kind.contains("fast"))
        Self.goldens.compare(name, x, [y.output] + (y.weights.map { [$0] } ?? []), attention)
    }

    @Test(arguments: layers) func transformerLayersMatchPyTorch(_ name: String) throws {
        let activation: TransformerActivation = name.contains("gelu") ? .gelu : .relu
        let (first, before) = (name.contains("batch first"), name.contains("before"))
        let x = Self.goldens.inputs(name)
        if name.contains("Encoder") {
            let layer = TransformerEncoderLayer(
                4, heads: 2, feedforward: 5, activation: activation, batchFirst: first, normFirst: before
            ).eval()
            try Self.goldens.load(layer, name)
            let y = layer(
                x[0], mask: nil, keyPaddingMask: x.count > 1 ? x[1] : nil, isCausal: name.hasSuffix("causal"))
            Self.goldens.compare(name, x, [y], layer)
        } else {
            let layer = TransformerDecoderLayer(
                4, heads: 2, feedforward: 5, activation: activation, batchFirst: first, normFirst: before
            ).eval()
            try Self.goldens.load(layer, name)
            let y = layer(
                x[0], x[1], memoryKeyPaddingMask: x.count > 2 ? x[2] : nil, isCausal: name.contains("causal"))
            Self.goldens.compare(name, x, [y], layer)
        }
    }

    @Test func transformerMatchesPyTorch() throws {
        let model = Transformer(
            4, heads: 2, encoderLayers: 2, decoderLayers: 2, feedforward: 5, batchFirst: true
        ).eval()
        try Self.goldens.load(model, "Transformer")
        let x = Self.goldens.inputs("Transformer")
        Self.goldens.compare("Transformer", x, [model(x[0], x[1], targetIsCausal: true)], model)
        let mask = Transformer.generateSquareSubsequentMask(2, dtype: .float64)
        let masked = model(x[0], x[1], targetMask: mask)
        #expect(masked.allClose(to: model(x[0], x[1], targetIsCausal: true)))
    }
}

/// What no golden file shows of attention.
@Suite struct AttentionTests {
    @Test func derivativesOfBothOrders() throws {
        let attention = MultiheadAttention(4, heads: 2, addBiasKV: true, generator: Generator(seed: 1))
        attention.to(.float64)
        let x = Tensor.randn([3, 2, 4], dtype: .float64, generator: Generator(seed: 2))
        for needWeights in [true, false] {
            try gradientCheck([x, x * 0.5], order: 2) {
                attention($0[0], $0[1], $0[1], isCausal: true, needWeights: needWeights).output
            }
        }
    }

    @Test func initialValuesArePyTorchs() {
        let attention = MultiheadAttention(64, heads: 4, addBiasKV: true, generator: Generator(seed: 3))
        #expect(
            attention.namedParameters.map(\.name) == [
                "in_proj_weight", "in_proj_bias", "bias_k", "bias_v", "out_proj.weight", "out_proj.bias",
            ])
        let bound = (6.0 / 256).squareRoot()
        let largest = attention.inProjWeight!.abs().max().item()
        #expect(largest <= bound && largest > 0.95 * bound)
        #expect(attention.inProjBias!.abs().max().item() == 0 && attention.outProj.bias!.abs().max().item() == 0)
    }

    @Test func layersOfAnEncoderDoNotShareWeights() {
        let encoder = TransformerEncoder(
            TransformerEncoderLayer(8, heads: 2, feedforward: 16), layers: 2, norm: LayerNorm(8))
        #expect(encoder.namedParameters.count == 2 * 12 + 2)
        #expect(encoder.stateDict["layers.1.self_attn.in_proj_weight"]?.shape == [24, 8])
        let weights = encoder.layers.map(\.linear1.weight)
        #expect(!weights[0].isEqual(to: weights[1]))
        #expect(encoder(Tensor.ones([3, 2, 8])).shape == [3, 2, 8])
    }

    @Test func dropoutOfWeightsIsOnlyInTraining() {
        let attention = MultiheadAttention(8, heads: 2, dropout: 0.5, generator: Generator(seed: 4))
        let x = Tensor.randn([20, 1, 8], generator: Generator(seed: 5))
        let dropped = attention(x, x, x).weights!
        #expect((dropped == 0).any().item(as: Bool.self))
        attention.eval()
        #expect((attention(x, x, x).weights! > 0).all().item(as: Bool.self))
        #expect(attention(x, x, x).weights!.sum(dim: -1).allClose(to: Tensor.ones([1, 20]), absolute: 1e-5))
    }

    @Test func aCacheGivesWhatTheWholeSequenceGives() {
        let attention = MultiheadAttention(8, heads: 2, batchFirst: true, generator: Generator(seed: 6)).eval()
        let x = Tensor.randn([2, 7, 8], generator: Generator(seed: 7))
        let whole = attention(x, x, x, isCausal: true, needWeights: false).output
        let cache = KeyValueCache()
        var parts: [Tensor] = []
        for (start, length) in [(0, 3), (3, 1), (4, 3)] {
            parts.append(attention(x.narrow(1, start: start, length: length), cache: cache))
        }
        #expect(cache.length == 7)
        #expect(Tensor.cat(parts, dim: 1).allClose(to: whole, relative: 1e-4, absolute: 1e-5))
    }

    @Test func shapesAreCheckedWithoutComputing() throws {
        let model = Transformer(8, heads: 2, encoderLayers: 1, decoderLayers: 1, feedforward: 4)
        let y = try checkShapes { model(Tensor.meta([5, 3, 8]), Tensor.meta([4, 3, 8])) }
        #expect(y.shape == [4, 3, 8])
        #expect(throws: ShapeError.self) {
            try checkShapes { model(Tensor.meta([5, 3, 7]), Tensor.meta([4, 3, 8])) }
        }
    }
}

@Suite struct PositionTests {
    @Test func sinusoidsFollowTheFormula() {
        let table = SinusoidalPositions(6, longest: 10)
        let y = table(Tensor.zeros([10, 6]))
        for (position, feature) in [(0, 1), (3, 0), (7, 3), (9, 4)] {
            let angle = Double(position) / Tensor.pow(10000, Tensor(Double(feature / 2 * 2) / 6)).item()
            let expected = feature % 2 == 0 ? Tensor(angle).sin().item() : Tensor(angle).cos().item()
            #expect(abs(y[position, feature].item() - expected) < 1e-5)
        }
        #expect(table(Tensor.zeros([2, 4, 6]), offset: 5)[1].isEqual(to: y[5..<9]))
        #expect(table.stateDict.keys.isEmpty)
    }

    @Test func learnedPositionsAreTrained() {
        let positions = LearnedPositions(4, longest: 8)
        positions(Tensor.zeros([2, 3, 4]), offset: 2).sum().backward()
        #expect(positions.$weight.grad!.sum(dim: 1).array(of: Float.self) == [0, 0, 8, 8, 8, 0, 0, 0])
        #expect(positions.stateDict.keys == ["weight"])
    }

    @Test(arguments: [false, true]) func rotationsKeepLengthsAndDependOnDistances(_ interleaved: Bool) throws {
        let rope = RotaryPositions(6, longest: 40, interleaved: interleaved)
        let generator = Generator(seed: 8)
        let (q, k) = (Tensor.randn([1, 6], generator: generator), Tensor.randn([1, 6], generator: generator))
        #expect(rope(q, offset: 11).norm().allClose(to: q.norm(), absolute: 1e-5))
        func product(_ i: Int, _ j: Int) -> Double { (rope(q, offset: i) * rope(k, offset: j)).sum().item() }
        #expect(abs(product(3, 1) - product(30, 28)) < 1e-4)
        #expect(abs(product(3, 1) - product(3, 2)) > 1e-3)
        // The first pair turns by the position itself.
        let turned = rope(Tensor([1.0, 0, 0, 0, 0, 0]).unsqueeze(0), offset: 2)[0]
        let partner = interleaved ? 1 : 3
        #expect(abs(turned[0].item() - Tensor(2.0).cos().item()) < 1e-5)
        #expect(abs(turned[partner].item() - Tensor(2.0).sin().item()) < 1e-5)
        let x = Tensor.randn([2, 3, 6], dtype: .float64, generator: generator)
        try gradientCheck([x], order: 2) { rope($0[0]) }
    }
}
