import HearthTensor

/// Operators that change the type of elements.
enum Conversions {
    static let rows: OperatorRows = [
        "Cast": cast,
        "CastLike": { n in n.output(convert(try n[0], n.type(0), to: n.type(1)), n.type(1)) },
        "BitCast": bitCast,
    ]

    private static func cast(_ n: NodeContext) throws -> [Value] {
        guard let type = try n.version < 6 ? named(n) : n.elementType("to") else {
            throw n.error("a type 'to'", "none")
        }
        return n.output(convert(try n[0], n.type(0), to: type), type)
    }

    /// Before version 6 the type is a text.
    private static func named(_ n: NodeContext) throws -> ElementType? {
        guard let name = n.text("to") else { return try n.elementType("to") }
        let names: [String: ElementType] = ["FLOAT": .float32, "DOUBLE": .float64]
        return names[name] ?? ElementType.allCases.first { $0.description.uppercased() == name }
    }

    /// The values in another type; what does not fit into an integer type loses its higher bits.
    static func convert(_ x: Tensor, _ from: ElementType, to: ElementType) -> Tensor {
        guard let dtype = to.dtype, from != to else { return x }
        if from == .uint64 {
            if to == .bool { return x != 0 }
            if dtype.isFloatingPoint { return UnsignedLongs.floating(x, dtype) }
        }
        if to == .uint64, x.dtype.isFloatingPoint { return UnsignedLongs.rounded(x) }
        if to == .bool { return x != 0 }
        if to.isNative { return x.to(dtype) }
        return to.wrapped(x.to(.int64)).to(dtype)
    }

    private static func bitCast(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        guard let to = try n.elementType("to"), let dtype = to.dtype else { throw n.error("a type 'to'", "none") }
        let from = n.type(0)
        try n.check(from.bitCount == to.bitCount, "a type of \(from.bitCount) bits", "\(to)")
        if from.isInteger, to.isInteger { return n.output(convert(x, from, to: to), to) }
        // The elements as they lie in memory; of types that Hearth lacks through the signed type of their size.
        let source = from.isNative ? x : x.to(signed(from))
        let middle = to.isNative ? dtype : signed(to)
        let bytes = try n.readable(source, 0)
        let bits = bytes.withUnsafeBytes { source in
            Tensor.make(x.shape, middle, device: .cpu) { target in
                target.copyMemory(from: source)
                if middle == .bool { for place in target.indices where target[place] > 1 { target[place] = 1 } }
            }
        }.to(x.device)
        return n.output(to.isNative ? bits : convert(bits, ElementType(middle), to: to), to)
    }

    private static func signed(_ type: ElementType) -> DType {
        switch type.bitCount {
        case 64: .int64
        case 32: .int32
        case 16: .int16
        default: .int8
        }
    }
}
