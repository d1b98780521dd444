/// A size in a graph: a number, a name that stands for any number, or what is computed from sizes.
///
///     let length: Size = "length"
///     (length * 2 + 1).description        // 2 * length + 1
///
/// Whole numbers and names can be written where a size is expected: `.float32("batch", 3, 224, 224)`.
public indirect enum Size: Hashable, Sendable {
    /// The same in every run.
    case fixed(Int)
    /// Told by the inputs of a run.
    case named(String)
    /// Both together.
    case sum(Size, Size)
    /// One times the other.
    case product(Size, Size)
    /// The first divided by the second, rounded down.
    case quotient(Size, Size)
    /// The size of dimension `axis` of the value that a node gives, where nothing simpler says it.
    case dimension(node: Int, axis: Int)
}

extension Size: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    /// A number.
    public init(integerLiteral value: Int) { self = .fixed(value) }
    /// A name.
    public init(stringLiteral name: String) { self = .named(name) }
}

extension Size {
    /// Both together.
    public static func + (a: Size, b: Size) -> Size {
        switch (a, b) {
        case (.fixed(let x), .fixed(let y)): .fixed(x + y)
        case (.fixed(0), let other), (let other, .fixed(0)): other
        case (.sum(let x, .fixed(let y)), .fixed(let z)): x + .fixed(y + z)
        case (.fixed, _): .sum(b, a)
        default: .sum(a, b)
        }
    }

    /// One less the other number.
    public static func - (a: Size, b: Int) -> Size { a + .fixed(-b) }

    /// One times the other.
    public static func * (a: Size, b: Size) -> Size {
        switch (a, b) {
        case (.fixed(let x), .fixed(let y)): .fixed(x * y)
        case (.fixed(1), let other), (let other, .fixed(1)): other
        case (.fixed(let x), .product(.fixed(let y), let z)): .fixed(x * y) * z
        case (_, .fixed): .product(b, a)
        default: .product(a, b)
        }
    }

    /// One divided by the other number, rounded down.
    public static func / (a: Size, b: Int) -> Size {
        switch a {
        case _ where b == 1: a
        case .fixed(let x) where b != 0: .fixed(x.quotientRoundedDown(b))
        // Rounding down twice is rounding down once.
        case .quotient(let x, .fixed(let c)) where b > 0 && c > 0: x / (b * c)
        case .sum(.quotient(let x, .fixed(let c)), .fixed(let d)) where b > 0 && c > 0: (x + .fixed(c * d)) / (b * c)
        default: .quotient(a, .fixed(b))
        }
    }

    /// The number, when it is the same in every run.
    public var fixed: Int? { if case .fixed(let value) = self { value } else { nil } }

    /// The names in it, each once, in alphabetical order.
    public var names: [String] {
        Set(leaves.compactMap { if case .named(let name) = $0 { name } else { nil } }).sorted()
    }

    /// True when the size of some value is part of it.
    package var hasDimensions: Bool { leaves.contains { if case .dimension = $0 { true } else { false } } }

    private var leaves: [Size] {
        switch self {
        case .fixed, .named, .dimension: [self]
        case .sum(let a, let b), .product(let a, let b), .quotient(let a, let b): a.leaves + b.leaves
        }
    }
}

extension Int {
    /// This number divided by a positive one, rounded down.
    func quotientRoundedDown(_ divisor: Int) -> Int {
        let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? quotient - 1 : quotient
    }
}

extension Size: CustomStringConvertible {
    /// The size as a formula: `batch`, `2 * length + 1`, `(width - 1) / 2 + 1`.
    public var description: String {
        switch self {
        case .fixed(let value): "\(value)"
        case .named(let name): name
        case .sum(let a, .fixed(let b)) where b < 0: "\(a) - \(b.magnitude)"
        case .sum(let a, let b): "\(a) + \(b)"
        case .product(let a, let b): "\(a.factor) * \(b.factor)"
        case .quotient(let a, let b): "\(a.factor) / \(b.divisor)"
        case .dimension(let node, let axis): "size(%\(node), \(axis))"
        }
    }

    private var factor: String { if case .sum = self { "(\(self))" } else { description } }

    private var divisor: String {
        switch self {
        case .fixed, .named, .dimension: description
        case .sum, .product, .quotient: "(\(self))"
        }
    }
}

/// What the names of a graph stand for in one run, and the shapes of the values that are known so far.
struct SizeTable {
    /// The numbers that the names stand for.
    var named: [String: Int] = [:]
    /// The shapes of values by the numbers of their nodes.
    var shapes: [Int: [Int]] = [:]
    /// Where the random numbers of the run begin.
    var random: RandomBase?

    /// The number that a size comes to. Throws when a name is not known, and when it is larger than numbers are.
    func value(of size: Size) throws(GraphError) -> Int {
        switch size {
        case .fixed(let value): return value
        case .named(let name):
            guard let value = named[name] else { throw GraphError("the size '\(name)' is not known") }
            return value
        case .sum(let a, let b): return try checked(size, try value(of: a).addingReportingOverflow(try value(of: b)))
        case .product(let a, let b):
            return try checked(size, try value(of: a).multipliedReportingOverflow(by: try value(of: b)))
        case .quotient(let a, let b):
            let divisor = try value(of: b)
            guard divisor > 0 else { throw GraphError("\(size) divides by \(divisor)") }
            return try value(of: a).quotientRoundedDown(divisor)
        case .dimension(let node, let axis):
            guard let shape = shapes[node], shape.indices.contains(axis) else {
                throw GraphError("dimension \(axis) of node %\(node) is not known where it is used")
            }
            return shape[axis]
        }
    }

    private func checked(_ size: Size, _ result: (Int, Bool)) throws(GraphError) -> Int {
        if result.1 { throw GraphError("\(size) is larger than numbers are") }
        return result.0
    }
}
