/// A tensor as the sequence of its slices along the first dimension, which are views: `for row in tensor`.
extension Tensor: Sequence {
    /// Walks over the slices of the first dimension.
    public struct Rows: IteratorProtocol {
        private let tensor: Tensor
        private var position = 0

        fileprivate init(_ tensor: Tensor) { self.tensor = tensor }

        /// The next slice, without the first dimension; nil after the last.
        public mutating func next() -> Tensor? {
            guard tensor.rank > 0, position < tensor.shape[0] else { return nil }
            defer { position += 1 }
            return tensor.select(0, position)
        }
    }

    /// The slices of the first dimension. Stops the program for a tensor without dimensions.
    public func makeIterator() -> Rows {
        require(rank > 0, "for-in", "a tensor without dimensions has no rows")
        return Rows(self)
    }

    /// The number of slices.
    public var underestimatedCount: Int { rank == 0 ? 0 : shape[0] }
}
