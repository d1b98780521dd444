import HearthFormats
import Synchronization

/// Trials in a file of SQLite, which several programs may share.
///
/// Every change of a trial gets a number that is higher than all before it, so a reader fetches only the changes after
/// the last number that it has seen. While trials of this storage are under way, a heartbeat writes the time beside
/// them, so that other programs see that this one still runs.
package final class SQLiteStorage: StudyStorage {
    private let state: Mutex<State>
    private let gracePeriod: Duration

    private struct State {
        let database: Database
        let study: Int
        var trials: [TrialRecord] = []
        /// The number of the last change that `trials` has.
        var revision = 0
        /// The numbers of the trials that are under way here.
        var running: Set<Int> = []
        var heartbeat: Heartbeat?
    }

    /// Opens the study in the file at `path`, both made where they are missing. Throws `StudyError`.
    package init(_ path: String, study name: String, directions: [Direction], gracePeriod: Duration = .seconds(60))
        throws
    {
        let database = try Database(path, .create)
        try StudyFile.prepare(database)
        let wanted = directions.map(\.rawValue).joined(separator: ",")
        func find() throws -> [Database.Value]? {
            try database.run("SELECT id, directions FROM studies WHERE name = ?", .text(name)).first
        }
        // The study usually exists, and then no write lock is needed.
        let row =
            try find()
            ?? database.transaction {
                try database.run(
                    "INSERT OR IGNORE INTO studies (name, directions) VALUES (?, ?)", .text(name), .text(wanted))
                return try find()
            }
        guard let row, let id = row[0].int, let found = row[1].text else {
            throw StudyError("the study file '\(path)' has lost the study '\(name)'")
        }
        guard found == wanted else {
            throw StudyError("the study '\(name)' in '\(path)' has the directions \(found), not \(wanted)")
        }
        state = Mutex(State(database: database, study: id))
        self.gracePeriod = gracePeriod
    }

    private init(_ database: sending Database, study: Int, gracePeriod: Duration) {
        state = Mutex(State(database: database, study: study))
        self.gracePeriod = gracePeriod
    }

    /// The study of this name in the file at `path`, or the only one. Both must be there; the file need not be writable. Throws
    /// `StudyError`.
    static func found(
        _ name: String?, in path: String, gracePeriod: Duration
    ) throws -> (name: String, directions: [Direction], storage: SQLiteStorage) {
        let database = try Database(path, .existing)
        try StudyFile.prepare(database)
        let studies = try database.run("SELECT name, directions, id FROM studies ORDER BY id").map { row in
            let directions = row[1].text?.split(separator: ",").map { Direction(rawValue: String($0)) } ?? [nil]
            guard let name = row[0].text, directions.allSatisfy({ $0 != nil }), let id = row[2].int else {
                throw StudyError("the study file '\(path)' is damaged: a study cannot be read")
            }
            return (name: name, directions: directions.compactMap { $0 }, id: id)
        }
        guard let found = name == nil && studies.count == 1 ? studies[0] : studies.first(where: { $0.name == name })
        else {
            let names = studies.map { "'\($0.name)'" }.joined(separator: ", ")
            throw StudyError(
                name.map { "'\(path)' has no study '\($0)'; there are \(names)" }
                    ?? "'\(path)' has \(studies.count) studies; a name is needed: \(names)")
        }
        let storage = SQLiteStorage(database, study: found.id, gracePeriod: gracePeriod)
        return (found.name, found.directions, storage)
    }

    func trials() throws -> [TrialRecord] { try state.withLock { try Self.refresh(&$0) } }

    package func begin(total: Int?) throws -> TrialRecord? {
        try state.withLock { state in
            let number = try state.database.transaction { () -> Int? in
                let trials = try Self.refresh(&state)
                if let total, trials.taken >= total { return nil }
                var trial =
                    trials.first { $0.state == .waiting } ?? TrialRecord(number: trials.count, state: .running)
                trial.state = .running
                trial.started = Clock.now
                try Self.write(trial, owner: Owner.current, state)
                return trial.number
            }
            guard let number else { return nil }
            state.running.insert(number)
            if state.heartbeat == nil {
                let interval = max(min(gracePeriod / 4, .seconds(5)), .milliseconds(1))
                state.heartbeat = Heartbeat(every: interval) { [weak self] in self?.beat() }
            }
            let trials = try Self.refresh(&state)
            guard trials.indices.contains(number) else { throw Self.damage(state.database) }
            return trials[number]
        }
    }

    package func update(_ trial: TrialRecord) throws {
        try state.withLock { state in
            if trial.state != .running {
                // Removed even when storing fails: the heartbeat must not go on for a trial that no longer runs.
                state.running.remove(trial.number)
                if state.running.isEmpty { state.heartbeat = nil }
            }
            try state.database.transaction {
                // Another program may have concluded that this one has ended, and may have ended the trial.
                let found = try state.database.run(
                    "SELECT owner FROM trials WHERE study = ? AND number = ?", .int(state.study), .int(trial.number))
                guard found.first?.first?.text == Owner.current else { return }
                try Self.write(trial, owner: trial.state == .running ? Owner.current : nil, state)
            }
        }
    }

    func enqueue(_ given: [String: ParameterValue]) throws {
        try state.withLock { state in
            try state.database.transaction {
                let number = try Self.refresh(&state).count
                try Self.write(TrialRecord(number: number, enqueued: given), owner: nil, state)
            }
        }
    }

    func retryCrashed(maxRetries: Int) throws {
        try state.withLock { state in
            // There usually is no crashed trial, and finding that out needs no write lock.
            guard try !crashed(state).isEmpty else { return }
            // The trial is marked as failed and its retry is added in one transaction, so that a kill in between loses
            // neither.
            try state.database.transaction {
                let trials = try Self.refresh(&state)
                var number = trials.count
                for (crashed, owner) in try crashed(state) where trials.indices.contains(crashed) {
                    var trial = trials[crashed]
                    trial.state = .failed
                    trial.ended = Clock.now
                    trial.notes["error"] = "its program has gone (\(owner))"
                    try Self.write(trial, owner: nil, state)
                    guard trial.retries < maxRetries else { continue }
                    try Self.write(trial.retry(number: number), owner: nil, state)
                    number += 1
                }
            }
        }
    }

    /// The running trials whose programs are known to be gone, or were last heard of too long ago.
    private func crashed(_ state: borrowing State) throws -> [(number: Int, owner: String)] {
        let limit = Clock.milliseconds - Int(gracePeriod / .milliseconds(1))
        let rows = try state.database.run(
            "SELECT number, owner, beat FROM trials WHERE study = ? AND state = 'running'", .int(state.study))
        return rows.compactMap { row in
            guard let number = row[0].int, let owner = row[1].text, owner != Owner.current else { return nil }
            let isSilent = row[2].int.map { $0 < limit } ?? false
            return isSilent || Owner.isGone(owner) ? (number, owner) : nil
        }
    }

    /// Tells others that the trials under way are alive.
    private func beat() {
        state.withLock { state in
            // A beat that fails is ignored: others follow, and programs wait for several before they call this one
            // gone.
            _ = try? state.database.transaction {
                for number in state.running {
                    try state.database.run(
                        "UPDATE trials SET beat = ? WHERE study = ? AND number = ? AND owner = ?",
                        .int(Clock.milliseconds), .int(state.study), .int(number), .text(Owner.current))
                }
            }
        }
    }

    private static func write(_ trial: TrialRecord, owner: String?, _ state: borrowing State) throws {
        try state.database.run(
            """
            INSERT INTO trials (study, number, state, owner, revision, record, beat)
            VALUES (?1, ?2, ?3, ?4, (SELECT coalesce(max(revision), 0) + 1 FROM trials WHERE study = ?1), ?5, ?6)
            ON CONFLICT (study, number) DO UPDATE SET state = excluded.state, owner = excluded.owner,
                revision = excluded.revision, record = excluded.record, beat = excluded.beat
            """, .int(state.study), .int(trial.number), .text(trial.state.rawValue),
            owner.map { .text($0) } ?? .null, .text(trial.json.description),
            owner == nil ? .null : .int(Clock.milliseconds))
    }

    /// Beyond it a program did not count, and SQLite would soon count with fractions.
    private static let largestRevision = 1 << 53

    private static func damage(_ database: Database) -> StudyError {
        StudyError("the study file '\(database.path)' is damaged: a trial cannot be read")
    }

    /// Reads what has changed since the last time.
    @discardableResult private static func refresh(_ state: inout State) throws -> [TrialRecord] {
        let rows = try state.database.run(
            "SELECT number, revision, record FROM trials WHERE study = ? AND revision > ? ORDER BY number",
            .int(state.study), .int(state.revision))
        for row in rows {
            guard let number = row[0].int, let revision = row[1].int, let text = row[2].text,
                (0...state.trials.count).contains(number), (1...Self.largestRevision).contains(revision),
                let trial = try? TrialRecord(JSON(parsing: text), number: number),
                trial.retries >= 0, trial.retryOf.map({ (0..<number).contains($0) }) ?? true
            else {
                throw Self.damage(state.database)
            }
            if number == state.trials.count { state.trials.append(trial) } else { state.trials[number] = trial }
            state.revision = max(state.revision, revision)
        }
        return state.trials
    }
}
