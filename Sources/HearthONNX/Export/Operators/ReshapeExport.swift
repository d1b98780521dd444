import HearthGraph
import HearthTensor

extension ExportTable {
    static let reshapes: [String: ExportRule] = [
        "reshape": { n in try n[0].reshaped(n.shape(0), to: try n.arguments.sizes("shape"), n.sizes) },
        "expand": { n in
            let shape = try n.arguments.sizes("shape")
            if shape == n.shape(0) { return n[0] }
            // Repeating again what was repeated before is repeating once.
            let (x, source) = n.exporter.expansions[n.operands[0].id] ?? (n[0], n.shape(0))
            if n.operands[0].id != n.result.id { n.exporter.expansions[n.result.id] = (x, source) }
            let rank = source.count
            let target = shape.enumerated().map { axis, size in
                let own = axis - (shape.count - rank)
                // 1 leaves a size as it is, whatever it is.
                return own >= 0 && source[own] == size ? Size.fixed(1) : size
            }
            return x.with("Expand", try n.sizes.vector(target))
        },
        "permute": { n in n[0].transposed(try n.arguments.ints("order")) },
    ]
}

extension ExportValue {
    /// The same elements in another shape, in the simplest form that says it: sizes that stay, one that follows from the
    /// others, dimensions of size 1 put in or taken out, and only then all sizes computed.
    func reshaped(_ source: [Size], to target: [Size], _ sizes: ExportSizes) throws(ONNXError) -> ExportValue {
        if source == target { return self }
        let numbers = target.compactMap(\.fixed)
        if numbers.count == target.count, !numbers.contains(0) { return reshaped(numbers) }
        if let pattern = Self.pattern(source, target) { return reshaped(pattern) }
        if let (added, removed) = Self.ones(source, target) {
            return removed.isEmpty ? unsqueezed(added) : squeezed(removed)
        }
        return draft.add("Reshape", [self, try sizes.vector(target)], ["allowzero": 1])
    }

    /// The target with 0 for sizes that stay and -1 for at most one other; nil when that is not enough.
    private static func pattern(_ source: [Size], _ target: [Size]) -> [Int]? {
        var pattern: [Int] = []
        for (axis, size) in target.enumerated() {
            if let number = size.fixed, number != 0 {
                pattern.append(number)
            } else if axis < source.count, source[axis] == size {
                pattern.append(0)
            } else if size.fixed == nil, !pattern.contains(-1) {
                pattern.append(-1)
            } else {
                return nil
            }
        }
        return pattern
    }

    /// Where dimensions of size 1 are put in or taken out, when that is all; nil otherwise.
    private static func ones(_ source: [Size], _ target: [Size]) -> (added: [Int], removed: [Int])? {
        var (i, j) = (0, 0)
        var (added, removed): ([Int], [Int]) = ([], [])
        while i < source.count || j < target.count {
            if i < source.count, j < target.count, source[i] == target[j] {
                i += 1
                j += 1
            } else if j < target.count, target[j] == 1 {
                added.append(j)
                j += 1
            } else if i < source.count, source[i] == 1 {
                removed.append(i)
                i += 1
            } else {
                return nil
            }
        }
        return added.isEmpty || removed.isEmpty ? (added, removed) : nil
    }
}
