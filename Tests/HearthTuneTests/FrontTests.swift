import Testing

import HearthTune

/// Trials of several values.
@Suite struct FrontTests {
    private let plane = ParetoFront([.minimize, .minimize])

    private func trials(_ values: [[Double]]) -> [TrialRecord] {
        values.enumerated().map { number, values in
            var trial = TrialRecord(number: number, state: .complete)
            trial.values = values
            return trial
        }
    }

    @Test func frontsComeOneAfterAnother() {
        let all = trials([[1, 1], [2, 2], [0, 3], [3, 3]])
        #expect(plane.best(2, of: all).map(\.number) == [0, 2])
        #expect(plane.best(3, of: all).map(\.number) == [0, 2, 1])
        #expect(plane.best(9, of: all).count == 4 && plane.best(2, of: []).isEmpty)
    }

    @Test func ofAFrontThoseThatCoverMostAreTaken() {
        // One in the middle covers most, then the far ones; those beside the first add little.
        let all = trials([[0, 10], [4.9, 5], [5, 4.8], [5.2, 4.7], [10, 0]])
        #expect(plane.best(1, of: all).map(\.number) == [2])
        #expect(Set(plane.best(3, of: all).map(\.number)) == [0, 2, 4])
        // Values without an end are worse or better than all others, and not more.
        let endless = trials([[-.infinity, 3], [1, 2], [2, 1], [3, -.infinity]])
        #expect(plane.best(2, of: endless).count == 2)
        #expect(plane.best(1, of: trials([[.infinity, -.infinity], [-.infinity, .infinity]])).count == 1)
    }

    @Test func volumesAreThoseOfBoxes() {
        #expect(ParetoFront.volume([[1]], to: [3]) == 2)
        #expect(ParetoFront.volume([[0, 2], [1, 1], [2, 0], [2, 2]], to: [3, 3]) == 6)
        #expect(ParetoFront.volume([[0, 0, 1], [1, 1, 0]], to: [2, 2, 2]) == 5)
        #expect(ParetoFront.volume([[5, 0]], to: [3, 3]) == 0)
    }

    @Test func twoValuesAreLearnedFaster() async throws {
        // Zitzler, Deb and Thiele's first problem with four parameters.
        func volume(_ sampler: SamplerChoice) async throws -> Double {
            let study = try Study("a", directions: [.minimize, .minimize], sampler: sampler)
            try await study.optimize(
                trials: 100,
                values: { trial in
                    let x = (0..<4).map { trial.suggestFloat("x\($0)", 0...1) }
                    let g = 1 + 9 * x[1...].reduce(0, +) / 3
                    return [x[0], g * (1 - (x[0] / g).squareRoot())]
                })
            return ParetoFront.volume(try study.bestTrials().map(\.values), to: [1.1, 6])
        }
        func median(_ make: (UInt64) -> SamplerChoice) async throws -> Double {
            var values: [Double] = []
            for seed in 0..<7 { values.append(try await volume(make(UInt64(seed)))) }
            return values.sorted()[3]
        }
        let (chance, learned) = (try await median { .random(seed: $0) }, try await median { .tpe(seed: $0) })
        #expect(learned > chance + 0.5, "\(learned) and \(chance) by chance")
    }
}
