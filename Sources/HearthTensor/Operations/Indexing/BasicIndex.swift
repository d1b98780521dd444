/// The view that integers, ranges, the ellipsis and new axes make together.
struct BasicIndex: ViewOperation {
    static let name = "index"
    let source: Shape
    let items: [Item]

    func layout(of x: Layout) throws(ShapeError) -> Layout {
        var y = Layout(shape: [], strides: [], offset: x.offset)
        var axis = 0
        for item in items {
            switch item {
            case .newAxis:
                y.shape.append(1)
                y.strides.append(0)
            case .rest:
                let whole = x.shape.count - items.count(where: \.isOneDimension)
                for _ in 0..<max(whole, 0) {
                    y.shape.append(x.shape[axis])
                    y.strides.append(x.strides[axis])
                    axis += 1
                }
            case .position(let index):
                let size = try size(of: axis, x)
                guard index >= -size, index < size else {
                    throw ShapeError("index \(index) is outside dimension \(axis) of size \(size)")
                }
                y.offset += (index < 0 ? index + size : index) * x.strides[axis]
                axis += 1
            case .range(let start, let end, let step):
                let size = try size(of: axis, x)
                guard step > 0 else { throw ShapeError("the step \(step) must be positive; use flip to walk back") }
                func bound(_ value: Int) -> Int { min(max(value < 0 ? value + size : value, 0), size) }
                let first = bound(start ?? 0)
                let count = max(bound(end ?? size) - first + step - 1, 0) / step
                if count > 0 { y.offset += first * x.strides[axis] }
                y.shape.append(count)
                y.strides.append(x.strides[axis] * step)
                axis += 1
            }
        }
        return y
    }

    private func size(of axis: Int, _ x: Layout) throws(ShapeError) -> Int {
        guard axis < x.shape.count else { throw ShapeError("more indices than dimensions") }
        return x.shape[axis]
    }
}

extension BasicIndex {
    /// One entry of a subscript that makes a view.
    enum Item: Hashable, Sendable {
        /// One position; the dimension is left out of the result.
        case position(Int)
        /// Positions from `start` up to but without `end`, `step` apart; nil means from the beginning, to the end.
        case range(start: Int?, end: Int?, step: Int)
        /// As many whole dimensions as are left.
        case rest
        /// A new dimension of size 1.
        case newAxis

        /// True when the entry stands for one dimension of the indexed tensor.
        var isOneDimension: Bool {
            switch self {
            case .position, .range: true
            case .rest, .newAxis: false
            }
        }
    }

    var attributes: Attributes { ["source": source, "items": items] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(source: try attributes["source"], items: try attributes["items"])
    }
}

extension BasicIndex.Item: AttributeConvertible {
    /// A position as a number, a range as a record of what is given of it, and `...` and `None` as Python writes them.
    var attributeValue: AttributeValue {
        switch self {
        case .position(let index): .int(index)
        case .range(let start, let end, let step): .record(Self.attributes(start, end, step))
        case .rest: .string("...")
        case .newAxis: .string("None")
        }
    }

    init?(attributeValue: AttributeValue) {
        switch attributeValue {
        case .int(let index): self = .position(index)
        case .string("..."): self = .rest
        case .string("None"): self = .newAxis
        case .record(let range):
            let names = range.entries.map(\.name)
            guard names.allSatisfy(["start", "end", "step"].contains) else { return nil }
            func part(_ name: String) -> Int? { try? range[name] }
            guard names.allSatisfy({ part($0) != nil }) else { return nil }
            self = .range(start: part("start"), end: part("end"), step: part("step") ?? 1)
        default: return nil
        }
    }

    private static func attributes(_ start: Int?, _ end: Int?, _ step: Int) -> Attributes {
        var range: Attributes = [:]
        if let start { range = range.with("start", start) }
        if let end { range = range.with("end", end) }
        return step == 1 ? range : range.with("step", step)
    }
}
