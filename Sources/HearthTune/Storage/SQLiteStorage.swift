import HearthFormats
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Trials in a file of SQLite, which several programs may share.
///
/// Every change of a trial gets a number that is higher than all before it, so a reader asks for what is new alone.
final class SQLiteStorage: StudyStorage {
    private let state: Mutex<State>

    private struct State {
        let database: Database
        let study: Int
        var trials: [TrialRecord] = []
        /// The number of the last change that `trials` has.
        var revision = 0
    }

    /// Marks files as ours: "HtSt".
    private static let applicationID = 0x4874_5374
    private static let version = 1

    /// Opens the study in the file at `path`, both made where they are missing. Throws `StudyError`.
    init(_ path: String, study name: String, directions: [Direction]) throws {
        let database = try Database(path)
        try Self.prepare(database)
        let wanted = directions.map(\.rawValue).joined(separator: ",")
        let id = try database.transaction {
            try database.run(
                "INSERT OR IGNORE INTO studies (name, directions) VALUES (?, ?)", .text(name), .text(wanted))
            let row = try database.run("SELECT id, directions FROM studies WHERE name = ?", .text(name)).first ?? []
            guard row.count == 2, let id = row[0].int, let found = row[1].text else {
                throw StudyError("the study file '\(path)' has lost the study '\(name)'")
            }
            guard found == wanted else {
                throw StudyError("the study '\(name)' in '\(path)' has the directions \(found), not \(wanted)")
            }
            return id
        }
        state = Mutex(State(database: database, study: id))
    }

    /// The studies in the file at `path`, which must be there. Throws `StudyError`.
    static func studies(in path: String) throws -> [(name: String, directions: [Direction])] {
        let database = try Database(path, mustExist: true)
        try prepare(database)
        return try database.run("SELECT name, directions FROM studies ORDER BY id").map { row in
            let directions = row[1].text?.split(separator: ",").map { Direction(rawValue: String($0)) } ?? [nil]
            guard let name = row[0].text, directions.allSatisfy({ $0 != nil }) else {
                throw StudyError("the study file '\(path)' is damaged: a study cannot be read")
            }
            return (name, directions.compactMap { $0 })
        }
    }

    private static func prepare(_ database: Database) throws {
        func pragma(_ name: String) throws -> Int { try database.run("PRAGMA \(name)").first?.first?.int ?? 0 }
        // A journal beside the file, so that readers do not wait for writers; a power cut may take the last trials, a kill
        // none.
        try database.run("PRAGMA journal_mode = WAL")
        try database.run("PRAGMA synchronous = NORMAL")
        try database.transaction {
            let isEmpty = try database.run("SELECT name FROM sqlite_master LIMIT 1").isEmpty
            let isOurs = try pragma("application_id") == applicationID
            guard isEmpty || isOurs else { throw StudyError("'\(database.path)' is a database, but no study file") }
            let found = try pragma("user_version")
            guard isEmpty || found == version else {
                throw StudyError(
                    "the study file '\(database.path)' is of version \(found); this program reads \(version)")
            }
            guard isEmpty else { return }
            try database.run("PRAGMA application_id = \(applicationID)")
            try database.run("PRAGMA user_version = \(version)")
            try database.run(
                "CREATE TABLE studies (id INTEGER PRIMARY KEY, name TEXT UNIQUE, directions TEXT NOT NULL)")
            try database.run(
                """
                CREATE TABLE trials (study INTEGER NOT NULL, number INTEGER NOT NULL, state TEXT NOT NULL, owner TEXT,
                    revision INTEGER NOT NULL, record TEXT NOT NULL, PRIMARY KEY (study, number))
                """)
            try database.run("CREATE INDEX changes ON trials (study, revision)")
        }
    }

    func trials() throws -> [TrialRecord] { try state.withLock { try Self.refresh(&$0) } }

    func begin() throws -> TrialRecord {
        try state.withLock { state in
            let number = try state.database.transaction {
                let trials = try Self.refresh(&state)
                var trial =
                    trials.first { $0.state == .waiting } ?? TrialRecord(number: trials.count, state: .running)
                trial.state = .running
                trial.started = Clock.now
                try Self.write(trial, owner: Owner.current, state)
                return trial.number
            }
            return try Self.refresh(&state)[number]
        }
    }

    func update(_ trial: TrialRecord) throws {
        try state.withLock { state in
            try state.database.transaction {
                // Another program may have taken this one for dead and ended the trial.
                let found = try state.database.run(
                    "SELECT owner FROM trials WHERE study = ? AND number = ?", .int(state.study), .int(trial.number))
                guard found.first?.first?.text == Owner.current else { return }
                try Self.write(trial, owner: trial.state == .running ? Owner.current : nil, state)
            }
        }
    }

    func enqueue(_ given: [String: ParameterValue], retries: Int) throws {
        try state.withLock { state in
            try state.database.transaction {
                var trial = TrialRecord(number: try Self.refresh(&state).count, state: .waiting)
                trial.given = given
                trial.retries = retries
                try Self.write(trial, owner: nil, state)
            }
        }
    }

    func markCrashed() throws -> [TrialRecord] {
        try state.withLock { state in
            try state.database.transaction {
                let rows = try state.database.run(
                    "SELECT number, owner FROM trials WHERE study = ? AND state = 'running'", .int(state.study))
                let trials = try Self.refresh(&state)
                var crashed: [TrialRecord] = []
                for row in rows {
                    guard let number = row[0].int, let owner = row[1].text, Owner.isGone(owner) else { continue }
                    var trial = trials[number]
                    trial.state = .failed
                    trial.ended = Clock.now
                    trial.notes["error"] = "its program has gone (\(owner))"
                    try Self.write(trial, owner: nil, state)
                    crashed.append(trial)
                }
                return crashed
            }
        }
    }

    private static func write(_ trial: TrialRecord, owner: String?, _ state: borrowing State) throws {
        try state.database.run(
            """
            INSERT INTO trials (study, number, state, owner, revision, record)
            VALUES (?1, ?2, ?3, ?4, (SELECT coalesce(max(revision), 0) + 1 FROM trials WHERE study = ?1), ?5)
            ON CONFLICT (study, number) DO UPDATE SET state = excluded.state, owner = excluded.owner,
                revision = excluded.revision, record = excluded.record
            """, .int(state.study), .int(trial.number), .text(trial.state.rawValue),
            owner.map { .text($0) } ?? .null, .text(trial.json.description))
    }

    /// Reads what has changed since the last time.
    @discardableResult private static func refresh(_ state: inout State) throws -> [TrialRecord] {
        let rows = try state.database.run(
            "SELECT number, revision, record FROM trials WHERE study = ? AND revision > ? ORDER BY number",
            .int(state.study), .int(state.revision))
        for row in rows {
            guard let number = row[0].int, let revision = row[1].int, let text = row[2].text,
                let trial = try? TrialRecord(JSON(parsing: text), number: number), number <= state.trials.count
            else {
                throw StudyError("the study file '\(state.database.path)' is damaged: a trial cannot be read")
            }
            if number == state.trials.count { state.trials.append(trial) } else { state.trials[number] = trial }
            state.revision = max(state.revision, revision)
        }
        return state.trials
    }
}

/// The program that runs a trial: its machine, its number there, and a word of its own.
private enum Owner {
    /// A number that another program with the same process number would not have.
    private static let word = String(UInt64.random(in: 0...UInt64.max), radix: 36)

    private static let host: String = {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }()

    static let current = "\(host) \(getpid()) \(word)"

    /// True when the program of a trial does not run any more. Of programs on other machines that is not known.
    static func isGone(_ owner: String) -> Bool {
        let parts = owner.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[0] == host, let process = Int32(parts[1]) else { return false }
        if process == getpid() { return parts[2] != word }
        return kill(process, 0) != 0 && errno == ESRCH
    }
}
