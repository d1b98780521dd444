import HearthData
import HearthNN
import HearthTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How the loss of a model answers to learning rates, from too small ones to too large ones.
///
///     let search = try await trainer.findLearningRate(loader)
///     optimizer.lr = search.suggestion ?? 1e-3
///
/// Source: Smith, "Cyclical Learning Rates for Training Neural Networks", 2017, section 3.3.
public struct LearningRateSearch: Sendable {
    /// The rates that were tried, each for one batch, and the losses, smoothed as `0.95 s + 0.05 l` and unbiased.
    public let points: [(rate: Double, loss: Double)]

    /// The rate at which the loss falls fastest by the logarithm of the rate; nil where it never falls.
    public var suggestion: Double? {
        // Neighbours on both sides make the slope; the first batches still say little.
        let slopes = points.indices.dropFirst(1).dropLast(1).map { i in
            (rate: points[i].rate, slope: points[i + 1].loss - points[i - 1].loss)
        }
        guard let steepest = slopes.min(by: { $0.slope < $1.slope }), steepest.slope < 0 else { return nil }
        return steepest.rate
    }
}

extension Trainer {
    /// Trains on up to `steps` batches with learning rates that grow from `low` to `high`, until the loss is four times
    /// the least; then puts the model, the optimizers and the place in training back. Throws what the data throws, and
    /// `TrainerError` when batches are not those of the trainer's closure.
    ///
    /// - Parameters:
    ///   - loader: Batches, walked through as often as needed.
    ///   - low: The first rate.
    ///   - high: The last rate.
    ///   - steps: How many rates are tried.
    public nonisolated(nonsending) func findLearningRate<Data: Dataset, Batch>(
        _ loader: DataLoader<Data, Batch>, from low: Double = 1e-6, to high: Double = 10, steps: Int = 100
    ) async throws -> LearningRateSearch {
        try step.check(Batch.self)
        require(0 < low && low < high && steps > 1, "findLearningRate", "\(steps) rates from \(low) to \(high)")
        let before = (weights: model.stateDict, states: optimizers.map(\.state), position: position, policy: onNaN)
        onNaN = .warn
        defer {
            onNaN = before.policy
            position = before.position
        }
        model.train()
        var points: [(rate: Double, loss: Double)] = []
        var smoothed = 0.0
        search: while points.count < steps {
            let count = points.count
            for try await batch in loader.walk(epoch: 0) {
                let share = Double(points.count) / Double(steps - 1)
                let rate = low * pow(high / low, share)
                optimizer.lr = rate
                let loss = try train(on: Batches.moved(batch, to: device), quietly: true)
                smoothed = 0.95 * smoothed + 0.05 * loss
                let unbiased = smoothed / (1 - pow(0.95, Double(points.count + 1)))
                guard unbiased.isFinite else { break search }
                points.append((rate, unbiased))
                let least = points.map(\.loss).min() ?? unbiased
                if points.count == steps || (points.count > 10 && unbiased > 4 * least) { break search }
            }
            guard points.count > count else { throw TrainerError("the loader has no batches") }
        }
        try model.loadStateDict(before.weights)
        for (optimizer, state) in zip(optimizers, before.states) { try optimizer.load(state) }
        return LearningRateSearch(points: points)
    }
}
