import HearthTensor
import Testing

/// Random tensors made of others: distributions by their quantiles, and dropout by what stays.
@Suite struct DistributionTests {
    private let count = 40_000

    /// The share of elements below a bound; its standard deviation is at most 0.0025.
    private func share(_ x: Tensor, below bound: Double) -> Double { (x < bound).to(.float64).mean().item() }

    @Test func quantilesAreThoseOfTheDistributions() {
        let g = Generator(seed: 11)
        let cauchy = Tensor.cauchy([count], median: 1, scale: 2, generator: g)
        // A quarter lies below the median minus the scale.
        #expect(abs(share(cauchy, below: -1) - 0.25) < 0.0125 && abs(share(cauchy, below: 1) - 0.5) < 0.0125)
        let logNormal = Tensor.logNormal([count], mean: 0.5, std: 1, generator: g)
        #expect(abs(share(logNormal, below: 1.6487) - 0.5) < 0.0125 && logNormal.min().item() > 0)
        #expect(abs(share(logNormal, below: 4.4817) - 0.8413) < 0.0125)
        let tries = Tensor.geometric([count], probability: 0.3, generator: g)
        #expect(abs(share(tries, below: 1.5) - 0.3) < 0.0125 && abs(share(tries, below: 2.5) - 0.51) < 0.0125)
        #expect(tries.min().item() == 1 && tries.frac().abs().max().item() == 0)
    }

    @Test func gumbelSoftmaxDrawsWithTheProbabilitiesOfTheLogits() {
        let logits = Tensor([0.1, 0.2, 0.7]).log().expand(to: [count, 3]).contiguous().requiringGrad()
        let hard = logits.gumbelSoftmax(temperature: 0.5, hard: true, generator: Generator(seed: 12))
        #expect(hard.detach().sum(dim: 1).allClose(to: Tensor.ones([count])))
        let shares = hard.detach().mean(dim: 0).array(of: Float.self)
        #expect(zip(shares, [0.1, 0.2, 0.7]).allSatisfy { abs(Double($0) - $1) < 0.0125 })
        // The gradient is the soft one's: it sums to 0 in each row and is not 0.
        let g = grad(of: (hard * Tensor([1.0, 2.0, 3.0])).sum(), wrt: logits)
        #expect(g.sum(dim: 1).abs().max().item() < 1e-5 && g.abs().max().item() > 0.1)
    }

    @Test func channelsAreDroppedAsAWhole() {
        let x = Tensor.ones([50, 40, 3, 2])
        let y = x.dropout2d(0.25, generator: Generator(seed: 13)).flatten(from: 2)
        #expect((y.amax(dims: [2]) == y.amin(dims: [2])).all().item(as: Bool.self))
        let kept = (y.amax(dims: [2]) > 0).to(.float32).mean().item()
        #expect(abs(kept - 0.75) < 0.05 && y.max().item() == Double(Float(1 / 0.75)))
        #expect(Tensor.ones([4, 5]).dropout1d(0.5, generator: Generator(seed: 1)).shape == [4, 5])
        #expect(Tensor.ones([1, 2, 3, 3, 3]).dropout3d(1).sum().item() == 0)
    }

    @Test func alphaDropoutKeepsMeanAndVariance() {
        let x = Tensor.randn([count], generator: Generator(seed: 14))
        let y = x.alphaDropout(0.3, generator: Generator(seed: 15))
        #expect(abs(y.mean().item()) < 0.03 && abs(y.std().item() - 1) < 0.03)
        #expect(!y.isEqual(to: x) && x.alphaDropout(0).isEqual(to: x))
    }

    @Test func randomSlopesLieBetweenTheBounds() {
        let x = Tensor.full([count], -2.0)
        let y = x.rrelu(lower: 0.25, upper: 0.5, generator: Generator(seed: 16))
        #expect(y.min().item() >= -1 && y.max().item() <= -0.5 && abs(y.mean().item() + 0.75) < 0.01)
        #expect(Tensor.ones([3]).rrelu().isEqual(to: Tensor.ones([3])))
    }
}
