/// The tensors that an operation is applied to; none for a source, which makes a tensor from its attributes alone.
public struct Operands: Sendable {
    /// Where the operation runs: where its operands are, on `meta` as soon as one is there; where a source is asked to be.
    /// `Device.several` when operands are apart, which the door refuses.
    public let device: Device
    private let first: Tensor?
    private let second: Tensor?
    private let third: Tensor?
    private let rest: [Tensor]?

    /// The operands of a source on `device`.
    @inline(__always)
    package init(on device: Device) {
        self.device = device
        first = nil
        second = nil
        third = nil
        rest = nil
    }

    @inline(__always)
    init(_ first: Tensor, _ second: Tensor? = nil, _ third: Tensor? = nil) {
        var device = first.device
        if let second, second.device != device { device = Self.meeting(device, second.device) }
        if let third, third.device != device { device = Self.meeting(device, third.device) }
        self.device = device
        self.first = first
        self.second = second
        self.third = third
        rest = nil
    }

    /// Any number of tensors, at least one.
    init(_ tensors: [Tensor]) {
        precondition(!tensors.isEmpty, "an operation without operands is applied on a device")
        device = tensors.dropFirst().reduce(tensors[0].device) {
            $0 == $1.device ? $0 : Self.meeting($0, $1.device)
        }
        first = tensors[0]
        second = tensors.count > 1 ? tensors[1] : nil
        third = tensors.count > 2 ? tensors[2] : nil
        rest = tensors.count > 3 ? Array(tensors[3...]) : nil
    }

    /// So many tensors, at least one.
    package init(count: Int, _ tensor: (Int) -> Tensor) {
        if count > 3 {
            self.init((0..<count).map(tensor))
        } else {
            self.init(tensor(0), count > 1 ? tensor(1) : nil, count > 2 ? tensor(2) : nil)
        }
    }

    /// Where operands on two devices are together. A tensor on `meta` goes with all, so that the shapes of a model can
    /// be followed whose weights are anywhere.
    @inline(never)
    private static func meeting(_ one: Device, _ other: Device) -> Device {
        one == .meta || other == .meta ? .meta : .several
    }

    /// True when `tensor` itself is among the operands.
    @inline(__always)
    func holds(_ tensor: Tensor) -> Bool {
        first?.body === tensor.body || second?.body === tensor.body || third?.body === tensor.body
            || rest?.contains { $0.body === tensor.body } ?? false
    }

    /// Where the tensors came from, nil for those without gradient, and a bit for each that has one.
    @inline(__always)
    func origins() -> (nodes: Slots<Node>, needed: UInt64) {
        var nodes = Slots<Node>(first?.body.node, second?.body.node, third?.body.node, count: count)
        if let rest { for tensor in rest { nodes.append(tensor.body.node) } }
        var needed: UInt64 = 0
        for i in 0..<Swift.min(nodes.count, 64) where nodes[i] != nil { needed |= 1 << UInt64(i) }
        return (nodes, needed)
    }

    @inline(__always)
    var needsGradient: Bool {
        if let first, first.body.node != nil { return true }
        if let second, second.body.node != nil { return true }
        if let third, third.body.node != nil { return true }
        return rest?.contains { $0.body.node != nil } ?? false
    }
}

extension Operands: RandomAccessCollection {
    /// The first position, 0.
    public var startIndex: Int { 0 }
    /// The number of tensors.
    public var endIndex: Int { first == nil ? 0 : second == nil ? 1 : third == nil ? 2 : 3 + (rest?.count ?? 0) }

    /// The tensor at a position.
    @inline(__always)
    public subscript(index: Int) -> Tensor {
        switch index {
        case 0: first!
        case 1: second!
        case 2: third!
        default: rest![index - 3]
        }
    }
}
