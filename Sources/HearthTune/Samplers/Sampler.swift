import HearthTensor

/// What chooses the parameters of trials.
///
/// A sampler is a value that is made anew for each study; what it has learned is in the trials. It must give the same for
/// the same trials and the same number of the trial.
protocol Sampler: Sendable {
    /// Values that belong together, for names that a new trial is likely to ask for: those that all finished trials have had
    /// in common. Empty where the sampler looks at one name at a time.
    func together(_ history: History, number: Int) throws -> [String: ParameterValue]
    /// A value for one name. `trial` holds what was chosen in this trial already. Throws `StudyError` where there is no
    /// value.
    func alone(
        _ name: String, _ distribution: Distribution, _ trial: TrialRecord, _ history: History
    ) throws -> ParameterValue
}

extension Sampler {
    func together(_ history: History, number: Int) -> [String: ParameterValue] { [:] }
}

/// The trials so far, as samplers and pruners look at them.
package struct History: Sendable {
    let directions: [Direction]
    let trials: [TrialRecord]
    /// The names that were known when the calling trial began; they do not change while it runs.
    var met: [String]

    package init(directions: [Direction], trials: [TrialRecord], met: [String] = []) {
        (self.directions, self.trials, self.met) = (directions, trials, met)
    }

    /// The names that trials with smaller numbers have asked for, by trial, and in the order of names within a trial.
    func names(before number: Int) -> [String] {
        var names: [String] = []
        for trial in trials where trial.number < number {
            for name in trial.parameters.keys.sorted() where !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// Trials that ended with values, or were pruned after they had reported something.
    var finished: [TrialRecord] {
        trials.filter { $0.state == .complete || $0.state == .pruned && $0.lastReport != nil }
    }

    /// How bad a trial of one direction was, small being good.
    func cost(_ trial: TrialRecord) -> Double {
        switch trial.state {
        case .complete where trial.values.count == 1: directions[0].cost(trial.values[0])
        default: trial.lastReport.map { directions[0].cost($0.value) } ?? .infinity
        }
    }

    /// The names and values that all finished trials have in common, in the order of names.
    var commonSpace: [(name: String, distribution: Distribution)] {
        let known = trials.filter { $0.state.isFinished && $0.state != .failed && !$0.parameters.isEmpty }
        guard var space = known.first?.distributions else { return [] }
        for trial in known.dropFirst() { space = space.filter { trial.distributions[$0.key] == $0.value } }
        return space.filter { !$0.value.isSingle }.sorted { $0.key < $1.key }.map {
            (name: $0.key, distribution: $0.value)
        }
    }
}

/// How parameters are chosen: `.tpe(seed: 0)`.
public struct SamplerChoice: Sendable {
    let make: @Sendable () throws -> any Sampler

    init(_ make: @escaping @Sendable () throws -> any Sampler) { self.make = make }

    /// Every value alike.
    public static func random(seed: UInt64? = nil) -> SamplerChoice {
        let seed = seed ?? .random(in: 0...UInt64.max)
        return SamplerChoice { RandomSampler(seed: seed) }
    }
}

/// Every value alike.
struct RandomSampler: Sampler {
    let seed: UInt64

    func alone(
        _ name: String, _ distribution: Distribution, _ trial: TrialRecord, _ history: History
    ) -> ParameterValue {
        var random = RandomNumbers(seed, trial.number, name)
        return distribution.value(atShare: random.share())
    }
}

/// Random numbers for one purpose: they follow from a seed, the number of a trial and a name, so that trials in parallel and
/// after a resumption are what they would have been.
package struct RandomNumbers: RandomNumberGenerator {
    private var state: UInt64

    package init(_ seed: UInt64, _ number: Int, _ name: String) {
        // FNV-1a of the name, stirred with the numbers.
        let hash = name.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        state = seed ^ hash
        state = next() ^ UInt64(bitPattern: Int64(number))
        state = next()
    }

    /// The next number (SplitMix64; Steele, Lea and Flood, 2014).
    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }

    /// Uniform, from 0 to before 1.
    package mutating func share() -> Double { Double(next() >> 11) * 0x1p-53 }
}
