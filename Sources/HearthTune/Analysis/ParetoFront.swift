/// Trials of several values, compared in all of them.
struct ParetoFront {
    private let directions: [Direction]

    init(_ directions: [Direction]) { self.directions = directions }

    private func costs(_ trial: TrialRecord) -> [Double] { zip(directions, trial.values).map { $0.cost($1) } }

    /// True when the first is as good everywhere and better somewhere.
    static func dominates(_ a: [Double], _ b: [Double]) -> Bool {
        zip(a, b).allSatisfy(<=) && zip(a, b).contains(where: <)
    }

    /// The trials that none surpasses.
    func front(of trials: [TrialRecord]) -> [TrialRecord] {
        let all = trials.map(costs)
        return trials.indices.filter { i in !all.contains { Self.dominates($0, all[i]) } }.map { trials[$0] }
    }

    /// The number of fronts that must be taken away before each trial is in one: 0 for the best.
    func ranks(of trials: [TrialRecord]) -> [Int] {
        let all = trials.map(costs)
        var ranks = [Int](repeating: -1, count: trials.count)
        var (rank, left) = (0, Array(trials.indices))
        while !left.isEmpty {
            let front = left.filter { i in !left.contains { Self.dominates(all[$0], all[i]) } }
            for i in front { ranks[i] = rank }
            left.removeAll { ranks[$0] >= 0 }
            rank += 1
        }
        return ranks
    }
}
