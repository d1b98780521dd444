/// A table of text: rows of cells with a separator between (RFC 4180), and names for its columns.
///
///     let table = try CSV(contentsOf: "iris.csv")
///     let inputs = try table.tensor(columns: ["sepal_length", "petal_length"])   // float32 [rows, 2]
///     let (labels, species) = try table.classes("species")                       // int64 [rows], sorted names
///
/// The separator is found, a comma, a semicolon or a tab, unless it is given; where it is a semicolon, `1,5` is a number.
/// Cells in quotation marks may have separators and ends of lines in them. Text is UTF-8, UTF-16 with its mark, or
/// Latin-1. The first row holds names when it does not look like those below.
public struct CSV: Sendable {
    /// A row that is not empty.
    public struct Row: Sendable, Hashable {
        /// The number of its first line in the file, from 1.
        public let line: Int
        /// Its cells, without spaces around those that are not in quotation marks.
        public let cells: [String]
    }

    /// What errors call the table: its file.
    public let file: String
    /// The columns' names; their numbers from 1 where there is no row of names.
    public let names: [String]
    /// The rows below the names.
    public let rows: [Row]
    /// What stands between cells.
    public let separator: Character

    /// Reads a file of at most `limit` bytes. Throws `FileError` when it cannot be read, and `FormatError`, with the line,
    /// for rows of different lengths, names that stand there twice, a quotation mark that is not closed, or no text.
    public init(
        contentsOf path: String, separator: Character? = nil, hasHeader: Bool? = nil, limit: Int = 1 << 31
    ) throws {
        let source = try ByteSource(path: path)
        guard source.byteCount <= limit else {
            throw source.error("a table of at most \(limit) bytes", "\(source.byteCount)")
        }
        let text = try TextEncoding.decode(source.bytes(at: 0, count: source.byteCount), file: path)
        try self.init(text, file: path, separator: separator, hasHeader: hasHeader)
    }

    /// Reads text, with `file` as its name in errors. Throws `FormatError` as `init(contentsOf:)` does.
    public init(
        _ text: String, file: String = "CSV", separator: Character? = nil, hasHeader: Bool? = nil
    ) throws(FormatError) {
        var reader = try CSVReader(text, file: file, separator: separator)
        var rows = try reader.rows()
        self.file = file
        self.separator = reader.separator
        let isHeaded = hasHeader ?? Self.looksLikeHeader(rows)
        let header = isHeaded && !rows.isEmpty ? rows.removeFirst() : nil
        let width = rows.first?.cells.count ?? header?.cells.count ?? 0
        for row in rows where row.cells.count != width {
            throw FormatError(file: file, expected: "\(width) columns", found: "\(row.cells.count) in line \(row.line)")
        }
        // In some collections the first row holds counts and the names of classes. Such a row does not name columns.
        let isNaming =
            header.map { $0.cells.count == width && (hasHeader == true || $0.cells.allSatisfy { Double($0) == nil }) }
            ?? false
        names = try Self.names(isNaming ? header : nil, width, file)
        self.rows = rows
    }

    /// True for a cell that says nothing: it is empty, or `?`, `NA`, `N/A`, `NaN`, `null` or `none`.
    public static func isMissing(_ cell: String) -> Bool { missing.contains(cell.lowercased()) }

    private static let missing: Set<String> = ["", "?", "na", "n/a", "nan", "null", "none"]

    /// The names of a row, each once; of a column without a name, its number.
    private static func names(_ header: Row?, _ width: Int, _ file: String) throws(FormatError) -> [String] {
        var seen: Set<String> = []
        var names: [String] = []
        for position in 0..<width {
            let name = header.map { $0.cells[position] } ?? ""
            names.append(name.isEmpty ? String(position + 1) : name)
            guard seen.insert(names[position]).inserted else {
                throw FormatError(file: file, expected: "a name for each column", found: "'\(name)' twice")
            }
        }
        return names
    }

    /// True when the first row has words where all others have numbers, or another length than the second.
    private static func looksLikeHeader(_ rows: [Row]) -> Bool {
        guard let first = rows.first else { return false }
        guard rows.count > 1 else { return first.cells.allSatisfy { Double($0) == nil } }
        if first.cells.count != rows[1].cells.count { return true }
        return first.cells.indices.contains { column in
            guard Double(first.cells[column]) == nil, !isMissing(first.cells[column]) else { return false }
            var hasNumbers = false
            for row in rows.dropFirst() where column < row.cells.count && !isMissing(row.cells[column]) {
                if Double(row.cells[column]) == nil { return false }
                hasNumbers = true
            }
            return hasNumbers
        }
    }
}
