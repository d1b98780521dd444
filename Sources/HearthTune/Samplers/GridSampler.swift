import HearthTensor

extension SamplerChoice {
    /// Every combination of values once, in random order; then again. Optuna's `GridSampler`.
    ///
    ///     .grid(["lr": [.float(0.1), .float(0.01)], "optimizer": [.category("adam"), .category("sgd")]])
    ///
    /// A parameter that the grid does not name is chosen at random. A study of as many trials as there are combinations has
    /// seen all: trials that are run again after a cancellation or a crash keep theirs, and enqueued ones take none.
    public static func grid(_ values: [String: [ParameterValue]], seed: UInt64 = 0) -> SamplerChoice {
        SamplerChoice { try GridSampler(values: values, seed: seed) }
    }
}

struct GridSampler: Sampler {
    private let names: [String]
    private let values: [[ParameterValue]]
    private let seed: UInt64
    let combinations: Int

    init(values: [String: [ParameterValue]], seed: UInt64) throws {
        names = values.keys.sorted()
        self.values = names.map { values[$0]! }
        self.seed = seed
        if let empty = values.first(where: { $0.value.isEmpty })?.key {
            throw StudyError("the grid has no values for '\(empty)'")
        }
        combinations = try self.values.reduce(1) { product, values in
            let (product, isTooLarge) = product.multipliedReportingOverflow(by: values.count)
            guard !isTooLarge else { throw StudyError("the grid has more combinations than can be counted") }
            return product
        }
    }

    func alone(
        _ name: String, _ distribution: Distribution, _ trial: TrialRecord, _ history: History
    ) throws -> ParameterValue {
        guard let column = names.firstIndex(of: name) else {
            return RandomSampler(seed: seed).alone(name, distribution, trial, history)
        }
        let place = place(of: trial, history)
        let order = Permutation(of: combinations, seed: seed, number: place / combinations)
        var rest = order[place % combinations]
        for before in 0..<column { rest /= values[before].count }
        let value = values[column][rest % values[column].count]
        guard let taken = distribution.taking(value) else {
            throw StudyError("the grid's \(value) is no value of '\(name)', which is \(distribution)")
        }
        return taken
    }

    /// Which combination of the grid a trial has, counted from the first. A trial that is tried again has that of the first try.
    private func place(of trial: TrialRecord, _ history: History) -> Int {
        var first = trial
        while let number = first.retryOf, number < first.number { first = history.trials[number] }
        return history.trials.prefix(first.number).count { !$0.isEnqueued && $0.retries == 0 }
    }
}

/// The numbers before `count` in a random order, any of which is known without the others.
///
/// A network of Feistel's turns numbers of an even number of bits into each other; one that is too large is turned again until
/// it is not (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002).
package struct Permutation {
    private let count: Int
    private let half: UInt64
    private let keys: [UInt64]

    package init(of count: Int, seed: UInt64, number: Int) {
        self.count = count
        let bits = UInt64(Int.bitWidth - (count - 1).leadingZeroBitCount)
        half = max((bits + 1) / 2, 1)
        var random = RandomNumbers(seed, number, "permutation")
        keys = (0..<6).map { _ in random.next() }
    }

    package subscript(_ index: Int) -> Int {
        var number = UInt64(index)
        repeat { number = turned(number) } while number >= UInt64(count)
        return Int(number)
    }

    private func turned(_ number: UInt64) -> UInt64 {
        let mask = (1 as UInt64) << half - 1
        var (left, right) = (number >> half, number & mask)
        for key in keys {
            var random = RandomNumbers(key, Int(right), "half")
            (left, right) = (right, left ^ random.next() & mask)
        }
        return left << half | right
    }
}
