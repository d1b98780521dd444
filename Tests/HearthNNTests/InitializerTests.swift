import HearthNN
import HearthTensor
import Testing

/// Initialisers by their moments and bounds, as PyTorch's formulas tell them.
@Suite struct InitializerTests {
    private let shape: Shape = [200, 300]

    private func expect(_ x: Tensor, mean: Double = 0, deviation: Double, bound: Double? = nil) {
        let count = Double(x.count)
        #expect(x.dtype == .float32)
        #expect(abs(x.mean().item() - mean) < 5 * deviation / count.squareRoot())
        #expect(abs(x.std().item() / deviation - 1) < 5 / count.squareRoot())
        guard let bound else { return }
        let largest = (x - mean).abs().max().item()
        #expect(largest <= bound && largest > 0.99 * bound)
    }

    @Test func uniformAndNormal() {
        let g = Generator(seed: 1)
        expect(
            Initialize.uniform(shape, low: -1, high: 3, generator: g), mean: 1, deviation: 2 / 3.0.squareRoot(),
            bound: 2)
        expect(Initialize.normal(shape, mean: 2, std: 0.5, generator: g), mean: 2, deviation: 0.5)
        // A normal that is cut off at two deviations keeps 0.8796 of its deviation.
        let cut = Initialize.truncatedNormal(shape, std: 1, generator: g)
        expect(cut, deviation: 0.87962566, bound: 2)
        let shifted = Initialize.truncatedNormal(shape, mean: 5, std: 2, low: 1, high: 9, generator: g)
        expect(shifted, mean: 5, deviation: 2 * 0.87962566, bound: 4)
    }

    @Test func xavierAndKaiming() {
        let g = Generator(seed: 2)
        let xavier = (2.0 / 500).squareRoot()
        expect(Initialize.xavierUniform(shape, generator: g), deviation: xavier, bound: 3.0.squareRoot() * xavier)
        expect(Initialize.xavierNormal(shape, gain: 2, generator: g), deviation: 2 * xavier)
        let relu = (2.0 / 300).squareRoot()
        expect(
            Initialize.kaimingUniform(shape, nonlinearity: .relu, generator: g), deviation: relu,
            bound: 3.0.squareRoot() * relu)
        expect(Initialize.kaimingNormal(shape, generator: g), deviation: relu)
        expect(
            Initialize.kaimingNormal(shape, fan: .out, nonlinearity: .tanh, generator: g),
            deviation: 5.0 / 3 / 200.0.squareRoot())
        expect(
            Initialize.kaimingNormal([20, 30, 5, 5], nonlinearity: .leakyReLU(slope: 0.2), generator: g),
            deviation: (2 / 1.04 / 750).squareRoot())
    }

    @Test func gainsAndFansArePyTorchs() {
        let gains: [(Initialize.Nonlinearity, Double)] = [
            (.linear, 1), (.sigmoid, 1), (.tanh, 5.0 / 3), (.relu, 1.4142135623730951), (.selu, 0.75),
            (.leakyReLU(), 1.4141428569978354), (.leakyReLU(slope: 0.2), 1.3867504905630728),
        ]
        for (nonlinearity, gain) in gains { #expect(abs(nonlinearity.gain - gain) < 1e-15) }
        #expect(Initialize.fans([8, 4, 3, 5]) == (in: 60, out: 120))
    }

    @Test func layersStartAsPyTorchs() {
        let linear = Linear(300, 200, generator: Generator(seed: 3))
        let bound = 1 / 300.0.squareRoot()
        expect(linear.weight.detach(), deviation: bound / 3.0.squareRoot(), bound: bound)
        #expect(linear.bias!.abs().max().item() <= bound)
        expect(Embedding(200, 300, generator: Generator(seed: 4)).weight.detach(), deviation: 1)
        #expect(Embedding(5, 3, paddingIndex: 2).weight[2].abs().sum().item() == 0)
    }

    @Test(arguments: [[5, 5], [3, 8], [8, 3], [4, 2, 3]] as [Shape])
    func orthogonalIsOrthogonal(_ shape: Shape) {
        let x = Initialize.orthogonal(shape, gain: 2, generator: Generator(seed: 5)).flatten(from: 1)
        let product = x.shape[0] <= x.shape[1] ? x.matmul(x.t()) : x.t().matmul(x)
        #expect(product.allClose(to: Tensor.eye(min(x.shape[0], x.shape[1])) * 4, absolute: 1e-5))
    }

    @Test func diracPassesItsInputThrough() {
        let kernel = Initialize.dirac([4, 3, 3, 5])
        #expect(kernel.sum().item() == 3)
        for channel in 0..<3 { #expect(kernel[channel, channel, 1, 2].item() == 1) }
        let grouped = Initialize.dirac([4, 2, 3], groups: 2)
        #expect(grouped.sum().item() == 4)
        #expect(grouped[2, 0, 1].item() == 1 && grouped[3, 1, 1].item() == 1)
    }

    @Test func sparseAndConstant() {
        let x = Initialize.sparse([10, 20], sparsity: 0.25, std: 1, generator: Generator(seed: 6))
        #expect((x == 0).sum(dim: 0).isEqual(to: Tensor.full([20], 3)))
        #expect(Initialize.constant([2, 2], 0.5).floatArray == [0.5, 0.5, 0.5, 0.5])
        #expect(Initialize.eye(2, 3).isEqual(to: Tensor.eye(2, 3)))
    }
}
