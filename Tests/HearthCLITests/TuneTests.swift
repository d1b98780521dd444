import HearthFormats
import HearthTensor
import Testing

@testable import HearthCLI

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

    @Test(.enabled(if: NativeLibrary.sqlite.isFound, "needs SQLite")) func goesOnAfterAKill() throws {
        try withTemporaryFolder { folder in
            try write(Self.space, "\(folder)/space.yaml")
            let options = "tune digits --trials 12 --epochs 40 --pruner none"
            let more = ["--space", "\(folder)/space.yaml", "--storage", "\(folder)/study.sqlite"]
            let program = try Program(options, more, in: folder)
            program.waitForErrors(containing: "trial 2 ")
            program.send(SIGKILL)
            #expect(try program.wait().status == 128 + SIGKILL)
            let again = try Program.run(options, more + ["--json"], in: folder)
            #expect(again.status == 0, "\(again.errors)")
            let json = try again.json
            // What was under way is marked, and its options are tried again.
            let (complete, failed) = (json["complete"]?.int ?? 0, json["failed"]?.int ?? 0)
            #expect(complete + failed == 12 && failed <= 1, "\(again.output)")
            #expect(json["running"]?.int == 0)
            // Enough are there, so the third time nothing is trained.
            let third = try Program.run(options, more + ["--json"], in: folder)
            #expect(third.status == 0 && third.output == again.output)
        }
    }

    @Test(arguments: [
        ("epochs: 1..5", "cannot be tuned"), ("lr: fast", "expected a range"),
        ("lr: 1..0.1", "the smaller number first"),
        ("lr: 0..1 log", "above 0"), ("hidden: 1.5..9", "'hidden'"), ("optimizer: [adam]", "two values or more"),
        ("optimizer: [adam, 7]", "cannot be 7"), ("lr: 0.1..1 linear", "comes nothing, 'log' or 'step NUMBER'"),
        ("lr: 0.1..1 if model == mlp", "in a line above"), ("lr: 0.1..1 log if", "if optimizer == adamw"),
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
        }
    }
}
