import HearthTensor

/// A program as a value: operations on tensors, in order, with the weights that they use.
///
///     let graph = try Graph(of: model, inputs: .float32("batch", 3, 224, 224))
///     print(graph)                                     // one line a node, sizes in names
///     let y = try graph(x)                             // node by node, as the model would
///     let fast = try graph.optimized().compiled()      // ready to run often
///     try graph.save(to: "resnet18.hearth")
///
/// It is data: it can be checked, changed, saved and run without the code that it was traced from. A graph is a list of
/// nodes, each of which gives one value: an input, a constant, or the result of an operation on earlier values. TorchScript
/// and `torch.export`'s `ExportedProgram`, TensorFlow's `GraphDef` and Caffe's model files are the same idea.
public struct Graph: Sendable {
    /// What gives a value: an input, a constant or an operation.
    public struct Node: Identifiable, Sendable {
        /// The number of the node and of its value, `%3` in listings; the same as long as the node stands in the graph.
        public let id: Int
        /// What an input or constant is called; empty for an operation unless it was named.
        public var name: String
        /// Where the value comes from.
        public var source: Source
        /// The type of the value's elements.
        public var dtype: DType
        /// The value's shape.
        public var shape: [Size]
        /// The path of the module that computed it when it was traced: `layer1.0.conv1`.
        public var path: String
    }

    /// Where a value comes from.
    public enum Source: Sendable {
        /// It is given to each run.
        case input
        /// It is part of the program.
        case constant(Constant)
        /// It is computed from the values of earlier nodes. A choice or a loop gives its first result here; the operation
        /// `result` gives a further one.
        case operation(GraphOperation, operands: [Int])
    }

    /// A tensor that is part of a program.
    public struct Constant: Sendable {
        /// What a constant was in the model.
        public enum Role: String, Sendable, CaseIterable {
            /// A parameter: trained, under its name in the state dict.
            case parameter
            /// A buffer: saved but not trained, under its name in the state dict.
            case buffer
            /// A number or table that the program itself made.
            case literal
        }

        /// The elements.
        public var tensor: Tensor
        /// What it was in the model.
        public var role: Role

        /// A tensor in a program.
        public init(_ tensor: Tensor, role: Role = .literal) { (self.tensor, self.role) = (tensor, role) }
    }

    /// A result of the program.
    public struct Output: Hashable, Sendable {
        /// What it is called.
        public var name: String
        /// The number of the node that gives it.
        public var node: Int

        /// The value of a node under a name.
        public init(_ name: String, node: Int) { (self.name, self.node) = (name, node) }
    }

    /// A constant that a run changes: running averages of a batch normalisation that is training.
    public struct Update: Hashable, Sendable {
        /// The number of the constant's node.
        public var constant: Int
        /// The number of the node that gives the new value.
        public var node: Int

        /// The value of a node that takes the place of a constant after a run.
        public init(constant: Int, node: Int) { (self.constant, self.node) = (constant, node) }
    }

    /// The nodes, every one after those whose values it uses.
    public internal(set) var nodes: [Node] = []
    /// The results, in order.
    public var outputs: [Output] = []
    /// The constants that a run changes.
    public var updates: [Update] = []
    /// What else is to be known of the program, by name: the classes of a classifier, how its pictures are normalised.
    public var metadata: [String: String] = [:]
    /// How many blocks of random numbers a run draws.
    public internal(set) var drawnBlocks: Size = 0

    /// A graph without nodes.
    public init() {}

    /// The nodes of inputs, in order.
    public var inputs: [Node] { nodes.filter { if case .input = $0.source { true } else { false } } }

    /// The node with this number; nil when there is none.
    public func node(_ id: Int) -> Node? { position(of: id).map { nodes[$0] } }

    /// The first node of this name or path; nil when there is none.
    public func node(named name: String) -> Node? {
        nodes.first { $0.name == name } ?? nodes.last { $0.path == name }
    }

    func position(of id: Int) -> Int? {
        // Numbers mostly grow with the position.
        var (low, high) = (0, nodes.count)
        while low < high {
            let middle = (low + high) / 2
            if nodes[middle].id < id { low = middle + 1 } else { high = middle }
        }
        if low < nodes.count, nodes[low].id == id { return low }
        return nodes.firstIndex { $0.id == id }
    }

    /// The names of sizes that differ from run to run, in the order of the inputs.
    public var sizeNames: [String] {
        var seen: Set<String> = []
        return inputs.flatMap { $0.shape.flatMap(\.names) }.filter { seen.insert($0).inserted }
    }
}

extension Graph.Node {
    /// The operation and the numbers of its operands; nil for inputs and constants.
    public var operation: (operation: GraphOperation, operands: [Int])? {
        if case .operation(let operation, let operands) = source { (operation, operands) } else { nil }
    }

    /// The constant; nil for inputs and operations.
    public var constant: Graph.Constant? { if case .constant(let constant) = source { constant } else { nil } }

    /// True for an input.
    public var isInput: Bool { if case .input = source { true } else { false } }

    /// The numbers of the nodes whose values this one uses.
    public var operands: [Int] { operation?.operands ?? [] }

    /// The value's type: `float32[batch, 10]`.
    public var type: String { "\(dtype)[\(shape.map(\.description).joined(separator: ", "))]" }
}

extension Graph: Equatable {
    /// True when both compute the same in the same way: equal nodes, constants with equal elements, equal results.
    public static func == (a: Graph, b: Graph) -> Bool {
        a.outputs == b.outputs && a.updates == b.updates && a.drawnBlocks == b.drawnBlocks
            && a.metadata == b.metadata && a.nodes == b.nodes
    }
}

extension Graph.Node: Equatable {
    /// True when both have the same number, name, type and source.
    public static func == (a: Graph.Node, b: Graph.Node) -> Bool {
        guard a.id == b.id, a.name == b.name, a.dtype == b.dtype, a.shape == b.shape, a.path == b.path else {
            return false
        }
        switch (a.source, b.source) {
        case (.input, .input): return true
        case (.constant(let x), .constant(let y)): return x == y
        case (.operation(let x, let xs), .operation(let y, let ys)): return x == y && xs == ys
        default: return false
        }
    }
}

extension Graph.Constant: Equatable {
    /// True when both have the same role, type and elements, bit for bit.
    public static func == (a: Graph.Constant, b: Graph.Constant) -> Bool {
        a.role == b.role && a.tensor.hasSameBits(as: b.tensor)
    }
}

extension Tensor {
    /// True when both have the same spec and the same elements, bit for bit.
    func hasSameBits(as other: Tensor) -> Bool {
        guard spec == other.spec else { return false }
        if storageIdentity == other.storageIdentity && layout == other.layout { return true }
        guard hasElements, other.hasElements else { return false }
        return withUnsafeBytes { a in other.withUnsafeBytes { b in a.elementsEqual(b) } }
    }
}
