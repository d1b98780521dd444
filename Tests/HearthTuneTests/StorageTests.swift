import HearthTensor
import Testing

@testable import HearthTune

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Studies in files.
@Suite(.enabled(if: NativeLibrary.sqlite.isFound, "needs SQLite")) struct StorageTests {
    private func withFile(_ body: (String) async throws -> Void) async throws {
        var template = Array("/tmp/hearth-tune-XXXXXX".utf8CString)
        let folder = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
        defer {
            for ending in ["", "-wal", "-shm"] { unlink("\(folder)/study.sqlite\(ending)") }
            rmdir(folder)
        }
        try await body("\(folder)/study.sqlite")
    }

    @Test func aStudyGoesOnWhereItWas() async throws {
        try await withFile { file in
            func run(_ trials: Int) async throws -> [TrialRecord] {
                let study = try Study(
                    "a", storage: file, direction: .maximize, sampler: .tpe(seed: 4), pruner: .median())
                try await study.optimize(trials: trials) { trial in
                    let x = trial.suggestFloat("x", 0...1)
                    if trial.suggestCategorical("k", ["a", "b"]) == "b" { trial.note("who", "b") }
                    try trial.report(x, step: 1)
                    return trial.number == 3 ? .infinity : x + Double(trial.suggestInt("n", 1...1000, log: true))
                }
                return try study.trials()
            }
            _ = try await run(12)
            let all = try await run(13)
            let memory = try Study("a", direction: .maximize, sampler: .tpe(seed: 4), pruner: .median())
            try await memory.optimize(trials: 25) { trial in
                let x = trial.suggestFloat("x", 0...1)
                _ = trial.suggestCategorical("k", ["a", "b"])
                try trial.report(x, step: 1)
                return trial.number == 3 ? .infinity : x + Double(trial.suggestInt("n", 1...1000, log: true))
            }
            // The same as without stopping, and as in memory.
            let expected = try memory.trials()
            #expect(all.count == 25 && all.map(\.values) == expected.map(\.values))
            #expect(all.map(\.parameters) == expected.map(\.parameters) && all.map(\.state) == expected.map(\.state))
            #expect(
                all.map(\.distributions) == expected.map(\.distributions)
                    && all.map(\.reports) == expected.map(\.reports))
            #expect(all.contains { $0.notes["who"] == "b" })
        }
    }

    @Test func severalStudiesShareAFile() async throws {
        try await withFile { file in
            let first = try Study("first", storage: file, sampler: .random(seed: 1))
            let second = try Study("second", storage: file, direction: .maximize, sampler: .random(seed: 2))
            try await first.optimize(trials: 3) { $0.suggestFloat("x", 0...1) }
            try await second.optimize(trials: 2) { $0.suggestFloat("x", 0...1) }
            #expect(try first.trials().count == 3 && (try second.trials().count) == 2)
            let error = #expect(throws: StudyError.self) { try Study("first", storage: file, direction: .maximize) }
            #expect(error?.description.contains("has the directions minimize, not maximize") == true)
        }
    }

    @Test func programsShareAStudy() async throws {
        try await withFile { file in
            // Two connections, as two programs have them.
            let studies = try (0..<2).map { try Study("a", storage: file, sampler: .tpe(seed: UInt64($0))) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for study in studies {
                    group.addTask {
                        try await study.optimize(untilTotal: 40, parallel: 2) { trial in
                            try await Task.sleep(for: .milliseconds(1))
                            return trial.suggestFloat("x", 0...1)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let trials = try studies[0].trials()
            #expect(trials.map(\.number) == Array(0..<trials.count) && trials.allSatisfy { $0.state == .complete })
            // Each may begin a last one that the other does not see yet.
            #expect((40...42).contains(trials.count))
            #expect(try studies[1].trials().map(\.values) == trials.map(\.values))
        }
    }

    @Test func crashedTrialsAreMarkedAndTriedAgain() async throws {
        try await withFile { file in
            let first = try Study("a", storage: file, sampler: .random(seed: 1))
            try await first.optimize(trials: 2) { $0.suggestFloat("x", 0...1) }
            // A trial as a program that was killed leaves it: running, of a process that is gone.
            let storage = try SQLiteStorage(file, study: "a", directions: [.minimize])
            var trial = try storage.begin()
            trial.parameters = ["x": .float(0.125)]
            trial.distributions = ["x": .float(low: 0, high: 1, step: nil, log: false)]
            try storage.update(trial)
            var host = [CChar](repeating: 0, count: 256)
            gethostname(&host, 255)
            let name = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            try Database(file).run("UPDATE trials SET owner = ? WHERE number = 2", .text("\(name) 999999999 word"))
            let second = try Study("a", storage: file, sampler: .random(seed: 1))
            try await second.optimize(untilTotal: 5) { $0.suggestFloat("x", 0...1) }
            let trials = try second.trials()
            #expect(trials.map(\.state) == [.complete, .complete, .failed, .complete, .complete])
            #expect(trials[2].notes["error"]?.contains("gone") == true)
            #expect(trials[3].parameters == ["x": .float(0.125)] && trials[3].retries == 1)
        }
    }

    @Test func filesOfOthersAreRefused() async throws {
        try await withFile { file in
            let handle = try #require(fopen(file, "wb"))
            fputs(String(repeating: "this is no database; ", count: 200), handle)
            fclose(handle)
            let damaged = #expect(throws: StudyError.self) { try Study("a", storage: file) }
            #expect(damaged?.description.contains(file) == true)
            unlink(file)
            try Database(file).run("CREATE TABLE others (x)")
            let foreign = #expect(throws: StudyError.self) { try Study("a", storage: file) }
            #expect(foreign?.description.contains("no study file") == true)
            let missing = #expect(throws: StudyError.self) { try Study("a", storage: "/nonexistent/x.sqlite") }
            #expect(missing?.description.contains("/nonexistent/x.sqlite") == true)
        }
    }

    @Test func damagedTrialsAreTold() async throws {
        try await withFile { file in
            let study = try Study("a", storage: file)
            try await study.optimize(trials: 1) { _ in 1 }
            try Database(file).run("UPDATE trials SET record = '{', revision = 99")
            let error = #expect(throws: StudyError.self) { try Study("a", storage: file).trials() }
            #expect(error?.description.contains("damaged") == true)
        }
    }
}
