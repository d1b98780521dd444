extension Tensor {
    /// Tensors of these shapes that an operation with several results has put one after another into this vector. Views.
    func unpacked(_ shapes: [Shape]) -> [Tensor] {
        var start = 0
        return shapes.map { shape in
            let count = shape.elementCount
            defer { start += count }
            return narrow(0, start: start, length: count).reshape(shape)
        }
    }
}
