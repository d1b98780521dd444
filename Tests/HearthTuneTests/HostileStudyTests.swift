import HearthFormats
import HearthTensor
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

import HearthTune

/// Numbers in a study file that no program has written.
@Suite(.enabled(if: NativeLibrary.sqlite.isFound, "needs SQLite")) struct HostileStudyTests {
    private func withStudy(_ changes: String, _ body: (String) async throws -> Void) async throws {
        let path = "/tmp/hearth-hostile-\(UInt64.random(in: 0 ... .max)).sqlite"
        defer { for ending in ["", "-wal", "-shm"] { unlink(path + ending) } }
        let study = try Study("s", storage: path)
        try await study.optimize(trials: 3) { trial in Double(trial.number) }
        let database = try Database(path, .existing)
        try database.run(changes)
        try await body(path)
    }

    @Test(arguments: [
        "UPDATE trials SET number = -1 WHERE number = 0",
        "UPDATE trials SET number = 9223372036854775807 WHERE number = 2",
        "UPDATE trials SET number = 7 WHERE number = 2", "UPDATE trials SET number = 'x' WHERE number = 1",
        "UPDATE trials SET revision = 9223372036854775807 WHERE number = 1",
        "UPDATE trials SET revision = -9223372036854775808 WHERE number = 1", "UPDATE trials SET revision = 1e300",
        "UPDATE trials SET record = 'x' WHERE number = 0",
        "UPDATE trials SET record = replace(record, '\"retryOf\": null', '\"retryOf\": -5')",
        "UPDATE trials SET record = replace(record, '\"retryOf\": null', '\"retryOf\": 2')",
        "UPDATE trials SET record = replace(record, '\"retries\": 0', '\"retries\": -1')",
        "UPDATE trials SET state = 'running', owner = 'nobody', beat = -9223372036854775808",
        "UPDATE trials SET beat = 9223372036854775807, state = 'running', owner = 'nobody'",
        "DELETE FROM trials WHERE number = 0",
    ])
    func numbersAreChecked(change: String) async throws {
        try await withStudy(change) { path in
            // An error or a study that goes on; never a trap.
            do {
                let study = try Study("s", storage: path)
                try await study.optimize(trials: 5) { trial in Double(trial.suggestInt("x", 0...3)) }
                _ = try study.trials()
            } catch { #expect("\(error)".contains(path) || error is StudyError, "\(error)") }
        }
    }
}
