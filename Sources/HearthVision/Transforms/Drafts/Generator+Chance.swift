import HearthTensor

extension Generator {
    /// A number from the range, uniform: 53 bits of it.
    func uniform(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + Double(next() >> 11) * 0x1p-53 * (range.upperBound - range.lowerBound)
    }

    /// True with this probability.
    package func happens(_ probability: Double) -> Bool { uniform(in: 0...1) < probability }

    /// The numbers from 0 on in a random order.
    package func order(of count: Int) -> [Int] {
        var source = source
        return Array(0..<count).shuffled(using: &source)
    }

    /// A number of the normal distribution (Box and Muller, 1958).
    package func normal() -> Double {
        let radius = (-2 * noZero().logarithm).squareRoot()
        return radius * (2 * Double.pi * uniform(in: 0...1)).cosine
    }

    /// A number of the gamma distribution of scale 1 (Marsaglia and Tsang, "A simple method for generating gamma
    /// variables", 2000).
    package func gamma(shape: Double) -> Double {
        // For a shape k below 1: a number of shape k + 1 times u^(1/k) with u uniform (Marsaglia and Tsang, 2000).
        if shape < 1 { return gamma(shape: shape + 1) * (noZero().logarithm / shape).exponential }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let root = 1 + c * x
            guard root > 0 else { continue }
            let v = root * root * root
            if noZero().logarithm < 0.5 * x * x + d - d * v + d * v.logarithm { return d * v }
        }
    }

    /// Shares that sum to 1, of Dirichlet's distribution with the same concentration for each.
    func dirichlet(_ concentration: Double, count: Int) -> [Double] {
        let parts = (0..<count).map { _ in gamma(shape: concentration) }
        let sum = parts.reduce(0, +)
        // With a tiny concentration all numbers may underflow to 0; the limit of the distribution gives everything to
        // one.
        guard sum > 0 else {
            let winner = next(in: 0..<count)
            return (0..<count).map { $0 == winner ? 1 : 0 }
        }
        return parts.map { $0 / sum }
    }

    /// A number of the beta distribution with twice the same parameter.
    package func beta(_ concentration: Double) -> Double { dirichlet(concentration, count: 2)[0] }

    private func noZero() -> Double { 1 - uniform(in: 0...1) }
}
