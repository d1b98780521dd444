import HearthTensor

/// A value of an operation's attribute in a graph: as `AttributeValue`, with sizes that may differ from run to run.
public indirect enum GraphAttribute: Hashable, Sendable {
    /// Yes or no.
    case bool(Bool)
    /// A whole number, or a size.
    case size(Size)
    /// A number.
    case number(Double)
    /// A number made of sizes.
    case ratio(SizeRatio)
    /// A word.
    case string(String)
    /// Several values.
    case list([GraphAttribute])
    /// The same value as often as a size says.
    case repeated(GraphAttribute, count: Size)
    /// Values by name.
    case record([Field])

    /// A value and its name.
    public struct Field: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The value.
        public var value: GraphAttribute

        /// A value under a name.
        public init(_ name: String, _ value: GraphAttribute) { (self.name, self.value) = (name, value) }
    }
}

/// One size divided by another, or the square root of that, as a number.
public struct SizeRatio: Hashable, Sendable {
    /// What is divided.
    public var numerator: Size
    /// What it is divided by.
    public var denominator: Size
    /// Whether it is the square root of the quotient.
    public var isRoot: Bool

    /// The ratio of two sizes, or its square root.
    public init(_ numerator: Size, _ denominator: Size, isRoot: Bool = false) {
        (self.numerator, self.denominator, self.isRoot) = (numerator, denominator, isRoot)
    }

    func value(in table: SizeTable) throws(GraphError) -> Double {
        let quotient = Double(try table.value(of: numerator)) / Double(try table.value(of: denominator))
        return isRoot ? quotient.squareRoot() : quotient
    }
}

extension GraphAttribute {
    /// A value that is the same in every run.
    public init(_ value: AttributeValue) {
        switch value {
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .size(.fixed(value))
        case .double(let value): self = .number(value)
        case .string(let value): self = .string(value)
        case .list(let values): self = .list(values.map { GraphAttribute($0) })
        case .record(let attributes): self = .record(Self.fields(attributes))
        }
    }

    static func fields(_ attributes: Attributes) -> [Field] {
        attributes.entries.map { Field($0.name, GraphAttribute($0.value)) }
    }

    /// True when it is the same in every run.
    public var isFixed: Bool {
        switch self {
        case .bool, .number, .string: true
        case .size(let size): size.fixed != nil
        case .ratio, .repeated: false
        case .list(let values): values.allSatisfy(\.isFixed)
        case .record(let fields): fields.allSatisfy(\.value.isFixed)
        }
    }

    /// The value in a run. Throws for a size that is not known, and for a list that is absurdly long.
    func value(in table: SizeTable) throws(GraphError) -> AttributeValue {
        if let base = table.random, let (source, offset) = drawnPlace {
            return base.place(source, try table.value(of: offset))
        }
        switch self {
        case .bool(let value): return .bool(value)
        case .size(let size): return .int(try table.value(of: size))
        case .number(let value): return .double(value)
        case .ratio(let ratio): return .double(try ratio.value(in: table))
        case .string(let value): return .string(value)
        case .list(let values): return .list(try values.map { value throws(GraphError) in try value.value(in: table) })
        case .repeated(let value, let count):
            let count = try table.value(of: count)
            guard (0...Self.longestList).contains(count) else { throw GraphError("a list of \(count) values") }
            return .list(Array(repeating: try value.value(in: table), count: count))
        case .record(let fields): return .record(try Self.attributes(fields, in: table))
        }
    }

    static func attributes(_ fields: [Field], in table: SizeTable) throws(GraphError) -> Attributes {
        Attributes(
            try fields.map { field throws(GraphError) in (name: field.name, value: try field.value.value(in: table)) })
    }

    private static let longestList = 1 << 24
}

extension GraphAttribute: CustomStringConvertible {
    /// The value as a person reads it; a list of more than eight is shortened.
    public var description: String {
        switch self {
        case .bool(let value): "\(value)"
        case .size(let size): "\(size)"
        case .number(let value): "\(value)"
        case .ratio(let ratio): ratio.isRoot ? "sqrt(\(ratio.quotient))" : ratio.quotient
        case .string(let value): value
        case .list(let values):
            values.count <= 8
                ? "[\(values.map(\.description).joined(separator: ", "))]"
                : "[\(values.prefix(6).map(\.description).joined(separator: ", ")), … \(values.count) in all]"
        case .repeated(let value, let count): "[\(value), … \(count) times]"
        case .record(let fields): "(\(Self.text(fields)))"
        }
    }

    static func text(_ fields: [Field]) -> String { fields.map { "\($0.name): \($0.value)" }.joined(separator: ", ") }
}

extension SizeRatio {
    fileprivate var quotient: String { Size.quotient(numerator, denominator).description }
}
