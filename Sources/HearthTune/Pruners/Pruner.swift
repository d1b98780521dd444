import HearthTensor

/// What stops trials that promise nothing, by what they report on the way.
protocol Pruner: Sendable {
    /// True when the trial, which has just reported, should end.
    func prunes(_ trial: TrialRecord, _ history: History) -> Bool
}

/// How trials are stopped early: `.median()`.
public struct PrunerChoice: Sendable {
    let make: @Sendable () -> any Pruner

    /// Trials run to their end.
    public static var none: PrunerChoice { PrunerChoice { NoPruner() } }

    /// A trial ends when the best that it has reported is worse than the median of what others had reported at its step, or is
    /// not a number. Optuna's `MedianPruner`.
    ///
    /// - Parameters:
    ///   - startupTrials: How many trials must have ended before any is stopped.
    ///   - warmupSteps: The first step at which trials are stopped.
    ///   - intervalSteps: Trials are stopped once in so many steps from there: at the first that they report of these.
    public static func median(startupTrials: Int = 5, warmupSteps: Int = 0, intervalSteps: Int = 1) -> PrunerChoice {
        percentile(50, startupTrials: startupTrials, warmupSteps: warmupSteps, intervalSteps: intervalSteps)
    }

    /// A trial ends when the best that it has reported is not among the best `percentile` in a hundred of what others had
    /// reported at its step. Optuna's `PercentilePruner`; other parameters as of `median`.
    public static func percentile(
        _ percentile: Double, startupTrials: Int = 5, warmupSteps: Int = 0, intervalSteps: Int = 1
    ) -> PrunerChoice {
        guard (0...100).contains(percentile), startupTrials >= 0, warmupSteps >= 0, intervalSteps > 0 else {
            fatalError("percentile pruning: \(percentile) in a hundred, every \(intervalSteps)-th step")
        }
        return PrunerChoice {
            PercentilePruner(
                share: percentile / 100, startupTrials: startupTrials, warmupSteps: warmupSteps,
                intervalSteps: intervalSteps)
        }
    }

    /// Only the best of each `reductionFactor` trials go on to `reductionFactor` times as many steps, from `minResource` on.
    ///
    /// Source: Li et al., "A system for massively parallel hyperparameter tuning" (ASHA), 2018
    /// (<https://arxiv.org/abs/1810.05934>). Optuna's `SuccessiveHalvingPruner`.
    public static func successiveHalving(minResource: Int = 1, reductionFactor: Int = 4) -> PrunerChoice {
        guard minResource > 0, reductionFactor > 1 else {
            fatalError("successive halving: from \(minResource) steps by a factor of \(reductionFactor)")
        }
        return PrunerChoice { SuccessiveHalvingPruner(minResource: minResource, reductionFactor: reductionFactor) }
    }
}

private struct NoPruner: Pruner {
    func prunes(_ trial: TrialRecord, _ history: History) -> Bool { false }
}

private struct PercentilePruner: Pruner {
    let share: Double
    let startupTrials: Int
    let warmupSteps: Int
    let intervalSteps: Int

    func prunes(_ trial: TrialRecord, _ history: History) -> Bool {
        guard let last = trial.lastReport, last.step >= warmupSteps, isFirst(last.step, trial) else { return false }
        let complete = history.trials.filter { $0.state == .complete }
        guard !complete.isEmpty, complete.count >= startupTrials else { return false }
        let reports = trial.reports.values.filter { !$0.isNaN }
        let isMinimized = history.directions[0] == .minimize
        guard let own = isMinimized ? reports.min() : reports.max() else { return true }
        let others = complete.compactMap { $0.reports[last.step] }.filter { !$0.isNaN }.sorted()
        guard let limit = quantile(others, isMinimized ? share : 1 - share) else { return false }
        return isMinimized ? own > limit : own < limit
    }

    /// True for the first report of an interval, whichever of its steps that is.
    private func isFirst(_ step: Int, _ trial: TrialRecord) -> Bool {
        // Steps may be any whole numbers, as a file has them.
        let (distance, overflow) = step.subtractingReportingOverflow(warmupSteps)
        guard !overflow else { return true }
        let start = step - distance % intervalSteps
        return trial.reports.keys.allSatisfy { $0 < start || $0 == step }
    }

    /// Between the two values next to the place, in proportion, from the nearer one as NumPy does it: with an infinite value
    /// there may be none.
    private func quantile(_ sorted: [Double], _ share: Double) -> Double? {
        guard !sorted.isEmpty else { return nil }
        let place = share * Double(sorted.count - 1)
        let (below, above) = (sorted[Int(place)], sorted[min(Int(place) + 1, sorted.count - 1)])
        let part = place - place.rounded(.down)
        return part < 0.5 ? below + part * (above - below) : above - (1 - part) * (above - below)
    }
}

private struct SuccessiveHalvingPruner: Pruner {
    let minResource: Int
    let reductionFactor: Int

    func prunes(_ trial: TrialRecord, _ history: History) -> Bool {
        guard let last = trial.lastReport else { return false }
        let direction = history.directions[0]
        var rung = minResource
        while rung <= last.step {
            // A rung is decided with the first report at or behind it.
            if first(trial, from: rung)?.step == last.step {
                let own = direction.cost(last.value)
                let others = history.trials.filter { $0.number != trial.number }.compactMap { first($0, from: rung) }
                let all = (others.map { direction.cost($0.value) } + [own]).filter { !$0.isNaN }.sorted()
                let place = max(all.count / reductionFactor - 1, 0)
                if own.isNaN || own > all[place] { return true }
            }
            let (next, overflow) = rung.multipliedReportingOverflow(by: reductionFactor)
            if overflow { break }
            rung = next
        }
        return false
    }

    private func first(_ trial: TrialRecord, from rung: Int) -> (step: Int, value: Double)? {
        trial.reports.keys.filter { $0 >= rung }.min().map { (step: $0, value: trial.reports[$0]!) }
    }
}
