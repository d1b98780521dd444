import HearthGraph
import HearthTensor

extension ExportTable {
    static let normalisations: [String: ExportRule] = ["standardise": standardised, "moments": moments]

    private static func standardised(_ n: ExportNode) throws -> ExportValue {
        let rule = try StandardiseRule(n)
        return try layer(n, rule) ?? batch(n, rule) ?? group(n, rule) ?? general(n, rule)
    }

    // MARK: The operators of ONNX

    /// The last dimensions, standardised by their own statistics.
    private static func layer(_ n: ExportNode, _ rule: StandardiseRule) throws -> ExportValue? {
        guard rule.follows, rule.hasPlaces, rule.batches == 1, let axis = rule.firstAxis(n.shape(0)) else { return nil }
        let last = Array(n.shape(0)[axis...])
        guard rule.isCentred else { return try rootMeanSquare(n, rule, axis, last) }
        let sizes = last.compactMap(\.fixed)
        guard sizes.count == last.count else { return nil }
        func shaped(_ value: ExportValue) -> ExportValue { sizes.count == 1 ? value : value.reshaped(sizes) }
        let scale =
            rule.weight.map(shaped) ?? n.draft.constant(Tensor.ones(Shape(sizes), dtype: n[0].dtype, device: .cpu))
        return n.draft.add(
            "LayerNormalization", [n[0], scale, rule.bias.map(shaped)],
            ["axis": .int(axis - n.shape(0).count), "epsilon": .float(rule.epsilon)])
    }

    private static func rootMeanSquare(
        _ n: ExportNode, _ rule: StandardiseRule, _ axis: Int, _ last: [Size]
    ) throws -> ExportValue {
        let axes = Array(axis..<n.shape(0).count)
        let root = ((n[0] * n[0]).reduced("ReduceMean", axes) + rule.epsilon).then("Sqrt")
        return try [(rule.weight, "Mul"), (rule.bias, "Add")].reduce(n[0] / root) { y, part in
            guard let value = part.0 else { return y }
            return y.with(part.1, try value.reshaped([last.product], to: last, n.sizes))
        }
    }

    /// Channels, with statistics that are given.
    private static func batch(_ n: ExportNode, _ rule: StandardiseRule) throws -> ExportValue? {
        guard !rule.follows, rule.isCentred, rule.parts == 1, n.shape(0).count >= 2, let channels = n.shape(0)[1].fixed,
            rule.cycle == channels, rule.count == .fixed(channels)
        else { return nil }
        func vector(_ number: Double) -> ExportValue {
            n.draft.constant(Tensor.full([channels], number, dtype: n[0].dtype, device: .cpu))
        }
        return n.draft.add(
            "BatchNormalization", [n[0], rule.weight ?? vector(1), rule.bias ?? vector(0), n[1], n[2]],
            ["epsilon": .float(rule.epsilon)])
    }

    /// Groups of channels, or each channel, of each image by their own statistics.
    private static func group(_ n: ExportNode, _ rule: StandardiseRule) throws -> ExportValue? {
        let shape = n.shape(0)
        guard rule.follows, rule.isCentred, rule.batches == 1, !rule.hasPlaces, shape.count >= 3,
            rule.count.isSame(as: shape[0] * .fixed(rule.cycle)), shape[1] == .fixed(rule.parts * rule.cycle)
        else { return nil }
        func vector(_ number: Double) -> ExportValue {
            n.draft.constant(Tensor.full([rule.cycle], number, dtype: n[0].dtype, device: .cpu))
        }
        let epsilon = ExportAttribute.float(rule.epsilon)
        if rule.parts == 1 {
            return n.draft.add(
                "InstanceNormalization", [n[0], rule.weight ?? vector(1), rule.bias ?? vector(0)],
                ["epsilon": epsilon])
        }
        let groups = n[0].reshaped([0, rule.cycle, -1])
        let standard = n.draft.add("InstanceNormalization", [groups, vector(1), vector(0)], ["epsilon": epsilon])
        let length = rule.length * .fixed(1)
        let back = try standard.reshaped([shape[0], .fixed(rule.cycle), length], to: shape, n.sizes)
        let column = Array(1..<(shape.count - 1))
        let weighted = rule.weight.map { back * $0.unsqueezed(column) } ?? back
        return rule.bias.map { weighted + $0.unsqueezed(column) } ?? weighted
    }

    // MARK: The formula

    /// Any groups: `(x - mean) / sqrt(variance + epsilon) * weight + bias`, with everything where it belongs.
    private static func general(_ n: ExportNode, _ rule: StandardiseRule) throws -> ExportValue {
        let blocks = [rule.batches, rule.count, rule.length]
        let x = try n[0].reshaped(n.shape(0), to: blocks, n.sizes)
        let (mean, deviation) = (n[1].unsqueezed([1]), (n[2] + rule.epsilon).then("Sqrt").unsqueezed([1]))
        var y = (x - mean) / deviation
        if rule.hasPlaces {
            y = rule.weight.map { y * $0 } ?? y
            y = rule.bias.map { y + $0 } ?? y
            return try y.reshaped(blocks, to: n.shape(0), n.sizes)
        }
        guard rule.weight != nil || rule.bias != nil else { return try y.reshaped(blocks, to: n.shape(0), n.sizes) }
        let (parts, cycle) = (rule.parts, rule.cycle)
        let places = [
            rule.batches, rule.count / max(cycle, 1), .fixed(cycle), .fixed(parts), rule.length / max(parts, 1),
        ]
        y = try y.reshaped(blocks, to: places, n.sizes)
        y = rule.weight.map { y * $0.reshaped([cycle, parts, 1]) } ?? y
        y = rule.bias.map { y + $0.reshaped([cycle, parts, 1]) } ?? y
        return try y.reshaped(places, to: n.shape(0), n.sizes)
    }

    /// The mean of each group, then its biased variance; 0 and the mean square where nothing is subtracted.
    private static func moments(_ n: ExportNode) throws -> ExportValue {
        let groups = try n.arguments.record("groups")
        let blocks = [try groups.size("batches"), try groups.size("count"), try groups.size("length")]
        let x = try n[0].reshaped(n.shape(0), to: blocks, n.sizes)
        let mean = x.reduced("ReduceMean", [0, 2])
        guard try n.arguments.bool("centred") else {
            let square = (x * x).reduced("ReduceMean", [0, 2]).squeezed([2])
            return ExportValue.concatenated([square - square, square], axis: 0)
        }
        let distance = x - mean
        let variance = (distance * distance).reduced("ReduceMean", [0, 2])
        return ExportValue.concatenated([mean.squeezed([2]), variance.squeezed([2])], axis: 0)
    }
}

/// What an operation that standardises says of itself.
private struct StandardiseRule {
    let batches, count, length: Size
    /// Into how many parts a group is divided for weight and bias, and after how many groups they begin anew; both 0
    /// where they have an element for each place in a group.
    let parts, cycle: Int
    let epsilon: Double
    let isCentred: Bool
    /// True when mean and variance are those of the operand itself.
    let follows: Bool
    let weight, bias: ExportValue?

    init(_ n: ExportNode) throws {
        let groups = try n.arguments.record("groups")
        (batches, count, length) = (try groups.size("batches"), try groups.size("count"), try groups.size("length"))
        (parts, cycle) = (try groups.int("parts"), try groups.int("cycle"))
        epsilon = try n.arguments.number("epsilon")
        isCentred = try n.arguments.bool("centred")
        follows = try n.arguments.bool("follows")
        weight = try n.arguments.bool("hasWeight") ? n[3] : nil
        bias = try n.arguments.bool("hasBias") ? n.values.last : nil
    }

    /// True when weight and bias have an element for each place in a group.
    var hasPlaces: Bool { parts == 0 && cycle == 0 }

    /// The first of the last dimensions that together are a group.
    func firstAxis(_ shape: [Size]) -> Int? {
        shape.indices.reversed().first { shape[$0...].product.isSame(as: length) }
    }
}
