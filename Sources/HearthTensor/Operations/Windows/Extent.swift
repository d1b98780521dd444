/// A size, a stride, a padding: one number for every dimension that a kernel slides over, or a list with one for each.
///
///     x.maxPool2d(3, stride: 2)
///     x.maxPool2d([3, 1], stride: [2, 1])
public protocol Extent: Sendable {
    /// The numbers for `rank` dimensions; nil when there are another number of them.
    func sizes(_ rank: Int) -> Dimensions?
}

extension Int: Extent {
    /// `rank` times this number.
    public func sizes(_ rank: Int) -> Dimensions? { Dimensions(repeating: self, count: rank) }
}

extension Array: Extent where Element == Int {
    /// These numbers; a single one stands for all.
    public func sizes(_ rank: Int) -> Dimensions? {
        count == rank ? Dimensions(self) : count == 1 ? Dimensions(repeating: self[0], count: rank) : nil
    }
}

extension Dimensions: Extent {
    /// These numbers; a single one stands for all.
    public func sizes(_ rank: Int) -> Dimensions? { Array(self).sizes(rank) }
}

extension Extent {
    /// The numbers for `rank` dimensions. Stops the program when there are another number of them.
    func checked(_ rank: Int, _ name: String, _ operation: String) -> Dimensions {
        guard let sizes = sizes(rank) else {
            stop(operation, "\(name) has \(self); expected one number, or \(rank)")
            return Dimensions(repeating: 1, count: rank)
        }
        return sizes
    }
}
