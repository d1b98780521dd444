import HearthGraph
import HearthTensor

extension ExportTable {
    static let resampling: [String: ExportRule] = ["interpolate": resampled]

    /// One dimension resampled: by the positions or weights of its elements where sizes are known, so that every runtime
    /// computes the same, and by ONNX's `Resize` where they are not.
    private static func resampled(_ n: ExportNode) throws -> ExportValue {
        let (axis, rule) = (try n.axis(), try n.arguments.record("rule"))
        let mode = try rule.text("mode")
        if let size = try rule.size("size").fixed, let outputs = try rule.size("outputs").fixed {
            let isTransposed = try n.arguments.bool("transposed")
            let line = n.operation.attributes.map { $0.name == "dim" ? GraphAttribute.Field("dim", .size(1)) : $0 }
            if !isTransposed, mode.hasPrefix("nearest") {
                let numbers = Tensor.arange(size, dtype: .float64, device: .cpu).reshape([1, size])
                if let positions = try n.computed(line, numbers) {
                    let index = n.draft.constant(positions.to(.int64).reshape([outputs]))
                    return n.draft.add("Gather", [n[0], index], ["axis": .int(axis)])
                }
            }
            let identity = Tensor.eye(isTransposed ? outputs : size, dtype: .float32, device: .cpu)
            if let matrix = try n.computed(line, identity) {
                return try n[0].combined(axis, n.shape(0).count, n.draft.constant(matrix).to(n[0].dtype))
            }
        }
        return try resized(n, axis, rule, mode)
    }

    private static func resized(
        _ n: ExportNode, _ axis: Int, _ rule: ExportArguments, _ mode: String
    ) throws -> ExportValue {
        guard try !n.arguments.bool("transposed"), try !rule.bool("antialias") else {
            throw n.error("fixed sizes for a resampling that smooths", "named ones")
        }
        // The operator computes straight lines over at most two dimensions, so the line is made the last of four.
        let rank = n.shape(0).count
        let order = (0..<rank).filter { $0 != axis } + [axis]
        let moved = n[0].transposed(order)
        let lead = order.dropLast().map { n.shape(0)[$0] }
        let size = n.shape(0)[axis]
        let planes = try moved.reshaped(lead + [size], to: [1, 1, lead.product, size], n.sizes)
        let y = try resize(n, planes, rule, mode, lead: lead.product)
        let outputs = n.result.shape[axis]
        let back = try y.reshaped([1, 1, lead.product, outputs], to: lead + [outputs], n.sizes)
        return back.transposed(Array(0..<axis) + [rank - 1] + Array(axis..<(rank - 1)))
    }

    private static func resize(
        _ n: ExportNode, _ x: ExportValue, _ rule: ExportArguments, _ mode: String, lead: Size
    ) throws -> ExportValue {
        let factor = try rule.number("factor")
        let isCentred = try !rule.bool("alignCorners")
        let attributes: KeyValuePairs<String, ExportAttribute>
        switch mode {
        case "nearest":
            attributes = [
                "mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor",
            ]
        case "nearestExact":
            attributes = [
                "mode": "nearest", "coordinate_transformation_mode": "half_pixel",
                "nearest_mode": "round_prefer_ceil",
            ]
        default:
            attributes = [
                "mode": mode == "cubic" ? "cubic" : "linear", "cubic_coeff_a": .float(-0.75),
                "coordinate_transformation_mode": isCentred ? "half_pixel" : "align_corners",
            ]
        }
        if factor != 0 {
            let scales = n.draft.constant(Tensor([1, 1, 1, Float(factor)], shape: [4], device: .cpu))
            return n.draft.add("Resize", [x, nil, scales], attributes)
        }
        let sizes = try n.sizes.vector([1, 1, lead, n.arguments.record("rule").size("outputs")])
        return n.draft.add("Resize", [x, nil, nil, sizes], attributes)
    }
}
