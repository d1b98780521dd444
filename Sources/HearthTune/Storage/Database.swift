import CVendor
import HearthTensor

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file of SQLite that is open, used by one thread at a time.
package final class Database {
    let path: String
    /// True when nothing can be written.
    let isReadOnly: Bool
    private let library: SQLite
    private let handle: UnsafeMutableRawPointer
    private let waiting: Waiting
    /// For how long another program is waited for, in seconds.
    private static let patience = 30.0

    /// What is wanted of a file.
    package enum Access {
        /// To be written; one that is missing is made.
        case create
        /// To be written where that is allowed, and else read. It must be there.
        case existing
    }

    /// Opens the file. Throws `StudyError`.
    package init(_ path: String, _ access: Access) throws {
        guard let library = SQLite.shared else {
            throw StudyError(
                "'\(path)': a study in a file needs SQLite (\(NativeLibrary.sqlite.installation)); without a storage it is "
                    + "kept in memory")
        }
        // SQLite takes an empty path for a temporary database.
        guard !path.isEmpty else { throw StudyError("the name of a study file is empty") }
        let isReadOnly = access == .existing && Self.isProtected(path)
        let creation = access == .create ? HV_SQLITE_OPEN_CREATE : 0
        let flags =
            isReadOnly ? HV_SQLITE_OPEN_READONLY | HV_SQLITE_OPEN_URI : HV_SQLITE_OPEN_READWRITE | creation
        var handle: UnsafeMutableRawPointer?
        let name = isReadOnly ? Self.readOnlyName(path) : path
        let status = library.open(name, &handle, Int32(flags | HV_SQLITE_OPEN_FULLMUTEX), nil)
        guard status == HV_SQLITE_OK, let handle else {
            let reason = handle.flatMap { library.message($0) }.map { String(cString: $0) } ?? "error \(status)"
            if let handle { _ = library.close(handle) }
            throw StudyError("cannot open the study file '\(path)': \(reason)")
        }
        self.path = path
        self.isReadOnly = isReadOnly
        self.library = library
        self.handle = handle
        // Another program may be writing.
        waiting = Waiting(path, patience: Self.patience)
        _ = library.busyHandler(handle, Waiting.goesOn, Unmanaged.passUnretained(waiting).toOpaque())
    }

    /// True for a file that is there and may not be written.
    private static func isProtected(_ path: String) -> Bool { access(path, F_OK) == 0 && access(path, W_OK) != 0 }

    /// The file as an address, which can say that nobody writes it: where the folder is protected too, SQLite cannot make the
    /// files beside it with which it would ask others.
    private static func readOnlyName(_ path: String) -> String {
        let escaped = path.replacing("%", with: "%25").replacing("?", with: "%3f").replacing("#", with: "%23")
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "."
        let isAlone = access(path + "-wal", F_OK) != 0 && access(String(folder), W_OK) != 0
        return "file:\(escaped)" + (isAlone ? "?immutable=1" : "")
    }

    deinit { _ = library.close(handle) }

    /// A value in a row.
    package enum Value: Equatable {
        case null
        case int(Int)
        case text(String)

        package var int: Int? { if case .int(let value) = self { value } else { nil } }
        var text: String? { if case .text(let value) = self { value } else { nil } }
    }

    /// Runs one statement, question marks in it being `arguments`, and gives the rows that come of it. Throws `StudyError`.
    @discardableResult package func run(_ sql: String, _ arguments: Value...) throws -> [[Value]] {
        var statement: UnsafeMutableRawPointer?
        try check(library.prepare(handle, sql, -1, &statement, nil))
        guard let statement else { return [] }
        defer { _ = library.finalize(statement) }
        for (index, argument) in arguments.enumerated() {
            let place = Int32(index + 1)
            switch argument {
            case .null: try check(library.bindNull(statement, place))
            case .int(let value): try check(library.bindInt(statement, place, Int64(value)))
            case .text(let value): try check(library.bindText(statement, place, value, Int32(value.utf8.count), -1))
            }
        }
        var rows: [[Value]] = []
        while true {
            let status = library.step(statement)
            guard status == HV_SQLITE_ROW else {
                if status != HV_SQLITE_DONE { throw error() }
                return rows
            }
            rows.append((0..<library.columnCount(statement)).map { column(statement, $0) })
        }
    }

    private func column(_ statement: UnsafeMutableRawPointer, _ index: Int32) -> Value {
        switch library.columnType(statement, index) {
        case Int32(HV_SQLITE_NULL): return .null
        case 1: return .int(Int(library.columnInt(statement, index)))
        default:
            let bytes = UnsafeBufferPointer(
                start: library.columnText(statement, index), count: Int(library.columnBytes(statement, index)))
            return .text(String(decoding: bytes, as: UTF8.self))
        }
    }

    /// Runs `body` in a transaction: other programs see all of its changes or none, and cannot write meanwhile.
    func transaction<R>(_ body: () throws -> R) throws -> R {
        try run("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try run("COMMIT")
            return result
        } catch {
            // The first error is the reason; one of the rollback would hide it.
            _ = try? run("ROLLBACK")
            throw error
        }
    }

    /// Runs `body`, and again while it fails because another program is in the way. SQLite waits by itself, but not where it
    /// changes how a file is kept.
    func whenFree<R>(_ body: () throws -> R) throws -> R {
        let end = Clock.now + Self.patience
        while true {
            do { return try body() } catch let error as StudyError where error.isBusy && Clock.now < end {
                usleep(UInt32.random(in: 1000...20_000))
            }
        }
    }

    private func check(_ status: Int32) throws { if status != HV_SQLITE_OK { throw error() } }

    private func error() -> StudyError {
        var error = StudyError(
            "the study file '\(path)': \(library.message(handle).map { String(cString: $0) } ?? "unknown error")")
        error.isBusy = library.errorCode(handle) & 0xff == HV_SQLITE_BUSY
        return error
    }
}

/// The functions of SQLite.
private struct SQLite: Sendable {
    let open: hv_sqlite_open
    let close: hv_sqlite_close
    let message: hv_sqlite_message
    let errorCode: hv_sqlite_statement
    let busyHandler: hv_sqlite_busy_handler
    let prepare: hv_sqlite_prepare
    let step: hv_sqlite_statement
    let finalize: hv_sqlite_statement
    let columnCount: hv_sqlite_statement
    let bindInt: hv_sqlite_bind_int
    let bindText: hv_sqlite_bind_text
    let bindNull: hv_sqlite_bind_null
    let columnType: hv_sqlite_column_type
    let columnInt: hv_sqlite_column_int
    let columnText: hv_sqlite_column_text
    let columnBytes: hv_sqlite_column_bytes

    static let shared = SQLite(.sqlite)

    init?(_ library: NativeLibrary) {
        guard let open = library.function("sqlite3_open_v2", as: hv_sqlite_open.self),
            let close = library.function("sqlite3_close", as: hv_sqlite_close.self),
            let message = library.function("sqlite3_errmsg", as: hv_sqlite_message.self),
            let errorCode = library.function("sqlite3_errcode", as: hv_sqlite_statement.self),
            let busyHandler = library.function("sqlite3_busy_handler", as: hv_sqlite_busy_handler.self),
            let prepare = library.function("sqlite3_prepare_v2", as: hv_sqlite_prepare.self),
            let step = library.function("sqlite3_step", as: hv_sqlite_statement.self),
            let finalize = library.function("sqlite3_finalize", as: hv_sqlite_statement.self),
            let columnCount = library.function("sqlite3_column_count", as: hv_sqlite_statement.self),
            let bindInt = library.function("sqlite3_bind_int64", as: hv_sqlite_bind_int.self),
            let bindText = library.function("sqlite3_bind_text", as: hv_sqlite_bind_text.self),
            let bindNull = library.function("sqlite3_bind_null", as: hv_sqlite_bind_null.self),
            let columnType = library.function("sqlite3_column_type", as: hv_sqlite_column_type.self),
            let columnInt = library.function("sqlite3_column_int64", as: hv_sqlite_column_int.self),
            let columnText = library.function("sqlite3_column_text", as: hv_sqlite_column_text.self),
            let columnBytes = library.function("sqlite3_column_bytes", as: hv_sqlite_column_bytes.self)
        else { return nil }
        (self.open, self.close, self.message, self.errorCode) = (open, close, message, errorCode)
        self.busyHandler = busyHandler
        (self.prepare, self.step, self.finalize, self.columnCount) = (prepare, step, finalize, columnCount)
        (self.bindInt, self.bindText, self.bindNull) = (bindInt, bindText, bindNull)
        (self.columnType, self.columnInt) = (columnType, columnInt)
        (self.columnText, self.columnBytes) = (columnText, columnBytes)
    }
}
