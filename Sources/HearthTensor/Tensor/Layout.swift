/// How elements are found in a storage: element `[i, j, …]` lies at `offset + i * strides[0] + j * strides[1] + …`.
package struct Layout: Sendable, Hashable {
    package var shape: Shape
    package var strides: Strides
    package var offset = 0

    /// Elements one after another from the start of the storage.
    init(_ shape: Shape) {
        self.shape = shape
        strides = shape.contiguousStrides
    }

    init(shape: Shape, strides: Strides, offset: Int) {
        self.shape = shape
        self.strides = strides
        self.offset = offset
    }

    /// True when the elements lie one after another, the last dimension fastest.
    var isContiguous: Bool {
        var step = 1
        var isInOrder = true
        var i = shape.count - 1
        while i >= 0 {
            let size = shape.values[i]
            if size == 0 { return true }
            if size != 1 {
                isInOrder = isInOrder && strides.values[i] == step
                step *= size
            }
            i -= 1
        }
        return isInOrder
    }
}
