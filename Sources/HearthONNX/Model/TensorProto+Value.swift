import HearthFormats
import HearthTensor

extension TensorProto {
    /// The constant. Its elements stay where they are in the file where alignment and type allow. Throws `ONNXError`, and
    /// `FileError` for a file beside the model that cannot be read.
    func value(_ files: ExternalFiles) throws -> Value {
        let type = ElementType(rawValue: dataType ?? 0) ?? .undefined
        guard let dtype = type.dtype else {
            throw ONNXError(expected: "numbers that Hearth computes with in '\(name)'", found: "elements of \(type)")
        }
        let shape = try checkedShape(dtype)
        if dataLocation == 1 {
            return .tensor(try tensor(files.bytes(externalData, of: name), shape, dtype, type), type)
        }
        if let rawData { return .tensor(try tensor(rawData, shape, dtype, type), type) }
        return .tensor(try listed(shape, dtype, type), type)
    }

    /// The shape, small enough to be held in memory.
    private func checkedShape(_ dtype: DType) throws(ONNXError) -> Shape {
        guard dims.count <= Shape.limit else {
            throw ONNXError(expected: "at most \(Shape.limit) dimensions in '\(name)'", found: "\(dims.count)")
        }
        guard SizeLimit.byteCount(dims, dtype) != nil else {
            throw ONNXError(expected: "a shape of '\(name)' that fits into memory", found: "\(dims)")
        }
        return Shape(dims)
    }

    private func wrong(_ wanted: String, _ found: Int, _ shape: Shape, _ type: ElementType) -> ONNXError {
        ONNXError(expected: "\(wanted) for '\(name)' of \(type)\(shape)", found: "\(found)")
    }

    /// A tensor over packed little-endian elements.
    private func tensor(_ bytes: Bytes, _ shape: Shape, _ dtype: DType, _ type: ElementType) throws -> Tensor {
        let byteCount = (shape.elementCount * type.bitCount + 7) / 8
        guard bytes.count == byteCount else { throw wrong("\(byteCount) bytes", bytes.count, shape, type) }
        if type.bitCount == dtype.byteCount * 8, dtype != .bool { return bytes.tensor(shape, dtype) }
        return Tensor.make(shape, dtype, device: .cpu) { target in
            bytes.withUnsafeBytes { Self.unpack($0, type, into: target) }
        }
    }

    /// Elements of other sizes than those of the tensor that holds them.
    private static func unpack(
        _ source: UnsafeRawBufferPointer, _ type: ElementType, into target: UnsafeMutableRawBufferPointer
    ) {
        switch type {
        case .bool: for place in target.indices { target[place] = source[place] == 0 ? 0 : 1 }
        case .uint16:
            for (place, slot) in target.bindMemory(to: Int32.self).indices.enumerated() {
                let value = source.loadUnaligned(fromByteOffset: place * 2, as: UInt16.self)
                target.bindMemory(to: Int32.self)[slot] = Int32(UInt16(littleEndian: value))
            }
        case .uint32:
            for (place, slot) in target.bindMemory(to: Int64.self).indices.enumerated() {
                let value = source.loadUnaligned(fromByteOffset: place * 4, as: UInt32.self)
                target.bindMemory(to: Int64.self)[slot] = Int64(UInt32(littleEndian: value))
            }
        default:
            // Parts of bytes, the lowest first.
            let (bits, perByte) = (type.bitCount, 8 / type.bitCount)
            for place in target.indices {
                let value = source[place / perByte] >> UInt8(place % perByte * bits) & UInt8((1 << bits) - 1)
                let isNegative = !type.isUnsigned && value >> UInt8(bits - 1) == 1
                target[place] = isNegative ? value | UInt8(truncatingIfNeeded: -1 << bits) : value
            }
        }
    }

    /// A tensor of the numbers in one of the lists.
    private func listed(_ shape: Shape, _ dtype: DType, _ type: ElementType) throws -> Tensor {
        let count = shape.elementCount
        func check(_ found: Int) throws(ONNXError) {
            guard found == count else { throw wrong("\(count) elements", found, shape, type) }
        }
        switch type {
        case .float32:
            try check(floatData.count)
            return Tensor(floatData, shape: shape, device: .cpu)
        case .float64:
            try check(doubleData.count)
            return Tensor(doubleData, shape: shape, device: .cpu)
        case .int64, .uint32, .uint64:
            let numbers = type == .int64 ? int64Data : uint64Data
            try check(numbers.count)
            return Tensor(numbers.map { Int64($0) }, shape: shape, device: .cpu)
        case .uint4, .int4, .uint2, .int2:
            let bytes = Bytes(int32Data.map { UInt8(truncatingIfNeeded: $0) })
            return try tensor(bytes, shape, dtype, type)
        default:
            try check(int32Data.count)
            return Tensor.make(shape, dtype, device: .cpu) { Self.store(int32Data, dtype, type, into: $0) }
        }
    }

    private static func store(
        _ numbers: [Int], _ dtype: DType, _ type: ElementType, into target: UnsafeMutableRawBufferPointer
    ) {
        for (place, number) in numbers.enumerated() {
            switch dtype {
            case .bool: target[place] = number == 0 ? 0 : 1
            case .uint8, .int8: target[place] = UInt8(truncatingIfNeeded: number)
            case .int16, .float16, .bfloat16:
                target.storeBytes(of: UInt16(truncatingIfNeeded: number), toByteOffset: place * 2, as: UInt16.self)
            default:
                let value = type == .uint16 ? number & 0xFFFF : number
                target.storeBytes(of: Int32(truncatingIfNeeded: value), toByteOffset: place * 4, as: Int32.self)
            }
        }
    }
}

extension SparseTensorProto {
    /// The name of the constant, which its values have.
    var name: String { values?.name ?? "" }

    /// The constant with all its zeros.
    func value(_ files: ExternalFiles) throws -> Value {
        guard let values, let indices, case .tensor(let elements, let type) = try values.value(files),
            case .tensor(let places, .int64) = try indices.value(files)
        else { throw ONNXError(expected: "values and int64 indices of the sparse '\(name)'", found: "others") }
        guard dims.count <= Shape.limit, SizeLimit.byteCount(dims, elements.dtype) != nil else {
            throw ONNXError(expected: "a shape of '\(name)' that fits into memory", found: "\(dims)")
        }
        let shape = Shape(dims)
        return try checkShapes {
            var flat = places
            if places.rank == 2 {
                let steps = Tensor(shape.contiguousStrides.map { Int64($0) }, shape: [shape.count], device: .cpu)
                flat = (places * steps).sum(dim: 1)
            }
            let zeros = Tensor.zeros([shape.elementCount], dtype: elements.dtype, device: .cpu)
            return .tensor(zeros.scatter(0, flat, elements).reshape(shape), type)
        }
    }
}
