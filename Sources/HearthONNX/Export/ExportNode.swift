import HearthGraph
import HearthTensor

/// An operation of a graph while nodes of ONNX are made of it.
struct ExportNode {
    let exporter: GraphExporter
    let operation: GraphOperation
    /// The values of the operands.
    let values: [ExportValue]
    /// The nodes of the graph that give them; none for values that the export has made itself.
    let operands: [HearthGraph.Graph.Node]
    /// The node of the graph that is being exported.
    let result: HearthGraph.Graph.Node

    var draft: ModelDraft { exporter.draft }
    var sizes: ExportSizes { exporter.sizes }
    var arguments: ExportArguments { ExportArguments(operation.attributes) }

    /// The value of an operand.
    subscript(position: Int) -> ExportValue { values[position] }

    /// The shape of an operand.
    func shape(_ position: Int) -> [Size] { operands[position].shape }

    /// An error about this node.
    func error(_ expected: String, _ found: String) -> ONNXError { ONNXError(expected: expected, found: found) }

    /// The dimension that the attribute `dim` names.
    func axis() throws(ONNXError) -> Int { try arguments.int("dim") }

    /// A number that may follow from sizes, in a dtype.
    func number(_ argument: GraphAttribute, _ dtype: DType) throws(ONNXError) -> ExportValue {
        switch argument {
        case .bool(let value): return draft.number(value ? 1 : 0, dtype)
        case .number(let value): return draft.number(value, dtype)
        case .size(.fixed(let value)): return draft.number(value, dtype)
        case .size(let size): return try sizes.scalar(size).to(dtype)
        case .ratio(let ratio):
            // Divided in float64, as Hearth does.
            let quotient =
                try sizes.scalar(ratio.numerator).to(.float64) / sizes.scalar(ratio.denominator).to(.float64)
            return (ratio.isRoot ? quotient.then("Sqrt") : quotient).to(dtype)
        default: throw error("a number", "\(argument)")
        }
    }

    /// The operands with those that `expand` has repeated as they were before, where broadcasting repeats them anyway.
    /// - Parameter trailing: How many of the last dimensions are no part of broadcasting.
    func unexpanded(trailing: Int = 0) -> [ExportValue] {
        var (values, shapes) = (values, operands.map(\.shape))
        let target = result.shape
        for i in values.indices {
            guard let (value, shape) = exporter.expansions[operands[i].id], shape.count >= trailing,
                shape.suffix(trailing).elementsEqual(shapes[i].suffix(trailing))
            else { continue }
            var tried = shapes
            tried[i] = shape
            if Self.broadcasts(tried, to: target, trailing) { (values[i], shapes) = (value, tried) }
        }
        return values
    }

    /// True when every size of the target is that of one of the operands.
    private static func broadcasts(_ shapes: [[Size]], to target: [Size], _ trailing: Int) -> Bool {
        (trailing..<max(target.count, trailing)).allSatisfy { fromEnd in
            let wanted = target[target.count - 1 - fromEnd]
            return wanted == 1
                || shapes.contains { $0.count > fromEnd && $0[$0.count - 1 - fromEnd] == wanted }
        }
    }

    /// What another operation makes of a value: for operations that are written with others.
    func exported(
        _ name: String, _ fields: [GraphAttribute.Field], _ values: [ExportValue], _ operands: [HearthGraph.Graph.Node]
    ) throws -> ExportValue {
        let operation: GraphOperation
        do { operation = try GraphOperation(name, fields) } catch {
            throw ONNXError(expected: "an operation", found: "\(error)")
        }
        return try exporter.export(
            ExportNode(
                exporter: exporter, operation: operation, values: values, operands: operands, result: result))
    }

    /// What the operation itself, computed now, makes of a tensor: constants that are tables of its rule. Nil when its
    /// attributes differ from run to run.
    func computed(_ fields: [GraphAttribute.Field]? = nil, _ x: Tensor) throws -> Tensor? {
        guard let attributes = GraphAttribute.fixedAttributes(fields ?? operation.attributes) else { return nil }
        do {
            let made = try Operations.make(operation.name, attributes)
            return try checkShapes { apply(made, to: x) }
        } catch let error as AttributeError {
            throw ONNXError(expected: "attributes of \(operation.name)", found: error.description)
        } catch let error as ShapeError {
            throw ONNXError(error)
        }
    }
}
