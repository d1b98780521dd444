/// What may stand in a tensor's subscript: `x[0, 1..<3, .newAxis, mask]`.
public protocol TensorIndex {
    /// The index in its general form.
    var indexItem: IndexItem { get }
}

/// One entry of a tensor's subscript.
public enum IndexItem: Sendable {
    /// One position; the dimension is left out of the result.
    case position(Int)
    /// Positions from `start` up to but without `end`, `step` apart; nil means from the beginning, to the end.
    case range(start: Int?, end: Int?, step: Int)
    /// As many whole dimensions as are left.
    case rest
    /// A new dimension of size 1.
    case insertion
    /// Positions given by integers, or by a mask.
    case tensor(Tensor)
}

extension IndexItem: TensorIndex {
    /// The entry in its general form.
    public var indexItem: IndexItem { self }
}

extension Int: TensorIndex {
    /// The entry in its general form.
    public var indexItem: IndexItem { .position(self) }
}

extension Tensor: TensorIndex {
    /// The entry in its general form.
    public var indexItem: IndexItem { .tensor(self) }
}
extension Range<Int>: TensorIndex {
    /// The entry in its general form.
    public var indexItem: IndexItem { .range(start: lowerBound, end: upperBound, step: 1) }
}
extension ClosedRange<Int>: TensorIndex {
    /// The entry in its general form.
    public var indexItem: IndexItem { .range(start: lowerBound, end: upperBound + 1, step: 1) }
}
extension PartialRangeFrom<Int>: TensorIndex {
    /// The entry in its general form.
    public var indexItem: IndexItem { .range(start: lowerBound, end: nil, step: 1) }
}
extension PartialRangeUpTo<Int>: TensorIndex {
    /// The entry in its general form.
    public var indexItem: IndexItem { .range(start: nil, end: upperBound, step: 1) }
}
extension PartialRangeThrough<Int>: TensorIndex {
    /// The entry in its general form.
    public var indexItem: IndexItem { .range(start: nil, end: upperBound + 1, step: 1) }
}
extension StrideTo<Int>: TensorIndex {
    /// The entry in its general form.
    public var indexItem: IndexItem { .steps(Array(self)) }
}
extension StrideThrough<Int>: TensorIndex {
    /// The entry in its general form.
    public var indexItem: IndexItem { .steps(Array(self)) }
}

extension IndexItem {
    /// The positions of a stride as a range.
    static func steps(_ positions: [Int]) -> IndexItem {
        guard let first = positions.first else { return .range(start: 0, end: 0, step: 1) }
        let step = positions.count > 1 ? positions[1] - first : 1
        guard step > 0 else { return .tensor(Tensor(positions)) }
        return .range(start: first, end: positions[positions.count - 1] + 1, step: step)
    }
}

extension TensorIndex where Self == IndexItem {
    /// As many whole dimensions as are left; `x[.ellipsis, 0]` is also written `x[..., 0]`.
    public static var ellipsis: IndexItem { .rest }
    /// A new dimension of size 1; PyTorch's `None`.
    public static var newAxis: IndexItem { .insertion }
    /// A whole dimension; PyTorch's `:`.
    public static var all: IndexItem { .range(start: nil, end: nil, step: 1) }
    /// Positions from `start` up to but without `end`, `step` apart; PyTorch's `start:end:step`.
    public static func range(_ start: Int? = nil, _ end: Int? = nil, step: Int = 1) -> IndexItem {
        .range(start: start, end: end, step: step)
    }
}
