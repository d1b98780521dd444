#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

// Random counts, drawn element by element from distributions whose parameters are tensors. What is drawn has no derivative.
extension Tensor {
    /// Counts of events, each of Poisson's distribution with the rate of the element. PyTorch's `torch.poisson`.
    ///
    /// Drawn as the number of waiting times of rate 1 that fit into the rate: for rates up to a few thousand.
    public static func poisson(_ rates: Tensor, generator: Generator? = nil) -> Tensor {
        guard rates.dtype.isFloatingPoint else {
            return stop("poisson", [rates.spec], "a floating-point dtype is expected", fallback: rates)
        }
        let finite = Double.greatestFiniteMagnitude
        let checked = apply(CheckRange(low: 0, high: finite, subject: "poisson"), to: rates.detach())
        return counts(of: checked, generator) { rate, source in
            var count = 0.0
            // In parts, because the exponential of a large rate underflows.
            var rest = rate
            while rest > 0 {
                let part = Swift.min(rest, 500)
                rest -= part
                let limit = decay(part)
                var product = source.nextFraction()
                while product > limit {
                    count += 1
                    product *= source.nextFraction()
                }
            }
            return count
        }
    }

    /// The number of successes in so many tries, each with a probability of its own; both are broadcast. PyTorch's
    /// `torch.binomial`.
    public static func binomial(_ counts: Tensor, _ probabilities: Tensor, generator: Generator? = nil) -> Tensor {
        guard counts.dtype.isFloatingPoint, counts.dtype == probabilities.dtype else {
            return stop(
                "binomial", [counts.spec, probabilities.spec], "two tensors of one floating-point dtype are expected",
                fallback: counts)
        }
        let finite = Double.greatestFiniteMagnitude
        let both = broadcast([
            apply(CheckRange(low: 0, high: finite, subject: "binomial"), to: counts.detach()),
            apply(CheckRange(low: 0, high: 1, subject: "binomial"), to: probabilities.detach()),
        ])
        guard both[0].hasElements, both[1].hasElements, both[0].shape == both[1].shape else {
            return .meta(both[0].shape, dtype: counts.dtype)
        }
        let chances = both[1].to(.float64).array(of: Double.self)
        var position = 0
        return Tensor.counts(of: both[0], generator) { count, source in
            defer { position += 1 }
            var successes = 0.0
            for _ in 0..<Int(count) where source.nextFraction() < chances[position] { successes += 1 }
            return successes
        }
    }

    /// A count for each element, row-major, drawn one after another: how many numbers one takes depends on chance.
    private static func counts(
        of parameters: Tensor, _ generator: Generator?, _ draw: (Double, inout Fractions) -> Double
    ) -> Tensor {
        guard parameters.hasElements else { return .meta(parameters.spec) }
        var source = Fractions(generator ?? .default)
        let counts = parameters.to(.float64).array(of: Double.self).map { draw($0, &source) }
        return Tensor(counts, shape: parameters.shape, device: parameters.device).to(parameters.dtype)
    }
}

/// Outside of the extensions of `Tensor`, where `exp` is one of its methods.
private func decay(_ rate: Double) -> Double { exp(-rate) }

/// Uniform numbers in `0 ..< 1` from a generator, one after another.
private struct Fractions {
    private let generator: Generator

    init(_ generator: Generator) { self.generator = generator }

    mutating func nextFraction() -> Double { Double(generator.next() >> 11) * 0x1p-53 }
}
