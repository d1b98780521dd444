/// What an operation keeps on the tape for its derivative.
public struct Kept: Sendable {
    private var slots = Slots<Tensor>()
    private var needed: UInt64 = .max
    /// The places that hold the operation's own result, one bit each.
    private var results: UInt64 = 0

    /// False when no derivative will be asked for: what only the derivative needs is then not worth computing.
    public let isWanted: Bool

    init(isWanted: Bool = true) { self.isWanted = isWanted }

    /// Keeps a tensor: an operand, the result, or anything computed on the way. The first one is `kept[0]`.
    public mutating func append(_ tensor: Tensor) { slots.append(tensor) }

    /// The number of tensors kept.
    public var count: Int { slots.count }

    /// A tensor that was kept.
    public subscript(index: Int) -> Tensor { slots[index]! }

    /// True when the gradient of operand `index` is wanted; others may be left nil.
    public func needs(_ index: Int) -> Bool { index > 62 || needed & (1 << UInt64(index)) != 0 }

    /// Makes it ready for the tape. The result is kept without its node, which would be a circle.
    mutating func seal(result: Tensor, needed: UInt64) {
        self.needed = needed
        for i in 0..<slots.count where slots[i]!.body === result.body {
            slots[i] = result.view(result.layout)
            results |= 1 << UInt64(i)
        }
    }

    /// What the derivative sees: the result tied to the tape again.
    func restored(node: Node) -> Kept {
        guard results != 0 else { return self }
        var kept = self
        for i in 0..<slots.count where results & (1 << UInt64(i)) != 0 { kept.slots[i] = self[i].attached(to: node) }
        return kept
    }
}

/// The gradient of each operand, nil where there is none.
public struct Gradients: Sendable {
    private var slots = Slots<Tensor>()

    /// Of an operation with one operand, or up to three.
    public init(_ first: Tensor?) { slots.append(first) }

    /// Of an operation with two operands.
    public init(_ first: Tensor?, _ second: Tensor?) {
        slots.append(first)
        slots.append(second)
    }

    /// Of an operation with three operands.
    public init(_ first: Tensor?, _ second: Tensor?, _ third: Tensor?) {
        self.init(first, second)
        slots.append(third)
    }

    /// Of an operation with any number of operands.
    public init(_ gradients: [Tensor?]) { for gradient in gradients { slots.append(gradient) } }

    subscript(index: Int) -> Tensor? { index < slots.count ? slots[index] : nil }
}
