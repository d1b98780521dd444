import HearthTensor

/// What the trials of a study say about its parameters, as plain numbers to draw or to print.
public struct Analysis: Sendable {
    /// A finished trial and the best value up to it.
    public struct Step: Sendable, Hashable {
        /// The trial's number.
        public let number: Int
        /// Its value.
        public let value: Double
        /// The best value so far.
        public let best: Double
    }

    /// Values of one parameter with what came of them.
    public struct Slice: Sendable {
        /// The parameter.
        public let name: String
        /// Whether its values are better drawn by their logarithm.
        public let isLogarithmic: Bool
        /// One point for each complete trial that had the parameter.
        public let points: [(parameter: ParameterValue, value: Double)]
    }

    /// The values in the order of trials.
    public let history: [Step]
    /// The parameters in the order of names.
    public let slices: [Slice]
    /// How much of the variance of the values each parameter explains by itself, 0 to 1, the largest first. That is the
    /// correlation ratio over groups of like values; what parameters do together is not in it.
    public let importance: [(name: String, share: Double)]

    /// Looks at the complete trials. Of several directions the one with this index.
    public init(_ trials: [TrialRecord], _ directions: [Direction], direction index: Int = 0) {
        let complete = trials.filter { $0.state == .complete && $0.values[index].isFinite }
        let direction = directions[index]
        var best: Double?
        history = complete.map { trial in
            let value = trial.values[index]
            if best.map({ direction.cost(value) < direction.cost($0) }) ?? true { best = value }
            return Step(number: trial.number, value: value, best: best ?? value)
        }
        let names = Set(complete.flatMap(\.parameters.keys)).sorted()
        slices = names.map { name in
            let having = complete.filter { $0.parameters[name] != nil }
            return Slice(
                name: name, isLogarithmic: having.last?.distributions[name]?.isLogarithmic ?? false,
                points: having.map { (parameter: $0.parameters[name]!, value: $0.values[index]) })
        }
        importance = names.map { name in (name: name, share: Self.share(of: name, complete, index)) }
            .sorted { $0.share > $1.share }
    }

    /// The variance between groups of trials whose values of a parameter are alike, as a share of all of it, without what
    /// chance alone would give (Kelley's ε²).
    private static func share(of name: String, _ trials: [TrialRecord], _ index: Int) -> Double {
        let having = trials.filter { $0.parameters[name] != nil && $0.distributions[name] != nil }
        // Ranks instead of values, so that a single extreme value does not dominate the variance.
        let order = having.indices.sorted { having[$0].values[index] < having[$1].values[index] }
        var ranks = [Double](repeating: 0, count: having.count)
        for (rank, position) in order.enumerated() { ranks[position] = Double(rank) }
        let groups = Self.groups(of: name, having)
        let (count, parts) = (Double(having.count), Double(Set(groups).count))
        guard parts > 1, count > parts else { return 0 }
        let mean = ranks.reduce(0, +) / count
        let all = ranks.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        var between = 0.0
        for group in Set(groups) {
            let own = ranks.indices.filter { groups[$0] == group }.map { ranks[$0] }
            let distance = own.reduce(0, +) / Double(own.count) - mean
            between += Double(own.count) * distance * distance
        }
        guard all > 0 else { return 0 }
        let noise = (all - between) / (count - parts)
        return max(0, (between - (parts - 1) * noise) / all)
    }

    /// A group for each trial: its category, or a part of the parameter's values with as many trials as the others.
    private static func groups(of name: String, _ trials: [TrialRecord]) -> [Int] {
        let places = trials.map { $0.distributions[name]!.place(of: $0.parameters[name]!) }
        let distinct = Set(places).sorted()
        if distinct.count <= 8 { return places.map { distinct.firstIndex(of: $0) ?? 0 } }
        let parts = min(8, max(2, trials.count / 6))
        let sorted = places.sorted()
        let limits = (1..<parts).map { sorted[$0 * sorted.count / parts] }
        return places.map { place in limits.count { $0 <= place } }
    }
}

extension Distribution {
    /// True for numbers that are uniform in their logarithm.
    var isLogarithmic: Bool {
        switch self {
        case .int(_, _, _, let isLog), .float(_, _, _, let isLog): isLog
        case .categorical: false
        }
    }
}
