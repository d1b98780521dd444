import HearthGraph
import HearthTensor

extension ExportTable {
    static let reductions: [String: ExportRule] = [
        "sum": { n in n[0].summed.reduced("ReduceSum", try n.arguments.ints("dims")) },
        "prod": { n in n[0].summed.reduced("ReduceProd", try n.arguments.ints("dims")) },
        "amax": { n in try extreme(n, "ReduceMax") },
        "amin": { n in try extreme(n, "ReduceMin") },
        "sum_of_squares": { n in n[0].reduced("ReduceSumSquare", try n.arguments.ints("dims")) },
        "any": { n in n[0].to(.bool).to(.int32).reduced("ReduceMax", try n.arguments.ints("dims")).to(.bool) },
        "all": { n in n[0].to(.bool).to(.int32).reduced("ReduceMin", try n.arguments.ints("dims")).to(.bool) },
        "var": variance,
        "cumsum": { n in n[0].with("CumSum", n.draft.number(try n.axis(), .int64)) },
        "cumprod": { n in try scanned(n) { $0 * $1 } },
    ]

    private static func extreme(_ n: ExportNode, _ operatorName: String) throws -> ExportValue {
        let axes = try n.arguments.ints("dims")
        let wide = n[0].dtype == .bool || n[0].dtype == .int16 ? n[0].to(.int32) : n[0]
        return wide.reduced(operatorName, axes).to(n[0].dtype)
    }

    private static func variance(_ n: ExportNode) throws -> ExportValue {
        let axes = try n.arguments.ints("dims")
        let x = n[0].dtype.isHalf ? n[0].to(.float32) : n[0]
        let distance = x - x.reduced("ReduceMean", axes)
        let count = axes.map { n.shape(0)[$0] }.product
        let correction = try n.arguments.number("correction")
        let freedom: ExportValue
        if let number = count.fixed {
            freedom = n.draft.number(max(Double(number) - correction, 0), x.dtype)
        } else {
            freedom = (try n.sizes.scalar(count).to(x.dtype) - correction).with("Max", 0)
        }
        return ((distance * distance).reduced("ReduceSum", axes) / freedom).to(n[0].dtype)
    }

    /// A running combination along a dimension of known size: after each pass every place covers twice as many elements.
    private static func scanned(
        _ n: ExportNode, _ combine: (ExportValue, ExportValue) -> ExportValue
    ) throws -> ExportValue {
        let axis = try n.axis()
        guard let size = n.shape(0)[axis].fixed else {
            throw n.error("a dimension of one size in all runs", "\(n.shape(0)[axis])")
        }
        var y = n[0]
        var reach = 1
        while reach < size {
            let sums = combine(y.sliced(axis, reach, size), y.sliced(axis, 0, size - reach))
            y = ExportValue.concatenated([y.sliced(axis, 0, reach), sums], axis: axis)
            reach *= 2
        }
        return y
    }

    static let orders: [String: ExportRule] = [
        "argmax": { n in try position(n, "ArgMax") },
        "argmin": { n in try position(n, "ArgMin") },
        "argsort": { n in
            let axis = try n.axis()
            if n.shape(0).isEmpty { return n.draft.number(0, .int64) }
            let count = try n.sizes.vector([n.shape(0)[axis]])
            let largest = try n.arguments.bool("descending") ? 1 : 0
            return n.draft.add(
                "TopK", [n[0].sortable, count], ["axis": .int(axis), "largest": .int(largest), "sorted": 1],
                results: [n[0].sortable.dtype, .int64])[1]
        },
        "cummax": { n in try runningPosition(n, "GreaterOrEqual") },
        "cummin": { n in try runningPosition(n, "LessOrEqual") },
        "searchsorted": { n in
            // How many elements lie before each value.
            let (sorted, values) = (n[0].sortable, n[1].sortable)
            let isVector = n.shape(0).count == 1
            let rows = isVector ? sorted : sorted.unsqueezed([n.shape(0).count - 1])
            let isRight = try n.arguments.bool("right")
            let isBefore = rows.compared(isRight ? "LessOrEqual" : "Less", values.unsqueezed([n.shape(1).count]))
            let last = n.shape(1).count
            return isBefore.to(.int64).reduced("ReduceSum", [last]).squeezed([last])
        },
    ]

    private static func position(_ n: ExportNode, _ operatorName: String) throws -> ExportValue {
        n.draft.add(
            operatorName, [n[0].sortable], ["axis": .int(try n.axis()), "keepdims": 1], dtype: .int64)
    }

    /// The position of the extreme so far: for each place the last one up to it that is beyond none before. All pairs are
    /// compared, since ONNX has no running extreme.
    private static func runningPosition(_ n: ExportNode, _ operatorName: String) throws -> ExportValue {
        let (axis, rank) = (try n.axis(), n.shape(0).count)
        guard rank > 0 else { return n.draft.number(0, .int64) }
        let order = (0..<rank).filter { $0 != axis } + [axis]
        let rows = n[0].sortable.transposed(order)
        let places = try n.sizes.range(n.shape(0)[axis])
        // Elements in rows against those up to them in columns: [..., k, j].
        let isUpTo = places.unsqueezed([0]).compared("LessOrEqual", places.unsqueezed([1]))
        let isBeyond = rows.unsqueezed([rank]).compared(operatorName, rows.unsqueezed([rank - 1]))
        let isExtreme = isBeyond.with("Or", isUpTo.then("Not")).to(.int32).reduced("ReduceMin", [rank]).squeezed([rank])
        let own = places.where(isExtreme.to(.bool), else: 0)
        let seen = own.unsqueezed([rank - 1]).where(isUpTo, else: 0)
        let found = seen.reduced("ReduceMax", [rank]).squeezed([rank])
        var inverse = order
        for (new, old) in order.enumerated() { inverse[old] = new }
        return found.transposed(inverse)
    }
}

extension ExportValue {
    /// Integers and bool in int64, in which Hearth sums them.
    fileprivate var summed: ExportValue { dtype.isFloatingPoint ? self : to(.int64) }

    /// The numbers below this one, as an int64 vector.
    var range: ExportValue {
        draft.add("Range", [draft.number(0, .int64), self, draft.number(1, .int64)], dtype: .int64)
    }

    /// The value in a type whose elements runtimes can put in order.
    var sortable: ExportValue {
        switch dtype {
        case .bool, .uint8, .int8, .int16: to(.int32)
        case .bfloat16: to(.float32)
        default: self
        }
    }
}
