import HearthTensor

/// An operation of a graph: the name of a `TensorOperation` and its attributes, with sizes that may differ from run to
/// run; or a choice or a loop (`ControlFlow`), with the programs that it runs.
public struct GraphOperation: Sendable {
    /// The operation's name: `softmax`.
    public let name: String
    /// Its attributes, in the operation's own order.
    public let attributes: [GraphAttribute.Field]
    /// The operation itself, where nothing in it differs from run to run.
    let made: (any TensorOperation)?
    /// True when it draws from the program's random numbers, and so differs from run to run.
    public let isRandom: Bool
    /// The programs that it runs: the branches of `cond`, condition and body of `loop`; none for all others.
    public let parts: [Part]

    /// A program that an operation runs.
    ///
    /// Its inputs are the operands of the operation, all but the predicate of `cond`. It has numbers of its own for its
    /// nodes, no constants and no updates; the named sizes are those of the program around it.
    public struct Part: Equatable, Sendable {
        /// What it is: `then` and `else`, or `while` and `do`.
        public let name: String
        /// The program.
        public let program: Graph

        init(_ name: String, _ program: Graph) { (self.name, self.program) = (name, program) }
    }

    /// An operation that is the same in every run.
    public init(_ operation: some TensorOperation) { self.init(any: operation) }

    init(any operation: any TensorOperation) {
        name = operation.name
        attributes = GraphAttribute.fields(operation.attributes)
        isRandom = attributes.contains(where: \.value.isRandom)
        made = isRandom ? nil : operation
        parts = []
    }

    /// The operation with this name and these attributes. Throws when it is not known, or when attributes are missing or
    /// out of range, as far as they do not wait for a run.
    public init(_ name: String, _ attributes: [GraphAttribute.Field]) throws(GraphError) {
        self.name = name
        self.attributes = attributes
        parts = []
        isRandom = attributes.contains(where: \.value.isRandom)
        made =
            !isRandom && attributes.allSatisfy(\.value.isFixed)
            ? try Self.make(name, try GraphAttribute.attributes(attributes, in: SizeTable())) : nil
    }

    /// An operation that no `TensorOperation` computes.
    init(flow name: String, _ attributes: [GraphAttribute.Field], parts: [Part]) {
        (self.name, self.attributes, self.parts) = (name, attributes, parts)
        isRandom = parts.contains { $0.program.drawnBlocks != 0 }
        made = nil
    }

    private static func make(_ name: String, _ attributes: Attributes) throws(GraphError) -> any TensorOperation {
        do { return try Operations.make(name, attributes) } catch {
            throw GraphError(error.description, operation: name)
        }
    }

    /// The operation of a run.
    func operation(in table: SizeTable) throws(GraphError) -> any TensorOperation {
        if let made { return made }
        return try Self.make(name, try GraphAttribute.attributes(attributes, in: table))
    }

    /// The value of an attribute; nil when there is none of this name.
    public subscript(name: String) -> GraphAttribute? { attributes.first { $0.name == name }?.value }
}

extension GraphOperation: Hashable {
    /// True when both have the same name and attributes.
    public static func == (a: GraphOperation, b: GraphOperation) -> Bool {
        a.name == b.name && a.attributes == b.attributes && a.parts == b.parts
    }

    /// Feeds name and attributes to a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(attributes)
    }
}

extension GraphOperation: CustomStringConvertible {
    /// The name with the attributes: `softmax(dim: 1)`.
    public var description: String { attributes.isEmpty ? name : "\(name)(\(GraphAttribute.text(attributes)))" }
}
