import HearthTensor
import Synchronization
import Testing

import HearthTune

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What becomes of trials whose programs have gone.
@Suite(.enabled(if: NativeLibrary.sqlite.isFound, "needs SQLite")) struct CrashTests {
    /// Takes a trial, and leaves it as a program that was killed does.
    @discardableResult private func crash(
        _ file: String, _ parameters: [String: ParameterValue] = [:], owner: String? = nil
    ) throws -> Int {
        let storage = try SQLiteStorage(file, study: "a", directions: [.minimize])
        var trial = try #require(try storage.begin(total: nil))
        trial.parameters = parameters
        for name in parameters.keys {
            trial.distributions[name] = .float(low: 0, high: 1, step: nil, log: false)
        }
        try storage.update(trial)
        var host = [CChar](repeating: 0, count: 256)
        gethostname(&host, 255)
        let name = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        try Database(file, .existing).run(
            "UPDATE trials SET owner = ? WHERE number = ?", .text(owner ?? "\(name) 999999999 word"),
            .int(trial.number))
        return trial.number
    }

    private func run(_ file: String, untilTotal total: Int, maxRetries: Int = 1) async throws -> [TrialRecord] {
        let study = try Study("a", storage: file, sampler: .random(seed: 1), maxRetries: maxRetries)
        try await study.optimize(untilTotal: total) { trial in
            trial.suggestFloat("x", 0...1) + trial.suggestFloat("y", 0...1)
        }
        return try study.trials()
    }

    @Test func theyAreMarkedAndTriedAgain() async throws {
        try await withFile { file in
            _ = try await run(file, untilTotal: 2)
            try crash(file, ["x": .float(0.125)])
            let trials = try await run(file, untilTotal: 5)
            #expect(trials.map(\.state) == [.complete, .complete, .failed, .complete, .complete, .complete])
            #expect(trials[2].notes["error"]?.contains("gone") == true)
            #expect(trials[3].parameters["x"] == .float(0.125) && trials[3].retries == 1 && trials[3].retryOf == 2)
        }
    }

    @Test func theLastOneIsTriedAgainToo() async throws {
        try await withFile { file in
            _ = try await run(file, untilTotal: 3)
            try crash(file)
            let trials = try await run(file, untilTotal: 4)
            #expect(trials.map(\.state) == [.complete, .complete, .complete, .failed, .complete])
            #expect(try await run(file, untilTotal: 4).count == 5)
        }
    }

    @Test func retriesAreUsedUp() async throws {
        try await withFile { file in
            // Each time it is found, it waits again, and crashes again.
            for number in 0..<3 {
                #expect(try crash(file, ["x": .float(0.5)]) == number)
                _ = try await run(file, untilTotal: 0, maxRetries: 2)
            }
            let trials = try await run(file, untilTotal: 2, maxRetries: 2)
            #expect(trials.map(\.state) == [.failed, .failed, .failed, .complete])
            #expect(trials.map(\.retries) == [0, 1, 2, 0] && trials.map(\.retryOf) == [nil, 0, 1, nil])
            #expect(trials[2].parameters["x"] == .float(0.5))
        }
    }

    @Test func whatWasGivenAndNotAskedForIsKept() async throws {
        try await withFile { file in
            try Study("a", storage: file).enqueue(["x": .float(0.25), "y": .float(0.75)])
            try crash(file, ["x": .float(0.25)])
            let trials = try await run(file, untilTotal: 1)
            #expect(trials.map(\.state) == [.failed, .complete] && trials[1].isEnqueued)
            #expect(trials[1].parameters == ["x": .float(0.25), "y": .float(0.75)])
        }
    }

    @Test func aGridIsCompleteInSpiteOfThem() async throws {
        try await withFile { file in
            let grid: [String: [ParameterValue]] = ["x": (0..<6).map { .int($0) }]
            for round in 0..<3 {
                let study = try Study("a", storage: file, sampler: .grid(grid, seed: 3), maxRetries: 9)
                try await study.optimize(untilTotal: 2 * round + 2) { Double($0.suggestInt("x", 0...5)) }
                // One has asked for nothing yet, so that its retry is told by the grid.
                if round < 2 { try crash(file) }
            }
            let trials = try Study.load(storage: file).trials()
            #expect(trials.compactMap(\.value).sorted() == [0, 1, 2, 3, 4, 5] && trials.count == 8)
        }
    }

    @Test func silenceForTooLongIsACrash() async throws {
        try await withFile { file in
            // Another machine: nothing is known of its programs.
            try crash(file, owner: "elsewhere 12 word realm 77")
            try crash(file, owner: "elsewhere 13 word realm 77")
            // However slow the test is.
            try Database(file, .existing).run("UPDATE trials SET beat = beat + 3600000")
            #expect(try await run(file, untilTotal: 2).map(\.state) == [.running, .running])
            try Database(file, .existing).run("UPDATE trials SET beat = beat - 3661000 WHERE number = 1")
            let trials = try await run(file, untilTotal: 2)
            #expect(trials.map(\.state) == [.running, .failed, .complete])
        }
    }

    @Test func aProgramThatLivesGivesSignsOfIt() async throws {
        try await withFile { file in
            let study = try Study("a", storage: file, sampler: .random(seed: 1), gracePeriod: .seconds(4))
            try await study.optimize(trials: 1) { trial in
                let database = try Database(file, .existing)
                try database.run("UPDATE trials SET beat = 0")
                for _ in 0..<500 where try database.run("SELECT beat FROM trials").first?.first == .int(0) {
                    try await Task.sleep(for: .milliseconds(10))
                }
                #expect(try database.run("SELECT beat FROM trials").first?.first?.int ?? 0 > 1_000_000)
                return 0
            }
            #expect(try Database(file, .existing).run("SELECT beat FROM trials").first?.first == .null)
        }
    }

    @Test func theyAreFoundWhileAStudyIsUnderWay() async throws {
        try await withFile { file in
            let study = try Study("a", storage: file, sampler: .random(seed: 1), gracePeriod: .milliseconds(40))
            try await study.optimize(untilTotal: 4) { trial in
                if trial.number == 1 {
                    try self.crash(file)
                    try await Task.sleep(for: .milliseconds(60))
                }
                return 0
            }
            #expect(try study.trials().map(\.state) == [.complete, .complete, .failed, .complete, .complete])
        }
    }

    @Test func thoseOfTheLastPlaceAreFoundAtTheEnd() async throws {
        try await withFile { file in
            let study = try Study("a", storage: file, sampler: .random(seed: 1))
            try await study.optimize(untilTotal: 3) { trial in
                if trial.number == 1 { try self.crash(file) }
                return 0
            }
            #expect(try study.trials().map(\.state) == [.complete, .complete, .failed, .complete])
        }
    }

    @Test func programsAreToldApart() throws {
        let own = Owner.current.split(separator: " ").map(String.init)
        #expect(own.count == 5 && !Owner.isGone(Owner.current))
        #expect(Owner.isGone("\(own[0]) \(own[1]) otherword \(own[3]) \(own[4])"))
        #expect(!Owner.isGone("elsewhere 999999999 word") && Owner.isGone("\(own[0]) 999999999 word"))
        #if os(Linux)
            let parent = getppid()
            #expect(!Owner.isGone("\(own[0]) \(parent) word"))
            // Its number was that of a program that was started at another time.
            #expect(Owner.isGone("\(own[0]) \(parent) word \(own[3]) 1"))
            // In another container, or before the machine was started again, numbers mean other programs.
            #expect(!Owner.isGone("\(own[0]) 999999999 word otherboot/pid:[1] 1"))
            #expect(Owner.isGone("renamed 999999999 word \(own[3]) 1"))
        #endif
    }
}
