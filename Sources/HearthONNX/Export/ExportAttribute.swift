import HearthFormats

/// The value of a node's attribute that is being written.
enum ExportAttribute {
    case int(Int)
    case ints([Int])
    case float(Double)
    case text(String)
    case texts([String])
    case tensor(TensorProto)
    case graph(GraphProto)

    /// The message of the attribute under a name.
    func proto(_ name: String) -> AttributeProto {
        var proto = AttributeProto()
        proto.name = name
        // The numbers are those of the format's `AttributeType`.
        switch self {
        case .float(let value): (proto.f, proto.type) = (Float(value), 1)
        case .int(let value): (proto.i, proto.type) = (value, 2)
        case .text(let value): (proto.s, proto.type) = (Bytes(Array(value.utf8)), 3)
        case .tensor(let value): (proto.t, proto.type) = (value, 4)
        case .graph(let value): (proto.g, proto.type) = (value, 5)
        case .ints(let values): (proto.ints, proto.type) = (values, 7)
        case .texts(let values): (proto.strings, proto.type) = (values.map { Bytes(Array($0.utf8)) }, 8)
        }
        return proto
    }
}

extension ExportAttribute: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    init(integerLiteral value: Int) { self = .int(value) }
    init(stringLiteral value: String) { self = .text(value) }
}
