/// A graph that was looked through: its names are known where they are used, its operators exist, and each value is let
/// go of after its last use.
final class Graph: Sendable {
    /// One node, with what does not change from run to run.
    struct Step: Sendable {
        let proto: NodeProto
        let kind: Kind
        /// The version of the operator set that the node is written in.
        let version: Int
        /// The graphs among its attributes.
        let graphs: [String: Graph]
        /// Values that are not used any more after this step.
        let lastUses: [String]
    }

    /// What a node runs.
    enum Kind: Sendable {
        case operation(OperatorFunction)
        case function(Function)
    }

    let inputs: [ValueInfo]
    let outputs: [ValueInfo]
    let constants: [String: Value]
    let steps: [Step]
    /// Names that the graph takes from those around it.
    let captures: Set<String>
    /// How many nodes one run of it computes, those of functions and of graphs inside counted.
    let cost: Int

    init(
        inputs: [ValueInfo], outputs: [ValueInfo], constants: [String: Value], steps: [Step], captures: Set<String>,
        cost: Int
    ) {
        self.inputs = inputs
        self.outputs = outputs
        self.constants = constants
        self.steps = steps
        self.captures = captures
        self.cost = cost
    }
}

/// An operator that a model defines for itself.
final class Function: Sendable {
    let proto: FunctionProto
    let graph: Graph

    init(_ proto: FunctionProto, _ graph: Graph) { (self.proto, self.graph) = (proto, graph) }
}
