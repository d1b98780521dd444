/// A comma-separated table with one sample to a row.
struct Table {
    let file: String
    /// The columns' names, from the header; their numbers from 1 where there is none.
    let names: [String]
    let rows: [Row]

    struct Row {
        /// The number of its line in the file, from 1.
        let line: Int
        let cells: [String]
    }

    /// Reads a file. Throws `RunError` that names the line when rows differ in length.
    init(contentsOf path: String) throws {
        try self.init(String(decoding: TextFile.read(path), as: UTF8.self), file: path)
    }

    /// Reads text, with `file` as its name in errors. A first row that does not look like the others is a header.
    init(_ text: String, file: String) throws {
        self.file = file
        // Some programs put a byte order mark in front.
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        var rows = try text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
            .filter { !$0.element.trimmed.isEmpty }
            .map { line, text in
                guard let cells = Self.cells(text) else {
                    throw RunError("\(file): line \(line + 1): a quotation mark is not closed")
                }
                return Row(line: line + 1, cells: cells)
            }
        let header = Self.isHeader(rows) ? rows.removeFirst() : nil
        guard let width = rows.first?.cells.count, width >= 2 else {
            throw RunError("\(file): expected rows of at least one feature and a target")
        }
        for row in rows where row.cells.count != width {
            throw RunError("\(file): line \(row.line) has \(row.cells.count) columns; expected \(width)")
        }
        // In some collections the first row holds counts and the names of classes. Such a row does not name columns.
        let named = header.flatMap { $0.cells.count == width && $0.cells.allSatisfy { Double($0) == nil } ? $0 : nil }
        names = named?.cells ?? (1...width).map(String.init)
        self.rows = rows
    }

    /// The cells of a line, without spaces around; between quotation marks a comma is text, and two marks are one.
    static func cells(_ line: some StringProtocol) -> [String]? {
        var (cells, cell, isQuoted) = ([String](), "", false)
        var rest = Substring(line)
        while let character = rest.popFirst() {
            switch character {
            case "\"" where isQuoted && rest.first == "\"":
                rest.removeFirst()
                cell.append("\"")
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                cells.append(String(cell.trimmed))
                cell = ""
            default: cell.append(character)
            }
        }
        return isQuoted ? nil : cells + [String(cell.trimmed)]
    }

    /// True when the first row has words where all others have numbers, or another length than the second.
    private static func isHeader(_ rows: [Row]) -> Bool {
        guard let first = rows.first else { return false }
        guard rows.count > 1 else { return first.cells.allSatisfy { Double($0) == nil } }
        if first.cells.count != rows[1].cells.count { return true }
        return first.cells.indices.contains { column in
            let others = rows.dropFirst().compactMap { column < $0.cells.count ? $0.cells[column] : nil }
                .filter { !TableColumn.isMissing($0) }
            return Double(first.cells[column]) == nil && !TableColumn.isMissing(first.cells[column])
                && !others.isEmpty && others.allSatisfy { Double($0) != nil }
        }
    }

    /// The position of the column with this name, or this number from 1; the last when nil.
    func position(of column: String?) throws -> Int {
        guard let column else { return names.count - 1 }
        if let position = names.firstIndex(of: column) { return position }
        if let number = Int(column), (1...names.count).contains(number) { return number - 1 }
        throw RunError("\(file): there is no column '\(column)'; there are \(names.joined(separator: ", "))")
    }

    /// The cells of a column.
    func column(_ position: Int) -> [String] { rows.map { $0.cells[position] } }
}
