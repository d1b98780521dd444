extension SamplerChoice {
    /// Every combination of values once, in random order; then again. Optuna's `GridSampler`.
    ///
    ///     .grid(["lr": [.float(0.1), .float(0.01)], "optimizer": [.category("adam"), .category("sgd")]])
    ///
    /// A parameter that the grid does not name is chosen at random. A study of `combinations` trials has seen all.
    public static func grid(_ values: [String: [ParameterValue]], seed: UInt64 = 0) -> SamplerChoice {
        SamplerChoice {
            if let empty = values.first(where: { $0.value.isEmpty })?.key {
                throw StudyError("the grid has no values for '\(empty)'")
            }
            return GridSampler(values: values, seed: seed)
        }
    }
}

struct GridSampler: Sampler {
    private let names: [String]
    private let values: [[ParameterValue]]
    private let seed: UInt64

    init(values: [String: [ParameterValue]], seed: UInt64) {
        names = values.keys.sorted()
        self.values = names.map { values[$0]! }
        self.seed = seed
    }

    var combinations: Int { values.reduce(1) { $0 * $1.count } }

    func alone(
        _ name: String, _ distribution: Distribution, _ trial: TrialRecord, _ history: History
    ) -> ParameterValue {
        guard let column = names.firstIndex(of: name) else {
            return RandomSampler(seed: seed).alone(name, distribution, trial, history)
        }
        // Trials whose parameters were given take no combination.
        let number = history.trials.prefix(trial.number).count { $0.given.isEmpty }
        var rest = order(round: number / combinations)[number % combinations]
        for before in 0..<column { rest /= values[before].count }
        let value = values[column][rest % values[column].count]
        guard distribution.contains(value) else {
            fatalError("the grid's \(value) is no value of '\(name)', which is \(distribution)")
        }
        return value
    }

    private func order(round: Int) -> [Int] {
        var random = RandomNumbers(seed, round, "grid")
        return Array(0..<combinations).shuffled(using: &random)
    }
}
