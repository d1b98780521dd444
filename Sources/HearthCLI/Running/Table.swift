import Hearth
import HearthFormats

/// A comma-separated table of numbers, the last column a class.
struct Table {
    let file: String
    /// The cells of each row without spaces around, header left out.
    private let rows: [Row]

    private struct Row {
        /// The number of its line in the file, from 1.
        let line: Int
        let cells: [Substring]

        /// True when all features are numbers.
        var isNumeric: Bool { cells.dropLast().allSatisfy { Double($0) != nil } }
    }

    /// Reads a file. A first row that is no row of numbers, or of another length than the second, is a header. Throws
    /// `RunError` that names the line when rows differ in length.
    init(contentsOf path: String) throws {
        try self.init(String(decoding: TextFile.read(path), as: UTF8.self), file: path)
    }

    /// Reads text, with `file` as its name in errors.
    init(_ text: String, file: String) throws {
        self.file = file
        // Some programs put a byte order mark in front.
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        var rows = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
            .filter { !$0.element.trimmed.isEmpty }
            .map { line, text in
                Row(
                    line: line + 1,
                    cells: text.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed))
            }
        if let first = rows.first, !first.isNumeric || (rows.count > 1 && first.cells.count != rows[1].cells.count) {
            rows.removeFirst()
        }
        guard let width = rows.first?.cells.count, width >= 2 else {
            throw RunError("\(file): expected rows of at least one feature and a class")
        }
        for row in rows where row.cells.count != width {
            throw RunError("\(file): line \(row.line) has \(row.cells.count) columns; expected \(width)")
        }
        self.rows = rows
    }

    /// Features `[n, columns]` and classes `[n]`. Classes are numbered in order unless their names are known.
    func classified(classes known: [String]) throws -> (features: Tensor, labels: Tensor, classes: [String]) {
        let names = rows.map { String($0.cells[$0.cells.count - 1]) }
        let classes = known.isEmpty ? Self.ordered(Set(names)) : known
        guard classes.count > 1, classes.count <= 1000 else {
            throw RunError(
                "\(file): the last column has \(classes.count) different values; expected 2 to 1000 classes")
        }
        let numbers = Dictionary(uniqueKeysWithValues: zip(classes, 0...))
        var features: [Float] = []
        for row in rows {
            for cell in row.cells.dropLast() {
                guard let value = Float(cell), value.isFinite else {
                    throw RunError("\(file): line \(row.line): '\(cell)' is not a finite number")
                }
                features.append(value)
            }
        }
        let labels = try zip(names, rows).map { name, row in
            guard let number = numbers[name] else {
                throw RunError("\(file): line \(row.line): class '\(name)' was not trained")
            }
            return number
        }
        let shape: Shape = [rows.count, rows[0].cells.count - 1]
        return (Tensor(features, shape: shape), Tensor(labels), classes)
    }

    /// By number where all are numbers, else by name.
    private static func ordered(_ names: Set<String>) -> [String] {
        let numbers = names.compactMap { Double($0) }
        return numbers.count == names.count ? names.sorted { Double($0)! < Double($1)! } : names.sorted()
    }
}
