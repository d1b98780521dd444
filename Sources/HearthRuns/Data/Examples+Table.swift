import Hearth

extension Examples {
    /// The rows of a table. Columns and classes that are known already keep their meaning.
    init(table: Table, _ source: ExampleSource) throws {
        let target = try table.position(of: source.target)
        let others = table.names.indices.filter { $0 != target }
        let columns =
            try source.columns.isEmpty
            ? others.map { try TableColumn(name: table.names[$0], cells: table.column($0), file: table.file) }
            : source.columns
        guard columns.count == others.count else {
            throw RunError(
                "\(table.file): there are \(others.count) columns besides the target; the model takes \(columns.count)")
        }
        var features: [Float] = []
        for row in table.rows {
            for (column, position) in zip(columns, others) {
                features += try column.features(row.cells[position], "\(table.file): line \(row.line)")
            }
        }
        let width = columns.reduce(0) { $0 + $1.width }
        let inputs = Tensor(features, shape: [table.rows.count, width], device: .cpu)
        let cells = table.column(target)
        let absent = table.rows.filter { CSV.isMissing($0.cells[target]) }
        if let first = absent.first {
            throw RunError(
                "\(table.file): the target '\(table.names[target])' is missing in \(absent.count) of "
                    + "\(table.rows.count) rows, the first in line \(first.line)")
        }
        self.columns = columns
        inputShape = [width]
        task = source.task ?? Self.task(cells)
        if task == "regression" {
            data = .rows(TensorDataset(inputs, Tensor(try Self.numbers(cells, table), device: .cpu)))
            classes = []
        } else {
            let (labels, names) = try Self.labels(cells, table, known: source.classes)
            data = .rows(TensorDataset(inputs, labels))
            classes = names
        }
    }

    /// Numbers with fractions, or of more than 20 different values, are told; everything else is a class.
    private static func task(_ cells: [String]) -> String {
        let numbers = cells.compactMap { Double($0) }
        guard numbers.count == cells.count else { return "classification" }
        let areFractions = numbers.contains { $0 != $0.rounded() }
        return areFractions || Set(numbers).count > 20 ? "regression" : "classification"
    }

    private static func numbers(_ cells: [String], _ table: Table) throws -> [Float] {
        try zip(cells, table.rows).map { cell, row in
            guard let value = Float(cell), value.isFinite else {
                throw RunError("\(table.file): line \(row.line): the target '\(cell)' is not a finite number")
            }
            return value
        }
    }

    /// The number of each row's class. Classes are numbered in order unless their names are known.
    private static func labels(
        _ cells: [String], _ table: Table, known: [String]
    ) throws -> (labels: Tensor, names: [String]) {
        let names = known.isEmpty ? ordered(Set(cells)) : known
        guard names.count > 1, names.count <= 1000 else {
            throw RunError("\(table.file): the target has \(names.count) different values; expected 2 to 1000 classes")
        }
        let numbers = Dictionary(uniqueKeysWithValues: zip(names, 0...))
        let labels = try zip(cells, table.rows).map { cell, row in
            guard let number = numbers[cell] else {
                throw RunError("\(table.file): line \(row.line): class '\(cell)' was not trained")
            }
            return number
        }
        return (Tensor(labels, device: .cpu), names)
    }

    /// By number where all are numbers, else by name.
    private static func ordered(_ names: Set<String>) -> [String] {
        let numbers = names.compactMap { Double($0) }
        return numbers.count == names.count ? names.sorted { Double($0)! < Double($1)! } : names.sorted()
    }
}
