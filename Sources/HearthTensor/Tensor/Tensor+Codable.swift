extension Tensor: Codable {
    private enum CodingKeys: String, CodingKey {
        case dtype, shape, elements
    }

    /// Writes dtype, shape and the elements, row-major, as numbers.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(dtype.description, forKey: .dtype)
        try container.encode(Array(shape), forKey: .shape)
        if dtype.isFloatingPoint {
            try container.encode(noGrad { detach().to(.float64) }.array(of: Double.self), forKey: .elements)
        } else {
            try container.encode(to(.int64).array(of: Int.self), forKey: .elements)
        }
    }

    /// Reads what `encode(to:)` wrote. Throws `DecodingError` for an unknown dtype or a wrong number of elements.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let name = try container.decode(String.self, forKey: .dtype)
        guard let dtype = DType(name: name) else {
            throw DecodingError.dataCorruptedError(
                forKey: .dtype, in: container, debugDescription: "unknown dtype '\(name)'")
        }
        let sizes = try container.decode([Int].self, forKey: .shape)
        let expected = try Self.checkedCount(sizes, container)
        let tensor: Tensor
        if dtype.isFloatingPoint {
            let numbers = try container.decode([Double].self, forKey: .elements)
            tensor = try Self.checked(numbers, Shape(sizes), expected, container)
        } else {
            let numbers = try container.decode([Int].self, forKey: .elements)
            tensor = try Self.checked(numbers, Shape(sizes), expected, container)
        }
        self = noGrad { tensor.to(dtype) }
    }

    private static func checkedCount(
        _ sizes: [Int], _ container: KeyedDecodingContainer<CodingKeys>
    ) throws -> Int {
        var count = 1
        for size in sizes {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard size >= 0, !overflow else {
                throw DecodingError.dataCorruptedError(
                    forKey: .shape, in: container, debugDescription: "impossible shape \(sizes)")
            }
            count = product
        }
        guard sizes.count <= Dimensions.limit else {
            throw DecodingError.dataCorruptedError(
                forKey: .shape, in: container,
                debugDescription: "\(sizes.count) dimensions; at most \(Dimensions.limit) are possible")
        }
        return count
    }

    private static func checked<T: TensorElement>(
        _ numbers: [T], _ shape: Shape, _ expected: Int, _ container: KeyedDecodingContainer<CodingKeys>
    ) throws -> Tensor {
        guard numbers.count == expected else {
            throw DecodingError.dataCorruptedError(
                forKey: .elements, in: container,
                debugDescription: "\(numbers.count) elements; the shape \(shape) needs \(expected)")
        }
        return Tensor(numbers, shape: shape)
    }
}
