import HearthTensor

/// A choice or a loop of a program: what `Tensor.cond` and `Tensor.loop` become when they are traced, and the way to their
/// results.
///
/// The node of a choice or a loop gives its first result. A further one is a node of the operation `result`, whose operand
/// is that node, and which has the attribute `index`.
enum ControlFlow {
    /// One of two parts, `then` and `else`, runs on the operands after the first, which says which: one element of bool.
    case cond(then: Graph, else: Graph)
    /// The part `do` runs on the state, the first operands, as long as `while` gives true for it, and at most `limit` times.
    /// Operands after the state are the same in every turn.
    case loop(while: Graph, do: Graph, limit: Size?)
    /// A further result of a choice or a loop.
    case result(index: Int)

    /// The names of the operations.
    static let names: Set<String> = ["cond", "loop", "result"]

    /// Parts can lie inside each other so deep.
    static let depthLimit = 12

    /// What an operation is; nil for one that a `TensorOperation` computes.
    init?(_ operation: GraphOperation) {
        let programs = operation.parts.map(\.program)
        switch operation.name {
        case "cond" where programs.count == 2: self = .cond(then: programs[0], else: programs[1])
        case "loop" where programs.count == 2:
            guard let limit = operation["limit"] else {
                self = .loop(while: programs[0], do: programs[1], limit: nil)
                return
            }
            guard case .size(let size) = limit else { return nil }
            self = .loop(while: programs[0], do: programs[1], limit: size)
        case "result":
            guard let index = operation["index"]?.integers?.first else { return nil }
            self = .result(index: index)
        default: return nil
        }
    }
}

extension GraphOperation {
    /// A choice or a loop, or the way to its results. Throws when attributes or parts are missing, unknown or wrong; whether
    /// the parts fit the operands is found when types are worked out.
    init(flow name: String, _ attributes: [GraphAttribute.Field], checking parts: [Part]) throws(GraphError) {
        let (wantedParts, wantedAttributes): ([String], [String])
        switch name {
        case "cond": (wantedParts, wantedAttributes) = (["then", "else"], [])
        case "loop": (wantedParts, wantedAttributes) = (["while", "do"], attributes.isEmpty ? [] : ["limit"])
        case "result": (wantedParts, wantedAttributes) = ([], ["index"])
        default: throw GraphError("'\(name)' has no parts", operation: name)
        }
        guard parts.map(\.name) == wantedParts, attributes.map(\.name) == wantedAttributes else {
            throw GraphError(
                "the parts [\(wantedParts.joined(separator: ", "))] and the attributes "
                    + "[\(wantedAttributes.joined(separator: ", "))] are expected; found "
                    + "[\(parts.map(\.name).joined(separator: ", "))] and "
                    + "[\(attributes.map(\.name).joined(separator: ", "))]", operation: name)
        }
        self.init(flow: name, attributes, parts: parts)
        guard ControlFlow(self) != nil else {
            throw GraphError("an attribute of (\(GraphAttribute.text(attributes))) is no size", operation: name)
        }
    }

    /// The same with other parts.
    func with(_ programs: [Graph]) -> GraphOperation {
        GraphOperation(flow: name, attributes, parts: zip(parts, programs).map { Part($0.name, $1) })
    }

    /// How many operands are no inputs of the parts: the predicate of a choice.
    var leadingOperands: Int { name == "cond" ? 1 : 0 }

    /// How many operands stay in their places whatever the parts use: the predicate of a choice, the state of a loop.
    var fixedOperands: Int { name == "loop" ? parts.last?.program.outputs.count ?? 0 : leadingOperands }

    /// A further result of a choice or a loop.
    static func result(_ index: Int) -> GraphOperation {
        GraphOperation(flow: "result", [.init("index", .size(.fixed(index)))], parts: [])
    }
}
