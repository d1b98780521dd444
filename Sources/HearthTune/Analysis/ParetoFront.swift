import HearthTensor

/// Trials of several values, compared in all of them.
package struct ParetoFront {
    private let directions: [Direction]

    package init(_ directions: [Direction]) { self.directions = directions }

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

    /// The `count` best trials: those that none surpasses, then those that none of the rest surpasses, and so on. Of a front
    /// that is too large for what is left, those that cover the most.
    package func best(_ count: Int, of trials: [TrialRecord]) -> [TrialRecord] {
        let all = trials.map(costs)
        var (chosen, left) = ([Int](), Array(trials.indices))
        while chosen.count < count, !left.isEmpty {
            let front = left.filter { i in !left.contains { Self.dominates(all[$0], all[i]) } }
            let room = count - chosen.count
            chosen +=
                front.count <= room ? front : Self.covering(front.map { all[$0] }, count: room).map { front[$0] }
            let taken = Set(front)
            left.removeAll { taken.contains($0) }
        }
        return chosen.map { trials[$0] }
    }

    /// The places of `count` points that together have the largest volume between them and a point that is a little worse than
    /// all, one after another the one that adds the most. As Optuna does it; source: Guerreiro, Fonseca and Paquete, "Greedy
    /// hypervolume subset selection in low dimensions", 2016.
    private static func covering(_ points: [[Double]], count: Int) -> [Int] {
        let finite = points[0].indices.map { axis in points.map { $0[axis] }.filter(\.isFinite) }
        // An infinite coordinate counts as the largest finite one.
        let points = points.map { point in
            zip(point, finite).map { x, known in min(max(x, known.min() ?? 0), known.max() ?? 0) }
        }
        let corner = points[0].indices.map { axis -> Double in
            let worst = points.map { $0[axis] }.max() ?? 0
            return worst == 0 ? 1e-12 : max(1.1 * worst, 0.9 * worst)
        }
        var chosen: [Int] = []
        var gains = points.map { volume([$0], to: corner) }
        while chosen.count < count {
            // The volume that a point adds only shrinks as others are chosen, so a gain computed earlier is an upper
            // bound.
            var best: (index: Int, gain: Double)?
            for index in points.indices.sorted(by: { (-gains[$0], $0) < (-gains[$1], $1) })
            where !chosen.contains(index) {
                if let best, gains[index] <= best.gain { break }
                let point = points[index]
                let covered = chosen.map { other in zip(points[other], point).map { max($0, $1) } }
                gains[index] = volume([point], to: corner) - volume(covered, to: corner)
                if best.map({ gains[index] > $0.gain }) ?? true { best = (index, gains[index]) }
            }
            guard let best else { break }
            chosen.append(best.index)
        }
        return chosen
    }

    /// The volume of all that some point surpasses, up to a corner.
    package static func volume(_ points: [[Double]], to corner: [Double]) -> Double {
        let points = points.filter { zip($0, corner).allSatisfy(<) }
        guard let axis = corner.indices.last, !points.isEmpty else { return 0 }
        guard axis > 0 else { return corner[0] - (points.map { $0[0] }.min() ?? corner[0]) }
        // The volume is summed over slices along the last axis; each is the volume, one dimension lower, of the points
        // below.
        let sorted = points.sorted { $0[axis] < $1[axis] }
        let ends = sorted.dropFirst().map { $0[axis] } + [corner[axis]]
        return zip(sorted, ends).enumerated().reduce(0) { sum, slice in
            let height = slice.element.1 - slice.element.0[axis]
            guard height > 0 else { return sum }
            let below = sorted[...slice.offset].map { Array($0[..<axis]) }
            return sum + height * volume(below, to: Array(corner[..<axis]))
        }
    }
}
