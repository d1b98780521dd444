import HearthTensor

/// How sizes come out of operations that slide windows: the one rule for sizes that divides and rounds, so that no
/// comparison of traces could tell it.
struct SlidingSizes {
    /// The sizes of the last dimensions of the result.
    private let sizes: [Size?]

    /// The rule of an operation; nil when it slides no windows.
    init?(_ operation: GraphOperation, _ operands: [Graph.Node]) {
        guard let x = operands.first else { return nil }
        switch operation.name {
        case "convolve":
            guard case .record(let window)? = operation["window"] else { return nil }
            func numbers(_ name: String) -> [Int] { window.first { $0.name == name }?.value.integers ?? [] }
            let (kernel, stride, dilation) = (numbers("kernel"), numbers("stride"), numbers("dilation"))
            let (before, after) = (numbers("before"), numbers("after"))
            guard [stride, dilation, before, after].allSatisfy({ $0.count == kernel.count }) else { return nil }
            sizes = kernel.indices.map { i in
                let room = before[i] + after[i] - dilation[i] * (kernel[i] - 1) - 1
                return (x.shape[x.shape.count - kernel.count + i] + .fixed(room)) / stride[i] + 1
            }
        case "max_pool", "avg_pool", "max_pool_indices":
            guard case .record(let pools)? = operation["pools"], case .list(let lines)? = pools.first?.value else {
                return nil
            }
            sizes = lines.enumerated().map { i, line in Self.pooled(line, x.shape[x.shape.count - lines.count + i]) }
        default: return nil
        }
    }

    private static func pooled(_ line: GraphAttribute, _ size: Size) -> Size? {
        guard case .record(let fields) = line else { return nil }
        func number(_ name: String) -> Int? { fields.first { $0.name == name }?.value.integers?.first }
        guard let kernel = number("kernel"), let stride = number("stride"), let padding = number("padding"),
            let dilation = number("dilation"), fields.contains(GraphAttribute.Field("ceil", .bool(false)))
        else { return nil }
        return (size + .fixed(2 * padding - dilation * (kernel - 1) - 1)) / stride + 1
    }

    /// The size of a dimension that is counted from the end, -1 the last; nil where the rule does not say it.
    func size(_ axisFromEnd: Int) -> Size? {
        let position = sizes.count + axisFromEnd
        return sizes.indices.contains(position) ? sizes[position] : nil
    }
}

extension GraphAttribute {
    /// Whole numbers that are the same in every run: one, or a list of them; nil for anything else.
    package var integers: [Int]? {
        switch self {
        case .size(let size): return size.fixed.map { [$0] }
        case .list(let values):
            let numbers = values.compactMap { if case .size(let size) = $0 { size.fixed } else { nil } }
            return numbers.count == values.count ? numbers : nil
        default: return nil
        }
    }
}
