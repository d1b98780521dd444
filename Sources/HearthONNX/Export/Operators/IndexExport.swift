import HearthGraph
import HearthTensor

extension ExportTable {
    static let indexing: [String: ExportRule] = [
        "gather": { n in n.draft.add("GatherElements", [n[0], n[1]], ["axis": .int(try n.axis())]) },
        "index_select": { n in n.draft.add("Gather", [n[0], n[1]], ["axis": .int(try n.axis())]) },
        "scatter": { n in try scatter(n, n[1], "none") },
        "scatter_add": { n in try scatter(n, n[1], "add") },
        "scatter_multiply": { n in try scatter(n, n[1], "mul") },
        "scatter_max": { n in try scatter(n, n[1], "max") },
        "scatter_min": { n in try scatter(n, n[1], "min") },
        "index_add": { n in try scatter(n, try slices(n), "add") },
        "index_copy": { n in try scatter(n, try slices(n), "none") },
        "wrap_index": { n in
            let size = try n.sizes.scalar(try n.arguments.size("size"))
            return (n[0] + size).where(n[0].compared("Less", 0), else: n[0])
        },
        "flip": { n in
            let axes = try n.arguments.ints("dims")
            if axes.isEmpty { return n[0] }
            let (start, end) = (axes.map { _ in -1 }, axes.map { _ in Int.min })
            return n.draft.add(
                "Slice",
                [n[0], n.draft.vector(start), n.draft.vector(end), n.draft.vector(axes), n.draft.vector(start)])
        },
        "tril": { n in try triangle(n, upper: 0) },
        "triu": { n in try triangle(n, upper: 1) },
    ]

    private static func scatter(_ n: ExportNode, _ index: ExportValue, _ reduction: String) throws -> ExportValue {
        if reduction == "max" || reduction == "min", n.draft.opset < 18 {
            throw n.error("version 18 of the operators, which brought extremes when scattering", "\(n.draft.opset)")
        }
        let axis = ExportAttribute.int(try n.axis())
        if reduction == "none" { return n.draft.add("ScatterElements", [n[0], index, n[2]], ["axis": axis]) }
        // Sums of bools are their disjunction, which is the largest in ONNX.
        return n.draft.add(
            "ScatterElements", [n[0], index, n[2]], ["axis": axis, "reduction": .text(reduction)])
    }

    /// Numbers of slices as an index for each of their elements.
    private static func slices(_ n: ExportNode) throws -> ExportValue {
        let (axis, shape) = (try n.axis(), n.shape(2))
        let column = n[1].unsqueezed(shape.indices.filter { $0 != axis })
        return column.with("Expand", try n.sizes.vector(shape))
    }

    private static func triangle(_ n: ExportNode, upper: Int) throws -> ExportValue {
        let diagonal = n.draft.number(try n.arguments.int("diagonal"), .int64)
        let kept: Set<DType> = [.float32, .float64, .int64]
        let x = kept.contains(n[0].dtype) ? n[0] : n[0].to(n[0].dtype.isFloatingPoint ? .float32 : .int64)
        return n.draft.add("Trilu", [x, diagonal], ["upper": .int(upper)]).to(n[0].dtype)
    }

    static let joins: [String: ExportRule] = [
        "cat": { n in
            let axis = try n.axis()
            return ExportValue.concatenated(n.values, axis: axis)
        },
        "pad": { n in
            let (before, after) = (try n.arguments.sizes("before"), try n.arguments.sizes("after"))
            let pads = try n.sizes.vector(before + after)
            // Bytes and bools are padded as wider numbers, which more runtimes can.
            let wide = n[0].dtype.isFloatingPoint || n[0].dtype == .int64 ? n[0] : n[0].to(.int32)
            let value = n.draft.number(try n.arguments.number("value"), wide.dtype)
            return n.draft.add("Pad", [wide, pads, value], ["mode": "constant"]).to(n[0].dtype)
        },
    ]
}
