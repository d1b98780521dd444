import HearthFormats
import HearthTensor
import Testing

import HearthRuns

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// `hearth tune`, from the file of a space to the best options.
@Suite(.needsProgram) struct TuneTests {
    private static let space = """
        # what is tried
        lr: 1e-3..1e-1 log
        hidden: 8..64 log
        dropout: 0..0.4 step 0.2
        optimizer: [adam, sgd]
        weight_decay: 1e-6..1e-2 log if optimizer == sgd
        """

    private func write(_ text: String, _ path: String) throws { try AtomicFile.write(Array(text.utf8), to: path) }

    @Test(arguments: ["tpe", "gp", "sobol", "random"]) func findsGoodOptions(sampler: String) throws {
        try withTemporaryFolder { folder in
            try write(Self.space, "\(folder)/space.yaml")
            let result = try Program.run(
                "tune digits --trials 14 --epochs 3 --json --parallel 2 --sampler \(sampler)",
                ["--space", "\(folder)/space.yaml", "--best", "\(folder)/best.yaml"], in: folder)
            #expect(result.status == 0, "\(result.errors)")
            let json = try result.json
            #expect(json["best"]?.double ?? 0 > 0.85, "\(result.output)")
            #expect((json["complete"]?.int ?? 0) + (json["pruned"]?.int ?? 0) == 14)
            let trained = try Program.run(
                "train --json", ["--config", "\(folder)/best.yaml", "--out", "\(folder)/run"], in: folder)
            #expect(trained.status == 0, "\(trained.errors)")
            let config = try text(of: "\(folder)/run/config.yaml")
            #expect(config.contains("hidden: [\(json["parameters"]?["hidden"]?.int ?? 0)]"))
        }
    }

    /// After which line, with how many trials and how many at a time, the program is killed: in the middle, in the last trial,
    /// and in the last two.
    @Test(
        .enabled(if: NativeLibrary.sqlite.isFound, "needs SQLite"),
        arguments: [("trial 2 ", 12, 1), ("trial 10 ", 12, 1), ("trial 1 ", 4, 2)])
    func goesOnAfterAKill(line: String, trials: Int, parallel: Int) throws {
        try withTemporaryFolder { folder in
            try write(Self.space, "\(folder)/space.yaml")
            let options = "tune digits --trials \(trials) --epochs 40 --pruner none --parallel \(parallel)"
            let more = ["--space", "\(folder)/space.yaml", "--storage", "\(folder)/study.sqlite"]
            let program = try Program(options, more, in: folder)
            program.waitForErrors(containing: line)
            program.send(SIGKILL)
            #expect(try program.wait().status == 128 + SIGKILL)
            let again = try Program.run(options, more + ["--json"], in: folder)
            #expect(again.status == 0, "\(again.errors)")
            let json = try again.json
            // What was under way is marked, and its options are tried again.
            #expect(json["complete"]?.int == trials && json["failed"]?.int ?? 9 <= parallel, "\(again.output)")
            #expect(json["running"]?.int == 0 && json["waiting"]?.int == 0)
            // Enough are there, so the third time nothing is trained.
            let third = try Program.run(options, more + ["--json"], in: folder)
            #expect(third.status == 0 && third.output == again.output)
        }
    }

    @Test(.enabled(if: NativeLibrary.sqlite.isFound, "needs SQLite")) func oneOfTwoProgramsIsKilled() throws {
        try withTemporaryFolder { folder in
            try write(Self.space, "\(folder)/space.yaml")
            let options = "tune digits --trials 8 --epochs 40 --pruner none --json"
            let more = ["--space", "\(folder)/space.yaml", "--storage", "\(folder)/study.sqlite"]
            let first = try Program("tune digits --trials 8 --epochs 40 --pruner none", more, in: folder)
            let second = try Program(options, more, in: folder)
            first.waitForErrors(containing: "trial ")
            first.send(SIGKILL)
            #expect(try first.wait().status == 128 + SIGKILL)
            // The other one does what is left, the trial of the first included.
            let result = try second.wait()
            #expect(result.status == 0, "\(result.errors)")
            let json = try result.json
            #expect(json["complete"]?.int == 8 && json["failed"]?.int ?? 9 <= 1, "\(result.output)")
            #expect(json["running"]?.int == 0 && json["waiting"]?.int == 0)
        }
    }

    @Test(.enabled(if: NativeLibrary.sqlite.isFound, "needs SQLite")) func anInterruptionInTheFirstTrialIsNoError()
        throws
    {
        try withTemporaryFolder { folder in
            try write(Self.space, "\(folder)/space.yaml")
            let more = ["--space", "\(folder)/space.yaml", "--storage", "\(folder)/study.sqlite"]
            let program = try Program("tune digits --trials 2 --epochs 100000", more, in: folder)
            for _ in 0..<1000 where !exists("\(folder)/study.sqlite-wal") { usleep(10_000) }
            usleep(300_000)
            program.send(SIGINT)
            let result = try program.wait()
            #expect(result.status == 130 && result.errors.contains("the same command goes on"), "\(result.errors)")
            let again = try Program.run("tune digits --trials 2 --epochs 1 --json", more, in: folder)
            #expect(again.status == 0, "\(again.errors)")
            #expect(try again.json["complete"]?.int == 2 && again.json["failed"]?.int == 0)
        }
    }

    @Test func aGridHasEveryCombination() throws {
        try withTemporaryFolder { folder in
            try write("hidden: 8..16 step 8\nlr: [0.1, 0.01]\ndropout: 0..0.4 step 0.2", "\(folder)/space.yaml")
            let options = "tune digits --epochs 1 --json --sampler grid --pruner none"
            let result = try Program.run(options, ["--space", "\(folder)/space.yaml"], in: folder)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try result.json["complete"]?.int == 12)
            for (line, reason) in [
                ("hidden: 8..16", "a list or a step"), ("lr: 0.1..1", "a list or a step"),
                ("optimizer: [adam, sgd]\nlr: [0.1, 1] if optimizer == sgd", "condition"),
            ] {
                try write(line, "\(folder)/space.yaml")
                let refused = try Program.run(options, ["--space", "\(folder)/space.yaml"], in: folder)
                #expect(refused.status != 0 && refused.errors.contains(reason), "\(refused.errors)")
            }
        }
    }

    @Test func listsHaveConditions() throws {
        try withTemporaryFolder { folder in
            try write(
                "optimizer: [adam, sgd]\nweight_decay: [0, 1e-3] if optimizer == sgd  # not with adam",
                "\(folder)/space.yaml")
            let result = try Program.run(
                "tune digits --trials 8 --epochs 1 --sampler random", ["--space", "\(folder)/space.yaml"], in: folder)
            #expect(result.status == 0, "\(result.errors)")
            let lines = result.errors.split(separator: "\n").filter { $0.hasPrefix("trial ") }
            #expect(lines.count == 8 && lines.allSatisfy { $0.contains("sgd") == $0.contains("weight_decay") })
        }
    }

    @Test(.enabled(if: NativeLibrary.sqlite.isFound, "needs SQLite")) func aStudyHasAPage() throws {
        try withTemporaryFolder { folder in
            try write(Self.space, "\(folder)/space.yaml")
            let (storage, page) = ("\(folder)/study.sqlite", "\(folder)/page.html")
            let result = try Program.run(
                "tune digits --trials 4 --epochs 2 --json",
                ["--space", "\(folder)/space.yaml", "--storage", storage, "--report", page], in: folder)
            #expect(result.status == 0, "\(result.errors)")
            let again = try Program.run("report --study", [storage, "--out", "\(folder)/again.html"], in: folder)
            #expect(again.status == 0, "\(again.errors)")
            for path in [page, "\(folder)/again.html"] {
                let html = try text(of: path)
                #expect(html.contains("<svg") && html.contains("Study digits") && html.contains("weight_decay"))
            }
        }
    }

    @Test(arguments: [
        ("epochs: 1..5", "cannot be tuned"), ("lr: fast", "expected a range"),
        ("lr: 1..0.1", "the smaller number first"),
        ("lr: 0..1 log", "above 0"), ("hidden: 1.5..9", "'hidden'"), ("optimizer: [adam]", "two values or more"),
        ("optimizer: [adam, 7]", "cannot be 7"), ("lr: 0.1..1 linear", "comes nothing, 'log' or 'step NUMBER'"),
        ("lr: 0.1..1 if model == mlp", "in a line above"), ("lr: 0.1..1 log if", "if optimizer == adamw"),
        ("lr: 0.1..1 step 1e-30", "does not divide"), ("lr: 0.1..1 step inf", "does not divide"),
        ("lr: 0.1..1 step 2", "does not divide"), ("optimizer: [adam, sgd] if", "if optimizer == adamw"),
        ("# nothing", "no option to tune"), ("lr: 3", "expected a range"),
    ])
    func mistakesInASpaceAreNamed(line: String, reason: String) throws {
        try withTemporaryFolder { folder in
            try write(line, "\(folder)/space.yaml")
            let result = try Program.run("tune digits --trials 1", ["--space", "\(folder)/space.yaml"], in: folder)
            #expect(result.status != 0 && result.errors.contains(reason), "\(result.errors)")
            #expect(result.errors.contains("space.yaml"))
        }
    }

    @Test func otherFilesAreLeftAlone() throws {
        try withTemporaryFolder { folder in
            try write(Self.space, "\(folder)/space.yaml")
            let result = try Program.run(
                "tune digits --trials 1",
                ["--space", "\(folder)/space.yaml", "--storage", "\(folder)/space.yaml"], in: folder)
            #expect(result.status != 0 && result.errors.contains("space.yaml"))
            #expect(try text(of: "\(folder)/space.yaml") == Self.space)
            let nameless = try Program.run(
                "tune digits --trials 1", ["--space", "\(folder)/space.yaml", "--storage", ""], in: folder)
            #expect(nameless.status != 0 && nameless.errors.contains("--storage"))
        }
    }
}
