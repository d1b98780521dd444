/// Lays out the elements of one tensor.
struct TensorPrinter {
    private static let edge = 3
    private static let limit = 1000
    /// The columns of a line. PyTorch's and NumPy's defaults are 80 and 75.
    private static let lineWidth = 80
    private let tensor: Tensor
    private let isShort: Bool
    private let format: NumberFormat

    init(_ tensor: Tensor) {
        self.tensor = tensor
        isShort = tensor.count > Self.limit
        format = NumberFormat(isShort ? Self.edges(tensor) : tensor)
    }

    var text: String {
        tensor.rank == 0 ? format.words(tensor)[0] : rows(tensor, indent: 0, width: Self.lineWidth)
    }

    /// Only what is printed of a large tensor decides the width of its columns.
    private static func edges(_ x: Tensor) -> Tensor {
        (0..<x.rank).reduce(x) { x, axis in
            let size = x.shape[axis]
            guard size > 2 * edge else { return x }
            return Tensor.cat(
                [x.narrow(axis, start: 0, length: edge), x.narrow(axis, start: size - edge, length: edge)], dim: axis)
        }
    }

    /// - Parameter width: The columns that are there for a line, its brackets at the end counted.
    private func rows(_ x: Tensor, indent: Int, width: Int) -> String {
        let isCut = isShort && x.shape[0] > 2 * Self.edge
        let shown = isCut ? Self.firstEdges(x) : x
        let margin = String(repeating: " ", count: indent + 1)
        var parts =
            x.rank == 1
            ? format.words(shown)
            : (0..<shown.shape[0]).map { rows(shown.select(0, $0), indent: indent + 1, width: width - 1) }
        if isCut { parts.insert("...", at: Self.edge) }
        let body =
            x.rank == 1
            ? Self.wrapped(parts, margin: margin, width: width - 1)
            : margin + parts.joined(separator: String(repeating: "\n", count: x.rank - 1) + margin)
        return "[" + body.dropFirst(margin.count) + "]"
    }

    private static func firstEdges(_ x: Tensor) -> Tensor {
        let size = x.shape[0]
        return Tensor.cat([x.narrow(0, start: 0, length: edge), x.narrow(0, start: size - edge, length: edge)])
    }

    /// Words after each other in lines of at most `width`, each with a margin, a word at least in each. NumPy's rule.
    private static func wrapped(_ words: [String], margin: String, width: Int) -> String {
        var text = ""
        var line = margin
        for (position, word) in words.enumerated() {
            if position > 0 { line += " " }
            if line.count + word.count > width, line.count > margin.count {
                text += line.trimmedAtEnd + "\n"
                line = margin
            }
            line += word
        }
        return text + line
    }
}

extension String {
    fileprivate var trimmedAtEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}
