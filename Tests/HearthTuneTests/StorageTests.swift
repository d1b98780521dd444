import Dispatch
import HearthFormats
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

/// Studies in files.
@Suite(.enabled(if: NativeLibrary.sqlite.isFound, "needs SQLite")) struct StorageTests {
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
            #expect(trials.count == 40)
            #expect(try studies[1].trials().map(\.values) == trials.map(\.values))
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
            try Database(file, .create).run("CREATE TABLE others (x)")
            let before = try bytes(of: file)
            let foreign = #expect(throws: StudyError.self) { try Study("a", storage: file) }
            #expect(foreign?.description.contains("no study file") == true)
            #expect(throws: StudyError.self) { try Study.load(storage: file) }
            // As it was, to the last byte.
            #expect(try bytes(of: file) == before)
            #expect(throws: StudyError.self) { try Study("a", storage: "") }
            let missing = #expect(throws: StudyError.self) { try Study("a", storage: "/nonexistent/x.sqlite") }
            #expect(missing?.description.contains("/nonexistent/x.sqlite") == true)
        }
    }

    @Test func damagedTrialsAreTold() async throws {
        try await withFile { file in
            let study = try Study("a", storage: file)
            try await study.optimize(trials: 1) { _ in 1 }
            try Database(file, .existing).run("UPDATE trials SET record = '{', revision = 99")
            let error = #expect(throws: StudyError.self) { try Study("a", storage: file).trials() }
            #expect(error?.description.contains("damaged") == true)
        }
    }

    @Test func manyMayOpenANewFileAtOnce() async throws {
        // It takes some luck to be in each other's way.
        for _ in 0..<100 {
            try await withFile { file in
                let errors = Mutex<[String]>([])
                let waiting = Atomic<Int>(4)
                let group = DispatchGroup()
                for number in 0..<4 {
                    // A thread for each, since those of one queue are as many as the processors.
                    DispatchQueue(label: "opening \(number)").async(group: group) {
                        waiting.subtract(1, ordering: .relaxed)
                        while waiting.load(ordering: .relaxed) > 0 { sched_yield() }
                        do {
                            let study = try Study("study \(number % 2)", storage: file)
                            try study.enqueue(["x": .int(number)])
                        } catch { errors.withLock { $0.append("\(error)") } }
                    }
                }
                await withCheckedContinuation { done in group.notify(queue: .global()) { done.resume() } }
                let found = errors.withLock { $0 }
                #expect(found.isEmpty, "\(found)")
                for number in 0..<2 {
                    let trials = try Study("study \(number)", storage: file).trials()
                    #expect(trials.count == 2)
                }
            }
        }
    }

    @Test func theLargestNumbersComeBack() async throws {
        try await withFile { file in
            let study = try Study("a", storage: file, sampler: .random(seed: 1))
            let values = [0, 1 << 53, 1 << 53 + 1, .max, .min, .max - 1]
            for value in values { try study.enqueue(["x": .int(value), "unused": .float(.infinity)]) }
            try await study.optimize(trials: values.count + 1) { trial in
                _ = trial.suggestInt("seed", 0...Int.max)
                _ = trial.suggestInt("odd", .min...Int.max, step: 3)
                try trial.report(1, step: .max)
                return Double(trial.suggestInt("x", .min ... .max))
            }
            let trials = try Study.load(storage: file).trials()
            #expect(trials.prefix(values.count).map { $0.parameters["x"] } == values.map { .int($0) })
            let own = try study.trials()
            #expect(trials.map(\.parameters) == own.map(\.parameters))
            #expect(trials.map(\.distributions) == own.map(\.distributions) && trials[0].reports == [.max: 1])
        }
    }

    @Test func filesOfVersion1AreRead() async throws {
        try await withFile { file in
            try Self.makeVersion1(file)
            // However slow the test is.
            let hour = Duration.seconds(3600)
            let study = try Study.load(storage: file, sampler: .random(seed: 1), gracePeriod: hour)
            let before = try study.trials()
            #expect(before.map(\.state) == [.complete, .running, .waiting] && before[0].value == 0.5)
            #expect(before[0].distributions["seed"] == .int(low: 0, high: .max, step: 1, log: false))
            #expect(before[2].isEnqueued)
            // The program of the second was on another machine and may still run; then it has not been heard of for long.
            try await study.optimize(untilTotal: 3) { $0.suggestFloat("x", 0...1) }
            #expect(try study.trials().map(\.state) == [.complete, .running, .complete])
            try Database(file, .existing).run("UPDATE trials SET beat = beat - 3601000 WHERE number = 1")
            try await study.optimize(untilTotal: 3) { $0.suggestFloat("x", 0...1) }
            #expect(try study.trials().map(\.state) == [.complete, .failed, .complete, .complete])
        }
    }

    /// A file as the first programs wrote it, with a trial that has ended, one of another machine, and one that waits.
    private static func makeVersion1(_ file: String) throws {
        let database = try Database(file, .create)
        let record = """
            {"state": "complete", "values": [0.5], "parameters": {"x": {"float": 0.5}, "seed": {"int": 9}}, \
            "distributions": {"x": {"kind": "float", "low": 0, "high": 1, "step": null, "log": false}, \
            "seed": {"kind": "int", "low": 0, "high": 9.223372036854776e+18, "step": 1, "log": false}}, \
            "reports": [[1, 0.25]], "given": {}, "notes": {}, "started": 1, "ended": 2, "retries": 0}
            """
        let waiting =
            #"{"state": "waiting", "values": [], "reports": [], "given": {"x": {"float": 0.75}}, "notes": {}}"#
        let running = #"{"state": "running", "values": [], "reports": [], "given": {}, "notes": {}}"#
        for line in [
            "PRAGMA journal_mode = WAL", "PRAGMA application_id = 1215583092", "PRAGMA user_version = 1",
            "CREATE TABLE studies (id INTEGER PRIMARY KEY, name TEXT UNIQUE, directions TEXT NOT NULL)",
            """
            CREATE TABLE trials (study INTEGER NOT NULL, number INTEGER NOT NULL, state TEXT NOT NULL, owner TEXT,
                revision INTEGER NOT NULL, record TEXT NOT NULL, PRIMARY KEY (study, number))
            """, "CREATE INDEX changes ON trials (study, revision)", "INSERT INTO studies VALUES (1, 'a', 'minimize')",
            "INSERT INTO trials VALUES (1, 0, 'complete', NULL, 1, '\(record)')",
            "INSERT INTO trials VALUES (1, 1, 'running', 'elsewhere 1 word', 2, '\(running)')",
            "INSERT INTO trials VALUES (1, 2, 'waiting', NULL, 3, '\(waiting)')",
        ] { try database.run(line) }
    }

    @Test func aStudyThatCannotBeStoredLeavesNoTrialRunning() async throws {
        try await withFile { file in
            let study = try Study("a", storage: file, sampler: .random(seed: 1))
            // What a full disk would do to one trial.
            try Database(file, .existing).run(
                """
                CREATE TRIGGER full BEFORE UPDATE ON trials WHEN NEW.record LIKE '%"x"%' AND NEW.state <> 'failed'
                BEGIN SELECT RAISE(ABORT, 'the disk is full'); END
                """)
            let error = await #expect(throws: StudyError.self) {
                try await study.optimize(trials: 2) { $0.suggestFloat("x", 0...1) }
            }
            #expect(error?.description.contains("the disk is full") == true)
            #expect(try study.trials().map(\.state) == [.failed])
            try Database(file, .existing).run("DROP TRIGGER full")
            try await study.optimize(trials: 2) { $0.suggestFloat("x", 0...1) }
            #expect(try study.trials().map(\.state) == [.failed, .complete, .complete])
        }
    }

    private func bytes(of file: String) throws -> [UInt8] {
        let source = try ByteSource(path: file)
        return try source.bytes(at: 0, count: source.byteCount)
    }
}
