#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A density made of one kernel for each observation and one, the prior, for the whole space: what the
/// tree-structured Parzen estimator takes trials for.
struct ParzenEstimator {
    private let space: [Distribution]
    private let kernels: [Kernel]
    private let logWeights: [Double]

    /// For each parameter a normal distribution that ends at the interval's ends, or shares of categories.
    private struct Kernel {
        let parts: [Part]
    }

    private enum Part {
        case normal(TruncatedNormal)
        case shares([Double])
    }

    /// Observations, one place for each parameter, the earliest first.
    init(_ space: [Distribution], _ observations: [[Double]]) {
        self.space = space
        let count = observations.count
        // Once there are many observations, the oldest get smaller weights (Bergstra et al., 2013).
        var weights = [Double](repeating: 1, count: count)
        for i in 0..<max(count - 25, 0) {
            weights[i] =
                count == 26 ? 1 / 26.0 : 1 / Double(count) + Double(i) / Double(count - 26) * (1 - 1 / Double(count))
        }
        let columns = space.enumerated().map { index, distribution in
            Self.parts(distribution, observations.map { $0[index] })
        }
        kernels = (0...count).map { kernel in Kernel(parts: columns.map { $0[kernel] }) }
        weights.append(1)
        let sum = weights.reduce(0, +)
        logWeights = weights.map { log($0 / sum) }
    }

    /// The kernels of one parameter; the prior is the last.
    private static func parts(_ distribution: Distribution, _ places: [Double]) -> [Part] {
        if case .categorical(let choices) = distribution {
            let count = Double(choices.count)
            let prior = [Double](repeating: 1 / count, count: choices.count)
            let share = 1 / Double(places.count + 1)
            return places.map { place in
                // One observation, and a share of the prior spread over all.
                .shares(prior.indices.map { (share / count + (Int(place) == $0 ? 1 : 0)) / (1 + share) })
            } + [.shares(prior)]
        }
        let interval = distribution.interval
        let width = interval.upperBound - interval.lowerBound
        let middle = interval.lowerBound + width / 2
        let prior = Part.normal(TruncatedNormal(mean: middle, deviation: width, interval))
        guard width > 0 else { return places.map { _ in prior } + [prior] }
        let least = width / min(100, Double(places.count) + 2)
        return zip(places, gaps(places, interval)).map { place, deviation in
            .normal(TruncatedNormal(mean: place, deviation: min(max(deviation, least), width), interval))
        } + [prior]
    }

    /// The distance of each place to the farther of its neighbours. The interval's ends are neighbours, but not of the first
    /// and the last where they have others.
    private static func gaps(_ places: [Double], _ interval: ClosedRange<Double>) -> [Double] {
        let order = places.indices.sorted { places[$0] < places[$1] }
        var gaps = [Double](repeating: 0, count: places.count)
        for (rank, index) in order.enumerated() {
            let below = rank > 0 ? places[order[rank - 1]] : places.count > 1 ? nil : interval.lowerBound
            let above = rank + 1 < order.count ? places[order[rank + 1]] : places.count > 1 ? nil : interval.upperBound
            gaps[index] = max(below.map { places[index] - $0 } ?? 0, above.map { $0 - places[index] } ?? 0)
        }
        return gaps
    }

    /// A place of each parameter.
    func sample(_ random: inout RandomNumbers) -> [Double] {
        let kernel = kernels[Self.draw(logWeights.map(exp), &random)]
        return zip(kernel.parts, space).map { part, distribution in
            switch part {
            case .normal(let normal): distribution.place(of: distribution.value(at: normal.sample(&random)))
            case .shares(let shares): Double(Self.draw(shares, &random))
            }
        }
    }

    private static func draw(_ weights: [Double], _ random: inout RandomNumbers) -> Int {
        var place = random.share() * weights.reduce(0, +)
        for (index, weight) in weights.enumerated() {
            place -= weight
            if place < 0 { return index }
        }
        return weights.count - 1
    }

    /// The logarithm of the density at a place.
    func logDensity(_ place: [Double]) -> Double {
        let terms = zip(kernels, logWeights).map { kernel, weight in
            zip(kernel.parts, place).reduce(weight) { sum, pair in
                switch pair.0 {
                case .normal(let normal): sum + normal.logDensity(pair.1)
                case .shares(let shares): sum + log(shares[Int(pair.1)])
                }
            }
        }
        let most = terms.max() ?? -.infinity
        guard most.isFinite else { return most }
        return most + log(terms.reduce(0) { $0 + exp($1 - most) })
    }
}

/// A normal distribution of which only an interval is left.
package struct TruncatedNormal {
    private let mean: Double
    private let deviation: Double
    private let interval: ClosedRange<Double>
    /// What the density is multiplied by, as a logarithm.
    private let logScale: Double

    package init(mean: Double, deviation: Double, _ interval: ClosedRange<Double>) {
        self.mean = mean
        self.deviation = max(deviation, .leastNormalMagnitude)
        self.interval = interval
        let (a, b) = ((interval.lowerBound - mean) / self.deviation, (interval.upperBound - mean) / self.deviation)
        let mass = 0.5 * (erf(b / 2.0.squareRoot()) - erf(a / 2.0.squareRoot()))
        logScale = -log(self.deviation * (2 * Double.pi).squareRoot()) - log(max(mass, 1e-300))
    }

    package func logDensity(_ x: Double) -> Double {
        let distance = (x - mean) / deviation
        return logScale - 0.5 * distance * distance
    }

    /// Normal numbers until one is in the interval; means are inside, so a quarter of them are at the least.
    package func sample(_ random: inout RandomNumbers) -> Double {
        for _ in 0..<100 {
            let radius = (-2 * log(1 - random.share())).squareRoot()
            let x = mean + deviation * radius * cos(2 * Double.pi * random.share())
            if interval.contains(x) { return x }
        }
        return min(max(mean, interval.lowerBound), interval.upperBound)
    }
}
