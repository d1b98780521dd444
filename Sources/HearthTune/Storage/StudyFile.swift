/// What makes a database a file of studies: its mark, its version and its tables.
enum StudyFile {
    /// Marks files as ours: "HtSt".
    private static let applicationID = 0x4874_5374
    /// Version 2 has the time of the last sign of life beside each running trial.
    private static let version = 2

    /// Makes the tables of an empty database, and brings those of an earlier version up to date. A database of others is
    /// refused as it is, and one that cannot be written is only looked at. Throws `StudyError`.
    static func prepare(_ database: Database) throws {
        // Programs that open a new file at the same time lock each other out, and SQLite's own timeout does not cover
        // the change of the journal's mode.
        try database.whenFree {
            let found = try check(database)
            guard !database.isReadOnly else {
                guard found > 0 else { throw StudyError("the study file '\(database.path)' is empty") }
                return
            }
            // A write-ahead log beside the file, so that readers do not wait for writers. With `synchronous = NORMAL` a
            // power cut may lose the last trials; a kill of the program loses none.
            if try database.run("PRAGMA journal_mode").first?.first?.text != "wal" {
                try database.run("PRAGMA journal_mode = WAL")
            }
            try database.run("PRAGMA synchronous = NORMAL")
            guard found < version else { return }
            try database.transaction {
                // Another program may have made the tables since the first check.
                let found = try check(database)
                if found == 0 { try makeTables(database) }
                if found == 1 { try addBeats(database) }
                if found < version { try database.run("PRAGMA user_version = \(version)") }
            }
        }
    }

    /// The version of the file, 0 where it is empty. Nothing is written.
    private static func check(_ database: Database) throws -> Int {
        func pragma(_ name: String) throws -> Int { try database.run("PRAGMA \(name)").first?.first?.int ?? 0 }
        // The tables are looked for first: another program that is filling the file writes tables and application
        // number in one transaction, so a file with tables has the number.
        if try database.run("SELECT name FROM sqlite_master LIMIT 1").isEmpty { return 0 }
        guard try pragma("application_id") == applicationID else {
            throw StudyError("'\(database.path)' is a database, but no study file")
        }
        let found = try pragma("user_version")
        guard (1...version).contains(found) else {
            throw StudyError(
                "the study file '\(database.path)' is of version \(found); this program reads up to \(version)")
        }
        return found
    }

    private static func makeTables(_ database: Database) throws {
        try database.run("PRAGMA application_id = \(applicationID)")
        try database.run("CREATE TABLE studies (id INTEGER PRIMARY KEY, name TEXT UNIQUE, directions TEXT NOT NULL)")
        try database.run(
            """
            CREATE TABLE trials (study INTEGER NOT NULL, number INTEGER NOT NULL, state TEXT NOT NULL, owner TEXT,
                revision INTEGER NOT NULL, record TEXT NOT NULL, beat INTEGER, PRIMARY KEY (study, number))
            """)
        try database.run("CREATE INDEX changes ON trials (study, revision)")
    }

    /// From version 1, whose programs gave no sign of life: the time at which theirs begins to count is now.
    private static func addBeats(_ database: Database) throws {
        try database.run("ALTER TABLE trials ADD COLUMN beat INTEGER")
        try database.run("UPDATE trials SET beat = ? WHERE state = 'running'", .int(Clock.milliseconds))
    }
}
