import GoldenSupport
import HearthTensor
import Testing

import HearthNN

/// Tables of vectors against PyTorch's results and gradients.
@Suite struct EmbeddingGoldenTests {
    private static let goldens = SequenceGoldens.parametrized

    @Test(arguments: goldens.names.filter { $0.hasPrefix("Embedding") && !$0.hasPrefix("EmbeddingBag") })
    func embeddingMatchesPyTorch(_ name: String) throws {
        let table = Embedding(
            5, 3, paddingIndex: name.contains("padding") ? 2 : nil,
            maxNorm: name.hasSuffix("norm 1") ? 1 : name.hasSuffix("norm") ? 0.8 : nil,
            normType: name.hasSuffix("norm 1") ? 1 : 2, scaleGradByFreq: name.contains("frequency"))
        try Self.goldens.load(table, name)
        let x = Self.goldens.inputs(name)
        Self.goldens.compare(name, x, [table(x[0]), table.weight * 1], table)
    }

    @Test(arguments: goldens.names.filter { $0.hasPrefix("EmbeddingBag") })
    func embeddingBagMatchesPyTorch(_ name: String) throws {
        let bag = EmbeddingBag(
            5, 3, mode: name.contains("sum") ? .sum : name.contains("mean") ? .mean : .max,
            paddingIndex: name.contains("padding") ? 1 : nil, maxNorm: name.contains("max norm") ? 0.8 : nil,
            scaleGradByFreq: name.contains("frequency"), includeLastOffset: name.contains("last offset"))
        try Self.goldens.load(bag, name)
        let x = Self.goldens.inputs(name)
        let y =
            x.count == 1 ? bag(x[0]) : bag(x[0], offsets: x[1], perSampleWeights: x.count > 2 ? x[2] : nil)
        Self.goldens.compare(name, x, [y], bag)
    }

    @Test func pretrainedTablesAreFrozen() {
        let table = Tensor.randn([4, 2])
        let frozen = Embedding(pretrained: table)
        #expect(frozen.weight.isEqual(to: table) && !frozen.$weight.requiresGrad)
        #expect(Embedding(pretrained: table, freeze: false).$weight.requiresGrad)
        #expect(!EmbeddingBag(pretrained: table).$weight.requiresGrad)
    }

    @Test func shapesAreKnownWithoutComputing() throws {
        let bag = EmbeddingBag(5, 3, mode: .max)
        #expect(try checkShapes { bag(Tensor.meta([7, 2], dtype: .int64)) }.shape == [7, 3])
        #expect(throws: ShapeError.self) { try checkShapes { bag(Tensor.meta([7], dtype: .int64)) } }
    }
}

@Suite struct ChannelDropoutTests {
    private func droppedShares(_ y: Tensor, dims: [Int]) -> Tensor { (y == 0).to(.float32).mean(dims: dims) }

    @Test func wholeChannelsAreDropped() {
        let generator = Generator(seed: 1)
        let cases: [(any Layer, Shape, [Int])] = [
            (Dropout1d(0.5, generator: generator), [20, 30, 5], [2]),
            (Dropout1d(0.5, generator: generator), [300, 5], [1]),
            (Dropout2d(0.5, generator: generator), [20, 30, 3, 4], [2, 3]),
            (Dropout2d(0.5, generator: generator), [20, 30, 5], [2]),
            (Dropout3d(0.5, generator: generator), [20, 30, 2, 2, 3], [2, 3, 4]),
            (Dropout3d(0.5, generator: generator), [300, 2, 2, 3], [1, 2, 3]),
        ]
        for (layer, shape, dims) in cases {
            let y = layer(Tensor.ones(shape))
            let shares = droppedShares(y, dims: dims)
            #expect(((shares == 0) | (shares == 1)).all().item(as: Bool.self))
            #expect((0.35...0.65).contains(shares.mean().item()))
            #expect(y.max().item() == 2)
            layer.eval()
            #expect(layer(Tensor.ones(shape)).min().item() == 1)
        }
    }

    @Test func alphaDropoutKeepsMeanAndVariance() {
        let x = Tensor.randn([200, 500], generator: Generator(seed: 2))
        for p in [0.1, 0.5] {
            let y = AlphaDropout(p, generator: Generator(seed: 3))(x)
            #expect(abs(y.mean().item()) < 0.03 && abs(y.std().item() - 1) < 0.03)
            // Every dropped element has the same value.
            let values = y.reshape([-1]).sort(dim: 0).values
            let a = 1 / ((1.7580993408473766 * 1.7580993408473766 * p + 1) * (1 - p)).squareRoot()
            let expected = -1.7580993408473766 * a + 1.7580993408473766 * a * p
            let share = ((values - expected).abs() < 1e-4).to(.float32).mean().item()
            #expect(abs(share - p) < 0.02)
        }
        let channels = FeatureAlphaDropout(0.5, generator: Generator(seed: 4))(Tensor.zeros([10, 20, 6]))
        #expect((channels.amax(dims: [2]) == channels.amin(dims: [2])).all().item(as: Bool.self))
        #expect(channels.unique().values.count == 2)
    }

    @Test func stochasticDepthDropsSamplesOrAll() {
        let x = Tensor.ones([400, 3])
        let y = StochasticDepth(0.25, generator: Generator(seed: 5))(x)
        let shares = droppedShares(y, dims: [1])
        #expect(((shares == 0) | (shares == 1)).all().item(as: Bool.self))
        #expect(abs(shares.mean().item() - 0.25) < 0.08)
        #expect(abs(y.max().item() - 4.0 / 3) < 1e-6)
        let layer = StochasticDepth(0.5, mode: .batch, generator: Generator(seed: 6))
        let draws = (0..<200).map { _ in layer(x).mean().item() }
        #expect(Set(draws) == [0, 2] && (60...140).contains(draws.filter { $0 == 0 }.count))
        // The same numbers drop the same samples.
        #expect(StochasticDepth(0.25, generator: Generator(seed: 5))(x).isEqual(to: y))
        #expect(layer.eval()(x).isEqual(to: x))
    }
}
