import HearthTensor

/// What computes an operator: its inputs in, its outputs out.
typealias OperatorFunction = @Sendable (NodeContext) throws -> [Value]

/// The operators of a family: names, and what computes them.
typealias OperatorRows = [String: OperatorFunction]

/// What an operator's function is given: inputs, attributes, the version of the operator set, and the graphs inside.
struct NodeContext {
    let step: Graph.Step
    let inputs: [Value?]
    let attributes: [String: AttributeProto]
    let frame: Frame
    let interpreter: Interpreter
    /// Where the node computes: where the first of its inputs is that is not in the processor's memory.
    private let device: Device?

    init(
        step: Graph.Step, inputs: [Value?], attributes: [String: AttributeProto], frame: Frame,
        interpreter: Interpreter
    ) {
        self.step = step
        self.inputs = inputs
        self.attributes = attributes
        self.frame = frame
        self.interpreter = interpreter
        device = inputs.lazy.compactMap { $0?.tensor?.device }.first { $0 != .cpu && $0 != .meta }
    }

    /// The version of the operator set that the node is written in.
    var version: Int { step.version }
    /// How many outputs the node names.
    var outputCount: Int { step.proto.outputs.count }
    /// True when the node names output `index`.
    func wants(_ index: Int) -> Bool { index < outputCount && !step.proto.outputs[index].isEmpty }

    /// An error about this node.
    func error(_ expected: String, _ found: String) -> ONNXError { ONNXError(expected: expected, found: found) }

    /// Throws an error about this node unless `condition` holds.
    func check(_ condition: Bool, _ expected: @autoclosure () -> String, _ found: @autoclosure () -> String) throws {
        if !condition { throw error(expected(), found()) }
    }
}

// Inputs.
extension NodeContext {
    /// Input `index` when it is there.
    func value(_ index: Int) -> Value? { index < inputs.count ? inputs[index] : nil }

    /// True when input `index` is there.
    func has(_ index: Int) -> Bool { value(index) != nil }

    /// The tensor of input `index`, which must be there.
    subscript(index: Int) -> Tensor {
        get throws {
            guard let tensor = try optional(index) else { throw error("input \(index + 1)", "none") }
            return tensor
        }
    }

    /// The tensor of input `index`, nil when it is left out. Constants come to where the other inputs are.
    func optional(_ index: Int) throws -> Tensor? {
        guard let tensor = try unmoved(index) else { return nil }
        guard let device, tensor.device == .cpu else { return tensor }
        return tensor.to(device)
    }

    /// The tensor of input `index` where it is.
    private func unmoved(_ index: Int) throws -> Tensor? {
        guard let value = value(index) else { return nil }
        guard case .tensor(let tensor, _) = value else {
            throw error("a tensor as input \(index + 1)", "a sequence or nothing")
        }
        return tensor
    }

    /// The type of the elements of input `index`; `undefined` when it is left out.
    func type(_ index: Int) -> ElementType { value(index)?.elementType ?? .undefined }

    /// All inputs, which must be tensors.
    func tensors() throws -> [Tensor] { try inputs.indices.map { try self[$0] } }

    /// The integers in input `index`, where an operator needs them as sizes, axes or counts; nil when it is left out.
    ///
    /// This and `number` are the only places where elements are read, so a program whose shapes depend on its data is
    /// found out here when there are none.
    func integersIfGiven(_ index: Int) throws -> [Int]? {
        guard let tensor = try unmoved(index) else { return nil }
        try check(tensor.dtype.isInteger, "integers as input \(index + 1)", "\(type(index))")
        return try readable(tensor, index).to(.int64).array(of: Int.self)
    }

    /// The integers in input `index`, which must be there.
    func ints(_ index: Int) throws -> [Int] {
        guard let values = try integersIfGiven(index) else { throw error("input \(index + 1)", "none") }
        return values
    }

    /// The floating-point numbers in input `index`; nil when it is left out or empty.
    func numbers(_ index: Int) throws -> [Double]? {
        guard let tensor = try unmoved(index), tensor.count > 0 else { return nil }
        return try readable(tensor, index).to(.float64).array(of: Double.self)
    }

    /// The one number in input `index`; nil when it is left out or empty.
    func number(_ index: Int) throws -> Double? {
        guard let values = try numbers(index) else { return nil }
        try check(values.count == 1, "one number as input \(index + 1)", "\(values.count)")
        return values[0]
    }

    /// The one integer in input `index`; nil when it is left out or empty.
    func integer(_ index: Int) throws -> Int? {
        guard let values = try integersIfGiven(index), !values.isEmpty else { return nil }
        try check(values.count == 1, "one integer as input \(index + 1)", "\(values.count)")
        return values[0]
    }

    /// The one truth value in input `index`; nil when it is left out.
    func flag(_ index: Int) throws -> Bool? { try number(index).map { $0 != 0 } }

    /// A tensor whose elements are there to be read.
    func readable(_ tensor: Tensor, _ index: Int) throws -> Tensor {
        guard tensor.hasElements else {
            throw error("input \(index + 1) to be known before the model runs", "a shape that depends on data")
        }
        return tensor
    }
}

// Outputs.
extension NodeContext {
    /// One output with the type of input `index`.
    func like(_ index: Int, _ tensor: Tensor) -> [Value] { [.tensor(tensor, type(index))] }

    /// One output of a type.
    func output(_ tensor: Tensor, _ type: ElementType) -> [Value] { [.tensor(tensor, type)] }

    /// Outputs whose types are their dtypes.
    func native(_ tensors: Tensor...) -> [Value] { tensors.map(Value.init) }

    /// A vector of integers that come from shapes: int64, on the processor.
    func integers(_ values: [Int]) -> Tensor { .integers(values, device: .cpu) }

    /// A number as an integer; what is none, or too large to be a size, is an error.
    func whole(_ x: Double) throws -> Int {
        try check(x.magnitude < 9e15, "a number of elements", "\(x)")
        return Int(x)
    }

    /// A shape, once it is known to fit into memory.
    func shape(_ sizes: [Int], _ dtype: DType) throws -> Shape {
        try check(sizes.count <= Shape.limit, "at most \(Shape.limit) dimensions", "\(sizes.count)")
        try check(SizeLimit.byteCount(sizes, dtype) != nil, "a shape that fits into memory", "\(sizes)")
        return Shape(sizes)
    }
}

extension Int {
    /// A number as a position: the nearest integer that a position can be where it is none.
    init(position x: Double) { self = x.isNaN ? 0 : Int(Swift.min(Swift.max(x, -1e15), 1e15)) }
}

// Attributes.
extension NodeContext {
    /// An integer attribute; nil when it is left out.
    func int(_ name: String) -> Int? { attributes[name]?.i }
    /// An integer attribute.
    func int(_ name: String, _ standard: Int) -> Int { int(name) ?? standard }
    /// A truth value, which is an integer in ONNX.
    func bool(_ name: String, _ standard: Bool = false) -> Bool { int(name).map { $0 != 0 } ?? standard }
    /// A floating-point attribute; nil when it is left out.
    func float(_ name: String) -> Double? { attributes[name]?.f.map(Double.init) }
    /// A floating-point attribute.
    func float(_ name: String, _ standard: Double) -> Double { float(name) ?? standard }
    /// A text; nil when it is left out.
    func text(_ name: String) -> String? { attributes[name]?.s?.text }
    /// A text.
    func text(_ name: String, _ standard: String) -> String { text(name) ?? standard }
    /// Integers; nil when they are left out.
    func intList(_ name: String) -> [Int]? { attributes[name]?.ints }
    /// Floating-point numbers; nil when they are left out.
    func floatList(_ name: String) -> [Double]? { attributes[name]?.floats.map(Double.init) }
    /// Texts; nil when they are left out.
    func textList(_ name: String) -> [String]? { attributes[name]?.strings.map(\.text) }

    /// A graph, which must be there.
    func graph(_ name: String) throws -> Graph {
        guard let graph = step.graphs[name] else { throw error("a graph as '\(name)'", "none") }
        return graph
    }

    /// The outputs of a graph inside this node.
    func run(_ graph: Graph, _ inputs: [Value?]) throws -> [Value] {
        try interpreter.run(graph, inputs, outer: frame)
    }

    /// A type that an attribute names by its number.
    func elementType(_ name: String) throws -> ElementType? {
        guard let number = int(name) else { return nil }
        return try elementType(number: number)
    }

    /// The type of a number, when it can be computed with.
    func elementType(number: Int) throws -> ElementType {
        let type = ElementType(rawValue: number) ?? .undefined
        try check(type.dtype != nil, "a type that Hearth computes with", "\(type)")
        return type
    }
}

// Axes.
extension NodeContext {
    /// An axis counted from the front.
    func axis(_ axis: Int, rank: Int) throws -> Int {
        try check(axis >= -rank && axis < max(rank, 1), "an axis of \(rank) dimensions", "\(axis)")
        return axis < 0 ? axis + rank : axis
    }

    /// Axes counted from the front, each once.
    func axes(_ axes: [Int], rank: Int) throws -> [Int] {
        let result = try axes.map { try axis($0, rank: rank) }
        try check(Set(result).count == result.count, "axes that differ", "\(axes)")
        return result
    }
}
