import HearthTensor

extension CSV {
    /// The cells of a column. Throws `FormatError` with the names that there are when there is none of this name.
    public func column(_ name: String) throws(FormatError) -> [String] {
        let position = try position(of: name)
        return rows.map { $0.cells[position] }
    }

    /// Columns of numbers, `[rows, columns]`; all when no names are given. What is missing is NaN. Throws `FormatError`,
    /// with the line, for a cell that is neither a number nor missing, and for a name that is not there.
    public func tensor(columns: [String]? = nil, dtype: DType = .float32) throws(FormatError) -> Tensor {
        var positions: [Int] = []
        for name in columns ?? names { positions.append(try position(of: name)) }
        var values: [Double] = []
        values.reserveCapacity(rows.count * positions.count)
        for row in rows {
            for position in positions {
                let cell = row.cells[position]
                guard let value = Self.isMissing(cell) ? .nan : Double(cell) else {
                    throw FormatError(
                        file: file, expected: "numbers in the column '\(names[position])'",
                        found: "'\(cell)' in line \(row.line)")
                }
                values.append(value)
            }
        }
        return Tensor(values, shape: [rows.count, positions.count], device: .cpu).to(dtype)
    }

    /// The words of a column as classes: the number of each row's class (int64), and the classes' names in order, as
    /// numbers where all are numbers. Throws `FormatError` for a cell that is missing.
    public func classes(_ name: String) throws(FormatError) -> (labels: Tensor, names: [String]) {
        let position = try position(of: name)
        let absent = rows.filter { Self.isMissing($0.cells[position]) }
        if let first = absent.first {
            throw FormatError(
                file: file, expected: "a class in every row of the column '\(name)'",
                found: "none in \(absent.count) of \(rows.count) rows, the first in line \(first.line)")
        }
        let found = Set(rows.map { $0.cells[position] })
        let areNumbers = found.allSatisfy { Double($0) != nil }
        let names = found.sorted {
            guard areNumbers, let a = Double($0), let b = Double($1), a != b else { return $0 < $1 }
            return a < b
        }
        let numbers = Dictionary(uniqueKeysWithValues: zip(names, 0...))
        return (Tensor(rows.compactMap { numbers[$0.cells[position]] }, shape: [rows.count], device: .cpu), names)
    }

    private func position(of name: String) throws(FormatError) -> Int {
        guard let position = names.firstIndex(of: name) else {
            throw FormatError(
                file: file, expected: "a column '\(name)'", found: names.prefix(20).joined(separator: ", "))
        }
        return position
    }
}
