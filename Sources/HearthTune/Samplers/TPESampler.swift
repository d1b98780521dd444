import HearthTensor

extension SamplerChoice {
    /// The tree-structured Parzen estimator: the value that is most more likely among good trials than among the others.
    ///
    /// - Parameters:
    ///   - seed: What chance derives from.
    ///   - startupTrials: How many trials are random, to begin with.
    ///   - candidates: How many values are compared for each choice; Optuna takes 24.
    ///
    /// Parameters that all trials have in common are chosen together, others one by one. Of several directions, trials count
    /// by the number of fronts before theirs, and within a front by the volume that they add. Sources: Bergstra et al., "Algorithms for hyper-parameter optimization", 2011;
    /// Watanabe, "Tree-structured Parzen estimator", 2023 (<https://arxiv.org/abs/2304.11127>). Optuna's `TPESampler`.
    public static func tpe(seed: UInt64? = nil, startupTrials: Int = 10, candidates: Int = 64) -> SamplerChoice {
        guard startupTrials >= 0, candidates > 0 else {
            fatalError("tpe: \(startupTrials) random trials and \(candidates) candidates")
        }
        let seed = seed ?? .random(in: 0...UInt64.max)
        return SamplerChoice { TPESampler(seed: seed, startupTrials: startupTrials, candidates: candidates) }
    }
}

struct TPESampler: Sampler {
    let seed: UInt64
    let startupTrials: Int
    let candidates: Int

    func together(_ history: History, number: Int) -> [String: ParameterValue] {
        guard history.finished.count >= startupTrials else { return [:] }
        let space = history.commonSpace
        guard !space.isEmpty else { return [:] }
        let places = choose(space, history, number, "together")
        return Dictionary(
            uniqueKeysWithValues: zip(space, places).map { ($0.name, $0.distribution.value(at: $1)) })
    }

    func alone(
        _ name: String, _ distribution: Distribution, _ trial: TrialRecord, _ history: History
    ) -> ParameterValue {
        guard history.finished.count >= startupTrials, !distribution.isSingle else {
            return RandomSampler(seed: seed).alone(name, distribution, trial, history)
        }
        return distribution.value(at: choose([(name, distribution)], history, trial.number, name)[0])
    }

    /// Of candidates that are likely among good trials the one that is least likely among the others.
    private func choose(
        _ space: [(name: String, distribution: Distribution)], _ history: History, _ number: Int, _ purpose: String
    ) -> [Double] {
        let (good, bad) = split(history, space)
        let distributions = space.map(\.distribution)
        let (likely, unlikely) = (ParzenEstimator(distributions, good), ParzenEstimator(distributions, bad))
        var random = RandomNumbers(seed, number, purpose)
        let samples = (0..<candidates).map { _ in likely.sample(&random) }
        let scores = samples.map { likely.logDensity($0) - unlikely.logDensity($0) }
        let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
        return samples[best]
    }

    /// The places of the good trials and of the others, each in the order of their numbers. Trials that are under way count as
    /// not good, so that others in parallel look elsewhere.
    private func split(
        _ history: History, _ space: [(name: String, distribution: Distribution)]
    ) -> (good: [[Double]], bad: [[Double]]) {
        func places(_ trial: TrialRecord) -> [Double]? {
            let places = space.compactMap { name, distribution -> Double? in
                guard let value = trial.parameters[name], distribution.contains(value) else { return nil }
                return distribution.place(of: value)
            }
            return places.count == space.count ? places : nil
        }
        let good = Set(good(history).map(\.number))
        let known = history.trials.filter { $0.state != .failed && $0.state != .waiting }
        return (
            known.filter { good.contains($0.number) }.compactMap(places),
            known.filter { !good.contains($0.number) }.compactMap(places)
        )
    }

    /// The best of the finished trials; those that were pruned after all others, the later the better.
    private func good(_ history: History) -> [TrialRecord] {
        let finished = history.finished
        let complete = finished.filter { $0.state == .complete }
        func count(_ trials: [TrialRecord]) -> Int { min(Int((0.1 * Double(trials.count)).rounded(.up)), 25) }
        guard history.directions.count == 1 else {
            return ParetoFront(history.directions).best(count(complete), of: complete)
        }
        let pruned = finished.filter { $0.state == .pruned }.sorted { a, b in
            let (x, y) = (a.lastReport?.step ?? 0, b.lastReport?.step ?? 0)
            return x != y ? x > y : history.cost(a) < history.cost(b)
        }
        let ranked = complete.sorted { history.cost($0) < history.cost($1) } + pruned
        return Array(ranked.prefix(count(ranked)))
    }
}
