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

    package init(shape: Shape, strides: Strides, offset: Int) {
        self.shape = shape
        self.strides = strides
        self.offset = offset
    }

    /// The same elements with the last two dimensions, which there must be, exchanged.
    var transposed: Layout {
        var layout = self
        let last = shape.count - 1
        (layout.shape[last], layout.shape[last - 1]) = (shape[last - 1], shape[last])
        (layout.strides[last], layout.strides[last - 1]) = (strides[last - 1], strides[last])
        return layout
    }

    /// The positions in the storage from the first element that is read to the last: none for a shape with a 0. Nil when
    /// there are no numbers for them, which only sizes and strides from outside can bring about.
    package var span: Range<Int>? {
        if shape.contains(0) { return offset..<offset }
        var (lowest, end) = (offset, offset)
        for (size, stride) in zip(shape, strides) {
            let (reach, isTooFar) = (size - 1).multipliedReportingOverflow(by: stride)
            let (moved, isBeyond) = (reach < 0 ? lowest : end).addingReportingOverflow(reach)
            guard !isTooFar, !isBeyond else { return nil }
            if reach < 0 { lowest = moved } else { end = moved }
        }
        return end < .max ? lowest..<(end + 1) : nil
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
