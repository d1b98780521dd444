import HearthGraph
import HearthTensor

/// Makes the sizes of a graph values of the model: numbers as constants, others by nodes that look at shapes.
final class ExportSizes {
    private let draft: ModelDraft
    /// The input, and its dimension, that tell a named size.
    private let input: (String) throws(ONNXError) -> (value: ExportValue, axis: Int)
    /// The value of a node that is written already.
    private let value: (Int) -> ExportValue?
    /// Sizes that there are nodes for, as vectors of one element.
    private var known: [Size: ExportValue] = [:]
    private var lists: [[Size]: ExportValue] = [:]
    private var scalars: [Size: ExportValue] = [:]
    private var ranges: [Size: ExportValue] = [:]

    init(
        _ draft: ModelDraft, input: @escaping (String) throws(ONNXError) -> (value: ExportValue, axis: Int),
        value: @escaping (Int) -> ExportValue?
    ) {
        self.draft = draft
        self.input = input
        self.value = value
    }

    /// The sizes as an int64 vector.
    func vector(_ sizes: [Size]) throws(ONNXError) -> ExportValue {
        let numbers = sizes.compactMap(\.fixed)
        if numbers.count == sizes.count { return draft.vector(numbers) }
        if let list = lists[sizes] { return list }
        var parts: [ExportValue] = []
        var fixed: [Int] = []
        // Numbers that stand together are one constant.
        for size in sizes {
            if let number = size.fixed {
                fixed.append(number)
                continue
            }
            if !fixed.isEmpty { parts.append(draft.vector(fixed)) }
            fixed = []
            parts.append(try one(size))
        }
        if !fixed.isEmpty { parts.append(draft.vector(fixed)) }
        let list = atTop { ExportValue.concatenated(parts, axis: 0) }
        lists[sizes] = list
        return list
    }

    /// The size as a number without dimensions.
    func scalar(_ size: Size) throws(ONNXError) -> ExportValue {
        if let number = size.fixed { return draft.number(number, .int64) }
        if let scalar = scalars[size] { return scalar }
        let vector = try one(size)
        let scalar = atTop { vector.squeezed([0]) }
        scalars[size] = scalar
        return scalar
    }

    /// The numbers below a size, as an int64 vector.
    func range(_ size: Size) throws(ONNXError) -> ExportValue {
        if let count = size.fixed, count <= 4096 { return draft.vector(Array(0..<max(count, 0))) }
        if let range = ranges[size] { return range }
        let end = try scalar(size)
        let range = atTop { end.range }
        ranges[size] = range
        return range
    }

    /// The size as a vector of one element.
    private func one(_ size: Size) throws(ONNXError) -> ExportValue {
        if let value = known[size] { return value }
        let made: ExportValue
        switch size {
        case .fixed(let number): made = draft.vector([number])
        case .named(let name): made = try named(name)
        case .dimension(let node, let axis): made = try dimension(node, axis)
        case .sum(let a, let b): made = try both(a, b) { $0 + $1 }
        case .product(let a, let b): made = try both(a, b) { $0 * $1 }
        case .quotient(let a, let b): made = try both(a, b) { Self.quotient($0, $1, canBeNegative: a.canBeNegative) }
        }
        known[size] = made
        return made
    }

    private func both(
        _ a: Size, _ b: Size, _ combine: (ExportValue, ExportValue) -> ExportValue
    ) throws(ONNXError) -> ExportValue {
        let (a, b) = (try one(a), try one(b))
        return atTop { combine(a, b) }
    }

    /// Rounded down, where ONNX rounds towards 0.
    private static func quotient(_ a: ExportValue, _ b: ExportValue, canBeNegative: Bool) -> ExportValue {
        canBeNegative ? (a - a.with("Mod", b)) / b : a / b
    }

    /// Nodes for sizes serve the whole graph, so they are not named after the module that needed them first.
    private func atTop(_ body: () -> ExportValue) -> ExportValue {
        let path = draft.path
        draft.path = "sizes"
        defer { draft.path = path }
        return body()
    }

    private func named(_ name: String) throws(ONNXError) -> ExportValue {
        let (value, axis) = try input(name)
        return size(of: value, axis)
    }

    private func dimension(_ node: Int, _ axis: Int) throws(ONNXError) -> ExportValue {
        guard let value = value(node) else {
            throw ONNXError(expected: "a size that is known where it is used", found: "size(%\(node), \(axis))")
        }
        return size(of: value, axis)
    }

    private func size(of value: ExportValue, _ axis: Int) -> ExportValue {
        atTop {
            draft.add("Shape", [value], ["start": .int(axis), "end": .int(axis + 1)], dtype: .int64)
        }
    }
}

extension Size {
    /// True when a number is taken away somewhere in it.
    fileprivate var canBeNegative: Bool {
        switch self {
        case .fixed(let value): value < 0
        case .named, .dimension: false
        case .sum(let a, let b), .product(let a, let b): a.canBeNegative || b.canBeNegative
        case .quotient(let a, _): a.canBeNegative
        }
    }

    /// What the size comes to when its names stand for some numbers, to tell formulas apart; nil for sizes of values.
    private func sample(_ seed: Int) -> Int? {
        switch self {
        case .fixed(let value): return value
        case .named(let name):
            // Any numbers do that differ from name to name and are not small; those of a hash differ between runs.
            return 1000 + seed * 8191 + name.utf8.reduce(7) { ($0 * 31 + Int($1)) % 4093 }
        case .dimension: return nil
        case .sum(let a, let b): return Self.combine(a.sample(seed), b.sample(seed), +)
        case .product(let a, let b): return Self.combine(a.sample(seed), b.sample(seed), *)
        case .quotient(let a, let b):
            guard let divisor = b.sample(seed), divisor > 0 else { return nil }
            return a.sample(seed).map { ($0 - (($0 % divisor) + divisor) % divisor) / divisor }
        }
    }

    private static func combine(_ a: Int?, _ b: Int?, _ function: (Int, Int) -> Int) -> Int? {
        if let a, let b { function(a, b) } else { nil }
    }

    private static let samples = 0..<4

    /// True when both come to the same number whatever the names stand for, as far as trying tells.
    func isSame(as other: Size) -> Bool {
        if self == other { return true }
        return Self.samples.allSatisfy { seed in
            guard let a = sample(seed), let b = other.sample(seed) else { return false }
            return a == b
        }
    }

    /// The number that it always comes to, as far as trying tells; nil when it differs.
    var constantValue: Int? {
        let values = Self.samples.map(sample)
        return values.allSatisfy { $0 == values[0] } ? values[0] : nil
    }
}

extension Sequence<Size> {
    /// How many elements a shape has.
    var product: Size { reduce(.fixed(1)) { $0 * $1 } }
}
