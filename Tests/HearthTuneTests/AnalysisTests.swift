import Testing

import HearthTune

@Suite struct AnalysisTests {
    @Test func whatMattersIsFound() async throws {
        let study = try Study("a", direction: .maximize, sampler: .random(seed: 5))
        try await study.optimize(trials: 120) { trial in
            let (a, b) = (trial.suggestFloat("a", 0...1), trial.suggestFloat("b", 1e-3...1, log: true))
            _ = trial.suggestFloat("nothing", 0...1)
            let bonus = trial.suggestCategorical("c", ["x", "y"]) == "x" ? 0.5 : 0
            return 3 * a * a + 0.2 * b + bonus
        }
        let analysis = try study.analysis()
        #expect(analysis.importance.map(\.name).first == "a" && analysis.importance[0].share > 0.6)
        let shares = Dictionary(uniqueKeysWithValues: analysis.importance.map { ($0.name, $0.share) })
        #expect(shares["c"]! > 0.02 && shares["nothing"]! < 0.05, "\(shares)")
        #expect(
            analysis.history.count == 120
                && zip(analysis.history, analysis.history.dropFirst()).allSatisfy { $0.best <= $1.best })
        #expect(analysis.history.last?.best == (try study.bestTrial()?.value))
        #expect(analysis.slices.map(\.name) == ["a", "b", "c", "nothing"] && analysis.slices[1].isLogarithmic)
        #expect(analysis.slices.allSatisfy { $0.points.count == 120 })
    }

    @Test func fewTrialsSayNothing() throws {
        let empty = Analysis([], [.minimize])
        #expect(empty.history.isEmpty && empty.importance.isEmpty && empty.slices.isEmpty)
    }
}
