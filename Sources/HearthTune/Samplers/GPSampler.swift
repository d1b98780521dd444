import HearthTensor

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension SamplerChoice {
    /// A Gaussian process of what was seen, and the point where it expects the largest improvement: the fewest trials for
    /// objectives of a few numbers, each slow. Optuna's `GPSampler`.
    ///
    /// - Parameters:
    ///   - seed: What chance derives from.
    ///   - startupTrials: How many trials are of Sobol's sequence, to begin with.
    ///
    /// Parameters that all trials have in common are chosen together; others as by `tpe`, which also takes over for several
    /// directions. At most 200 trials, the best and the latest, are looked at. Source: Jones, Schonlau and Welch, "Efficient
    /// global optimization of expensive black-box functions", 1998.
    public static func gaussianProcess(seed: UInt64? = nil, startupTrials: Int = 10) -> SamplerChoice {
        guard startupTrials > 0 else { fatalError("gaussianProcess: \(startupTrials) trials to begin with") }
        let seed = seed ?? .random(in: 0...UInt64.max)
        return SamplerChoice { GPSampler(seed: seed, startupTrials: startupTrials) }
    }
}

package struct GPSampler: Sampler {
    let seed: UInt64
    let startupTrials: Int

    private var fallback: TPESampler { TPESampler(seed: seed, startupTrials: startupTrials, candidates: 24) }

    func alone(
        _ name: String, _ distribution: Distribution, _ trial: TrialRecord, _ history: History
    ) -> ParameterValue {
        guard history.finished.count < startupTrials else {
            return fallback.alone(name, distribution, trial, history)
        }
        return SobolSampler(seed: seed).alone(name, distribution, trial, history)
    }

    func together(_ history: History, number: Int) -> [String: ParameterValue] {
        guard history.finished.count >= startupTrials else { return [:] }
        let space = history.commonSpace
        guard history.directions.count == 1, !space.isEmpty else { return fallback.together(history, number: number) }
        let cube = UnitCube(space.map(\.distribution))
        let (points, values) = observations(history, space, cube)
        guard points.count > 2 else { return [:] }
        var random = RandomNumbers(seed, number, "process")
        let point = promising(GaussianProcess(points, values), points, values, cube, &random)
        let chosen = cube.values(at: point)
        return Dictionary(uniqueKeysWithValues: zip(space, chosen).map { ($0.name, $1) })
    }

    /// What was seen. Trials under way count as if they gave what is usual, so that others in parallel look elsewhere.
    private func observations(
        _ history: History, _ space: [(name: String, distribution: Distribution)], _ cube: UnitCube
    ) -> (points: [[Double]], values: [Double]) {
        let finished = history.finished.filter { history.cost($0).isFinite }
        let best = finished.sorted { history.cost($0) < history.cost($1) }.prefix(100)
        let late = finished.suffix(100).filter { trial in !best.contains { $0.number == trial.number } }
        let known = best + late
        let costs = known.map(history.cost).sorted()
        guard let median = costs.isEmpty ? nil : costs[costs.count / 2] else { return ([], []) }
        var (points, values) = ([[Double]](), [Double]())
        for trial in known + history.trials.filter({ $0.state == .running }) {
            // A trial that is still running may use the same name with another distribution.
            let parameters = space.compactMap { name, distribution in
                trial.parameters[name].flatMap { distribution.contains($0) ? $0 : nil }
            }
            guard parameters.count == space.count else { continue }
            points.append(cube.point(of: parameters))
            // Costs far above the third quartile are cut off: how bad they are would only distort the model.
            let limit = costs[costs.count * 3 / 4] + 3 * (costs[costs.count * 3 / 4] - costs[0])
            values.append(trial.state == .running ? median : min(history.cost(trial), limit))
        }
        return (points, values)
    }

    /// The point of the largest expected improvement: the best of many, made better by steps that grow smaller.
    private func promising(
        _ process: GaussianProcess, _ points: [[Double]], _ values: [Double], _ cube: UnitCube,
        _ random: inout RandomNumbers
    ) -> [Double] {
        let least = values.min() ?? 0
        func score(_ point: [Double]) -> Double {
            let (mean, deviation) = process.predict(point)
            return Self.logImprovement((least - mean) / deviation) + log(deviation)
        }
        let best = points[values.indices.min { values[$0] < values[$1] } ?? 0]
        var candidates = (0..<256).map { _ in cube.settled(best.map { _ in random.share() }) }
        for width in [0.1, 0.02, 0.004] {
            candidates += (0..<24).map { _ in cube.settled(best.map { Self.moved($0, width, &random) }) }
        }
        let seen = Set(points)
        let scored = candidates.filter { !seen.contains($0) }.map { (point: $0, score: score($0)) }
            .sorted { $0.score > $1.score }
        guard var winner = scored.first else { return cube.settled(best.map { _ in random.share() }) }
        for start in scored.prefix(4) {
            var (current, width) = (start, 0.1)
            for _ in 0..<60 {
                let index = Int(random.share() * Double(best.count))
                var next = current.point
                // All coordinates, or one of them.
                if random.share() < 0.5 {
                    next = next.map { Self.moved($0, width, &random) }
                } else {
                    next[index] = Self.moved(next[index], width, &random)
                }
                next = cube.settled(next)
                let value = seen.contains(next) ? -.infinity : score(next)
                if value > current.score { current = (next, value) } else { width = max(width * 0.93, 1e-4) }
            }
            if current.score > winner.score { winner = current }
        }
        return winner.point
    }

    private static func moved(_ x: Double, _ width: Double, _ random: inout RandomNumbers) -> Double {
        let radius = (-2 * log(1 - random.share())).squareRoot()
        return min(max(x + width * radius * cos(2 * Double.pi * random.share()), 0), 1)
    }

    /// The logarithm of the expected improvement of a standard normal number over 0 that is `z` below it. Far below, where the
    /// improvement is too small for a number, by its asymptotic form (Ament et al., 2023).
    package static func logImprovement(_ z: Double) -> Double {
        let density = -0.5 * z * z - 0.5 * log(2 * Double.pi)
        if z > -5 { return log(exp(density) + z * 0.5 * erfc(-z / 2.0.squareRoot())) }
        return density - 2 * log(-z) + log1p(-3 / (z * z))
    }
}

/// Parameters as points whose coordinates are from 0 to 1: a number has one, a category one for each choice.
private struct UnitCube {
    private let space: [Distribution]

    init(_ space: [Distribution]) { self.space = space }

    func point(of values: [ParameterValue]) -> [Double] {
        zip(space, values).flatMap { distribution, value -> [Double] in
            guard case .categorical(let choices) = distribution else { return [distribution.share(of: value)] }
            return choices.map { .category($0) == value ? 1 : 0 }
        }
    }

    func values(at point: [Double]) -> [ParameterValue] {
        var rest = point[...]
        return space.map { distribution in
            guard case .categorical(let choices) = distribution else {
                return distribution.value(atShare: rest.removeFirst())
            }
            let shares = rest.prefix(choices.count)
            rest = rest.dropFirst(choices.count)
            let most = shares.indices.max { shares[$0] < shares[$1] } ?? shares.startIndex
            return .category(choices[most - shares.startIndex])
        }
    }

    /// The nearest point that has values.
    func settled(_ point: [Double]) -> [Double] { self.point(of: values(at: point)) }
}
