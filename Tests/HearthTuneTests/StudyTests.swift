import Synchronization
import Testing

import HearthTune

@Suite struct StudyTests {
    private struct Broken: Error {}

    /// Something that is so until it is not.
    private final class Flag: Sendable {
        private let state = Mutex(true)
        var isSet: Bool { state.withLock { $0 } }
        func clear() { state.withLock { $0 = false } }
    }

    @Test func findsTheBest() async throws {
        let study = try Study("a", direction: .maximize, sampler: .random(seed: 1))
        try await study.optimize(trials: 20) { trial in Double(trial.suggestInt("x", 0...100)) }
        let best = try #require(try study.bestTrial())
        #expect(try study.trials().count == 20 && best.value == (try study.trials().compactMap(\.value).max()))
        #expect(best.parameters["x"] == .int(Int(best.value!)))
        #expect(best.started! <= best.ended!)
    }

    @Test func aNameMeansTheSameWithinATrial() async throws {
        let study = try Study("a", sampler: .tpe(seed: 1))
        try await study.optimize(trials: 15) { trial in
            let x = trial.suggestFloat("x", 0...1)
            #expect(trial.suggestFloat("x", 0...1) == x)
            return x
        }
    }

    @Test func errorsEndATrialAndNotTheStudy() async throws {
        let study = try Study("a", sampler: .random(seed: 1))
        try await study.optimize(trials: 6) { trial in
            if trial.number == 1 { throw Broken() }
            if trial.number == 2 { return .nan }
            if trial.number == 3 { throw TrialPruned(step: 0) }
            return 1
        }
        let states = try study.trials().map(\.state)
        #expect(states == [.complete, .failed, .failed, .pruned, .complete, .complete])
        #expect(try study.trials()[1].notes["error"] == "Broken()")
    }

    @Test func parallelTrialsAreThatMany() async throws {
        let study = try Study("a", sampler: .tpe(seed: 1))
        let counts = Mutex((now: 0, most: 0))
        try await study.optimize(trials: 40, parallel: 4) { trial in
            counts.withLock { counts in
                counts.now += 1
                counts.most = max(counts.most, counts.now)
            }
            defer { counts.withLock { $0.now -= 1 } }
            try await Task.sleep(for: .milliseconds(3))
            return trial.suggestFloat("x", 0...1)
        }
        #expect(try study.trials().map(\.number) == Array(0..<40))
        #expect((2...4).contains(counts.withLock { $0.most }))
    }

    @Test func cancellingBeginsNoMore() async throws {
        let study = try Study("a", sampler: .random(seed: 1))
        let task = Task {
            try await study.optimize(trials: 100_000) { trial in
                try await Task.sleep(for: .milliseconds(1))
                return 0
            }
        }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        try await task.value
        let trials = try study.trials()
        #expect(trials.count < 1000 && trials.last.map { [.waiting, .complete].contains($0.state) } ?? true)
        #expect(trials.dropLast().allSatisfy { $0.state == .complete })
    }

    @Test func whatWasCancelledIsRunAgain() async throws {
        let study = try Study("a", sampler: .random(seed: 1))
        let isFirst = Flag()
        let objective: @Sendable (Trial) throws -> Double = { trial in
            let x = trial.suggestFloat("x", 0...1)
            if trial.number == 2, isFirst.isSet { throw CancellationError() }
            return x
        }
        try await study.optimize(untilTotal: 4) { try objective($0) }
        let before = try study.trials()
        #expect(before.map(\.state) == [.complete, .complete, .waiting])
        isFirst.clear()
        try await study.optimize(untilTotal: 4) { try objective($0) }
        let after = try study.trials()
        #expect(after.count == 4 && after.allSatisfy { $0.state == .complete })
        #expect(after[2].parameters == before[2].given)
    }

    @Test func givenParametersComeFirst() async throws {
        let study = try Study("a", sampler: .tpe(seed: 1))
        try study.enqueue(["x": .float(0.25), "unknown": .int(3)])
        try study.enqueue(["x": .float(99)])
        try await study.optimize(trials: 3) { $0.suggestFloat("x", 0...1) }
        let values = try study.trials().map { $0.value! }
        #expect(values[0] == 0.25 && values.allSatisfy { (0...1).contains($0) })
    }

    @Test func whatWasGivenOfAnotherKindIsTakenOrTold() async throws {
        let study = try Study("a", sampler: .random(seed: 1))
        try study.enqueue(["x": .int(2), "n": .float(3), "k": .category("z")])
        try await study.optimize(trials: 1) { trial in
            _ = trial.suggestCategorical("k", ["a", "b"])
            return trial.suggestFloat("x", 0...5) + Double(trial.suggestInt("n", 0...9))
        }
        let trial = try study.trials()[0]
        #expect(trial.value == 5 && trial.notes["given 'k'"] == "z is none of its values" && trial.notes.count == 1)
    }

    @Test(arguments: [1, 2, 16]) func neverMoreTrialsThanAsked(parallel: Int) async throws {
        // All reach for the last places at once.
        for _ in 0..<200 {
            let study = try Study("a", sampler: .random(seed: 1))
            try await study.optimize(untilTotal: 3, parallel: parallel) { $0.suggestFloat("x", 0...1) }
            #expect(try study.trials().count == 3)
        }
    }

    @Test func aWrongNumberOfValuesIsThrown() async throws {
        let study = try Study("a", directions: [.minimize, .maximize], sampler: .random(seed: 1))
        let error = await #expect(throws: StudyError.self) {
            try await study.optimize(trials: 3, values: { _ in [1] })
        }
        #expect(error?.description.contains("'a' gave 1 values") == true)
        #expect(try study.trials().map(\.state) == [.failed])
        // The study itself is none the worse.
        try await study.optimize(trials: 2, values: { _ in [1, 2] })
        #expect(try study.trials().map(\.state) == [.failed, .complete, .complete])
    }

    @Test func conditionsAreOrdinary() async throws {
        for sampler in [SamplerChoice.tpe(seed: 3), .gaussianProcess(seed: 3), .sobol(seed: 3), .random(seed: 3)] {
            let study = try Study("a", sampler: sampler)
            try await study.optimize(trials: 40) { trial in
                let rate = trial.suggestFloat("lr", 1e-4...1, log: true)
                guard trial.suggestCategorical("kind", ["a", "b"]) == "b" else { return rate }
                return rate + Double(trial.suggestInt("depth", 1...4, step: 1))
                    + trial.suggestFloat("m", 0...0.9, step: 0.3)
            }
            for trial in try study.trials() {
                #expect((trial.parameters["kind"] == .category("b")) == (trial.parameters["depth"] != nil))
            }
        }
    }

    @Test func theSameSeedGivesTheSameTrials() async throws {
        for sampler in [SamplerChoice.tpe(seed: 3), .gaussianProcess(seed: 3), .sobol(seed: 3), .random(seed: 3)] {
            var runs: [[Double]] = []
            for _ in 0..<2 {
                let study = try Study("a", sampler: sampler)
                try await study.optimize(trials: 25) { trial in
                    let x = trial.suggestFloat("x", -1...1)
                    return x * x + Double(trial.suggestInt("n", 0...5))
                }
                runs.append(try study.trials().map { $0.value! })
            }
            #expect(runs[0] == runs[1])
        }
    }

    @Test func learningBeatsChance() async throws {
        func best(_ sampler: SamplerChoice) async throws -> Double {
            let study = try Study("a", sampler: sampler)
            try await study.optimize(trials: 50) { trial in
                (0..<4).reduce(0) { sum, i in
                    let x = trial.suggestFloat("x\(i)", -2...2) - 0.3
                    return sum + x * x
                }
            }
            return try study.bestTrial()!.value!
        }
        func median(_ make: (UInt64) -> SamplerChoice) async throws -> Double {
            var values: [Double] = []
            for seed in 0..<5 { values.append(try await best(make(UInt64(seed)))) }
            return values.sorted()[2]
        }
        let chance = try await median { .random(seed: $0) }
        #expect(try await median { .tpe(seed: $0) } < chance)
        #expect(try await median { .gaussianProcess(seed: $0) } < chance / 10)
    }

    @Test func aGridIsComplete() async throws {
        let study = try Study(
            "a", sampler: .grid(["x": [.int(1), .int(2), .int(3)], "k": [.category("a"), .category("b")]], seed: 1))
        try await study.optimize(trials: 12) { trial in
            Double(trial.suggestInt("x", 1...3)) + (trial.suggestCategorical("k", ["a", "b"]) == "a" ? 0 : 10)
        }
        let values = try study.trials().map { $0.value! }
        #expect(Set(values.prefix(6)) == [1, 2, 3, 11, 12, 13] && Set(values.suffix(6)) == Set(values.prefix(6)))
        #expect(throws: StudyError.self) { try Study("b", sampler: .grid(["x": []])) }
        let large = Dictionary(uniqueKeysWithValues: (0..<64).map { ("x\($0)", [ParameterValue.int(0), .int(1)]) })
        #expect(throws: StudyError.self) { try Study("b", sampler: .grid(large)) }
    }

    @Test func whatIsRunAgainKeepsItsPlaceInTheGrid() async throws {
        let study = try Study("a", sampler: .grid(["x": (0..<6).map { .int($0) }, "y": [.int(0), .int(1)]], seed: 1))
        try study.enqueue(["x": .int(0), "y": .int(0)])
        let cancelled = Mutex(Set<Int>())
        let objective: @Sendable (Trial) throws -> Double = { trial in
            func cancelOnce(_ number: Int) throws {
                guard trial.number == number else { return }
                if cancelled.withLock({ $0.insert(number).inserted }) { throw CancellationError() }
            }
            // Before it has asked for anything, and before it has asked for all.
            try cancelOnce(2)
            let x = trial.suggestInt("x", 0...5)
            try cancelOnce(5)
            return Double(2 * x + trial.suggestInt("y", 0...1))
        }
        for _ in 0..<3 { try await study.optimize(untilTotal: 13) { try objective($0) } }
        #expect(Set(try study.trials().dropFirst().map { $0.value! }) == Set((0..<12).map(Double.init)))
    }

    @Test func aGridOfOtherValuesIsThrown() async throws {
        let study = try Study("a", sampler: .grid(["x": [.int(1), .int(7)]]))
        let error = await #expect(throws: StudyError.self) {
            try await study.optimize(trials: 2) { Double($0.suggestInt("x", 1...3)) }
        }
        #expect(error?.description.contains("grid's 7 is no value of 'x'") == true)
        #expect(try study.trials().last?.state == .failed)
        let whole = try Study("b", sampler: .grid(["x": [.int(1), .int(2)]]))
        try await whole.optimize(trials: 2) { $0.suggestFloat("x", 0...3) }
        #expect(Set(try whole.trials().map { $0.value! }) == [1, 2])
    }

    @Test func namesNeverShareADimension() async throws {
        // Many parameters, asked for in another order than that of names, while other trials ask for them too.
        let names = (0..<12).map { "x\($0)" }.reversed()
        for round in 0..<10 {
            let study = try Study("a", sampler: .sobol(seed: UInt64(round)))
            try await study.optimize(trials: 16, parallel: 8) { trial in
                for name in names {
                    _ = trial.suggestFloat(name, 0...1)
                    await Task.yield()
                }
                return 0
            }
            for trial in try study.trials() { #expect(Set(trial.parameters.values).count == names.count) }
        }
        // The same, one after another: the second trial asks while the first is half done.
        let sampler = SobolSampler(seed: 1)
        let unit = Distribution.float(low: 0, high: 1, step: nil, log: false)
        var (first, second) = (TrialRecord(number: 0, state: .running), TrialRecord(number: 1, state: .running))
        func history() -> History { History(directions: [.minimize], trials: [first, second]) }
        second.parameters["b"] = sampler.alone("b", unit, second, history())
        first.parameters = ["a": .float(0), "b": .float(0)]
        second.parameters["a"] = sampler.alone("a", unit, second, history())
        #expect(second.parameters["a"] != second.parameters["b"])
    }

    @Test(arguments: [SamplerChoice.tpe(seed: 3), .gaussianProcess(seed: 3)])
    func aNameMayMeanOtherValuesInOtherTrials(sampler: SamplerChoice) async throws {
        let study = try Study("a", sampler: sampler)
        try await study.optimize(trials: 30, parallel: 3) { trial in
            // Trials under way ask for words where those that have ended asked for numbers, and the other way round.
            let isWord = trial.number % 15 > 11
            let x = isWord ? Double(trial.suggestCategorical("x", ["1", "2"]))! : trial.suggestFloat("x", 0...1)
            let y = trial.suggestFloat("y", 0...1)
            try await Task.sleep(for: .milliseconds(isWord ? 20 : 1))
            if isWord { throw Broken() }
            return x + y
        }
        #expect(try study.trials().allSatisfy { $0.state.isFinished })
    }

    @Test func severalDirectionsHaveAFront() async throws {
        let study = try Study("a", directions: [.minimize, .maximize], sampler: .tpe(seed: 2))
        try await study.optimize(
            trials: 60,
            values: { trial in
                let (x, y) = (trial.suggestFloat("x", 0...1), trial.suggestFloat("y", 0...1))
                return [x, x - y * y]
            })
        let (all, front) = (try study.trials(), try study.bestTrials())
        #expect(!front.isEmpty && front.count < all.count)
        for trial in front {
            #expect(!all.contains { $0.values[0] < trial.values[0] && $0.values[1] > trial.values[1] })
        }
    }
}
