extension Tensor: CustomStringConvertible, CustomDebugStringConvertible {
    /// The elements as NumPy prints them: rows in brackets, columns aligned, large tensors shortened to the first and
    /// last three of each dimension.
    public var description: String {
        guard hasElements else { return "Tensor(meta, \(spec))" }
        guard count > 0 else { return "Tensor([], \(spec))" }
        let printer = TensorPrinter(noGrad { detach() })
        return printer.text
    }

    /// The elements, and shape, dtype and what made the tensor.
    public var debugDescription: String {
        "\(description)\n\(spec) on \(device)" + (body.node.map { ", from \($0.label)" } ?? "")
    }
}

/// Lays out the elements of one tensor.
private struct TensorPrinter {
    private static let edge = 3
    private static let limit = 1000
    private let tensor: Tensor
    private let isShort: Bool
    private let format: NumberFormat

    init(_ tensor: Tensor) {
        self.tensor = tensor
        isShort = tensor.count > Self.limit
        let shown = isShort ? Self.edges(tensor) : tensor
        format = NumberFormat(shown.to(.float64).array(of: Double.self), tensor.dtype)
    }

    var text: String { rows(tensor, indent: 0) }

    /// Only what is printed of a large tensor decides the width of its columns.
    private static func edges(_ x: Tensor) -> Tensor {
        (0..<x.rank).reduce(x) { x, axis in
            let size = x.shape[axis]
            guard size > 2 * edge else { return x }
            return Tensor.cat(
                [x.narrow(axis, start: 0, length: edge), x.narrow(axis, start: size - edge, length: edge)], dim: axis)
        }
    }

    private func rows(_ x: Tensor, indent: Int) -> String {
        if x.rank == 0 { return format.text(x.to(.float64).item(as: Double.self)) }
        let size = x.shape[0]
        let isCut = isShort && size > 2 * Self.edge
        let shown = isCut ? Array(0..<Self.edge) + Array((size - Self.edge)..<size) : Array(0..<size)
        var parts =
            x.rank == 1
            ? Self.values(x, shown).map(format.text) : shown.map { rows(x.select(0, $0), indent: indent + 1) }
        if isCut { parts.insert("...", at: Self.edge) }
        let separator = x.rank == 1 ? " " : String(repeating: "\n", count: x.rank - 1)
        let margin = x.rank == 1 ? "" : String(repeating: " ", count: indent + 1)
        return "[" + parts.joined(separator: separator + margin) + "]"
    }

    private static func values(_ x: Tensor, _ shown: [Int]) -> [Double] {
        let all = x.to(.float64).array(of: Double.self)
        return shown.map { all[$0] }
    }
}

/// Writes all numbers of a tensor in one width.
private struct NumberFormat {
    private enum Style { case bool, integer, fixed(Int), scientific }
    private let style: Style
    private var width = 0

    init(_ values: [Double], _ dtype: DType) {
        if dtype == .bool {
            style = .bool
        } else if !dtype.isFloatingPoint {
            style = .integer
        } else {
            let sizes = values.filter { $0.isFinite && $0 != 0 }.map(abs)
            let (low, high) = (sizes.min() ?? 1, sizes.max() ?? 1)
            if high >= 1e8 || low < 1e-4 || high / low > 1000 * 1e3 {
                style = .scientific
            } else {
                style = .fixed(values.map(Self.decimals).max() ?? 0)
            }
        }
        width = values.map { plain($0).count }.max() ?? 0
    }

    func text(_ value: Double) -> String {
        let text = plain(value)
        return String(repeating: " ", count: max(width - text.count, 0)) + text
    }

    /// The fewest decimals, up to four, that show the value.
    private static func decimals(_ value: Double) -> Int {
        guard value.isFinite else { return 0 }
        let scaled = (abs(value) * 10_000).rounded()
        var digits = 4
        var rest = scaled
        while digits > 0, rest.truncatingRemainder(dividingBy: 10) == 0 {
            rest /= 10
            digits -= 1
        }
        return digits
    }

    private func plain(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        switch style {
        case .bool: return value != 0 ? "True" : "False"
        case .integer: return String(Int(value))
        case .fixed(let decimals): return Self.blanked(Self.fixed(value, decimals, keepPoint: true))
        case .scientific: return Self.scientific(value)
        }
    }

    /// Zeros at the end as spaces, so that points stay below each other: `1.   ` above `0.25`.
    private static func blanked(_ text: String) -> String {
        guard text.hasSuffix("0") else { return text }
        let digits = text.reversed().drop { $0 == "0" }.reversed()
        return String(digits) + String(repeating: " ", count: text.count - digits.count)
    }

    private static func fixed(_ value: Double, _ decimals: Int, keepPoint: Bool) -> String {
        let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = (abs(value) * scale).rounded()
        let whole = Int(scaled / scale)
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return "\(sign)\(whole)" + (keepPoint ? "." : "") }
        let fraction = String(Int(scaled - Double(whole) * scale))
        return "\(sign)\(whole)." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }

    private static func scientific(_ value: Double) -> String {
        guard value != 0 else { return "0.0000e+00" }
        var exponent = 0
        var mantissa = abs(value)
        while mantissa >= 10 {
            mantissa /= 10
            exponent += 1
        }
        while mantissa < 1 {
            mantissa *= 10
            exponent -= 1
        }
        if (mantissa * 10_000).rounded() >= 100_000 {
            mantissa /= 10
            exponent += 1
        }
        let digits = String(abs(exponent))
        return (value < 0 ? "-" : "") + fixed(mantissa, 4, keepPoint: true) + "e" + (exponent < 0 ? "-" : "+")
            + (digits.count < 2 ? "0" : "") + digits
    }
}
