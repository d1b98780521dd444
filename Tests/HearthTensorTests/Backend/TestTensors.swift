import HearthTensor

/// A tensor of `values` in row-major order.
func makeTensor<T: TensorElement>(_ values: [T], _ shape: Shape) -> Tensor {
    let tensor = Tensor.uninitialized(Spec(shape, T.dtype))
    for (i, value) in values.enumerated() {
        (tensor.pointer + i * T.dtype.byteCount).storeBytes(of: value, as: T.self)
    }
    return tensor
}

/// The elements in row-major order, read by the layout alone and not by the code under test.
func elements<T: TensorElement>(_ tensor: Tensor, as type: T.Type) -> [T] {
    (0..<tensor.count).map { number in
        var rest = number
        var offset = 0
        for i in stride(from: tensor.rank - 1, through: 0, by: -1) {
            offset += rest % tensor.shape[i] * tensor.strides[i]
            rest /= tensor.shape[i]
        }
        return (tensor.pointer + offset * T.dtype.byteCount).load(as: T.self)
    }
}

/// The elements of any dtype as numbers.
func numbers(_ tensor: Tensor) -> [Double] {
    switch tensor.dtype {
    case .bool: elements(tensor, as: Bool.self).map { $0 ? 1 : 0 }
    case .uint8: elements(tensor, as: UInt8.self).map { Double($0) }
    case .int8: elements(tensor, as: Int8.self).map { Double($0) }
    case .int16: elements(tensor, as: Int16.self).map { Double($0) }
    case .int32: elements(tensor, as: Int32.self).map { Double($0) }
    case .int64: elements(tensor, as: Int64.self).map { Double($0) }
    case .float16: elements(tensor, as: Float16.self).map { Double($0) }
    case .bfloat16: elements(tensor, as: BFloat16.self).map { Double($0.float) }
    case .float32: elements(tensor, as: Float.self).map { Double($0) }
    case .float64: elements(tensor, as: Double.self)
    }
}

/// The numbers in `dtype`, without the code under test.
func makeTensor(_ values: [Double], _ shape: Shape, _ dtype: DType) -> Tensor {
    switch dtype {
    case .bool: makeTensor(values.map { $0 != 0 }, shape)
    case .uint8: makeTensor(values.map { UInt8($0) }, shape)
    case .int8: makeTensor(values.map { Int8($0) }, shape)
    case .int16: makeTensor(values.map { Int16($0) }, shape)
    case .int32: makeTensor(values.map { Int32($0) }, shape)
    case .int64: makeTensor(values.map { Int64($0) }, shape)
    case .float16: makeTensor(values.map { Float16($0) }, shape)
    case .bfloat16: makeTensor(values.map { BFloat16(Float($0)) }, shape)
    case .float32: makeTensor(values.map { Float($0) }, shape)
    case .float64: makeTensor(values, shape)
    }
}

/// The same elements with two dimensions exchanged.
func swapped(_ tensor: Tensor, _ first: Int, _ second: Int) -> Tensor {
    var layout = tensor.layout
    layout.shape.swapAt(first, second)
    layout.strides.swapAt(first, second)
    return tensor.view(layout)
}

/// The same elements, last first along one dimension.
func reversed(_ tensor: Tensor, along axis: Int) -> Tensor {
    var layout = tensor.layout
    layout.offset += (layout.shape[axis] - 1) * layout.strides[axis]
    layout.strides[axis] = -layout.strides[axis]
    return tensor.view(layout)
}

/// A tensor with a dimension of size 1 repeated without a copy.
func broadcast(_ tensor: Tensor, to shape: Shape) -> Tensor { tensor.view(tensor.layout.expanded(to: shape)) }

/// Numbers that look random and are the same in every run.
func noise(_ count: Int, seed: UInt64 = 1) -> [Float] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(Int32(truncatingIfNeeded: state >> 33)) / Float(1 << 30) - 1
    }
}

extension CPU {
    /// Random numbers in a fresh tensor.
    func random(_ distribution: Distribution, _ spec: Spec, _ stream: RandomStream) -> Tensor {
        let tensor = Tensor.uninitialized(spec)
        random(distribution, into: tensor, stream)
        return tensor
    }

    /// A progression in a fresh vector.
    func range(start: Scalar, step: Scalar, count: Int, dtype: DType) -> Tensor {
        let tensor = Tensor.uninitialized(Spec([count], dtype))
        range(into: tensor, start: start, step: step)
        return tensor
    }
}
