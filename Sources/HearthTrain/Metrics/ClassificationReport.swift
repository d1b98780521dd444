/// Precision, recall, F1 and support of every class, and their averages: scikit-learn's `classification_report`.
public struct ClassificationReport: Sendable, CustomStringConvertible {
    /// What was counted.
    public let matrix: ConfusionMatrix
    /// The names of the classes.
    public let names: [String]

    /// A report on a confusion matrix; classes are numbered where names are missing.
    public init(_ matrix: ConfusionMatrix, names: [String] = []) {
        self.matrix = matrix
        self.names = (0..<matrix.classes).map { $0 < names.count ? names[$0] : String($0) }
    }

    /// The table of classes.
    public var description: String { table(columns: .max) }

    /// The table of classes in lines of at most `columns` characters, where there are as many as 40: with short headings and
    /// names where they are few.
    public func table(columns: Int) -> String {
        let longest = max(names.map(\.count).max() ?? 0, "weighted avg".count)
        let isNarrow = longest + 4 * 11 > columns
        let cell = isNarrow ? 6 : 11
        let width = isNarrow ? min(longest, max(columns - 4 * cell, 8)) : longest
        func row(_ name: String, _ cells: [String]) -> String {
            Self.padded(name.count > width ? "\(name.prefix(width - 1))…" : name, width)
                + cells.map { Self.padded($0, cell) }.joined()
        }
        func averages(_ name: String, _ average: Average) -> String {
            row(
                name,
                [matrix.precision(average), matrix.recall(average), matrix.f1(average)].map(Self.fixed)
                    + [String(matrix.total)])
        }
        let headings = isNarrow ? ["prec", "rec", "f1", "n"] : ["precision", "recall", "f1-score", "support"]
        var lines = [row("", headings), ""]
        for (index, name) in names.enumerated() {
            lines.append(
                row(
                    name,
                    [matrix.precision(index), matrix.recall(index), matrix.f1(index)].map(Self.fixed)
                        + [String(matrix.support(index))]))
        }
        lines += ["", row("accuracy", ["", "", Self.fixed(matrix.accuracy), String(matrix.total)])]
        lines += [averages("macro avg", .macro), averages("weighted avg", .weighted)]
        return lines.joined(separator: "\n")
    }

    /// The confusion matrix as a table: rows are true classes, columns predicted ones, in the same order. Long names
    /// stand at the rows alone.
    public var matrixDescription: String {
        let cells = (0..<matrix.classes).map { truth in
            (0..<matrix.classes).map { matrix[truth, $0] == 0 ? "·" : String(matrix[truth, $0]) }
        }
        let isShort = names.allSatisfy { $0.count <= 6 }
        let columns = isShort ? names : names.indices.map(String.init)
        let labels = isShort ? names : names.enumerated().map { $1.hasPrefix("\($0)") ? $1 : "\($0) \($1)" }
        let width = ((cells.joined() + columns).map(\.count).max() ?? 1) + 1
        let margin = max(labels.map(\.count).max() ?? 0, "true".count) + 1
        let head = Self.padded("true", margin) + " │" + columns.map { Self.padded($0, width) }.joined() + "  predicted"
        let rule =
            String(repeating: "─", count: margin + 1) + "┼" + String(repeating: "─", count: width * columns.count)
        let rows = zip(labels, cells).map { label, row in
            Self.padded(label, margin) + " │" + row.map { Self.padded($0, width) }.joined()
        }
        return ([head, rule] + rows).joined(separator: "\n")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(width - text.count, 0)) + text
    }

    private static func fixed(_ value: Double) -> String { value.fixed(3) }
}

extension Double {
    /// The number with so many decimals; `inf` as it is, and `nan` whatever its sign, which arithmetic sets by chance.
    package func fixed(_ decimals: Int) -> String {
        guard isFinite else { return isNaN ? "nan" : "\(self)" }
        let scale = (0..<decimals).reduce(1) { scale, _ in scale * 10 }
        let scaled = (magnitude * Double(scale)).rounded()
        guard scaled < 9e15 else { return "\(self)" }
        let (whole, fraction) = Int(scaled).quotientAndRemainder(dividingBy: scale)
        let digits = String(fraction)
        let sign = self < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return "\(sign)\(whole)" }
        return "\(sign)\(whole)." + String(repeating: "0", count: decimals - digits.count) + digits
    }
}
