import HearthGraph
import HearthTensor

extension ExportTable {
    static let views: [String: ExportRule] = [
        "slice": slice, "index": index, "diagonal": diagonal, "unfold": unfold, "index_put": indexPut,
    ]

    // MARK: Parts

    /// What a range that ends with the dimension has as its end.
    private static let toTheEnd = Size.fixed(Int.max)

    private static func slice(_ n: ExportNode) throws -> ExportValue {
        let (axis, start, count) = (try n.axis(), try n.arguments.size("start"), try n.arguments.size("count"))
        let step = try n.arguments.int("step")
        let size = n.shape(0)[axis]
        if step == 1, axis == 0, let part = n.part(start, count) { return part }
        if step == 1, start == 0, count.isSame(as: size) { return n[0] }
        var end = start + count * .fixed(step)
        if step == 1, end.isSame(as: size) { end = toTheEnd }
        // Walking back ends before the first element, which no position names.
        if step < 0, let number = end.fixed, number < 0 { end = .fixed(Int.min) }
        return try n[0].sliced([Cut(axis: axis, start: start, end: end, step: step)], n.sizes)
    }

    private static func index(_ n: ExportNode) throws -> ExportValue {
        guard case .list(let items) = try n.arguments.argument("items") else {
            throw n.error("a list of items", "another attribute")
        }
        var (cuts, removed, added): ([Cut], [Int], [Int]) = ([], [], [])
        let whole = n.shape(0).count - items.count { $0.isOneDimension }
        var (axis, place) = (0, 0)
        for item in items {
            switch item {
            case .string("None"):
                added.append(place)
                place += 1
            case .string:
                axis += whole
                place += whole
            case .size(let position):
                // -1 is the last element, after which a range cannot end with a number.
                let end = position == -1 ? toTheEnd : position + 1
                cuts.append(Cut(axis: axis, start: position, end: end))
                removed.append(axis)
                axis += 1
            case .record(let fields):
                if !fields.isEmpty { cuts.append(try range(ExportArguments(fields), axis)) }
                axis += 1
                place += 1
            default: throw n.error("a position, a range, an ellipsis or a new dimension", "\(item)")
            }
        }
        return try n[0].sliced(cuts, n.sizes).squeezed(removed).unsqueezed(added)
    }

    private static func range(_ fields: ExportArguments, _ axis: Int) throws -> Cut {
        Cut(
            axis: axis, start: fields.has("start") ? try fields.size("start") : 0,
            end: fields.has("end") ? try fields.size("end") : toTheEnd,
            step: fields.has("step") ? try fields.int("step") : 1)
    }

    // MARK: Diagonals and windows

    private static func diagonal(_ n: ExportNode) throws -> ExportValue {
        let (first, second) = (try n.arguments.int("first"), try n.arguments.int("second"))
        let (offset, shape) = (try n.arguments.int("offset"), n.shape(0))
        let rank = shape.count
        let rest = (0..<rank).filter { $0 != first && $0 != second }
        let moved = n[0].transposed(rest + [first, second])
        let (rows, columns) = (shape[first], shape[second])
        // The two dimensions in one, of which every (columns + 1)-th element is on a diagonal.
        let lines = rest.map { shape[$0] }
        let flat = try moved.reshaped(lines + [rows, columns], to: lines + [rows * columns], n.sizes)
        let positions: ExportValue
        if let r = rows.fixed, let c = columns.fixed {
            let count = max(offset >= 0 ? min(r, c - offset) : min(r + offset, c), 0)
            positions = n.draft.vector((0..<count).map { ($0 + max(-offset, 0)) * c + $0 + max(offset, 0) })
        } else {
            let (r, c) = (
                try n.sizes.scalar(rows + .fixed(min(offset, 0))), try n.sizes.scalar(columns + .fixed(-max(offset, 0)))
            )
            let width = try n.sizes.scalar(columns)
            let places = r.with("Min", c).with("Max", n.draft.number(0, .int64)).range
            let start = width * n.draft.number(max(-offset, 0), .int64) + n.draft.number(max(offset, 0), .int64)
            positions = places * (width + n.draft.number(1, .int64)) + start
        }
        return n.draft.add("Gather", [flat, positions], ["axis": .int(rest.count)])
    }

    private static func unfold(_ n: ExportNode) throws -> ExportValue {
        let (axis, size, step) = (try n.axis(), try n.arguments.int("size"), try n.arguments.int("step"))
        let rank = n.shape(0).count
        let count = (n.shape(0)[axis] - size) / step + 1
        let starts = try n.sizes.range(count) * n.draft.number(step, .int64)
        let positions = starts.unsqueezed([1]) + n.draft.vector(Array(0..<size))
        let windows = n.draft.add("Gather", [n[0], positions], ["axis": .int(axis)])
        let order = (0...rank).filter { $0 != axis + 1 } + [axis + 1]
        return windows.transposed(order)
    }

    // MARK: Elements behind a view

    /// The positions, in the flattened tensor, of the elements that a view of it shows.
    private static func positions(_ n: ExportNode, _ source: [Size]) throws -> ExportValue {
        let all = try n.sizes.range(source.product)
        let numbers = try all.reshaped([source.product], to: source, n.sizes)
        var node = n.result
        (node.shape, node.dtype) = (source, .int64)
        let view = try n.exported(try n.arguments.text("view"), try n.arguments.fields("attributes"), [numbers], [node])
        return view.reshaped([-1])
    }

    private static func indexPut(_ n: ExportNode) throws -> ExportValue {
        let places = try positions(n, n.shape(0))
        let flat = n[0].reshaped([-1])
        let filled = n.draft.add("ScatterElements", [flat, places, n[1].reshaped([-1])], ["axis": 0])
        return try filled.reshaped([n.shape(0).product], to: n.shape(0), n.sizes)
    }
}

/// The elements that are taken of a dimension.
struct Cut {
    let axis: Int
    let start: Size
    let end: Size
    var step = 1
}

extension ExportValue {
    /// Parts of dimensions.
    func sliced(_ cuts: [Cut], _ sizes: ExportSizes) throws(ONNXError) -> ExportValue {
        if cuts.isEmpty { return self }
        let steps = cuts.allSatisfy { $0.step == 1 } ? nil : draft.vector(cuts.map(\.step))
        return draft.add(
            "Slice",
            [
                self, try sizes.vector(cuts.map(\.start)), try sizes.vector(cuts.map(\.end)),
                draft.vector(cuts.map(\.axis)), steps,
            ])
    }
}

extension ExportNode {
    /// One of several results that lie one after another in the operand, where a slice takes just that.
    fileprivate func part(_ start: Size, _ count: Size) -> ExportValue? {
        guard let operand = operands.first else { return nil }
        return exporter.parts[operand.id]?.first { $0.start.isSame(as: start) && $0.count.isSame(as: count) }?.value
    }
}

extension GraphAttribute {
    /// True for an item of an index that stands for one dimension of the indexed tensor.
    fileprivate var isOneDimension: Bool {
        switch self {
        case .size, .record: true
        default: false
        }
    }
}
