import Testing

import HearthTensor

/// Distributions, by their moments and by the largest distance to their cumulative distribution.
@Suite struct RandomTests {
    private let count = 40_000

    /// Five standard deviations of the mean and of the variance, and Kolmogorov and Smirnov's bound for one in a million.
    private func check(
        _ x: Tensor, mean: Double, variance: Double, fourthMoment: Double, cumulative: (Double) -> Double
    ) {
        let values = x.to(.float64).array(of: Double.self).sorted()
        let n = Double(values.count)
        let average = values.reduce(0, +) / n
        let spread = values.reduce(0) { $0 + ($1 - average) * ($1 - average) } / n
        #expect(abs(average - mean) < 5 * (variance / n).squareRoot())
        #expect(abs(spread - variance) < 5 * ((fourthMoment - variance * variance) / n).squareRoot())
        let distance = values.enumerated().map { abs(cumulative($1) - (Double($0) + 0.5) / n) }.max()!
        #expect(distance < 2.7 / n.squareRoot())
    }

    @Test(arguments: [DType.float32, .float64])
    func continuousDistributions(_ dtype: DType) {
        let g = Generator(seed: 5)
        let shape: Shape = [count]
        check(.rand(shape, dtype: dtype, generator: g), mean: 0.5, variance: 1.0 / 12, fourthMoment: 1.0 / 80) { $0 }
        check(
            .uniform(shape, low: -2, high: 4, dtype: dtype, generator: g), mean: 1, variance: 3, fourthMoment: 16.2
        ) { ($0 + 2) / 6 }
        check(
            .normal(shape, mean: 1, std: 2, dtype: dtype, generator: g), mean: 1, variance: 4, fourthMoment: 48
        ) { Tensor([($0 - 1) / 8.0.squareRoot()], dtype: .float64).erf().item() / 2 + 0.5 }
        check(
            .exponential(shape, rate: 2, dtype: dtype, generator: g), mean: 0.5, variance: 0.25, fourthMoment: 0.5625
        ) { 1 - Tensor([-2 * $0], dtype: .float64).exp().item() }
    }

    @Test func rangesAreHalfOpen() {
        let x = Tensor.rand([200_000], generator: Generator(seed: 1))
        #expect(x.min().item() >= 0 && x.max().item() < 1)
        let half = Tensor.rand([200_000], dtype: .float16, generator: Generator(seed: 1))
        #expect(half.max().item() < 1)
        let n = Tensor.randint(-3..<4, [10_000], generator: Generator(seed: 1))
        #expect(n.min().item() == -3 && n.max().item() == 3)
        #expect(Tensor.randn([100_000], generator: Generator(seed: 3)).isFinite().all().item(as: Bool.self))
    }

    /// Pearson's statistic of equal cells, which is about their number.
    private func chiSquared(_ counts: [Int], _ expected: [Double]) -> Double {
        zip(counts, expected).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) / $1.1 }
    }

    @Test func discreteDistributions() {
        let g = Generator(seed: 6)
        let dice = Tensor.randint(0..<10, [count], generator: g).bincount(minLength: 10).array(of: Int.self)
        #expect(chiSquared(dice, Array(repeating: Double(count) / 10, count: 10)) < 40)
        let coins = Tensor.bernoulli([count], probability: 0.3, generator: g).sum().item()
        #expect(abs(coins - 0.3 * Double(count)) < 5 * (0.21 * Double(count)).squareRoot())
        let own = Tensor.bernoulli(Tensor([0.0, 1.0, 0.5]).expand(to: [count, 3]), generator: g).mean(dim: 0)
        #expect(own.floatArray[0] == 0 && own.floatArray[1] == 1 && abs(own.floatArray[2] - 0.5) < 0.0125)
        let weights = Tensor([1.0, 0.0, 3.0, 4.0])
        let drawn = Tensor.multinomial(weights, count: count, replacement: true, generator: g)
            .bincount(minLength: 4).array(of: Int.self)
        #expect(drawn[1] == 0)
        #expect(chiSquared([drawn[0], drawn[2], drawn[3]], [1, 3, 4].map { $0 * Double(count) / 8 }) < 30)
    }

    @Test func multinomialWithoutReplacementDrawsEachOnce() {
        let weights = Tensor([[1.0, 0.0, 3.0, 4.0], [2.0, 2.0, 2.0, 0.0]]).repeat(2000, 1)
        let drawn = Tensor.multinomial(weights, count: 3, generator: Generator(seed: 7))
        #expect(drawn.shape == [4000, 3])
        let sums = drawn.sum(dim: 1).array(of: Int.self)
        for (row, sum) in sums.enumerated() { #expect(sum == (row % 2 == 0 ? 5 : 3)) }
        // The first draw follows the weights.
        let first = drawn[.range(step: 2), 0].bincount(minLength: 4).array(of: Int.self)
        #expect(chiSquared([first[0], first[2], first[3]], [250, 750, 1000]) < 30)
    }

    @Test func permutationsAreUniform() {
        let g = Generator(seed: 8)
        #expect(Tensor.randperm(1000, generator: g).sort().values.isEqual(to: Tensor.arange(1000)))
        #expect(Tensor.randperm(0, generator: g).count == 0)
        var counts = [Int](repeating: 0, count: 27)
        for _ in 0..<6000 {
            let p = Tensor.randperm(3, generator: g).array(of: Int.self)
            counts[p[0] * 9 + p[1] * 3 + p[2]] += 1
        }
        let seen = counts.filter { $0 > 0 }
        #expect(seen.count == 6)
        #expect(chiSquared(seen, Array(repeating: 1000, count: 6)) < 30)
    }

    @Test func dropoutKeepsTheMeanAndItsGradientTheMask() {
        let x = Tensor.ones([count]).requiringGrad()
        let y = x.dropout(0.25, generator: Generator(seed: 9))
        let kept = (y != 0).sum().item() / Double(count)
        #expect(abs(kept - 0.75) < 0.011)
        #expect(y.detach().maskedSelect(y.detach() != 0).isClose(to: Tensor([4.0 / 3])).all().item(as: Bool.self))
        y.sum().backward()
        #expect(x.grad!.isEqual(to: y.detach()))
        #expect(x.dropout(0).isEqual(to: x))
        #expect(x.dropout(1).sum().item() == 0)
    }

    @Test func theNumbersDoNotDependOnTheThreads() {
        func draw() -> [Tensor] {
            let g = Generator(seed: 10)
            let x = Tensor.randn([300_000], generator: g)
            return [
                x, .rand([300_000], generator: g), .randint(0..<1000, [300_000], generator: g),
                .randperm(1000, generator: g), x.dropout(0.5, generator: g),
            ]
        }
        let many = draw()
        // Inside a loop over threads every loop runs on the thread that meets it.
        var one: [Tensor] = []
        Team.shared.parallel(2, grain: 1) { if $0.contains(0) { one = draw() } }
        #expect(one.count == many.count)
        for (a, b) in zip(many, one) { #expect(a.isEqual(to: b)) }
    }

    @Test func aStateLeadsBack() {
        let g = Generator(seed: 11)
        _ = Tensor.rand([7], generator: g)
        let state = g.state
        let first = [Tensor.randn([5], generator: g), Tensor.randperm(9, generator: g).to(.float32)]
        g.state = state
        let again = [Tensor.randn([5], generator: g), Tensor.randperm(9, generator: g).to(.float32)]
        for (a, b) in zip(first, again) { #expect(a.isEqual(to: b)) }
        let other = Generator(state: state)
        #expect(Tensor.randn([5], generator: other).isEqual(to: first[0]))
        #expect(!Tensor.rand([5], generator: g).isEqual(to: Tensor.rand([5], generator: g)))
    }
}
