/// What an operation says about itself besides its name: values by name, in order.
///
///     let attributes: Attributes = ["dim": 1, "keepDim": false]
///     let dim: Int = try attributes["dim"]
///     print(attributes)                     // dim: 1, keepDim: false
public struct Attributes: Hashable, Sendable {
    private var names: [String] = []
    private var values: [AttributeValue] = []

    /// True when there are none.
    public var isEmpty: Bool { names.isEmpty }

    /// The names and values, in order.
    public var entries: [(name: String, value: AttributeValue)] { zip(names, values).map { ($0, $1) } }

    /// These attributes and one more.
    public func with(_ name: String, _ value: some AttributeConvertible) -> Attributes {
        var all = self
        all.names.append(name)
        all.values.append(value.attributeValue)
        return all
    }

    /// The value with this name. Throws when there is none, or when it is of another kind.
    public subscript<Value: AttributeConvertible>(name: String) -> Value {
        get throws(AttributeError) {
            guard let position = names.firstIndex(of: name) else {
                throw AttributeError("the attribute '\(name)' is missing")
            }
            guard let value = Value(attributeValue: values[position]) else {
                throw AttributeError("the attribute '\(name)' is \(values[position]), which is no \(Value.self)")
            }
            return value
        }
    }
}

extension Attributes: ExpressibleByDictionaryLiteral {
    /// The names and values between the brackets, in order.
    public init(dictionaryLiteral elements: (String, any AttributeConvertible)...) {
        names = elements.map(\.0)
        values = elements.map(\.1.attributeValue)
    }

    /// Names and values, in order.
    public init(_ entries: [(name: String, value: AttributeValue)]) {
        names = entries.map(\.name)
        values = entries.map(\.value)
    }
}

extension Attributes: CustomStringConvertible {
    /// `dim: 1, keepDim: false`; long lists are shortened.
    public var description: String { zip(names, values).map { "\($0): \($1)" }.joined(separator: ", ") }
}

/// One value of an attribute.
public indirect enum AttributeValue: Hashable, Sendable {
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case list([AttributeValue])
    case record(Attributes)
}

extension AttributeValue: CustomStringConvertible {
    /// The value as a person reads it; a list of more than eight is shortened.
    public var description: String {
        switch self {
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .double(let value): "\(value)"
        case .string(let value): value
        case .list(let values):
            values.count <= 8
                ? "[\(values.map(\.description).joined(separator: ", "))]"
                : "[\(values.prefix(6).map(\.description).joined(separator: ", ")), … \(values.count) in all]"
        case .record(let attributes): "(\(attributes))"
        }
    }
}

/// What a name and attributes that make no operation lack.
public struct AttributeError: Error, Hashable, CustomStringConvertible {
    /// The error in words.
    public let description: String

    /// An error in these words.
    public init(_ description: String) { self.description = description }
}

/// A type whose values can be attributes.
public protocol AttributeConvertible {
    /// This value as an attribute.
    var attributeValue: AttributeValue { get }
    /// The value that an attribute stands for; nil when it is of another kind.
    init?(attributeValue: AttributeValue)
}

/// A type of several fields whose values are one attribute.
protocol AttributeRecord: AttributeConvertible {
    /// The fields.
    var attributes: Attributes { get }
    /// The value with these fields.
    init(_ attributes: Attributes) throws(AttributeError)
}

extension AttributeRecord {
    /// The fields as one value.
    public var attributeValue: AttributeValue { .record(attributes) }
    /// The value with the fields of a record.
    public init?(attributeValue: AttributeValue) {
        guard case .record(let attributes) = attributeValue, let value = try? Self(attributes) else { return nil }
        self = value
    }
}

extension AttributeConvertible where Self: RawRepresentable, RawValue == String {
    /// The case's name.
    public var attributeValue: AttributeValue { .string(rawValue) }
    /// The case with this name.
    public init?(attributeValue: AttributeValue) {
        guard case .string(let name) = attributeValue else { return nil }
        self.init(rawValue: name)
    }
}

extension AttributeValue: AttributeConvertible {
    /// The value itself.
    public var attributeValue: AttributeValue { self }
    /// The value itself, of any kind.
    public init?(attributeValue: AttributeValue) { self = attributeValue }
}

extension Bool: AttributeConvertible {
    /// This value as an attribute.
    public var attributeValue: AttributeValue { .bool(self) }
    /// The value of a `bool` attribute.
    public init?(attributeValue: AttributeValue) {
        guard case .bool(let value) = attributeValue else { return nil }
        self = value
    }
}

extension Int: AttributeConvertible {
    /// This value as an attribute.
    public var attributeValue: AttributeValue { .int(self) }
    /// The value of an `int` attribute.
    public init?(attributeValue: AttributeValue) {
        guard case .int(let value) = attributeValue else { return nil }
        self = value
    }
}

extension Int32: AttributeConvertible {
    /// This value as an attribute.
    public var attributeValue: AttributeValue { .int(Int(self)) }
    /// The value of an `int` attribute that fits 32 bits.
    public init?(attributeValue: AttributeValue) {
        guard case .int(let value) = attributeValue else { return nil }
        self.init(exactly: value)
    }
}

extension UInt64: AttributeConvertible {
    /// The same 64 bits as an `Int`.
    public var attributeValue: AttributeValue { .int(Int(bitPattern: UInt(self))) }
    /// The bits of an `int` attribute.
    public init?(attributeValue: AttributeValue) {
        guard case .int(let value) = attributeValue else { return nil }
        self = UInt64(bitPattern: Int64(value))
    }
}

extension Double: AttributeConvertible {
    /// This value as an attribute.
    public var attributeValue: AttributeValue { .double(self) }
    /// The value of a `double` or an `int` attribute.
    public init?(attributeValue: AttributeValue) {
        switch attributeValue {
        case .double(let value): self = value
        case .int(let value): self = Double(value)
        default: return nil
        }
    }
}

extension String: AttributeConvertible {
    /// This value as an attribute.
    public var attributeValue: AttributeValue { .string(self) }
    /// The value of a `string` attribute.
    public init?(attributeValue: AttributeValue) {
        guard case .string(let value) = attributeValue else { return nil }
        self = value
    }
}

extension Array: AttributeConvertible where Element: AttributeConvertible {
    /// A list of the elements.
    public var attributeValue: AttributeValue { .list(map(\.attributeValue)) }
    /// The elements of a list, all of this type.
    public init?(attributeValue: AttributeValue) {
        guard case .list(let values) = attributeValue else { return nil }
        let elements = values.compactMap { Element(attributeValue: $0) }
        guard elements.count == values.count else { return nil }
        self = elements
    }
}

extension Dimensions: AttributeConvertible {
    /// A list of the sizes.
    public var attributeValue: AttributeValue { Array(self).attributeValue }
    /// The sizes of a list of at most `limit` integers.
    public init?(attributeValue: AttributeValue) {
        guard let sizes = [Int](attributeValue: attributeValue), sizes.count <= Self.limit else { return nil }
        self.init(sizes)
    }
}

extension DType: AttributeConvertible {
    /// PyTorch's name.
    public var attributeValue: AttributeValue { .string(description) }
    /// The dtype with PyTorch's name.
    public init?(attributeValue: AttributeValue) {
        guard case .string(let name) = attributeValue else { return nil }
        self.init(name: name)
    }
}

extension Scalar: AttributeConvertible {
    /// The number.
    public var attributeValue: AttributeValue {
        switch self {
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .double(let value): .double(value)
        }
    }
    /// The number of a `bool`, `int` or `double` attribute.
    public init?(attributeValue: AttributeValue) {
        switch attributeValue {
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .double(let value): self = .double(value)
        default: return nil
        }
    }
}
