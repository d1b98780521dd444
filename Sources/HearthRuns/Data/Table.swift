import Hearth
import HearthDescription

/// A comma-separated table with one sample to a row.
struct Table {
    private let csv: CSV

    /// The file.
    var file: String { csv.file }
    /// The columns' names, from the header; their numbers from 1 where there is none.
    var names: [String] { csv.names }
    /// The rows below the names.
    var rows: [CSV.Row] { csv.rows }

    /// Reads a file. Throws `FormatError` that names the line, and `RunError` for less than two columns unless `least` is 1.
    init(contentsOf path: String, least: Int = 2) throws { try self.init(CSV(contentsOf: path), least: least) }

    /// Reads text, with `file` as its name in errors.
    init(_ text: String, file: String) throws { try self.init(CSV(text, file: file), least: 2) }

    private init(_ csv: CSV, least: Int) throws {
        guard !csv.rows.isEmpty, csv.names.count >= least else {
            throw RunError(
                "\(csv.file): expected rows of at least \(least == 1 ? "one value" : "one feature and a target")")
        }
        self.csv = csv
    }

    /// The cells of a row on the command line.
    static func cells(_ row: String) throws -> [String] {
        try CSV(row, file: "--row", separator: ",", hasHeader: false).rows.first?.cells ?? []
    }

    /// The position of the column with this name, or this number from 1; the last when nil.
    func position(of column: String?) throws -> Int {
        guard let column else { return names.count - 1 }
        if let position = names.firstIndex(of: column) { return position }
        if let number = Int(column), (1...names.count).contains(number) { return number - 1 }
        if let near = nearest(to: column, among: names) {
            throw RunError("\(file): there is no column '\(column)'; did you mean '\(near)'?")
        }
        throw RunError("\(file): there is no column '\(column)'; there are \(names.joined(separator: ", "))")
    }

    /// The cells of a column.
    func column(_ position: Int) -> [String] { rows.map { $0.cells[position] } }
}
