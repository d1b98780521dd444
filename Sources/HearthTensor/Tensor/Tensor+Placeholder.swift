extension Tensor {
    /// A tensor without elements that is told apart from all others: what a traced program is given.
    package static func placeholder(_ spec: Spec) -> Tensor { placeholder(Layout(spec.shape), spec.dtype) }

    static func placeholder(_ layout: Layout, _ dtype: DType) -> Tensor {
        let storage = Storage(
            borrowing: NoMemory.shared.allocate(0), byteCount: 0, in: NoMemory.shared, release: {})
        return Tensor(Body(layout: layout, dtype: dtype, storage: storage, node: nil))
    }
}
