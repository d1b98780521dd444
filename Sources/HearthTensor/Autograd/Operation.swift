/// A differentiable step from tensors to one tensor: what it accepts, what it computes and its derivative.
///
/// Everything that a network computes is made of these, and a program can add its own:
///
///     struct Cube: Operation {
///         static let name = "cube"
///         func result(of x: Operands) -> Spec { x[0].spec }
///         func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
///             kept.append(x[0])
///             return x[0] * x[0] * x[0]
///         }
///         func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(g * 3 * kept[0] * kept[0]) }
///     }
///     let y = apply(Cube(), to: x)
///
/// The derivative is written with operations, so that it has derivatives itself. PyTorch's `torch.autograd.Function`.
public protocol Operation: Sendable {
    /// The name that messages, profiles and anomaly reports use.
    static var name: String { get }

    /// The shape and dtype of the result. Throws when the operands do not fit; reads no elements.
    func result(of x: Operands) throws(ShapeError) -> Spec

    /// Computes the result, of the shape and dtype that `result(of:)` told. Nothing done in here is recorded. What the
    /// derivative will need goes into `kept`.
    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor

    /// The gradient of each operand for the gradient `g` of the result; nil where there is none.
    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients
}

extension Operation {
    /// The operation's name, with attributes where a type wants to show them.
    var label: String { (self as? any NamedOperation)?.rowName ?? Self.name }
}

/// An operation that stands for a whole table of functions and is named after its row.
protocol NamedOperation {
    var rowName: String { get }
}

/// Up to three elements without an allocation, and any number with one.
struct Slots<Element> {
    private(set) var count = 0
    private var first: Element?
    private var second: Element?
    private var third: Element?
    // Absent rather than empty, since an empty array is retained and released like any other.
    private var rest: [Element?]?

    init() {}

    /// The first three of `count` elements; more are to be appended.
    @inline(__always)
    init(_ first: Element?, _ second: Element?, _ third: Element?, count: Int) {
        self.first = first
        self.second = second
        self.third = third
        self.count = Swift.min(count, 3)
    }

    @inline(__always)
    mutating func append(_ element: Element?) {
        switch count {
        case 0: first = element
        case 1: second = element
        case 2: third = element
        default: rest = (rest ?? []) + [element]
        }
        count += 1
    }

    @inline(__always)
    subscript(index: Int) -> Element? {
        get {
            switch index {
            case 0: first
            case 1: second
            case 2: third
            default: rest![index - 3]
            }
        }
        set {
            switch index {
            case 0: first = newValue
            case 1: second = newValue
            case 2: third = newValue
            default: rest![index - 3] = newValue
            }
        }
    }
}

extension Slots: Sendable where Element: Sendable {}

/// The tensors that an operation is applied to.
public struct Operands: Sendable {
    private let first: Tensor
    private let second: Tensor?
    private let third: Tensor?
    private let rest: [Tensor]?

    @inline(__always)
    init(_ first: Tensor, _ second: Tensor? = nil, _ third: Tensor? = nil) {
        self.first = first
        self.second = second
        self.third = third
        rest = nil
    }

    /// Any number of tensors, at least one.
    init(_ tensors: [Tensor]) {
        guard let head = tensors.first else { fatalError("an operation needs at least one tensor") }
        first = head
        second = tensors.count > 1 ? tensors[1] : nil
        third = tensors.count > 2 ? tensors[2] : nil
        rest = tensors.count > 3 ? Array(tensors[3...]) : nil
    }

    /// Where the operation runs: on `meta` as soon as one operand is there.
    @inline(__always)
    var device: Device {
        if first.device == .meta || second?.device == .meta || third?.device == .meta { return .meta }
        return rest?.contains { $0.device == .meta } ?? false ? .meta : first.device
    }

    /// What computes it.
    var backend: any Backend { first.device.backend }

    /// True when `tensor` itself is among the operands.
    @inline(__always)
    func holds(_ tensor: Tensor) -> Bool {
        first.body === tensor.body || second?.body === tensor.body || third?.body === tensor.body
            || rest?.contains { $0.body === tensor.body } ?? false
    }

    /// Where the tensors came from, nil for those without gradient, and a bit for each that has one.
    @inline(__always)
    func origins() -> (nodes: Slots<Node>, needed: UInt64) {
        var nodes = Slots<Node>(first.body.node, second?.body.node, third?.body.node, count: count)
        if let rest { for tensor in rest { nodes.append(tensor.body.node) } }
        var needed: UInt64 = 0
        for i in 0..<Swift.min(nodes.count, 64) where nodes[i] != nil { needed |= 1 << UInt64(i) }
        return (nodes, needed)
    }

    @inline(__always)
    var needsGradient: Bool {
        if first.body.node != nil { return true }
        if let second, second.body.node != nil { return true }
        if let third, third.body.node != nil { return true }
        return rest?.contains { $0.body.node != nil } ?? false
    }
}

extension Operands: RandomAccessCollection {
    /// The first position, 0.
    public var startIndex: Int { 0 }
    /// The number of tensors.
    public var endIndex: Int { second == nil ? 1 : third == nil ? 2 : 3 + (rest?.count ?? 0) }

    /// The tensor at a position.
    @inline(__always)
    public subscript(index: Int) -> Tensor {
        switch index {
        case 0: first
        case 1: second!
        case 2: third!
        default: rest![index - 3]
        }
    }
}

/// What an operation keeps on the tape for its derivative.
public struct Kept: Sendable {
    private var slots = Slots<Tensor>()
    private var needed: UInt64 = .max
    /// The places that hold the operation's own result, one bit each.
    private var results: UInt64 = 0

    init() {}

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
