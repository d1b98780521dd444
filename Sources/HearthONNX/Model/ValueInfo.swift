/// What a model says of one of its inputs or outputs.
public struct ValueInfo: Sendable, Hashable, CustomStringConvertible {
    /// One size of a shape.
    public enum Dimension: Sendable, Hashable, CustomStringConvertible {
        /// A number.
        case fixed(Int)
        /// A name that stands for one number in the whole model: `batch`.
        case named(String)
        /// Any number.
        case unknown

        /// The number, the name, or `?`.
        public var description: String {
            switch self {
            case .fixed(let size): "\(size)"
            case .named(let name): name
            case .unknown: "?"
            }
        }
    }

    /// The name of the value.
    public let name: String
    /// The type of its elements; `undefined` for what is no tensor.
    public let elementType: ElementType
    /// Its sizes; nil when nothing is known of them, not even how many there are.
    public let dims: [Dimension]?

    init(_ proto: ValueInfoProto) {
        name = proto.name
        let type = proto.type?.tensorType
        elementType = ElementType(rawValue: type?.elemType ?? 0) ?? .undefined
        dims = type?.shape.map { $0.dims.map(Dimension.init) }
    }

    /// `float32[batch, 3, 224, 224]`.
    public var description: String {
        let sizes = dims.map { "[" + $0.map(\.description).joined(separator: ", ") + "]" } ?? "[…]"
        return "\(elementType)\(sizes)"
    }
}

extension ValueInfo.Dimension {
    fileprivate init(_ proto: DimensionProto) {
        if let value = proto.value, value >= 0 {
            self = .fixed(value)
        } else if let name = proto.parameter, !name.isEmpty {
            self = .named(name)
        } else {
            self = .unknown
        }
    }
}
