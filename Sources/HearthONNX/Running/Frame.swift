/// The values of one run of a graph, with those of the graph around it.
final class Frame {
    private var values: [String: Value]
    private let outer: Frame?
    /// The attributes of the call, in a function.
    private let attributes: [String: AttributeProto]
    /// Inputs that the call of a function leaves out.
    private let leftOut: Set<String>

    init(
        _ values: [String: Value], outer: Frame?, attributes: [String: AttributeProto], leftOut: Set<String>
    ) {
        self.values = values
        self.outer = outer
        self.attributes = attributes
        self.leftOut = leftOut
    }

    subscript(name: String) -> Value? {
        get { values[name] ?? outer?[name] }
        set { values[name] = newValue }
    }

    /// Lets go of a value; one of the graph around stays there.
    func remove(_ name: String) { values[name] = nil }

    /// True for an input that the call of the function leaves out.
    func isLeftOut(_ name: String) -> Bool { leftOut.contains(name) || outer?.isLeftOut(name) ?? false }

    /// An attribute of the call of the function.
    func attribute(_ name: String) -> AttributeProto? { attributes[name] ?? outer?.attribute(name) }
}
