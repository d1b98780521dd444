import Hearth
import HearthFormats

/// A comma-separated table of numbers, the last column a class.
struct Table {
    let file: String
    /// The cells of each row, header left out.
    let rows: [[Substring]]

    /// Reads a file. A first row that is no row of numbers, or of another length than the second, is a header. Throws
    /// `RunError` that names the line when rows differ in length.
    init(contentsOf path: String) throws {
        try self.init(String(decoding: TextFile.read(path), as: UTF8.self), file: path)
    }

    /// Reads text, with `file` as its name in errors.
    init(_ text: String, file: String) throws {
        self.file = file
        var lines = text.split(whereSeparator: \.isNewline)
            .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        if lines.count > 1,
            lines[0].count != lines[1].count || lines[0].dropLast().contains(where: { Double($0) == nil })
        {
            lines.removeFirst()
        }
        guard let width = lines.first?.count, width >= 2 else {
            throw RunError("\(file): expected rows of at least one feature and a class")
        }
        for (number, row) in lines.enumerated() where row.count != width {
            throw RunError("\(file): row \(number + 1) has \(row.count) columns; expected \(width)")
        }
        rows = lines
    }

    /// Features `[n, columns]` and classes `[n]`. Classes are numbered in order unless their names are known.
    func classified(classes known: [String]) throws -> (features: Tensor, labels: Tensor, classes: [String]) {
        let names = rows.map { String($0[$0.count - 1]) }
        let classes = known.isEmpty ? Self.ordered(Set(names)) : known
        guard classes.count > 1, classes.count <= 1000 else {
            throw RunError("\(file): the last column has \(classes.count) different values; expected 2 to 1000 classes")
        }
        let numbers = Dictionary(uniqueKeysWithValues: zip(classes, 0...))
        var features: [Float] = []
        for (line, row) in rows.enumerated() {
            for cell in row.dropLast() {
                guard let value = Float(cell) else {
                    throw RunError("\(file): row \(line + 1): '\(cell)' is not a number")
                }
                features.append(value)
            }
        }
        let labels = try names.map { name in
            guard let number = numbers[name] else { throw RunError("\(file): class '\(name)' was not trained") }
            return number
        }
        let shape: Shape = [rows.count, rows[0].count - 1]
        return (Tensor(features, shape: shape), Tensor(labels), classes)
    }

    /// By number where all are numbers, else by name.
    private static func ordered(_ names: Set<String>) -> [String] {
        let numbers = names.compactMap { Double($0) }
        return numbers.count == names.count ? names.sorted { Double($0)! < Double($1)! } : names.sorted()
    }
}
