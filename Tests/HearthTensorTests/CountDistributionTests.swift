import HearthTensor
import Testing

/// Poisson's and the binomial distribution: mean, variance, the ends of their parameters, and the same seed twice.
@Suite struct CountDistributionTests {
    @Test(arguments: [0.3, 4.0, 60.0, 1200.0])
    func poissonHasItsRateAsMeanAndVariance(_ rate: Double) {
        let x = Tensor.poisson(Tensor.full([4000], rate, dtype: .float64), generator: Generator(seed: 5))
        #expect(Swift.abs(x.mean().item() - rate) < 6 * (rate / 4000).squareRoot())
        #expect(Swift.abs(x.variance().item() / rate - 1) < 0.2)
        #expect(x.isEqual(to: x.floor()) && (x >= 0).all().item(as: Bool.self))
    }

    @Test(arguments: [(10.0, 0.3), (1.0, 0.5), (200.0, 0.95)])
    func binomialHasItsMeanAndVariance(_ count: Double, _ chance: Double) {
        let x = Tensor.binomial(
            Tensor.full([4000], count, dtype: .float64), Tensor(chance, dtype: .float64), generator: Generator(seed: 6))
        let variance = count * chance * (1 - chance)
        #expect(Swift.abs(x.mean().item() - count * chance) < 6 * (variance / 4000).squareRoot())
        #expect(Swift.abs(x.variance().item() / variance - 1) < 0.2)
        #expect((x <= count).all().item(as: Bool.self))
    }

    @Test func endsAndSeeds() {
        #expect(Tensor.poisson(Tensor.zeros([3])).floatArray == [0, 0, 0])
        #expect(Tensor.binomial(Tensor([0.0, 5.0, 5.0]), Tensor([0.5, 0.0, 1.0])).floatArray == [0, 0, 5])
        let rates = Tensor.full([2, 3], 3.0, dtype: .float16)
        let (a, b) = (
            Tensor.poisson(rates, generator: Generator(seed: 1)), Tensor.poisson(rates, generator: Generator(seed: 1))
        )
        #expect(a.isEqual(to: b) && a.dtype == .float16 && a.shape == [2, 3])
        #expect(Tensor.poisson(Tensor.zeros([0, 2])).shape == [0, 2])
        #expect(Tensor.poisson(Tensor.meta([2])).device == .meta)
    }

    @Test func badParametersAreRefused() {
        #expect(throws: ShapeError.self) { try checkShapes { _ = Tensor.poisson(Tensor([-1.0])) } }
        #expect(throws: ShapeError.self) { try checkShapes { _ = Tensor.poisson(Tensor([Double.nan])) } }
        #expect(throws: ShapeError.self) { try checkShapes { _ = Tensor.poisson(Tensor([1])) } }
        #expect(throws: ShapeError.self) { try checkShapes { _ = Tensor.binomial(Tensor([1.0]), Tensor([1.5])) } }
    }
}
